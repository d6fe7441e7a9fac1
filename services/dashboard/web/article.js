// One article: its text with the events marked in it, and what became of each.

import { ask } from "./choice.js";
import { el, outLink, separated } from "./dom.js";
import { pieces } from "./spans.js";
import { dayAndTime, group, kindOf, plain, title } from "./words.js";

const find = (id) => document.getElementById(id);
const list = (mentions) => mentions.map((mention) => mention.text).join(", ");

async function start() {
  const ident = new URLSearchParams(location.search).get("id");
  if (!ident) return say("No article is named in the address.");
  try {
    const view = await ask(`/api/v1/articles/${ident.split("/").map(encodeURIComponent).join("/")}`);
    const alerts = await Promise.all(view.alerts.map((alert) => ask(`/api/v1/alerts/${encodeURIComponent(alert)}`)));
    show(view, alerts);
  } catch (error) {
    say(`The article cannot be shown: ${error.message}.`);
  }
}

function say(words) {
  find("empty-words").textContent = words;
}

function show({ article, text, events }, alerts) {
  document.title = `${article.title || "Article"} · Tocsin`;
  find("about").replaceChildren(el("h1", {}, article.title || "Untitled"), el("p", {}, ...separated(facts(article))));
  find("legend").replaceChildren(...(events.length ? legend(events).flatMap((mark) => [mark, " "]) : []));
  find("text").replaceChildren(...marked(text, events));
  find("events").replaceChildren(...events.map((event) => told(event, verdicts(event, alerts))));
  if (!events.length) find("events").replaceWith(el("p", {}, "No event was found in this article."));
  find("empty").hidden = true;
  find("article").hidden = false;
  goTo(decodeURIComponent(location.hash.slice(1)));
}

function facts(article) {
  const published = dayAndTime(new Date(article.published), new Date());
  return [
    article.outlet,
    el("time", { datetime: article.published }, article.published_known ? published : `fetched ${published}, no date given`),
    article.stream === "live" ? null : `replay ${article.stream}`,
    article.url && outLink(article.url, "read it at its source"),
  ];
}

function marked(text, events) {
  const seen = new Set();
  return pieces(text, events).map(({ text: words, sentences, triggers }) => {
    if (triggers.length) return trigger(words, triggers, seen);
    const modality = sentences[0]?.modality;
    return sentences.length ? el("span", { class: "sentence", "data-modality": modality }, words) : words;
  });
}

function trigger(words, events, seen) {
  const fresh = events.find((event) => !seen.has(event.event_id));
  for (const event of events) seen.add(event.event_id);
  const about = events.map((event) => `${kindOf(event)}, ${plain(event.modality)}`).join("; ");
  const mark = el("mark", { "data-sort": sort(events[0]), "data-modality": events[0].modality, title: about }, words);
  return fresh ? el("a", { class: "trigger", id: `text-${fresh.event_id}`, href: `#event-${fresh.event_id}` }, mark) : mark;
}

/** What sort of thing an event is: each has a colour of its own. */
function sort({ event_type: type, tier }) {
  if (["Battles", "Explosions/Remote violence", "Violence against civilians"].includes(type)) return "force";
  if (["Protests", "Riots"].includes(type)) return "unrest";
  return tier === "kinetic" || type === "Strategic developments" ? "strategic" : tier === "casualty_toll" ? "toll" : "words";
}

const SORTS = { force: "force", unrest: "protest and riot", strategic: "strategic developments", words: "what is said", toll: "running tolls" };

/** What the marks mean, as far as there are any of the kind. */
function legend(events) {
  const there = Object.entries(SORTS).filter(([name]) => events.some((event) => sort(event) === name));
  const said = [...new Set(events.map((event) => event.modality))].filter((modality) => modality !== "asserted").sort();
  return [
    ...there.map(([name, words]) => el("mark", { "data-sort": name }, words)),
    ...said.map((modality) => el("mark", { "data-sort": "none", "data-modality": modality }, plain(modality))),
  ];
}

/** What the alerts that rest on this article made of one event of it. */
function verdicts(event, alerts) {
  return alerts.flatMap((alert) =>
    alert.evidence.filter((each) => each.event_id === event.event_id).map((each) => ({ alert, ...each })),
  );
}

function told(event, found) {
  return el(
    "li",
    { id: `event-${event.event_id}`, tabindex: "-1" },
    el("a", { href: `#text-${event.event_id}` }, el("mark", { "data-sort": sort(event), "data-modality": event.modality }, kindOf(event))),
    el("p", {}, ...separated(details(event))),
    ...found.map(verdict),
  );
}

function details(event) {
  const date = event.date?.value ?? (event.date?.start && `${event.date.start} to ${event.date.end}`);
  return [
    el("span", { class: "modality", "data-modality": event.modality }, plain(event.modality)),
    event.location.map((place) => place.name).join(", "),
    date,
    event.actor.length > 0 && `by ${list(event.actor)}`,
    event.target.length > 0 && `against ${list(event.target)}`,
    event.attribution && `according to ${list(event.attribution.who)}`,
    event.denied_by.length > 0 && el("strong", {}, `denied by ${list(event.denied_by)}`),
    ...event.casualties.map((each) => each.text),
    event.ceasefire_violation && "ceasefire violation",
    event.border_incident && "border incident",
    event.duplicate_of && "told before in this article",
    `confidence ${Math.round(event.confidence * 100)} %`,
  ];
}

function verdict({ alert, verdict: word, reason }) {
  const where = `${title(alert.rule)} ${group(alert.group)}`.trim();
  return el("p", { class: "why", "data-verdict": word }, el("a", { href: `/#alert-${alert.alert_id}` }, where), `: ${plain(word)}, ${reason}`);
}

function goTo(ident) {
  const item = document.getElementById(ident);
  const mark = document.getElementById(ident.replace(/^event-/, "text-"));
  (mark ?? item)?.scrollIntoView({ block: "center" });
  item?.classList.add("fresh");
  mark?.classList.add("fresh");
}

addEventListener("hashchange", () => goTo(decodeURIComponent(location.hash.slice(1))));
start();
