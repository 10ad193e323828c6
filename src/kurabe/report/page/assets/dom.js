// @ts-check
// Elements made from data. Children are text or nodes, never markup.
import { langOf, say, told } from "./words.js";

/** @typedef {Node | string | number | null | undefined | false} Child */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} node
 * @param {Record<string, any>} props
 */
function dress(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") {
      for (const [key, part] of Object.entries(value))
        /** @type {HTMLElement} */ (node).style.setProperty(key, String(part));
    } else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * Make an element. Props are attributes; `onclick` and its like are listeners, `style` is a mapping.
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  dress(node, props ?? {});
  node.append(...kept(children));
  return node;
}

/**
 * The same for SVG.
 * @param {string} tag
 * @param {Record<string, any>} props
 * @param {...Child} children
 */
export function svg(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  dress(node, props);
  node.append(...kept(children));
  return node;
}

/** @param {(Child | Child[])[]} children */
const kept = (children) =>
  /** @type {(Node | string)[]} */ (
    children.flat().filter((each) => each != null && each !== false).map((each) => (each instanceof Node ? each : String(each)))
  );

/**
 * The element of an id, which the template has.
 * @param {string} id
 */
export function at(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no #${id}`);
  return node;
}

/**
 * Replace what a node holds.
 * @param {Element} node
 * @param {...(Child | Child[])} children
 */
export const fill = (node, ...children) => node.replaceChildren(...kept(children));

/** A text that stays when the language changes, and is then said anew. @param {string} key @param {Record<string, unknown>} [values] */
export const lasting = (key, values = {}) => h("span", { "data-say": key, "data-values": JSON.stringify(values) }, say(key, values));

/** A sentence that the run left. @param {string} sentence */
export function sentence(sentence) {
  const { text, lang } = told(sentence);
  return h("span", { "data-told": sentence, lang }, text);
}

/** What a model or a user wrote, as it is. @param {string} tag @param {string} look @param {string} text */
export const quoted = (tag, look, text) => h(tag, { class: look || null, lang: langOf(text) }, text);

/** What a reader can do on a screen: it is not printed. @param {string} key */
export const hint = (key) => h("span", { class: "on-screen" }, say(key));

/** A note in place of something that is not there. @param {Child} text */
export const nothing = (text) => h("p", { class: "nothing" }, text);

/** The name of a variant, told apart by form as well as by colour. @param {string} name */
export const variantChip = (name) => h("span", { class: name === "raw" ? "chip raw" : "chip processed" }, name);
