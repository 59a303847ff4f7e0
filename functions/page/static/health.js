/** Whether the app works: its last activities, what it could not read, and its queues. */

import { read } from "./api.js";
import { capabilities } from "./capabilities.js";
import { badge, facts, make, section, table } from "./dom.js";
import { counted, duration, moment } from "./format.js";

const ACTIVITIES = [["detection", "Detection of releases"], ["evaluation", "Evaluation of profiles"], ["watch", "Watch of runs"]];

/** The view. */
export function healthView() {
  let allowed = null;
  const ageOf = (name, seconds) => {
    const isOld = seconds > (allowed[`${name}OldAfterSeconds`] ?? Infinity);
    return isOld ? badge(`${duration(seconds)}, longer than its schedule pauses`, "bad") : duration(seconds);
  };
  return {
    title: "Health",
    read: async () => {
      allowed ??= await capabilities();
      return read("/api/health");
    },
    summary: (health) => `${counted(problemsOf(health), "problem")}.`,
    show: (health) => [
      make("h1", {}, "Health of the app"),
      make("p", { class: "verdict" }, problemsOf(health) === 0
        ? badge("Works", "good") : badge(counted(problemsOf(health), "problem"), "bad")),
      section("Last activities", "activities", table("When each last succeeded", [
        { title: "Activity", heads: true, cell: ([, title]) => title },
        { title: "Began", cell: ([name]) => moment(health[name].at) ?? "not yet" },
        { title: "Age", cell: ([name]) => (health[name].ageSeconds === null ? "" : ageOf(name, health[name].ageSeconds)) },
      ], ACTIVITIES, { class: "compact" }), facts(
        ["In progress", health.inProgress && ["since ", moment(health.inProgress.since), `, by ${health.inProgress.trigger}`]],
        ["Requested", health.wanted && [moment(health.wanted.since), `, by ${health.wanted.trigger}`]],
      )),
      section("Could not be read", "unreadable", health.unreadable.length === 0
        ? make("p", {}, "Everything could be read.")
        : health.unreadable.map(unreadableOf)),
      section("Queues", "queues", table("Messages, approximately", [
        { title: "Queue", heads: true, cell: (queue) => queue.name },
        { title: "Messages", cell: (queue) => String(queue.messages) },
        { title: "Poison messages", cell: (queue) => (queue.poisonMessages === 0
          ? "0" : badge(String(queue.poisonMessages), "bad")) },
      ], health.queues, { class: "compact" }), make("p", {},
        "A poison message failed too often and waits for a person; the runbook says what to do.")),
    ],
  };
}

function problemsOf(health) {
  const unreadable = health.unreadable.reduce((sum, each) => sum + each.count, 0);
  const poison = health.queues.reduce((sum, queue) => sum + queue.poisonMessages, 0);
  return unreadable + poison + ACTIVITIES.filter(([name]) => health[name].at === null).length;
}

function unreadableOf(each) {
  return [
    make("p", {}, `By ${each.where}, `, moment(each.at), `: ${each.count}`),
    make("ul", { class: "sentences" }, each.sentences.map((sentence) => make("li", {}, sentence))),
  ];
}
