// @ts-check
// Which defects are missed, and whether the order of pictures matters.
import { boardRows, wrongCell } from "./board.js";
import { isBad, kindsOf, missesAny, missesKind } from "./counted.js";
import { showCurves } from "./curves.js";
import { tables, trials } from "./data.js";
import { at, fill, h, nothing, variantChip } from "./dom.js";
import { drill, keysOf } from "./drill.js";
import { isPicked } from "./picked.js";
import { ANY, state } from "./state.js";
import { showTable } from "./table.js";
import { NONE, rate, say, sayWord, whole } from "./words.js";

const GRADES = ["easy", "medium", "hard"];

/** Show the section. */
export async function showKinds() {
  const rows = boardRows();
  await Promise.all([showHeat(rows), showCurves(rows), showOrder(), showControls()]);
}

/**
 * @typedef {import("./board.js").Row} Row
 * @typedef {{missed: number, n: number}} Cell
 * @typedef {Row & {kinds: Map<string | null, Cell>, grades: Map<string, Cell>}} HeatRow
 */

/** How many bad parts of each kind and grade were missed. @param {Row} row @returns {HeatRow} */
function heatRow(row) {
  /** @type {HeatRow} */
  const made = { ...row, kinds: new Map(), grades: new Map() };
  const add = (/** @type {Map<any, Cell>} */ cells, /** @type {string | null} */ name, /** @type {boolean} */ missed) => {
    const cell = cells.get(name) ?? { missed: 0, n: 0 };
    cells.set(name, { missed: cell.missed + Number(missed), n: cell.n + 1 });
  };
  for (const i of row.places.filter((place) => isBad(trials, place))) {
    for (const kind of kindsOf(trials, i)) add(made.kinds, kind, missesKind(trials, i, kind));
    const grade = trials.grade[i];
    if (grade) add(made.grades, grade, missesAny(trials, i));
  }
  return made;
}

/** @param {Row[]} all */
async function showHeat(all) {
  const rows = all.filter((row) => row.n_bad).map(heatRow);
  if (!rows.length) return fill(at("heat-table"), nothing(say("kinds.none")));
  const kinds = [...new Set(rows.flatMap((row) => [...row.kinds.keys()]))].sort((a, b) => Number(a === null) - Number(b === null) || String(a).localeCompare(String(b)));
  const grades = GRADES.filter((grade) => rows.some((row) => row.grades.has(grade)));
  const several = new Set(rows.map((row) => row.layout)).size > 1;
  /** @type {(import("./table.js").Column<HeatRow> | false)[]} */
  const columns = [
    { title: say("board.model"), cell: (row) => row.model, sort: (row) => row.model, class: "who" },
    state.question === ANY && { title: say("filter.question"), cell: (row) => sayWord("question", row.question), sort: (row) => row.question },
    { title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => row.variant },
    several && { title: say("board.layout"), cell: (row) => sayWord("layout", row.layout), sort: (row) => row.layout },
    {
      title: say("board.overkill"), hint: say("kinds.overkill_hint"), number: true, lowFirst: true, sort: (row) => row.overkill_rate,
      cell: (row) => wrongCell(row, "overkilled", [row.overkill_rate, row.overkilled, row.n_good, row.overkill_rate_hi]),
    },
    ...kinds.map((kind) => heatColumn(kind ?? say("kinds.no_kind"), (row) => row.kinds.get(kind), { kind: kind ?? "" }, "")),
    ...grades.map((grade, place) => heatColumn(sayWord("grade", grade), (row) => row.grades.get(grade), { grade }, place ? "" : "apart")),
  ];
  await showTable(at("heat-table"), { caption: say("kinds.heat"), rows, columns: /** @type {import("./table.js").Column<HeatRow>[]} */ (columns.filter(Boolean)) });
}

/**
 * @param {string} title
 * @param {(row: HeatRow) => Cell | undefined} of
 * @param {{kind?: string, grade?: string}} key which trials it counts
 * @param {string} look
 * @returns {import("./table.js").Column<HeatRow>}
 */
const heatColumn = (title, of, key, look) => ({
  title, number: true, class: `heat ${look}`,
  sort: (row) => share(of(row)),
  cell: (row) => heatCell(row, title, of(row), key),
});

/** @param {Cell | undefined} cell */
const share = (cell) => (cell ? cell.missed / cell.n : null);

/**
 * @param {HeatRow} row
 * @param {string} title
 * @param {Cell | undefined} cell
 * @param {{kind?: string, grade?: string}} key
 */
function heatCell(row, title, cell, key) {
  if (!cell) return h("span", { class: "heat-cell none" }, NONE);
  const says = say("kinds.missed_of", { kind: title, missed: cell.missed, n: cell.n });
  return drill(cell.missed, { what: "missed", ...keysOf(row), ...key }, { class: "heat-cell", style: { "--heat": (cell.missed / cell.n).toFixed(3) }, title: says },
    h("b", null, rate(share(cell))), " ", h("span", { class: "of" }, `${cell.missed}/${cell.n}`), h("span", { class: "unseen" }, says));
}

async function showOrder() {
  const rows = tables.consistency.filter(
    (row) => isPicked(row.model) && row.suite === (state.suite || "all") && (state.question === ANY || row.question === state.question) &&
      (!state.variant || row.variant === state.variant) && (!state.layout || row.layout === state.layout),
  );
  if (!rows.length) return fill(at("order-table"), nothing(say("kinds.no_order")));
  await showTable(at("order-table"), {
    caption: say("kinds.order"),
    rows,
    columns: [
      { title: say("board.model"), cell: (row) => row.model, sort: (row) => row.model, class: "who" },
      { title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => row.variant },
      { title: say("board.n"), hint: say("kinds.order_hint"), cell: (row) => inBoth(row, "all", row.n), sort: (row) => row.n, number: true },
      { title: say("kinds.alike"), cell: (row) => inBoth(row, "alike", row.n * row.consistent, row.consistent), sort: (row) => row.consistent, number: true },
      { title: say("kinds.changed"), cell: (row) => inBoth(row, "changed", row.n * (1 - row.consistent)), sort: (row) => 1 - row.consistent, number: true, lowFirst: true },
      { title: say("kinds.both_right"), cell: (row) => inBoth(row, "both_right", row.n * row.both_correct, row.both_correct), sort: (row) => row.both_correct, number: true },
    ],
  });
}

/**
 * How many pairs, which open with their pictures exchanged, and their share if it is told.
 * @param {any} row
 * @param {string} what
 * @param {number} pairs
 * @param {number} [share]
 */
function inBoth(row, what, pairs, share) {
  const n = Math.round(pairs);
  const only = { what, of: "exchanged", ...keysOf(row), ...(row.suite === "all" ? {} : { suite: row.suite }) };
  if (share === undefined) return drill(n, only, {}, whole(n));
  return drill(n, only, { class: "rated" }, h("b", null, rate(share)), " ", h("span", { class: "between" }, `(${whole(n)}/${whole(row.n)})`));
}

/** @param {any} row @param {string} what @param {number} n */
const counted = ({ model, variant, layout }, what, n) => drill(n, { what, of: "control", model, variant, layout }, {}, whole(n));

async function showControls() {
  const rows = tables.controls.filter((row) => isPicked(row.model) && (!state.variant || row.variant === state.variant) && (!state.layout || row.layout === state.layout));
  if (!rows.length) return fill(at("controls-table"), nothing(say("kinds.no_controls")));
  await showTable(at("controls-table"), {
    caption: say("kinds.controls"),
    rows,
    columns: [
      { title: say("board.model"), cell: (row) => row.model, sort: (row) => row.model, class: "who" },
      { title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => row.variant },
      { title: say("board.n"), cell: (row) => counted(row, "all", row.n), sort: (row) => row.n, number: true },
      { title: say("kinds.called_different"), cell: (row) => counted(row, "called_different", row.called_different), sort: (row) => row.called_different, number: true, lowFirst: true },
      { title: say("board.unparsed"), cell: (row) => counted(row, "unparsed", row.unparsed), sort: (row) => row.unparsed, number: true, lowFirst: true },
      { title: say("board.errors"), cell: (row) => counted(row, "errors", row.errors), sort: (row) => row.errors, number: true, lowFirst: true },
    ],
  });
}
