// @ts-check
// The legend of a chart: a button for each line, which hides it and shows it again.
import { h } from "./dom.js";
import { swatch } from "./forms.js";
import { linesOff, toggleLine } from "./picked.js";
import { say } from "./words.js";

/** @typedef {{id: string, name: string, form: import("./forms.js").Form}} Line */

/** The lines that are not hidden. @template {{id: string}} L @param {L[]} lines */
export function shownOf(lines) {
  const off = linesOff();
  return lines.filter((line) => !off.has(line.id));
}

/** @param {Line[]} lines */
export function legendOf(lines) {
  const off = linesOff();
  return h("ul", { class: "chart-legend", "aria-label": say("legend.label") }, lines.map(({ id, name, form }) =>
    h("li", null, h("button", { class: "plain line-of", "data-line": id, "aria-pressed": String(!off.has(id)), title: say("legend.hide"), onclick: () => toggleLine(id) },
      swatch(form), h("span", null, name)))));
}
