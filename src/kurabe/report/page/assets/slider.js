// @ts-check
// A threshold to move: a slider that snaps to the distinct P(different), and a field for a number. What the keys,
// a finger and a mouse do to the slider is the browser's own.
import { fill, h } from "./dom.js";
import { indexOf, shortest } from "./threshold.js";

/**
 * @typedef {{at: number, name: string, kind: string}} Mark a threshold's place, what it is, and its look
 * @typedef {{
 *   node: HTMLElement, show: (index: number, says: string) => void, mark: (marks: Mark[]) => void,
 *   name: (label: string, sign: string) => void,
 * }} Slider
 */

/**
 * @param {string} id
 * @param {number[]} values the distinct P, in order; the place past the last one calls none bad
 * @param {(index: number) => void} moved
 * @returns {Slider}
 */
export function makeSlider(id, values, moved) {
  const last = values.length;
  const range = /** @type {HTMLInputElement} */ (
    h("input", { type: "range", id, min: 0, max: last, step: 1, oninput: () => moved(Number(range.value)) })
  );
  const number = /** @type {HTMLInputElement} */ (
    h("input", { type: "number", id: `${id}-number`, min: 0, step: "any", inputmode: "decimal", onchange: typed, onkeydown: step })
  );
  const marks = h("div", { class: "thresholds", "aria-hidden": "true" });
  let index = 0;

  function typed() {
    const value = Number(number.value);
    if (number.value === "" || Number.isNaN(value)) show(index, range.getAttribute("aria-valuetext") ?? "");
    else moved(indexOf(values, value));
  }

  /** Up and down go from value to value, as on the slider. @param {KeyboardEvent} event */
  function step(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    moved(Math.min(last, Math.max(0, index + by)));
  }

  /** @param {number} at @param {string} says */
  function show(at, says) {
    index = at;
    range.value = String(at);
    number.value = shortest(values, at);
    range.setAttribute("aria-valuetext", says);
  }

  const title = h("label", { for: number.id });
  const node = h("div", { class: "threshold" }, title, number,
    h("div", { class: "slide", style: { "--last": Math.max(1, last) } }, range, marks));
  return {
    node, show,
    name: (label, sign) => {
      fill(title, label, " ", h("span", { class: "sign-of" }, sign));
      range.setAttribute("aria-label", `${label} ${sign}`);
    },
    mark: (all) => fill(marks, all.map((each) => h("span", { class: `mark-of ${each.kind}`, title: each.name, style: { "--at": each.at } }))),
  };
}
