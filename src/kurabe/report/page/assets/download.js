// @ts-check
// The trials that the gallery shows, as a file.
import { csvLines } from "./csv.js";
import { readOnly } from "./counted.js";
import { run } from "./data.js";
import { at, fill, lasting } from "./dom.js";
import { inGallery } from "./gallery.js";
import { questions, state } from "./state.js";
import { whole } from "./words.js";

/** Excel takes UTF-8 without it for another encoding. */
const BOM = "\ufeff";
const LONGEST = 120;

/** The file's name says the run, and what the trials were chosen by. */
function fileName() {
  const { what = "", of = "", ...keys } = state.only ? readOnly(state.only) : /** @type {Record<string, string>} */ ({});
  const filters = [
    questions.length > 1 ? state.question : "", state.suite, state.tag, state.variant, state.layout, state.model, state.models, state.outcome,
    of, what, ...Object.values(keys), state.q,
  ];
  const said = [...new Set(filters.filter(Boolean))].map((each) => each.replace(/[^\p{L}\p{N}.]+/gu, "_"));
  return `${[run.name, "trials", ...said].join("-").slice(0, LONGEST)}.csv`;
}

function download() {
  const places = inGallery();
  const name = fileName();
  const url = URL.createObjectURL(new Blob([BOM, ...csvLines(places)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: some browsers begin to read it only then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  fill(at("gallery-csv-told"), lasting("out.csv_told", { n: whole(places.length), name }));
}

/** Wire the button. */
export const makeDownload = () => at("gallery-csv").addEventListener("click", download);
