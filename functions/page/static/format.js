/** Times, ages, and codes as words. */

import { make } from "./dom.js";

const UNITS = [[86400, "day"], [3600, "hour"], [60, "minute"]];

/** A moment as the app's sentences write it: `2026-05-12 06:00 UTC`. */
export function momentText(text) {
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}

/** A `time` element; nothing for no moment. */
export function moment(text) {
  return text ? make("time", { datetime: text }, momentText(text)) : null;
}

/** How far a moment is from now: `in 3 days`; nothing for no moment. */
export function fromNow(text, now) {
  if (!text) {
    return null;
  }
  const seconds = (Date.parse(text) - now) / 1000;
  const distance = seconds >= 0 ? `in ${duration(seconds)}` : `${duration(-seconds)} ago`;
  return make("time", { datetime: text, title: momentText(text) }, distance);
}

/** A length of time in its largest unit: `3 days`. */
export function duration(seconds) {
  for (const [length, unit] of UNITS) {
    const count = Math.floor(seconds / length);
    if (count > 0) {
      return counted(count, unit);
    }
  }
  return "less than a minute";
}

/** A count with its unit: `1 cluster`, `2 clusters`. */
export function counted(count, unit) {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Whole days: `10 days`. */
export function days(count) {
  return count === 0 ? "less than a day" : counted(count, "day");
}

/** A text in which resource ids are only the names of their resources. */
export function shortened(text) {
  return text.replaceAll(/\/subscriptions\/\S*\//gi, "");
}

/** A code of the closed lists as words: `RunInProgress` is `Run in progress`. */
export function words(code) {
  const spaced = code.replaceAll(/([a-z])([A-Z])/g, "$1 $2");
  return spaced.charAt(0) + spaced.slice(1).toLowerCase();
}

/** The moment that the app calls now, in milliseconds: in a test and on the local stack it is not the browser's. */
export function nowOf(document) {
  const then = Date.parse(document.evaluatedAt ?? document.detectedAt ?? "");
  return Number.isNaN(then) ? Date.now() : then + (document.ageSeconds ?? 0) * 1000;
}

const TONES = {
  Generate: "busy", Start: "busy", Retry: "busy", Replace: "busy", Generated: "busy",
  UpToDate: "good", Waiting: "wait", Blocked: "bad", Invalid: "bad", Skipped: "calm",
  Running: "busy", Pending: "wait", Stopping: "wait", Completed: "good", Failed: "bad", Stopped: "bad",
  NotStarted: "calm", Upgrade: "busy", Wait: "wait", Skip: "calm", Approved: "good",
};

/** The colour of an outcome, a state or an action. */
export function tone(code) {
  return TONES[code] ?? "calm";
}
