// @ts-check
// Boxes over a picture, expected and predicted, and how far they overlap. Which belong together is decided as in
// `kurabe.scoring`.
import { picture, trials } from "./data.js";
import { h, svg } from "./dom.js";
import { rate, say } from "./words.js";

/** Least overlap at which a box counts as found, as in `kurabe.scoring`. */
export const LEAST_IOU = 0.33;

/** @typedef {import("./data.js").Box} Box */

/** Intersection over union of two boxes, from 0 to 1. @param {Box} a @param {Box} b */
export function iou(a, b) {
  const [width, height] = [Math.min(a[2], b[2]) - Math.max(a[0], b[0]), Math.min(a[3], b[3]) - Math.max(a[1], b[1])];
  if (width <= 0 || height <= 0) return 0;
  const area = (/** @type {Box} */ box) => (box[2] - box[0]) * (box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height);
}

/**
 * Match boxes one to one, the best overlap first.
 * @param {Box[]} expected
 * @param {Box[]} predicted
 * @returns {Map<number, number>} place in `expected` → place in `predicted`
 */
export function matchBoxes(expected, predicted) {
  const overlaps = expected.flatMap((box, i) => predicted.map((other, j) => /** @type {const} */ ([iou(box, other), i, j])));
  overlaps.sort((a, b) => b[0] - a[0] || a[1] - b[1] || a[2] - b[2]);
  const matches = new Map();
  const taken = new Set();
  for (const [overlap, i, j] of overlaps) {
    if (overlap < LEAST_IOU) break;
    if (matches.has(i) || taken.has(j)) continue;
    matches.set(i, j);
    taken.add(j);
  }
  return matches;
}

/** @param {number} i */
export const hasBoxes = (i) => trials.boxes[i].length > 0 || (trials.predicted[i]?.length ?? 0) > 0;

/** Whether the case says where its differences are, so that boxes are right or wrong; a good part has none. @param {number} i */
const isTold = (i) => trials.boxes[i].length > 0 || trials.expected_verdict[i] === "same";

/** The overlap of each predicted box with its own, else with the nearest. @param {number} i */
function overlapsOf(i) {
  const [expected, predicted] = [trials.boxes[i], trials.predicted[i] ?? []];
  const owners = new Map([...matchBoxes(expected, predicted)].map(([mine, theirs]) => [theirs, mine]));
  return predicted.map((box, j) => {
    const owner = owners.get(j);
    const overlap = owner === undefined ? Math.max(0, ...expected.map((other) => iou(other, box))) : iou(expected[owner], box);
    return { owner, overlap };
  });
}

/**
 * Boxes over a picture; they are in pixels of the raw test picture.
 * @param {number} i the trial
 * @param {{w: number, h: number}} on the picture
 */
export function overlay(i, on) {
  const raw = picture(trials.raw[i][trials.raw[i].length - 1]) ?? on;
  const [across, down] = [100 / raw.w, 100 / raw.h];
  const draw = (/** @type {string} */ look) => (/** @type {Box} */ [x1, y1, x2, y2]) => {
    const size = { x: x1 * across, y: y1 * down, width: (x2 - x1) * across, height: (y2 - y1) * down };
    return svg("g", { class: look }, svg("rect", { class: "under", ...size }), svg("rect", { class: "over", ...size }));
  };
  const predicted = trials.predicted[i] ?? [];
  const label = (/** @type {string} */ look, /** @type {Box} */ [x1, y1, x2, y2], /** @type {string} */ text) =>
    // Above its box, or below one at the upper edge.
    h("span", { class: `box-label ${look} ${y1 * down < 12 ? "below" : ""}`, style: { left: `${(look === "predicted" ? x2 : x1) * across}%`, top: `${(y1 * down < 12 ? y2 : y1) * down}%` } }, text);
  return h("div", { class: "boxes", "aria-hidden": "true" },
    svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none" }, ...trials.boxes[i].map(draw("expected")), ...predicted.map(draw("predicted"))),
    trials.boxes[i].map((box, k) => label("expected", box, String(k + 1))),
    overlapsOf(i).map(({ owner, overlap }, k) => isTold(i) && label("predicted", predicted[k], owner === undefined ? rate(overlap) : `${owner + 1}: ${rate(overlap)}`)));
}

/** Boxes as a list: which were found and how well, which were made up. @param {number} i */
export function boxList(i) {
  if (!isTold(i)) return h("p", { class: "quiet" }, say("viewer.box_untold"));
  const expected = trials.boxes[i];
  const found = overlapsOf(i);
  const line = (/** @type {string} */ look, /** @type {string} */ sign, /** @type {string} */ text) =>
    h("li", { class: look }, h("span", { class: "sign", "aria-hidden": "true" }, sign), " ", text);
  return h("ul", { class: "box-list" },
    trials.predicted[i] === null ? null : expected.map((_, k) => {
      const mine = found.find(({ owner }) => owner === k);
      return mine ? line("correct", "✓", say("viewer.box_found", { n: k + 1, iou: rate(mine.overlap) })) : line("wrong", "✗", say("viewer.box_missed", { n: k + 1 }));
    }),
    found.filter(({ owner }) => owner === undefined).map(({ overlap }) => line("wrong", "✗", say("viewer.box_alone", { iou: rate(overlap) }))));
}
