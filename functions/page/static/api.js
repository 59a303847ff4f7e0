/** Calls the app's API: with the key in a header, and each document only once while it does not change. */

import { key } from "./key.js";

/** What the API answered instead of a document. `status` is 0 if there was no answer; `target`: the field that
 * is wrong, if the answer names one. */
export class ApiError extends Error {
  constructor(status, code, message, target) {
    super(message);
    this.status = status;
    this.code = code;
    this.target = target;
  }
}

const seen = new Map();

/**
 * A document.
 * @returns {Promise<{content: Object, changed: boolean, receivedAt: number}>} `changed`: whether it differs from what
 *   the last call returned; `receivedAt`: when its `ageSeconds` was right.
 */
export async function read(address) {
  const known = seen.get(address);
  const response = await call(address, known ? { "If-None-Match": known.etag } : {});
  if (response.status === 304 && known) {
    return { ...known, changed: false };
  }
  const content = await contentOf(response);
  const document = { content, etag: response.headers.get("ETag") ?? "", receivedAt: Date.now() };
  seen.set(address, document);
  return { ...document, changed: known === undefined || known.etag !== document.etag };
}

/** All pages of a list, as one document. */
export async function readAll(address) {
  const first = await read(address);
  let { changed } = first;
  const value = [...first.content.value];
  for (let next = first.content.nextLink; next; ) {
    const page = await read(next);
    changed ||= page.changed;
    value.push(...page.content.value);
    next = page.content.nextLink;
  }
  return { ...first, content: { ...first.content, value }, changed };
}

/** Have the app act; what it answers. */
export async function send(method, address, body, headers = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const type = text === undefined ? {} : { "Content-Type": "application/json" };
  return contentOf(await call(address, { ...type, ...headers }, { method, body: text }));
}

/** Forget what was read, since another key may not read it. */
export function forgetDocuments() {
  seen.clear();
}

async function call(address, headers, options = {}) {
  if (!address.startsWith("/api/")) {
    throw new ApiError(0, "InvalidAddress", `${address} is no address of this app.`);
  }
  const own = key() ? { "x-functions-key": key() } : {};
  try {
    return await fetch(address, {
      ...options, headers: { ...headers, ...own }, cache: "no-store", redirect: "error", credentials: "same-origin",
    });
  } catch {
    throw new ApiError(0, "NoAnswer", "The app does not answer.");
  }
}

async function contentOf(response) {
  const text = await response.text();
  if (response.ok) {
    return text ? JSON.parse(text) : {};
  }
  const error = errorIn(text);
  throw new ApiError(response.status, error.code ?? `HTTP ${response.status}`, error.message ?? messageOf(response),
    error.target);
}

function errorIn(text) {
  try {
    return JSON.parse(text).error ?? {};
  } catch {
    return {}; // the host's own answers, such as 401 and 404, have no body
  }
}

function messageOf(response) {
  if (response.status === 401 || response.status === 403) {
    return "The app does not accept the key.";
  }
  return response.status === 404 ? "The app has nothing at this address." : `The app answered ${response.status}.`;
}
