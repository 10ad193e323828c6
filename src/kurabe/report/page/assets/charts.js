// @ts-check
// Charts as SVG by Vega-Lite. Colours are the page's own, so that they follow its theme and its print.
import { fill, h, nothing } from "./dom.js";
import { legendOf } from "./legend.js";
import { library } from "./unpack.js";
import { say } from "./words.js";

const TEXT = "var(--ink)";
const QUIET = "var(--muted)";
const LINE = "var(--line)";

const config = {
  aria: false,
  background: "transparent",
  font: "system-ui, sans-serif",
  view: { stroke: null },
  axis: {
    labelColor: QUIET, titleColor: QUIET, titleFontWeight: 500, titleFontSize: 11, labelFontSize: 11,
    gridColor: LINE, domainColor: LINE, tickColor: LINE, labelPadding: 4, titlePadding: 8,
  },
  legend: { labelColor: TEXT, titleColor: QUIET, labelFontSize: 12, orient: "bottom", columns: 4 },
  title: { color: TEXT },
  point: { size: 45, filled: true, opacity: 1 },
  line: { strokeWidth: 2 },
};

/** @type {WeakMap<Element, {finalize: () => void, view: any}>} */
const drawn = new WeakMap();

/** Pixels that a chart has between the margins of A4: shrunk from a wide screen, its words could not be read. */
const PAPER = 620;

addEventListener("beforeprint", () => {
  for (const node of document.querySelectorAll(".chart")) {
    const view = drawn.get(node)?.view;
    if (view?.width() > PAPER) view.width(PAPER).run();
  }
});
// Vega follows the width of the window.
addEventListener("afterprint", () => dispatchEvent(new Event("resize")));

/**
 * Draw a chart in `node`, in place of what is there.
 * @param {HTMLElement} node
 * @param {Record<string, any>} spec of Vega-Lite
 * @param {string} description what it shows, for those who do not see it
 * @param {import("./legend.js").Line[]} [lines] what the legend below has a button for
 * @returns {Promise<any>} the view, whose data can be changed
 */
export async function showChart(node, spec, description, lines = []) {
  const { embed } = await library("vega");
  drawn.get(node)?.finalize();
  // A frame of its own: one that is replaced while it is being drawn is drawn out of sight.
  const frame = h("div", null);
  const focused = node.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.line : undefined;
  const legend = lines.length > 0 && legendOf(lines);
  fill(node, frame, legend);
  if (focused && legend) /** @type {HTMLElement[]} */ ([...legend.querySelectorAll("button")]).find((each) => each.dataset.line === focused)?.focus();
  const made = await embed(frame, { ...spec, description, config, autosize: { type: "fit-x", contains: "padding" }, width: "container" }, {
    mode: "vega-lite", renderer: "svg", actions: false, tooltip: { theme: "kurabe" },
  });
  // Vega names axes and points in English, by the names of fields. A chart has a description in the page's language,
  // and its figures stand in a table.
  for (const part of frame.querySelectorAll("svg > g")) part.setAttribute("aria-hidden", "true");
  drawn.set(node, made);
  return made.view;
}

/** Say that there is nothing to draw. @param {HTMLElement} node @param {string} text */
export const showNothing = (node, text) => fill(node, nothing(text));

const share = { type: "quantitative", scale: { domain: [0, 1] }, axis: { tickCount: 5, format: ".1f" } };

/**
 * Each line in its colour, with a dash and a sign of its own; the legend is the page's own.
 * @param {import("./legend.js").Line[]} lines
 */
function byLine(lines) {
  const of = (/** @type {(form: import("./forms.js").Form) => unknown} */ get) => ({
    field: "row", type: "nominal", legend: null, scale: { domain: lines.map((line) => line.id), range: lines.map((line) => get(line.form)) },
  });
  const stroke = of((form) => form.colour);
  return { line: { stroke, strokeDash: of((form) => form.dash) }, point: { stroke, fill: of((form) => form.fill), shape: of((form) => form.sign) } };
}

const POINT = { type: "point", size: 45, strokeWidth: 1.5, opacity: 1 };

const DIAGONAL = {
  data: { values: [{ x: 0, y: 0 }, { x: 1, y: 1 }] },
  mark: { type: "line", stroke: QUIET, strokeDash: [4, 4], strokeWidth: 1, aria: false },
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
};

/**
 * @param {HTMLElement} node
 * @param {import("./curves.js").Curve[]} curves
 * @param {{row: string, name: string, p: number, share: number, n: number}[]} points
 * @param {import("./legend.js").Line[]} all also those that are hidden
 */
export const showReliability = (node, curves, points, all) => {
  const { line, point } = byLine(curves);
  return showChart(node, {
    height: 300,
    layer: [
      DIAGONAL,
      {
        data: { values: points },
        mark: { type: "line", point: false },
        encoding: {
          x: { ...share, field: "p", title: say("kinds.said_p") }, y: { ...share, field: "share", title: say("kinds.was_different") },
          ...line, order: { field: "p" },
        },
      },
      {
        data: { values: points },
        mark: { ...POINT, opacity: 0.9 },
        encoding: {
          x: { ...share, field: "p" }, y: { ...share, field: "share" }, ...point,
          size: { field: "n", type: "quantitative", legend: null, scale: { range: [30, 220] } },
          tooltip: [
            { field: "name", title: say("board.model") }, { field: "p", format: ".2f", title: say("kinds.said_p") },
            { field: "share", format: ".2f", title: say("kinds.was_different") }, { field: "n", title: say("board.n") },
          ],
        },
      },
    ],
  }, say("kinds.reliability_is"), all);
};

/**
 * @param {HTMLElement} node
 * @param {import("./curves.js").Curve[]} curves
 * @param {{row: string, x: number, y: number, at: number, marked: boolean}[]} points
 * @param {import("./legend.js").Line[]} all also those that are hidden
 */
export const showRoc = (node, curves, points, all) => {
  const { line, point } = byLine(curves);
  const at = { x: { ...share, field: "x", title: say("kinds.false_alarms") }, y: { ...share, field: "y", title: say("kinds.detected") } };
  return showChart(node, {
    height: 300,
    layer: [
      DIAGONAL,
      { data: { values: points }, mark: { type: "line", interpolate: "linear" }, encoding: { ...at, ...line, order: { field: "at" } } },
      // Some signs along each curve, so that it is told apart without its colour.
      { data: { values: points.filter((each) => each.marked) }, mark: POINT, encoding: { ...at, ...point } },
    ],
  }, say("kinds.roc_is"), all);
};

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
 * @param {{run: string, place: number, row: string, value: number, n: number}[]} points
 * @param {import("./legend.js").Line[]} lines
 * @param {import("./legend.js").Line[]} all also those that are hidden
 */
export const showHistory = (node, points, lines, all) => {
  const { line, point } = byLine(lines);
  return showChart(node, {
    height: 260,
    data: { values: points },
    encoding: {
      x: { field: "run", type: "ordinal", sort: { field: "place" }, title: null, axis: { labelAngle: -35, labelLimit: 120, grid: false } },
      y: { ...share, field: "value", title: say("board.balanced") },
    },
    layer: [
      { mark: { type: "line" }, encoding: line },
      {
        mark: POINT,
        encoding: {
          ...point,
          tooltip: [
            { field: "row", title: say("board.model") }, { field: "run", title: say("runs.run") },
            { field: "value", format: ".3f", title: say("board.balanced") }, { field: "n", title: say("board.n") },
          ],
        },
      },
    ],
  }, say("runs.history_is"), all);
};

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
