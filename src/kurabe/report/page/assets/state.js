// @ts-check
// What is looked at: filters, order, section, the open trial, theme and language. It stands in the address, so that it can be
// sent on, and "back" undoes one step.
import { trials } from "./data.js";

export const FIGURE_FILTERS = /** @type {const} */ (["question", "suite", "tag", "variant", "layout"]);
/** What the gallery shows, and how. */
export const GALLERY = /** @type {const} */ (["only", "model", "outcome", "q", "sort", "group"]);
/** What the section "Decide" looks at: a row, its thresholds, what errors cost; and what is compared. */
export const DECISION = /** @type {const} */ (["row", "at", "upto", "line", "before", "after"]);
/** What tables and charts show of what there is. */
export const PICKED = /** @type {const} */ (["models", "columns", "off", "order"]);
const KEYS = /** @type {const} */ ([...FIGURE_FILTERS, ...DECISION, ...GALLERY, ...PICKED, "section", "theme", "lang", "view", "trial"]);

/** Moves that belong together are one step: those of a slider, the letters of a search. */
const TOGETHER = [["q"], ["row", "at", "upto"], ["line"]];
/** No step of its own: how pictures are looked at. */
const BESIDE = ["view"];

/** @typedef {typeof KEYS[number]} Key */

/** Every question at once. */
export const ANY = "any";

const QUESTIONS = ["verdict", "differences", "count", "choice", "describe"];

/** The questions that the run asked, in the order in which they are asked. */
export const questions = QUESTIONS.filter((question) => trials.question.includes(question));

const DEFAULTS = /** @type {Record<Key, string>} */ ({ ...Object.fromEntries(KEYS.map((key) => [key, ""])), question: questions[0] ?? "" });

/** @type {Record<Key, string>} */
export const state = { ...DEFAULTS };

/** @type {((changed: Set<string>) => void)[]} */
const listeners = [];
/** The moves that the last step was made of, if more may follow. */
let together = "";

/** Call `listener` with the names of what changed. @param {(changed: Set<string>) => void} listener */
export const whenChanged = (listener) => listeners.push(listener);

/** Change what is looked at: a step that "back" undoes. @param {Partial<Record<Key, string>>} patch */
export function set(patch) {
  const before = state.trial;
  const changed = apply({ ...state, ...patch });
  if (!changed.size) return;
  // From trial to trial is a way of looking, too: "back" closes what was opened.
  const beside = [...changed].every((key) => BESIDE.includes(key)) || (before !== "" && state.trial !== "" && changed.size === 1 && changed.has("trial"));
  const moves = TOGETHER.find((keys) => [...changed].every((key) => keys.includes(key)))?.join() ?? "";
  if (beside || (moves && moves === together)) history.replaceState(history.state, "", address());
  else history.pushState({ opened: before === "" && state.trial !== "" }, "", address());
  if (!beside) together = moves;
  tell(changed);
}

/** Say that the moves so far are one step, and what follows is another. */
export const endStep = () => {
  together = "";
};

/** Note where one has scrolled to; nothing follows it. @param {string} section */
export function noteSection(section) {
  if (state.section === section) return;
  state.section = section;
  history.replaceState(history.state, "", address());
}

/** Close the trial: the way back where it was opened here, so that closing leaves nothing to undo. */
export function closeTrial() {
  if (!state.trial) return;
  tell(apply({ ...state, trial: "" }));
  if (history.state?.opened) history.back();
  else history.replaceState(history.state, "", address());
}

/** The address of the page as it is now, or with something else. @param {Partial<Record<Key, string>>} [patch] */
export function address(patch = {}) {
  const parts = new URLSearchParams();
  for (const key of KEYS) {
    const value = patch[key] ?? state[key];
    if (value !== DEFAULTS[key]) parts.set(key, value);
  }
  return "#" + parts.toString();
}

/** Begin with what the address says, and with what was kept where it says nothing. @param {Partial<Record<Key, string>>} kept */
export function start(kept) {
  read();
  const found = Object.fromEntries(Object.entries(kept).filter(([key, value]) => value && !state[/** @type {Key} */ (key)]));
  if (!Object.keys(found).length) return;
  apply({ ...state, ...found });
  history.replaceState(history.state, "", address());
}

/** Read the address; what it does not say is as by default. */
export function read() {
  together = "";
  const text = location.hash.slice(1);
  // A plain "#gallery" is a section's address, too.
  const parts = new URLSearchParams(text.includes("=") ? text : { section: text });
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
