// @ts-check
// Everything that is known of a trial, as text.
import { boxList, hasBoxes } from "./boxes.js";
import { trials } from "./data.js";
import { h, quoted } from "./dom.js";
import { badges } from "./cards.js";
import { siblingTable, SIGNS } from "./siblings.js";
import { NONE, amount, rate, say, sayWord, seconds, short, whole } from "./words.js";

const LONG = 700;
/** What a set of good parts is called by its content; before format 3 it had a name. */
const CONTENT_ID = /^[0-9a-f]{32}$/;

/** @param {number} i @param {(to: number) => void} open opens another trial of the case */
export function factsOf(i, open) {
  const outcome = trials.outcome[i];
  const score = Object.entries(trials.score[i]).filter(([name, value]) => name !== "boxes" && value !== null && !(Array.isArray(value) && !value.length));
  return [
    h("p", { class: `verdict ${outcome}` }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[outcome]), h("b", null, sayWord("outcome", outcome)), badges(i),
      trials.cached[i] && h("span", { class: "chip" }, say("viewer.cached"))),
    h("dl", { class: "facts" },
      pair("viewer.expected", trials.expected[i] === null ? NONE : sayWord("verdict", trials.expected[i] ?? "")),
      pair("viewer.said", trials.verdict[i] ? sayWord("verdict", trials.verdict[i] ?? "") : say("gallery.unread")),
      trials.p[i] !== null && pair("viewer.p", probability(trials.p[i] ?? 0))),
    trials.error[i] && h("div", null, h("h3", null, sayWord("outcome", "error")), quoted("pre", "answer", trials.error[i] ?? "")),
    h("h3", null, say("viewer.answer")), long(trials.text[i], "answer"),
    trials.rule[i] && h("p", { class: "note rule" }, say("viewer.rule"), " ", quoted("code", "", trials.rule[i] ?? "")),
    h("h3", null, say("viewer.siblings")), siblingTable(i, open),
    hasBoxes(i) && [h("h3", null, say("viewer.boxes_of")), boxList(i)],
    h("h3", null, say("viewer.about")),
    h("dl", { class: "facts" },
      pair("filter.question", sayWord("question", trials.question[i])),
      pair("viewer.reference", CONTENT_ID.test(trials.reference[i]) ? trials.reference[i].slice(0, 12) : trials.reference[i]),
      pair("filter.layout", sayWord("layout", trials.layout[i])),
      trials.tags[i].length > 0 && pair("viewer.tags", h("span", { class: "tags" }, trials.tags[i].map((tag) => h("span", { class: "chip" }, tag)))),
      pair("viewer.cost", (trials.seconds[i] === null ? NONE : say("viewer.took", { n: seconds(trials.seconds[i]) })) + (trials.tokens_in[i] === null ? "" : ` · ${say("viewer.tokens", { in: trials.tokens_in[i], out: trials.tokens_out[i] ?? NONE })}`) + (trials.cost[i] === null ? "" : ` · ${say("viewer.price", { cost: amount(trials.cost[i]) })}`))),
    trials.prompt[i] !== null && h("details", { class: "prompt" }, h("summary", null, say("viewer.prompt")), quoted("pre", "", trials.prompt[i] ?? "")),
    score.length > 0 && h("details", { class: "score", open: true }, h("summary", null, say("viewer.score")),
      h("dl", { class: "facts" }, score.map(([name, value]) => [h("dt", null, name), h("dd", null, partOf(value))]).flat())),
    h("p", { class: "quiet id" }, trials.trial[i]),
  ].flat();
}

/** A part of the score, as text. @param {unknown} value */
function partOf(value) {
  if (Array.isArray(value)) return value.map(partOf).join("; ");
  if (typeof value === "object") return JSON.stringify(value, (_, each) => (typeof each === "number" ? short(each) : each));
  return String(typeof value === "number" ? short(value) : value);
}

/** @param {string} key @param {import("./dom.js").Child} value */
const pair = (key, value) => [h("dt", null, say(key)), h("dd", null, value)];

/** @param {number} p */
const probability = (p) =>
  h("span", { class: "p" }, h("span", { class: "track", "aria-hidden": "true" }, h("span", { class: "value", style: { width: `${100 * p}%` } })), rate(p));

/** A text; what is very long is folded. @param {string} text @param {string} look */
function long(text, look) {
  if (!text) return h("p", { class: "nothing" }, say("viewer.no_answer"));
  if (text.length <= LONG) return quoted("pre", look, text);
  const body = quoted("pre", look, `${text.slice(0, LONG)} …`);
  const unfold = () => {
    body.textContent = text;
    more.remove();
  };
  const more = h("button", { class: "small", onclick: unfold }, say("viewer.unfold", { n: whole(text.length) }));
  return h("div", null, body, more);
}
