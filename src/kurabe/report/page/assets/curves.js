// @ts-check
// How far P(different) can be trusted: a curve for each row of the leaderboard, of the trials that have it.
import { showNothing, showReliability, showRoc } from "./charts.js";
import { isBad, pOf, written } from "./counted.js";
import { trials } from "./data.js";
import { at, fill, h } from "./dom.js";
import { keysOf } from "./drill.js";
import { binOf, groupBy } from "./figures.js";
import { DASHES, FORMS, formsOf } from "./forms.js";
import { shownOf } from "./legend.js";
import { ANY, state } from "./state.js";
import { rate, say, sayWord, whole } from "./words.js";

const DRAWN = FORMS;
/** A step that nobody sees is not drawn: a curve of 10,000 trials has as many points. */
const SEEN = 1 / 200;
/** Signs along a curve. */
const MARKS = 6;

/**
 * @typedef {import("./board.js").Row} Row
 * @typedef {import("./legend.js").Line & {auroc: string, ece: string, judged: boolean, places: number[]}} Curve
 */

/** Show both charts. @param {Row[]} rows of the leaderboard, the best first */
export async function showCurves(rows) {
  const known = rows.filter((row) => row.n_p);
  const drawn = known.slice(0, DRAWN);
  fill(at("probability-note"), notes(drawn, known.length));
  if (!drawn.length) {
    showNothing(at("reliability"), say("kinds.no_p"));
    showNothing(at("roc"), say("kinds.no_p"));
    return;
  }
  const forms = formsOf(drawn.map((row) => row.model));
  const curves = drawn.map((row) => curveOf(row, drawn, forms));
  const shown = shownOf(curves);
  const named = (/** @type {Curve[]} */ all, /** @type {"ece" | "auroc"} */ name) => all.map((curve) => ({ ...curve, name: curve[name] }));
  await showReliability(at("reliability"), shown, shown.flatMap(reliability), named(curves, "ece"));
  const judged = curves.filter((curve) => curve.judged);
  if (judged.length) await showRoc(at("roc"), shownOf(judged), shownOf(judged).flatMap(roc), named(judged, "auroc"));
  else showNothing(at("roc"), say("kinds.one_class"));
}

/** @param {Row[]} drawn @param {number} all */
function notes(drawn, all) {
  const without = drawn.map((row) => (row.n_bad ?? 0) + (row.n_good ?? 0) - (row.n_p ?? 0)).reduce((sum, each) => sum + each, 0);
  return [
    drawn.length > 0 && h("p", { class: "note" }, say("kinds.by_row"), without > 0 && ` ${say("kinds.without_p", { n: whole(without) })}`),
    all > drawn.length && h("p", { class: "note" }, say("kinds.drawn", { n: drawn.length, all: whole(all) })),
  ];
}

/** @param {Row} row */
const wayOf = ({ variant, layout, question }) => JSON.stringify([variant === "raw" ? "" : variant, layout, question]);
/** Raw first, so that it has the solid line. @param {Row[]} drawn */
const ways = (drawn) => [...new Set(drawn.map(wayOf))].sort();

/** @param {Row} row @param {Row[]} drawn @param {Map<string, import("./forms.js").Form>} forms @returns {Curve} */
function curveOf(row, drawn, forms) {
  const varies = (/** @type {"layout" | "question"} */ key) => new Set(drawn.map((each) => each[key])).size > 1;
  const name = [
    row.model, row.variant, varies("layout") && sayWord("layout", row.layout), state.question === ANY && varies("question") && sayWord("question", row.question),
  ].filter(Boolean).join(" · ");
  const count = { name, n: whole(row.n_p ?? 0) };
  return {
    id: written(keysOf(row)), name, judged: row.auroc !== null,
    // Rows of one model have its colour and sign; how it was shown and asked has a dash.
    form: { .../** @type {import("./forms.js").Form} */ (forms.get(row.model)), dash: DASHES[ways(drawn).indexOf(wayOf(row)) % DASHES.length] },
    auroc: say("kinds.curve_auroc", { ...count, value: rate(row.auroc) }), ece: say("kinds.curve_ece", { ...count, value: rate(row.ece) }),
    places: row.places.filter((i) => trials.expected_verdict[i] !== null && pOf(trials, i) !== null),
  };
}

/** @param {number} i */
const valueOf = (i) => pOf(trials, i) ?? 0;

/** Bins of equal width: the mean of P(different) and the share that was different. @param {Curve} curve */
function reliability({ id, name, places }) {
  const bins = groupBy(places, (i) => String(binOf(valueOf(i))));
  return [...bins.values()].map((bin) => ({
    row: id, name, n: bin.length,
    p: bin.reduce((sum, i) => sum + valueOf(i), 0) / bin.length,
    share: bin.filter((i) => isBad(trials, i)).length / bin.length,
  }));
}

/** The ROC curve; trials of one P(different) are one step. @param {Curve} curve */
function roc({ id, places }) {
  const bad = places.filter((i) => isBad(trials, i)).length;
  const good = places.length - bad;
  const sorted = [...places].sort((a, b) => valueOf(b) - valueOf(a));
  const points = [{ row: id, x: 0, y: 0, at: 0, marked: false }];
  let hits = 0;
  let marked = 0;
  sorted.forEach((i, place) => {
    hits += Number(isBad(trials, i));
    const end = place + 1 === sorted.length;
    if (!end && valueOf(sorted[place + 1]) === valueOf(i)) return;
    const [x, y] = [(place + 1 - hits) / good, hits / bad];
    const before = points[points.length - 1];
    if (!end && x - before.x < SEEN && y - before.y < SEEN) return;
    const along = Math.floor(((x + y) / 2) * MARKS);
    points.push({ row: id, x, y, at: place + 1, marked: !end && along > marked });
    marked = along;
  });
  return points;
}
