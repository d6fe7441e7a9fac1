// Search over events and articles. What is asked for lives in the address of the page.

import { TYPES, ask, chosen, fill, remember } from "./choice.js";
import { onNews } from "./connection.js";
import { el, outLink, separated } from "./dom.js";
import { articlePage, dayAndTime, kindOf, many, plain } from "./words.js";

const NAMES = ["q", "in", "stream", "type", "modality"];
const CHOICES = {
  in: [
    ["", "events"],
    ["articles", "articles"],
  ],
  type: TYPES,
  modality: ["asserted", "alleged", "denied", "threatened", "called_for", "future", "background", "hypothetical"],
};
const find = (id) => document.getElementById(id);
const form = find("search");

let next = null;
let asking = 0;
let fresh = 0;

function showChoice(streams) {
  const choice = chosen(NAMES);
  for (const name of ["in", "type", "modality"]) fill(form.elements[name], CHOICES[name], choice[name]);
  fill(form.elements.stream, streams, choice.stream);
  if (form.elements.q.value.trim() !== choice.q) form.elements.q.value = choice.q;
  for (const name of ["type", "modality"]) form.elements[name].closest("label").hidden = choice.in === "articles";
}

function address(choice, cursor) {
  const events = choice.in !== "articles";
  const names = events ? ["q", "stream", "type", "modality"] : ["q", "stream"];
  const pairs = names.map((name) => [name, choice[name]]).filter(([, value]) => value);
  const parameters = new URLSearchParams([...pairs, ...(cursor ? [["cursor", cursor]] : [])]);
  return `/api/v1/${events ? "events" : "articles"}?${parameters}`;
}

async function search(cursor) {
  const choice = chosen(NAMES);
  const mine = ++asking;
  if (!cursor) say("Searching…");
  try {
    const page = await ask(address(choice, cursor));
    // A slower answer to an earlier question must not replace this one's.
    if (mine === asking) show(page, choice, cursor);
  } catch (error) {
    if (mine === asking) say(`The search failed: ${error.message}. Is the dashboard running?`);
  }
}

function show(page, choice, cursor) {
  const items = page.items.map(choice.in === "articles" ? articleItem : eventItem);
  if (cursor) find("found").append(...items);
  else find("found").replaceChildren(...items);
  if (!cursor) find("fresh").hidden = !(fresh = 0);
  next = page.next;
  find("more").hidden = !next;
  if (!find("found").children.length) say(nothing(choice));
  else find("empty").hidden = true;
}

function nothing(choice) {
  const filtered = NAMES.some((name) => name !== "in" && choice[name]);
  return filtered ? "Nothing fits this search." : "Nothing has been read yet.";
}

function say(words) {
  find("found").replaceChildren();
  find("more").hidden = true;
  find("empty").hidden = false;
  find("empty-words").textContent = words;
}

function eventItem(event) {
  const { start, text } = event.sentence;
  const characters = [...text];
  const [from, to] = [event.trigger.start - start, event.trigger.end - start];
  const cut = (a, b) => characters.slice(a, b).join("");
  return el(
    "li",
    {},
    el("p", { class: "kind" }, ...separated(kind(event))),
    el("blockquote", {}, cut(0, from), el("mark", {}, cut(from, to)), cut(to)),
    el("p", { class: "from" }, ...separated(origin(event.article, event))),
  );
}

function kind(event) {
  return [
    el("strong", {}, kindOf(event)),
    el("span", { class: "modality", "data-modality": event.modality }, plain(event.modality)),
    event.location.map((place) => place.name).join(", "),
    event.ceasefire_violation && "ceasefire violation",
    event.border_incident && "border incident",
    event.denied_by.length > 0 && `denied by ${event.denied_by.map((who) => who.text).join(", ")}`,
  ];
}

function origin(article, event) {
  if (!article) return [];
  return [
    el("a", { href: articlePage(article.id, event?.event_id) }, article.title || "untitled"),
    outLink(article.url, article.outlet),
    when(article.published),
    article.stream !== "live" && `replay ${article.stream}`,
  ];
}

function when(moment) {
  const then = new Date(moment);
  return el("time", { datetime: moment, title: then.toISOString() }, dayAndTime(then, new Date()));
}

function articleItem({ article, excerpt, events }) {
  const pieces = excerpt.split(/[\u0002\u0003]/);
  return el(
    "li",
    {},
    el("p", { class: "from" }, ...separated([...origin(article), many(events, "event")])),
    excerpt && el("blockquote", {}, ...pieces.map((piece, at) => (at % 2 ? el("mark", {}, piece) : piece))),
  );
}

function change() {
  remember(Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value.trim()])));
  showChoice([...form.elements.stream.options].map((option) => option.value).filter(Boolean));
  search();
}

let typing;
form.elements.q.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(change, 250);
});
form.addEventListener("change", change);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  change();
});
find("more").addEventListener("click", () => search(next));
onNews((now, before) => {
  fresh += now.events - before.events + (now.articles - before.articles);
  find("fresh").hidden = fresh <= 0;
  find("fresh").textContent = "There is news: show it";
});
find("fresh").addEventListener("click", () => search());
if (location.hash === "#type") form.elements.q.focus();
showChoice([]);
search();
ask("/api/v1/status")
  .then(({ streams }) => showChoice(streams))
  .catch(() => {});
