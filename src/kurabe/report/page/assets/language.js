// @ts-check
// The page's language: as the address says, else as chosen last, else as the run was written.
import { at } from "./dom.js";
import { keep, kept } from "./kept.js";
import { set, state, whenChanged } from "./state.js";
import { known, language, LANGUAGES, speak, WRITTEN } from "./words.js";

const buttons = () => /** @type {HTMLButtonElement[]} */ ([...at("languages").querySelectorAll("button")]);

function mark() {
  for (const button of buttons()) button.setAttribute("aria-pressed", String(button.dataset.lang === language()));
}

/** Follow the address, and keep what is chosen. @param {Set<string>} changed */
function follow(changed) {
  if (!changed.has("lang")) return;
  speak(known(state.lang) || WRITTEN);
  keep("lang", language());
  mark();
}

/** @param {string} lang */
const choose = (lang) => lang !== language() && set({ lang: lang === WRITTEN ? "" : lang });

/** Speak the next language. */
export const nextLanguage = () => choose(LANGUAGES[(LANGUAGES.indexOf(language()) + 1) % LANGUAGES.length]);

/** The language that was chosen last, where that is another than the page's own. */
export const keptLanguage = () => (kept("lang") === WRITTEN ? "" : known(kept("lang")));

/** Show the switch. It hears of a change first, so that all others find the new words. */
export function makeLanguage() {
  whenChanged(follow);
  for (const button of buttons()) {
    button.addEventListener("click", () => {
      choose(button.dataset.lang ?? "");
      // Where there is room for one, only the language that is not spoken is shown.
      if (!button.checkVisibility()) buttons().find((each) => each.checkVisibility())?.focus();
    });
  }
  at("languages").hidden = false;
  mark();
}
