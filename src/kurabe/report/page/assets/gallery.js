// @ts-check
// The gallery: every trial under the filters as a card, or those that a number counts. Cards come as one scrolls.
import { card, caseCard, useThumbnails } from "./cards.js";
import { isCounted, readOnly } from "./counted.js";
import { everything, thumbnails, trials } from "./data.js";
import { at, fill, h, nothing } from "./dom.js";
import { byCase, sorted, SORTS } from "./order.js";
import { isPicked } from "./picked.js";
import { SIGNS } from "./siblings.js";
import { endStep, passes, set, state } from "./state.js";
import { say, sayWord, whole } from "./words.js";

const OUTCOMES = ["correct", "wrong", "unparsed", "error"];
const CHUNK = 60;
/** Cards of cases are larger. */
const CASES = 20;

/** The trials that are shown, in order, and what there is a card of. @type {number[]} */
let shown = [];
/** @type {number[][]} */
let groups = [];
let drawn = 0;

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
  const picks = state.models !== "";
  return everything.filter(
    // Identical pairs are counted whatever the filters say.
    (i) => (only?.of !== undefined || passes(i)) && (!only || isCounted(trials, i, only)) && (!state.model || trials.model[i] === state.model) &&
      (!picks || isPicked(trials.model[i])) && words.every((word) => haystack(i).includes(word)),
  );
}

/** The trials that the gallery shows, in its order: those under all filters. */
export const inGallery = () => shown;

/** Show the gallery. @param {boolean} [again] the same cards, as many as there are */
export async function showGallery(again = false) {
  useThumbnails(await thumbnails);
  const found = matching();
  shown = sorted(state.outcome ? found.filter((i) => trials.outcome[i] === state.outcome) : found, state.sort);
  groups = state.group ? byCase(shown) : [];
  if (state.group) shown = groups.flat();
  const least = again ? drawn : 0;
  drawn = 0;
  outcomeTabs(found);
  onlyNote();
  choice("gallery-csv").disabled = !shown.length;
  if (!again) fill(at("gallery-csv-told"));
  fill(at("cards"));
  at("cards").classList.toggle("grouped", state.group !== "");
  fill(at("gallery-none"), shown.length ? null : nothing(say("gallery.none")));
  do more();
  while (drawn < least && left() > 0);
}

const left = () => (state.group ? groups.length : shown.length) - drawn;

/** Draw the next cards. */
function more() {
  const next = state.group ? groups.slice(drawn, drawn + CASES).map(caseCard) : shown.slice(drawn, drawn + CHUNK).map(card);
  drawn += next.length;
  at("cards").append(...next);
  at("cards-more").hidden = left() <= 0;
  fill(at("cards-left"), left() > 0 ? say("out.cards_left", { n: whole(at("cards").children.length), all: whole(state.group ? groups.length : shown.length) }) : null);
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

/** An end of a range of P, as short as it is read. @param {string | undefined} end */
const shortP = (end) => Number(Math.min(1, Number(end)).toPrecision(4));

/** Say which number's trials these are, and offer all the others. */
function onlyNote() {
  at("gallery-only").hidden = !state.only;
  if (!state.only) return fill(at("gallery-only"));
  const { what, of, model, variant, layout, question, suite, kind, grade, from, to } = readOnly(state.only);
  const parts = [
    sayWord("counted", what), of && say(`counted.of_${of}`), from !== undefined && say("gallery.between", { from: shortP(from), to: shortP(to) }), kind === "" ? say("kinds.no_kind") : kind, grade && sayWord("grade", grade), model, variant,
    layout && sayWord("layout", layout), question && sayWord("question", question), suite,
  ];
  fill(at("gallery-only"), h("span", null, say("gallery.only", { what: parts.filter(Boolean).join(" · ") })),
    h("button", { class: "small", onclick: () => set({ only: "" }) }, say("gallery.not_only")));
}

/** A letter that the address does not hold yet. */
let typing = 0;

const choice = (/** @type {string} */ id) => /** @type {HTMLSelectElement} */ (at(id));

/** Wire the gallery's own controls. */
export function makeGallery() {
  const option = (/** @type {string} */ value, /** @type {string} */ name) => h("option", { value }, name);
  choice("gallery-model").append(...[...new Set(trials.model)].map((model) => option(model, model)));
  choice("gallery-sort").append(...SORTS.map((name) => h("option", { value: name, "data-say": `gallery.sort_${name || "run"}` }, say(`gallery.sort_${name || "run"}`))));
  choice("gallery-model").addEventListener("change", () => set({ model: choice("gallery-model").value }));
  choice("gallery-sort").addEventListener("change", () => set({ sort: choice("gallery-sort").value }));
  at("gallery-group").addEventListener("click", () => set({ group: state.group ? "" : "case" }));
  const search = /** @type {HTMLInputElement} */ (at("gallery-search"));
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(() => {
      typing = 0;
      set({ q: search.value });
    }, 120);
  });
  search.addEventListener("blur", endStep);
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
  choice("gallery-model").value = state.model;
  choice("gallery-sort").value = state.sort;
  at("gallery-group").setAttribute("aria-pressed", String(state.group !== ""));
  if (!typing) /** @type {HTMLInputElement} */ (at("gallery-search")).value = state.q;
}

/** Move the focus from card to card. @param {1 | -1} by */
export function stepCards(by) {
  const links = [...at("cards").querySelectorAll("a")];
  const now = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  const next = links[now < 0 ? 0 : Math.min(links.length - 1, Math.max(0, now + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  if (links.length - links.indexOf(next) < 12 && left() > 0) more();
}
