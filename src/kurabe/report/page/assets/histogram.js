// @ts-check
// How P(different) is spread over bad parts (upwards) and good parts (downwards). A bar opens its trials in the
// gallery; so does a range that is drawn over with mouse or finger, or with Shift and the arrow keys.
import { readOnly, within, written } from "./counted.js";
import { fill, h, hint } from "./dom.js";
import { set, state } from "./state.js";
import { say, whole } from "./words.js";

const WIDTHS = [0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001];
const LEAST_BINS = 8;
/** Milliseconds after the last key: a key that is held down would choose thirty times a second. */
const WAIT = 150;
const PARTS = /** @type {const} */ (["bad", "good"]);

/**
 * @typedef {import("./threshold.js").Scale} Scale
 * @typedef {{from: number, to: number, bad: number, good: number}} Bin
 * @typedef {{what: string, from: number, to: number}} Span bars that are chosen, by their ends
 */

/** Bars of equal, round width over the range that the row has. @param {Scale} scale @returns {Bin[]} */
export function binsOf({ p, bad, values }) {
  const [least, most] = [values[0], values[values.length - 1]];
  // The widest that still tells parts apart: models often give P in a corner of its range.
  const width = WIDTHS.find((each) => (most - least) / each >= LEAST_BINS) ?? WIDTHS[WIDTHS.length - 1];
  const edge = (/** @type {number} */ k) => Number((k * width).toFixed(4));
  const first = Math.floor(least / width + 1e-9);
  const past = Math.min(Math.floor(most / width + 1e-9) + 1, Math.max(first + 1, Math.round(1 / width)));
  const bins = Array.from({ length: past - first }, (_, k) => ({ from: edge(first + k), to: edge(first + k + 1), bad: 0, good: 0 }));
  p.forEach((value, k) => {
    if (Number.isNaN(value)) return;
    const near = Math.floor(value / width) - first;
    const bin = [near - 1, near, near + 1].map((each) => bins[each]).find((each) => each && within(value, each.from, each.to));
    if (bin) bin[bad[k] ? "bad" : "good"]++;
  });
  return bins;
}

/**
 * @param {Scale} scale
 * @param {Record<string, string>} keys of the row
 */
export function makeHistogram(scale, keys) {
  const bins = binsOf(scale);
  const most = Math.max(1, ...bins.flatMap((bin) => [bin.bad, bin.good]));
  const [start, end] = [bins[0].from, bins[bins.length - 1].to];
  const cuts = [h("span", { class: "cut" }), h("span", { class: "cut" })];
  const note = h("p", { class: "note", role: "status" });
  const bars = PARTS.map((part) => bins.map((bin, k) => bar(bin, k, part)));
  const area = h("div", { class: "bins", role: "group", "aria-label": say("decide.histogram_is") },
    bars.map((row, half) => h("div", { class: `half ${PARTS[half]}` }, row)), cuts);
  let focused = { half: 0, k: 0 };
  /** Where a range was begun. @type {{half: number, k: number} | null} */
  let begun = null;

  /** @param {Bin} bin @param {number} k @param {"bad" | "good"} part */
  function bar(bin, k, part) {
    const says = say("decide.bar", { part: say(`counted.${part}`), from: bin.from, to: bin.to, n: whole(bin[part]) });
    return h("button", {
      class: "bin", tabindex: k || part !== "bad" ? -1 : 0, title: says, "aria-label": says, "aria-pressed": "false",
      "data-k": k, "data-half": PARTS.indexOf(part), style: { "--height": bin[part] / most },
    }, h("span", { class: bin[part] ? "fill" : "" }));
  }

  /** @param {{half: number, k: number}} a @param {{half: number, k: number}} b @returns {Span} */
  const spanOf = (a, b) => {
    const [low, high] = [Math.min(a.k, b.k), Math.max(a.k, b.k)];
    return { what: low === high ? PARTS[a.half] : "all", from: bins[low].from, to: bins[high].to };
  };

  /** @param {Span} span */
  const choose = ({ what, from, to }) =>
    set({ only: written({ what, ...keys, from: String(from), to: String(to) }), model: "", outcome: "", q: "" });

  /** The bar under a pointer, wherever in its column. @param {PointerEvent} event */
  function under(event) {
    const box = area.getBoundingClientRect();
    const k = Math.floor(((event.clientX - box.left) / box.width) * bins.length);
    return { half: event.clientY < box.top + box.height / 2 ? 0 : 1, k: Math.min(bins.length - 1, Math.max(0, k)) };
  }

  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    begun = under(event);
    area.setPointerCapture(event.pointerId);
  });
  area.addEventListener("pointermove", (event) => {
    if (begun) press(spanOf(begun, under(event)));
  });
  area.addEventListener("pointerup", (event) => {
    if (!begun) return;
    const span = spanOf(begun, under(event));
    begun = null;
    choose(span);
  });
  area.addEventListener("pointercancel", () => {
    begun = null;
    follow();
  });
  area.addEventListener("click", (event) => {
    // Of a key: a pointer's click is told by what was pressed and let go.
    if (event.detail === 0) choose(spanOf(focused, focused));
  });
  area.addEventListener("focusin", (event) => {
    const { k, half } = /** @type {HTMLElement} */ (event.target).dataset;
    if (k !== undefined) focused = { k: Number(k), half: Number(half) };
    for (const each of bars.flat()) each.tabIndex = each === event.target ? 0 : -1;
  });
  /** @type {{half: number, k: number} | null} */
  let anchor = null;
  let waiting = 0;
  area.addEventListener("keydown", (event) => {
    const by = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity })[event.key];
    const half = { ArrowUp: 0, ArrowDown: 1 }[event.key];
    if (by === undefined && half === undefined) return;
    event.preventDefault();
    const next = half === undefined ? { ...focused, k: Math.min(bins.length - 1, Math.max(0, focused.k + by)) } : { ...focused, half };
    anchor = event.shiftKey ? anchor ?? focused : null;
    bars[next.half][next.k].focus();
    if (!anchor) return;
    const span = spanOf(anchor, next);
    press(span);
    clearTimeout(waiting);
    waiting = window.setTimeout(() => choose(span), WAIT);
  });

  /** @param {Span | null} span */
  function press(span) {
    bars.forEach((row, half) => row.forEach((each, k) => {
      const on = span !== null && bins[k].from >= span.from && bins[k].to <= span.to && (span.what === "all" || span.what === PARTS[half]);
      each.setAttribute("aria-pressed", String(on));
    }));
  }

  /** Show what the gallery is filtered by. */
  function follow() {
    const only = state.only ? readOnly(state.only) : null;
    const mine = only?.from !== undefined && Object.entries(keys).every(([key, value]) => /** @type {any} */ (only)[key] === value);
    // A range of another number need not end where bars do.
    const ends = bins.some(({ from }) => from === Number(only?.from)) && bins.some(({ to }) => to === Number(only?.to));
    if (!only || !mine || !ends) {
      press(null);
      return fill(note, hint("decide.histogram_note"));
    }
    const span = { what: only.what, from: Number(only.from), to: Number(only.to) };
    press(span);
    const counted = bins.filter((bin) => bin.from >= span.from && bin.to <= span.to);
    const n = counted.reduce((sum, bin) => sum + (span.what === "good" ? 0 : bin.bad) + (span.what === "bad" ? 0 : bin.good), 0);
    fill(note, say("decide.in_gallery", { what: say(`counted.${span.what}`), from: span.from, to: span.to, n: whole(n) }), " ",
      h("button", { class: "small", onclick: () => document.getElementById("gallery")?.scrollIntoView() }, say("decide.to_gallery")), " ",
      h("button", { class: "small", onclick: () => set({ only: "" }) }, say("gallery.not_only")));
  }

  const node = h("div", { class: "histogram" },
    h("p", { class: "legend", "aria-hidden": "true" }, h("span", { class: "swatch bad" }), say("counted.bad"), h("span", { class: "swatch good" }), say("counted.good")),
    area, h("div", { class: "axis", "aria-hidden": "true" }, h("span", null, start), h("span", null, "P"), h("span", null, end)), note);
  follow();
  return {
    node, follow,
    /** Draw where the thresholds lie. @param {number} low @param {number} high */
    cut: (low, high) => [low, high].forEach((value, k) => {
      const share = (value - start) / (end - start);
      cuts[k].style.setProperty("left", `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`);
      cuts[k].hidden = k === 1 && high === low;
    }),
  };
}
