// @ts-check
// The leaderboard: a row for each model as it was shown the pictures, under the filters.
import { trials, ordinary, models } from "./data.js";
import { at, fill, h, nothing, variantChip } from "./dom.js";
import { figuresOf, groupBy, leads } from "./figures.js";
import { ANY, passes, set, state } from "./state.js";
import { showTable } from "./table.js";
import { NONE, rate, say, sayWord, seconds, whole } from "./words.js";

/**
 * @typedef {ReturnType<typeof figuresOf> & {model: string, variant: string, layout: string, question: string,
 *   places: number[], best: boolean}} Row
 */

/** The rows under the filters, the best of a question first. @returns {Row[]} */
export function boardRows() {
  const groups = groupBy(ordinary.filter(passes), (i) =>
    JSON.stringify([trials.question[i], trials.variant[i], trials.layout[i], trials.model[i]]),
  );
  const rows = [...groups].map(([key, places]) => {
    const [question, variant, layout, model] = JSON.parse(key);
    return { ...figuresOf(trials, places), question, variant, layout, model, places, best: false };
  });
  rows.sort((a, b) => merit(b) - merit(a) || b.accuracy - a.accuracy || a.model.localeCompare(b.model));
  mark(rows);
  return rows;
}

/** @param {Row} row */
const merit = (row) => row.balanced ?? row.accuracy;

/** Mark the best of each question and variant, if it is better than every other model beyond chance. @param {Row[]} rows */
function mark(rows) {
  const contests = new Map();
  for (const row of rows) {
    const key = JSON.stringify([row.question, row.variant]);
    contests.set(key, [...(contests.get(key) ?? []), row]);
  }
  for (const [first, ...rest] of contests.values())
    first.best = leads(trials, first, rest.filter((/** @type {Row} */ row) => row.model !== first.model));
}

/** Show the leaderboard. */
export async function showBoard() {
  const rows = boardRows();
  fill(at("board-note"), rows.length ? note(rows) : null);
  if (!rows.length) {
    fill(at("board-table"), nothing(say(trials.trial.length ? "board.none" : "board.empty")));
    return;
  }
  const judged = rows.some((row) => row.balanced !== null);
  await showTable(at("board-table"), {
    caption: say("board.title"),
    columns: columnsOf(rows, judged),
    rows,
    order: [[columnsOf(rows, judged).findIndex((column) => column.class?.includes("leading")), "desc"]],
  });
}

/** @param {Row[]} rows */
function note(rows) {
  const marked = rows.some((row) => row.best);
  const several = new Set(rows.map((row) => row.model)).size > 1;
  return [
    h("p", { class: "note" }, say("board.reading")),
    several && h("p", { class: "note" }, say(marked ? "board.marked" : "board.unmarked")),
  ];
}

/**
 * @param {Row[]} rows
 * @param {boolean} judged
 * @returns {import("./table.js").Column<Row>[]}
 */
function columnsOf(rows, judged) {
  const any = (/** @type {(row: Row) => unknown} */ of) => new Set(rows.map(of)).size > 1;
  const has = (/** @type {(row: Row) => unknown} */ of) => rows.some((row) => of(row) !== null);
  /** @type {(import("./table.js").Column<Row> | false)[]} */
  const columns = [
    { title: say("board.model"), cell: modelCell, sort: (row) => row.model, class: "who" },
    state.question === ANY && { title: say("filter.question"), cell: (row) => sayWord("question", row.question), sort: (row) => row.question },
    { title: say("board.variant"), cell: (row) => variantChip(row.variant), sort: (row) => (row.variant === "raw" ? "" : row.variant) },
    any((row) => row.layout) && { title: say("board.layout"), cell: (row) => sayWord("layout", row.layout), sort: (row) => row.layout },
    { title: say("board.n"), hint: say("board.n_hint"), cell: (row) => whole(row.n), sort: (row) => row.n, number: true, class: "extra" },
    judged && {
      title: say("board.balanced"), hint: say("board.balanced_hint"), number: true, class: "leading",
      cell: (row) => bar(row.balanced, row.balancedEnds, 0.5), sort: (row) => row.balanced,
    },
    !judged && {
      title: say("board.accuracy"), hint: say("board.accuracy_hint"), number: true, class: "leading",
      cell: (row) => bar(row.accuracy, row.accuracyEnds, null), sort: (row) => row.accuracy,
    },
    judged && figure("overkill", (row) => row.overkill),
    judged && figure("miss", (row) => row.miss),
    has((row) => row.recall) && { ...figure("recall", (row) => row.recall), lowFirst: false },
    figure("unparsed", (row) => row.unparsed),
    { ...figure("seconds", (row) => row.seconds), cell: (row) => seconds(row.seconds) },
  ];
  return /** @type {import("./table.js").Column<Row>[]} */ (columns.filter(Boolean));
}

/**
 * @param {string} name
 * @param {(row: Row) => number | null} of
 * @returns {import("./table.js").Column<Row>}
 */
const figure = (name, of) => ({
  title: say(`board.${name}`), hint: say(`board.${name}_hint`), number: true, lowFirst: true,
  cell: (row) => rate(of(row)), sort: of,
});

/** @param {Row} row */
function modelCell(row) {
  const look = () => set({ model: row.model, variant: row.variant, outcome: "wrong" });
  return h(
    "span", { class: "model" },
    h("button", { class: "plain name", title: say("board.look"), onclick: () => { look(); at("gallery").scrollIntoView(); } }, row.model),
    row.best && h("span", { class: "best", title: say("board.best_hint") }, say("board.best")),
    models[row.model]?.card && h("span", { class: "chip adapter" }, say("board.adapter")),
  );
}

/**
 * A rate as a bar, its interval as a line over it, and as numbers.
 * @param {number | null} value
 * @param {[number, number] | null} ends
 * @param {number | null} chance where guessing is
 */
export function bar(value, ends, chance) {
  if (value === null) return h("span", null, NONE);
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(2)}%`;
  return h(
    "span", { class: "bar" },
    h(
      "span", { class: "track", "aria-hidden": "true" },
      h("span", { class: "value", style: { width: percent(value) } }),
      chance !== null && h("span", { class: "chance", style: { left: percent(chance) } }),
      ends && h("span", { class: "ends", style: { left: percent(ends[0]), width: percent(ends[1] - ends[0]) } }),
    ),
    h("b", null, rate(value)),
    ends && h("span", { class: "between" }, `${rate(ends[0])}–${rate(ends[1])}`),
  );
}
