/** The fields of a profile, and the profile in them; a wrong combination is refused where it is made. */

import { ApiError, read } from "./api.js";
import { apiOf, nameOf } from "./addresses.js";
import { fill, make } from "./dom.js";
import { counted } from "./format.js";

const ONE_VERSION = "TargetKubernetesVersion";
const SELECTIONS = ["Latest", "Consistent"];
const ONE_BY_ONE = "none: one by one";

/**
 * Fill the form.
 * @param {HTMLFormElement} form
 * @param {Object[]} fleets To choose from; one alone cannot be chosen.
 * @param {string[]} channels
 * @param {{name: string, settings: Object}} [existing] The profile to change: its name is fixed.
 */
export function fillForm(form, fleets, channels, existing) {
  const settings = existing?.settings ?? {};
  const fleet = make("select", { id: "fleet", disabled: existing !== undefined }, fleets.map((each) =>
    make("option", { value: each.id }, each.members === undefined ? each.name
      : `${each.name}, ${counted(each.members, "member")}`)));
  fleet.addEventListener("change", () => showStrategies(form, null));
  fill(form,
    field("fleet", "Fleet", fleet),
    field("name", "Name", make("input", {
      id: "name", autocomplete: "off", spellcheck: "false", required: true, maxlength: "50", value: existing?.name,
      readonly: existing !== undefined, pattern: "[a-z0-9]([\\-a-z0-9]*[a-z0-9])?",
      title: "lower case letters, digits and dashes, with no dash at either end",
    })),
    field("channel", "Channel", choice("channel", channels, settings.channel)),
    field("targetKubernetesVersion", "Minor version", make("input", {
      id: "targetKubernetesVersion", autocomplete: "off", placeholder: "such as 1.34", pattern: "\\d+\\.\\d+",
      value: settings.targetKubernetesVersion,
    })),
    box("longTermSupport", "Long-term support", settings.longTermSupport),
    field("nodeImageSelection", "Node images", choice("nodeImageSelection", SELECTIONS, settings.nodeImageSelection)),
    field("updateStrategyId", "Update strategy", make("select", { id: "updateStrategyId" })),
    make("p", { id: "strategies", class: "under", role: "status" }),
    box("disabled", existing === undefined ? "Disabled at first" : "Disabled", settings.disabled));
  allowOnly(form);
  return showStrategies(form, settings.updateStrategyId);
}

/** List the strategies of the chosen fleet; until they are read, and if they cannot be, only the current one. */
async function showStrategies(form, current) {
  const fleetId = form.querySelector("#fleet").value;
  const select = form.querySelector("#updateStrategyId");
  const note = form.querySelector("#strategies");
  const list = (strategies) => fill(select, make("option", { value: "" }, ONE_BY_ONE), strategies.map(({ id, name, stages }) =>
    make("option", { value: id, selected: isSame(id, current) }, [name, stages.join(" → ")].filter(Boolean).join(": "))));
  const known = current ? [{ id: current, name: nameOf(current), stages: [] }] : [];
  list(known);
  fill(note);
  try {
    const { content } = await read(apiOf(fleetId, "updateStrategies"));
    if (form.querySelector("#fleet").value === fleetId) { // a person has chosen another one in the meantime
      list([...content.value, ...known.filter((one) => !content.value.some(({ id }) => isSame(id, one.id)))]);
    }
  } catch (error) {
    fill(note, `The strategies of the fleet could not be read: ${error.message}`);
  }
}

function isSame(id, other) {
  return id.toLowerCase() === other?.toLowerCase();
}

function field(id, title, control) {
  control.setAttribute("aria-describedby", `${id}-problem`);
  return make("div", {}, make("label", { for: id }, title), control, make("p", { id: `${id}-problem`, class: "problem" }));
}

function box(id, title, checked) {
  return make("div", { class: "box" },
    make("input", { id, type: "checkbox", "aria-describedby": `${id}-problem`, checked: checked === true }),
    make("label", { for: id }, title), make("p", { id: `${id}-problem`, class: "problem" }));
}

function choice(id, values, current) {
  return make("select", { id }, values.map((value) => make("option", { value, selected: value === current }, value)));
}

/** Close the fields that the channel does not allow. */
export function allowOnly(form) {
  const channel = valueOf(form, "channel");
  form.querySelector("#targetKubernetesVersion").disabled = channel !== ONE_VERSION;
  form.querySelector("#targetKubernetesVersion").required = channel === ONE_VERSION;
  form.querySelector("#longTermSupport").disabled = channel !== ONE_VERSION;
  form.querySelector("#nodeImageSelection").disabled = channel === "NodeImage";
}

/** The value of a field; nothing for one that the channel closes. */
function valueOf(form, id) {
  const control = form.querySelector(`#${id}`);
  if (control.disabled && id !== "fleet") {
    return "";
  }
  return control.type === "checkbox" ? control.checked : control.value.trim();
}

/** The profile in the form. */
export function profileIn(form) {
  const settings = Object.fromEntries(
    ["channel", "updateStrategyId", "nodeImageSelection", "targetKubernetesVersion", "longTermSupport", "disabled"]
      .map((name) => [name, valueOf(form, name)]));
  return { fleetId: valueOf(form, "fleet"), name: valueOf(form, "name"), properties: propertiesOf(settings) };
}

/** The settings of a profile as ARM takes them: without those that have no value. */
export function propertiesOf(settings) {
  const { channel, updateStrategyId, nodeImageSelection, targetKubernetesVersion, longTermSupport, disabled } = settings;
  return {
    channel,
    ...(updateStrategyId && { updateStrategyId }),
    ...(nodeImageSelection && { nodeImageSelection: { type: nodeImageSelection } }),
    ...(targetKubernetesVersion && { targetKubernetesVersion }),
    ...(longTermSupport && { longTermSupport: true }),
    ...(disabled && { disabled: true }),
  };
}

/** Whether every field is filled in as it must be; the first that is not says so. */
export function isComplete(form) {
  for (const problem of form.querySelectorAll(".problem")) {
    fill(problem);
  }
  const wrong = [...form.elements].find((control) => !control.checkValidity());
  if (wrong) {
    fill(form.querySelector(`#${wrong.id}-problem`), wrong.value ? wrong.title || wrong.validationMessage : "Needed.");
  }
  return wrong === undefined;
}

/** Show a refusal beside the field that it names; false if it names none. */
export function showRefusal(form, error) {
  const target = error instanceof ApiError ? error.target ?? "" : "";
  const name = target.split(".").find((part) => form.querySelector(`#${part}-problem`));
  if (name) {
    fill(form.querySelector(`#${name}-problem`), error.message);
  }
  return name !== undefined;
}
