// @ts-check
// What tables and charts show of what there is: which models, which columns, which lines of charts.
import { models, trials } from "./data.js";
import { keep, kept } from "./kept.js";
import { set, state } from "./state.js";

/** The models that have trials, in the run's order. */
export const asked = [...new Set([...Object.keys(models), ...trials.model])].filter((name) => trials.model.includes(name));

/** A choice as text: "-" and those left out, or "+" and those shown, whichever is shorter. New models are shown by "-". */
const LEFT_OUT = "-";
const SHOWN = "+";

/** @param {string} text @returns {string[]} */
function listOf(text) {
  try {
    const list = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}

let read = "";
/** @type {(model: string) => boolean} */
let picked = () => true;

/** Whether a model is shown. @param {string} model */
export function isPicked(model) {
  if (read !== state.models) {
    read = state.models;
    const names = new Set(listOf(read.slice(1)));
    const shows = (/** @type {string} */ name) => (read[0] === SHOWN ? names.has(name) : !names.has(name));
    // A choice of another run, of which nothing is left, is no choice.
    picked = read && asked.some(shows) ? shows : () => true;
  }
  return picked(model);
}

/** Show some of the models. @param {string[]} shown */
export function pick(shown) {
  const out = asked.filter((name) => !shown.includes(name));
  const [sign, names] = out.length > shown.length ? [SHOWN, shown] : [LEFT_OUT, out];
  set({ models: out.length ? sign + JSON.stringify(names) : "" });
}

/** The columns that are left out. @returns {string[]} */
export const columnsOff = () => state.columns.split(",").filter(Boolean);

/** @param {string} column @param {boolean} on */
export const showColumn = (column, on) => set({ columns: [...columnsOff().filter((name) => name !== column), ...(on ? [] : [column])].sort().join(",") });

/** The lines of charts that are hidden, by row or model. */
export const linesOff = () => new Set(listOf(state.off));

/** @param {string} line */
export function toggleLine(line) {
  const off = linesOff();
  if (!off.delete(line)) off.add(line);
  set({ off: off.size ? JSON.stringify([...off].sort()) : "" });
}

/** What was chosen last, for a page whose address says nothing. */
export const keptPicks = () => ({ models: kept("models"), columns: kept("columns") });

/** Keep what is chosen for the next page. */
export function keepPicks() {
  // A list of models to show would hide those of a later run.
  keep("models", state.models[0] === SHOWN ? "" : state.models);
  keep("columns", state.columns);
}
