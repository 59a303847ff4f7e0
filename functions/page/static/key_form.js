/** Asks for the function key. */

import { make } from "./dom.js";
import { keepKey } from "./key.js";

const SIGN_IN = "/.auth/login/aad?post_login_redirect_uri=/api/status"; // App Service answers there, not this app

/**
 * The form.
 * @param {string} message Why the key before was not accepted; empty if there was none.
 * @param {function(): *} accepted Called once a key was typed in.
 */
export function keyForm(message, accepted) {
  const input = make("input", {
    id: "key", type: "password", autocomplete: "off", spellcheck: "false", required: true,
    "aria-describedby": message ? "key-problem key-help" : "key-help", "aria-invalid": message ? "true" : null,
  });
  const submit = (event) => {
    event.preventDefault();
    if (input.value.trim()) {
      keepKey(input.value.trim());
      accepted();
    }
  };
  return make("form", { class: "key", onsubmit: submit },
    make("h1", {}, "Function key"),
    message && make("p", { id: "key-problem", class: "problem" }, message),
    make("label", { for: "key" }, "Key of the Function app"),
    make("p", { id: "key-help" }, "It is kept in this tab alone, until the tab is closed, and sent in a header."),
    input,
    make("button", { type: "submit", class: "primary" }, "Show the fleets"),
    make("p", {}, "Where this app requires Microsoft Entra ID as well, ",
      make("a", { id: "sign-in", href: SIGN_IN }, "sign in"), " first."));
}
