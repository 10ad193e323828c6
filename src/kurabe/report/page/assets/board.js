// @ts-check
// The leaderboard: a row for each model as it was shown the pictures, under the filters.
import { COUNTED } from "./counted.js";
import { trials, ordinary, models, run } from "./data.js";
import { at, fill, h, hint, nothing, sentence, variantChip } from "./dom.js";
import { drill, keysOf } from "./drill.js";
import { figuresOf, groupBy, leads } from "./figures.js";
import { LEAST_UNITS } from "./intervals.js";
import { columnsOff, isPicked } from "./picked.js";
import { offerColumns } from "./picker.js";
import { ANY, FIGURE_FILTERS, passes, questions, set, state } from "./state.js";
import { showTable } from "./table.js";
import { amount, NONE, rate, say, sayWord, seconds, whole } from "./words.js";

/**
 * @typedef {ReturnType<typeof figuresOf> & {model: string, variant: string, layout: string, question: string,
 *   places: number[], best: boolean}} Row
 * @typedef {import("./table.js").Column<Row>} Column
 */

/** The rows that were asked for last: every section draws them. @type {{key: string, rows: Row[]}} */
let known = { key: "", rows: [] };

/** The rows under the filters, of the models that are shown, the best of a question first. @returns {Row[]} */
export function boardRows() {
  const key = JSON.stringify(FIGURE_FILTERS.map((filter) => state[filter]));
  if (known.key !== key) known = { key, rows: rowsNow() };
  // What is not shown was in the contest all the same: "best" is best of all.
  return known.rows.filter((row) => isPicked(row.model));
}

/** @returns {Row[]} */
function rowsNow() {
  const groups = groupBy(ordinary.filter(passes), (i) =>
    JSON.stringify([trials.question[i], trials.variant[i], trials.layout[i], trials.model[i]]),
  );
  const rows = [...groups].map(([key, places]) => {
    const [question, variant, layout, model] = JSON.parse(key);
    return { ...figuresOf(trials, places), question, variant, layout, model, places, best: false };
  });
  rows.sort(
    (a, b) =>
      questions.indexOf(a.question) - questions.indexOf(b.question) || merit(b) - merit(a) || b.accuracy - a.accuracy ||
      a.model.localeCompare(b.model) || a.variant.localeCompare(b.variant) || a.layout.localeCompare(b.layout),
  );
  mark(rows);
  return rows;
}

/** @param {Row} row */
const merit = (row) => row.balanced_accuracy ?? row.accuracy;

/** Mark the best of each question and variant, if it is better than every other model beyond chance. @param {Row[]} rows */
function mark(rows) {
  for (const [first, ...rest] of contestsOf(rows)) first.best = leads(trials, first, rest.filter((row) => row.model !== first.model));
}

/** @param {Row[]} rows */
function contestsOf(rows) {
  /** @type {Map<string, Row[]>} */
  const contests = new Map();
  for (const row of rows) {
    const key = JSON.stringify([row.question, row.variant]);
    const held = contests.get(key);
    if (held) held.push(row);
    else contests.set(key, [row]);
  }
  return contests.values();
}

/** Show the leaderboard. */
export async function showBoard() {
  const rows = boardRows();
  showExtent();
  fill(at("board-note"), rows.length ? note(rows) : null);
  if (!rows.length) {
    fill(at("board-table"), nothing(say(trials.trial.length ? "board.none" : "board.empty")));
    at("taken").hidden = true;
    return;
  }
  const all = columnsOf(rows);
  const chosen = all.filter((column) => column.key && column.class !== "who" && !column.class?.includes("leading"));
  offerColumns(chosen.map(({ key, title }) => ({ key: key ?? "", title })));
  const off = columnsOff();
  const columns = all.filter((column) => !chosen.includes(column) || !off.includes(column.key ?? ""));
  const lead = columns.findIndex((column) => column.class?.includes("leading"));
  const [key, way] = state.order.split(".");
  const wanted = columns.findIndex((column) => column.key === key);
  ordered = state.order;
  await showTable(at("board-table"), {
    caption: say("board.title"), columns, rows,
    order: wanted >= 0 ? [[wanted, way === "asc" ? "asc" : "desc"]] : [[lead, "desc"]],
    onorder: (place, to) => {
      ordered = place === lead && to === "desc" ? "" : `${columns[place]?.key}.${to}`;
      set({ order: ordered });
    },
  });
  await showTaken(rows);
}

/** The order that the table has, as it stands in the address. */
let ordered = "";

/** Sort as the address says, where that is not what a click on a heading did. */
export const followOrder = async () => state.order !== ordered && showBoard();

/** Show below what the answers took. @param {Row[]} rows */
async function showTaken(rows) {
  at("taken").hidden = !SERVED;
  if (!SERVED) return;
  const several = new Set(rows.map((row) => row.layout)).size > 1;
  await showTable(at("taken-table"), { caption: say("board.taken"), columns: [...whose(several), ...taken(rows)], rows });
}

/** Say beside the heading which suites were not asked in full. */
function showExtent() {
  const fewer = Object.entries(run.manifest.fewer ?? {}).filter(([suite]) => trials.suite.includes(suite) && (!state.suite || state.suite === suite));
  fill(at("board-extent"), fewer.map(([suite, [asked, there]]) => say("board.fewer", { suite, asked: whole(asked), there: whole(there) })).join(" · "));
}

/** @param {Row[]} rows */
function note(rows) {
  const marked = rows.some((row) => row.best);
  const several = new Set(rows.map((row) => row.model)).size > 1;
  const judged = rows.some((row) => row.balanced_accuracy !== null);
  return [
    h("p", { class: "note" }, say(judged ? "board.reading" : "board.reading_other"), " ", hint("board.click"), " ", unitsNote(rows)),
    several && h("p", { class: "note" }, say(marked ? "board.marked" : "board.unmarked")),
    // What was wrong beside the trials, as a server that tells no probabilities.
    ...(run.manifest.messages ?? []).map((line) => h("p", { class: "note" }, sentence(line))),
  ];
}

/** Over what intervals are taken. @param {Row[]} rows */
function unitsNote(rows) {
  const over = [...new Set(rows.map((row) => row.unit))].map((unit) => {
    const held = rows.filter((row) => row.unit === unit).map((row) => row.references);
    const [least, most] = [Math.min(...held), Math.max(...held)];
    const name = ["reference", "specimen", "test"].includes(unit) ? unit : "mixed";
    return say(`board.over_${name}`, { n: least === most ? whole(most) : `${whole(least)}–${whole(most)}` });
  });
  const few = rows.some((row) => row.references < LEAST_UNITS);
  return say("board.intervals", { over: over.join("; ") }) + (few ? ` ${say("board.few", { n: LEAST_UNITS })}` : "");
}

/** Whose figures a row has. @param {boolean} layouts whether there are several @returns {Column[]} */
const whose = (layouts) => /** @type {Column[]} */ ([
  { key: "model", title: say("board.model"), cell: modelCell, sort: (row) => row.model, class: "who" },
  state.question === ANY && { key: "question", title: say("filter.question"), cell: (row) => sayWord("question", row.question), sort: (row) => row.question },
  { key: "variant", title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => (row.variant === "raw" ? "" : row.variant) },
  layouts && { key: "layout", title: say("board.layout"), cell: (row) => sayWord("layout", row.layout), sort: (row) => row.layout },
].filter(Boolean));

/** @param {Row[]} rows @returns {Column[]} */
function columnsOf(rows) {
  const any = (/** @type {(row: Row) => unknown} */ of) => new Set(rows.map(of)).size > 1;
  const has = (/** @type {(row: Row) => unknown} */ of) => rows.some((row) => of(row) !== null);
  const judged = has((row) => row.n_p);
  const balanced = has((row) => row.balanced_accuracy);
  const listed = rows.every((row) => row.question === "differences");
  const recall = has((row) => row.difference_recall);
  /** @type {(Column | false)[]} */
  const columns = [
    ...whose(any((row) => row.layout)),
    { key: "n", title: say("board.n"), hint: say("board.n_hint"), cell: (row) => drill(row.n, { what: "all", ...keysOf(row) }, {}, whole(row.n)), sort: (row) => row.n, number: true },
    listed && leading("recall", (row) => bar(row.difference_recall, null, null), (row) => row.difference_recall),
    listed && plain("precision", (row) => row.difference_precision),
    listed && withInterval("exact", "accuracy"),
    balanced && !listed && leading("balanced", (row) => bar(row.balanced_accuracy, endsOf(row, "balanced_accuracy"), 0.5), (row) => row.balanced_accuracy),
    balanced && listed && withInterval("balanced", "balanced_accuracy"),
    judged && wrongRate("miss", "missed", (row) => [row.miss_rate, row.missed, row.n_bad, row.miss_rate_hi]),
    judged && wrongRate("overkill", "overkilled", (row) => [row.overkill_rate, row.overkilled, row.n_good, row.overkill_rate_hi]),
    !balanced && !listed && leading("accuracy", (row) => bar(row.accuracy, endsOf(row, "accuracy"), null), (row) => row.accuracy),
    counted("unparsed"),
    counted("errors"),
    balanced && !listed && withInterval("accuracy", "accuracy"),
    !listed && recall && plain("recall", (row) => row.difference_recall),
    !listed && recall && plain("precision", (row) => row.difference_precision),
    has((row) => row.count_mae) && { ...plain("count_mae", (row) => row.count_mae), lowFirst: true },
    { ...plain("seconds", (row) => row.seconds_per_trial), cell: (row) => seconds(row.seconds_per_trial), lowFirst: true },
  ];
  return /** @type {Column[]} */ (columns.filter(Boolean));
}

/** Whether any model is served, or any answer has a price: only then does it matter what answers took. */
const SERVED = Object.values(models).some((model) => "server" in model.facts) || trials.cost.some((cost) => cost !== null);

/** What the answers took. @param {Row[]} rows @returns {Column[]} */
function taken(rows) {
  const priced = rows.some((row) => row.cost !== null);
  const columns = [
    low("tokens_in", (row) => row.tokens_in_per_trial, tokens),
    low("tokens_out", (row) => row.tokens_out_per_trial, tokens),
    priced && low("cost_per_trial", (row) => row.cost_per_trial, amount),
    priced && low("cost", (row) => row.cost, amount),
    low("p50", (row) => row.latency_p50, seconds),
    low("p95", (row) => row.latency_p95, seconds),
  ];
  return /** @type {Column[]} */ (columns.filter(Boolean));
}

/** @param {string} name @param {(row: Row) => number | null} of @param {(value: number | null) => string} shown @returns {Column} */
const low = (name, of, shown) => ({ ...titled(name), cell: (row) => shown(of(row)), sort: of, lowFirst: true });

/** @param {number | null} value */
const tokens = (value) => (value === null ? NONE : whole(Math.round(value)));

/** @param {string} name */
const titled = (name) => ({ key: name, title: say(`board.${name}`), hint: say(`board.${name}_hint`), number: true });

/** @param {string} name @param {Column["cell"]} cell @param {Column["sort"]} sort @returns {Column} */
const leading = (name, cell, sort) => ({ ...titled(name), class: "leading", cell, sort });

/** @param {string} name @param {(row: Row) => number | null} of @returns {Column} */
const plain = (name, of) => ({ ...titled(name), cell: (row) => rate(of(row)), sort: of });

/** @param {string} name @param {"accuracy" | "balanced_accuracy"} figure @returns {Column} */
const withInterval = (name, figure) => ({
  ...titled(name), sort: (row) => row[figure],
  cell: (row) => (row[figure] === null ? NONE : h("span", { class: "rated" }, h("b", null, rate(row[figure])), " ", between(endsOf(row, figure)))),
});

/**
 * A rate of wrong calls with its counts and its upper limit.
 * @param {string} name
 * @param {string} what
 * @param {(row: Row) => (number | null)[]} of the rate, its counts, its limit
 * @returns {Column}
 */
const wrongRate = (name, what, of) => ({
  ...titled(name), lowFirst: true, sort: (row) => of(row)[0],
  cell: (row) => wrongCell(row, what, of(row)),
});

/** @param {Row} row @param {string} what @param {(number | null)[]} figures */
export function wrongCell(row, what, [value, part, parts, limit]) {
  if (value === null) return NONE;
  return drill(part, { what, ...keysOf(row) }, { class: "rated" }, h("b", null, rate(value)), " ",
    h("span", { class: "between" }, say("board.rate_of", { part, whole: parts, limit: rate(limit) })));
}

/** @param {"unparsed" | "errors"} name @returns {Column} */
const counted = (name) => ({
  ...titled(name), lowFirst: true, sort: (row) => row[name],
  cell: (row) => drill(row[name], { what: name, ...keysOf(row) }, {}, whole(row[name])),
});

/** @param {Row} row */
const modelCell = (row) =>
  h(
    "span", { class: "model" },
    drill(row.places.filter((i) => COUNTED.wrong(trials, i)).length, { what: "wrong", ...keysOf(row) }, { class: "name", title: say("board.look") }, row.model),
    row.best && h("span", { class: "best", title: say("board.best_hint") }, say("board.best")),
    models[row.model]?.card && h("span", { class: "chip adapter" }, say("board.adapter")),
  );

/** @param {Row} row @param {"accuracy" | "balanced_accuracy"} figure @returns {[number | null, number | null]} */
const endsOf = (row, figure) => [row[`${figure}_lo`], row[`${figure}_hi`]];

/** An interval, or that there are too few units for one. @param {[number | null, number | null]} ends */
const between = ([low, high]) =>
  h("span", { class: "between" }, low === null ? say("board.too_few") : `${rate(low)}–${rate(high)}`);

/**
 * A rate as a bar, its interval as a line over it, and as numbers.
 * @param {number | null} value
 * @param {[number | null, number | null] | null} ends null for a figure that has no interval
 * @param {number | null} chance where guessing is
 */
function bar(value, ends, chance) {
  if (value === null) return h("span", null, NONE);
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(2)}%`;
  const [low, high] = ends ?? [null, null];
  return h(
    "span", { class: "bar" },
    h(
      "span", { class: "track", "aria-hidden": "true" },
      h("span", { class: "value", style: { width: percent(value) } }),
      chance !== null && h("span", { class: "chance", style: { left: percent(chance) } }),
      low !== null && high !== null && h("span", { class: "ends", style: { left: percent(low), width: percent(high - low) } }),
    ),
    h("b", null, rate(value)),
    ends && between(ends),
  );
}
