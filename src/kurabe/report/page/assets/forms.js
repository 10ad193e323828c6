// @ts-check
// How lines of charts are told apart: by a colour, and by a form as well, for those who see no colours and for paper.
import { svg } from "./dom.js";
import { asked } from "./picked.js";

const COLOURS = 8;

/** Signs of about one size, as paths between -1 and 1: Vega and the legend draw the same. */
export const SIGNS = [
  "M-0.9,0A0.9,0.9,0,1,1,0.9,0A0.9,0.9,0,1,1,-0.9,0Z",
  "M-0.8,-0.8L0.8,-0.8L0.8,0.8L-0.8,0.8Z",
  "M0,-1L0.95,0.75L-0.95,0.75Z",
  "M0,-1.1L0.85,0L0,1.1L-0.85,0Z",
  "M0,1L0.95,-0.75L-0.95,-0.75Z",
  "M-0.33,-1L0.33,-1L0.33,-0.33L1,-0.33L1,0.33L0.33,0.33L0.33,1L-0.33,1L-0.33,0.33L-1,0.33L-1,-0.33L-0.33,-0.33Z",
  "M1,0L-0.75,0.95L-0.75,-0.95Z",
  "M0,-1.1L0.27,-0.37L1.05,-0.34L0.43,0.14L0.65,0.89L0,0.45L-0.65,0.89L-0.43,0.14L-1.05,-0.34L-0.27,-0.37Z",
  "M-1,0L0.75,-0.95L0.75,0.95Z",
  "M-1,-0.5L-0.5,-1L0,-0.5L0.5,-1L1,-0.5L0.5,0L1,0.5L0.5,1L0,0.5L-0.5,1L-1,0.5L-0.5,0Z",
  "M-0.5,-0.9L0.5,-0.9L1,0L0.5,0.9L-0.5,0.9L-1,0Z",
  "M-1,-0.35L1,-0.35L1,0.35L-1,0.35Z",
];
/** Each sign filled, then each hollow. */
export const FORMS = 2 * SIGNS.length;
export const DASHES = [[1, 0], [6, 3], [2, 2], [9, 3, 2, 3], [12, 4], [4, 1], [1, 3], [9, 2, 2, 2, 2, 2]];

/** @typedef {{colour: string, fill: string, sign: string, dash: number[]}} Form */

/**
 * A form for each name, no two alike among the first `FORMS`; a model keeps its own from chart to chart.
 * @param {string[]} names of models
 * @returns {Map<string, Form>}
 */
export function formsOf(names) {
  const taken = new Set();
  return new Map([...new Set(names)].map((name) => {
    let slot = Math.max(0, asked.indexOf(name)) % FORMS;
    while (taken.has(slot) && taken.size < FORMS) slot = (slot + 1) % FORMS;
    taken.add(slot);
    const colour = `var(--model-${(slot % COLOURS) + 1})`;
    const hollow = slot >= SIGNS.length;
    return [name, { colour, fill: hollow ? "var(--surface)" : colour, sign: SIGNS[slot % SIGNS.length], dash: DASHES[Math.floor(slot / COLOURS)] }];
  }));
}

/** What stands before a name in a legend. @param {Form} form */
export const swatch = ({ colour, fill, sign, dash }) =>
  svg("svg", { class: "swatch-of", viewBox: "-18 -7 36 14", width: 36, height: 14, "aria-hidden": "true" },
    svg("line", { x1: -17, x2: 17, y1: 0, y2: 0, stroke: colour, "stroke-width": 2, "stroke-dasharray": dash[1] === 0 ? null : dash.join(" ") }),
    svg("path", { d: sign, transform: "scale(4.6)", fill, stroke: colour, "stroke-width": 0.35 }));
