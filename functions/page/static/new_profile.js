/** A new profile: what it would do, before it exists; the texts that create it, and its creation. */

import { readAll, send } from "./api.js";
import { apiOf, nameOf, viewOf } from "./addresses.js";
import { capabilities } from "./capabilities.js";
import { confirmed } from "./confirm.js";
import { fill, make } from "./dom.js";
import { profileDraft, upgradesOf } from "./profile_draft.js";
import { fillForm } from "./profile_form.js";

/** The view. */
export function newProfileView() {
  let allowed = null;
  const draft = profileDraft((decision, profile, result) => allowed.writesProfiles
    ? make("button", { type: "button", class: "primary", onclick: () => create(decision, profile, result) }, "Create the profile")
    : make("p", {}, "This app creates no profiles (AUTO_UPGRADE_PROFILES_WRITE): copy a text below."));
  return {
    title: "New profile",
    read: async () => {
      allowed = await capabilities();
      return readAll("/api/fleets?top=1000");
    },
    show: ({ fleets }) => {
      if (draft.form.childElementCount === 0 && fleets.length > 0) { // a refresh keeps what a person has typed
        fillForm(draft.form, fleets, allowed.channels);
        draft.begin(allowed.fleetApiVersion);
      }
      return [
        make("h1", {}, "New profile"),
        fleets.length === 0 ? make("p", {}, "The last evaluation found no fleet.")
          : [make("p", {}, "Nothing is created before you confirm it."), draft.elements],
      ];
    },
  };
}

async function create(decision, { fleetId, name, properties }, result) {
  const id = `${fleetId}/autoUpgradeProfiles/${name}`;
  const lines = [
    `Fleet ${nameOf(fleetId)} gets the profile ${name}, channel ${properties.channel}. The app then evaluates it:`,
    decision.sentence,
    upgradesOf(decision),
  ];
  if (await confirmed("Create the profile", lines, "Create", true)) {
    try {
      await send("PUT", apiOf(id), { properties }, { "If-None-Match": "*" });
      fill(result, "Created: ", make("a", { href: viewOf("profile", id) }, name), ", once the app has evaluated it.");
    } catch (error) {
      fill(result, make("span", { class: "problem" }, `Refused: ${error.message}`));
    }
  }
}
