// @ts-check
// What the page carries packed: data, thumbnails and libraries, as gzip in base64.

/**
 * Return the text that the element `kurabe-NAME` packs, and free the element's own copy of it.
 * @param {string} name
 */
export async function unpack(name) {
  const node = document.getElementById(`kurabe-${name}`);
  if (!node) throw new Error(`the page lacks kurabe-${name}`);
  const bytes = Uint8Array.from(atob((node.textContent ?? "").trim()), (sign) => sign.charCodeAt(0));
  node.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

/** @type {Map<string, Promise<any>>} */
const loaded = new Map();

/**
 * Return a library's module; it is linked when it is first asked for.
 * @param {"datatables" | "vega"} name
 */
export function library(name) {
  const known = loaded.get(name) ?? link(name);
  loaded.set(name, known);
  return known;
}

/** @param {string} name */
async function link(name) {
  const url = URL.createObjectURL(new Blob([await unpack(name)], { type: "text/javascript" }));
  return import(url).finally(() => URL.revokeObjectURL(url));
}
