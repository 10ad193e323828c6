// @ts-check
// Charts as SVG by Vega-Lite. Colours are the page's own, so that they follow its theme and its print.
import { colourOf } from "./data.js";
import { fill, h, nothing } from "./dom.js";
import { library } from "./unpack.js";
import { say } from "./words.js";

const TEXT = "var(--ink)";
const QUIET = "var(--muted)";
const LINE = "var(--line)";

const config = {
  background: "transparent",
  font: "system-ui, sans-serif",
  view: { stroke: null },
  axis: {
    labelColor: QUIET, titleColor: QUIET, titleFontWeight: 500, titleFontSize: 11, labelFontSize: 11,
    gridColor: LINE, domainColor: LINE, tickColor: LINE, labelPadding: 4, titlePadding: 8,
  },
  legend: { labelColor: TEXT, titleColor: QUIET, labelFontSize: 12, orient: "bottom", columns: 4, labelLimit: 220, symbolStrokeWidth: 2.5 },
  title: { color: TEXT },
  point: { size: 45, filled: true, opacity: 1 },
  line: { strokeWidth: 2 },
};

/** @type {WeakMap<Element, {finalize: () => void}>} */
const drawn = new WeakMap();

/**
 * Draw a chart in `node`, in place of what is there.
 * @param {HTMLElement} node
 * @param {Record<string, any>} spec of Vega-Lite
 * @param {string} description what it shows, for those who do not see it
 * @returns {Promise<any>} the view, whose data can be changed
 */
export async function showChart(node, spec, description) {
  const { embed } = await library("vega");
  drawn.get(node)?.finalize();
  // A frame of its own: one that is replaced while it is being drawn is drawn out of sight.
  const frame = h("div", null);
  fill(node, frame);
  const made = await embed(frame, { ...spec, description, config, autosize: { type: "fit-x", contains: "padding" }, width: "container" }, {
    mode: "vega-lite", renderer: "svg", actions: false, tooltip: { theme: "kurabe" },
  });
  drawn.set(node, made);
  return made.view;
}

/** Say that there is nothing to draw. @param {HTMLElement} node @param {string} text */
export const showNothing = (node, text) => fill(node, nothing(text));

const share = { type: "quantitative", scale: { domain: [0, 1] }, axis: { tickCount: 5, format: ".1f" } };

/** Each model in its colour, with a form of its own as well. @param {string[]} names */
const byModel = (names) => ({
  field: "model", type: "nominal", title: null, scale: { domain: names, range: names.map(colourOf) },
});

const DIAGONAL = {
  data: { values: [{ x: 0, y: 0 }, { x: 1, y: 1 }] },
  mark: { type: "line", stroke: QUIET, strokeDash: [4, 4], strokeWidth: 1, aria: false },
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
};

/** Each row in its model's colour, with a dash of its own. @param {import("./curves.js").Curve[]} curves @param {"auroc" | "ece"} label */
const byRow = (curves, label) => {
  const domain = curves.map((curve) => curve[label]);
  const field = { field: "row", type: "nominal", title: null, legend: { columns: 1, labelLimit: 420, symbolType: "stroke", symbolSize: 300 } };
  return {
    color: { ...field, scale: { domain, range: curves.map((curve) => curve.colour) } },
    strokeDash: { ...field, scale: { domain, range: curves.map((curve) => curve.dash) } },
  };
};

/**
 * @param {HTMLElement} node
 * @param {import("./curves.js").Curve[]} curves
 * @param {{row: string, name: string, p: number, share: number, n: number}[]} points
 */
export const showReliability = (node, curves, points) => {
  const { color, strokeDash } = byRow(curves, "ece");
  return showChart(node, {
    height: 300,
    layer: [
      DIAGONAL,
      {
        data: { values: points },
        mark: { type: "line", point: false },
        encoding: {
          x: { ...share, field: "p", title: say("kinds.said_p") }, y: { ...share, field: "share", title: say("kinds.was_different") },
          color, strokeDash, order: { field: "p" },
        },
      },
      {
        data: { values: points },
        mark: { type: "point", opacity: 0.9 },
        encoding: {
          x: { ...share, field: "p" }, y: { ...share, field: "share" }, color,
          size: { field: "n", type: "quantitative", legend: null, scale: { range: [20, 220] } },
          tooltip: [
            { field: "name", title: say("board.model") }, { field: "p", format: ".2f", title: say("kinds.said_p") },
            { field: "share", format: ".2f", title: say("kinds.was_different") }, { field: "n", title: say("board.n") },
          ],
        },
      },
    ],
  }, say("kinds.reliability_is"));
};

/**
 * @param {HTMLElement} node
 * @param {import("./curves.js").Curve[]} curves
 * @param {{row: string, x: number, y: number, at: number}[]} points
 */
export const showRoc = (node, curves, points) =>
  showChart(node, {
    height: 300,
    layer: [
      DIAGONAL,
      {
        data: { values: points },
        mark: { type: "line", interpolate: "linear" },
        encoding: {
          x: { ...share, field: "x", title: say("kinds.false_alarms") }, y: { ...share, field: "y", title: say("kinds.detected") },
          ...byRow(curves, "auroc"), order: { field: "at" },
        },
      },
    ],
  }, say("kinds.roc_is"));

/**
 * The ROC curve of one row, with a point that the returned function moves.
 * @param {HTMLElement} node
 * @param {{x: number, y: number, at: number, threshold: string}[]} points
 * @param {(at: number) => void} chosen called with the point that is clicked
 */
export async function showRocOfRow(node, points, chosen) {
  const at = { x: { ...share, field: "x", title: say("kinds.false_alarms") }, y: { ...share, field: "y", title: say("kinds.detected") } };
  // All with a format: near a point, Vega-Lite looks for a field without one in the wrong place.
  const tooltip = [
    { field: "threshold", type: "quantitative", format: ".12~f", title: "P ≥" }, { field: "x", format: ".3f", title: say("kinds.false_alarms") },
    { field: "y", format: ".3f", title: say("kinds.detected") },
  ];
  const view = await showChart(node, {
    height: 260,
    layer: [
      DIAGONAL,
      { data: { values: points }, mark: { type: "line", interpolate: "linear", stroke: "var(--accent)" }, encoding: { ...at, order: { field: "at" } } },
      {
        data: { values: points },
        params: [{ name: "near", select: { type: "point", on: "pointerover", nearest: true, clear: "pointerout" } }],
        mark: { type: "point", fill: "var(--accent)" },
        encoding: { ...at, tooltip, opacity: { condition: { param: "near", value: 1, empty: false }, value: 0 } },
      },
      {
        data: { name: "now", values: [] },
        mark: { type: "point", size: 150, filled: true, fill: "var(--wrong)", stroke: "var(--surface)", strokeWidth: 2, opacity: 1 },
        encoding: { ...at, tooltip },
      },
    ],
  }, say("decide.roc_is"));
  view.addEventListener("click", (/** @type {unknown} */ _, /** @type {any} */ item) => {
    const point = item?.datum?.datum ?? item?.datum;
    if (point?.at !== undefined) chosen(point.at);
  });
  return (/** @type {{x: number, y: number, threshold: string}[]} */ now) => view.data("now", now).runAsync();
}

/**
 * @param {HTMLElement} node
 * @param {{run: string, place: number, model: string, value: number, n: number}[]} points
 * @param {string[]} names
 */
export const showHistory = (node, points, names) =>
  showChart(node, {
    height: 260,
    data: { values: points },
    encoding: {
      x: { field: "run", type: "ordinal", sort: { field: "place" }, title: null, axis: { labelAngle: -35, labelLimit: 120, grid: false } },
      y: { ...share, field: "value", title: say("board.balanced") },
      color: byModel(names),
    },
    layer: [
      { mark: { type: "line" } },
      {
        mark: { type: "point" },
        encoding: {
          tooltip: [
            { field: "model", title: say("board.model") }, { field: "run", title: say("runs.run") },
            { field: "value", format: ".3f", title: say("board.balanced") }, { field: "n", title: say("board.n") },
          ],
        },
      },
    ],
  }, say("runs.history_is"));

/**
 * @param {HTMLElement} node
 * @param {{step: number, loss: number | null, of: string}[]} points
 * @param {string} model
 */
export const showLoss = (node, points, model) => {
  const curves = [say("runs.train"), say("runs.held_out")];
  return showChart(node, {
    height: 150,
    data: { values: points },
    mark: { type: "line", point: points.length < 40 },
    encoding: {
      x: { field: "step", type: "quantitative", title: say("runs.step"), axis: { tickCount: 5, grid: false } },
      y: { field: "loss", type: "quantitative", title: say("runs.loss"), scale: { zero: false }, axis: { tickCount: 4 } },
      color: { field: "of", type: "nominal", title: null, scale: { domain: curves, range: ["var(--model-1)", "var(--model-2)"] } },
      strokeDash: { field: "of", type: "nominal", title: null, scale: { domain: curves, range: [[1, 0], [5, 3]] } },
    },
  }, say("runs.loss_is", { model }));
};
