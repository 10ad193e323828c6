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

/** How a trial was shown. @param {number} i */
const wayOf = (i) => JSON.stringify([trials.variant[i], trials.layout[i]]);

/** The models and ways that siblings have, raw first. @param {number[]} all */
function axes(all) {
  const models = [...new Set(all.map((i) => trials.model[i]))].sort((a, b) => a.localeCompare(b));
  const rank = (/** @type {number} */ i) => (trials.variant[i] === "raw" ? "0" : "1") + wayOf(i);
  const ways = [...new Set([...all].sort((a, b) => rank(a).localeCompare(rank(b))).map(wayOf))];
  return { models, ways };
}

/**
 * The next sibling in another model, or shown in another way.
 * @param {number} i
 * @param {"model" | "variant"} along
 * @param {1 | -1} by
 * @returns {number | undefined} undefined where there is none
 */
export function elsewhere(i, along, by) {
  const all = siblingsOf(i);
  const { models, ways } = axes(all);
  const line = along === "model"
    ? models.map((model) => all.find((other) => trials.model[other] === model && wayOf(other) === wayOf(i)))
    : ways.map((way) => all.find((other) => wayOf(other) === way && trials.model[other] === trials.model[i]));
  const there = /** @type {number[]} */ (line.filter((other) => other !== undefined));
  const next = there[(there.indexOf(i) + by + there.length) % there.length];
  return next === i ? undefined : next;
}

/** How many siblings a trial has, and how many of them are right. @param {number} i */
export function placeAmong(i) {
  const all = siblingsOf(i);
  return { n: all.length, right: all.filter((other) => trials.outcome[other] === "correct").length };
}

/**
 * The siblings as a table: a line for each model, a column for each way of showing the pictures.
 * @param {number} i
 * @param {(to: number) => void} open
 */
export function siblingTable(i, open) {
  const all = siblingsOf(i);
  if (all.length < 2) return h("p", { class: "quiet" }, say("viewer.no_siblings"));
  const { models, ways } = axes(all);
  // A long table keeps the line of the trial itself.
  const mine = models.indexOf(trials.model[i]);
  const first = Math.min(Math.max(0, mine - MOST / 2), Math.max(0, models.length - MOST));
  const shown = models.slice(first, first + MOST);
  const layouts = new Set(all.map((other) => trials.layout[other])).size > 1;
  const title = (/** @type {string} */ way) => {
    const [variant, layout] = JSON.parse(way);
    return layouts ? `${variant} · ${sayWord("layout", layout)}` : variant;
  };
  const cell = (/** @type {string} */ model, /** @type {string} */ way) => {
    const other = all.find((each) => trials.model[each] === model && wayOf(each) === way);
    if (other === undefined) return h("td", null);
    const outcome = trials.outcome[other];
    const names = `${model}, ${title(way)}: ${sayWord("outcome", outcome)}`;
    return h("td", null, h("button", { class: `sibling ${outcome}`, "aria-label": names, "aria-current": other === i ? "true" : null, onclick: () => open(other) },
      h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[outcome]), trials.p[other] === null ? "" : rate(trials.p[other])));
  };
  return h("div", { class: "siblings" },
    h("table", null, h("caption", { class: "unseen" }, say("viewer.siblings")),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, say("board.model")), ways.map((way) => h("th", { scope: "col" }, title(way))))),
      h("tbody", null, shown.map((model) => h("tr", null, h("th", { scope: "row" }, model), ways.map((way) => cell(model, way)))))),
    models.length > shown.length && h("p", { class: "quiet" }, say("runs.and_more", { n: whole(models.length - shown.length) })));
}
