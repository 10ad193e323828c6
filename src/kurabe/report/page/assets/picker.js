// @ts-check
// Which models and which columns are shown: two lists of boxes to tick, which the address and the browser keep.
import { at, fill, h } from "./dom.js";
import { asked, columnsOff, isPicked, pick, showColumn } from "./picked.js";
import { set } from "./state.js";
import { say, whole } from "./words.js";

/** Models that are listed at once; the others are found by their name. */
const LISTED = 60;

/** @param {string} name @param {boolean} on @param {(on: boolean) => void} turn */
const box = (name, on, turn) =>
  h("li", null, h("label", null, h("input", { type: "checkbox", checked: on, onchange: (/** @type {any} */ event) => turn(event.target.checked) }), " ", name));

/** A list that folds open, and closes by Esc or a click elsewhere. @param {string} id @param {string} title @param {(body: HTMLElement) => void} draw */
function fold(id, title, draw) {
  const body = h("div", { class: "picker-body panel" });
  const name = h("summary", { class: "small" }, title);
  const node = /** @type {HTMLDetailsElement} */ (h("details", { class: "picker", id }, name, body));
  node.addEventListener("toggle", () => node.open && draw(body));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    node.open = false;
    name.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!node.contains(/** @type {Node} */ (event.target))) node.open = false;
  });
  return { node, name, again: () => node.open && draw(body) };
}

/** @param {HTMLElement} body */
function drawModels(body) {
  const list = h("ul", null);
  const search = /** @type {HTMLInputElement} */ (h("input", { type: "search", "aria-label": say("table.search"), oninput: show }));
  function show() {
    const found = asked.filter((name) => name.toLowerCase().includes(search.value.toLowerCase()));
    fill(list, found.slice(0, LISTED).map((name) => box(name, isPicked(name), (on) => pick(asked.filter((each) => (each === name ? on : isPicked(each)))))),
      found.length > LISTED && h("li", { class: "quiet" }, say("runs.and_more", { n: whole(found.length - LISTED) })));
    const only = /** @type {HTMLButtonElement} */ (body.querySelector("button.only-found"));
    only.disabled = !found.length || found.length === asked.length;
    only.onclick = () => pick(found);
  }
  fill(body, asked.length > 8 && search,
    h("p", { class: "choose" }, h("button", { class: "small", onclick: () => set({ models: "" }) }, say("picker.all")), h("button", { class: "small only-found", hidden: asked.length <= 8 }, say("picker.found"))), list);
  show();
}

/** @type {{key: string, title: string}[]} */
let columns = [];
/** @type {ReturnType<typeof fold>[]} */
let folds = [];

/** @param {HTMLElement} body */
function drawColumns(body) {
  fill(body, h("p", { class: "choose" }, h("button", { class: "small", onclick: () => set({ columns: "" }) }, say("picker.all"))),
    h("ul", null, columns.map(({ key, title }) => box(title, !columnsOff().includes(key), (on) => showColumn(key, on)))));
}

/** Offer the columns that the leaderboard has now. @param {{key: string, title: string}[]} there */
export function offerColumns(there) {
  columns = there;
  followPicker();
}

export function makePicker() {
  folds = [fold("pick-models", say("board.models"), drawModels), fold("pick-columns", say("picker.columns"), drawColumns)];
  fill(at("pickers"), asked.length > 1 && folds[0].node, folds[1].node);
}

/** Say on the lists' names that something is left out. */
export function followPicker() {
  const shown = asked.filter(isPicked).length;
  const off = columns.filter(({ key }) => columnsOff().includes(key)).length;
  const tell = (/** @type {number} */ k, /** @type {string} */ title, /** @type {number} */ n, /** @type {number} */ all) => {
    fill(folds[k].name, title, n < all && h("span", { class: "quiet" }, ` ${say("picker.of", { n: whole(n), all: whole(all) })}`));
    folds[k].name.classList.toggle("on", n < all);
  };
  tell(0, say("board.models"), shown, asked.length);
  tell(1, say("picker.columns"), columns.length - off, columns.length);
}

/** Tick what was changed elsewhere, as by "back". @param {boolean} [all] also in the list that has the focus */
export function followBoxes(all = false) {
  followPicker();
  // A list that is being ticked keeps its focus: only its boxes follow.
  for (const each of folds) if (all || !each.node.contains(document.activeElement)) each.again();
}
