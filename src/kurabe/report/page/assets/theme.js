// @ts-check
// Light or dark: as the address says, else as chosen last, else as the system is.
import { at } from "./dom.js";
import { keep, kept } from "./kept.js";
import { set, state } from "./state.js";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

function show() {
  if (state.theme === "dark" || state.theme === "light") root.dataset.theme = state.theme;
  else delete root.dataset.theme;
  at("theme").setAttribute("aria-pressed", String(isDark()));
}

/** Follow the address, and keep what it says. */
export function followTheme() {
  keep("theme", state.theme);
  show();
}

/** The theme that was chosen last. */
export const keptTheme = () => kept("theme");

export function makeTheme() {
  at("theme").addEventListener("click", () => set({ theme: isDark() ? "light" : "dark" }));
  dark.addEventListener("change", show);
  show();
}
