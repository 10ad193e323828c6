// @ts-check
// One trial, large: its pictures beside each other or flipped in place, boxes, prompt, answer, outcome.
import { picture, placeOf, trials } from "./data.js";
import { at, fill, h, svg, variantChip } from "./dom.js";
import { badges, inGallery, SIGNS } from "./gallery.js";
import { set, state } from "./state.js";
import { amount, NONE, rate, say, sayWord, seconds, whole } from "./words.js";

const LONG = 700;
/** What a set of good parts is called by its content; before format 3 it had a name. */
const CONTENT_ID = /^[0-9a-f]{32}$/;

/** How the pictures are looked at; it stays from trial to trial. */
const look = { mode: /** @type {"pair" | "flip" | "shown"} */ ("pair"), processed: true, boxes: true, face: 1 };

const dialog = /** @type {HTMLDialogElement} */ (at("viewer"));
let place = -1;
/** @type {Element | null} */
let opener = null;
/** What one steps through: the list that a trial was opened from, else the gallery. @type {number[]} */
let listed = [];

const around = () => (listed.includes(place) ? listed : inGallery());

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
  place = found;
  draw();
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
}

function draw() {
  const list = around();
  const rank = list.indexOf(place);
  fill(at("viewer-title"), trials.case[place], " ", h("span", { class: "quiet" }, trials.model[place]), " ", variantChip(trials.variant[place]));
  fill(at("viewer-place"), rank < 0 ? "" : say("viewer.place", { n: whole(rank + 1), all: whole(list.length) }));
  fill(at("viewer-facts"), facts(place));
  drawStage();
}

/** Whether the pictures were processed at all. */
const isProcessed = () => trials.pair[place].join() !== trials.raw[place].join();

function drawStage() {
  const processed = look.processed && isProcessed();
  const ids = processed ? trials.pair[place] : trials.raw[place];
  const names = ids.length > 1 ? ["reference", "test"] : ["test"];
  const frames = look.mode === "shown"
    ? trials.shown[place].map((id, n, all) => frame(id, all.length > 1 ? say("viewer.shown_nth", { n: n + 1 }) : say("viewer.shown_one"), false))
    : ids.map((id, n) => frame(id, sayWord("viewer", names[n]) + (processed ? ` · ${trials.variant[place]}` : ""), look.boxes));
  const stage = at("viewer-stage");
  stage.dataset.mode = look.mode;
  if (!frames.length) frames.push(h("figure", { class: "frame" }, lost("")));
  fill(stage, look.mode === "flip" ? frames[Math.min(look.face, frames.length - 1)] : frames);
  press("viewer-pair", look.mode === "pair");
  press("viewer-flip", look.mode === "flip");
  press("viewer-shown", look.mode === "shown");
  press("viewer-processed", processed);
  press("viewer-boxes", look.boxes);
  const button = /** @type {HTMLButtonElement} */ (at("viewer-processed"));
  button.disabled = !isProcessed() || look.mode === "shown";
  /** @type {HTMLButtonElement} */ (at("viewer-boxes")).disabled = look.mode === "shown" || !hasBoxes();
  at("viewer-key").hidden = !look.boxes || look.mode === "shown" || !hasBoxes();
}

const hasBoxes = () => trials.boxes[place].length > 0 || (trials.predicted[place]?.length ?? 0) > 0;

/** @param {string} id @param {boolean} on */
const press = (id, on) => at(id).setAttribute("aria-pressed", String(on));

/**
 * @param {string} id
 * @param {string} name
 * @param {boolean} boxes
 */
function frame(id, name, boxes) {
  const found = picture(id);
  const caption = h("figcaption", null, name);
  if (!found) return h("figure", { class: "frame" }, lost(id), caption);
  const image = h("img", { src: found.url, alt: `${name}: ${trials.case[place]}`, width: found.w, height: found.h, decoding: "async" });
  const holder = h("div", { class: "picture", style: { "--ratio": (found.w / found.h).toFixed(4) } }, image, boxes && overlay(found));
  image.addEventListener("error", () => holder.replaceWith(lost(id)), { once: true });
  return h("figure", { class: "frame" }, holder, caption);
}

/** @param {string} id */
const lost = (id) => h("div", { class: "lost picture" }, h("span", null, say("viewer.missing")), id && h("code", null, id));

/** Boxes over a picture; they are in pixels of the raw test picture. @param {{w: number, h: number}} on */
function overlay(on) {
  const raw = picture(trials.raw[place][trials.raw[place].length - 1]) ?? on;
  const [across, down] = [on.w / raw.w, on.h / raw.h];
  const draw = (/** @type {string} */ look) => (/** @type {number[]} */ [x1, y1, x2, y2]) => {
    const size = { x: x1 * across, y: y1 * down, width: (x2 - x1) * across, height: (y2 - y1) * down };
    return svg("g", { class: look }, svg("rect", { class: "under", ...size }), svg("rect", { class: "over", ...size }));
  };
  return svg("svg", { viewBox: `0 0 ${on.w} ${on.h}`, class: "boxes", "aria-hidden": "true" },
    ...trials.boxes[place].map(draw("expected")), ...(trials.predicted[place] ?? []).map(draw("predicted")));
}

/** Everything that is known of a trial, as text. @param {number} i */
function facts(i) {
  const outcome = trials.outcome[i];
  const score = Object.entries(trials.score[i]).filter(([name, value]) => name !== "boxes" && value !== null && !(Array.isArray(value) && !value.length));
  return [
    h("p", { class: `verdict ${outcome}` }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[outcome]), h("b", null, sayWord("outcome", outcome)), badges(i),
      trials.cached[i] && h("span", { class: "chip" }, say("viewer.cached"))),
    h("dl", { class: "facts" },
      pair("viewer.expected", trials.expected[i] === null ? NONE : sayWord("verdict", trials.expected[i] ?? "")),
      pair("viewer.said", trials.verdict[i] ? sayWord("verdict", trials.verdict[i] ?? "") : say("gallery.unread")),
      trials.p[i] !== null && pair("viewer.p", probability(trials.p[i] ?? 0)),
      pair("filter.question", sayWord("question", trials.question[i])),
      pair("viewer.reference", CONTENT_ID.test(trials.reference[i]) ? trials.reference[i].slice(0, 12) : trials.reference[i]),
      pair("filter.layout", sayWord("layout", trials.layout[i])),
      trials.tags[i].length > 0 && pair("viewer.tags", h("span", { class: "tags" }, trials.tags[i].map((tag) => h("span", { class: "chip" }, tag)))),
      pair("viewer.cost", (trials.seconds[i] === null ? NONE : `${seconds(trials.seconds[i])} s`) + (trials.tokens_in[i] === null ? "" : ` · ${say("viewer.tokens", { in: trials.tokens_in[i], out: trials.tokens_out[i] ?? NONE })}`) + (trials.cost[i] === null ? "" : ` · ${say("viewer.price", { cost: amount(trials.cost[i]) })}`))),
    trials.error[i] && h("div", null, h("h3", null, sayWord("outcome", "error")), h("pre", { class: "answer" }, trials.error[i])),
    h("h3", null, say("viewer.answer")), long(trials.text[i], "answer"),
    trials.rule[i] && h("p", { class: "note rule" }, say("viewer.rule"), " ", h("code", null, trials.rule[i])),
    trials.prompt[i] !== null && h("details", { class: "prompt" }, h("summary", null, say("viewer.prompt")), h("pre", null, trials.prompt[i])),
    score.length > 0 && h("details", { class: "score", open: true }, h("summary", null, say("viewer.score")),
      h("dl", { class: "facts" }, score.map(([name, value]) => [h("dt", null, name), h("dd", null, Array.isArray(value) ? value.map((each) => (typeof each === "object" ? JSON.stringify(each) : each)).join("; ") : typeof value === "object" ? JSON.stringify(value) : String(value))]).flat())),
    h("p", { class: "quiet id" }, trials.trial[i]),
  ];
}

/** @param {string} key @param {import("./dom.js").Child} value */
const pair = (key, value) => [h("dt", null, say(key)), h("dd", null, value)];

/** @param {number} p */
const probability = (p) =>
  h("span", { class: "p" }, h("span", { class: "track", "aria-hidden": "true" }, h("span", { class: "value", style: { width: `${100 * p}%` } })), rate(p));

/** A text; what is very long is folded. @param {string} text @param {string} look */
function long(text, look) {
  if (!text) return h("p", { class: "nothing" }, say("viewer.no_answer"));
  if (text.length <= LONG) return h("pre", { class: look }, text);
  const body = h("pre", { class: look }, `${text.slice(0, LONG)} …`);
  const unfold = () => {
    body.textContent = text;
    more.remove();
  };
  const more = h("button", { class: "small", onclick: unfold }, say("viewer.unfold", { n: whole(text.length) }));
  return h("div", null, body, more);
}

/** Go to another trial of the gallery. @param {1 | -1} by */
export function step(by) {
  const list = around();
  const now = list.indexOf(place);
  const next = list[now < 0 ? 0 : (now + by + list.length) % list.length];
  if (next !== undefined) set({ trial: trials.trial[next] });
}

/** Flip reference and test in place. */
export function flip() {
  if (look.mode === "flip") look.face = 1 - look.face;
  look.mode = "flip";
  drawStage();
}

/** @param {"pair" | "shown"} mode */
function turnTo(mode) {
  look.mode = look.mode === mode ? "pair" : mode;
  drawStage();
}

/** @param {"processed" | "boxes"} what */
function toggle(what) {
  look[what] = !look[what];
  drawStage();
}

/** What the keys do while a trial is open. @type {Record<string, () => void>} */
export const KEYS = {
  j: () => step(1), ArrowRight: () => step(1), k: () => step(-1), ArrowLeft: () => step(-1), f: flip,
  p: () => isProcessed() && toggle("processed"), b: () => toggle("boxes"), s: () => turnTo("shown"),
};

/** Wire the buttons. */
export function makeViewer() {
  const click = (/** @type {string} */ id, /** @type {() => void} */ act) => at(id).addEventListener("click", act);
  click("viewer-next", () => step(1));
  click("viewer-previous", () => step(-1));
  click("viewer-pair", () => turnTo("pair"));
  click("viewer-flip", flip);
  click("viewer-shown", () => turnTo("shown"));
  click("viewer-processed", () => toggle("processed"));
  click("viewer-boxes", () => toggle("boxes"));
  click("viewer-close", () => dialog.close());
  click("viewer-stage", () => look.mode === "flip" && flip());
  dialog.addEventListener("close", () => {
    listed = [];
    set({ trial: "" });
    if (opener instanceof HTMLElement) opener.focus();
  });
}
