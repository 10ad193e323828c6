// @ts-check
// The paired test over units, as in `kurabe.report.paired`: signs of the units' changes are flipped. And
// Holm's adjustment, of `kurabe.report.statistics`.
import { CONFIDENCE } from "./intervals.js";

export const SIGNIFICANT = 1 - CONFIDENCE;
const DRAWS = 19_999;
const SUMS = 1 << 16;

/**
 * The two-sided p-value of a change, by flips of the units' signs; null where the change is undefined.
 *
 * Exact up to `SUMS` distinct sums, which are counted unit by unit. Beyond, signs are drawn with a seed.
 * @param {{good: number, bad: number}[]} units each unit's change: cases won less cases lost, by class
 * @param {{good: number, bad: number}} cases how many there are of each class
 * @param {boolean} balanced whether the change is of balanced accuracy, or of plain accuracy
 */
export function signFlips(units, cases, balanced = true) {
  if (balanced ? !cases.good || !cases.bad : !cases.good && !cases.bad) return null;
  const [forGood, forBad] = balanced ? [cases.bad, cases.good] : [1, 1];
  const sums = units.map(({ good, bad }) => good * forGood + bad * forBad).filter((sum) => sum !== 0);
  if (!sums.length) return 1;
  const common = sums.map(Math.abs).reduce(divisor);
  const sizes = sums.map((sum) => Math.abs(sum) / common);
  const span = sizes.reduce((all, size) => all + size);
  const observed = Math.abs(sums.reduce((all, sum) => all + sum)) / common;
  return span < SUMS ? counted(sizes, span, observed) : drawn(sizes, observed);
}

/** @param {number} a @param {number} b @returns {number} */
const divisor = (a, b) => (b ? divisor(b, a % b) : a);

/** @param {number[]} sizes @param {number} span @param {number} observed */
function counted(sizes, span, observed) {
  // How likely the units with a plus sign add up to each number, after each unit in turn.
  const chance = new Float64Array(span + 1);
  chance[0] = 1;
  let reached = 0;
  for (const size of sizes) {
    reached += size;
    for (let sum = reached; sum >= 0; sum--) chance[sum] = (chance[sum] + (sum >= size ? chance[sum - size] : 0)) / 2;
  }
  const p = chance.reduce((all, each, plus) => (Math.abs(2 * plus - span) >= observed - 0.5 ? all + each : all), 0);
  return Math.min(1, Math.max(p, 2 ** (1 - sizes.length)));
}

/** @param {number[]} sizes @param {number} observed */
function drawn(sizes, observed) {
  let seed = 1;
  // Marsaglia's xorshift: 32 signs at a time.
  const bits = () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed;
  };
  let far = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    let sum = 0;
    for (let i = 0, word = 0; i < sizes.length; i++, word >>>= 1) {
      if (i % 32 === 0) word = bits();
      sum += word & 1 ? sizes[i] : -sizes[i];
    }
    far += Number(Math.abs(sum) >= observed);
  }
  return (1 + far) / (1 + DRAWS);
}

/**
 * How many units must change before Holm's adjustment over so many comparisons can reach 0.05.
 * @param {number} comparisons
 */
export const unitsNeeded = (comparisons) => 1 + Math.ceil(Math.log2(comparisons / SIGNIFICANT) - 1e-9);

/** P-values adjusted by Holm's step-down procedure, in the same order. @param {number[]} p */
export function holm(p) {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]);
  const adjusted = new Array(p.length);
  let highest = 0;
  order.forEach((i, rank) => {
    highest = Math.max(highest, p[i] * (p.length - rank));
    adjusted[i] = Math.min(1, highest);
  });
  return adjusted;
}
