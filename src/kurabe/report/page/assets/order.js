// @ts-check
// In which order the gallery shows trials, and which it holds together.
import { isBad, isGood, pOf } from "./counted.js";
import { trials } from "./data.js";
import { groupBy } from "./figures.js";

/** How far P(different) lies on the wrong side: 1 for a model that was sure and wrong. @param {number} i */
export function wrongness(i) {
  const p = pOf(trials, i);
  if (p === null || (!isBad(trials, i) && !isGood(trials, i))) return null;
  return isBad(trials, i) ? 1 - p : p;
}

/** What leads when wrong trials come first. */
const RANKS = { wrong: 0, unparsed: 1, error: 2, correct: 3 };

/** @param {number | null} a @param {number | null} b those without a value come last */
function descending(a, b) {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return b - a;
}

/** Orders by name; ties stay as the run asked. @type {Record<string, (a: number, b: number) => number>} */
const ORDERS = {
  sure: (a, b) =>
    RANKS[/** @type {keyof RANKS} */ (trials.outcome[a])] - RANKS[/** @type {keyof RANKS} */ (trials.outcome[b])] || descending(wrongness(a), wrongness(b)),
  high: (a, b) => descending(pOf(trials, a), pOf(trials, b)),
  low: (a, b) => {
    const [one, other] = [pOf(trials, a), pOf(trials, b)];
    return one === null || other === null ? descending(one, other) : one - other;
  },
  slow: (a, b) => descending(trials.seconds[a], trials.seconds[b]),
};

/** The names of the orders; the run's own is "". */
export const SORTS = ["", ...Object.keys(ORDERS)];

/** @param {number[]} places @param {string} name */
export const sorted = (places, name) => (ORDERS[name] ? [...places].sort(ORDERS[name]) : places);

/** Trials by case; cases in the order of their first trial. @param {number[]} places */
export const byCase = (places) => [...groupBy(places, (i) => trials.case[i]).values()];
