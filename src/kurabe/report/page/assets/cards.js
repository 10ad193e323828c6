// @ts-check
// The gallery's cards: of one trial, or of one case with all its trials.
import { picture, trials } from "./data.js";
import { h, variantChip } from "./dom.js";
import { placeAmong, SIGNS } from "./siblings.js";
import { address } from "./state.js";
import { rate, say, sayWord, whole } from "./words.js";

/** Trials of a case that its card shows at once. */
const FOLDED = 12;

/** @type {Record<string, string>} */
let thumbs = {};
/** @param {Record<string, string>} all */
export const useThumbnails = (all) => {
  thumbs = all;
};

/** A case without its suite, which stands before it. @param {number} i */
const nameOf = (i) => (trials.case[i].startsWith(`${trials.suite[i]}/`) ? trials.case[i].slice(trials.suite[i].length + 1) : trials.case[i]);

/** @param {number} i */
const outcomeOf = (i) =>
  h("span", { class: `outcome ${trials.outcome[i]}` }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[trials.outcome[i]]), sayWord("outcome", trials.outcome[i]));

/** @param {number} i */
const thumbsOf = (i) => h("span", { class: "thumbs", "aria-hidden": "true" }, trials.pair[i].length ? trials.pair[i].map(thumb) : lostThumb());

/** Cards that wait for their place among siblings: to know it, all trials are gone through. @type {(() => void)[] | null} */
let waiting = [];

/** Tell the place of each card, now and from now on: the page's figures are there. */
export function tellSiblings() {
  for (const tell of waiting ?? []) tell();
  waiting = null;
}

/** How many of the same case and question are right, over models and variants. @param {number} i */
function amongSiblings(i) {
  const node = h("span", { class: "among" });
  const tell = () => {
    const { n, right } = placeAmong(i);
    if (n < 2) return node.remove();
    const says = say("gallery.among", { right: whole(right), n: whole(n) });
    node.title = says;
    node.append(h("span", { "aria-hidden": "true" }, `${whole(right)}/${whole(n)} ✓`), h("span", { class: "unseen" }, says));
  };
  if (waiting) waiting.push(tell);
  else tell();
  return node;
}

/** @param {number} i */
const linkTo = (i) => ({ href: address({ trial: trials.trial[i] }), "data-trial": i });

/** @param {number} i */
export const card = (i) =>
  h("li", { class: `card ${trials.outcome[i]}` },
    h("a", linkTo(i), thumbsOf(i),
      h("span", { class: "line" }, h("b", null, nameOf(i)), outcomeOf(i)),
      h("span", { class: "line quiet" }, h("span", { class: "name" }, trials.model[i]), variantChip(trials.variant[i])),
      h("span", { class: "line quiet" }, said(i), badges(i), amongSiblings(i))));

/** All the trials of a case that the gallery shows. @param {number[]} places */
export function caseCard(places) {
  // The parts as they are, where the gallery shows them unprocessed.
  const first = places.find((i) => trials.variant[i] === "raw") ?? places[0];
  const wrong = places.filter((i) => trials.outcome[i] !== "correct").length;
  const list = h("ul", { class: "of-case" });
  const line = (/** @type {number} */ i) => h("li", { class: trials.outcome[i] },
    h("a", linkTo(i), h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[trials.outcome[i]]), h("span", { class: "unseen" }, sayWord("outcome", trials.outcome[i])),
      h("span", { class: "name" }, trials.model[i]), variantChip(trials.variant[i]), said(i), badges(i)));
  list.append(...places.slice(0, FOLDED).map(line));
  const more = places.length > FOLDED && h("button", { class: "small", onclick: () => {
    list.append(...places.slice(FOLDED).map(line));
    /** @type {HTMLElement} */ (more).remove();
  } }, say("runs.and_more", { n: whole(places.length - FOLDED) }));
  return h("li", { class: "card case" },
    h("div", { class: "whole-case" }, h("a", linkTo(first), thumbsOf(first), h("span", { class: "line" }, h("b", null, nameOf(first)),
      h("span", { class: "quiet" }, say("gallery.wrong_of", { wrong: whole(wrong), n: whole(places.length) })))), list, more));
}

/** A thumbnail, or the picture itself where the page has no room for more of them. @param {string} id */
export function thumb(id) {
  const src = thumbs[id] ?? picture(id)?.url;
  if (!src) return lostThumb();
  const image = h("img", { src, alt: "", loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(lostThumb()), { once: true });
  return image;
}

const lostThumb = () => h("span", { class: "lost" }, say("viewer.missing"));

/** What was said against what holds. @param {number} i */
function said(i) {
  const read = trials.verdict[i] ? sayWord("verdict", trials.verdict[i] ?? "") : say("gallery.unread");
  const p = trials.p[i] === null ? "" : ` · P ${rate(trials.p[i])}`;
  return h("span", { class: "said" }, trials.question[i] === "verdict" ? read + p : `${sayWord("question", trials.question[i])}${p}`);
}

/** @param {number} i */
export const badges = (i) => [
  trials.control[i] && h("span", { class: "chip" }, say("gallery.control")),
  trials.swapped[i] && h("span", { class: "chip" }, say("gallery.swapped")),
  trials.repeat[i] > 0 && h("span", { class: "chip" }, say("gallery.repeat", { n: trials.repeat[i] + 1 })),
];
