// @ts-check
// Tables that sort, search and page: DataTables, given cells as nodes.
import { h } from "./dom.js";
import { library } from "./unpack.js";
import { language, say } from "./words.js";

/**
 * @template R
 * @typedef {{
 *   key?: string, title: string, hint?: string, cell: (row: R) => import("./dom.js").Child,
 *   sort: ((row: R) => string | number | null | undefined) | null, number?: boolean, class?: string, lowFirst?: boolean,
 * }} Column
 */

const PAGE = 25;

/** @type {WeakMap<Element, any>} */
const made = new WeakMap();

/**
 * Show rows as a table in `node`, in place of what is there; its order survives.
 * @template R
 * @param {HTMLElement} node
 * @param {{caption: string, columns: Column<R>[], rows: R[], order?: [number, "asc" | "desc"][], page?: number,
 *   onclick?: (row: R, line: HTMLElement) => void, chosen?: (row: R) => boolean, onorder?: (column: number, way: string) => void}} what
 *   `onorder` hears how the reader sorts; who listens keeps the order
 */
export async function showTable(node, { caption, columns, rows, order = [], page = PAGE, onclick, chosen, onorder }) {
  const { default: DataTable } = await library("datatables");
  const before = made.get(node);
  const heads = columns.map((column) => column.title).join("\n");
  // The same table in another language keeps its page and what is searched, too.
  const reworded = before && before.lang !== language() && before.columns === columns.length;
  const kept = (reworded || before?.heads === heads) && !onorder ? before.table.order() : order;
  const [sought, turned] = reworded ? [before.table.search(), before.table.page()] : ["", 0];
  before?.table.destroy();
  // Built here, because DataTables takes the titles that it is given for markup.
  const head = columns.map((column) =>
    h("th", { scope: "col", class: column.number ? "number" : null, title: column.hint }, column.title),
  );
  const frame = h("table", { class: "grid" }, h("caption", { class: "unseen" }, caption), h("thead", null, h("tr", null, head)));
  node.replaceChildren(frame);
  const many = rows.length > page;
  const table = new DataTable(frame, {
    data: rows,
    columns: columns.map((column) => ({
      data: null,
      type: column.number ? "num" : "string",
      orderable: column.sort !== null,
      className: [column.number ? "number" : "", column.class ?? ""].join(" ").trim(),
      orderSequence: column.number && !column.lowFirst ? ["desc", "asc"] : ["asc", "desc"],
      render: (/** @type {unknown} */ _, /** @type {string} */ type, /** @type {R} */ row) =>
        type === "display" ? cellOf(column, row) : type === "filter" ? escaped(sortable(column, row)) : sortable(column, row),
    })),
    order: kept,
    deferRender: true,
    autoWidth: false,
    paging: many,
    pageLength: page,
    layout: {
      topStart: null,
      topEnd: many ? "search" : null,
      bottomStart: many ? "info" : null,
      bottomEnd: many ? "paging" : null,
    },
    language: {
      emptyTable: say("table.empty"),
      zeroRecords: say("table.empty"),
      search: say("table.search"),
      info: say("table.info", { start: "_START_", end: "_END_", total: "_TOTAL_" }),
      infoEmpty: "",
      infoFiltered: say("table.of", { max: "_MAX_" }),
      aria: {
        orderable: say("table.sortable"), orderableReverse: say("table.sortable"), orderableRemove: say("table.sortable"),
        paginate: { first: say("table.first"), last: say("table.last"), next: say("table.next"), previous: say("table.previous") },
      },
      paginate: { first: "«", last: "»", next: "›", previous: "‹" },
    },
    createdRow: (/** @type {HTMLElement} */ line, /** @type {R} */ row) => {
      // A number leads to its trials, not to what the row has to show.
      if (onclick) line.addEventListener("click", (event) => /** @type {Element} */ (event.target).closest(".drill") || onclick(row, line));
      if (chosen?.(row)) line.classList.add("chosen");
    },
  });
  // Of a click or a key, not of the order that it begins with.
  if (onorder) table.on("order", () => {
    const [first] = table.order();
    if (first) onorder(first[0], first[1]);
  });
  node.querySelector(".dt-paging nav")?.setAttribute("aria-label", say("table.pages"));
  if (sought) table.search(sought).draw();
  if (turned) table.page(turned).draw("page");
  made.set(node, { table, heads, lang: language(), columns: columns.length });
}

/**
 * @template R
 * @param {Column<R>} column
 * @param {R} row
 */
function cellOf(column, row) {
  const cell = column.cell(row);
  // A string would be taken for markup.
  return cell instanceof Node ? cell : h("span", null, cell);
}

/**
 * @template R
 * @param {Column<R>} column
 * @param {R} row
 */
function sortable(column, row) {
  const value = column.sort?.(row);
  return value ?? (column.number ? -Infinity : "");
}

/** What is searched; DataTables reads it as markup to resolve entities. @param {string | number} value */
const escaped = (value) => String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
