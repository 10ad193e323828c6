// @ts-check
// The pictures of a trial, as large as the stage: side by side, flipped or blinking in place, under a line that one
// moves, with what differs laid over, or exactly what the model was shown.
import { hasBoxes, overlay } from "./boxes.js";
import { heatOf, picture, trials } from "./data.js";
import { at, fill, h, svg } from "./dom.js";
import { say, sayWord } from "./words.js";

/** Milliseconds that each picture is seen while they blink: slow enough to be no flashing. */
const BLINK = 600;
const DIFFERENCE = "difference-of-pictures";
/** Below this share of full scale a difference is taken for noise. */
const NOISE = 0.04;

export const MODES = /** @type {const} */ (["pair", "flip", "blink", "swipe", "difference", "shown"]);
/** @typedef {typeof MODES[number]} Mode */

/** How the pictures are looked at; it stays from trial to trial. */
export const look = { mode: /** @type {Mode} */ ("pair"), processed: true, boxes: true, heat: false, face: 1, wipe: 50, gain: 4 };

let place = -1;
let blinking = 0;

/** Whether the pictures were processed at all. */
export const isProcessed = () => trials.pair[place].join() !== trials.raw[place].join();

/** The pictures that are looked at, with their names. */
function pictures() {
  if (look.mode === "shown")
    return trials.shown[place].map((id, n, all) => ({ id, name: all.length > 1 ? say("viewer.shown_nth", { n: n + 1 }) : say("viewer.shown_one") }));
  const processed = look.processed && isProcessed();
  const ids = processed ? trials.pair[place] : trials.raw[place];
  const names = ids.length > 1 ? ["reference", "test"] : ["test"];
  return ids.map((id, n) => ({ id, name: sayWord("viewer", names[n]) + (processed ? ` · ${trials.variant[place]}` : "") }));
}

/** Draw the pictures of a trial, or draw them anew. @param {number} [i] */
export function drawStage(i = place) {
  place = i;
  const stage = at("viewer-stage");
  const shown = pictures();
  // One picture alone has nothing to be held against.
  const layered = shown.length > 1 && look.mode !== "pair" && look.mode !== "shown";
  stage.dataset.mode = look.mode;
  fill(stage, layered ? layers(shown) : shown.length ? shown.map(({ id, name }, n) => frame(name, layer(id, name, undefined, n === shown.length - 1))) : frame("", h("div", { class: "layer" }, lost(""))));
  arrange();
  turn(look.face);
  clearInterval(blinking);
  if (layered && look.mode === "blink") blinking = window.setInterval(() => turn(1 - look.face), BLINK);
  tell();
}

/** Let nothing blink while nobody looks. */
export const restStage = () => clearInterval(blinking);

/** Bring one of two pictures that lie on each other to the front. @param {number} face */
export function turn(face) {
  look.face = face;
  at("viewer-stage").dataset.face = String(face);
}

/** @param {string} name @param {...import("./dom.js").Child} inside */
const frame = (name, ...inside) => h("figure", { class: "frame" }, h("div", { class: "lens" }, inside), h("figcaption", null, name));

/** @param {string} id */
const lost = (id) => h("div", { class: "lost picture" }, h("span", null, say("viewer.missing")), id && h("code", null, id));

/**
 * A picture with its boxes; the layer is as large as what one looks through.
 * @param {string} id
 * @param {string} name
 * @param {string} [face]
 * @param {boolean} [test] whether it is the test picture, which a heat map lies over
 */
function layer(id, name, face, test) {
  const found = picture(id);
  if (!found) return h("div", { class: "layer", "data-face": face }, lost(id));
  const sheet = h("div", { class: "picture", style: { "--ratio": (found.w / found.h).toFixed(4) } }, image(found, id, name), test && heat(),
    look.boxes && look.mode !== "shown" && hasBoxes(place) && overlay(place, found));
  return h("div", { class: "layer", "data-face": face }, sheet);
}

/** Whether a heat map can be laid over what is looked at. */
export const isLayable = () => heatOf(place) !== null && look.mode !== "shown" && look.mode !== "difference";

/** Where the engine saw a difference, in colour: the stronger it was, the more of the picture is covered. */
function heat() {
  const url = look.heat && isLayable() ? heatOf(place) : null;
  return url && h("div", { class: "heat-map", "aria-hidden": "true", style: { "--map": `url(${url})` } });
}

/** @param {{url: string, w: number, h: number}} found @param {string} id @param {string} name */
function image(found, id, name) {
  const made = h("img", { src: found.url, alt: name && `${name}: ${trials.case[place]}`, width: found.w, height: found.h, decoding: "async", draggable: "false" });
  made.addEventListener("error", () => made.closest(".picture")?.replaceWith(lost(id)), { once: true });
  return made;
}

/** Two pictures on each other. @param {{id: string, name: string}[]} shown */
function layers(shown) {
  const [reference, test] = [shown[0], shown[shown.length - 1]];
  const both = [layer(reference.id, reference.name, "0"), layer(test.id, test.name, "1", true)];
  const names = h("span", null, h("span", { "data-face": "0" }, reference.name), h("span", { class: "between-names" }, " | "), h("span", { "data-face": "1" }, test.name));
  if (look.mode === "difference") return h("figure", { class: "frame" }, h("div", { class: "lens" }, difference(reference.id, test)), h("figcaption", null, say("viewer.difference_of")));
  const line = look.mode === "swipe" && h("input", {
    type: "range", class: "wipe", min: 0, max: 100, step: 0.5, value: look.wipe, "aria-label": say("viewer.wipe"),
    oninput: (/** @type {any} */ event) => wipe(Number(event.target.value)),
  });
  wipe(look.wipe);
  return h("figure", { class: "frame" }, h("div", { class: "lens" }, both, line), h("figcaption", null, names));
}

/** @param {number} share per cent of the way */
function wipe(share) {
  look.wipe = share;
  at("viewer-stage").style.setProperty("--wipe", String(share / 100));
}

/**
 * The test picture in grey, with what differs from the reference in colour. It is blended by the browser: a page
 * that is opened from a folder may not read the pixels of its pictures.
 * @param {string} id of the reference
 * @param {{id: string, name: string}} test
 */
function difference(id, test) {
  const [before, after] = [picture(id), picture(test.id)];
  if (!before || !after) return h("div", { class: "layer" }, lost(before ? test.id : id));
  const matrix = svg("feColorMatrix", { id: "difference-gain", type: "matrix", values: gains() });
  return h("div", { class: "layer" },
    svg("svg", { class: "unseen", "aria-hidden": "true" }, svg("filter", { id: DIFFERENCE, "color-interpolation-filters": "sRGB", x: "0", y: "0", width: "1", height: "1" }, matrix)),
    h("div", { class: "picture", style: { "--ratio": (after.w / after.h).toFixed(4) } }, image(after, test.id, test.name),
      h("div", { class: "differing", style: { filter: `url(#${DIFFERENCE})` } }, image(before, id, ""), image(after, test.id, "")),
      look.boxes && hasBoxes(place) && overlay(place, after)));
}

/** One colour, which covers the more the more differs. */
function gains() {
  const gain = look.gain / 3;
  return `0 0 0 0 1  0 0 0 0 0.05  0 0 0 0 0.45  ${gain} ${gain} ${gain} 0 ${-NOISE * look.gain}`;
}

/** @param {number} gain how many times a difference is amplified */
export function amplify(gain) {
  look.gain = gain;
  document.getElementById("difference-gain")?.setAttribute("values", gains());
  at("viewer-gain-of").textContent = `× ${gain}`;
}

/** Put pictures beside or below each other, whichever makes them larger. */
export function arrange() {
  const stage = at("viewer-stage");
  const frames = stage.querySelectorAll(".frame");
  const found = stage.querySelector(".picture");
  if (frames.length < 2 || !found) return delete stage.dataset.rows;
  const ratio = Number(/** @type {HTMLElement} */ (found).style.getPropertyValue("--ratio")) || 1.5;
  const [width, height, caption] = [stage.clientWidth, stage.clientHeight, 32];
  const beside = Math.min(width / frames.length / ratio, height - caption);
  const below = Math.min(width / ratio, height / frames.length - caption);
  stage.toggleAttribute("data-rows", below > beside);
}

/** Tell by the buttons how the pictures are looked at. */
function tell() {
  const press = (/** @type {string} */ id, /** @type {boolean} */ on) => at(id).setAttribute("aria-pressed", String(on));
  const disable = (/** @type {string} */ id, /** @type {boolean} */ off) => {
    /** @type {HTMLButtonElement} */ (at(id)).disabled = off;
  };
  for (const mode of MODES) press(`viewer-${mode}`, look.mode === mode);
  press("viewer-processed", look.processed && isProcessed());
  press("viewer-boxes", look.boxes);
  const layable = isLayable();
  press("viewer-heat", look.heat && layable);
  disable("viewer-heat", !layable);
  at("viewer-heat-key").hidden = !look.heat || !layable;
  disable("viewer-processed", !isProcessed() || look.mode === "shown");
  disable("viewer-boxes", look.mode === "shown" || !hasBoxes(place));
  at("viewer-key").hidden = !look.boxes || look.mode === "shown" || !hasBoxes(place);
  at("viewer-gain-box").hidden = look.mode !== "difference";
}
