// @ts-check
// What a mouse reads by staying over something, a finger reads by a tap and the keyboard by coming there.
import { h } from "./dom.js";

/** Pixels between a thing and what is said of it. */
const GAP = 8;

const bubble = h("div", { class: "tip", role: "tooltip", popover: "manual" });
/** @type {Element | null} */
let of = null;

function hide() {
  of = null;
  if (bubble.matches(":popover-open")) bubble.hidePopover();
}

/** @param {Element} thing */
function show(thing) {
  hide();
  of = thing;
  bubble.textContent = thing.getAttribute("title") ?? pointOf(thing);
  // Above an open trial, too: it lies in the same topmost layer.
  bubble.showPopover();
  const [place, size] = [thing.getBoundingClientRect(), bubble.getBoundingClientRect()];
  const left = Math.min(innerWidth - size.width - GAP, Math.max(GAP, place.left + (place.width - size.width) / 2));
  const below = place.bottom + GAP + size.height < innerHeight;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${below ? place.bottom + GAP : Math.max(GAP, place.top - GAP - size.height)}px`;
}

/** What Vega would tell of a point of a chart; it hides that again when the finger leaves. @param {Element} thing */
function pointOf(thing) {
  const told = /** @type {any} */ (thing).__data__?.tooltip;
  return told && typeof told === "object" ? Object.entries(told).map(([name, value]) => `${name}: ${value}`).join("\n") : "";
}

/** What has something to say; a number that opens its trials leads away at once. @param {EventTarget | null} target */
const telling = (target) => (target instanceof Element ? target.closest("[title]:not([title=''], .drill, iframe)") : null);

export function makeTips() {
  document.body.append(bubble);
  let touched = false;
  addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (bubble.matches(":popover-open") && telling(event.target) !== of) hide();
  }, { capture: true });
  addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const thing = pointOf(target) ? target : telling(target);
    if (!touched || !thing) return;
    if (thing === of) hide();
    else show(thing);
  });
  addEventListener("focusin", (event) => {
    const thing = telling(event.target);
    if (thing && /** @type {Element} */ (event.target).matches(":focus-visible")) show(thing);
    else if (!touched) hide();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  addEventListener("scroll", hide, { passive: true });
}
