/** A new profile: what it would do, before it exists; and the texts that create it. */

import { ApiError, readAll, send } from "./api.js";
import { apiOf, nameOf, viewOf } from "./addresses.js";
import { confirmed } from "./confirm.js";
import { badge, facts, fill, make, section } from "./dom.js";
import { counted, tone, words } from "./format.js";
import { membersTable, namesWith } from "./members.js";
import { profileTexts } from "./profile_texts.js";

const DELAY = 400;
const ONE_VERSION = "TargetKubernetesVersion";
const CHANNELS = ["Stable", "Rapid", "NodeImage", ONE_VERSION];
const SELECTIONS = ["Latest", "Consistent"];

/** The view. */
export function newProfileView() {
  const form = make("form", { class: "new", oninput: changed, onsubmit: (event) => event.preventDefault() });
  const preview = make("div", { "aria-live": "polite" });
  const texts = make("div", {});
  let pause = 0;
  function changed() {
    allowOnly(form);
    clearTimeout(pause);
    pause = setTimeout(() => decide(form, preview, texts), DELAY);
  }
  return {
    title: "New profile",
    read: () => readAll("/api/fleets?top=1000"),
    show: ({ fleets }) => {
      if (form.childElementCount === 0) { // a refresh keeps what a person has typed
        fill(form, fieldsOf(fleets));
        allowOnly(form);
      }
      return [
        make("h1", {}, "New profile"),
        fleets.length === 0 ? make("p", {}, "The last evaluation found no fleet.") : [
          make("p", {}, "Nothing is created before you confirm it."),
          make("div", { class: "beside" }, form, section("What it would do", "would", preview)),
          section("To copy", "copy", texts),
        ],
      ];
    },
  };
}

function fieldsOf(fleets) {
  return [
    field("fleet", "Fleet", make("select", { id: "fleet" }, fleets.map((fleet) =>
      make("option", { value: fleet.id }, `${fleet.name}, ${counted(fleet.members, "member")}`)))),
    field("name", "Name", make("input", {
      id: "name", autocomplete: "off", spellcheck: "false", required: true, maxlength: "50",
      pattern: "[a-z0-9]([\\-a-z0-9]*[a-z0-9])?", title: "lower case letters, digits and dashes, with no dash at either end",
    })),
    field("channel", "Channel", choice("channel", CHANNELS)),
    field("targetKubernetesVersion", "Minor version", make("input", {
      id: "targetKubernetesVersion", autocomplete: "off", placeholder: "such as 1.34", pattern: "\\d+\\.\\d+",
    })),
    box("longTermSupport", "Long-term support"),
    field("nodeImageSelection", "Node images", choice("nodeImageSelection", SELECTIONS)),
    field("updateStrategyId", "Update strategy", make("input", {
      id: "updateStrategyId", autocomplete: "off", spellcheck: "false", placeholder: "its name; none: one by one",
    })),
    box("disabled", "Disabled at first"),
  ];
}

function field(id, title, control) {
  control.setAttribute("aria-describedby", `${id}-problem`);
  return make("div", {}, make("label", { for: id }, title), control, make("p", { id: `${id}-problem`, class: "problem" }));
}

function box(id, title) {
  return make("div", { class: "box" }, make("input", { id, type: "checkbox", "aria-describedby": `${id}-problem` }),
    make("label", { for: id }, title), make("p", { id: `${id}-problem`, class: "problem" }));
}

function choice(id, values) {
  return make("select", { id }, values.map((value) => make("option", { value }, value)));
}

/** Close the fields that the channel does not allow. */
function allowOnly(form) {
  const channel = valueOf(form, "channel");
  form.querySelector("#targetKubernetesVersion").disabled = channel !== ONE_VERSION;
  form.querySelector("#targetKubernetesVersion").required = channel === ONE_VERSION;
  form.querySelector("#longTermSupport").disabled = channel !== ONE_VERSION;
  form.querySelector("#nodeImageSelection").disabled = channel === "NodeImage";
}

/** The value of a field; nothing for one that is closed. */
function valueOf(form, id) {
  const control = form.querySelector(`#${id}`);
  if (control.disabled) {
    return "";
  }
  return control.type === "checkbox" ? control.checked : control.value.trim();
}

function profileIn(form) {
  const fleetId = valueOf(form, "fleet");
  const strategy = valueOf(form, "updateStrategyId");
  const selection = valueOf(form, "nodeImageSelection");
  const properties = {
    channel: valueOf(form, "channel"),
    ...(strategy && { updateStrategyId: `${fleetId}/updateStrategies/${strategy}` }),
    ...(selection && { nodeImageSelection: { type: selection } }),
    ...(valueOf(form, "targetKubernetesVersion") && { targetKubernetesVersion: valueOf(form, "targetKubernetesVersion") }),
    ...(valueOf(form, "longTermSupport") && { longTermSupport: true }),
    ...(valueOf(form, "disabled") && { disabled: true }),
  };
  return { fleetId, name: valueOf(form, "name"), properties };
}

async function decide(form, preview, texts) {
  for (const problem of form.querySelectorAll(".problem")) {
    fill(problem);
  }
  const wrong = [...form.elements].find((control) => !control.checkValidity());
  if (wrong) {
    fill(form.querySelector(`#${wrong.id}-problem`), wrong.value ? wrong.title || wrong.validationMessage : "Needed.");
    fill(preview, make("p", {}, "The form is not complete."));
    fill(texts);
    return;
  }
  const profile = profileIn(form);
  const asked = JSON.stringify(profile);
  try {
    const decision = await send("POST", apiOf(profile.fleetId, "preview"),
      { name: profile.name, properties: profile.properties });
    if (asked === JSON.stringify(profileIn(form))) { // a person has typed on in the meantime
      fill(preview, wouldDo(decision, profile));
      fill(texts, profileTexts(profile.fleetId, profile.name, profile.properties).map(textToCopy));
    }
  } catch (error) {
    showRefusal(form, preview, error);
    fill(texts);
  }
}

/** The refusal beside the field that it names. */
function showRefusal(form, preview, error) {
  const name = error instanceof ApiError ? (error.target ?? "").split(".").find((part) => form.querySelector(`#${part}-problem`)) : null;
  fill(name ? form.querySelector(`#${name}-problem`) : preview, error.message);
  if (name) {
    fill(preview, make("p", {}, "The profile is not valid."));
  }
}

function wouldDo(decision, profile) {
  const result = make("p", { role: "status" });
  return [
    make("p", { class: "verdict" }, badge(words(decision.outcome), tone(decision.outcome)), " ", decision.sentence),
    decision.warnings.map((each) => make("p", { class: "warning" }, each.sentence)),
    facts(["Reason", words(decision.reason)], ["Target", decision.target?.kubernetesVersion],
      ["Node images", Object.entries(decision.target?.nodeImages ?? {}).map(([family, version]) => `${family}-${version}`).join(", ")]),
    membersTable("What would happen to each cluster", decision.members),
    make("div", { class: "actions" },
      make("button", { type: "button", class: "primary", onclick: () => create(decision, profile, result) }, "Create the profile"),
      result),
  ];
}

async function create(decision, { fleetId, name, properties }, result) {
  const id = `${fleetId}/autoUpgradeProfiles/${name}`;
  const upgraded = namesWith(decision, "Upgrade", "Wait");
  const lines = [
    `Fleet ${nameOf(fleetId)} gets the profile ${name}, channel ${properties.channel}. The app then evaluates it:`,
    decision.sentence,
    upgraded.length > 0 && `It upgrades ${counted(upgraded.length, "cluster")}: ${upgraded.slice(0, 20).join(", ")}` +
      `${upgraded.length > 20 ? " and others" : ""}.`,
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
