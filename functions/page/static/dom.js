/**
 * Elements made of text and other elements. Names and sentences come from people and from Azure: they are only ever
 * inserted as text nodes and attributes, never read as markup.
 */

/**
 * An element.
 * @param {string} tag
 * @param {Object<string, *>} [attributes] Null, undefined and false are no attribute; a function listens to an event,
 *   such as `onclick`.
 * @param {...*} children Nodes, texts and arrays of them; null and undefined are nothing.
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...parts(children));
  return element;
}

/** The children, with arrays flattened and without null, undefined and false. */
function parts(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Replace everything in an element. */
export function fill(element, ...children) {
  element.replaceChildren(...parts(children));
}

/** A heading with what belongs to it; the heading names the section for screen readers. */
export function section(title, id, ...children) {
  return make("section", { "aria-labelledby": id }, make("h2", { id }, title), children);
}

/** Names with their values; those without a value are absent. */
export function facts(...pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return make("dl", { class: "facts" }, shown.map(([name, value]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

/**
 * A table. Roles are explicit: at phone width rows are shown as cards, and browsers then forget what they are.
 * @param {string} caption
 * @param {{title: string, cell: function(*): *, heads?: boolean, class?: string}[]} columns
 * @param {*[]} rows
 * @param {{class?: string, hideCaption?: boolean, rowClass?: function(*): ?string}} [options]
 */
export function table(caption, columns, rows, options = {}) {
  const titles = columns.map((column) => make("th", { role: "columnheader", scope: "col" }, column.title));
  return make("table", { role: "table", class: options.class },
    make("caption", { class: options.hideCaption ? "unseen" : null }, caption),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, titles)),
    make("tbody", { role: "rowgroup" }, rows.map((row) => tableRow(columns, row, options))));
}

function tableRow(columns, row, options) {
  return make("tr", { role: "row", class: options.rowClass?.(row) }, columns.map((column) => {
    const attributes = { "data-label": column.title, class: column.class };
    return column.heads
      ? make("th", { ...attributes, role: "rowheader", scope: "row" }, column.cell(row))
      : make("td", { ...attributes, role: "cell" }, column.cell(row));
  }));
}

/** What may be wider than a phone: it scrolls, with the keyboard too. */
export function wide(label, child) {
  return make("div", { class: "wide", role: "region", "aria-label": label, tabindex: "0" }, child);
}

/** A word for a state, with a colour that says the same; the colour alone says nothing. */
export function badge(text, tone) {
  return make("span", { class: `badge ${tone}` }, text);
}
