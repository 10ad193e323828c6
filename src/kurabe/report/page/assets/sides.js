// @ts-check
// Trials as small pictures that open: those that change sides under a threshold, and what leads to them.
import { trials } from "./data.js";
import { h } from "./dom.js";
import { thumb } from "./cards.js";
import { address } from "./state.js";
import { openFrom } from "./viewer.js";
import { rate, say, whole } from "./words.js";

const SHOWN = 12;
const MORE = 60;

/** What becomes of a trial, with its sign and look. @type {Record<string, [string, string]>} */
const SIDES = { caught: ["✓", "correct"], passed: ["✓", "correct"], missed: ["✗", "wrong"], overkilled: ["✗", "wrong"], person: ["?", "unparsed"] };

/** A link to a trial, out of a list that one then steps through. @param {number} i @param {number[]} list @param {...import("./dom.js").Child} children */
export function trialLink(i, list, ...children) {
  const open = (/** @type {MouseEvent} */ event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    openFrom(i, list);
  };
  return h("a", { href: address({ trial: trials.trial[i] }), onclick: open }, ...children);
}

/** A trial's test picture, small, as a link. @param {number} i @param {number[]} list */
export function smallPicture(i, list) {
  const id = trials.pair[i][trials.pair[i].length - 1];
  const link = trialLink(i, list, id ? thumb(id) : null, h("span", { class: "unseen" }, trials.case[i]),
    trials.p[i] !== null && h("span", { class: "p-of", "aria-hidden": "true" }, rate(trials.p[i])));
  link.classList.add("small-picture");
  link.title = trials.case[i];
  return link;
}

/** The trials that change sides, group by group. @param {Record<string, number[]>} sides */
export const sidesOf = (sides) =>
  Object.entries(sides).filter(([, places]) => places.length).map(([name, places]) => group(name, places));

/** @param {string} name @param {number[]} places */
function group(name, places) {
  const [sign, look] = SIDES[name];
  const list = h("div", { class: "small-pictures" });
  const more = h("button", { class: "small", onclick: () => draw(MORE) });
  let drawn = 0;
  function draw(/** @type {number} */ count) {
    const next = places.slice(drawn, drawn + count);
    drawn += next.length;
    more.before(...next.map((i) => smallPicture(i, places)));
    more.textContent = say("runs.and_more", { n: whole(places.length - drawn) });
    more.hidden = drawn >= places.length;
  }
  list.append(more);
  draw(SHOWN);
  return h("div", { class: `side ${look}`, "data-side": name },
    h("h4", { class: look }, h("span", { class: "sign", "aria-hidden": "true" }, sign), " ", say(`decide.${name}`, { n: whole(places.length) })), list);
}
