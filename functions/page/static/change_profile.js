/** An existing profile in the form: what it would do if it were changed, before it is. */

import { read, send } from "./api.js";
import { apiOf, fleetIdOf, fleetOf, nameOf, viewOf } from "./addresses.js";
import { capabilities } from "./capabilities.js";
import { confirmed } from "./confirm.js";
import { fill, make } from "./dom.js";
import { profileDraft, upgradesOf } from "./profile_draft.js";
import { fillForm, propertiesOf } from "./profile_form.js";

/** The view. */
export function changeProfileView({ id }) {
  let stored = null; // as it was when the form was opened: a later change of someone else is not lost
  let allowed = null;
  const title = `Change ${fleetOf(id)} / ${nameOf(id)}`;
  const draft = profileDraft((decision, profile, result) => allowed.writesProfiles
    ? make("button", { type: "button", class: "primary", onclick: () => change(decision, profile, result) }, "Change the profile")
    : make("p", {}, "This app changes no profiles (AUTO_UPGRADE_PROFILES_WRITE): copy a text below."));

  async function change(decision, { properties }, result) {
    const lines = [
      `The profile ${nameOf(id)} of fleet ${fleetOf(id)} is changed: ` +
        `${differences(propertiesOf(stored.settings), properties)}. The app then evaluates it:`,
      decision.sentence,
      upgradesOf(decision),
    ];
    if (await confirmed("Change the profile", lines, "Change", true)) {
      try {
        await send("PUT", apiOf(id), { properties }, { "If-Match": stored.eTag });
        stored = (await read(apiOf(id, "settings"))).content;
        fill(result, "Changed. ", make("a", { href: viewOf("profile", id) }, nameOf(id)), " shows it once the app has evaluated it.");
      } catch (error) {
        fill(result, make("span", { class: "problem" }, `Refused: ${error.message}`));
      }
    }
  }

  return {
    title,
    read: async () => {
      const isFirst = stored === null;
      allowed = await capabilities();
      stored ??= (await read(apiOf(id, "settings"))).content;
      return { content: stored, changed: isFirst, receivedAt: Date.now() };
    },
    show: () => {
      if (draft.form.childElementCount === 0) {
        const fleet = { id: fleetIdOf(id), name: fleetOf(id) };
        draft.begin(allowed.fleetApiVersion);
        fillForm(draft.form, [fleet], allowed.channels, { name: nameOf(id), settings: stored.settings }).then(draft.decide);
      }
      return [
        make("p", { class: "path" }, make("a", { href: "#/" }, "Overview"), " / ",
          make("a", { href: viewOf("profile", id) }, nameOf(id))),
        make("h1", {}, title),
        make("p", {}, "Nothing is changed before you confirm it."),
        draft.elements,
      ];
    },
  };
}

/** What differs, as a clause: `channel Rapid → Stable, disabled no → yes`. */
function differences(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return changed.map((name) => `${name} ${shown(before[name])} → ${shown(after[name])}`).join(", ") || "nothing";
}

function shown(value) {
  if (value === undefined) {
    return "none";
  }
  return value === true ? "true" : value.type ?? (value.startsWith("/") ? nameOf(value) : value);
}
