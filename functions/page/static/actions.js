/** What a person can have the app do with a profile; each is confirmed by what it would do, to which clusters. */

import { read, send } from "./api.js";
import { apiOf, viewOf } from "./addresses.js";
import { confirmed } from "./confirm.js";
import { fill, make } from "./dom.js";
import { counted } from "./format.js";
import { namesWith } from "./members.js";

const REFUSING = ["Waiting", "Blocked", "Invalid", "Skipped"];

const ACTIONS = [
  { name: "review", title: "Generate for review", confirm: "Generate the run", explain: forReview,
    act: (id) => send("POST", apiOf(id, "generateUpdateRun"), { start: false }) },
  { name: "start", title: "Generate and start", confirm: "Generate and start the run", explain: toStart, danger: true,
    act: (id) => send("POST", apiOf(id, "generateUpdateRun"), { start: true }) },
  { name: "evaluate", title: "Evaluate now", confirm: "Evaluate the profile", explain: toEvaluate,
    act: (id) => send("POST", apiOf(id, "evaluate")) },
];

/**
 * The buttons, and what came of them.
 * @param {string} id Of the profile.
 * @param {function(): *} again Shows the profile again.
 */
export function actionButtons(id, again) {
  const result = make("p", { role: "status", class: "result" });
  const buttons = ACTIONS.map((action) => make("button", {
    id: `action-${action.name}`, type: "button", class: action.danger ? "danger" : null,
    onclick: () => perform(action, id, result, again),
  }, action.title));
  return make("div", { class: "actions" }, buttons, result);
}

async function perform(action, id, result, again) {
  fill(result, "Reading what would happen…");
  try {
    const { content } = await read(apiOf(id, "preview"));
    fill(result);
    const { lines, refused } = action.explain(content);
    if (await confirmed(action.title, lines, refused ? null : action.confirm, action.danger)) {
      fill(result, "Asking the app…");
      fill(result, resultOf(await action.act(id)));
      again();
    }
  } catch (error) {
    fill(result, make("span", { class: "problem" }, `Refused: ${error.message}`));
  }
}

function resultOf(answer) {
  return answer.id
    ? ["The run is ", make("a", { href: viewOf("run", answer.id) }, answer.id.slice(answer.id.lastIndexOf("/") + 1)), "."]
    : answer.sentence;
}

function forReview(decision) {
  const refused = decision.updateRun === null && !isDisabled(decision);
  return {
    refused,
    lines: [
      decision.sentence,
      ...runOf(decision),
      !refused && "The run is not started. A person reviews it in Azure, then starts or deletes it.",
    ],
  };
}

function toStart(decision) {
  const refused = !isDisabled(decision) && (decision.updateRun === null || REFUSING.includes(decision.outcome));
  return {
    refused,
    lines: [
      decision.sentence,
      ...runOf(decision),
      refused ? "The app refuses to start it now."
        : "Fleet starts to upgrade the clusters at once; stages, approvals and maintenance windows apply.",
    ],
  };
}

function toEvaluate(decision) {
  const acts = !REFUSING.includes(decision.outcome) && !["UpToDate", "Generated"].includes(decision.outcome);
  const starts = decision.policies.start?.value !== "manual";
  return {
    refused: false,
    lines: [
      "The app decides the profile as a timer would, and acts on its decision. At this moment that is:",
      decision.sentence,
      ...(acts ? runOf(decision) : []),
      acts ? starts ? "The run is started." : "The run is left for review, as the policy start says." : "It changes nothing.",
    ],
  };
}

/** On demand, as in Azure, a disabled profile has a run generated too. */
function isDisabled(decision) {
  return decision.reason === "ProfileDisabled";
}

/** The run, and what it does to which clusters. */
function runOf(decision) {
  if (isDisabled(decision)) {
    return ["A run is generated all the same, for those of its clusters that are below the target then."];
  }
  if (decision.updateRun === null) {
    return ["There is no run to generate."];
  }
  const { name, id, specification, runsToStop } = decision.updateRun;
  const images = Object.entries(specification.nodeImages).map(([family, version]) => `${family}-${version}`);
  const content = [specification.kubernetesVersion && `Kubernetes ${specification.kubernetesVersion}`, ...images];
  return [
    `${id === null ? "Update run" : "Existing update run"} ${name}: ${content.filter(Boolean).join(", ")}.`,
    listOf("It upgrades", namesWith(decision, "Upgrade", "Wait")),
    listOf("It skips", namesWith(decision, "Skip", "Blocked")),
    runsToStop.length > 0 && `Before that, it stops ${runsToStop.join(", ")}.`,
  ];
}

function listOf(verb, names) {
  return names.length > 0 &&
    make("details", { open: names.length <= 20 },
      make("summary", {}, `${verb} ${counted(names.length, "cluster")}`),
      make("ul", { class: "names" }, names.map((name) => make("li", {}, name))));
}
