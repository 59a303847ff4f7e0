/** The clusters that a decision is about. */

import { badge, make, table } from "./dom.js";
import { tone, words } from "./format.js";

const ORDER = ["Blocked", "Skip", "Wait", "Upgrade", "UpToDate"];

/**
 * A table of members: those first that a person should see.
 * @param {string} caption
 * @param {{name: string, action: string, reason: string, sentence: string}[]} members
 * @param {Map<string, Object>} [before] The same members by name, to show what differs from them.
 */
export function membersTable(caption, members, before) {
  if (members.length === 0) {
    return make("p", {}, "No clusters.");
  }
  const ordered = [...members].sort((one, other) => ORDER.indexOf(one.action) - ORDER.indexOf(other.action));
  return table(caption, [
    { title: "Cluster", heads: true, cell: (member) => member.name },
    { title: "Action", cell: (member) => badge(words(member.action), tone(member.action)) },
    { title: "Reason", cell: (member) => words(member.reason) },
    { title: "Why", class: "sentence", cell: (member) => [member.sentence, differenceOf(member, before)] },
  ], ordered, { class: "cards" });
}

function differenceOf(member, before) {
  const now = before?.get(member.name);
  const differs = now !== undefined && (now.action !== member.action || now.reason !== member.reason);
  return differs && make("span", { class: "under changed" }, `Now: ${words(now.action)}, ${words(now.reason)}`);
}

/** The names of the members with an action. */
export function namesWith(decision, ...actions) {
  return decision.members.filter((member) => actions.includes(member.action)).map((member) => member.name);
}
