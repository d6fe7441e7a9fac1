// One alert as a card: what, where, how grave, the sentence that rang, and the evidence behind it.

import { el, marked, outLink, separated } from "./dom.js";
import { rings } from "./filters.js";
import { surround } from "./paragraph.js";
import { ago, articlePage, dayAndTime, group, many, plain, span, title } from "./words.js";

/** The card of an alert, as a list item. */
export function card(alert, now) {
  const sentence = rang(alert);
  const quoted = sentence && quotation(sentence, now);
  if (quoted) surround(quoted.querySelector("blockquote"), sentence);
  return el(
    "li",
    { class: "card", id: `alert-${alert.alert_id}`, tabindex: "-1", "data-severity": alert.severity, "data-state": alert.state },
    heading(alert, now),
    quoted,
    el("p", { class: "counts" }, counts(alert)),
    evidence(alert, now),
  );
}

/** The evidence whose sentence made the last change: the newest that counted, not later than the change. */
export function rang(alert) {
  const counted = alert.evidence.filter((each) => each.verdict === "counted");
  const until = counted.filter((each) => new Date(each.published) <= new Date(alert.changed_at));
  const newest = (found) => found.reduce((a, b) => (new Date(b.published) >= new Date(a.published) ? b : a));
  if (until.length) return newest(until);
  return counted.length ? newest(counted) : alert.evidence[0];
}

function heading(alert, now) {
  const where = group(alert.group);
  return el(
    "header",
    {},
    el("span", { class: "severity" }, alert.severity),
    el("h3", {}, title(alert.rule), where && el("span", { class: "where" }, where)),
    el("span", { class: "state" }, plain(alert.state)),
    alert.stream !== "live" && el("span", { class: "stream", title: "a replay, not live news" }, `replay ${alert.stream}`),
    when(alert.changed_at, now),
  );
}

function when(moment, now, words = ago) {
  const then = new Date(moment);
  return el("time", { datetime: moment, title: `${dayAndTime(then, now)} · ${then.toISOString().slice(0, 16)}Z` }, words(then, now));
}

function quotation(each, now) {
  return el(
    "figure",
    {},
    el("blockquote", {}, ...marked(each.sentence, each.trigger)),
    el("figcaption", {}, ...separated(source(each, now))),
  );
}

/** Who printed it, when, who says so, and how sure the sentence is of it. */
function source(each, now) {
  const speakers = each.attribution?.who.map((who) => who.text).join(", ");
  return [
    el("span", {}, outLink(each.url, each.outlet, each.title && ": ", each.title && el("cite", {}, each.title))),
    el("a", { href: inContext(each) }, "in context"),
    when(each.published, now, dayAndTime),
    each.place && el("span", {}, each.place.name),
    speakers && el("span", {}, `according to ${speakers}`),
    each.modality !== "asserted" && el("span", { class: "modality", "data-modality": each.modality }, plain(each.modality)),
    each.denied_by.length > 0 && el("strong", {}, `denied by ${each.denied_by.join(", ")}`),
  ];
}

const inContext = (each) => articlePage(each.article_id, each.event_id);

function counts(alert) {
  const { incidents, stories, outlets } = alert.counts;
  const window = span(new Date(alert.window.start), new Date(alert.window.end));
  const told = `${many(stories, "story")} from ${many(outlets, "outlet")} within ${window}. Threshold: ${alert.threshold}.`;
  return incidents ? `${many(incidents, "incident")} in ${told}` : told;
}

function evidence(alert, now) {
  return el(
    "details",
    {},
    el("summary", {}, `Why: ${many(alert.counts.sightings, "sighting")}`),
    el("p", { class: "reason" }, alert.reason),
    el("ol", { class: "evidence" }, ...alert.evidence.map((each) => sighting(each, now))),
    annotations(alert),
    el("p", { class: "as" }, ...separated(forms(alert))),
  );
}

function forms(alert) {
  const ident = encodeURIComponent(alert.alert_id);
  return [
    el("a", { href: `#alert-${ident}` }, "link to this alert"),
    el("a", { href: `/why?alert=${ident}` }, "why, step by step"),
    el("a", { href: `/timeline?${new URLSearchParams({ stream: alert.stream, rule: alert.rule })}` }, "timeline"),
    rings(alert) && el("a", { href: `/silences?${silence(alert)}` }, "silence"),
    el("a", { href: `/api/v1/alerts/${ident}` }, "JSON"),
    el("a", { href: `/feeds/alerts/${ident}/cap.xml` }, "CAP"),
  ];
}

/** The address of a new silence of alerts such as this one. */
function silence(alert) {
  const facts = ["rule", "group", "stream"].map((name) => ["matcher", `${name}=${alert[name]}`]);
  return new URLSearchParams(facts);
}

/** Says on a card why its alert is not sent, or which channel did not take it; nothing where all is well. */
export function sayMuted(node, mutes) {
  const line = node.querySelector(".muted") ?? el("p", { class: "muted" });
  const how = mutes.every((mute) => mute.kind === "channel") ? "Not everywhere" : "Not sent";
  line.textContent = `${how}: ${mutes.map((mute) => mute.reason).join("; ")}`;
  if (!mutes.length) line.remove();
  else if (!line.isConnected) node.querySelector("header").after(line);
}

function sighting(each, now) {
  return el(
    "li",
    { "data-verdict": each.verdict },
    el("p", {}, el("span", { class: "verdict" }, plain(each.verdict)), " ", each.reason),
    quotation(each, now),
  );
}

function annotations(alert) {
  const pairs = Object.entries({ ...alert.labels, ...alert.annotations });
  return pairs.length > 0 && el("dl", {}, ...pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** Whether a card shows an alert that still rings; the page keeps the two apart. */
export const belongs = (alert) => (rings(alert) ? "ringing" : "over");
