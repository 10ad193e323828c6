// @ts-check
// Zoom and pan, of all pictures on the stage together: by wheel, drag, pinch, double click, and keys. The view is
// three numbers that the style sheet turns into one transform, whatever the size of each picture.
import { at } from "./dom.js";
import { whole } from "./words.js";

const MOST = 24;
const STEP = 1.5;
/** Pixels that a pointer may tremble and still click. */
const STILL = 4;
/** Share of what is seen that a key moves. */
const PAN = 0.2;
/** From here on a picture's own pixels are shown as they are, not smoothed. */
const SHARP = 4;

/** How far in, and which point of the picture is in the middle, in shares of its width and height. */
const view = { z: 1, x: 0.5, y: 0.5 };
/** @type {Map<number, {x: number, y: number}>} */
const down = new Map();
let moved = false;

const stage = () => at("viewer-stage");

function show() {
  // The middle stays where the picture still covers it.
  const edge = 0.5 / view.z;
  view.x = Math.min(1 - edge, Math.max(edge, view.x));
  view.y = Math.min(1 - edge, Math.max(edge, view.y));
  for (const [name, value] of Object.entries(view)) stage().style.setProperty(`--${name}`, value.toFixed(5));
  stage().classList.toggle("zoomed", view.z > 1);
  stage().classList.toggle("sharp", view.z >= SHARP);
  at("viewer-zoom").textContent = `${whole(Math.round(100 * view.z))} %`;
  /** @type {HTMLButtonElement} */ (at("viewer-fit")).disabled = view.z === 1;
}

/** Show the whole picture. */
export function fit() {
  Object.assign(view, { z: 1, x: 0.5, y: 0.5 });
  show();
}

/**
 * Zoom, so that a point of the picture stays where it is.
 * @param {number} factor
 * @param {{x: number, y: number}} [point] in shares of the picture
 */
function zoom(factor, point = view) {
  const z = Math.min(MOST, Math.max(1, view.z * factor));
  const kept = view.z / z;
  Object.assign(view, { z, x: point.x - (point.x - view.x) * kept, y: point.y - (point.y - view.y) * kept });
  show();
}

/** @param {number} x @param {number} y */
function pan(x, y) {
  view.x += x;
  view.y += y;
  show();
}

/** The picture under a point of the screen, else the first. @param {Element} target */
const pictureAt = (target) => target.closest(".lens")?.querySelector(".picture") ?? stage().querySelector(".picture");

/** Where a point of the screen is in its picture. @param {Element} target @param {number} x @param {number} y */
function shares(target, x, y) {
  const box = pictureAt(target)?.getBoundingClientRect();
  return box?.width ? { x: (x - box.left) / box.width, y: (y - box.top) / box.height } : undefined;
}

/** @param {PointerEvent} event */
function onMove(event) {
  // Let go outside.
  if (!event.buttons) down.delete(event.pointerId);
  const before = down.get(event.pointerId);
  if (!before) return;
  const now = { x: event.clientX, y: event.clientY };
  const target = /** @type {Element} */ (event.target);
  const box = pictureAt(target)?.getBoundingClientRect();
  if (!box?.width || (!moved && Math.hypot(now.x - before.x, now.y - before.y) < STILL)) return;
  if (!moved) stage().setPointerCapture(event.pointerId);
  moved = true;
  const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
  down.set(event.pointerId, now);
  if (!other) return pan((before.x - now.x) / box.width, (before.y - now.y) / box.height);
  const apart = (/** @type {{x: number, y: number}} */ point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
  pan((before.x - now.x) / 2 / box.width, (before.y - now.y) / 2 / box.height);
  zoom(apart(now) / apart(before), shares(target, (now.x + other.x) / 2, (now.y + other.y) / 2));
}

/** Wire the stage and its buttons. @param {() => void} clicked called for a click that was no drag */
export function makeZoom(clicked) {
  const node = stage();
  node.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), shares(/** @type {Element} */ (event.target), event.clientX, event.clientY));
  }, { passive: false });
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || /** @type {Element} */ (event.target).closest("input, button")) return;
    if (!down.size) moved = false;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  node.addEventListener("pointermove", onMove);
  // Two fingers are ours; with one, a picture that is shown whole lets the page scroll.
  for (const name of ["touchstart", "touchmove"])
    node.addEventListener(name, (event) => {
      if (/** @type {TouchEvent} */ (event).touches.length > 1 && event.cancelable) event.preventDefault();
    }, { passive: false });
  for (const name of ["pointerup", "pointercancel"])
    node.addEventListener(name, (event) => down.delete(/** @type {PointerEvent} */ (event).pointerId));
  node.addEventListener("click", (event) => {
    if (!moved && /** @type {Element} */ (event.target).closest(".lens") && !/** @type {Element} */ (event.target).closest("input")) clicked();
  });
  node.addEventListener("dblclick", (event) =>
    view.z > 1 ? fit() : zoom(STEP ** 3, shares(/** @type {Element} */ (event.target), event.clientX, event.clientY)));
  at("viewer-in").addEventListener("click", () => zoom(STEP));
  at("viewer-out").addEventListener("click", () => zoom(1 / STEP));
  at("viewer-fit").addEventListener("click", fit);
  show();
}

/** What keys do to the view. @type {Record<string, () => void>} */
export const ZOOM_KEYS = {
  "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), "0": fit,
  "Shift+ArrowLeft": () => pan(-PAN / view.z, 0), "Shift+ArrowRight": () => pan(PAN / view.z, 0),
  "Shift+ArrowUp": () => pan(0, -PAN / view.z), "Shift+ArrowDown": () => pan(0, PAN / view.z),
};
