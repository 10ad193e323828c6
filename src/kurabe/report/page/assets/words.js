// @ts-check
// The page's own words in every language it has, and how it writes numbers. What the template wrote, and what stays
// when the language changes, says which word it is (`data-say`), so that it can be said anew.
import { kept } from "./kept.js";

/**
 * `words` of each language, by `section.name`; what sentences that the run left in English are `told` as.
 * @type {{words: Record<string, Record<string, string>>, told: Record<string, Record<string, string>>}}
 */
const tables = JSON.parse(document.getElementById("kurabe-words")?.textContent ?? "{}");

/** The language that the page was written in. */
export const WRITTEN = document.documentElement.dataset.written ?? "en";

export const LANGUAGES = Object.keys(tables.words);

/** The language of a name that may be none, as one from an address. @param {string} name */
export const known = (name) => (LANGUAGES.includes(name) ? name : "");

let spoken = WRITTEN;
let words = tables.words[spoken];

/** The language that is spoken now. */
export const language = () => spoken;

/** Attributes that may hold words. */
const SAYING = ["title", "aria-label", "placeholder"];

/** Speak a language from now on, and say anew what says which word it is. @param {string} lang */
export function speak(lang) {
  if (lang === spoken) return;
  spoken = lang;
  words = tables.words[lang];
  document.documentElement.lang = lang;
  const values = (/** @type {HTMLElement} */ node) => JSON.parse(node.dataset.values ?? "{}");
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-say]"))) node.textContent = say(node.dataset.say ?? "", values(node));
  for (const name of SAYING)
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-say-${name}]`))) node.setAttribute(name, say(node.getAttribute(`data-say-${name}`) ?? "", values(node)));
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-told]"))) {
    const { text, lang: of } = told(node.dataset.told ?? "");
    node.textContent = text;
    if (of) node.lang = of;
    else node.removeAttribute("lang");
  }
}

/** A sentence that the run left in English, and its language where that is not the page's. @param {string} sentence */
export function told(sentence) {
  const text = tables.told[spoken][sentence];
  return text === undefined ? { text: sentence, lang: langOf(sentence) } : { text, lang: null };
}

/** The language of a text that is not the page's own, where it can be seen: Japanese has kana. @param {string} text */
export const langOf = (text) => (/[\u3041-\u30fe]/.test(text) ? "ja" : /[a-z]/i.test(text) && !/[^\u0000-\u024f\u2000-\u22ff]/.test(text) ? "en" : null);

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
export function signed(value) {
  if (value == null) return NONE;
  const size = rounded(Math.abs(value));
  return (Number(size) === 0 ? "±" : value > 0 ? "+" : "−") + size;
}

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

// Before anything is drawn: what the address says, else what was chosen last.
speak(known(new URLSearchParams(location.hash.slice(1)).get("lang") ?? kept("lang")) || WRITTEN);
