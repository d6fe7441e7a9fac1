// The page: puts the alerts in order, keeps the cards in step with them, and says in words how things stand.

import { belongs, card, rang, sayMuted } from "./card.js";
import { ask } from "./choice.js";
import { isStale, liveWords, sayConnection } from "./connection.js";
import { chosen, offer, passes, query, rings, spoken } from "./filters.js";
import { Live } from "./live.js";
import { notify, offerToNotify } from "./ring.js";
import { ago, many, timeOfDay } from "./words.js";

const GRAVITY = ["info", "warning", "critical"];
const OVER_AT_FIRST = 50;
const find = (id) => document.getElementById(id);

let choice = chosen(location.search);
let alerts = new Map();
let state = { connection: "connecting", since: new Date(), loaded: false, status: null };
let visited = "";
let most = OVER_AT_FIRST; // cards of alerts that are over
const cards = new Map();

function order(a, b) {
  const grave = GRAVITY.indexOf(b.severity) - GRAVITY.indexOf(a.severity);
  return grave || new Date(b.changed_at) - new Date(a.changed_at) || a.alert_id.localeCompare(b.alert_id);
}

function cardOf(alert, now) {
  const known = cards.get(alert.alert_id);
  if (known?.alert === alert) return known.node;
  const node = card(alert, now);
  if (known) {
    node.querySelector("details").open = known.node.querySelector("details").open;
    const focused = known.node.contains(document.activeElement);
    known.node.replaceWith(node);
    if (focused) node.focus({ preventScroll: true });
  }
  cards.set(alert.alert_id, { alert, node });
  return node;
}

/** Brings a list to these cards in this order, touching only what is not in its place. */
function arrange(list, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...list.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, at) => list.children[at] !== node && list.insertBefore(node, list.children[at] ?? null));
}

function draw() {
  const now = new Date();
  const shown = [...alerts.values()].filter((alert) => passes(alert, choice)).sort(order);
  for (const section of ["ringing", "over"]) {
    const here = shown.filter((alert) => belongs(alert) === section);
    const nodes = here.slice(0, section === "over" ? most : undefined).map((alert) => cardOf(alert, now));
    arrange(find(section).querySelector("ol"), nodes);
    find(section).hidden = nodes.length === 0;
    if (section === "over") sayMore(here.length - nodes.length);
  }
  for (const ident of cards.keys()) if (!alerts.has(ident)) cards.delete(ident);
  offer(find("filters"), alerts.values(), state.status?.streams ?? [], choice);
  const ringing = shown.filter(rings).length;
  find("summary").textContent = shown.length ? `${many(ringing, "alert")} ringing, ${shown.length - ringing} over` : "";
  document.title = ringing ? `(${ringing}) Alerts · Tocsin` : "Alerts · Tocsin";
  sayEmpty(shown.length, now);
}

function sayMore(hidden) {
  find("more").hidden = hidden <= 0;
  find("more").textContent = `Show ${many(hidden, "older alert")}`;
}

function sayEmpty(count, now) {
  find("empty").hidden = count > 0;
  find("show-all").hidden = alerts.size === 0;
  find("empty-words").textContent = emptyWords(now);
}

function emptyWords(now) {
  if (!state.loaded) return state.connection === "lost" ? "The alerts cannot be loaded: no connection." : "Loading the alerts…";
  if (alerts.size) return "No alert fits these filters.";
  const { articles, events, read_at: read } = state.status;
  if (!articles) return "Nothing rings, and no article has been read yet.";
  return `Nothing rings. ${many(articles, "article")} with ${many(events, "event")} read, the last ${ago(new Date(read), now)}.`;
}

function sayState() {
  const now = new Date();
  const { connection, status, since } = state;
  const stale = isStale(status, now);
  const words = {
    connecting: "Connecting…",
    lost: `No connection since ${timeOfDay(since)}; trying again`,
    live: liveWords(status, now),
  };
  sayConnection(connection === "live" && stale ? "stale" : connection, words[connection]);
  sayNotice(connection, status, stale);
}

function sayNotice(connection, status, stale) {
  const notice = find("notice");
  notice.textContent = noticeWords(connection, status, stale);
  notice.hidden = !notice.textContent;
}

function noticeWords(connection, status, stale) {
  if (connection === "lost") return state.loaded ? "The connection is lost: the alerts below may be out of date." : "";
  if (status?.missing.includes("history")) return "Still reading what happened before: alerts may be missing or out of date.";
  if (status?.missing.includes("kafka")) return "Kafka does not answer: nothing new can come in until it does.";
  return stale ? "No news has come in for over an hour. Are the poller and its feeds well?" : "";
}

/** Says of the alerts that ring which of them are not sent, or not to all, and why. */
async function showMuted() {
  if (![...alerts.values()].some(rings)) return;
  const { items } = await ask("/api/v1/muted").catch(() => ({ items: null }));
  if (!items) return; // no connection: the notice says so
  const muted = new Map(items.map(({ alert_id: ident, mutes }) => [ident, mutes]));
  for (const [ident, { node }] of cards) sayMuted(node, muted.get(ident) ?? []);
}

/** Shows the alert that the address names, once; later loads must not pull the page back to it. */
function goTo(ident) {
  if (!ident || ident === visited) return;
  const wanted = decodeURIComponent(ident);
  if (alerts.has(wanted.replace(/^alert-/, "")) && !document.getElementById(wanted)) showAll();
  const node = document.getElementById(wanted);
  if (!node) return;
  visited = ident;
  node.querySelector("details").open = true;
  node.focus();
  node.scrollIntoView({ block: "start" });
}

/** Lets every alert be seen, whatever is filtered, so that a link to one of them works. */
function showAll() {
  most = Infinity;
  choice = chosen("");
  draw();
}

function choose(next, remember) {
  choice = next;
  if (remember) history.pushState(null, "", location.pathname + query(choice));
  draw();
}

const live = new Live(
  (all, fresh) => {
    alerts = all;
    draw();
    showMuted();
    if (!fresh) goTo(location.hash.slice(1));
    if (!fresh || !passes(fresh, choice)) return;
    find("announcer").textContent = spoken(fresh);
    notify(fresh, rang(fresh)?.sentence ?? "");
    cards.get(fresh.alert_id)?.node.classList.add("fresh");
  },
  (now) => {
    state = now;
    sayState();
    if (!alerts.size) draw();
  },
);

find("filters").addEventListener("change", (event) => choose({ ...choice, [event.target.name]: event.target.value }, true));
find("filters").addEventListener("submit", (event) => event.preventDefault());
find("more").addEventListener("click", () => {
  most = Infinity;
  draw();
});
find("show-all").addEventListener("click", () => choose(chosen(""), true));
addEventListener("popstate", () => choose(chosen(location.search), false));
addEventListener("hashchange", () => goTo(location.hash.slice(1)));
offerToNotify(find("notify"));
setInterval(() => {
  sayState();
  for (const time of document.querySelectorAll(".card > header time")) time.textContent = ago(new Date(time.dateTime), new Date());
}, 30_000);
setInterval(showMuted, 15_000);
draw();
live.start();
