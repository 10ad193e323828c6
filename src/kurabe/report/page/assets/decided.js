// @ts-check
// What a threshold gives, as numbers: rates with counts and limits, who was called what, and a warning.
import { h } from "./dom.js";
import { drill } from "./drill.js";
import { rate, say, whole } from "./words.js";

/** Operating points that the warning names; the table has them all. */
const MENTIONED = 3;

/** @typedef {ReturnType<typeof import("./threshold.js").figuresAt>} Found */

/** @param {Found} found @returns {[any, any]} rates, and their upper limits */
export function ratesOf({ miss, overkill, calls }) {
  const share = (/** @type {import("./threshold.js").Calls} */ of) => of.person / Math.max(1, of.good + of.bad + of.person + of.none);
  const person = { goodToPerson: share(calls.good), badToPerson: share(calls.bad) };
  return [
    { miss: miss.rate ?? 0, overkill: overkill.rate ?? 0, ...person },
    { miss: miss.high ?? 0, overkill: overkill.high ?? 0, ...person },
  ];
}

/** @param {Found} found @param {boolean} band */
export function figuresShown({ miss, overkill, balanced, undecided, n }, band) {
  const figure = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ beside) =>
    h("div", { "data-figure": name }, h("dt", null, say(`board.${name}`)), h("dd", null, h("b", null, value), " ", h("span", { class: "between" }, beside)));
  const counts = (/** @type {import("./intervals.js").Limit} */ limit) =>
    limit.rate === null ? "" : say("board.rate_of", { part: whole(limit.wrong), whole: whole(limit.parts), limit: rate(limit.high) });
  const ends = balanced?.low == null ? "" : `${rate(balanced.low)}–${rate(balanced.high)}`;
  return [
    figure("miss", rate(miss.rate), counts(miss)), figure("overkill", rate(overkill.rate), counts(overkill)),
    balanced ? figure("balanced", rate(balanced.estimate), balanced.estimate === null ? "" : ends || say("board.too_few")) : null,
    band && h("div", { "data-figure": "person" }, h("dt", null, say("decide.to_person")), h("dd", null, h("b", null, rate(undecided / n)), " ", h("span", { class: "between" }, `(${whole(undecided)}/${whole(n)})`))),
  ];
}

/** The largest number below 1: what is below a threshold of 1 leaves out P = 1. */
const BELOW_ONE = 1 - Number.EPSILON / 2;

/**
 * @param {Found["calls"]} calls
 * @param {boolean} band
 * @param {Record<string, string>} keys of the row
 * @param {number} low
 * @param {number} high
 */
export function confusionOf(calls, band, keys, low, high) {
  const end = (/** @type {number} */ value) => String(value === 1 ? BELOW_ONE : value);
  /** @type {Record<string, [string, string]>} P of what is called so; one without P has no place on the scale. */
  const spans = { good: ["0", end(low)], person: [String(low), end(high)], bad: [String(high), "2"] };
  const cell = (/** @type {"good" | "bad"} */ part, /** @type {keyof import("./threshold.js").Calls} */ call) => {
    const [from, to] = spans[call] ?? [];
    return from === undefined ? whole(calls[part][call]) : drill(calls[part][call], { what: part, ...keys, from, to }, {}, whole(calls[part][call]));
  };
  const none = calls.good.none + calls.bad.none > 0;
  /** @type {[keyof import("./threshold.js").Calls, boolean][]} */
  const columns = [["good", true], ["person", band], ["bad", true], ["none", none]];
  const heads = columns.filter(([, there]) => there).map(([call]) => call);
  const line = (/** @type {"good" | "bad"} */ part) => h("tr", null, h("th", { scope: "row" }, say(`counted.${part}`)),
    heads.map((call) => h("td", { class: `number ${call === "person" ? "" : call === part ? "correct" : "wrong"}`, "data-cell": `${part}-${call}` }, cell(part, call))));
  return h("table", { class: "confusion" }, h("caption", { class: "unseen" }, say("decide.confusion")),
    h("thead", null, h("tr", null, h("td", null), heads.map((call) => h("th", { scope: "col", class: "number" }, say(`decide.called_${call}`))))), h("tbody", null, line("bad"), line("good")));
}

/**
 * Say that a threshold chosen by eye flatters, beside what cross-fitting found.
 * @param {import("./points.js").Point[]} points
 * @param {import("./points.js").Gap | undefined} gap of a row that ranks well at a threshold that is off
 */
export function flatter(points, gap) {
  const crossed = points.filter((point) => point.rule !== "shipped" && point.miss_rate !== null).slice(0, MENTIONED).map((point) => say("decide.crossed", {
    rule: point.name, miss: rate(point.miss_rate), missHi: rate(point.miss_rate_hi), overkill: rate(point.overkill_rate), overkillHi: rate(point.overkill_rate_hi),
  }));
  return [
    gap && h("span", null, say("decide.gap", { auroc: rate(gap.auroc), shipped: rate(gap.shipped), balanced: rate(gap.balanced), threshold: rate(gap.threshold) }), " "),
    h("strong", null, say("decide.flatters")), " ", crossed.length ? crossed.join(" ") : say("decide.no_crossed"),
  ];
}
