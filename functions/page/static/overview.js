/** All fleets and profiles: those first that need a person. */

import { readAll } from "./api.js";
import { viewOf } from "./addresses.js";
import { badge, fill, make, table } from "./dom.js";
import { memberSearch } from "./find_members.js";
import { counted, days, fromNow, nowOf, tone, words } from "./format.js";

const FIRST_ROWS = 100;

const FILTERS = [
  ["all", "All", () => true],
  ["person", "Needs a person", (one) => one.needsPerson || one.lastTriggerError !== null],
  ["running", "Running", isRunning],
  ["behind", "Behind", (one) => (one.lag?.clustersBehind ?? 0) > 0],
  ["waiting", "Waiting", (one) => one.outcome === "Waiting"],
];

/** What a person chose stays while they go to a profile and come back. */
const chosen = { filter: "all", text: "" };

/** The view. */
export function overviewView() {
  const list = make("div", {});
  let content = null;
  let rows = FIRST_ROWS;
  const showList = () => fill(list, profileList(content, rows, () => {
    rows += 5 * FIRST_ROWS;
    showList();
  }));
  const clusters = memberSearch();
  const changed = () => {
    rows = FIRST_ROWS;
    showList();
    clusters.search(chosen.text);
  };
  clusters.search(chosen.text);
  const controls = searchAndFilters(changed);
  return {
    title: "Overview",
    read: () => readAll("/api/fleets?top=1000"),
    summary: ({ counts }) => (counts.needsPerson === 0 ? "No profile needs a person."
      : `Profiles that need a person: ${counts.needsPerson}.`),
    show: (document) => {
      content = document;
      showList();
      return [make("h1", {}, "Overview"), countsOf(document.counts), controls, clusters.element, list];
    },
  };
}

function countsOf(counts) {
  return make("ul", { class: "counts", "aria-label": "At a glance" }, [
    [counts.needsPerson, "need a person", counts.needsPerson ? "bad" : "good"],
    [counts.runsInProgress, "runs in progress", "busy"],
    [counts.clustersBehind, "clusters behind", "calm"],
    [counts.profiles, `profiles in ${counted(counts.fleets, "fleet")}`, "calm"],
  ].map(([count, text, colour]) => make("li", { class: colour }, make("strong", {}, String(count)), ` ${text}`)));
}

function searchAndFilters(changed) {
  const search = make("input", {
    id: "search", type: "search", autocomplete: "off", spellcheck: "false", value: chosen.text,
    placeholder: "cluster, fleet, profile, version or reason",
    oninput: () => {
      chosen.text = search.value;
      changed();
    },
  });
  const filters = FILTERS.map(([name, title]) => make("label", {},
    make("input", {
      id: `filter-${name}`, type: "radio", name: "filter", value: name, checked: chosen.filter === name,
      onchange: () => {
        chosen.filter = name;
        changed();
      },
    }), title));
  return make("form", { class: "controls", role: "search", onsubmit: (event) => event.preventDefault() },
    make("label", { for: "search" }, "Search"), search,
    make("fieldset", { class: "filters" }, make("legend", { class: "unseen" }, "Show"), filters));
}

function profileList(content, rows, more) {
  const matching = content.value.filter(isChosen);
  const now = nowOf(content);
  const shown = matching.slice(0, rows);
  return [
    make("p", { role: "status" }, matching.length === content.value.length
      ? counted(matching.length, "profile") : `${matching.length} of ${counted(content.value.length, "profile")}`),
    content.value.length === 0 && make("p", {}, "The last evaluation found no profile, or there was none yet."),
    shown.length > 0 && table("Profiles, those first that need a person", columns(now), shown, {
      class: "cards profiles", hideCaption: true, rowClass: (one) => (one.needsPerson ? "urgent" : null),
    }),
    matching.length > rows && make("button", { type: "button", onclick: more }, "Show more"),
  ];
}

function columns(now) {
  return [
    { title: "Profile", heads: true, cell: (one) => [
      make("a", { href: viewOf("profile", one.profileId) }, one.profile),
      make("span", { class: "under" }, `${one.fleet}, ${one.channel}`),
    ] },
    { title: "State", cell: (one) => one.outcome
      ? [badge(words(one.outcome), tone(one.outcome)), make("span", { class: "under" }, words(one.reason))]
      : badge("Not evaluated yet", "calm") },
    { title: "Why", class: "sentence", cell: (one) => [
      one.sentence,
      one.lastTriggerError && make("p", { class: "problem" }, `The last attempt failed: ${one.lastTriggerError.message}`),
    ] },
    { title: "Target", cell: (one) => one.target ?? "none" },
    { title: "Behind", class: "short", cell: behind },
    { title: "Running", class: "short", cell: running },
    { title: "Next", class: "next", cell: (one) => [
      one.needsPerson && badge("Person", "bad"), one.needsPerson && " ", one.next.sentence,
      one.next.at && make("span", { class: "under" }, fromNow(one.next.at, now)),
    ] },
  ];
}

function behind(one) {
  if (one.lag === null) {
    return "no target";
  }
  const { clusters, clustersBehind, versionsBehind, clustersOutOfSupport } = one.lag;
  if (clustersBehind === 0) {
    return clusters === 0 ? "no clusters" : `none of ${clusters}`;
  }
  const since = one.daysBehind === null ? "" : `, ${days(one.daysBehind)}`;
  return [
    `${clustersBehind} of ${counted(clusters, "cluster")}`,
    make("span", { class: "under" }, `${counted(versionsBehind, "version")}${since}`),
    clustersOutOfSupport > 0 && make("span", { class: "under problem" }, `${clustersOutOfSupport} out of support`),
  ];
}

function running(one) {
  if (!isRunning(one)) {
    return "nothing";
  }
  const done = one.run.memberStates.Completed ?? 0;
  const all = Object.values(one.run.memberStates).reduce((sum, count) => sum + count, 0);
  return [
    make("a", { href: viewOf("run", one.run.id) }, words(one.run.state)),
    make("span", { class: "under" }, `${done} of ${counted(all, "member")} done`),
  ];
}

function isRunning(one) {
  return ["Running", "Pending", "Stopping"].includes(one.run?.state);
}

function isChosen(one) {
  const [, , fits] = FILTERS.find(([name]) => name === chosen.filter);
  const text = [one.fleet, one.profile, one.channel, one.target, one.reason, one.outcome, one.sentence]
    .join("\n").toLowerCase();
  return fits(one) && chosen.text.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
