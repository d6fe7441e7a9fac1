// How things are said: times, counts, names. Nothing here touches the page.

import { countryName } from "./countries.js";

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

const STEPS = [
  [60, "second", 1],
  [3600, "minute", 60],
  [86400, "hour", 3600],
  [7 * 86400, "day", 86400],
];

/** How long ago, in words; the date itself when that is more than a week. Both are Dates. */
export function ago(then, now) {
  const seconds = (now - then) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  const step = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  return step ? relative.format(-Math.round(seconds / step[2]), step[1]) : date.format(then);
}

/** The time of day. */
export const timeOfDay = (then) => clock.format(then);

/** Day and time, with the year where it is not this one. */
export function dayAndTime(then, now) {
  return then.getFullYear() === now.getFullYear() ? day.format(then) : `${date.format(then)}, ${clock.format(then)}`;
}

/** `border-incident` as a title. */
export function title(name) {
  const words = name.replaceAll(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A verdict, modality or state in words. */
export const plain = (name) => name.replaceAll("_", " ");

/** A rule's group: codes of countries become their names. */
export function group(name) {
  if (!name || name === "*" || name === "all") return "";
  if (name === "unknown") return "place unknown";
  const parts = name.split(/[-+|/,–]/);
  const countries = parts.map(countryName);
  return countries.every(Boolean) ? countries.join(" – ") : name;
}

/** What an event is, in words. */
export function kindOf(event) {
  const name = event.sub_event_type ?? event.event_type;
  if (name) return name;
  const words = plain(event.plover ?? event.tier).toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The length of a window, from its ends. */
export function span(start, end) {
  const hours = Math.round((end - start) / 3_600_000);
  if (hours < 1) return many(Math.round((end - start) / 60_000), "minute");
  return hours % 24 === 0 && hours >= 48 ? many(hours / 24, "day") : many(hours, "hour");
}

const PLURALS = { story: "stories", country: "countries" };

/** A number with its noun. */
export function many(count, noun) {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : (PLURALS[noun] ?? `${noun}s`)}`;
}

/** The address of the page that shows an article, at one of its events. */
export function articlePage(article, event) {
  return `/article?id=${encodeURIComponent(article)}${event ? `#event-${encodeURIComponent(event)}` : ""}`;
}
