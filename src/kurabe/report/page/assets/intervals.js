// @ts-check
// Intervals over units and one-sided limits: `kurabe.report.intervals`, formula by formula, for one row at a
// time. Constants have its names, and it says where they come from.
import { betaincinv, stdtrit } from "./beta.js";

export const CONFIDENCE = 0.95;
export const LEAST_UNITS = 5;
const PRIOR_UNITS = 0.15;
const BETWEEN = 0.25;

const OPPOSED = -0.98;
const GOOD = 0;
const BAD = 1;
const TINY = 1e-9;
const TAIL = (1 - CONFIDENCE) / 2;
const Z = -stdtrit(Infinity, TAIL);
const Z_ONE_SIDED = stdtrit(Infinity, CONFIDENCE);

/**
 * Cases of each class (good parts, then bad parts), and how many of them are right, unit by unit.
 * @typedef {{cases: [number[], number[]], right: [number[], number[]]}} Sums
 *
 * A figure with its ends; null where it is undefined, or where there are too few units for an interval.
 * @typedef {{estimate: number | null, low: number | null, high: number | null, units: number}} Interval
 *
 * A rate of errors with its upper limit; both null without such parts.
 * @typedef {{rate: number | null, high: number | null, parts: number, wrong: number}} Limit
 */

/**
 * Add up cases by unit.
 * @param {(string | number)[]} unit of each case
 * @param {boolean[]} bad whether its part is bad
 * @param {boolean[]} right
 * @returns {Sums}
 */
export function sumUnits(unit, bad, right) {
  const places = new Map();
  /** @type {Sums} */
  const sums = { cases: [[], []], right: [[], []] };
  unit.forEach((name, i) => {
    const place = places.get(name) ?? places.size;
    if (place === places.size) {
      places.set(name, place);
      for (const each of [...sums.cases, ...sums.right]) each.push(0);
    }
    const which = bad[i] ? BAD : GOOD;
    sums.cases[which][place] += 1;
    sums.right[which][place] += Number(right[i]);
  });
  return sums;
}

/** @param {Sums} sums */
export const accuracy = (sums) => ofRates(sums, false);

/** @param {Sums} sums */
export const balancedAccuracy = (sums) => ofRates(sums, true);

/** Bad parts that were not called bad. @param {Sums} sums */
export const missLimit = (sums) => limit(sums, BAD);

/** Good parts that were not called good. @param {Sums} sums */
export const overkillLimit = (sums) => limit(sums, GOOD);

/**
 * Clopper and Pearson's one-sided upper limit of a share of independent parts.
 * @param {number} wrong
 * @param {number} parts above 0
 */
export function upperLimit(wrong, parts) {
  const rest = parts - wrong;
  return rest > TINY ? betaincinv(wrong + 1, rest, CONFIDENCE) : 1;
}

/**
 * @param {Sums} sums
 * @param {boolean} balanced
 * @returns {Interval}
 */
function ofRates(sums, balanced) {
  const both = together(sums);
  const units = held(both);
  const n = [total(sums.cases[GOOD]), total(sums.cases[BAD])];
  const weight = balanced ? [0.5, 0.5] : n.map((part) => divide(part, n[0] + n[1]));
  if (balanced ? !(n[0] && n[1]) : !(n[0] + n[1])) return { estimate: null, low: null, high: null, units };
  const estimate = total([GOOD, BAD].map((which) => weight[which] * divide(total(sums.right[which]), n[which])));
  if (units < LEAST_UNITS) return { estimate, low: null, high: null, units };
  const [good, bad] = [GOOD, BAD].map((which) => rateOf(sums, which));
  const agree = good.estimate * bad.estimate + (1 - good.estimate) * (1 - bad.estimate);
  const joint =
    total(good.deviation.map((each, i) => each * bad.deviation[i])) * bessel(units) + PRIOR_UNITS * good.size * bad.size * agree;
  const r = shared(sums) ? clip(divide(joint, Math.sqrt(good.spread * bad.spread)), OPPOSED, 1) : 0;
  const middle = weight[GOOD] * good.estimate + weight[BAD] * bad.estimate;
  const reach = (/** @type {number} */ one, /** @type {number} */ other) => {
    const [a, b] = [weight[GOOD] * one, weight[BAD] * other];
    return Math.sqrt(Math.max(a * a + b * b + 2 * r * a * b, 0));
  };
  const low = middle - reach(good.estimate - good.low, bad.estimate - bad.low);
  const high = middle + reach(good.high - good.estimate, bad.high - bad.estimate);
  return { estimate, low: clip(Math.min(low, estimate), 0, 1), high: clip(Math.max(high, estimate), 0, 1), units };
}

/** One class's figures: its ends, and each unit's deviation, for the correlation. @param {Sums} sums @param {number} which */
function rateOf(sums, which) {
  const cases = sums.cases[which];
  const n = total(cases);
  const size = sizeOf(cases);
  const estimate = divide(total(sums.right[which]), n);
  const { deff, deviation, spread } = rateEffect(cases, sums.right[which]);
  const count = effective(n, deff, size, held(cases), shared(sums));
  const hits = estimate * count;
  const rest = (1 - estimate) * count;
  const low = betaincinv(Math.max(hits, TINY) + BETWEEN, rest + 1 - BETWEEN, TAIL);
  const high = betaincinv(hits + 1 - BETWEEN, Math.max(rest, TINY) + BETWEEN, 1 - TAIL);
  return {
    estimate, deviation, spread, size,
    low: hits > TINY ? Math.min(low, estimate) : 0,
    high: rest > TINY ? Math.max(high, estimate) : 1,
  };
}

/** A rate's design effect, the units' deviations, and the sum of their squares. @param {number[]} cases @param {number[]} right */
function rateEffect(cases, right) {
  const n = total(cases);
  const size = sizeOf(cases);
  const rate = divide(total(right), n);
  const padded = n + 2 * PRIOR_UNITS * size;
  const middle = divide(rate * n + PRIOR_UNITS * size, padded);
  const squares = (/** @type {number} */ about) => {
    const deviation = right.map((each, i) => each - about * cases[i]);
    const prior = PRIOR_UNITS * size * size * (about * about + (1 - about) ** 2);
    return { deviation, spread: total(deviation.map((each) => each * each)) * bessel(held(cases)) + prior };
  };
  return { ...squares(rate), deff: divide(squares(middle).spread, middle * (1 - middle) * padded) };
}

/**
 * How many independent cases a class counts as.
 * @param {number} n
 * @param {number} deff
 * @param {number} size
 * @param {number} units
 * @param {boolean} isShared whether the other class has the same units
 */
function effective(n, deff, size, units, isShared) {
  const few = units < LEAST_UNITS;
  const correction = (Z / stdtrit(Math.max(units - 1, 1), 1 - TAIL)) ** 2;
  const effect = few ? size : clip(deff, 1, Math.max(size, 1));
  const least = divide(n, size) * (isShared && !few ? correction : 1);
  return Math.max(divide(n, effect) * (few ? 0 : correction), least, TINY);
}

/** @param {Sums} sums @param {number} which @returns {Limit} */
function limit(sums, which) {
  const cases = sums.cases[which];
  const parts = total(cases);
  if (!parts) return { rate: null, high: null, parts, wrong: 0 };
  const units = held(cases);
  const deff = Math.max(rateEffect(cases, sums.right[which]).deff, 1);
  const correction = (Z_ONE_SIDED / stdtrit(Math.max(units - 1, 1), CONFIDENCE)) ** 2;
  const count = units < LEAST_UNITS ? 0 : (parts / deff) * correction;
  const kept = clip(count, divide(parts, sizeOf(cases)), parts);
  const wrong = parts - total(sums.right[which]);
  // A first error shows that errors need not come together; it must not lower the limit for that.
  const least = upperLimit(0, divide(parts, sizeOf(cases)));
  return { rate: wrong / parts, high: Math.max(upperLimit((wrong / parts) * kept, kept), least), parts, wrong };
}

/** @param {number[]} values */
const total = (values) => values.reduce((sum, each) => sum + each, 0);
/** Units that hold any of these cases. @param {number[]} cases */
const held = (cases) => cases.filter((each) => each > 0).length;
/** @param {Sums} sums */
const together = ({ cases }) => cases[GOOD].map((each, i) => each + cases[BAD][i]);
/** Whether any unit holds both classes. @param {Sums} sums */
const shared = ({ cases }) => cases[GOOD].some((each, i) => each > 0 && cases[BAD][i] > 0);
/** The units' mean number of cases, weighted by that number. @param {number[]} cases */
const sizeOf = (cases) => divide(total(cases.map((each) => each * each)), total(cases));
/** @param {number} units */
const bessel = (units) => divide(units, Math.max(units - 1, 1));
/** @param {number} part @param {number} whole */
const divide = (part, whole) => (whole > 0 ? part / whole : 0);
/** @param {number} value @param {number} low @param {number} high */
const clip = (value, low, high) => Math.min(Math.max(value, low), high);
