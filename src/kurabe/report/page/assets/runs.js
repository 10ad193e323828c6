// @ts-check
// Runs: how figures went over time, what changed since an earlier run, adapters, and the manifest.
import { boardRows } from "./board.js";
import { showHistory, showLoss, showNothing } from "./charts.js";
import { models, placeOf, run, tables } from "./data.js";
import { at, fill, h, hint, lasting, nothing, sentence, variantChip } from "./dom.js";
import { FORMS, formsOf } from "./forms.js";
import { shownOf } from "./legend.js";
import { isPicked } from "./picked.js";
import { ANY, set, state } from "./state.js";
import { showTable } from "./table.js";
import { NONE, rate, say, sayWord, short, signed, whole } from "./words.js";

const DRAWN = FORMS;
const LISTED = 40;

/** Show what follows the filters. */
export async function showHistoryNow() {
  const question = state.question === ANY ? "verdict" : state.question;
  const variant = state.variant || "raw";
  const points = tables.history.flatMap((each, place) =>
    each.rows
      .filter((/** @type {any} */ row) => row.suite === (state.suite || "all") && row.question === question && row.variant === variant && row.balanced_accuracy !== null && isPicked(row.model))
      .map((/** @type {any} */ row) => ({ run: each.run, place, row: row.model, value: row.balanced_accuracy, n: row.n })),
  );
  fill(at("history-note"), h("p", { class: "note" }, say("runs.history_note", { question: sayWord("question", question), variant, suite: state.suite || say("filter.all") })));
  const here = boardRows().map((row) => row.model);
  const there = new Set(points.map((point) => point.row));
  const names = [...new Set([...here, ...there])].filter((name) => there.has(name)).slice(0, DRAWN);
  if (!points.length) return showNothing(at("history"), say("runs.no_history"));
  const forms = formsOf(names);
  const all = names.map((name) => ({ id: name, name, form: /** @type {import("./forms.js").Form} */ (forms.get(name)) }));
  const lines = shownOf(all);
  const drawn = new Set(lines.map((line) => line.id));
  if (there.size > DRAWN) at("history-note").append(h("p", { class: "note" }, say("runs.drawn", { n: DRAWN, all: whole(there.size) }), " ", hint("runs.others")));
  await showHistory(at("history"), points.filter((point) => drawn.has(point.row)), lines, all);
}

/** Show what the filters do not move. */
export async function showRuns() {
  makeCompare();
  fill(at("manifest"), tree(run.manifest, 0));
  const unread = Object.entries(tables.unread ?? {});
  if (unread.length) at("history-note").after(h("details", { class: "fold" }, h("summary", null, lasting("runs.unread")), tree(Object.fromEntries(unread), 1)));
  await showAdapters();
}

/** Say anew, in another language, what "showRuns" has shown. */
export async function rewordRuns() {
  const choice = /** @type {HTMLSelectElement} */ (at("compare-with"));
  if (choice.value) await showComparison(choice.value);
  await drawLosses();
}

function makeCompare() {
  const names = Object.keys(tables.comparisons).sort().reverse();
  const choice = /** @type {HTMLSelectElement} */ (at("compare-with"));
  at("compare-choice").hidden = !names.length;
  if (!names.length) return fill(at("compare"), nothing(lasting("runs.no_earlier")));
  fill(choice, names.map((name) => h("option", { value: name }, name)));
  choice.addEventListener("change", () => showComparison(choice.value));
  showComparison(names[0]);
}

const moves = h("div", { class: "scroll" });

/** @param {string} name */
async function showComparison(name) {
  const found = tables.comparisons[name];
  fill(
    at("compare"),
    h("p", { class: "note" }, say("runs.shared", { shared: whole(found.shared), old: whole(found.only_old), new: whole(found.only_new) })),
    h("div", { class: "sides" }, changed("runs.fixed", found.fixed, "correct"), changed("runs.broken", found.broken, "wrong")),
    moves,
  );
  const moved = found.changes.filter((/** @type {any} */ change) => change.old !== change.new);
  if (!moved.length) return fill(moves, nothing(say("runs.unmoved")));
  await showTable(moves, {
    caption: say("runs.changes"),
    rows: moved,
    page: 10,
    columns: [
      { title: say("board.model"), cell: (row) => row.row.model, sort: (row) => row.row.model, class: "who" },
      { title: say("board.variant"), cell: (row) => variantChip(row.row.variant), sort: (row) => row.row.variant },
      { title: say("filter.suite"), cell: (row) => (row.row.suite === "all" ? say("filter.all") : row.row.suite), sort: (row) => row.row.suite },
      { title: say("filter.question"), cell: (row) => sayWord("question", row.row.question), sort: (row) => row.row.question },
      { title: say("runs.figure"), cell: (row) => sayWord("metric", row.metric), sort: (row) => row.metric },
      { title: say("runs.before"), cell: (row) => rate(row.old), sort: (row) => row.old, number: true },
      { title: say("runs.now"), cell: (row) => rate(row.new), sort: (row) => row.new, number: true },
      { title: say("runs.delta"), cell: (row) => signed(by(row)), sort: (row) => by(row), number: true },
    ],
  });
}

/** @param {{old: number | null, new: number | null}} change */
const by = (change) => (change.old === null || change.new === null ? null : change.new - change.old);

/**
 * @param {string} title
 * @param {string[]} ids
 * @param {string} look
 */
const changed = (title, ids, look) =>
  h("div", { class: look }, h("h4", null, `${say(title)} (${whole(ids.length)})`),
    ids.length
      ? h("ul", { class: "links" }, ids.slice(0, LISTED).map((id) => h("li", null, placeOf.has(id) ? h("button", { class: "plain link", onclick: () => set({ trial: id }) }, id) : id)),
        ids.length > LISTED && h("li", { class: "quiet" }, say("runs.and_more", { n: whole(ids.length - LISTED) })))
      : nothing(say("runs.nothing")));

/** The charts of adapters. @type {{name: string, card: any, chart: HTMLElement}[]} */
let losses = [];

async function showAdapters() {
  const cards = Object.entries(models).filter(([, model]) => model.card);
  const absent = Object.entries(models).filter(([, model]) => model.left_out);
  fill(at("left-out"), absent.length ? h("dl", { class: "facts" }, absent.flatMap(([name, model]) => [h("dt", null, name), h("dd", null, sentence(model.left_out))])) : nothing(lasting("runs.all_ran")));
  if (!cards.length) return fill(at("adapters"), nothing(lasting("runs.no_adapters")));
  losses = cards.map(([name, model]) => ({ name, card: model.card, chart: h("div", { class: "chart" }) }));
  fill(at("adapters"), losses.map(({ name, card, chart }) => h("article", { class: "adapter-card" }, h("h4", null, name), chart, tree(card.summary, 0))));
  await drawLosses();
}

async function drawLosses() {
  for (const { name, card, chart } of losses) {
    const points = card.curve.flatMap((/** @type {any} */ at) => [
      { step: at.step, loss: at.loss, of: say("runs.train") }, { step: at.step, loss: at.eval_loss ?? null, of: say("runs.held_out") },
    ]).filter((/** @type {any} */ point) => point.loss != null).map((/** @type {any} */ point) => ({ ...point, loss: short(point.loss) }));
    if (points.length) await showLoss(chart, points, name);
    else fill(chart, nothing(say("runs.no_curve")));
  }
}

/** Whether a number is told in fewer digits than it has; what computing leaves behind in the last ones is none. @param {number} value */
const isCut = (value) => Number(value.toPrecision(12)) !== short(value);

/**
 * Anything of JSON as nested lists; what is nested deep is folded.
 * @param {any} value
 * @param {number} depth
 * @returns {import("./dom.js").Child}
 */
function tree(value, depth) {
  if (value === null || value === undefined || value === "") return h("span", { class: "quiet" }, NONE);
  if (typeof value === "number") return h("span", { title: isCut(value) && Number(value.toPrecision(12)) }, short(value));
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return value.length ? value.map((each) => (typeof each === "number" ? short(each) : each)).join(", ") : h("span", { class: "quiet" }, NONE);
  const entries = Object.entries(value);
  if (!entries.length) return h("span", { class: "quiet" }, NONE);
  const list = h("dl", { class: "tree" }, entries.flatMap(([name, part]) => [h("dt", null, name), h("dd", null, tree(part, depth + 1))]));
  return depth < 2 ? list : h("details", null, h("summary", null, lasting("runs.entries", { n: entries.length })), list);
}
