/** Changes a profile as a whole: leads to the form, disables or enables it, deletes it. Each is confirmed. */

import { read, send } from "./api.js";
import { apiOf, fleetIdOf, fleetOf, nameOf, viewOf } from "./addresses.js";
import { confirmed } from "./confirm.js";
import { fill, make } from "./dom.js";
import { upgradesOf } from "./profile_draft.js";
import { propertiesOf } from "./profile_form.js";

const NO_RUNS = "It generates no new update runs. Its update runs stay, and those in progress continue.";

/**
 * The buttons, and what came of them.
 * @param {string} id Of the profile.
 * @param {Object} settings As the last evaluation found them; what is written is read anew.
 * @param {HTMLElement} result Stays while the view is refreshed.
 */
export function manageButtons(id, settings, result) {
  const toggle = settings.disabled ? "Enable" : "Disable";
  return make("div", { class: "actions" },
    make("a", { class: "button", href: viewOf("change", id) }, "Change"),
    make("button", { id: "manage-toggle", type: "button", onclick: () => attempt(result, () => setDisabled(id, !settings.disabled)) }, toggle),
    make("button", { id: "manage-delete", type: "button", class: "danger", onclick: () => attempt(result, () => remove(id)) }, "Delete"),
    result);
}

/** Do it, and say what came of it; nothing if the person did not confirm. */
async function attempt(result, act) {
  fill(result, "Reading the profile…");
  try {
    fill(result, await act());
  } catch (error) {
    fill(result, make("span", { class: "problem" }, `Refused: ${error.message}`));
  }
}

async function setDisabled(id, disabled) {
  const { content: { settings, eTag } } = await read(apiOf(id, "settings"));
  const properties = propertiesOf({ ...settings, disabled });
  const verb = disabled ? "Disable" : "Enable";
  const lines = disabled ? [`Fleet ${fleetOf(id)} keeps the profile ${nameOf(id)}. ${NO_RUNS}`] : await wouldDo(id, properties);
  if (!await confirmed(`${verb} the profile`, lines, verb, !disabled)) {
    return "";
  }
  await send("PUT", apiOf(id), { properties }, { "If-Match": eTag });
  return `${verb}d. The page shows it once the app has evaluated the profile.`;
}

async function wouldDo(id, properties) {
  const decision = await send("POST", apiOf(fleetIdOf(id), "preview"), { name: nameOf(id), properties });
  return [`The profile ${nameOf(id)} of fleet ${fleetOf(id)} is evaluated again:`, decision.sentence, upgradesOf(decision)];
}

async function remove(id) {
  const lines = [`Fleet ${fleetOf(id)} loses the profile ${nameOf(id)}, which cannot be undone. ${NO_RUNS}`];
  if (!await confirmed("Delete the profile", lines, "Delete", true)) {
    return "";
  }
  await send("DELETE", apiOf(id));
  return ["Deleted. The ", make("a", { href: "#/" }, "overview"), " shows it until the next evaluation."];
}
