/** Versions and node images by region, and since when each region has offered them. */

import { readAll } from "./api.js";
import { fill, make, table, wide } from "./dom.js";
import { counted, moment } from "./format.js";

const FIRST_ROWS = 60;
const KINDS = [["KubernetesVersion", "Kubernetes versions"], ["NodeImage", "Node images"]];

/** The view. */
export function releasesView() {
  const list = make("div", {});
  let kind = "KubernetesVersion";
  let rows = FIRST_ROWS;
  let content = null;
  const showList = () => fill(list, releaseList(content, kind, rows, () => {
    rows = Infinity;
    showList();
  }));
  const choice = make("fieldset", { class: "filters" }, make("legend", { class: "unseen" }, "Show"),
    KINDS.map(([value, title]) => make("label", {}, make("input", {
      id: `kind-${value}`, type: "radio", name: "kind", value, checked: value === kind,
      onchange: () => {
        kind = value;
        rows = FIRST_ROWS;
        showList();
      },
    }), title)));
  return {
    title: "Releases",
    read: () => readAll("/api/releases?top=1000"),
    summary: (document) => `${counted(document.value.length, "release")}.`,
    show: (document) => {
      content = document;
      showList();
      return [
        make("h1", {}, "Releases"),
        make("p", {}, "When the app first saw each region offer it. What a region offered before the app began to watch " +
          "it has the time of that beginning."),
        choice, list,
      ];
    },
  };
}

function releaseList(content, kind, rows, more) {
  const all = content.value.filter((release) => release.kind === kind);
  const shown = all.slice(0, rows);
  if (all.length === 0) {
    return make("p", {}, "The app has not detected any yet.");
  }
  const title = KINDS.find(([value]) => value === kind)[1];
  return [
    wide(title, table(`${title}, the newest first`, [
      { title: "Release", heads: true, cell: (release) => [
        release.name, release.supportPlan && make("span", { class: "under" }, planOf(release.supportPlan)),
      ] },
      { title: "First seen", cell: (release) => moment(release.firstSeen) },
      ...content.regions.map((region) => ({
        title: region, class: "cell", cell: (release) => dayOf(release.regions[region]),
      })),
    ], shown, { class: "matrix" })),
    all.length > rows && make("button", { type: "button", onclick: more }, `Show all ${all.length}`),
  ];
}

function planOf(plan) {
  return plan === "AKSLongTermSupport" ? "long-term support" : "community support";
}

function dayOf(text) {
  return text
    ? make("time", { datetime: text }, text.slice(0, 10))
    : [make("span", { "aria-hidden": "true" }, "–"), make("span", { class: "unseen" }, "not seen")];
}
