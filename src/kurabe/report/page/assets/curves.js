// @ts-check
// How far P(different) can be trusted: a curve for each row of the leaderboard, of the trials that have it.
import { showNothing, showReliability, showRoc } from "./charts.js";
import { isBad, pOf } from "./counted.js";
import { colourOf, trials } from "./data.js";
import { at, fill, h } from "./dom.js";
import { binOf, groupBy } from "./figures.js";
import { ANY, state } from "./state.js";
import { rate, say, sayWord, whole } from "./words.js";

const DRAWN = 8;
/** Rows of one model have its colour; how it was shown and asked has a dash. */
const DASHES = [[1, 0], [6, 3], [2, 2], [9, 3, 2, 3], [12, 4], [4, 1], [1, 3], [9, 2, 2, 2, 2, 2]];

/**
 * @typedef {import("./board.js").Row} Row
 * @typedef {{name: string, colour: string, dash: number[], auroc: string, ece: string, places: number[]}} Curve
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
  const curves = drawn.map((row) => curveOf(row, drawn));
  await showReliability(at("reliability"), curves, curves.flatMap(reliability));
  const both = curves.filter((_, place) => drawn[place].auroc !== null);
  if (both.length) await showRoc(at("roc"), both, both.flatMap(roc));
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

/** @param {Row} row @param {Row[]} drawn @returns {Curve} */
function curveOf(row, drawn) {
  const varies = (/** @type {"layout" | "question"} */ key) => new Set(drawn.map((each) => each[key])).size > 1;
  const name = [
    row.model, row.variant, varies("layout") && sayWord("layout", row.layout), state.question === ANY && varies("question") && sayWord("question", row.question),
  ].filter(Boolean).join(" · ");
  const count = { name, n: whole(row.n_p ?? 0) };
  return {
    name, colour: colourOf(row.model), dash: DASHES[ways(drawn).indexOf(wayOf(row))],
    auroc: say("kinds.curve_auroc", { ...count, value: rate(row.auroc) }), ece: say("kinds.curve_ece", { ...count, value: rate(row.ece) }),
    places: row.places.filter((i) => trials.expected_verdict[i] !== null && pOf(trials, i) !== null),
  };
}

/** @param {number} i */
const valueOf = (i) => pOf(trials, i) ?? 0;

/** Bins of equal width: the mean of P(different) and the share that was different. @param {Curve} curve */
function reliability({ ece, name, places }) {
  const bins = groupBy(places, (i) => String(binOf(valueOf(i))));
  return [...bins.values()].map((bin) => ({
    row: ece, name, n: bin.length,
    p: bin.reduce((sum, i) => sum + valueOf(i), 0) / bin.length,
    share: bin.filter((i) => isBad(trials, i)).length / bin.length,
  }));
}

/** The ROC curve; trials of one P(different) are one step. @param {Curve} curve */
function roc({ auroc, name, places }) {
  const bad = places.filter((i) => isBad(trials, i)).length;
  const good = places.length - bad;
  const sorted = [...places].sort((a, b) => valueOf(b) - valueOf(a));
  const points = [{ row: auroc, name, x: 0, y: 0, at: 0 }];
  let hits = 0;
  sorted.forEach((i, place) => {
    hits += Number(isBad(trials, i));
    const last = place + 1 === sorted.length || valueOf(sorted[place + 1]) !== valueOf(i);
    if (last) points.push({ row: auroc, name, x: (place + 1 - hits) / good, y: hits / bad, at: place + 1 });
  });
  return points;
}
