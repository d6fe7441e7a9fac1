// Silences: which last, are to come or are over; a new one; the end of one.

import { ask } from "./choice.js";
import { onNews } from "./connection.js";
import { el, separated } from "./dom.js";
import { dayAndTime } from "./words.js";

const AUTHOR = "tocsin-author";
const ORDER = ["active", "pending", "expired"];
const MOST_EXPIRED = 20;
const LENGTHS = [
  [1, "1 hour"],
  [2, "2 hours"],
  [8, "8 hours"],
  [24, "1 day"],
  [72, "3 days"],
  [168, "7 days"],
  [720, "30 days"],
];
const find = (id) => document.getElementById(id);
const form = find("new");

async function load() {
  try {
    show((await ask("/api/v1/silences")).items);
  } catch (error) {
    if (!find("silences").children.length) find("empty-words").textContent = `The silences cannot be loaded: ${error.message}.`;
  }
}

function show(items) {
  const end = ({ silence }) => Date.parse(silence.ends_at);
  const sorted = ORDER.flatMap((state) => {
    const those = items.filter((item) => item.state === state);
    return state === "expired" ? those.sort((a, b) => end(b) - end(a)).slice(0, MOST_EXPIRED) : those.sort((a, b) => end(a) - end(b));
  });
  find("silences").replaceChildren(...sorted.map(item));
  find("empty").hidden = sorted.length > 0;
  find("empty-words").textContent = "There is no silence.";
}

function item({ state, silence }) {
  const [starts, ends] = [silence.starts_at, silence.ends_at].map((moment) => dayAndTime(new Date(moment), new Date()));
  const words = { active: `until ${ends}`, pending: `from ${starts} until ${ends}`, expired: `ended ${ends}` };
  const button = state !== "expired" && el("button", { type: "button" }, "End it now");
  if (button) button.addEventListener("click", () => act(`/api/v1/silences/${encodeURIComponent(silence.silence_id)}`, { method: "DELETE" }));
  return el(
    "li",
    { "data-state": state },
    el(
      "div",
      {},
      el("p", {}, ...silence.matchers.flatMap((matcher) => [el("code", {}, matcher), " "])),
      el("p", { class: "from" }, ...separated([el("span", { class: "health" }, state), words[state], `${silence.author}: ${silence.comment}`])),
    ),
    button,
  );
}

/** Asks for a change; what becomes of it comes back by way of the topic, a moment later. */
async function act(address, options) {
  find("notice").hidden = true;
  try {
    const answer = await fetch(address, options);
    const told = await answer.json();
    if (!answer.ok) throw new Error([told.detail, ...(told.errors ?? [])].join("; "));
    setTimeout(load, 300);
    setTimeout(load, 1500);
    return true;
  } catch (error) {
    find("notice").textContent = `That did not work: ${error.message}`;
    find("notice").hidden = false;
    return false;
  }
}

async function create() {
  const { matchers, hours, author, comment } = Object.fromEntries(new FormData(form));
  localStorage.setItem(AUTHOR, author);
  const body = {
    matchers: matchers.split("\n").map((line) => line.trim()).filter(Boolean),
    ends_at: new Date(Date.now() + Number(hours) * 3_600_000).toISOString(),
    author,
    comment,
  };
  const done = await act("/api/v1/silences", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (done) form.elements.comment.value = form.elements.matchers.value = "";
}

form.elements.hours.replaceChildren(...LENGTHS.map(([hours, words]) => new Option(words, hours)));
form.elements.hours.value = "2";
form.elements.author.value = localStorage.getItem(AUTHOR) ?? "";
form.elements.matchers.value = new URLSearchParams(location.search).getAll("matcher").join("\n");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  create();
});
onNews(load);
load();
