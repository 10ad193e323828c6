// @ts-check
// The same case elsewhere: asked of other models, and shown in other variants and layouts.
import { everything, trials } from "./data.js";
import { h } from "./dom.js";
import { groupBy } from "./figures.js";
import { rate, say, sayWord, whole } from "./words.js";

/** Each outcome has a sign, so that it is not told by colour alone. @type {Record<string, string>} */
export const SIGNS = { correct: "✓", wrong: "✗", unparsed: "?", error: "!" };

/** Lines of the table; a run may have a thousand models. */
const MOST = 40;

/** @type {Map<string, number[]> | null} */
let byCase = null;

const cases = () => (byCase ??= groupBy(everything, (i) => trials.case[i]));

const SAME = /** @type {const} */ (["question", "control", "swapped", "repeat"]);

/** The trials of the same case and question, this one among them. @param {number} i */
export const siblingsOf = (i) =>
  (cases().get(trials.case[i]) ?? []).filter((other) => SAME.every((key) => trials[key][other] === trials[key][i]));

/** The models and variants that siblings have, raw first. @param {number[]} all */
function axes(all) {
  const models = [...new Set(all.map((i) => trials.model[i]))].sort((a, b) => a.localeCompare(b));
  const rank = (/** @type {string} */ variant) => (variant === "raw" ? "0" : "1") + variant;
  const variants = [...new Set(all.map((i) => trials.variant[i]))].sort((a, b) => rank(a).localeCompare(rank(b)));
  return { models, variants };
}

/** Trials of one model and variant, one for each layout. @param {number[]} all @param {string} model @param {string} variant */
const layoutsOf = (all, model, variant) => all
  .filter((i) => trials.model[i] === model && trials.variant[i] === variant)
  .sort((a, b) => trials.layout[a].localeCompare(trials.layout[b]));

/**
 * The next sibling in another model, or shown in another way. Models that were shown the pair in another layout
 * are not passed over: most have a layout of their own.
 * @param {number} i
 * @param {"model" | "variant"} along
 * @param {1 | -1} by
 * @returns {number | undefined} undefined where there is none
 */
export function elsewhere(i, along, by) {
  const all = siblingsOf(i);
  const { models, variants } = axes(all);
  const [model, variant, layout] = [trials.model[i], trials.variant[i], trials.layout[i]];
  const nearest = (/** @type {number[]} */ found) => (found.includes(i) ? [i] : [found.find((other) => trials.layout[other] === layout) ?? found[0]]);
  const there = along === "model"
    ? models.map((each) => layoutsOf(all, each, variant)).filter((found) => found.length).flatMap(nearest)
    : variants.flatMap((each) => layoutsOf(all, model, each));
  const next = there[(there.indexOf(i) + by + there.length) % there.length];
  return next === i ? undefined : next;
}

/** How many siblings a trial has, and how many of them are right. @param {number} i */
export function placeAmong(i) {
  const all = siblingsOf(i);
  return { n: all.length, right: all.filter((other) => trials.outcome[other] === "correct").length };
}

/**
 * The siblings as a table: a line for each model, a column for each variant.
 * @param {number} i
 * @param {(to: number) => void} open
 */
export function siblingTable(i, open) {
  const all = siblingsOf(i);
  if (all.length < 2) return h("p", { class: "quiet" }, say("viewer.no_siblings"));
  const { models, variants } = axes(all);
  // A long table keeps the line of the trial itself.
  const mine = models.indexOf(trials.model[i]);
  const first = Math.min(Math.max(0, mine - MOST / 2), Math.max(0, models.length - MOST));
  const shown = models.slice(first, first + MOST);
  const layouts = new Set(all.map((other) => trials.layout[other])).size > 1;
  const button = (/** @type {number} */ other, /** @type {boolean} */ alone) => {
    const outcome = trials.outcome[other];
    const layout = sayWord("layout", trials.layout[other]);
    const names = `${trials.model[other]}, ${trials.variant[other]}${layouts ? ` · ${layout}` : ""}: ${sayWord("outcome", outcome)}`;
    return h("button", { class: `sibling ${outcome}`, "aria-label": names, "aria-current": other === i ? "true" : null, onclick: () => open(other) },
      h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[outcome]), trials.p[other] === null ? "" : rate(trials.p[other]), !alone && h("small", null, layout));
  };
  const cell = (/** @type {string} */ model, /** @type {string} */ variant) => {
    const found = layoutsOf(all, model, variant);
    return h("td", null, found.map((other) => button(other, found.length === 1)));
  };
  return h("div", { class: "siblings" },
    h("table", null, h("caption", { class: "unseen" }, say("viewer.siblings")),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, say("board.model")), variants.map((variant) => h("th", { scope: "col" }, variant)))),
      h("tbody", null, shown.map((model) => h("tr", null, h("th", { scope: "row" }, model), variants.map((variant) => cell(model, variant)))))),
    models.length > shown.length && h("p", { class: "quiet" }, say("runs.and_more", { n: whole(models.length - shown.length) })));
}
