// @ts-check
// Trials that are looked at in twos: a pair and the same with its pictures exchanged, a case processed and raw.
// The numbers are those of `consistency.csv` and `raw_vs_processed.csv`.

/** @typedef {import("./data.js").Trials} Trials */

/** Where each trial is, by what makes it one of its kind. @type {WeakMap<Trials, Map<string, number>>} */
const known = new WeakMap();

/** @param {Trials} t @param {number} i @param {{variant?: string, swapped?: boolean}} [other] */
const keyOf = (t, i, { variant = t.variant[i], swapped = t.swapped[i] } = {}) =>
  JSON.stringify([t.model[i], variant, t.layout[i], t.suite[i], t.question[i], t.case[i], t.repeat[i], swapped]);

/** @param {Trials} t */
function placesOf(t) {
  let places = known.get(t);
  if (!places) {
    places = new Map();
    for (let i = 0; i < t.trial.length; i++) if (!t.control[i]) places.set(keyOf(t, i), i);
    known.set(t, places);
  }
  return places;
}

/** What was answered, in short; null if that cannot be read. @param {Trials} t @param {number} i @returns {string | null} */
function saidIn(t, i) {
  const { count, choice } = t.score[i];
  if (t.question[i] === "count") return count == null ? null : String(count);
  return t.question[i] === "choice" ? (choice ?? null) : t.verdict[i];
}

/** @param {Trials} t @param {number} i @param {number} j */
const alike = (t, i, j) => saidIn(t, i) !== null && saidIn(t, i) === saidIn(t, j);

/** @param {Trials} t @param {number} i */
const isCorrect = (t, i) => t.outcome[i] === "correct";

/** The other trial of two, and what a number may count of them. One of the two stands for both.
 * @type {Record<string, {partner: (t: Trials, i: number) => number | undefined, counted: Record<string, (t: Trials, i: number, j: number) => boolean>}>}
 */
const TWOS = {
  exchanged: {
    partner: (t, i) => (t.swapped[i] && !t.control[i] ? placesOf(t).get(keyOf(t, i, { swapped: false })) : undefined),
    counted: {
      all: () => true,
      alike,
      changed: (t, i, j) => !alike(t, i, j),
      both_right: (t, i, j) => isCorrect(t, i) && isCorrect(t, j),
    },
  },
  processed: {
    partner: (t, i) =>
      t.variant[i] === "raw" || t.control[i] || t.swapped[i] || t.repeat[i] > 0 ? undefined : placesOf(t).get(keyOf(t, i, { variant: "raw" })),
    counted: {
      all: () => true,
      raw_only: (t, i, j) => !isCorrect(t, i) && isCorrect(t, j),
      processed_only: (t, i, j) => isCorrect(t, i) && !isCorrect(t, j),
    },
  },
};

/** Whether numbers of a kind count twos. @param {string | undefined} of */
export const isOfTwos = (of) => of !== undefined && of in TWOS;

/** Whether a trial stands for two that a number counts. @param {Trials} t @param {number} i @param {string} of @param {string} what */
export function countsAsTwo(t, i, of, what) {
  const { partner, counted } = TWOS[of];
  const other = partner(t, i);
  return other !== undefined && (counted[what]?.(t, i, other) ?? false);
}
