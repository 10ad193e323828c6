// @ts-check
// The gallery: every trial under the filters as a card, or those that a number counts. Cards come as one scrolls.
import { isCounted, readOnly } from "./counted.js";
import { everything, picture, thumbnails, trials } from "./data.js";
import { at, fill, h, nothing, variantChip } from "./dom.js";
import { address, passes, set, state } from "./state.js";
import { rate, say, sayWord, whole } from "./words.js";

export const OUTCOMES = ["correct", "wrong", "unparsed", "error"];
/** Each outcome has a sign, so that it is not told by colour alone. @type {Record<string, string>} */
export const SIGNS = { correct: "✓", wrong: "✗", unparsed: "?", error: "!" };

const CHUNK = 60;

/** The trials that are shown, in order. @type {number[]} */
let shown = [];
let drawn = 0;
/** @type {Record<string, string>} */
let thumbs = {};

/** @type {string[]} */
const haystacks = [];

/** What free text is looked for in. @param {number} i */
function haystack(i) {
  haystacks[i] ??= [
    trials.trial[i], trials.text[i], trials.expected[i], trials.error[i], trials.tags[i].join(" "), trials.kinds[i].join(" "),
  ].join("\n").toLowerCase();
  return haystacks[i];
}

/** The trials under all filters but that of the outcome. */
function matching() {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const only = state.only ? readOnly(state.only) : null;
  return everything.filter(
    (i) => passes(i) && (!only || isCounted(trials, i, only)) && (!state.model || trials.model[i] === state.model) && words.every((word) => haystack(i).includes(word)),
  );
}

/** The trials that the gallery shows, in its order. */
export const inGallery = () => shown;

/** Show the gallery. */
export async function showGallery() {
  thumbs = await thumbnails;
  const found = matching();
  shown = state.outcome ? found.filter((i) => trials.outcome[i] === state.outcome) : found;
  drawn = 0;
  outcomeTabs(found);
  onlyNote();
  fill(at("cards"));
  fill(at("gallery-none"), shown.length ? null : nothing(say("gallery.none")));
  more();
}

/** Draw the next cards. */
function more() {
  const next = shown.slice(drawn, drawn + CHUNK);
  drawn += next.length;
  at("cards").append(...next.map(card));
  at("cards-more").hidden = drawn >= shown.length;
}

/** @param {number[]} found */
function outcomeTabs(found) {
  const count = (/** @type {string} */ outcome) => found.filter((i) => trials.outcome[i] === outcome).length;
  const tab = (/** @type {string} */ outcome, /** @type {number} */ n) =>
    h("button", { class: `tab ${outcome}`, "aria-pressed": String(state.outcome === outcome), onclick: () => set({ outcome }) },
      outcome && h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[outcome]), outcome ? sayWord("outcome", outcome) : say("gallery.all"),
      h("span", { class: "count" }, whole(n)));
  fill(at("outcomes"), tab("", found.length), OUTCOMES.map((outcome) => [outcome, count(outcome)]).filter(([, n]) => n).map(([outcome, n]) => tab(String(outcome), Number(n))));
}

/** Say which number's trials these are, and offer all the others. */
function onlyNote() {
  at("gallery-only").hidden = !state.only;
  if (!state.only) return fill(at("gallery-only"));
  const { what, model, variant, layout, question, kind, grade, from, to } = readOnly(state.only);
  const parts = [
    sayWord("counted", what), from && say("gallery.between", { from, to }), kind === "" ? say("kinds.no_kind") : kind, grade && sayWord("grade", grade), model, variant,
    layout && sayWord("layout", layout), question && sayWord("question", question),
  ];
  fill(at("gallery-only"), h("span", null, say("gallery.only", { what: parts.filter(Boolean).join(" · ") })),
    h("button", { class: "small", onclick: () => set({ only: "" }) }, say("gallery.not_only")));
}

/** @param {number} i */
function card(i) {
  const outcome = trials.outcome[i];
  const name = trials.case[i].startsWith(`${trials.suite[i]}/`) ? trials.case[i].slice(trials.suite[i].length + 1) : trials.case[i];
  return h(
    "li", { class: `card ${outcome}` },
    h(
      "a", { href: address(trials.trial[i]), "data-trial": i },
      h("span", { class: "thumbs", "aria-hidden": "true" }, trials.pair[i].length ? trials.pair[i].map(thumb) : lostThumb()),
      h("span", { class: "line" }, h("b", null, name), h("span", { class: `outcome ${outcome}` }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[outcome]), sayWord("outcome", outcome))),
      h("span", { class: "line quiet" }, h("span", { class: "name" }, trials.model[i]), variantChip(trials.variant[i])),
      h("span", { class: "line quiet" }, said(i), badges(i)),
    ),
  );
}

/** A thumbnail, or the picture itself where the page has no room for more of them. @param {string} id */
export function thumb(id) {
  const src = thumbs[id] ?? picture(id)?.url;
  if (!src) return lostThumb();
  const image = h("img", { src, alt: "", loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(lostThumb()), { once: true });
  return image;
}

const lostThumb = () => h("span", { class: "lost" }, say("viewer.missing"));

/** What was said against what holds. @param {number} i */
export function said(i) {
  const read = trials.verdict[i] ? sayWord("verdict", trials.verdict[i] ?? "") : say("gallery.unread");
  const p = trials.p[i] === null ? "" : ` · P ${rate(trials.p[i])}`;
  return h("span", { class: "said" }, trials.question[i] === "verdict" ? read + p : `${sayWord("question", trials.question[i])}${p}`);
}

/** @param {number} i */
export const badges = (i) => [
  trials.control[i] && h("span", { class: "chip" }, say("gallery.control")),
  trials.swapped[i] && h("span", { class: "chip" }, say("gallery.swapped")),
  trials.repeat[i] > 0 && h("span", { class: "chip" }, say("gallery.repeat", { n: trials.repeat[i] + 1 })),
];

/** Wire the gallery's own controls. */
export function makeGallery() {
  const models = [...new Set(trials.model)];
  const choice = /** @type {HTMLSelectElement} */ (at("gallery-model"));
  choice.append(...models.map((model) => h("option", { value: model }, model)));
  choice.addEventListener("change", () => set({ model: choice.value }));
  const search = /** @type {HTMLInputElement} */ (at("gallery-search"));
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => set({ q: search.value }), 120);
  });
  at("cards").addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[data-trial]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    set({ trial: trials.trial[Number(link.getAttribute("data-trial"))] });
  });
  at("cards-more").addEventListener("click", more);
  const end = at("cards-more");
  const near = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    more();
    // Told anew where the end is now, because an end that stays near tells nothing by itself.
    near.unobserve(end);
    near.observe(end);
  }, { rootMargin: "1200px" });
  near.observe(end);
}

/** Show in the controls what is chosen. */
export function followGallery() {
  /** @type {HTMLSelectElement} */ (at("gallery-model")).value = state.model;
  const search = /** @type {HTMLInputElement} */ (at("gallery-search"));
  if (document.activeElement !== search) search.value = state.q;
}

/** Move the focus from card to card. @param {1 | -1} by */
export function stepCards(by) {
  const links = [...at("cards").querySelectorAll("a")];
  const now = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  const next = links[now < 0 ? 0 : Math.min(links.length - 1, Math.max(0, now + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  if (links.length - links.indexOf(next) < 12 && drawn < shown.length) more();
}
