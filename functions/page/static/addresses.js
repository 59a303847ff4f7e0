/** Where things are: in the page, after `#`, and in the API. A resource id is taken apart and checked on the way. */

const SEGMENT = /^[\p{L}\p{N}_(-][\p{L}\p{N}_.()-]*$/u;
const FLEET = ["subscriptions", null, "resourceGroups", null, "providers", "Microsoft.ContainerService", "fleets", null];
const PROFILE = [...FLEET, "autoUpgradeProfiles", null];
const KINDS = {
  profile: PROFILE,
  change: PROFILE,
  run: [...FLEET, "updateRuns", null],
};

/** The address of the view of a profile, of its change, or of a run; null for a text that is not its resource id. */
export function viewOf(kind, id) {
  return isId(kind, id) ? `#/${kind}${id}` : null;
}

/** Where the API has a profile or a run. */
export function apiOf(id, action = "") {
  return `/api${id.split("/").map(encodeURIComponent).join("/")}${action && `/${action}`}`;
}

/** The view that the address names: its kind, and the resource id for profiles and runs. */
export function readRoute(hash) {
  const path = hash.replace(/^#/, "");
  const kind = path.split("/")[1] ?? "";
  if (!(kind in KINDS)) {
    return { kind: kind || "overview", id: null };
  }
  const id = decoded(path.slice(kind.length + 1));
  return id !== null && isId(kind, id) ? { kind, id } : { kind: "unknown", id: null };
}

/** The last segment of a resource id. */
export function nameOf(id) {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** The profile's or run's fleet. */
export function fleetOf(id) {
  return id.split("/")[8] ?? "";
}

/** The id of the profile's or run's fleet. */
export function fleetIdOf(id) {
  return id.split("/").slice(0, 9).join("/");
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // a half-written escape, typed by hand
  }
}

function isId(kind, id) {
  const [first, ...segments] = String(id).split("/");
  const pattern = KINDS[kind];
  return first === "" && segments.length === pattern.length && segments.every((segment, index) =>
    pattern[index] === null
      ? SEGMENT.test(segment) && !segment.includes("..")
      : segment.toLowerCase() === pattern[index].toLowerCase());
}
