/** A profile as a person writes it, and beside it at once what it would do; and the texts that create it. */

import { send } from "./api.js";
import { apiOf } from "./addresses.js";
import { badge, facts, fill, make, section } from "./dom.js";
import { counted, tone, words } from "./format.js";
import { membersTable, namesWith } from "./members.js";
import { allowOnly, isComplete, profileIn, showRefusal } from "./profile_form.js";
import { profileTexts } from "./profile_texts.js";

const DELAY = 400;

/**
 * The draft.
 * @param {function(Object, Object, HTMLElement): *} action Makes the button for the decision and the profile; it says
 *   what came of it in the element.
 * @returns {{form: HTMLFormElement, begin: function(string): void, decide: function(): Promise, elements: HTMLElement[]}}
 *   `begin` takes the version of Fleet's API for the texts; `decide` does at once what otherwise follows an input.
 */
export function profileDraft(action) {
  const preview = make("div", { "aria-live": "polite" });
  const texts = make("div", {});
  let pause = 0;
  let apiVersion = "";
  const form = make("form", {
    class: "new", onsubmit: (event) => event.preventDefault(), oninput: () => {
      allowOnly(form);
      clearTimeout(pause);
      pause = setTimeout(decide, DELAY);
    },
  });
  async function decide() {
    if (!isComplete(form)) {
      fill(preview, make("p", {}, "The form is not complete."));
      fill(texts);
      return;
    }
    const profile = profileIn(form);
    const asked = JSON.stringify(profile);
    const isCurrent = () => asked === JSON.stringify(profileIn(form)); // a person may type on in the meantime
    try {
      const decision = await send("POST", apiOf(profile.fleetId, "preview"),
        { name: profile.name, properties: profile.properties });
      if (isCurrent()) {
        fill(preview, wouldDo(decision, profile, action));
        fill(texts, profileTexts(profile.fleetId, profile.name, profile.properties, apiVersion).map(textToCopy));
      }
    } catch (error) {
      if (isCurrent()) {
        fill(preview, make("p", {}, showRefusal(form, error) ? "The profile is not valid." : error.message));
        fill(texts);
      }
    }
  }
  return {
    form,
    begin: (version) => {
      apiVersion = version;
    },
    decide,
    elements: [
      make("div", { class: "beside" }, form, section("What it would do", "would", preview)),
      section("To copy", "copy", texts),
    ],
  };
}

function wouldDo(decision, profile, action) {
  const result = make("p", { role: "status" });
  const images = Object.entries(decision.target?.nodeImages ?? {}).map(([family, version]) => `${family}-${version}`);
  return [
    make("p", { class: "verdict" }, badge(words(decision.outcome), tone(decision.outcome)), " ", decision.sentence),
    decision.warnings.map((each) => make("p", { class: "warning" }, each.sentence)),
    facts(["Reason", words(decision.reason)], ["Target", decision.target?.kubernetesVersion],
      ["Node images", images.join(", ")]),
    membersTable("What would happen to each cluster", decision.members),
    make("div", { class: "actions" }, action(decision, profile, result), result),
  ];
}

/** Which clusters a decision upgrades, as a sentence; nothing if it upgrades none. */
export function upgradesOf(decision) {
  const names = namesWith(decision, "Upgrade", "Wait");
  return names.length > 0 && `It upgrades ${counted(names.length, "cluster")}: ${names.slice(0, 20).join(", ")}` +
    `${names.length > 20 ? " and others" : ""}.`;
}

function textToCopy({ title, text }) {
  const done = make("span", { role: "status" });
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    fill(done, " Copied.");
  };
  return [
    make("h3", {}, title),
    make("div", { class: "wide", role: "region", "aria-label": title, tabindex: "0" }, make("pre", {}, text)),
    make("p", {}, make("button", { type: "button", onclick: copy }, `Copy for ${title}`), done),
  ];
}
