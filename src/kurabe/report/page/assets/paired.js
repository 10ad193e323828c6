// @ts-check
// Raw against processed, on the same cases: a picture of pairs, a table, and who won which cases. Figures are
// those of `raw_vs_processed.csv`.
import { ordinary, tables, trials } from "./data.js";
import { at, fill, h, lasting, nothing, svg, variantChip } from "./dom.js";
import { drill, keysOf } from "./drill.js";
import { SIGNIFICANT, unitsNeeded } from "./flips.js";
import { isPicked } from "./picked.js";
import { ANY, set, state } from "./state.js";
import { showTable } from "./table.js";
import { NONE, pValue, rate, say, sayWord, signed, whole } from "./words.js";

/**
 * @typedef {{model: string, layout: string, suite: string, question: string, variant: string, n: number, references: number,
 *   raw_balanced_accuracy: number | null, processed_balanced_accuracy: number | null, delta_balanced_accuracy: number | null,
 *   delta_balanced_accuracy_lo: number | null, delta_balanced_accuracy_hi: number | null, raw_accuracy: number,
 *   processed_accuracy: number, delta: number, delta_lo: number | null, delta_hi: number | null,
 *   raw_only_correct: number, processed_only_correct: number, p_value: number | null, p_holm: number | null,
 *   mcnemar_p: number, unit: string}} Row
 * @typedef {import("./table.js").Column<Row>} Column
 */

const DRAWN = 24;

/** The rows of the suite (or of the total), question, layout and variant that are chosen. @returns {Row[]} */
const rowsNow = () =>
  tables.raw_vs_processed.filter(
    (row) =>
      isPicked(row.model) &&
      row.suite === (state.suite || "all") &&
      (state.question === ANY || row.question === state.question) &&
      (!state.layout || row.layout === state.layout) &&
      (!state.variant || state.variant === "raw" || row.variant === state.variant),
  );

/** What leads: balanced accuracy, or accuracy where no verdict is expected. @param {Row} row */
const leadOf = (row) =>
  row.delta_balanced_accuracy === null
    ? { raw: row.raw_accuracy, processed: row.processed_accuracy, delta: row.delta, low: row.delta_lo, high: row.delta_hi }
    : {
        raw: row.raw_balanced_accuracy ?? 0, processed: row.processed_balanced_accuracy ?? 0, delta: row.delta_balanced_accuracy,
        low: row.delta_balanced_accuracy_lo, high: row.delta_balanced_accuracy_hi,
      };

/** @param {Row} row */
const isSure = (row) => row.p_holm !== null && row.p_holm < SIGNIFICANT;

/** The row whose cases are shown. @type {Row | null} */
let open = null;

/** Show the section. @param {boolean} [again] the same rows, in another language: what was opened stays */
export async function showPaired(again = false) {
  const rows = rowsNow();
  if (!again) {
    open = null;
    fill(at("paired-cases"));
  }
  fill(at("paired-note"), state.tag ? h("p", { class: "note" }, say("paired.whole")) : null, powerless(rows).map((text) => h("p", { class: "note" }, text)));
  if (!rows.length) {
    fill(at("paired-picture"));
    fill(at("paired-table"), nothing(say("paired.none")));
    return;
  }
  fill(at("paired-picture"), picture(rows));
  const shown = columns(rows);
  await showTable(at("paired-table"), { caption: say("paired.title"), columns: shown, rows, onclick: showCases, chosen: (row) => row === open, order: [[shown.findIndex((column) => column.class === "change"), "desc"]] });
}

/** Say where there are too few units for any p-value to get below 0.05. @param {Row[]} rows */
function powerless(rows) {
  const contest = (/** @type {Row} */ row) => JSON.stringify([row.layout, row.suite, row.question, row.variant]);
  const told = rows.filter((row) => row.p_value !== null).map((row) => {
    const models = tables.raw_vs_processed.filter((other) => other.p_value !== null && contest(other) === contest(row)).length;
    const needed = unitsNeeded(models);
    return row.references < needed ? say(models > 1 ? "paired.powerless" : "paired.powerless_alone", { units: row.references, models, needed }) : null;
  });
  return /** @type {string[]} */ ([...new Set(told)].filter(Boolean));
}

/** @param {Row[]} rows @returns {Column[]} */
function columns(rows) {
  const judged = rows.some((row) => row.delta_balanced_accuracy !== null);
  const several = new Set(rows.map((row) => row.layout)).size > 1;
  const title = (/** @type {string} */ side) => `${say(`paired.key_${side}`)}: ${say(judged ? "paired.balanced" : "paired.accuracy")}`;
  /** @type {(Column | false)[]} */
  const all = [
    { title: say("board.model"), cell: (row) => row.model, sort: (row) => row.model, class: "who" },
    state.question === ANY && { title: say("filter.question"), cell: (row) => sayWord("question", row.question), sort: (row) => row.question },
    { title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => row.variant },
    several && { title: say("board.layout"), cell: (row) => sayWord("layout", row.layout), sort: (row) => row.layout },
    { title: say("paired.cases"), cell: (row) => counted(row, "all", row.n), sort: (row) => row.n, number: true },
    { title: say("paired.units"), hint: say("paired.units_hint"), cell: (row) => whole(row.references), sort: (row) => row.references, number: true },
    judged && { title: title("raw"), cell: (row) => rate(row.raw_balanced_accuracy), sort: (row) => row.raw_balanced_accuracy, number: true },
    judged && { title: title("processed"), cell: (row) => rate(row.processed_balanced_accuracy), sort: (row) => row.processed_balanced_accuracy, number: true },
    judged && {
      title: say("paired.delta_balanced"), hint: say("paired.delta_balanced_hint"), number: true, class: "change", sort: (row) => row.delta_balanced_accuracy,
      cell: (row) => deltaCell(row, row.delta_balanced_accuracy, row.delta_balanced_accuracy_lo, row.delta_balanced_accuracy_hi),
    },
    judged && { title: "p", hint: say("paired.p_hint"), cell: (row) => pValue(row.p_value), sort: (row) => row.p_value, number: true, lowFirst: true },
    judged && { title: say("paired.p_holm"), hint: say("paired.p_holm_hint"), cell: holmCell, sort: (row) => row.p_holm, number: true, lowFirst: true },
    !judged && { title: title("raw"), cell: (row) => rate(row.raw_accuracy), sort: (row) => row.raw_accuracy, number: true },
    !judged && { title: title("processed"), cell: (row) => rate(row.processed_accuracy), sort: (row) => row.processed_accuracy, number: true },
    {
      title: say("paired.delta"), hint: say("paired.delta_hint"), number: true, class: judged ? "" : "change", sort: (row) => row.delta,
      cell: (row) => h("span", { class: "delta" }, changeOf(row.delta, row.delta_lo, row.delta_hi)),
    },
    { title: say("paired.raw_only"), cell: (row) => counted(row, "raw_only", row.raw_only_correct), sort: (row) => row.raw_only_correct, number: true },
    { title: say("paired.processed_only"), cell: (row) => counted(row, "processed_only", row.processed_only_correct), sort: (row) => row.processed_only_correct, number: true },
    { title: say("paired.mcnemar"), hint: say("paired.mcnemar_hint"), cell: (row) => pValue(row.mcnemar_p), sort: (row) => row.mcnemar_p, number: true, lowFirst: true },
    { title: say("paired.won"), cell: (row) => h("button", { class: "small", "aria-label": say("paired.who_of", { model: row.model }) }, say("paired.who")), sort: null },
  ];
  return /** @type {Column[]} */ (all.filter(Boolean));
}

/** A number of cases, which opens their processed trials. @param {Row} row @param {string} what @param {number} n */
const counted = (row, what, n) => drill(n, { what, of: "processed", ...keysOf(row), ...(row.suite === "all" ? {} : { suite: row.suite }) }, {}, whole(n));

/** @param {Row} row @param {number | null} delta @param {number | null} low @param {number | null} high */
const deltaCell = (row, delta, low, high) =>
  h("span", { class: isSure(row) ? ((delta ?? 0) > 0 ? "delta up" : "delta down") : "delta" }, delta === null ? NONE : changeOf(delta, low, high));

/** A change with its interval, or with why it has none. @param {number} delta @param {number | null} low @param {number | null} high */
const changeOf = (delta, low, high) => [
  h("b", null, signed(delta)),
  h("span", { class: "between" }, low === null ? say("board.too_few") : `${signed(low)} … ${signed(high)}`),
];

/** @param {Row} row */
const holmCell = (row) =>
  h("span", { class: isSure(row) ? "sure" : null }, pValue(row.p_holm), isSure(row) && h("span", { title: say("paired.sure") }, " *"));

/** Raw and processed of each row, joined by a line. @param {Row[]} rows */
function picture(rows) {
  const drawn = [...rows].sort((a, b) => leadOf(b).processed - leadOf(a).processed).slice(0, DRAWN);
  const several = new Set(rows.map((row) => row.layout)).size > 1;
  const lines = drawn.map((row) => {
    const { delta, low, high } = leadOf(row);
    const sure = isSure(row) ? (delta > 0 ? "up" : "down") : "level";
    return h(
      "li", null,
      h("span", { class: "of" }, h("span", { class: "name" }, row.model), variantChip(row.variant), several && h("span", { class: "quiet" }, sayWord("layout", row.layout)),
        state.question === ANY && h("span", { class: "quiet" }, sayWord("question", row.question))),
      dumbbell(row, sure),
      deltaCell(row, delta, low, high),
      h("span", { class: sure === "level" ? "p-holm quiet" : "p-holm sure", title: say("paired.p_holm_hint") }, row.p_holm === null ? null : `p ${pValue(row.p_holm)}`),
    );
  });
  const judged = rows.some((row) => row.delta_balanced_accuracy !== null);
  return h(
    "figure", { class: "dumbbells" },
    h("ul", null, lines, h("li", { class: "scale", "aria-hidden": "true" }, h("span"), h("span", { class: "ticks" }, [0, 0.25, 0.5, 0.75, 1].map((tick) => h("span", { style: { left: `${100 * tick}%` } }, tick))), h("span"), h("span"))),
    h("figcaption", { class: "note" }, `${say(judged ? "paired.balanced" : "paired.accuracy")}: `, h("span", { class: "key raw" }), say("paired.key_raw"), h("span", { class: "key processed" }), say("paired.key_processed"),
      rows.length > drawn.length && ` · ${say("paired.drawn", { n: drawn.length, all: whole(rows.length) })}`),
  );
}

/**
 * @param {Row} row
 * @param {string} sure
 */
function dumbbell(row, sure) {
  const { raw, processed } = leadOf(row);
  const spot = (/** @type {number} */ value) => `${(100 * value).toFixed(2)}%`;
  const label = say("paired.joined", { model: row.model, raw: rate(raw), processed: rate(processed) });
  return svg(
    "svg", { class: `dumbbell ${sure}`, role: "img", "aria-label": label },
    svg("title", {}, label),
    ...[25, 50, 75].map((x) => svg("line", { class: "grid", x1: `${x}%`, x2: `${x}%`, y1: 0, y2: 24 })),
    svg("line", { class: "join", x1: spot(raw), x2: spot(processed), y1: 12, y2: 12 }),
    svg("circle", { class: "raw", cx: spot(raw), cy: 12, r: 5 }),
    svg("circle", { class: "processed", cx: spot(processed), cy: 12, r: 5.5 }),
  );
}

/** Show which cases either side alone got right. @param {Row} row @param {HTMLElement} line */
function showCases(row, line) {
  open = row;
  for (const other of line.parentElement?.children ?? []) other.classList.toggle("chosen", other === line);
  const mine = ordinary.filter(
    (i) => trials.model[i] === row.model && trials.question[i] === row.question && trials.layout[i] === row.layout && (row.suite === "all" || trials.suite[i] === row.suite),
  );
  const [raw, processed] = ["raw", row.variant].map((variant) => new Map(mine.filter((i) => trials.variant[i] === variant).map((i) => [trials.case[i], i])));
  const right = (/** @type {number | undefined} */ i) => i !== undefined && trials.outcome[i] === "correct";
  const won = (/** @type {boolean} */ after) =>
    [...processed].filter(([name, i]) => raw.has(name) && right(i) === after && right(raw.get(name)) !== after);
  const list = (/** @type {import("./dom.js").Child} */ title, /** @type {[string, number][]} */ cases) =>
    h("div", null, h("h4", null, title, ` (${whole(cases.length)})`),
      cases.length ? h("ul", { class: "links" }, cases.map(([name, i]) => caseLink(name, i))) : nothing(lasting("paired.no_case")));
  fill(at("paired-cases"), h("div", { class: "sides", role: "region", "aria-label": say("paired.who_of", { model: row.model }), "data-say-aria-label": "paired.who_of", "data-values": JSON.stringify({ model: row.model }) },
    h("h3", null, row.model, " ", variantChip(row.variant)),
    list(lasting("paired.processed_only"), won(true)), list(lasting("paired.raw_only"), won(false))));
}

/** @param {string} name @param {number} place */
const caseLink = (name, place) =>
  h("li", null, h("button", { class: "plain link", onclick: () => set({ trial: trials.trial[place] }) }, name));
