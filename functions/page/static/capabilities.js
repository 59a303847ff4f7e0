/** What the app allows by its settings, read once: they change only when the app starts anew. */

import { read } from "./api.js";

let known = null;

/** `writesProfiles`, `channels`, `fleetApiVersion`. */
export async function capabilities() {
  known ??= (await read("/api/capabilities")).content;
  return known;
}
