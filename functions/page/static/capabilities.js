/** What the app allows by its settings, read once: they change only when the app starts anew. */

import { read } from "./api.js";

let known = null;

/** `writesProfiles`, `channels`, `fleetApiVersion`, and from which age on data is old. */
export async function capabilities() {
  known ??= (await read("/api/capabilities")).content;
  return known;
}

/** The same if it was read already; null if not. */
export function knownCapabilities() {
  return known;
}
