// @ts-check
// From a leaderboard to a decision: a threshold on P(different) that is moved for one row, and what it does.
import { boardRows } from "./board.js";
import { showRocOfRow, showNothing } from "./charts.js";
import { makeCosts } from "./costs.js";
import { readOnly, written } from "./counted.js";
import { tables, trials } from "./data.js";
import { confusionOf, figuresShown, flatter, ratesOf } from "./decided.js";
import { at, fill, h, nothing } from "./dom.js";
import { keysOf } from "./drill.js";
import { makeHistogram } from "./histogram.js";
import { gapOf, pointsOf, pointsTable } from "./points.js";
import { sidesOf } from "./sides.js";
import { makeSlider } from "./slider.js";
import { set, state } from "./state.js";
import { figuresAt, indexOf, pointAt, rocOf, scaleOf, shippedOf, shortest, sidesAt } from "./threshold.js";
import { rate, say, sayWord, whole } from "./words.js";

/** Milliseconds without a move until pictures and the address follow: a browser takes few addresses a second. */
const WAIT = 250;
/** A second threshold begins so many of the distinct P above the first. */
const BAND = 0.1;

/** @typedef {import("./board.js").Row} Row */

/** What is shown now, to follow what others change.
 * @type {{row: string, line: () => string, follow: () => void, move: (low: string, high: string) => void} | null} */
let shown = null;
/** A newer turn replaces an older one that still waits for a library. */
let turn = 0;

/** The name of a row, without what all rows share. @param {Row} row @param {Row[]} rows */
export function nameOf(row, rows) {
  const varies = (/** @type {"layout" | "question"} */ key) => new Set(rows.map((each) => each[key])).size > 1;
  return [row.model, row.variant, varies("layout") && sayWord("layout", row.layout), varies("question") && sayWord("question", row.question)].filter(Boolean).join(" · ");
}

/** Show the section. */
export async function showDecide() {
  const rows = boardRows().filter((row) => row.n_p);
  shown = null;
  turn++;
  at("decide-body").hidden = !rows.length;
  fill(at("decide-none"), rows.length ? null : nothing(say("decide.none")));
  fill(at("decide-choice"));
  if (!rows.length) return;
  const wanted = state.row ? readOnly(state.row) : null;
  const row = rows.find((each) => wanted && Object.entries(keysOf(each)).every(([key, value]) => /** @type {any} */ (wanted)[key] === value)) ?? rows[0];
  fill(at("decide-choice"), choices(rows, row));
  await showRow(row);
}

/** @param {Row[]} rows @param {Row} row */
function choices(rows, row) {
  const select = /** @type {HTMLSelectElement} */ (h("select", { id: "decide-row", onchange: () => set({ row: select.value, at: "", upto: "" }) },
    rows.map((each) => h("option", { value: written(keysOf(each)), selected: each === row }, nameOf(each, rows)))));
  const suites = [...new Set(trials.suite)].sort();
  const suite = /** @type {HTMLSelectElement} */ (h("select", { id: "decide-suite", onchange: () => set({ suite: suite.value, at: "", upto: "" }) },
    h("option", { value: "" }, say("filter.all")), suites.map((name) => h("option", { value: name, selected: name === state.suite }, name))));
  return [
    h("label", { class: "filter" }, h("span", null, say("decide.row")), select),
    suites.length > 1 && h("label", { class: "filter" }, h("span", null, say("filter.suite")), suite),
  ];
}

/** @param {Row} row */
async function showRow(row) {
  const mine = turn;
  const scale = scaleOf(trials, row.places);
  const { values } = scale;
  const shipped = shippedOf(trials, scale);
  const points = pointsOf(row, shipped);
  let low = indexOf(values, state.at ? Number(state.at) : shipped.threshold);
  let high = state.upto ? Math.max(low, indexOf(values, Number(state.upto))) : low;
  let band = high > low;
  let waiting = 0;
  /** @type {Awaited<ReturnType<typeof showRocOfRow>> | null} */
  let moveRoc = null;

  const value = (/** @type {number} */ index) => values[index] ?? Number(shortest(values, index));
  const lower = makeSlider("decide-at", values, (index) => moved(index, band ? Math.max(index, high) : index));
  const upper = makeSlider("decide-upto", values, (index) => moved(Math.min(low, index), index));
  const two = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id: "decide-two", onchange: () => {
    band = two.checked;
    moved(low, band ? Math.min(values.length, low + Math.max(1, Math.round(BAND * values.length))) : low);
  } }));
  upper.name(say("decide.bad_from"), "P ≥");
  const histogram = makeHistogram(scale, keysOf(row));
  const costs = makeCosts(tables.line?.settings ?? {}, draw);
  const figures = h("dl", { class: "decided" });
  const confusion = h("div", { class: "scroll" });

  /** @param {number} from @param {number} to */
  function moved(from, to) {
    [low, high] = [from, to];
    draw();
    clearTimeout(waiting);
    waiting = window.setTimeout(settle, WAIT);
  }

  function settle() {
    if (mine !== turn) return;
    set({ row: written(keysOf(row)), at: shortest(values, low), upto: band ? shortest(values, high) : "" });
    drawSides();
  }

  function draw() {
    const [from, to] = [value(low), value(high)];
    const found = figuresAt(scale, from, to);
    const says = say("decide.says", { at: shortest(values, low), miss: rate(found.miss.rate), overkill: rate(found.overkill.rate) });
    lower.show(low, says);
    upper.show(high, say("decide.says", { at: shortest(values, high), miss: rate(found.miss.rate), overkill: rate(found.overkill.rate) }));
    lower.name(say(band ? "decide.good_below" : "decide.bad_from"), band ? "P <" : "P ≥");
    two.checked = band;
    upper.node.hidden = !band;
    fill(figures, figuresShown(found, band));
    fill(confusion, confusionOf(found.calls, band, keysOf(row), from, to));
    histogram.cut(from, to);
    costs.show(...ratesOf(found), band);
    moveRoc?.(nowOn(low, high));
    fill(at("decide-flatter"), flatter(points, gapOf(row)));
  }

  /** Where thresholds lie on the curve. @param {...number} indices */
  const nowOn = (...indices) =>
    [...new Set(indices)].map((index) => ({ ...pointAt(scale, value(index)), threshold: shortest(values, index) }));

  function drawSides() {
    const groups = sidesOf(sidesAt(scale, value(low), value(high)));
    fill(at("decide-sides"), groups.length ? groups : nothing(say("decide.no_side")));
  }

  /** @param {Point} point */
  const use = (point) => {
    band = point.threshold_hi !== null;
    const from = indexOf(values, point.threshold ?? 0);
    moved(from, band ? Math.max(from, indexOf(values, point.threshold_hi ?? 0)) : from);
  };

  const marks = points.filter((point) => point.threshold !== null).map((point) => ({ at: indexOf(values, point.threshold ?? 0), name: point.name, kind: point.rule === "shipped" ? "shipped" : "" }));
  lower.mark(marks);
  upper.mark(marks);
  fill(at("decide-control"), lower.node, h("label", { class: "two" }, two, " ", say("decide.two")), upper.node,
    !shipped.exact && h("p", { class: "note" }, say("decide.not_one")),
    row.n_p !== scale.places.length && h("p", { class: "note" }, say("decide.without_p", { n: whole(scale.places.length - (row.n_p ?? 0)) })),
    h("div", { class: "outcome-of" }, figures, confusion));
  fill(at("decide-histogram"), histogram.node);
  fill(at("decide-costs"), costs.node);
  draw();
  drawSides();
  shown = {
    row: written(keysOf(row)),
    line: costs.text,
    follow: histogram.follow,
    move: (from, to) => {
      if (from === shortest(values, low) && to === (band ? shortest(values, high) : "")) return;
      low = indexOf(values, from ? Number(from) : shipped.threshold);
      high = to ? Math.max(low, indexOf(values, Number(to))) : low;
      band = to !== "";
      draw();
      drawSides();
    },
  };
  await pointsTable(at("decide-points"), points, values, use);
  if (mine !== turn) return;
  if (row.auroc === null) return showNothing(at("decide-roc"), say("kinds.one_class"));
  const curve = rocOf(scale).map((point) => ({ ...point, threshold: shortest(values, point.at) }));
  moveRoc = await showRocOfRow(at("decide-roc"), curve, (index) => moved(index, band ? Math.max(index, high) : index));
  moveRoc(nowOn(low, high));
}

/** @typedef {import("./points.js").Point} Point */

/** Follow what changed besides the filters of figures. @param {Set<string>} changed */
export async function followDecide(changed) {
  if (!shown) return;
  // What the section wrote into the address itself is shown already.
  if ((changed.has("row") && state.row !== shown.row) || (changed.has("line") && state.line !== shown.line())) return showDecide();
  if (changed.has("at") || changed.has("upto")) shown.move(state.at, state.upto);
  if (changed.has("only")) shown.follow();
}
