// @ts-check
// The filters above the page, filled with what the run has.
import { everything, trials } from "./data.js";
import { at, fill, h } from "./dom.js";
import { ANY, FIGURE_FILTERS, passes, questions, set, state, whenChanged } from "./state.js";
import { say, sayWord, whole } from "./words.js";

/** What can be chosen, by filter. @type {Record<string, string[]>} */
const choices = {
  question: questions.length > 1 ? [...questions, ANY] : questions,
  suite: distinct(trials.suite),
  tag: distinct(trials.tags.flat()),
  variant: distinct(trials.variant, (name) => name !== "raw"),
  layout: distinct(trials.layout),
};

/**
 * @param {string[]} names
 * @param {(name: string) => boolean} [later] what stands behind the others
 */
function distinct(names, later = () => false) {
  return [...new Set(names)].sort((a, b) => Number(later(a)) - Number(later(b)) || a.localeCompare(b));
}

/** @param {string} filter @param {string} name */
function label(filter, name) {
  if (name === ANY) return say("filter.any_question");
  return filter === "question" || filter === "layout" ? sayWord(filter, name) : name;
}

/** Make the filters. */
export function makeFilters() {
  draw();
  whenChanged(follow);
  follow();
}

/** Draw them; one that has nothing to choose is left out. */
function draw() {
  const boxes = FIGURE_FILTERS.filter((filter) => choices[filter].length > 1).map((filter) =>
    h(
      "label", { class: "filter" },
      h("span", null, say(`filter.${filter}`)),
      h(
        "select",
        { id: `filter-${filter}`, onchange: (/** @type {any} */ event) => set({ [filter]: event.target.value }) },
        filter !== "question" && h("option", { value: "" }, say("filter.all")),
        choices[filter].map((name) => h("option", { value: name }, label(filter, name))),
      ),
    ),
  );
  fill(at("filters"), boxes, h("span", { id: "filter-count", class: "quiet", role: "status" }),
    h("button", { id: "filter-reset", class: "plain", hidden: true, onclick: reset }, say("filter.reset")));
}

const reset = () => set({ question: questions[0] ?? "", suite: "", tag: "", variant: "", layout: "", only: "", model: "", outcome: "", q: "" });

/** @param {Set<string>} [changed] */
function follow(changed) {
  if (changed?.has("lang")) draw();
  for (const filter of FIGURE_FILTERS) {
    const box = /** @type {HTMLSelectElement | null} */ (document.getElementById(`filter-${filter}`));
    if (!box) continue;
    box.value = state[filter];
    box.classList.toggle("on", state[filter] !== "" && filter !== "question");
  }
  const shown = everything.filter(passes).length;
  fill(at("filter-count"), say("filter.count", { n: whole(shown), all: whole(everything.length) }));
  at("filter-reset").hidden = !["suite", "tag", "variant", "layout", "only", "model", "outcome", "q"].some((key) => state[/** @type {"q"} */ (key)]);
}
