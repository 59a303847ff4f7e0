/** The function key: kept for this tab alone, in its session storage, and sent in a header. It is never in a URL. */

const NAME = "fleet-auto-upgrade.key";
const HANDED_OVER = "#key=";

/** The key; null if none was typed in. */
export function key() {
  return sessionStorage.getItem(NAME);
}

/** Keep a key until the tab is closed. */
export function keepKey(text) {
  sessionStorage.setItem(NAME, text);
}

/** Forget the key. */
export function forgetKey() {
  sessionStorage.removeItem(NAME);
}

/**
 * Take the key that the local stack hands over after `#key=`, which no server sees, and remove it from the address
 * and from this tab's history.
 */
export function takeHandedOverKey() {
  if (location.hash.startsWith(HANDED_OVER)) {
    keepKey(decodeURIComponent(location.hash.slice(HANDED_OVER.length)));
    history.replaceState(null, "", `${location.pathname}#/`);
  }
}
