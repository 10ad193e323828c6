// @ts-check
// What each number counts. Figures add up by these, and the gallery opens exactly these trials.
import { countsAsTwo, isOfTwos } from "./partners.js";

/** @typedef {import("./data.js").Trials} Trials */

/** @param {Trials} t @param {number} i */
export const isBad = (t, i) => t.expected_verdict[i] === "different";
/** @param {Trials} t @param {number} i */
export const isGood = (t, i) => t.expected_verdict[i] === "same";
/** Whether the part was called what it is; an unread answer and an error call it nothing. @param {Trials} t @param {number} i */
export const isRight = (t, i) => t.verdict[i] === t.expected_verdict[i];
/** P(different) where there is an answer that has it. @param {Trials} t @param {number} i */
export const pOf = (t, i) => (t.outcome[i] === "error" ? null : t.p[i]);

/** What a number may count, by name. @type {Record<string, (t: Trials, i: number) => boolean>} */
export const COUNTED = {
  all: () => true,
  wrong: (t, i) => t.outcome[i] !== "correct",
  missed: (t, i) => isBad(t, i) && !isRight(t, i),
  overkilled: (t, i) => isGood(t, i) && !isRight(t, i),
  unparsed: (t, i) => t.outcome[i] === "unparsed",
  errors: (t, i) => t.outcome[i] === "error",
  good: isGood,
  bad: isBad,
  called_different: (t, i) => t.verdict[i] === "different",
};

/** The kinds of defects of a bad part; null is a defect without a kind. @param {Trials} t @param {number} i @returns {(string | null)[]} */
export const kindsOf = (t, i) => (t.kinds[i].length ? [...new Set(t.kinds[i])] : [null]);

/**
 * Whether a bad part's defect of a kind was missed. Asked for differences, one of the kind that was not named
 * is enough; otherwise the part was not called bad.
 * @param {Trials} t
 * @param {number} i
 * @param {string | null} kind
 */
export function missesKind(t, i, kind) {
  if (t.question[i] !== "differences" || !t.kinds[i].length) return !isRight(t, i);
  const times = (/** @type {(string | null)[]} */ of) => of.filter((each) => each === kind).length;
  return times(t.kinds[i]) > times(t.found_kinds[i]);
}

/** Whether any defect of a bad part was missed. @param {Trials} t @param {number} i */
export const missesAny = (t, i) => kindsOf(t, i).some((kind) => missesKind(t, i, kind));

/** Exactly which trials a number counts. A kind of "" stands for none.
 * `from` and `to` are ends of P(different), the second one not included unless it is 1.
 * @typedef {{what: string, model?: string, variant?: string, layout?: string, question?: string, kind?: string, grade?: string,
 *   from?: string, to?: string, suite?: string, of?: string}} Only `of`: identical pairs, which enter no other number, or trials in twos
 */

/** @param {Only} only as text, for the address */
export const written = (only) => new URLSearchParams(Object.entries(only)).toString();

/** @param {string} text what `written` wrote @returns {Only} */
export const readOnly = (text) => /** @type {Only} */ ({ what: "all", ...Object.fromEntries(new URLSearchParams(text)) });

/**
 * Whether a trial is one of those that a number counts.
 * @param {Trials} t
 * @param {number} i
 * @param {Only} only
 */
export function isCounted(t, i, { what, of, kind, grade, from, to, ...keys }) {
  if (of !== undefined && isOfTwos(of)) return hasAll(t, i, keys) && countsAsTwo(t, i, of, what);
  if (of === "control" ? !t.control[i] : t.control[i] || t.swapped[i] || t.repeat[i] > 0) return false;
  if (from !== undefined && !within(pOf(t, i), Number(from), Number(to))) return false;
  if (!hasAll(t, i, keys)) return false;
  if (kind === undefined && grade === undefined) return COUNTED[what]?.(t, i) ?? false;
  if (!isBad(t, i) || (grade !== undefined && t.grade[i] !== grade)) return false;
  if (kind === undefined) return what !== "missed" || missesAny(t, i);
  const named = kind || null;
  return kindsOf(t, i).includes(named) && (what !== "missed" || missesKind(t, i, named));
}

/** @param {Trials} t @param {number} i @param {Record<string, string>} keys */
const hasAll = (t, i, keys) => Object.entries(keys).every(([key, value]) => /** @type {any} */ (t)[key]?.[i] === value);

/** Whether a P(different) lies in a bar of the histogram. @param {number | null} p @param {number} from @param {number} to */
export const within = (p, from, to) => p !== null && p >= from && (p < to || (to >= 1 && p === 1));
