// @ts-check
// What a threshold on P(different) makes of a row of trials. A part is called bad from the threshold up; between
// two thresholds it goes to a person. A trial without P is called nothing: missed or overkilled at every threshold.
import { isBad, isRight, pOf } from "./counted.js";
import { balancedAccuracy, missLimit, overkillLimit } from "./intervals.js";

/** @typedef {import("./data.js").Trials} Trials */

const GOOD = 0;
const BAD = 1;
const MOST_DIGITS = 17;
/** Points of a curve are told apart down to this share, which is less than a pixel of the chart. */
const GRID = 1 / 400;

/**
 * A row, laid out so that a threshold is one pass over numbers.
 * @typedef {{
 *   places: number[], bad: Uint8Array, p: Float64Array, unit: Int32Array, cases: [number[], number[]],
 *   values: number[], right: Uint8Array,
 * }} Scale `p` is NaN without P; `values` are the distinct P, in order; `right` is as the run called it
 */

/** @param {Trials} t @param {number[]} all @returns {Scale} */
export function scaleOf(t, all) {
  const places = all.filter((i) => t.expected_verdict[i] != null);
  const units = new Map();
  const number = (/** @type {number} */ name) => {
    if (!units.has(name)) units.set(name, units.size);
    return units.get(name);
  };
  const bad = Uint8Array.from(places, (i) => Number(isBad(t, i)));
  const unit = Int32Array.from(places, (i) => number(t.unit[i]));
  const p = Float64Array.from(places, (i) => pOf(t, i) ?? NaN);
  /** @type {[number[], number[]]} */
  const cases = [new Array(units.size).fill(0), new Array(units.size).fill(0)];
  places.forEach((_, k) => cases[bad[k]][unit[k]]++);
  const values = [...new Set(p.filter((value) => !Number.isNaN(value)).sort())];
  return { places, bad, p, unit, cases, values, right: Uint8Array.from(places, (i) => Number(isRight(t, i))) };
}

/** The place of the threshold among the distinct P that calls the same parts bad; one past the end calls none bad.
 * @param {number[]} values @param {number} threshold */
export function indexOf(values, threshold) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] >= threshold) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * A threshold as the shortest number, with two decimals at least, that calls the same parts bad.
 * @param {number[]} values the distinct P
 * @param {number} index
 */
export function shortest(values, index) {
  const below = index > 0 ? values[index - 1] : -Infinity;
  const value = values[index] ?? Infinity;
  for (let digits = 2; digits < MOST_DIGITS; digits++) {
    const unit = 10 ** -digits;
    const near = Number.isFinite(value) ? value : below + unit;
    for (const text of [near.toFixed(digits), (near - unit).toFixed(digits)])
      if (below < Number(text) && Number(text) <= value) return text;
  }
  return String(value);
}

/** @typedef {{good: number, person: number, bad: number, none: number}} Calls how many parts were called what */

/**
 * Counts, rates and limits under a threshold, or under two.
 * @param {Scale} scale
 * @param {number} low a part is called good below it
 * @param {number} high and bad from here up; between them it goes to a person
 */
export function figuresAt(scale, low, high = low) {
  const calls = [GOOD, BAD].map(() => ({ good: 0, person: 0, bad: 0, none: 0 }));
  /** @type {[number[], number[]]} */
  const wrong = [new Array(scale.cases[GOOD].length).fill(0), new Array(scale.cases[BAD].length).fill(0)];
  for (let k = 0; k < scale.p.length; k++) {
    const which = scale.bad[k];
    const call = callOf(scale.p[k], low, high);
    calls[which][call]++;
    if (isWrong(call, which)) wrong[which][scale.unit[k]]++;
  }
  const right = scale.cases.map((cases, which) => cases.map((n, unit) => n - wrong[which][unit]));
  const sums = { cases: scale.cases, right: /** @type {[number[], number[]]} */ (right) };
  const [miss, overkill] = [missLimit(sums), overkillLimit(sums)];
  const undecided = calls[GOOD].person + calls[BAD].person;
  return {
    calls: { good: calls[GOOD], bad: calls[BAD] }, miss, overkill, undecided, n: scale.places.length,
    // A part left to a person is neither right nor wrong.
    balanced: low === high ? balancedAccuracy(sums) : null,
  };
}

/** The point of the ROC curve at a threshold: shares of good and of bad parts with P that are called bad.
 * @param {Scale} scale @param {number} threshold */
export function pointAt({ p, bad }, threshold) {
  const [called, all] = [[0, 0], [0, 0]];
  for (let k = 0; k < p.length; k++) {
    if (Number.isNaN(p[k])) continue;
    all[bad[k]]++;
    if (p[k] >= threshold) called[bad[k]]++;
  }
  return { x: called[GOOD] / Math.max(1, all[GOOD]), y: called[BAD] / Math.max(1, all[BAD]) };
}

/** @param {number} p @param {number} low @param {number} high @returns {keyof Calls} */
const callOf = (p, low, high) => (Number.isNaN(p) ? "none" : p >= high ? "bad" : p >= low ? "person" : "good");

/** @param {keyof Calls} call @param {number} which */
const isWrong = (call, which) => call === "none" || (which === BAD ? call === "good" : call === "bad");

/**
 * The trials that come out otherwise than in the run, by what becomes of them.
 * @param {Scale} scale
 * @param {number} low
 * @param {number} high
 */
export function sidesAt(scale, low, high) {
  /** @type {Record<"caught" | "passed" | "missed" | "overkilled" | "person", number[]>} */
  const sides = { caught: [], passed: [], missed: [], overkilled: [], person: [] };
  scale.places.forEach((place, k) => {
    const which = scale.bad[k];
    const call = callOf(scale.p[k], low, high);
    if (call === "person") sides.person.push(place);
    else if (isWrong(call, which)) {
      if (scale.right[k]) sides[which === BAD ? "missed" : "overkilled"].push(place);
    } else if (!scale.right[k]) sides[which === BAD ? "caught" : "passed"].push(place);
  });
  return sides;
}

/**
 * The threshold that the run's verdicts are of: 0.5 if they are those of it, another where a single one explains
 * them; `exact` is false where none does.
 * @param {Trials} t
 * @param {Scale} scale
 */
export function shippedOf(t, scale) {
  let [same, different] = [-Infinity, Infinity];
  scale.places.forEach((place, k) => {
    if (t.verdict[place] === "same" && scale.p[k] > same) same = scale.p[k];
    if (t.verdict[place] === "different" && scale.p[k] < different) different = scale.p[k];
  });
  const half = same < 0.5 && different >= 0.5;
  return { threshold: half || same >= different ? 0.5 : different, exact: same < different };
}

/**
 * The ROC curve of the trials with P, from "none is bad" to "all are": a point where it turns.
 * @param {Scale} scale
 * @returns {{x: number, y: number, at: number}[]} overkill, detected, and the threshold's place
 */
export function rocOf(scale) {
  const counts = scale.values.map(() => [0, 0]);
  const all = [0, 0];
  scale.p.forEach((p, k) => {
    if (Number.isNaN(p)) return;
    counts[indexOf(scale.values, p)][scale.bad[k]]++;
    all[scale.bad[k]]++;
  });
  const sum = [0, 0];
  const points = [{ x: 0, y: 0, at: scale.values.length }];
  for (let at = scale.values.length - 1; at >= 0; at--) {
    sum[GOOD] += counts[at][GOOD];
    sum[BAD] += counts[at][BAD];
    const last = points[points.length - 1];
    const point = { x: sum[GOOD] / all[GOOD], y: sum[BAD] / all[BAD], at };
    if (at === 0 || point.x - last.x >= GRID || point.y - last.y >= GRID) points.push(point);
  }
  return points;
}
