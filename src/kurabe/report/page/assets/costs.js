// @ts-check
// What errors cost on a line: given with the run, or typed in. The share of bad parts on the line is not that of
// the cases, so that nothing of it can be read from the trials.
import { fill, h } from "./dom.js";
import { set, state } from "./state.js";
import { NONE, say, whole } from "./words.js";

/** What is asked, in the order in which the address holds it. */
const FIELDS = /** @type {const} */ (["share", "escape", "overkill", "person"]);
const PARTS = 1000;
const WAIT = 250;

/** @typedef {Record<typeof FIELDS[number], number | null>} Line the share of bad parts (0 to 1), and costs
 * @typedef {{bad_share?: number | null, escape_cost?: number | null, overkill_cost?: number | null}} Given `[line]` of models.toml
 */

/** @param {string} text @returns {Line} */
const read = (text) => {
  const parts = text.split(",");
  const number = (/** @type {string | undefined} */ part) => (part && Number(part) >= 0 ? Number(part) : null);
  return /** @type {Line} */ (Object.fromEntries(FIELDS.map((name, k) => [name, number(parts[k])])));
};

/** What the address says, else what the run was given. @param {Given} given @returns {Line} */
const lineNow = ({ bad_share, escape_cost, overkill_cost }) =>
  state.line ? read(state.line) : { share: bad_share ?? null, escape: escape_cost ?? null, overkill: overkill_cost ?? null, person: null };

/**
 * The expected cost of a thousand parts, and bad parts in a million of those that leave; null where it is not
 * known. A person is taken to be right.
 * @param {Line} line
 * @param {{miss: number, overkill: number, goodToPerson: number, badToPerson: number}} rates
 */
export function flowOf(line, { miss, overkill, goodToPerson, badToPerson }) {
  if (line.share === null) return { cost: null, ppm: null };
  const [bad, good] = [line.share, 1 - line.share];
  const looked = bad * badToPerson + good * goodToPerson;
  const leave = bad * miss + good * (1 - overkill);
  const known = line.escape !== null && line.overkill !== null && (line.person !== null || !looked);
  return {
    cost: known ? PARTS * (bad * miss * (line.escape ?? 0) + good * overkill * (line.overkill ?? 0) + looked * (line.person ?? 0)) : null,
    ppm: leave > 0 ? (1e6 * bad * miss) / leave : null,
  };
}

/**
 * The fields and what follows from them.
 * @param {Given} given with the run
 * @param {() => void} changed
 */
export function makeCosts(given, changed) {
  const line = lineNow(given);
  let waiting = 0;
  let text = state.line;
  const typed = () => {
    text = FIELDS.map((name) => {
      const value = /** @type {HTMLInputElement} */ (inputs[name]).value;
      return value === "" ? "" : String(name === "share" ? Number((Number(value) / 100).toPrecision(12)) : Number(value));
    }).join(",");
    if (!/[^,]/.test(text)) text = "";
    Object.assign(line, read(text));
    changed();
    clearTimeout(waiting);
    waiting = window.setTimeout(() => set({ line: text }), WAIT);
  };
  const inputs = /** @type {Record<string, HTMLElement>} */ (Object.fromEntries(FIELDS.map((name) => [name, h("input", {
    type: "number", id: `cost-${name}`, min: 0, max: name === "share" ? 100 : null, step: "any", inputmode: "decimal",
    value: line[name] === null ? null : name === "share" ? Number((100 * (line[name] ?? 0)).toPrecision(12)) : line[name], oninput: typed,
  })])));
  const boxes = /** @type {Record<string, HTMLElement>} */ (Object.fromEntries(FIELDS.map((name) => [name,
    h("label", { class: "filter" }, h("span", null, say(`decide.line_${name}`)), inputs[name])])));
  const out = h("dl", { class: "flow" });
  return {
    text: () => text,
    node: h("div", { class: "panel costs" }, h("h3", null, say("decide.cost")), h("div", { class: "fields" }, FIELDS.map((name) => boxes[name])), out, h("p", { class: "note" }, say("decide.cost_note"))),
    /** @param {Parameters<typeof flowOf>[1]} rates @param {Parameters<typeof flowOf>[1]} limits @param {boolean} band */
    show: (rates, limits, band) => {
      boxes.person.hidden = !band;
      const [now, most] = [flowOf(line, rates), flowOf(line, limits)];
      fill(out, figure("decide.cost_thousand", now.cost, most.cost), figure("decide.ppm", now.ppm, most.ppm));
    },
  };
}

/** @param {string} key @param {number | null} value @param {number | null} most */
const figure = (key, value, most) =>
  h("div", null, h("dt", null, say(key)),
    h("dd", null, h("b", null, amount(value)), " ", value !== null && h("span", { class: "between" }, say("decide.up_to", { limit: amount(most) }))));

/** @param {number | null} value */
const amount = (value) => (value === null ? NONE : value >= 100 ? whole(Math.round(value)) : String(Number(value.toPrecision(3))));
