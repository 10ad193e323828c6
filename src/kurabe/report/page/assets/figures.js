// @ts-check
// The figures of the leaderboard, under filters. They are those of benchmark/report/tables.py and
// benchmark/stats.py: what is counted, over what, and null wherever a figure is undefined. Intervals count
// cases, since asking one again is no new evidence.

/** @typedef {import("./data.js").Trials} Trials */

const Z = 1.959963984540054; // of a 95 % interval
export const SIGNIFICANT = 0.05;

/**
 * Wilson's score interval of a proportion.
 * @param {number} p the proportion
 * @param {number} n independent trials, at least 1
 * @returns {[number, number]}
 */
export function wilson(p, n) {
  const z2 = (Z * Z) / n;
  const middle = (p + z2 / 2) / (1 + z2);
  const half = (Z / (1 + z2)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/**
 * The interval of the mean of two independent proportions, from their own intervals (MOVER).
 * @param {[number, number]} first the proportion, and how many independent trials it is of
 * @param {[number, number]} second
 * @returns {[number, number]}
 */
export function balancedInterval(first, second) {
  const sides = [first, second].map(([p, n]) => ({ p, ends: wilson(p, n) }));
  const middle = (sides[0].p + sides[1].p) / 2;
  const reach = (/** @type {0 | 1} */ end) => Math.hypot(...sides.map(({ p, ends }) => p - ends[end])) / 2;
  return [Math.max(0, middle - reach(0)), Math.min(1, middle + reach(1))];
}

/**
 * The figures of some trials; they should be of one question.
 * @param {Trials} t
 * @param {number[]} places
 */
export function figuresOf(t, places) {
  const sum = { correct: 0, unparsed: 0, answered: 0, seconds: 0, found: 0, wanted: 0 };
  const good = { n: 0, right: 0, cases: new Set() };
  const bad = { n: 0, right: 0, cases: new Set() };
  const cases = new Set();
  for (const i of places) {
    cases.add(t.case[i]);
    sum.correct += Number(t.outcome[i] === "correct");
    sum.unparsed += Number(t.outcome[i] === "unparsed");
    if (t.outcome[i] !== "error") {
      sum.answered += 1;
      sum.seconds += t.seconds[i];
    }
    if (t.question[i] === "differences") {
      sum.found += t.score[i].found?.length ?? 0;
      sum.wanted += t.score[i].expected ?? 0;
    }
    const truth = t.expected_verdict[i];
    if (truth == null) continue;
    const part = truth === "different" ? bad : good;
    part.n += 1;
    part.cases.add(t.case[i]);
    part.right += Number(t.verdict[i] === truth);
  }
  const accuracy = sum.correct / places.length;
  const both = good.n > 0 && bad.n > 0;
  return {
    n: places.length,
    accuracy,
    accuracyEnds: wilson(accuracy, cases.size),
    balanced: both ? (good.right / good.n + bad.right / bad.n) / 2 : null,
    balancedEnds: both
      ? balancedInterval([good.right / good.n, good.cases.size], [bad.right / bad.n, bad.cases.size])
      : null,
    overkill: share(good.n - good.right, good.n),
    miss: share(bad.n - bad.right, bad.n),
    recall: share(sum.found, sum.wanted),
    unparsed: sum.unparsed / places.length,
    seconds: share(sum.seconds, sum.answered),
  };
}

/** @param {number} part @param {number} whole */
const share = (part, whole) => (whole ? part / whole : null);

/**
 * The two-sided p-value of McNemar's exact test.
 * @param {number} firstOnly pairs that only the first got right
 * @param {number} secondOnly
 */
export function mcnemar(firstOnly, secondOnly) {
  const n = firstOnly + secondOnly;
  let log = -n * Math.LN2; // of the chance of k = 0 in n throws of a coin
  let sum = 0;
  for (let k = 0; k <= Math.min(firstOnly, secondOnly); k++) {
    sum += Math.exp(log);
    log += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * sum);
}

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
 * How often each case was answered rightly; asking again is no new evidence.
 * @param {Trials} t
 * @param {number[]} places
 * @returns {Map<string, number>}
 */
export function rightByCase(t, places) {
  const cases = groupBy(places, (i) => t.case[i]);
  return new Map([...cases].map(([name, of]) => [name, of.filter((i) => t.outcome[i] === "correct").length / of.length]));
}

/**
 * Whether the first row is better than the best row of every other model, beyond chance: McNemar's
 * exact test on the cases that both have, adjusted by Holm over the other rows.
 * @param {Trials} t
 * @param {{places: number[]}} first
 * @param {{places: number[]}[]} others
 */
export function leads(t, first, others) {
  if (!others.length) return false;
  const mine = rightByCase(t, first.places);
  const p = others.map((other) => {
    let won = 0;
    let lost = 0;
    for (const [name, right] of rightByCase(t, other.places)) {
      const own = mine.get(name);
      if (own === undefined) continue;
      won += Number(own > right);
      lost += Number(own < right);
    }
    return won > lost ? mcnemar(won, lost) : 1;
  });
  return holm(p).every((value) => value < SIGNIFICANT);
}
