/** What each region offers: a row for each version and image, with why the higher ones are not the target. */

import { badge, make, section, table, wide } from "./dom.js";
import { words } from "./format.js";

const CELLS = {
  Offered: ["✓", "offered"], Preview: ["preview", "preview"], LongTermSupportOnly: ["LTS only", "long-term support only"],
  NotOffered: ["–", "not offered"], Unknown: ["?", "could not be read"],
};
const KINDS = [["KubernetesVersion", "Kubernetes versions", "version"], ["NodeImage", "Node images", "image"]];

/** The section of a profile's view. */
export function matrixSection(rows, decision) {
  const regions = Object.keys(decision?.candidates.regions ?? {});
  return section("What the regions offer", "regions", rows.length === 0
    ? make("p", {}, "No region of the profile is known to offer anything.")
    : KINDS.map((kind) => kindTables(rows, regions, kind)));
}

function kindTables(rows, regions, [kind, title, unit]) {
  const all = rows.filter((row) => row.kind === kind);
  const relevant = all.filter((row) => row.isTarget || row.reason !== null);
  if (relevant.length === 0) {
    return all.length === 0 ? null : lower(all, regions, title, unit, `${title}: none is the target`);
  }
  const others = all.filter((row) => !relevant.includes(row));
  return [
    wide(title, matrixTable(`${title}: the target, and why higher ones are not`, relevant, regions, unit)),
    others.length > 0 && lower(others, regions, title, unit, `${title} below the target: ${others.length}`),
  ];
}

function lower(rows, regions, title, unit, summary) {
  return make("details", { id: `below-${unit}` }, make("summary", {}, summary),
    wide(`${title} below the target`, matrixTable(`${title} below the target`, rows, regions, unit)));
}

function matrixTable(caption, rows, regions, unit) {
  return table(caption, [
    { title: unit === "version" ? "Version" : "Image", heads: true, cell: (row) => row.name },
    ...regions.map((region) => ({ title: region, class: "cell", cell: (row) => cellOf(row.regions[region]) })),
    { title: "Why", class: "sentence", cell: whyOf },
  ], rows, { class: "matrix", rowClass: (row) => (row.isTarget ? "target" : null) });
}

function cellOf(state) {
  const [sign, meaning] = CELLS[state] ?? ["?", words(state ?? "Unknown")];
  if (sign === meaning) {
    return meaning;
  }
  return [
    make("span", { "aria-hidden": "true", title: meaning, class: `sign ${state}` }, sign),
    make("span", { class: "unseen" }, meaning),
  ];
}

function whyOf(row) {
  return row.isTarget ? badge("Target", "good") : row.sentence ?? "Below the target.";
}
