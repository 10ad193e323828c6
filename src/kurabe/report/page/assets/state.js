// @ts-check
// What is looked at: filters and the open trial. It stands in the address, so that it can be sent on.
import { trials } from "./data.js";

export const FIGURE_FILTERS = /** @type {const} */ (["question", "suite", "tag", "variant", "layout"]);
/** What the section "Decide" looks at: a row, its thresholds, what errors cost; and what is compared. */
export const DECISION = /** @type {const} */ (["row", "at", "upto", "line", "before", "after"]);
const KEYS = /** @type {const} */ ([...FIGURE_FILTERS, ...DECISION, "only", "model", "outcome", "q", "trial"]);

/** @typedef {typeof KEYS[number]} Key */

/** Every question at once. */
export const ANY = "any";

const QUESTIONS = ["verdict", "differences", "count", "choice", "describe"];

/** The questions that the run asked, in the order in which they are asked. */
export const questions = QUESTIONS.filter((question) => trials.question.includes(question));

/** @type {Record<Key, string>} */
const DEFAULTS = {
  question: questions[0] ?? "", suite: "", tag: "", variant: "", layout: "", row: "", at: "", upto: "", line: "", before: "", after: "",
  only: "", model: "", outcome: "", q: "", trial: "",
};

/** @type {Record<Key, string>} */
export const state = { ...DEFAULTS };

/** @type {((changed: Set<string>) => void)[]} */
const listeners = [];

/** Call `listener` with the names of what changed. @param {(changed: Set<string>) => void} listener */
export const whenChanged = (listener) => listeners.push(listener);

/** @param {Partial<Record<Key, string>>} patch */
export function set(patch) {
  const changed = apply({ ...state, ...patch });
  if (!changed.size) return;
  // Opening a trial is a step that "back" undoes; turning filters is not.
  const opened = changed.has("trial") && state.trial !== "";
  history[opened ? "pushState" : "replaceState"](null, "", address());
  tell(changed);
}

/** The address of the page as it is now, or with another trial open. @param {string} [trial] */
export function address(trial = state.trial) {
  const parts = new URLSearchParams();
  for (const key of KEYS) {
    const value = key === "trial" ? trial : state[key];
    if (value !== DEFAULTS[key]) parts.set(key, value);
  }
  return "#" + parts.toString();
}

/** Read the address; what it does not say is as by default. */
export function read() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const next = { ...DEFAULTS };
  for (const key of KEYS) next[key] = parts.get(key) ?? DEFAULTS[key];
  tell(apply(next));
}

/** @param {Record<Key, string>} next */
function apply(next) {
  const changed = new Set(KEYS.filter((key) => state[key] !== next[key]));
  Object.assign(state, next);
  return changed;
}

/** @param {Set<string>} changed */
const tell = (changed) => {
  if (changed.size) for (const listener of listeners) listener(changed);
};

/** Whether a trial passes the filters that figures have. @param {number} place */
export const passes = (place) =>
  (state.question === ANY || trials.question[place] === state.question) &&
  (!state.suite || trials.suite[place] === state.suite) &&
  (!state.variant || trials.variant[place] === state.variant) &&
  (!state.layout || trials.layout[place] === state.layout) &&
  (!state.tag || trials.tags[place].includes(state.tag));
