/** Clusters found by name, each with what the last decision says of it: why it is behind, without a way through profiles. */

import { read } from "./api.js";
import { viewOf } from "./addresses.js";
import { badge, fill, make, table } from "./dom.js";
import { tone, words } from "./format.js";

const DELAY = 300;
const A_NAME = /^[\w-]{3,}$/; // shorter texts are in too many names, and no name has spaces

/**
 * Shows the clusters for what is typed into the search.
 * @returns {{element: HTMLElement, search: function(string): void}}
 */
export function memberSearch() {
  const element = make("div", { "aria-live": "polite" });
  let pause = 0;
  let wanted = "";
  const ask = async (text) => {
    try {
      const { content } = await read(`/api/members?name=${encodeURIComponent(text)}`);
      if (wanted === text) { // a person has typed on in the meantime
        fill(element, resultOf(text, content));
      }
    } catch (error) {
      if (wanted === text) {
        fill(element, make("p", { class: "problem" }, `Clusters could not be searched: ${error.message}`));
      }
    }
  };
  const search = (text) => {
    clearTimeout(pause);
    wanted = text.trim();
    if (A_NAME.test(wanted)) {
      pause = setTimeout(() => ask(wanted), DELAY);
    } else {
      fill(element);
    }
  };
  return { element, search };
}

function resultOf(text, { value, isComplete, evaluatedAt }) {
  if (value.length === 0) {
    return make("p", {}, evaluatedAt === null
      ? "No evaluation has recorded the names of clusters yet."
      : `At the last evaluation no member of a fleet had ${text} in its name.`);
  }
  const rows = value.flatMap((member) =>
    (member.profiles.length > 0 ? member.profiles : [null]).map((profile) => ({ member, profile })));
  return [
    table(`Clusters with ${text} in their name`, COLUMNS, rows, { class: "cards found" }),
    !isComplete && make("p", {}, "There are more: type more of the name."),
  ];
}

const COLUMNS = [
  { title: "Cluster", heads: true, cell: ({ member }) => [
    member.name,
    make("span", { class: "under" }, member.cluster === member.name ? member.fleet : `${member.cluster}, ${member.fleet}`),
  ] },
  { title: "Profile", cell: ({ profile }) => profile
    ? make("a", { href: viewOf("profile", profile.profileId) }, profile.profile) : "none" },
  { title: "Action", cell: ({ profile }) => profile?.member &&
    [badge(words(profile.member.action), tone(profile.member.action)), make("span", { class: "under" }, words(profile.member.reason))] },
  { title: "Why", class: "sentence", cell: ({ profile }) => profile === null
    ? "Its fleet has no auto-upgrade profile, so nothing upgrades it."
    : [profile.member?.sentence, decisionOf(profile)] },
];

function decisionOf({ outcome, sentence }) {
  return make("span", { class: "under" }, outcome === null ? "The profile is not decided yet."
    : [badge(words(outcome), tone(outcome)), " ", sentence]);
}
