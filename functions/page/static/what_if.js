/** What if: another time, other policies, and the decision that the app would make then. It changes nothing. */

import { read } from "./api.js";
import { apiOf } from "./addresses.js";
import { badge, facts, fill, make, section } from "./dom.js";
import { moment, tone, words } from "./format.js";
import { membersTable } from "./members.js";

/** Policies with fixed values; the others are texts such as `P7D`. */
const VALUES = {
  regions: ["common", "any"], "active-run": ["wait", "replace", "ignore"], "stopped-clusters": ["skip", "fail"],
  "busy-clusters": ["skip", "upgrade"], "catch-up": ["off", "stepwise"], split: ["off", "control-plane-first"],
  start: ["auto", "manual"], generator: ["compose", "native"],
};
const EXAMPLES = { soak: "such as P7D", freeze: "such as 2026-12-15/2027-01-05", "busy-wait": "such as PT6H", retry: "0 to 10" };

/**
 * The section of a profile's view.
 * @returns {{element: HTMLElement, decided: function(?Object): void}} `decided`: have it compare with this decision.
 */
export function whatIfSection(id) {
  const result = make("div", { "aria-live": "polite" });
  const at = make("input", { id: "what-if-at", type: "datetime-local" });
  const policies = make("div", { class: "policies" });
  let now = null;
  let shownPolicies = "";
  const ask = async (event) => {
    event.preventDefault();
    fill(result, make("p", {}, "Deciding…"));
    try {
      const { content } = await read(`${apiOf(id, "preview")}?${queryOf(at, policies)}`);
      fill(result, resultOf(content, now));
    } catch (error) {
      fill(result, make("p", { class: "problem" }, error.message));
    }
  };
  const element = section("What if", "what-if",
    make("p", {}, "The decision at another time or with other policies, on the releases of today. Nothing is changed."),
    make("form", { onsubmit: ask },
      make("div", { class: "policies" }, make("div", {}, make("label", { for: "what-if-at" }, "Time (UTC)"), at)),
      policies,
      make("button", { type: "submit" }, "Decide")),
    result);
  const decided = (decision) => {
    now = decision;
    const inForce = JSON.stringify(decision?.policies ?? {});
    if (inForce !== shownPolicies) {
      shownPolicies = inForce;
      fill(policies, Object.entries(decision?.policies ?? {}).map(policyField));
    }
  };
  return { element, decided };
}

function policyField([key, { value }]) {
  const id = `what-if-${key}`;
  const asNow = `as now: ${value}`;
  const field = key in VALUES
    ? make("select", { id, name: key }, make("option", { value: "" }, asNow),
      VALUES[key].map((each) => make("option", { value: each }, each)))
    : make("input", {
      id, name: key, autocomplete: "off", spellcheck: "false", placeholder: `${asNow}${hint(key)}`,
    });
  return make("div", {}, make("label", { for: id }, key), field);
}

function hint(key) {
  return key in EXAMPLES ? `; ${EXAMPLES[key]}` : "";
}

function queryOf(at, policies) {
  const query = new URLSearchParams();
  if (at.value) {
    query.set("at", `${at.value.slice(0, 16)}:00Z`);
  }
  for (const field of policies.querySelectorAll("[name]")) {
    if (field.value.trim()) {
      query.set(`policy.${field.name}`, field.value.trim());
    }
  }
  return query;
}

function resultOf(decision, now) {
  const before = new Map((now?.members ?? []).map((member) => [member.name, member]));
  const same = now !== null && now.outcome === decision.outcome && now.reason === decision.reason &&
    now.sentence === decision.sentence;
  return [
    make("p", { class: "verdict" }, badge(words(decision.outcome), tone(decision.outcome)), " ", decision.sentence),
    same && make("p", {}, "As the last evaluation decided."),
    facts(
      ["Reason", words(decision.reason)],
      ["Until", moment(decision.until)],
      ["Target", decision.target?.kubernetesVersion],
      ["Run", decision.updateRun?.name],
    ),
    membersTable("What would happen to each cluster", decision.members, before),
  ];
}
