// @ts-check
// From a number to exactly the trials that it counts.
import { written } from "./counted.js";
import { at, h } from "./dom.js";
import { set } from "./state.js";
import { say } from "./words.js";

/**
 * The keys of a row of the leaderboard, which its numbers count by.
 * @param {{model: string, variant: string, layout: string, question: string}} row
 */
export const keysOf = ({ model, variant, layout, question }) => ({ model, variant, layout, question });

/**
 * A number as a button that shows its trials in the gallery; one that counts nothing is no button.
 * @param {number | null} count
 * @param {import("./counted.js").Only} only
 * @param {Record<string, any>} props
 * @param {...(import("./dom.js").Child)} children
 */
export function drill(count, only, props, ...children) {
  if (!count) return h("span", props, ...children);
  const open = () => {
    set({ only: written(only), model: "", outcome: "", q: "", section: "gallery" });
    at("gallery").scrollIntoView();
  };
  return h("button", { title: say("board.open"), ...props, class: `plain drill ${props.class ?? ""}`, onclick: open }, ...children);
}
