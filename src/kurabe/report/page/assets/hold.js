// @ts-check
// Keeps what is read under the reader's eyes while what stands above it is drawn anew.

/** How far below the window's upper edge what is read may begin. */
const NEAR = 200;

/**
 * Note which section is read, and where on the screen it begins.
 * @returns {() => void} brings it back there; no longer once the reader has moved on
 */
export function holdPlace() {
  const read = [...document.querySelectorAll("main section")].filter((section) => section.getBoundingClientRect().top <= NEAR).pop();
  const was = read?.getBoundingClientRect().top ?? 0;
  let moved = false;
  for (const name of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(name, () => { moved = true; }, { once: true, passive: true });
  return () => {
    if (read && scrollY && !moved) scrollBy({ top: read.getBoundingClientRect().top - was, behavior: "instant" });
  };
}
