// @ts-check
// Any two rows, or two runs, held against each other: which trials went from right to wrong, and back.
import { boardRows } from "./board.js";
import { isRight, written } from "./counted.js";
import { placeOf, run, tables, trials } from "./data.js";
import { nameOf } from "./decide.js";
import { at, fill, h, nothing } from "./dom.js";
import { keysOf } from "./drill.js";
import { changes } from "./figures.js";
import { smallPicture, trialLink } from "./sides.js";
import { set, state } from "./state.js";
import { showTable } from "./table.js";
import { NONE, pValue, rate, say, sayWord, signed, whole } from "./words.js";

/** What an earlier run is called among rows. */
const RUN = "run=";
const PAGE = 10;

/**
 * @typedef {import("./board.js").Row} Row
 * @typedef {{place: number, won: boolean, before: string, after: string}} Flip
 * @typedef {{flips: Flip[], note: import("./dom.js").Child[]}} Flips
 */

const table = h("div", { class: "panel scroll" });
/** Which way the trials that are shown changed; "" for both. */
let which = "";

/** Show the table. @param {boolean} [again] the same trials, in another language */
export async function showVersus(again = false) {
  if (!again) which = "";
  const rows = boardRows();
  const runs = Object.keys(tables.comparisons).sort().reverse();
  const box = at("versus");
  if (rows.length < 2 && !runs.length) return fill(box, nothing(say("decide.no_versus")));
  const ids = rows.map((row) => written(keysOf(row)));
  const afterRow = Math.max(0, ids.indexOf(state.after || state.row));
  const earlier = state.before.startsWith(RUN) && runs.includes(state.before.slice(RUN.length));
  const other = ids.indexOf(state.before);
  const before = earlier ? state.before : ids[other >= 0 ? other : ids.findIndex((_, k) => k !== afterRow)] ?? RUN + runs[0];
  const summary = h("div", { class: "summary-of" });
  const choose = (/** @type {"before" | "after"} */ which) => (/** @type {any} */ event) => set({ [which]: event.target.value });
  const options = (/** @type {string} */ chosen) => rows.map((row, k) => h("option", { value: ids[k], selected: ids[k] === chosen }, nameOf(row, rows)));
  const ofRun = before.startsWith(RUN);
  fill(
    box,
    h("div", { class: "choice" },
      h("label", { class: "filter" }, h("span", null, say("decide.before")), h("select", { id: "versus-before", onchange: choose("before") },
        rows.length > 1 && h("optgroup", { label: say("decide.rows") }, options(before)),
        runs.length > 0 && h("optgroup", { label: say("decide.earlier") }, runs.map((name) => h("option", { value: RUN + name, selected: RUN + name === before }, name))))),
      h("label", { class: "filter" }, h("span", null, say("decide.after")), h("select", { id: "versus-after", onchange: choose("after"), disabled: ofRun },
        ofRun ? h("option", null, run.name) : options(ids[afterRow])))),
    summary, table,
  );
  const found = ofRun ? ofRuns(before.slice(RUN.length)) : ofRows(rows[ids.indexOf(before)], rows[afterRow]);
  await showFlips(found, summary);
}

/** @param {Row} before @param {Row} after @returns {Flips} */
function ofRows(before, after) {
  const twins = new Map(before.places.map((i) => [`${trials.question[i]} ${trials.case[i]}`, i]));
  /** @type {Flip[]} */
  const flips = [];
  const count = { both: 0, before: 0, after: 0, neither: 0 };
  for (const place of after.places) {
    const twin = twins.get(`${trials.question[place]} ${trials.case[place]}`);
    if (twin === undefined) continue;
    const [was, is] = [right(twin), right(place)];
    count[was ? (is ? "both" : "before") : is ? "after" : "neither"]++;
    if (was !== is) flips.push({ place, won: is, before: saidOf(trials.verdict[twin], trials.p[twin]), after: saidOf(trials.verdict[place], trials.p[place]) });
  }
  const balanced = before.balanced_accuracy !== null && after.balanced_accuracy !== null;
  const { p, units } = changes(trials, before.places, after.places, balanced);
  const [was, is] = balanced ? [before.balanced_accuracy, after.balanced_accuracy] : [before.accuracy, after.accuracy];
  const shared = count.both + count.before + count.after + count.neither;
  if (!shared) return { flips, note: [say("decide.nothing_shared")] };
  return {
    flips,
    note: [say("decide.of_rows", { shared: whole(shared), both: whole(count.both), neither: whole(count.neither) }), " ",
      shared === before.n && shared === after.n && was !== null && is !== null && say("decide.change", {
        figure: say(balanced ? "board.balanced" : "board.accuracy"), before: rate(was), after: rate(is), delta: signed(is - was), p: pValue(p), units: whole(units),
      })],
  };
}

/** @param {string} name @returns {Flips} */
function ofRuns(name) {
  const found = tables.comparisons[name];
  const of = (/** @type {string[]} */ ids, /** @type {boolean} */ won) => ids.flatMap((id) => {
    const place = placeOf.get(id);
    const [verdict, p] = found.said?.[id] ?? [null, null];
    return place === undefined ? [] : [{ place, won, before: saidOf(verdict, p), after: saidOf(trials.verdict[place], trials.p[place]) }];
  });
  return {
    flips: [...of(found.broken, false), ...of(found.fixed, true)],
    note: [say("runs.shared", { shared: whole(found.shared), old: whole(found.only_old), new: whole(found.only_new) })],
  };
}

/** @param {number} i */
const right = (i) => (trials.expected_verdict[i] !== null ? isRight(trials, i) : trials.outcome[i] === "correct");

/** @param {string | null} verdict @param {number | null} p */
const saidOf = (verdict, p) => (verdict ? sayWord("verdict", verdict) : say("gallery.unread")) + (p === null ? "" : ` · P ${rate(p)}`);

/** @param {Flips} found @param {HTMLElement} summary */
async function showFlips({ flips, note }, summary) {
  const shown = () => flips.filter((flip) => !which || flip.won === (which === "won"));
  const tab = (/** @type {string} */ name) => h("button", { class: `tab ${name === "lost" ? "wrong" : "correct"}`, "aria-pressed": String(which === name), onclick: () => {
    which = which === name ? "" : name;
    tell();
    void draw();
  } }, h("span", { class: "sign", "aria-hidden": "true" }, name === "won" ? "✓" : "✗"), say(`decide.${name}`), h("span", { class: "count" }, whole(flips.filter((flip) => flip.won === (name === "won")).length)));
  const tell = () => fill(summary, h("div", { class: "tabs", role: "group", "aria-label": say("decide.flips") }, tab("lost"), tab("won")), h("p", { class: "note" }, note));
  async function draw() {
    const rows = shown();
    if (!rows.length) return fill(table, nothing(say("decide.no_flips")));
    const list = rows.map((flip) => flip.place);
    await showTable(table, {
      caption: say("decide.flips"), rows, page: PAGE,
      columns: [
        { title: say("decide.flip"), cell: (flip) => h("span", { class: `outcome ${flip.won ? "correct" : "wrong"}` }, h("span", { class: "sign", "aria-hidden": "true" }, flip.won ? "✓" : "✗"), say(`decide.${flip.won ? "won" : "lost"}`)), sort: (flip) => Number(flip.won) },
        { title: say("decide.picture"), cell: (flip) => smallPicture(flip.place, list), sort: null },
        { title: say("decide.case"), cell: (flip) => trialLink(flip.place, list, trials.case[flip.place]), sort: (flip) => trials.case[flip.place], class: "who" },
        { title: say("viewer.expected"), cell: (flip) => (trials.expected[flip.place] === null ? NONE : sayWord("verdict", trials.expected[flip.place] ?? "")), sort: (flip) => trials.expected[flip.place] },
        { title: say("decide.said_before"), cell: (flip) => flip.before, sort: (flip) => flip.before },
        { title: say("decide.said_after"), cell: (flip) => flip.after, sort: (flip) => flip.after },
      ],
    });
  }
  tell();
  await draw();
}

