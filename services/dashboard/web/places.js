// Places on the map: events put together by where they are, drawn and listed by how many there are.

import { el, svg } from "./dom.js";
import { many } from "./words.js";

const GRAVITY = ["info", "warning", "critical"];
const MOST_NAMES = 25;

const OVER = ["resolved", "retracted"];

/** The places of events, the one with most events first; each with the gravest alert that rests on it, ringing ones first. */
export function placesIn(events, alerts, project) {
  const found = new Map();
  for (const { geometry, properties, id } of events) {
    const key = geometry.coordinates.join();
    const place = found.get(key) ?? { key, name: properties.place, point: project(geometry.coordinates), events: [], severity: "", state: "" };
    place.events.push({ id, ...properties });
    found.set(key, place);
  }
  for (const { geometry, properties } of alerts) {
    for (const position of geometry?.coordinates ?? []) {
      const place = found.get(position.join());
      if (place && weight(properties) > weight(place)) Object.assign(place, { severity: properties.severity, state: properties.state });
    }
  }
  const places = [...found.values()].sort((a, b) => b.events.length - a.events.length);
  for (const place of places) place.radius = Math.min(26, 4 + 2.2 * Math.sqrt(place.events.length));
  return places;
}

/** How much an alert matters on the map. */
const weight = ({ severity, state }) => (severity ? GRAVITY.indexOf(severity) + (OVER.includes(state) ? 0 : GRAVITY.length) : -1);

/** The circle of a place; its size in pixels is set whenever the view moves. */
export function marker(place, onClick) {
  const [cx, cy] = place.point;
  const vague = place.events.every((event) => event.geo_precision === 3);
  const node = svg("circle", { cx, cy, r: 0, class: "spot", "data-severity": place.severity, "data-over": OVER.includes(place.state), "data-vague": vague });
  node.append(svg("title", {}, `${place.name}: ${many(place.events.length, "event")}`));
  node.addEventListener("click", onClick);
  return node;
}

/** The same place in the list. */
export function placeItem(place, onClick) {
  const button = el("button", { type: "button", value: place.name, "aria-pressed": "false" }, place.name);
  button.addEventListener("click", onClick);
  const ringing = place.severity && el("span", { class: "severity", "data-severity": place.severity }, OVER.includes(place.state) ? `${place.severity}, over` : place.severity);
  return el("li", {}, button, ringing, el("span", { class: "number" }, String(place.events.length)));
}

/** Names for the places with most events that are in view, as far as they do not cover one another. */
export function labels(places, box, unit) {
  const taken = [];
  const made = [];
  for (const { name, point, radius } of places) {
    const [x, y] = point;
    const seen = box && x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
    const area = { left: x, right: x + (radius + 8 + name.length * 7) * unit, top: y - 8 * unit, bottom: y + 8 * unit };
    const covers = taken.some((t) => area.left < t.right && area.right > t.left && area.top < t.bottom && area.bottom > t.top);
    if (!seen || covers || made.length >= MOST_NAMES) continue;
    taken.push(area);
    // At the right edge a name stands to the left of its place.
    const [side, anchor] = area.right > box.x + box.width ? [-1, "end"] : [1, "start"];
    const label = svg("text", { x: x + side * (radius + 3) * unit, y: y + 4 * unit, "text-anchor": anchor }, name);
    label.style.fontSize = `${12 * unit}px`;
    label.style.strokeWidth = `${3 * unit}px`;
    made.push(label);
  }
  return made;
}

/** Names of the countries that are wide enough on the screen to hold them. */
export function countryNames(countries, unit) {
  const wide = countries.filter(({ name, width, height }) => width > name.length * 9 * unit && height > 20 * unit);
  return wide.map(({ name, x, y }) => {
    const label = svg("text", { x, y, "text-anchor": "middle" }, name);
    label.style.fontSize = `${12 * unit}px`;
    return label;
  });
}
