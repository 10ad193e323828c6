// @ts-check
// The figures of the leaderboard, under filters. They are those of `kurabe.report.leaderboard`, by the same
// names: what is counted, over what, and null wherever a figure is undefined.
import { COUNTED, isBad, isGood, isRight, pOf } from "./counted.js";
import { holm, signFlips, SIGNIFICANT } from "./flips.js";
import { accuracy, balancedAccuracy, missLimit, overkillLimit, sumUnits } from "./intervals.js";

/** @typedef {import("./data.js").Trials} Trials */

export const BINS = 10;

/**
 * The figures of some trials; they should be of one question.
 * @param {Trials} t
 * @param {number[]} places
 */
export function figuresOf(t, places) {
  const count = (/** @type {string} */ what) => places.filter((i) => COUNTED[what](t, i)).length;
  const judged = places.filter((i) => t.expected_verdict[i] != null);
  const share = accuracy(sums(t, places, (i) => t.outcome[i] === "correct"));
  const parts = sums(t, judged, (i) => isRight(t, i));
  const balanced = balancedAccuracy(parts);
  const [miss, overkill] = [missLimit(parts), overkillLimit(parts)];
  const known = judged.filter((i) => pOf(t, i) !== null);
  const orNone = (/** @type {number} */ value) => (judged.length ? value : null);
  return {
    n: places.length,
    accuracy: share.estimate ?? 0, accuracy_lo: share.low, accuracy_hi: share.high,
    balanced_accuracy: balanced.estimate, balanced_accuracy_lo: balanced.low, balanced_accuracy_hi: balanced.high,
    miss_rate: miss.rate, miss_rate_hi: miss.high, n_bad: orNone(miss.parts), missed: orNone(count("missed")),
    overkill_rate: overkill.rate, overkill_rate_hi: overkill.high, n_good: orNone(overkill.parts), overkilled: orNone(count("overkilled")),
    ...sumsOf(t, places), ...takenBy(t, places),
    unparsed: count("unparsed"), errors: count("errors"), unparsed_rate: count("unparsed") / places.length,
    auroc: auroc(t, known), ece: calibrationError(t, known), n_p: orNone(known.length),
    references: share.units, unit: [...new Set(places.map((i) => t.unit_kind[i]))].sort().join("+"),
  };
}

/** @param {Trials} t @param {number[]} places @param {(i: number) => boolean} right */
const sums = (t, places, right) => sumUnits(places.map((i) => t.unit[i]), places.map((i) => isBad(t, i)), places.map(right));

/** What adds up over trials: differences, claims, counts, seconds. @param {Trials} t @param {number[]} places */
function sumsOf(t, places) {
  const sum = { found: 0, wanted: 0, matched: 0, claimed: 0, off: 0, counted: 0, seconds: 0, timed: 0 };
  for (const i of places) {
    const score = t.score[i];
    if (t.outcome[i] !== "error" && t.seconds[i] != null) {
      sum.seconds += t.seconds[i] ?? 0;
      sum.timed += 1;
    }
    if (t.question[i] === "differences") {
      sum.found += score.found?.length ?? 0;
      sum.wanted += score.expected ?? 0;
      if (score.matched != null) {
        sum.matched += score.matched;
        sum.claimed += score.claimed;
      }
    } else if (t.question[i] === "count" && score.count_error != null) {
      sum.off += Math.abs(score.count_error);
      sum.counted += 1;
    }
  }
  return {
    difference_recall: ratio(sum.found, sum.wanted), difference_precision: ratio(sum.matched, sum.claimed),
    count_mae: ratio(sum.off, sum.counted), seconds_per_trial: ratio(sum.seconds, sum.timed),
  };
}

/** What the answers took: tokens, money, and how long. @param {Trials} t @param {number[]} places */
function takenBy(t, places) {
  const known = (/** @type {(number | null)[]} */ column) => /** @type {number[]} */ (places.map((i) => column[i]).filter((value) => value != null));
  const [tokensIn, tokensOut, cost] = [known(t.tokens_in), known(t.tokens_out), known(t.cost)];
  const times = /** @type {number[]} */ (places.filter((i) => t.outcome[i] !== "error" && t.seconds[i] != null).map((i) => t.seconds[i])).sort((a, b) => a - b);
  return {
    tokens_in_per_trial: ratio(total(tokensIn), tokensIn.length), tokens_out_per_trial: ratio(total(tokensOut), tokensOut.length),
    cost: cost.length ? total(cost) : null, cost_per_trial: ratio(total(cost), cost.length),
    latency_p50: quantile(times, 0.5), latency_p95: quantile(times, 0.95),
  };
}

/** @param {number[]} values */
const total = (values) => values.reduce((sum, value) => sum + value, 0);

/** Between the two nearest values, as pandas has it; null of nothing. @param {number[]} sorted @param {number} share */
function quantile(sorted, share) {
  if (!sorted.length) return null;
  const at = share * (sorted.length - 1), below = Math.floor(at), above = Math.ceil(at);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/** @param {number} part @param {number} whole */
const ratio = (part, whole) => (whole ? part / whole : null);

/**
 * The area under the ROC curve of P(different), by ranks; null unless both classes occur.
 * @param {Trials} t
 * @param {number[]} known trials that have P(different)
 */
function auroc(t, known) {
  const bad = known.filter((i) => isBad(t, i)).length;
  const good = known.length - bad;
  if (!bad || !good) return null;
  let before = 0;
  let ranks = 0;
  for (const [, alike] of [...groupBy(known, (i) => String(pOf(t, i)))].sort(([a], [b]) => Number(a) - Number(b))) {
    ranks += alike.filter((i) => isBad(t, i)).length * (before + (alike.length + 1) / 2);
    before += alike.length;
  }
  return (ranks - (bad * (bad + 1)) / 2) / (bad * good);
}

/** The bin of P(different). @param {number} p */
export const binOf = (p) => Math.min(BINS - 1, Math.floor(p * BINS));

/** The expected calibration error of P(different). @param {Trials} t @param {number[]} known */
function calibrationError(t, known) {
  if (!known.length) return null;
  const gap = new Array(BINS).fill(0);
  for (const i of known) gap[binOf(pOf(t, i) ?? 0)] += (pOf(t, i) ?? 0) - Number(isBad(t, i));
  return gap.reduce((all, each) => all + Math.abs(each), 0) / known.length;
}

/**
 * Put places into groups by a key.
 * @param {number[]} places
 * @param {(place: number) => string} key
 * @returns {Map<string, number[]>}
 */
export function groupBy(places, key) {
  const groups = new Map();
  for (const place of places) {
    const name = key(place);
    const group = groups.get(name);
    if (group) group.push(place);
    else groups.set(name, [place]);
  }
  return groups;
}

/**
 * The change from one row to another on the cases that both have, unit by unit.
 * @param {Trials} t
 * @param {number[]} before
 * @param {number[]} after
 * @param {boolean} balanced of balanced accuracy, or of plain accuracy
 */
export function changes(t, before, after, balanced) {
  const right = (/** @type {number} */ i) => Number(balanced ? isRight(t, i) : t.outcome[i] === "correct");
  const twins = new Map(before.map((i) => [t.case[i], i]));
  const cases = { good: 0, bad: 0 };
  const units = new Map();
  for (const i of after) {
    const twin = twins.get(t.case[i]);
    if (twin === undefined || (balanced && !isBad(t, i) && !isGood(t, i))) continue;
    const unit = units.get(t.unit[i]) ?? { good: 0, bad: 0 };
    const part = isBad(t, i) ? "bad" : "good";
    units.set(t.unit[i], { ...unit, [part]: unit[part] + right(i) - right(twin) });
    cases[part] += 1;
  }
  const sum = { good: 0, bad: 0 };
  for (const unit of units.values()) {
    sum.good += unit.good;
    sum.bad += unit.bad;
  }
  const gain = balanced ? sum.good * cases.bad + sum.bad * cases.good : sum.good + sum.bad;
  return { gain, p: signFlips([...units.values()], cases, balanced), units: units.size };
}

/**
 * Whether the first row is better than every row of another model, beyond chance: by sign flips of the change
 * of balanced accuracy over units, on the cases that both have, adjusted by Holm over the other rows.
 * @param {Trials} t
 * @param {{places: number[], balanced_accuracy: number | null}} first
 * @param {{places: number[]}[]} others the hardest to beat first
 */
export function leads(t, first, others) {
  if (!others.length) return false;
  const p = [];
  for (const other of others) {
    const found = changes(t, other.places, first.places, first.balanced_accuracy !== null);
    if (!(found.gain > 0) || found.p === null || found.p >= SIGNIFICANT) return false;
    p.push(found.p);
  }
  return holm(p).every((value) => value < SIGNIFICANT);
}
