// @ts-check
// Which defects are missed, how far P(different) can be trusted, and whether the order of pictures matters.
import { boardRows } from "./board.js";
import { showNothing, showReliability, showRoc } from "./charts.js";
import { ordinary, tables, trials } from "./data.js";
import { at, fill, h, nothing, variantChip } from "./dom.js";
import { groupBy } from "./figures.js";
import { ANY, passes, set, state } from "./state.js";
import { showTable } from "./table.js";
import { NONE, rate, say, sayWord, whole } from "./words.js";

const GRADES = ["easy", "medium", "hard"];
const BINS = 10;
const DRAWN = 8;

/** Show the section. */
export async function showKinds() {
  await Promise.all([showHeat(), showProbabilities(), showOrder(), showControls()]);
}

/** @typedef {{missed: number, n: number}} Cell */
/** @typedef {{model: string, variant: string, cells: Map<string, Cell>}} HeatRow */

/** How many expected differences of each kind and grade were missed, by model and variant. */
function heat() {
  const bad = ordinary.filter((i) => passes(i) && trials.expected_verdict[i] === "different");
  const kinds = new Set();
  /** @type {HeatRow[]} */
  const rows = [];
  for (const [key, places] of groupBy(bad, (i) => JSON.stringify([trials.model[i], trials.variant[i]]))) {
    const [model, variant] = JSON.parse(key);
    const cells = new Map();
    const add = (/** @type {string} */ name, /** @type {boolean} */ missed) => {
      const cell = cells.get(name) ?? { missed: 0, n: 0 };
      cells.set(name, { missed: cell.missed + Number(missed), n: cell.n + 1 });
    };
    for (const i of places) {
      const found = [...trials.found_kinds[i]];
      for (const kind of trials.kinds[i]) {
        const hit = found.indexOf(kind);
        if (hit >= 0) found.splice(hit, 1);
        const missed = trials.question[i] === "differences" ? hit < 0 : trials.verdict[i] === "same";
        kinds.add(kind);
        add(`kind ${kind}`, missed);
        if (trials.grade[i]) add(`grade ${trials.grade[i]}`, missed);
      }
    }
    rows.push({ model, variant, cells });
  }
  return { rows, kinds: [...kinds].sort() };
}

async function showHeat() {
  const { rows, kinds } = heat();
  if (!kinds.length) return fill(at("heat-table"), nothing(say("kinds.none")));
  const grades = GRADES.filter((grade) => rows.some((row) => row.cells.has(`grade ${grade}`)));
  await showTable(at("heat-table"), {
    caption: say("kinds.heat"),
    rows,
    columns: [
      { title: say("board.model"), cell: (row) => row.model, sort: (row) => row.model, class: "who" },
      { title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => row.variant },
      ...kinds.map((kind) => heatColumn(kind, `kind ${kind}`, "")),
      ...grades.map((grade, place) => heatColumn(sayWord("grade", grade), `grade ${grade}`, place ? "" : "apart")),
    ],
  });
}

/**
 * @param {string} title
 * @param {string} key
 * @param {string} look
 * @returns {import("./table.js").Column<HeatRow>}
 */
const heatColumn = (title, key, look) => {
  const of = (/** @type {HeatRow} */ row) => row.cells.get(key);
  return {
    title, number: true, class: `heat ${look}`,
    sort: (row) => share(of(row)),
    cell: (row) => heatCell(row, title, of(row), key.startsWith("kind") ? title : ""),
  };
};

/** @param {Cell | undefined} cell */
const share = (cell) => (cell?.n ? cell.missed / cell.n : null);

/**
 * @param {HeatRow} row
 * @param {string} title
 * @param {Cell | undefined} cell
 * @param {string} kind what to look for in the gallery
 */
function heatCell(row, title, cell, kind) {
  const value = share(cell);
  if (value === null) return h("span", { class: "heat-cell" }, NONE);
  const says = say("kinds.missed_of", { kind: title, missed: cell?.missed, n: cell?.n });
  const look = () => {
    set({ model: row.model, variant: row.variant, outcome: "", q: kind });
    at("gallery").scrollIntoView();
  };
  return h("button", { class: "heat-cell", style: { "--heat": value.toFixed(3) }, title: says, onclick: look },
    rate(value), h("span", { class: "unseen" }, says));
}

/** The models that charts show: the best ones under the filters. */
const drawnModels = () => [...new Set(boardRows().map((row) => row.model))];

async function showProbabilities() {
  const known = ordinary.filter((i) => passes(i) && trials.p[i] !== null && trials.expected_verdict[i] !== null);
  const groups = groupBy(known, (i) => trials.model[i]);
  const names = drawnModels().filter((model) => groups.has(model)).slice(0, DRAWN);
  fill(at("probability-note"), groups.size > names.length ? h("p", { class: "note" }, say("kinds.drawn", { n: names.length, all: groups.size })) : null);
  if (!names.length) {
    showNothing(at("reliability"), say("kinds.no_p"));
    showNothing(at("roc"), say("kinds.no_p"));
    return;
  }
  const of = (/** @type {string} */ model) => groups.get(model) ?? [];
  await showReliability(at("reliability"), names.flatMap((model) => reliability(model, of(model))), names);
  const curves = names.flatMap((model) => roc(model, of(model)));
  if (curves.length) await showRoc(at("roc"), curves, names);
  else showNothing(at("roc"), say("kinds.one_class"));
}

/** @param {number} i */
const isBad = (i) => trials.expected_verdict[i] === "different";
/** @param {number} i */
const pOf = (i) => trials.p[i] ?? 0;

/** Bins of equal width: the mean of P(different) and the share that was different. @param {string} model @param {number[]} places */
function reliability(model, places) {
  const bins = groupBy(places, (i) => String(Math.min(BINS - 1, Math.floor(pOf(i) * BINS))));
  return [...bins.values()].map((bin) => ({
    model, n: bin.length,
    p: bin.reduce((sum, i) => sum + pOf(i), 0) / bin.length,
    share: bin.filter(isBad).length / bin.length,
  }));
}

/** The ROC curve; trials of one P(different) are one step. @param {string} model @param {number[]} places */
function roc(model, places) {
  const bad = places.filter(isBad).length;
  const good = places.length - bad;
  if (!bad || !good) return [];
  const sorted = [...places].sort((a, b) => pOf(b) - pOf(a));
  const points = [{ model, x: 0, y: 0, at: 0 }];
  let hits = 0;
  sorted.forEach((i, place) => {
    hits += Number(isBad(i));
    const last = place + 1 === sorted.length || pOf(sorted[place + 1]) !== pOf(i);
    if (last) points.push({ model, x: (place + 1 - hits) / good, y: hits / bad, at: place + 1 });
  });
  return points;
}

async function showOrder() {
  const rows = tables.consistency.filter(
    (row) => row.suite === (state.suite || "all") && (state.question === ANY || row.question === state.question) && (!state.variant || row.variant === state.variant),
  );
  if (!rows.length) return fill(at("order-table"), nothing(say("kinds.no_order")));
  await showTable(at("order-table"), {
    caption: say("kinds.order"),
    rows,
    columns: [
      { title: say("board.model"), cell: (row) => row.model, sort: (row) => row.model, class: "who" },
      { title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => row.variant },
      { title: say("board.n"), cell: (row) => whole(row.n), sort: (row) => row.n, number: true },
      { title: say("kinds.alike"), cell: (row) => rate(row.consistent), sort: (row) => row.consistent, number: true },
      { title: say("kinds.both_right"), cell: (row) => rate(row.both_correct), sort: (row) => row.both_correct, number: true },
    ],
  });
}

async function showControls() {
  const rows = tables.controls.filter((row) => !state.variant || row.variant === state.variant);
  if (!rows.length) return fill(at("controls-table"), nothing(say("kinds.no_controls")));
  await showTable(at("controls-table"), {
    caption: say("kinds.controls"),
    rows,
    columns: [
      { title: say("board.model"), cell: (row) => row.model, sort: (row) => row.model, class: "who" },
      { title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => row.variant },
      { title: say("board.n"), cell: (row) => whole(row.n), sort: (row) => row.n, number: true },
      { title: say("kinds.called_different"), cell: (row) => whole(row.called_different), sort: (row) => row.called_different, number: true, lowFirst: true },
      { title: say("board.unparsed"), cell: (row) => whole(row.unparsed), sort: (row) => row.unparsed, number: true, lowFirst: true },
    ],
  });
}
