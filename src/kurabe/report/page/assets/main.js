// @ts-check
// Puts the page together: what is looked at first comes first, the rest in turns behind it.
import { showBoard } from "./board.js";
import { trials } from "./data.js";
import { followDecide, showDecide } from "./decide.js";
import { at } from "./dom.js";
import { makeFilters } from "./filters.js";
import { followGallery, makeGallery, showGallery, stepCards } from "./gallery.js";
import { showKinds } from "./kinds.js";
import { showPaired } from "./paired.js";
import { showHistoryNow, showRuns } from "./runs.js";
import { FIGURE_FILTERS, read, whenChanged } from "./state.js";
import { showVersus } from "./versus.js";
import { KEYS, makeViewer, showTrial } from "./viewer.js";

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
  const figures = FIGURE_FILTERS.some((filter) => changed.has(filter));
  if (figures) await showBoard();
  if (figures || ["only", "model", "outcome", "q"].some((key) => changed.has(key))) {
    followGallery();
    await showGallery();
  }
  if (changed.has("trial")) showTrial();
  if (!figures) await followDecide(changed);
  if (figures) await later(showDecide, showVersus, showPaired, showKinds, showHistoryNow);
  else if (["row", "before", "after"].some((key) => changed.has(key))) await showVersus();
}

function makeTheme() {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = at("theme");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const tell = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    tell();
  });
  dark.addEventListener("change", tell);
  tell();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.metaKey || event.ctrlKey || event.altKey || target.closest("input, select, textarea")) return;
  const act = keyed(event.key);
  if (!act) return;
  event.preventDefault();
  act();
}

/** @param {string} key @returns {(() => void) | undefined} */
function keyed(key) {
  if (key === "?") return () => (help.open ? help.close() : help.showModal());
  if (help.open) return undefined;
  if (viewer.open) return KEYS[key];
  if (key === "/") return () => at("gallery-search").focus();
  if (key === "j") return () => stepCards(1);
  if (key === "k") return () => stepCards(-1);
  return undefined;
}

function makeNavigation() {
  // The address holds the state, so that a link to a section must not replace it.
  for (const link of document.querySelectorAll("nav a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const section = at((link.getAttribute("href") ?? "").slice(1));
      section.scrollIntoView();
      section.focus({ preventScroll: true });
    });
  }
  at("help-open").addEventListener("click", () => help.showModal());
  at("help-close").addEventListener("click", () => help.close());
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", read);
  addEventListener("popstate", read);
}

async function open() {
  makeTheme();
  makeNavigation();
  makeFilters();
  makeGallery();
  makeViewer();
  read();
  whenChanged(follow);
  followGallery();
  // Cards before the table: the table waits for its library.
  await Promise.all([showGallery().then(showTrial), showBoard()]);
  document.documentElement.dataset.ready = String(trials.trial.length);
  await later(showDecide, showVersus, showPaired, showKinds, showHistoryNow, showRuns);
  document.documentElement.dataset.complete = "";
}

try {
  await open();
} catch (error) {
  at("failed").hidden = false;
  at("failed").append(String(error));
  throw error;
}
