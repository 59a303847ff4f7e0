/** Shows the view that the address names, and keeps it up to date while someone can see it. */

import { ApiError, forgetDocuments } from "./api.js";
import { readRoute } from "./addresses.js";
import { capabilities, knownCapabilities } from "./capabilities.js";
import { fill, make } from "./dom.js";
import { duration, momentText } from "./format.js";
import { forgetKey, key, takeHandedOverKey } from "./key.js";
import { keyForm } from "./key_form.js";

const REFRESH_MILLISECONDS = 30_000;
const VIEWS = { // each is loaded when it is opened, or else once the first one is shown
  overview: async () => (await import("./overview.js")).overviewView,
  profile: async () => (await import("./profile.js")).profileView,
  change: async () => (await import("./change_profile.js")).changeProfileView,
  run: async () => (await import("./run.js")).runView,
  releases: async () => (await import("./releases.js")).releasesView,
  health: async () => (await import("./health.js")).healthView,
  new: async () => (await import("./new_profile.js")).newProfileView,
};

const main = document.getElementById("main");
const age = document.getElementById("age");
const trouble = document.getElementById("trouble");
const announcement = document.getElementById("announcement");
const forget = document.getElementById("forget");

let current = null;
let timer = 0;
let isFirstView = true;

/** The view of the address, from its beginning. */
async function open() {
  const route = readRoute(location.hash);
  const opened = { view: null, document: null };
  current = opened;
  main.setAttribute("aria-busy", "true");
  const makeView = await loaded(route.kind);
  if (current !== opened) {
    return; // a person has gone on in the meantime
  }
  const view = makeView?.({ id: route.id, again: () => refresh(current, true) });
  opened.view = view;
  fill(trouble);
  fill(age);
  for (const link of document.querySelectorAll("nav a")) {
    if (readRoute(link.getAttribute("href")).kind === route.kind) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
  if (view === undefined) {
    document.title = "Not found – Fleet auto-upgrade";
    fill(main, make("h1", {}, "There is no such view"), make("p", {}, make("a", { href: "#/" }, "Overview")));
    main.setAttribute("aria-busy", "false");
    return;
  }
  document.title = `${view.title} – Fleet auto-upgrade`;
  fill(main, make("h1", {}, view.title), make("p", {}, "Reading…"));
  await refresh(opened, true);
  if (current === opened) {
    main.setAttribute("aria-busy", "false");
    if (!isFirstView) { // at first, the browser's own place is right: Tab leads to the skip link
      main.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }
  if (isFirstView) {
    isFirstView = false;
    Object.keys(VIEWS).forEach(loaded);
  }
}

/** What makes a view; undefined for a kind that does not exist, or if the app does not answer, which is then shown. */
async function loaded(kind) {
  try {
    return await VIEWS[kind]?.();
  } catch {
    fill(trouble, "The app does not answer.");
    return undefined;
  }
}

/** Read the view's document again, and show it if it has changed. */
async function refresh(shown, always = false) {
  clearTimeout(timer);
  if (!shown?.view || shown !== current) {
    return;
  }
  try {
    const read = await shown.view.read();
    if (shown !== current) {
      return; // a person has gone on in the meantime
    }
    fill(trouble);
    if (read.changed || always) {
      show(shown, read.content);
    }
    shown.document = read;
    showAge();
    if (knownCapabilities() === null) { // beside what the person came for, not before it
      capabilities().then(showAge, () => {});
    }
  } catch (error) {
    if (shown === current) {
      showTrouble(shown, error);
    }
  }
  if (shown === current && !document.hidden) {
    timer = setTimeout(() => refresh(shown), REFRESH_MILLISECONDS);
  }
}

function show(shown, content) {
  const isAgain = shown.document !== null;
  const active = document.activeElement;
  const openIds = [...main.querySelectorAll("details[open][id]")].map((each) => each.id);
  fill(main, shown.view.show(content));
  forget.hidden = key() === null;
  performance.mark("shown");
  for (const id of openIds) {
    document.getElementById(id)?.setAttribute("open", "");
  }
  if (isAgain) {
    (active?.isConnected ? active : document.getElementById(active?.id ?? ""))?.focus({ preventScroll: true });
    fill(announcement, `Updated. ${shown.view.summary?.(content) ?? ""}`);
  }
}

/** How old the data is, now. */
function showAge() {
  const read = current?.document;
  const { ageSeconds, evaluatedAt, detectedAt } = read?.content ?? {};
  if (ageSeconds === undefined) {
    fill(age);
    return;
  }
  const what = evaluatedAt === undefined ? "Detected" : "Evaluated";
  if (ageSeconds === null) {
    fill(age, `${what}: not yet`);
    return;
  }
  const seconds = ageSeconds + (Date.now() - read.receivedAt) / 1000;
  const isOld = seconds > oldAfter(what);
  age.classList.toggle("old", isOld);
  const since = make("time", { datetime: evaluatedAt ?? detectedAt, title: momentText(evaluatedAt ?? detectedAt) },
    `${duration(seconds)} ago`);
  fill(age, `${what} `, since, isOld ? [". That is long: see ", make("a", { href: "#/health" }, "Health"), "."] : null);
}

/** From which age on data is old, by the schedule of what makes it; nothing is until that is read. */
function oldAfter(what) {
  const { detectionOldAfterSeconds, evaluationOldAfterSeconds } = knownCapabilities() ?? {};
  return (what === "Evaluated" ? evaluationOldAfterSeconds : detectionOldAfterSeconds) ?? Infinity;
}

function showTrouble(shown, error) {
  if (!(error instanceof ApiError)) {
    console.error(error);
  }
  if (error.status === 401) {
    fill(trouble);
    fill(age);
    forget.hidden = true;
    const message = key() === null ? "" : error.message;
    forgetKey();
    current = null; // nothing to refresh until there is a key
    main.setAttribute("aria-busy", "false");
    fill(main, keyForm(message, open));
    return;
  }
  const kept = shown.document !== null ? " The page shows what it read before." : "";
  fill(trouble, `${error.message}${kept}`);
  if (shown.document === null) {
    fill(main, make("h1", {}, shown.view.title));
  }
}

forget.addEventListener("click", () => {
  forgetKey();
  forgetDocuments();
  open();
});
document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) {
    refresh(current);
  }
});
window.addEventListener("hashchange", () => {
  takeHandedOverKey();
  open();
});
takeHandedOverKey();
open();
