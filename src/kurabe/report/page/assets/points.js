// @ts-check
// Operating points: thresholds with a name, those of `decisions.csv`, and what they give on other cases.
import { tables } from "./data.js";
import { fill, h, hint, sentence } from "./dom.js";
import { keysOf } from "./drill.js";
import { state } from "./state.js";
import { showTable } from "./table.js";
import { indexOf, shortest } from "./threshold.js";
import { NONE, rate, say, sayWord, whole } from "./words.js";

/**
 * @typedef {{
 *   rule: string, threshold: number | null, threshold_hi: number | null, fitted: string, n_good: number | null, n_bad: number | null,
 *   missed: number | null, overkilled: number | null, undecided: number | null, miss_rate: number | null, miss_rate_hi: number | null,
 *   overkill_rate: number | null, overkill_rate_hi: number | null, balanced_accuracy: number | null,
 *   balanced_accuracy_lo: number | null, balanced_accuracy_hi: number | null, needs?: string | null, name: string,
 * }} Point a row of `decisions.csv`, with a name; `needs` says why there is no threshold
 * @typedef {{auroc: number, shipped: number, balanced: number, threshold: number}} Gap
 */

/** Rows of a table that are of a row of the leaderboard. They are of whole suites, whatever tag is filtered by.
 * @template {Record<string, any>} R @param {R[]} table @param {import("./board.js").Row} row */
function of(table, row) {
  const keys = { ...keysOf(row), suite: state.suite || "all" };
  return state.tag ? [] : table.filter((each) => Object.entries(keys).every(([key, value]) => each[key] === value));
}

/**
 * The operating points of a row of the leaderboard; where the run has none, the one that was shipped.
 * @param {import("./board.js").Row} row
 * @param {{threshold: number}} shipped
 * @returns {Point[]}
 */
export function pointsOf(row, { threshold }) {
  const points = of(tables.decisions ?? [], row).map((each) => ({ ...each, name: sayWord("rule", each.rule) }));
  if (!points.some((each) => each.rule === "shipped")) points.unshift(shippedPoint(row));
  return points.map((each) => (each.rule === "shipped" ? { ...each, threshold: each.threshold ?? threshold } : each));
}

/** Whether the row ranks well at a threshold that is off. @param {import("./board.js").Row} row @returns {Gap | undefined} */
export const gapOf = (row) => of(tables.gaps ?? [], row)[0];

/** @param {import("./board.js").Row} row @returns {Point} */
const shippedPoint = (row) => ({
  rule: "shipped", name: sayWord("rule", "shipped"), threshold: null, threshold_hi: null, fitted: "no", undecided: null,
  n_good: row.n_good, n_bad: row.n_bad, missed: row.missed, overkilled: row.overkilled, miss_rate: row.miss_rate, miss_rate_hi: row.miss_rate_hi,
  overkill_rate: row.overkill_rate, overkill_rate_hi: row.overkill_rate_hi, balanced_accuracy: row.balanced_accuracy,
  balanced_accuracy_lo: row.balanced_accuracy_lo, balanced_accuracy_hi: row.balanced_accuracy_hi,
});

/**
 * @param {HTMLElement} node
 * @param {Point[]} points
 * @param {number[]} values the distinct P of the row
 * @param {(point: Point) => void} use called with the point that the slider shall go to
 */
export async function pointsTable(node, points, values, use) {
  const frame = h("div", { class: "panel scroll" });
  fill(node, h("h3", null, say("decide.points")), frame,
    h("p", { class: "note" }, say("decide.points_note"), " ", hint("decide.points_click"), state.tag && ` ${say("decide.points_whole")}`));
  const bands = points.some((point) => point.threshold_hi !== null);
  /** @type {(import("./table.js").Column<Point> | false)[]} */
  const columns = [
    { title: say("decide.rule"), cell: (point) => point.name, sort: null, class: "who" },
    { title: say("decide.threshold"), cell: (point) => useButton(point, values, use), sort: null, number: true },
    wrong("miss", (point) => [point.miss_rate, point.missed, point.n_bad, point.miss_rate_hi]),
    wrong("overkill", (point) => [point.overkill_rate, point.overkilled, point.n_good, point.overkill_rate_hi]),
    bands && { title: say("decide.to_person"), cell: (point) => (point.undecided === null ? NONE : whole(point.undecided)), sort: null, number: true },
    {
      title: say("board.balanced"), sort: null, number: true,
      cell: (point) => (point.balanced_accuracy === null ? NONE : h("span", { class: "rated" }, h("b", null, rate(point.balanced_accuracy)), " ",
        point.balanced_accuracy_lo !== null && h("span", { class: "between" }, `${rate(point.balanced_accuracy_lo)}–${rate(point.balanced_accuracy_hi)}`))),
    },
    { title: say("decide.fitted"), cell: (point) => sayWord("fitted", point.fitted), sort: null },
  ];
  await showTable(frame, { caption: say("decide.points"), rows: points, columns: /** @type {import("./table.js").Column<Point>[]} */ (columns.filter(Boolean)) });
}

/** Characters of a threshold that somebody wrote by hand, such as 0.5. */
const SHORT = 6;

/** @param {Point} point @param {number[]} values @param {(point: Point) => void} use */
function useButton(point, values, use) {
  if (point.threshold === null) return h("span", { class: "needs" }, point.needs ? sentence(point.needs) : NONE);
  // A short one as it is; others as the slider writes them: rounded to the nearest, one could call other parts bad.
  const written = (/** @type {number} */ threshold) => (String(threshold).length <= SHORT ? String(threshold) : shortest(values, indexOf(values, threshold)));
  const upto = point.threshold_hi === null ? "" : `–${written(point.threshold_hi)}`;
  return h("button", { class: "small", title: say("decide.use"), onclick: () => use(point) }, `P ≥ ${written(point.threshold)}${upto}`);
}

/** @param {"miss" | "overkill"} name @param {(point: Point) => (number | null)[]} of @returns {import("./table.js").Column<Point>} */
const wrong = (name, of) => ({
  title: say(`board.${name}`), hint: say(`board.${name}_hint`), sort: null, number: true,
  cell: (point) => {
    const [value, part, parts, limit] = of(point);
    return value === null ? NONE : h("span", { class: "rated" }, h("b", null, rate(value)), " ", h("span", { class: "between" }, say("board.rate_of", { part, whole: parts, limit: rate(limit) })));
  },
});
