// @ts-check
// Sections: links that are part of the address and land below the header, and a link to what is seen to send on.
import { at } from "./dom.js";
import { address, noteSection, read, set, state } from "./state.js";
import { language, say } from "./words.js";

/** Milliseconds after the last move until the address says where one is: browsers take few addresses a second. */
const WAIT = 250;
/** Milliseconds that the page says that it has copied. */
const TOLD = 2500;

const links = () => /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("nav a")]);
const nameOf = (/** @type {HTMLAnchorElement} */ link) => link.dataset.section ?? "";

/** Height of what stays at the top, under which a section has to land. */
function head() {
  const filters = at("filters");
  const stays = getComputedStyle(filters).position === "sticky" ? filters.offsetHeight : 0;
  return /** @type {HTMLElement} */ (document.querySelector(".top")).offsetHeight + stays;
}

/** Bring a section below the header. @param {string} name @param {ScrollBehavior} [behavior] */
export function goTo(name, behavior = "auto") {
  if (!links().some((link) => nameOf(link) === name)) return;
  const section = at(name);
  section.scrollIntoView({ behavior });
  section.focus({ preventScroll: true });
}

/** The section under the header. */
function current() {
  if (scrollY < 60) return "";
  const line = head() + 40;
  const passed = links().filter((link) => at(nameOf(link)).getBoundingClientRect().top <= line);
  return passed.length ? nameOf(passed[passed.length - 1]) : "";
}

function mark() {
  const now = current() || nameOf(links()[0]);
  for (const link of links()) {
    if (nameOf(link) === now) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Note in the address where one has scrolled to, from now on. */
export function noteSections() {
  let waiting = 0;
  const settled = () => {
    noteSection(current());
    mark();
  };
  addEventListener("scroll", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(settled, WAIT);
  }, { passive: true });
  mark();
}

/** Follow an address that was typed or pasted; on the way back the browser itself scrolls to where one was. @param {PopStateEvent} event */
function onAddress(event) {
  read();
  if (event.state === null && state.section && !state.trial) goTo(state.section);
}

/** @param {HTMLElement} button @param {HTMLElement} told where it is said that it was done */
async function copy(button, told) {
  // With the language, whatever was chosen last where the link is opened.
  const text = location.href.split("#")[0] + address({ lang: language() });
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyBySelection(text, button);
  }
  told.textContent = say("page.copied");
  setTimeout(() => {
    told.textContent = "";
  }, TOLD);
}

/** For browsers without a clipboard for files. @param {string} text @param {HTMLElement} button */
function copyBySelection(text, button) {
  const field = document.createElement("textarea");
  field.value = text;
  button.after(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  button.focus();
}

/** Copy the address of what is seen. */
export const copyLink = () => at(at("viewer").hasAttribute("open") ? "viewer-copy" : "copy-link").click();

export function makeSections() {
  for (const link of links()) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      set({ section: nameOf(link) });
      goTo(nameOf(link));
    });
    // The address that is sent on by hand holds the filters, too.
    for (const name of ["pointerenter", "focus"]) link.addEventListener(name, () => { link.href = address({ section: nameOf(link), trial: "" }); });
  }
  const pad = () => document.documentElement.style.setProperty("scroll-padding-top", `${head() + 8}px`);
  new ResizeObserver(pad).observe(at("filters"));
  pad();
  for (const name of ["copy-link", "viewer-copy"]) at(name).addEventListener("click", () => copy(at(name), at(`${name}-told`)));
  addEventListener("popstate", onAddress);
}
