// How the page stands with the server, on the pages that do not follow alerts themselves.

import { ago, timeOfDay } from "./words.js";

const AGAIN_MS = 10_000;
export const STALE_MS = 3_600_000;

const listeners = new Set();
let last = null;
let lostAt = null;

/** Calls back with the new status when something new has been read. */
export function onNews(callback) {
  listeners.add(callback);
}

/** Says in the header how things stand: `state` is a word for the dot, `words` are read out when they change. */
export function sayConnection(state, words) {
  const line = document.getElementById("connection");
  line.dataset.state = state;
  if (line.textContent !== words) line.textContent = words;
}

/** Whether nothing has been read for so long that somebody should look. */
export const isStale = (status, now) => Boolean(status?.read_at) && now - new Date(status.read_at) > STALE_MS;

/** The words for a connection that stands. */
export const liveWords = (status, now) =>
  isStale(status, now) ? `Connected, but nothing read since ${ago(new Date(status.read_at), now)}` : "Live";

async function look() {
  try {
    const answer = await fetch("/api/v1/status", { signal: AbortSignal.timeout(AGAIN_MS) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const status = await answer.json();
    lostAt = null;
    sayConnection(isStale(status, new Date()) ? "stale" : "live", waits(status) ?? liveWords(status, new Date()));
    const news = last && ["alerts", "events", "articles", "read_at"].some((name) => last[name] !== status[name]);
    const before = last;
    last = status;
    if (news) for (const callback of listeners) callback(status, before);
  } catch {
    lostAt ??= new Date();
    sayConnection("lost", `No connection since ${timeOfDay(lostAt)}; what is shown may be out of date`);
  }
}

function waits(status) {
  if (status.missing.includes("history")) return "Still reading what happened before";
  return status.missing.includes("kafka") ? "Kafka does not answer" : null;
}

if (document.body.dataset.page !== "alerts") {
  look();
  setInterval(look, AGAIN_MS);
  // Whoever comes back to the page wants to know at once.
  document.addEventListener("visibilitychange", () => document.hidden || look());
}
