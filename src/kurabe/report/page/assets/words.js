// @ts-check
// The page's own words, in the language it was made in, and how it writes numbers.

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("kurabe-words")?.textContent ?? "{}");

/**
 * Return a text by `section.name`; `{name}` in it becomes the value of that name.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export function say(key, values = {}) {
  const text = words[key];
  if (text === undefined) throw new Error(`the page has no words for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** A word of the data (a question, an outcome …) in the page's language; as it is if there is none. */
export const sayWord = (/** @type {string} */ section, /** @type {string} */ name) =>
  words[`${section}.${name}`] ?? name;

export const NONE = "–";

/**
 * A number with two decimals. Exact ties go to the even digit, as in the tables that Python writes.
 * @param {number} value
 */
function rounded(value) {
  const floor = Math.floor(100 * value);
  const tie = Number.isInteger(8 * value) && 100 * value - floor === 0.5;
  return (tie && floor % 2 === 0 ? floor / 100 : value).toFixed(2);
}

/** @param {number | null | undefined} value */
export const rate = (value) => (value == null ? NONE : rounded(value));

/** @param {number | null | undefined} value */
export const signed = (value) =>
  value == null ? NONE : (value > 0 ? "+" : value < 0 ? "−" : "±") + rounded(Math.abs(value));

/** @param {number | null | undefined} value */
export const pValue = (value) => (value == null ? NONE : value < 0.001 ? "< 0.001" : value.toFixed(3));

/** @param {number | null | undefined} value */
export const seconds = (value) =>
  value == null ? NONE : value < 0.0005 ? "0" : value < 10 ? value.toPrecision(2) : value.toFixed(0);

/** An amount of money, in whatever currency the prices are. @param {number | null | undefined} value */
export const amount = (value) => (value == null ? NONE : value === 0 ? "0" : value >= 1000 ? whole(Math.round(value)) : String(Number(value.toPrecision(3))));

/** A number of anybody's: four digits tell it, and 0.30000000000000004 is 0.3. @param {number} value */
export const short = (value) => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

/** @param {number} value */
export const whole = (value) => value.toLocaleString("en");

/** @param {string | null | undefined} time ISO 8601 */
export const clock = (time) => (time ? time.slice(0, 16).replace("T", " ") : NONE);
