/** One profile: its decision, clusters, what regions offer, policies, runs; and what a person can do about it. */

import { actionButtons } from "./actions.js";
import { read } from "./api.js";
import { apiOf, fleetOf, nameOf, viewOf } from "./addresses.js";
import { capabilities } from "./capabilities.js";
import { badge, facts, make, section, table } from "./dom.js";
import { counted, days, fromNow, moment, nowOf, shortened, tone, words } from "./format.js";
import { manageButtons } from "./manage.js";
import { matrixSection } from "./matrix.js";
import { membersTable } from "./members.js";
import { runsSection } from "./runs.js";
import { whatIfSection } from "./what_if.js";

/** The view. */
export function profileView({ id, again }) {
  const title = `${fleetOf(id)} / ${nameOf(id)}`;
  const buttons = actionButtons(id, again);
  const whatIf = whatIfSection(id); // made once, so that a refresh keeps what a person has typed
  const managed = make("p", { role: "status", class: "managed" });
  let allowed = null;
  return {
    title,
    read: async () => {
      allowed ??= await capabilities();
      return read(apiOf(id));
    },
    summary: ({ summary }) => `${words(summary.outcome ?? "NotEvaluated")}: ${summary.sentence}`,
    show: (content) => {
      whatIf.decided(content.decision);
      return [
        make("p", { class: "path" }, make("a", { href: "#/" }, "Overview")),
        make("h1", {}, title),
        decisionOf(content),
        buttons,
        membersSection(content.decision),
        matrixSection(content.matrix, content.decision),
        policiesSection(content.decision),
        runsSection(content.runs),
        whatIf.element,
        settingsSection(content.settings, allowed.writesProfiles && manageButtons(id, content.settings, managed)),
      ];
    },
  };
}

function decisionOf(content) {
  const { summary, decision, lastTrigger } = content;
  const now = nowOf(content);
  return make("div", { class: "decision" },
    make("p", { class: "verdict" },
      badge(words(summary.outcome ?? "NotEvaluatedYet"), tone(summary.outcome)), " ",
      decision?.sentence ?? summary.sentence),
    (decision?.warnings ?? []).map((each) => make("p", { class: "warning" }, each.sentence)),
    summary.lastTriggerError && make("p", { class: "problem" },
      "The last attempt failed, ", fromNow(summary.lastTriggerError.at, now), `: ${summary.lastTriggerError.message}`),
    facts(
      ["Next", [summary.needsPerson && badge("Person", "bad"), summary.needsPerson && " ", summary.next.sentence,
        summary.next.at && [" That is ", fromNow(summary.next.at, now), "."]]],
      ["Target", targetOf(decision)],
      ["Behind", lagOf(summary)],
      ["Run", summary.run && make("a", { href: viewOf("run", summary.run.id) },
        `${summary.run.name}, ${words(summary.run.state).toLowerCase()}`)],
      ["Reason", summary.reason && words(summary.reason)],
      ["Decided so since", content.decidedAt && [moment(content.decidedAt), content.trigger && `, by ${shortened(content.trigger)}`]],
      ["Last acted", lastTrigger && [moment(lastTrigger.at), ", ", fromNow(lastTrigger.at, now)]],
    ));
}

function targetOf(decision) {
  if (!decision?.target) {
    return "none";
  }
  const { kubernetesVersion, towards, nodeImages, longTermSupport } = decision.target;
  return [
    kubernetesVersion && `Kubernetes ${kubernetesVersion}`,
    towards && ` on the way to ${towards}`,
    longTermSupport && ", long-term support",
    Object.entries(nodeImages).map(([family, version]) => make("span", { class: "under" }, `${family}-${version}`)),
  ];
}

function lagOf({ lag, daysBehind }) {
  if (lag === null) {
    return "no target";
  }
  if (lag.clustersBehind === 0) {
    return `none of ${counted(lag.clusters, "cluster")}`;
  }
  const since = daysBehind === null ? "" : ` for ${days(daysBehind)}`;
  const unsupported = lag.clustersOutOfSupport ? `; ${counted(lag.clustersOutOfSupport, "cluster")} out of support` : "";
  return `${lag.clustersBehind} of ${counted(lag.clusters, "cluster")}, by up to ` +
    `${counted(lag.versionsBehind, "version")}${since}${unsupported}`;
}

function membersSection(decision) {
  const omitted = decision?.membersOmitted ?? 0;
  return section("Clusters", "clusters",
    omitted > 0 && make("p", {}, `The decision is on ${counted(omitted, "member")}, too many to be kept. ` +
      "What if, below, lists them."),
    !omitted && membersTable("What happens to each cluster, and why", decision?.members ?? []));
}

function policiesSection(decision) {
  const rows = Object.entries(decision?.policies ?? {});
  return section("Policies", "policies", rows.length === 0
    ? make("p", {}, "Not decided yet.")
    : table("Policies in force, and where each comes from", [
      { title: "Policy", heads: true, cell: ([name]) => name },
      { title: "Value", cell: ([, policy]) => policy.value },
      { title: "From", cell: ([, policy]) => policy.source },
    ], rows, { class: "compact", rowClass: ([, policy]) => (policy.source === "default" ? "usual" : null) }));
}

function settingsSection(settings, buttons) {
  return section("Profile as Fleet has it", "settings", buttons, facts(
    ["Channel", settings.channel],
    ["Enabled", settings.disabled ? "no" : "yes"],
    ["Update strategy", settings.updateStrategyId ? nameOf(settings.updateStrategyId) : "one by one"],
    ["Node images", settings.nodeImageSelection],
    ["Minor version", settings.targetKubernetesVersion],
    ["Long-term support", settings.longTermSupport ? "yes" : null],
  ));
}
