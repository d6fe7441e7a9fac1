// The map: where events are told to have happened, when, and what was said of each place.

import { onNews } from "./connection.js";
import { TYPES, ask, chosen, fill, remember } from "./choice.js";
import { drawDays } from "./days.js";
import { svg } from "./dom.js";
import { told } from "./event.js";
import { form, onChange } from "./form.js";
import { countryNames, labels, marker, placeItem, placesIn } from "./places.js";
import { View } from "./view.js";
import { many } from "./words.js";
import { countries, outlines, project } from "./world.js";

const MOST = 5000;
const NAMES = ["stream", "type", "since", "until", "said", "at"];
const find = (id) => document.getElementById(id);
const land = svg("path", { class: "land" });
const marks = svg("g", {});
const names = svg("g", { class: "names" });
const under = svg("g", { class: "countries" });
find("map").append(land, under, marks, names);

let choice = chosen(NAMES);
let places = [];
let world = [];
const view = new View(find("map"), (unit) => {
  for (const place of places) place.node.setAttribute("r", place.radius * unit);
  for (const place of places) place.node.style.strokeWidth = `${place.state ? (place.node.dataset.over === "true" ? 2 : 3 * unit) : unit}px`;
  names.replaceChildren(...labels(places, view.seen, unit));
  under.replaceChildren(...countryNames(world, unit));
});

function address(feed, names) {
  const parameters = new URLSearchParams({ limit: MOST });
  for (const name of names) if (choice[name]) parameters.set(name, choice[name]);
  if (choice.since) parameters.set("since", `${choice.since}T00:00:00Z`);
  if (choice.until) parameters.set("until", new Date(Date.parse(`${choice.until}T00:00Z`) + 86_400_000).toISOString());
  return `/feeds/${feed}.geojson?${parameters}`;
}

async function load(fit) {
  try {
    const [events, alerts] = await Promise.all([ask(address("events", ["stream", "type"])), ask(address("alerts", ["stream"]))]);
    show(events.features.filter(happened), alerts.features, events.features.length === MOST, fit);
  } catch (error) {
    say(`The events cannot be loaded: ${error.message}.`);
  }
}

/** Whether it is told as something that happened, rather than denied, threatened or called for. */
function happened({ properties }) {
  return choice.said || (["asserted", "alleged"].includes(properties.modality) && properties.event_type);
}

function show(events, alerts, cut, fit) {
  places = placesIn(events, alerts, project);
  for (const place of places) place.node = marker(place, () => choose(place));
  marks.replaceChildren(...places.map((place) => place.node));
  find("places").replaceChildren(...places.slice(0, 200).map((place) => placeItem(place, () => choose(place))));
  if (fit) view.fit(places.map((place) => place.point));
  else view.show();
  say(events.length ? (cut ? `Only the newest ${many(MOST, "event")} are shown; choose fewer days.` : "") : "No event with a known place fits these filters.");
  tell(places.find((place) => place.name === choice.at));
}

function choose(place) {
  choice.at = choice.at === place.name ? "" : place.name;
  remember(choice);
  tell(choice.at ? place : null);
}

function tell(place) {
  for (const each of places) each.node.classList.toggle("chosen", each === place);
  for (const button of find("places").querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === place?.name);
  find("place").hidden = !place;
  if (!place) return;
  find("place-title").textContent = `${place.name}: ${many(place.events.length, "event")}`;
  find("told").replaceChildren(...place.events.slice(0, 50).map(told));
}

function say(words) {
  find("words").textContent = words;
  find("words").hidden = !words;
}

async function loadDays() {
  const stream = choice.stream ? `?stream=${encodeURIComponent(choice.stream)}` : "";
  const { days } = await ask(`/api/v1/timeline${stream}`);
  const bars = new Map();
  for (const { day, events } of days) bars.set(day, (bars.get(day) ?? 0) + events);
  drawDays(find("days"), bars, choice, (since, until) => change({ since, until }));
  const all = [...bars.keys()].sort();
  find("days-words").textContent = all.length ? `Events by day, ${all[0]} to ${all.at(-1)}. Draw across days to choose them.` : "";
}

function change(some) {
  const restream = "stream" in some;
  choice = { ...choice, ...some };
  remember(choice);
  set();
  load(restream);
  loadDays().catch(() => {});
}

function set() {
  fill(form.elements.type, TYPES, choice.type);
  for (const name of ["since", "until"]) form.elements[name].value = choice[name];
  form.elements.said.checked = Boolean(choice.said);
}

onChange(change);
find("closer").addEventListener("click", () => view.zoom(0.6));
find("farther").addEventListener("click", () => view.zoom(1 / 0.6));
find("fit").addEventListener("click", () => view.fit(places.map((place) => place.point)));

onNews(() => {
  load(false);
  loadDays().catch(() => {});
});
set();
fill(form.elements.stream, [], choice.stream);
ask("/web/vendor/world-atlas-countries-50m.json").then((topology) => {
  land.setAttribute("d", outlines(topology));
  world = countries(topology);
  view.show();
});
ask("/api/v1/status").then(({ streams }) => fill(form.elements.stream, streams, choice.stream)).catch(() => {});
load(true);
loadDays().catch(() => {});
