// The feeds: how each was polled last, those that need somebody first.

import { ask, chosen, fill, remember } from "./choice.js";
import { el, outLink, separated } from "./dom.js";
import { form, onChange, say } from "./form.js";
import { ago, dayAndTime, many } from "./words.js";

const WORST_FIRST = ["stopped", "failing", "overdue", "waiting", "well"];
const AGAIN_MS = 30_000;
const find = (id) => document.getElementById(id);

let choice = chosen(["health"]);
let feeds = [];

async function load() {
  try {
    feeds = await all();
    draw();
  } catch (error) {
    // What is already there stays, and says of itself how old it is.
    if (!feeds.length) say(`The feeds cannot be loaded: ${error.message}.`);
    else find("summary").textContent = "No connection: what is shown may be out of date.";
  }
}

async function all() {
  const found = [];
  let next = null;
  do {
    const page = await ask(`/api/v1/feeds${next ? `?cursor=${encodeURIComponent(next)}` : ""}`);
    found.push(...page.items);
    next = page.next;
  } while (next);
  const rank = ({ health }) => WORST_FIRST.indexOf(health);
  return found.sort((a, b) => rank(a) - rank(b) || b.state.failures - a.state.failures || a.state.source.localeCompare(b.state.source));
}

function draw() {
  const there = WORST_FIRST.map((health) => [health, feeds.filter((feed) => feed.health === health).length]).filter(([, n]) => n);
  fill(form.elements.health, there.map(([health, n]) => [health, `${health} (${n})`]), choice.health);
  const shown = feeds.filter((feed) => !choice.health || feed.health === choice.health);
  find("feeds").replaceChildren(...shown.map(item));
  find("summary").textContent = feeds.length ? `${many(feeds.length, "feed")}: ${there.map(([health, n]) => `${n} ${health}`).join(", ")}` : "";
  say(shown.length ? "" : feeds.length ? "No feed is so." : "No feed has been polled yet. Does the poller run?");
}

function item({ health, words, state }) {
  return el(
    "li",
    { "data-health": health },
    el("h2", {}, state.source, el("span", { class: "health" }, health)),
    el("p", {}, `${words.charAt(0).toUpperCase()}${words.slice(1)}${state.reason ? `: ${state.reason}` : ""}`),
    el("p", { class: "from" }, ...separated(facts(state))),
  );
}

function facts(state) {
  return [
    outLink(state.url, state.url),
    state.moved_to && `moved to ${state.moved_to}`,
    state.failures > 0 && `${many(state.failures, "failure")} in a row${state.failing_since ? `, since ${moment(state.failing_since)}` : ""}`,
    state.polled_at && `polled ${moment(state.polled_at)}`,
    state.new_at ? `last news ${moment(state.new_at)}` : "no news so far",
    state.next_poll && !state.stopped && `next poll ${moment(state.next_poll)}`,
    state.stopped && "stopped until its address changes in the list",
  ];
}

function moment(text) {
  const [then, now] = [new Date(text), new Date()];
  return Math.abs(now - then) < 86_400_000 ? ago(then, now) : dayAndTime(then, now);
}

onChange((changed) => {
  choice = { ...choice, ...changed };
  remember(choice);
  draw();
});
load();
setInterval(load, AGAIN_MS);
