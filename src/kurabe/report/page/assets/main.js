// @ts-check
// Puts the page together: what is looked at first comes first, the rest in turns behind it.
import { followOrder, showBoard } from "./board.js";
import { tellSiblings } from "./cards.js";
import { trials } from "./data.js";
import { makeDownload } from "./download.js";
import { followDecide, showDecide } from "./decide.js";
import { at } from "./dom.js";
import { makeFilters } from "./filters.js";
import { followGallery, makeGallery, showGallery, stepCards } from "./gallery.js";
import { holdPlace } from "./hold.js";
import { showKinds } from "./kinds.js";
import { keptLanguage, makeLanguage, nextLanguage } from "./language.js";
import { showPaired } from "./paired.js";
import { keepPicks, keptPicks } from "./picked.js";
import { followBoxes, makePicker } from "./picker.js";
import { rewordRuns, showHistoryNow, showRuns } from "./runs.js";
import { copyLink, goTo, makeSections, noteSections } from "./sections.js";
import { FIGURE_FILTERS, GALLERY, start, state, whenChanged } from "./state.js";
import { makeTips } from "./tip.js";
import { followTheme, keptTheme, makeTheme } from "./theme.js";
import { showVersus } from "./versus.js";
import { followView, KEYS, makeViewer, rewordTrial, showTrial } from "./viewer.js";

const help = /** @type {HTMLDialogElement} */ (at("help"));
const viewer = /** @type {HTMLDialogElement} */ (at("viewer"));

/** What can wait, one after the other; a newer turn replaces an older one. */
let turn = 0;
/** @param {(() => Promise<unknown>)[]} tasks */
async function later(...tasks) {
  const mine = ++turn;
  for (const task of tasks) {
    await new Promise((done) => setTimeout(done));
    if (mine !== turn) return;
    await task();
  }
}

/** @param {Set<string>} changed */
async function follow(changed) {
  if (changed.has("lang")) return reword(changed);
  const figures = ["models", ...FIGURE_FILTERS].some((filter) => changed.has(filter));
  // Before what waits for a library: a trial opens, or closes, at once.
  if (changed.has("trial")) showTrial();
  if (changed.has("models") || changed.has("columns")) keepPicks();
  if (figures || changed.has("columns")) await showBoard();
  else if (changed.has("order")) await followOrder();
  if (changed.has("models") || changed.has("columns")) followBoxes();
  if (changed.has("theme")) followTheme();
  if (changed.has("view")) followView();
  if (figures || GALLERY.some((key) => changed.has(key))) {
    followGallery();
    await showGallery();
  }
  if (!figures) await followDecide(changed);
  if (figures) await later(showDecide, showVersus, showPaired, showKinds, showHistoryNow);
  else if (changed.has("off")) await later(showKinds, showHistoryNow);
  else if (["row", "before", "after"].some((key) => changed.has(key))) await showVersus();
}

/** Say everything anew in another language; what was opened, drawn or scrolled to stays. @param {Set<string>} changed what else changed, as by "back" */
async function reword(changed) {
  const hold = holdPlace();
  const only = changed.size === 1;
  if (changed.has("theme")) followTheme();
  if (changed.has("models") || changed.has("columns")) keepPicks();
  followView();
  if (changed.has("trial")) showTrial();
  else rewordTrial();
  followGallery();
  await showGallery(only);
  hold();
  await showBoard();
  followBoxes(true);
  hold();
  const held = (/** @type {() => Promise<unknown>} */ show) => () => show().then(hold);
  await later(...[showDecide, () => showVersus(only), () => showPaired(only), showKinds, showHistoryNow, rewordRuns].map(held));
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.metaKey || event.ctrlKey || event.altKey || target.closest("input, select, textarea")) return;
  const arrow = event.shiftKey && event.key.startsWith("Arrow");
  const act = keyed(arrow ? `Shift+${event.key}` : event.key);
  if (!act) return;
  event.preventDefault();
  act();
}

/** @param {string} key @returns {(() => void) | undefined} */
function keyed(key) {
  if (key === "?") return () => (help.open ? help.close() : help.showModal());
  if (help.open) return undefined;
  if (key === "c") return copyLink;
  if (key === "l") return nextLanguage;
  if (viewer.open) return KEYS[key];
  if (key === "/") return () => at("gallery-search").focus();
  if (key === "j") return () => stepCards(1);
  if (key === "k") return () => stepCards(-1);
  return undefined;
}

function makeHelp() {
  at("help-open").addEventListener("click", () => help.showModal());
  at("help-close").addEventListener("click", () => help.close());
  document.addEventListener("keydown", onKey);
}

/** Whether the reader has gone somewhere by now. */
let scrolled = false;
for (const name of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(name, () => { scrolled = true; }, { once: true, passive: true });

/** Go where the address says; again when all is drawn, as sections grow. */
function arrive() {
  if (state.section && !state.trial) goTo(state.section, "instant");
}

async function open() {
  start({ theme: keptTheme(), lang: keptLanguage(), ...keptPicks() });
  makeTheme();
  makeLanguage();
  makeSections();
  makeHelp();
  makeTips();
  makeFilters();
  makePicker();
  makeGallery();
  makeDownload();
  makeViewer();
  followView();
  whenChanged(follow);
  followGallery();
  // Cards before the table: the table waits for its library.
  await Promise.all([showGallery().then(showTrial), showBoard()]);
  document.documentElement.dataset.ready = String(trials.trial.length);
  arrive();
  await later(showDecide, showVersus, showPaired, showKinds, showHistoryNow, showRuns);
  document.documentElement.dataset.complete = "";
  if (!scrolled) arrive();
  noteSections();
  tellSiblings();
}

try {
  await open();
} catch (error) {
  at("failed").hidden = false;
  at("failed").append(String(error));
  throw error;
}
