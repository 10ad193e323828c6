// @ts-check
// What a browser keeps for the next page: choices of taste, nothing of the run. Some browsers keep nothing for files.

const PREFIX = "kurabe.";

/** @param {string} name @param {string} value an empty one is forgotten */
export function keep(name, value) {
  try {
    if (value) localStorage.setItem(PREFIX + name, value);
    else localStorage.removeItem(PREFIX + name);
  } catch {
    // Storage may be switched off; the address still holds the choice.
  }
}

/** @param {string} name @returns {string} empty if nothing is kept */
export function kept(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? "";
  } catch {
    return "";
  }
}
