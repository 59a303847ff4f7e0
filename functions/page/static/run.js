/** One update run as it is now: stages, groups, members and gates, and what it waits for. */

import { read } from "./api.js";
import { apiOf, fleetOf, nameOf, viewOf } from "./addresses.js";
import { badge, facts, make, section, table } from "./dom.js";
import { duration, moment, tone, words } from "./format.js";

/** The view. */
export function runView({ id }) {
  return {
    title: nameOf(id),
    read: () => read(apiOf(id)),
    summary: (run) => run.sentence,
    show: (run) => [
      make("p", { class: "path" }, make("a", { href: "#/" }, "Overview"), ` / ${fleetOf(id)}`,
        run.profileId && [" / ", make("a", { href: viewOf("profile", run.profileId) }, nameOf(run.profileId))]),
      make("h1", {}, run.name),
      make("p", { class: "verdict" }, badge(words(run.state), tone(run.state)), " ", run.sentence),
      aboutOf(run),
      section("Stages", "stages", run.stages.length === 0
        ? make("p", {}, "The run has no stages yet.")
        : make("ol", { class: "stages" }, run.stages.map(stageItem))),
    ],
  };
}

function aboutOf(run) {
  return facts(
    ["Kubernetes", run.kubernetesVersion],
    ["Upgrades", words(run.upgradeType)],
    ["Node images", run.nodeImages.join(", ")],
    ["Started", moment(run.startedAt)],
    ["Ended", moment(run.completedAt)],
    ["Generated", [run.generatedAt && moment(run.generatedAt), authorOf(run)]],
    ["Restarts by the app", run.restarts || null],
  );
}

function authorOf(run) {
  if (run.generatedBy) {
    return ` by ${run.generatedBy.name}`;
  }
  return run.intent ? ` by the app, ${run.intent === "review" ? "for review" : "to be started"}` : " outside the app";
}

function stageItem(stage) {
  return make("li", { class: `stage ${tone(stage.state)}` },
    make("h3", {}, stage.name, " ", badge(words(stage.state), tone(stage.state))),
    make("p", { class: "under" }, stage.startedAt && ["Started ", moment(stage.startedAt), ". "],
      stage.completedAt && ["Ended ", moment(stage.completedAt), ". "],
      stage.waitSeconds > 0 && `Then the run waits for ${duration(stage.waitSeconds)}.`),
    gateList(stage.gates),
    stage.groups.map((group) => [
      make("h4", {}, `Group ${group.name} `, badge(words(group.state), tone(group.state))),
      gateList(group.gates),
      group.members.length === 0 ? make("p", {}, "No members.") : memberTable(stage, group),
    ]));
}

function gateList(gates) {
  return gates.length > 0 && make("ul", { class: "gates" }, gates.map((gate) => make("li", {},
    badge(gate.state === "Pending" ? "Waits for approval or its time" : words(gate.state), tone(gate.state)),
    ` Gate ${gate.displayName || gate.gateId}, ${gate.timing.toLowerCase()}`,
    gate.startedAt && [", since ", moment(gate.startedAt)],
    gate.completedAt && [", until ", moment(gate.completedAt)])));
}

function memberTable(stage, group) {
  return table(`Members of ${stage.name}, ${group.name}`, [
    { title: "Member", heads: true, cell: (member) => member.name },
    { title: "State", cell: (member) => badge(words(member.state), tone(member.state)) },
    { title: "Message", class: "sentence", cell: (member) => member.message },
    { title: "Started", cell: (member) => moment(member.startedAt) },
    { title: "Ended", cell: (member) => moment(member.completedAt) },
  ], group.members, { class: "cards", hideCaption: true });
}
