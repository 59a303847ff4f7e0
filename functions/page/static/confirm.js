/** Asks a person before something is done. */

import { fill, make } from "./dom.js";

/**
 * Whether the person confirms.
 * @param {string} title
 * @param {...*} lines What will happen: texts and elements.
 * @param {?string} yes What the button says; null if it cannot be done, and the dialog only says why.
 * @param {boolean} [danger] Whether clusters change at once.
 * @returns {Promise<boolean>}
 */
export function confirmed(title, lines, yes, danger = false) {
  const dialog = document.getElementById("dialog");
  const close = (value) => () => dialog.close(value);
  fill(dialog,
    make("h2", { id: "dialog-title" }, title),
    lines.filter(Boolean).map((line) => (typeof line === "string" ? make("p", {}, line) : line)),
    make("div", { class: "actions" },
      make("button", { type: "button", onclick: close("no"), autofocus: true }, yes === null ? "Close" : "Cancel"),
      yes !== null && make("button", { type: "button", class: danger ? "danger" : "primary", onclick: close("yes") }, yes)));
  dialog.returnValue = "no"; // what Escape leaves
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
