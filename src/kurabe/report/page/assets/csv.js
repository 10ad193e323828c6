// @ts-check
// Trials as a CSV file: columns and values as in `trials.csv`, which `kurabe.report.tables` writes.
import { run, tables, trials } from "./data.js";

/** Whose pictures stand exchanged in `raw`. */
const turned = new Set(tables.turned ?? []);

/** What a spreadsheet takes for a formula, as in `kurabe.report.csv_files`; Japanese editions take full-width signs, too. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const QUOTED = /[",\n]/;

/** As a flag is written by Python. @param {boolean} value */
const flag = (value) => (value ? "True" : "False");

/** A floating-point number as it is written by Python. @param {number | null | undefined} value */
function float(value) {
  if (value == null) return "";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** @param {any} value a list as its entries, a flag, a number or words */
const flat = (value) =>
  value == null ? "" : Array.isArray(value) ? value.map((each) => (each === null ? "None" : String(each))).join("; ") : typeof value === "boolean" ? flag(value) : String(value);

/** Boxes as JSON. @param {number[][] | null | undefined} boxes */
const json = (boxes) => (boxes?.length ? `[${boxes.map((box) => `[${box.map(float).join(", ")}]`).join(", ")}]` : "");

/** @param {number} i @param {"reference" | "test"} which */
function pictureOf(i, which) {
  const raw = trials.raw[i];
  const id = raw.length < 2 ? (which === "test" ? raw[0] : undefined) : raw[(which === "test") === turned.has(i) ? 0 : raw.length - 1];
  return id ? `runs/${run.name}/pictures/${id}.png` : "";
}

/** @typedef {(i: number) => string} Cell */
/** @param {keyof import("./data.js").Trials} name @returns {[string, Cell]} */
const plain = (name) => [name, (i) => flat(trials[name][i])];
/** @param {string} name @returns {[string, Cell]} */
const part = (name) => [name, (i) => flat(trials.score[i][name])];

/** The columns of `trials.csv` that the page knows, in their order. @type {[string, Cell][]} */
const COLUMNS = [
  plain("trial"), plain("suite"), plain("case"), plain("reference"), plain("question"), plain("variant"), plain("layout"), plain("model"),
  plain("control"), plain("swapped"), plain("repeat"), plain("expected"), plain("expected_verdict"), plain("text"), plain("verdict"),
  ["p_different", (i) => float(trials.p[i])], plain("outcome"), plain("tokens_in"), plain("tokens_out"), ["seconds", (i) => float(trials.seconds[i])],
  plain("cached"), plain("tags"), plain("error"), ["kinds", (i) => flat(tables.own_kinds?.[i] ?? trials.kinds[i])], plain("rule"), ["cost", (i) => float(trials.cost[i])],
  part("found"), part("missed"), part("claimed"), part("matched"), part("count"), part("count_error"), part("choice"), part("hit"), part("forbidden"), part("reason"),
  plain("prompt"), ["reference_picture", (i) => pictureOf(i, "reference")], ["test_picture", (i) => pictureOf(i, "test")],
  ["boxes", (i) => json(trials.boxes[i])], ["predicted_boxes", (i) => json(trials.score[i].boxes)], ["run", () => run.name],
];

/** A cell that no spreadsheet runs, in quotes where it needs them. @param {string} text */
function cell(text) {
  if (text === "") return text;
  const harmless = (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text).replace(/\r\n?/g, "\n").replace(LONE, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The lines of the file: the names of the columns, then a line for each trial. @param {readonly number[]} places @returns {string[]} */
export const csvLines = (places) => [
  `${COLUMNS.map(([name]) => name).join(",")}\n`,
  ...places.map((i) => `${COLUMNS.map(([, value]) => cell(value(i))).join(",")}\n`),
];
