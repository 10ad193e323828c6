// @ts-check
// Raw against processed, on the same cases: a picture of pairs, a table, and who won which cases.
import { ordinary, tables, trials } from "./data.js";
import { at, fill, h, nothing, svg, variantChip } from "./dom.js";
import { groupBy, rightByCase, SIGNIFICANT } from "./figures.js";
import { ANY, set, state } from "./state.js";
import { showTable } from "./table.js";
import { pValue, rate, say, sayWord, signed, whole } from "./words.js";

/**
 * @typedef {{model: string, suite: string, question: string, variant: string, n: number, raw_accuracy: number,
 *   processed_accuracy: number, delta: number, delta_lo: number | null, delta_hi: number | null,
 *   raw_only_correct: number, processed_only_correct: number, p_value: number, p_holm: number}} Row
 */

const DRAWN = 24;

/** The rows of the suite (or of the total), question and variant that are chosen. @returns {Row[]} */
const rowsNow = () =>
  tables.raw_vs_processed.filter(
    (row) =>
      row.suite === (state.suite || "all") &&
      (state.question === ANY || row.question === state.question) &&
      (!state.variant || state.variant === "raw" || row.variant === state.variant),
  );

/** Show the section. */
export async function showPaired() {
  const rows = rowsNow();
  fill(at("paired-cases"));
  fill(at("paired-note"), state.tag || state.layout ? h("p", { class: "note" }, say("paired.whole")) : null);
  if (!rows.length) {
    fill(at("paired-picture"));
    fill(at("paired-table"), nothing(say("paired.none")));
    return;
  }
  fill(at("paired-picture"), picture(rows));
  await showTable(at("paired-table"), { caption: say("paired.title"), columns: columns(), rows, onclick: showCases, order: [[5 + Number(state.question === ANY), "desc"]] });
}

/** @returns {import("./table.js").Column<Row>[]} */
function columns() {
  /** @type {(import("./table.js").Column<Row> | false)[]} */
  const all = [
    { title: say("board.model"), cell: (row) => row.model, sort: (row) => row.model, class: "who" },
    state.question === ANY && { title: say("filter.question"), cell: (row) => sayWord("question", row.question), sort: (row) => row.question },
    { title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => row.variant },
    { title: say("paired.cases"), cell: (row) => whole(row.n), sort: (row) => row.n, number: true },
    { title: say("paired.key_raw"), hint: say("board.accuracy"), cell: (row) => rate(row.raw_accuracy), sort: (row) => row.raw_accuracy, number: true },
    { title: say("paired.key_processed"), hint: say("board.accuracy"), cell: (row) => rate(row.processed_accuracy), sort: (row) => row.processed_accuracy, number: true },
    { title: say("paired.delta"), hint: say("paired.delta_hint"), cell: deltaCell, sort: (row) => row.delta, number: true },
    { title: "p", hint: say("paired.p_hint"), cell: (row) => pValue(row.p_value), sort: (row) => row.p_value, number: true, lowFirst: true },
    { title: say("paired.p_holm"), hint: say("paired.p_holm_hint"), cell: holmCell, sort: (row) => row.p_holm, number: true, lowFirst: true },
    { title: say("paired.raw_only"), cell: (row) => whole(row.raw_only_correct), sort: (row) => row.raw_only_correct, number: true },
    { title: say("paired.processed_only"), cell: (row) => whole(row.processed_only_correct), sort: (row) => row.processed_only_correct, number: true },
    { title: say("paired.won"), cell: (row) => h("button", { class: "small", "aria-label": say("paired.who_of", { model: row.model }) }, say("paired.who")), sort: null },
  ];
  return /** @type {import("./table.js").Column<Row>[]} */ (all.filter(Boolean));
}

/** @param {Row} row */
const deltaCell = (row) =>
  h(
    "span", { class: row.p_holm < SIGNIFICANT ? (row.delta > 0 ? "delta up" : "delta down") : "delta" },
    h("b", null, signed(row.delta)),
    row.delta_lo !== null && h("span", { class: "between" }, `${signed(row.delta_lo)} … ${signed(row.delta_hi)}`),
  );

/** @param {Row} row */
const holmCell = (row) =>
  h("span", { class: row.p_holm < SIGNIFICANT ? "sure" : null }, pValue(row.p_holm), row.p_holm < SIGNIFICANT && h("span", { title: say("paired.sure") }, " *"));

/** Raw and processed accuracy of each row, joined by a line. @param {Row[]} rows */
function picture(rows) {
  const drawn = [...rows].sort((a, b) => b.processed_accuracy - a.processed_accuracy).slice(0, DRAWN);
  const lines = drawn.map((row) => {
    const sure = row.p_holm < SIGNIFICANT ? (row.delta > 0 ? "up" : "down") : "level";
    return h(
      "li", null,
      h("span", { class: "of" }, h("span", { class: "name" }, row.model), variantChip(row.variant), state.question === ANY && h("span", { class: "quiet" }, sayWord("question", row.question))),
      dumbbell(row, sure),
      deltaCell(row),
      h("span", { class: sure === "level" ? "p-holm quiet" : "p-holm sure", title: say("paired.p_holm_hint") }, `p ${pValue(row.p_holm)}`),
    );
  });
  return h(
    "figure", { class: "dumbbells" },
    h("ul", null, lines, h("li", { class: "scale", "aria-hidden": "true" }, h("span"), h("span", { class: "ticks" }, [0, 0.25, 0.5, 0.75, 1].map((tick) => h("span", { style: { left: `${100 * tick}%` } }, tick))), h("span"), h("span"))),
    h("figcaption", { class: "note" }, h("span", { class: "key raw" }), say("paired.key_raw"), h("span", { class: "key processed" }), say("paired.key_processed"),
      rows.length > drawn.length && ` · ${say("paired.drawn", { n: drawn.length, all: whole(rows.length) })}`),
  );
}

/**
 * @param {Row} row
 * @param {string} sure
 */
function dumbbell(row, sure) {
  const spot = (/** @type {number} */ value) => `${(100 * value).toFixed(2)}%`;
  const label = say("paired.joined", { model: row.model, raw: rate(row.raw_accuracy), processed: rate(row.processed_accuracy) });
  return svg(
    "svg", { class: `dumbbell ${sure}`, role: "img", "aria-label": label },
    svg("title", {}, label),
    ...[25, 50, 75].map((x) => svg("line", { class: "grid", x1: `${x}%`, x2: `${x}%`, y1: 0, y2: 24 })),
    svg("line", { class: "join", x1: spot(row.raw_accuracy), x2: spot(row.processed_accuracy), y1: 12, y2: 12 }),
    svg("circle", { class: "raw", cx: spot(row.raw_accuracy), cy: 12, r: 5 }),
    svg("circle", { class: "processed", cx: spot(row.processed_accuracy), cy: 12, r: 5.5 }),
  );
}

/** Show which cases either side alone got right. @param {Row} row @param {HTMLElement} line */
function showCases(row, line) {
  for (const other of line.parentElement?.children ?? []) other.classList.toggle("chosen", other === line);
  const mine = ordinary.filter(
    (i) => trials.model[i] === row.model && trials.question[i] === row.question && (row.suite === "all" || trials.suite[i] === row.suite),
  );
  const sides = ["raw", row.variant].map((variant) => mine.filter((i) => trials.variant[i] === variant));
  const [raw, processed] = sides.map((places) => rightByCase(trials, places));
  const trialOf = new Map(groupBy(sides[1], (i) => trials.case[i]));
  const won = (/** @type {1 | -1} */ sign) =>
    [...processed].filter(([name, right]) => raw.has(name) && sign * (right - (raw.get(name) ?? 0)) > 0).map(([name]) => name);
  const list = (/** @type {string} */ title, /** @type {string[]} */ names) =>
    h("div", null, h("h4", null, `${title} (${whole(names.length)})`),
      names.length ? h("ul", { class: "links" }, names.map((name) => caseLink(name, trialOf.get(name)?.[0]))) : nothing(say("paired.no_case")));
  fill(at("paired-cases"), h("div", { class: "sides", role: "region", "aria-label": say("paired.who_of", { model: row.model }) },
    h("h3", null, row.model, " ", variantChip(row.variant)),
    list(say("paired.processed_only"), won(1)), list(say("paired.raw_only"), won(-1))));
}

/** @param {string} name @param {number | undefined} place */
const caseLink = (name, place) =>
  h("li", null, h("button", { class: "plain link", onclick: () => place !== undefined && set({ trial: trials.trial[place] }) }, name));
