// @ts-check
// One trial, large: its pictures, what is known of it, and the way to the trials beside it.
import { placeOf, trials } from "./data.js";
import { at, fill, h, variantChip } from "./dom.js";
import { factsOf } from "./facts.js";
import { inGallery } from "./gallery.js";
import { elsewhere } from "./siblings.js";
import { amplify, arrange, drawStage, isLayable, isProcessed, look, MODES, restStage, turn } from "./stage.js";
import { closeTrial, set, state } from "./state.js";
import { say, whole } from "./words.js";
import { fit, makeZoom, ZOOM_KEYS } from "./zoom.js";

/** @typedef {import("./stage.js").Mode} Mode */

const dialog = /** @type {HTMLDialogElement} */ (at("viewer"));
let place = -1;
/** @type {Element | null} */
let opener = null;
/** What one steps through: the list that a trial was opened from, else the gallery. @type {number[]} */
let listed = [];
/** Where one was in that list, also while one looks at a trial beside it. */
let rank = -1;

const around = () => (listed.length ? listed : inGallery());

/** Open a trial out of a list, which one then steps through. @param {number} i @param {number[]} list */
export function openFrom(i, list) {
  listed = list;
  set({ trial: trials.trial[i] });
}

/** Open, change or close the viewer, as the state says. */
export function showTrial() {
  const found = state.trial ? placeOf.get(state.trial) : undefined;
  at("no-trial").hidden = !state.trial || found !== undefined;
  if (found === undefined) {
    if (dialog.open) dialog.close();
    return;
  }
  // Other models and variants of a case are looked at in the same spot.
  if (place < 0 || trials.case[found] !== trials.case[place]) fit();
  place = found;
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  draw();
}

function draw() {
  const list = around();
  const now = list.indexOf(place);
  if (now >= 0) rank = now;
  fill(at("viewer-title"), trials.case[place], " ", h("span", { class: "quiet" }, trials.model[place]), " ", variantChip(trials.variant[place]));
  fill(at("viewer-place"), now < 0 ? say("viewer.beside") : say("viewer.place", { n: whole(now + 1), all: whole(list.length) }));
  fill(at("viewer-facts"), factsOf(place, goTo));
  at("viewer-facts").scrollTop = 0;
  drawStage(place);
}

/** Say what is known of the open trial in another language; what is unfolded stays so. */
export function rewordTrial() {
  if (!dialog.open || place < 0) return;
  const facts = at("viewer-facts");
  const scrolled = facts.scrollTop;
  const folds = () => [...facts.querySelectorAll("details")];
  const unfolded = folds().map((each) => each.open);
  draw();
  folds().forEach((each, k) => { each.open = unfolded[k]; });
  facts.scrollTop = scrolled;
}

/** @param {number} i */
function goTo(i) {
  const from = document.activeElement?.getAttribute("aria-label");
  set({ trial: trials.trial[i] });
  // The buttons are new; the focus stays on the one that was pressed.
  if (from) /** @type {HTMLElement | undefined} */ ([...at("viewer-facts").querySelectorAll(".sibling")].find((each) => each.getAttribute("aria-label") === from))?.focus();
}

/** Go to another trial of the list. @param {1 | -1} by */
export function step(by) {
  const list = around();
  const now = Math.min(rank, list.length - 1);
  const next = list[now < 0 ? 0 : (now + by + list.length) % list.length];
  if (next !== undefined) set({ trial: trials.trial[next] });
}

/** Go to the same case in another model, or shown otherwise. @param {"model" | "variant"} along @param {1 | -1} by */
function beside(along, by) {
  const next = elsewhere(place, along, by);
  if (next !== undefined) set({ trial: trials.trial[next] });
}

/** Look at the pictures in one way, or side by side again. @param {Mode} mode */
const turnTo = (mode) => set({ view: look.mode === mode || mode === "pair" ? "" : mode });

/** Flip reference and test in place. */
export function flip() {
  if (look.mode !== "flip") return set({ view: "flip" });
  turn(1 - look.face);
}

/** Follow how the address says that pictures are looked at. */
export function followView() {
  const wanted = /** @type {Mode} */ (state.view);
  const mode = MODES.includes(wanted) ? wanted : "pair";
  // What blinked stays at the picture that is seen.
  if (mode === "flip" && look.mode !== "flip" && look.mode !== "blink") look.face = 1;
  look.mode = mode;
  if (dialog.open) drawStage();
}

/** @param {"processed" | "boxes" | "heat"} what */
function toggle(what) {
  look[what] = !look[what];
  drawStage();
}

/** Give the pictures the room of the facts, or give it back. */
function widen() {
  const wide = dialog.classList.toggle("wide");
  at("viewer-wide").setAttribute("aria-pressed", String(wide));
}

/** What the keys do while a trial is open. @type {Record<string, () => void>} */
export const KEYS = {
  ...ZOOM_KEYS,
  j: () => step(1), ArrowRight: () => step(1), k: () => step(-1), ArrowLeft: () => step(-1),
  m: () => beside("model", 1), M: () => beside("model", -1), v: () => beside("variant", 1), V: () => beside("variant", -1),
  f: flip, x: () => turnTo("blink"), w: () => turnTo("swipe"), d: () => turnTo("difference"), s: () => turnTo("shown"),
  p: () => isProcessed() && toggle("processed"), b: () => toggle("boxes"), h: () => isLayable() && toggle("heat"), i: widen,
};

/** Wire the buttons. */
export function makeViewer() {
  const click = (/** @type {string} */ id, /** @type {() => void} */ act) => at(id).addEventListener("click", act);
  click("viewer-next", () => step(1));
  click("viewer-previous", () => step(-1));
  click("viewer-model", () => beside("model", 1));
  click("viewer-variant", () => beside("variant", 1));
  for (const mode of MODES) click(`viewer-${mode}`, mode === "flip" ? flip : () => turnTo(mode));
  click("viewer-processed", () => toggle("processed"));
  click("viewer-boxes", () => toggle("boxes"));
  click("viewer-heat", () => toggle("heat"));
  click("viewer-wide", widen);
  click("viewer-close", () => dialog.close());
  const gain = /** @type {HTMLInputElement} */ (at("viewer-gain"));
  gain.addEventListener("input", () => amplify(Number(gain.value)));
  makeZoom(() => {
    // A click stops what blinks, at the picture that is seen.
    if (look.mode === "blink") set({ view: "flip" });
    else if (look.mode === "flip") flip();
  });
  new ResizeObserver(() => arrange()).observe(at("viewer-stage"));
  dialog.addEventListener("close", () => {
    listed = [];
    rank = -1;
    restStage();
    closeTrial();
    if (opener instanceof HTMLElement) opener.focus();
  });
}
