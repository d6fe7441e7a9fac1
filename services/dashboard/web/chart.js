// One row of the timeline as a drawing.

import { el, svg } from "./dom.js";
import { articlePage, dayAndTime, group, title } from "./words.js";

const HEIGHT = 96;
const TOP = 10;
const BASE = HEIGHT - 22;
const LEFT = 28;

/** The figure of a row, as wide as `width` pixels, from the moment `first` to `last`. */
export function chart(row, width, [first, last]) {
  const highest = Math.max(row.threshold, ...row.steps.map((step) => step.count)) + 0.5;
  const x = (at) => LEFT + ((at - first) / (last - first || 1)) * (width - LEFT - 8);
  const y = (count) => BASE - (count / highest) * (BASE - TOP);
  const drawing = svg(
    "svg",
    { width, height: HEIGHT, role: "group", "aria-label": `${title(row.rule)} ${group(row.group)} over time` },
    ...ticks(first, last, x, width),
    svg("path", { class: "count", d: outline(row.steps, x, y) }),
    svg("line", { class: "threshold", x1: LEFT, x2: width - 8, y1: y(row.threshold), y2: y(row.threshold) }),
    svg("text", { class: "scale", x: LEFT - 6, y: y(row.threshold) + 4, "text-anchor": "end" }, String(row.threshold)),
    ...row.alerts.map((alert) => band(alert, x)),
    ...row.counted.map((each) => dot(each, row, x, y)),
  );
  return el("figure", { class: "row" }, caption(row), drawing);
}

function caption(row) {
  const where = group(row.group);
  const latest = row.alerts.find((alert) => Date.parse(alert.changed_at) === row.last);
  return el(
    "figcaption",
    {},
    el("a", { href: `/#alert-${latest.alert_id}` }, title(row.rule)),
    where && el("span", { class: "where" }, where),
    row.stream !== "live" && el("span", { class: "stream" }, `replay ${row.stream}`),
  );
}

function outline(steps, x, y) {
  const parts = steps.map(({ at, count }, index) => `L${x(at)} ${y(steps[index - 1]?.count ?? 0)}L${x(at)} ${y(count)}`);
  return `M${x(steps[0]?.at ?? 0)} ${y(0)}${parts.join("")}Z`;
}

/** When the alert rang, under the axis; one that still rings reaches to the end. */
function band(alert, x) {
  const over = ["resolved", "retracted"].includes(alert.state);
  const end = over ? x(Date.parse(alert.changed_at)) : x(Date.parse(alert.window.end));
  const start = x(Date.parse(alert.started_at));
  const place = { x: start, width: Math.max(3, end - start), y: BASE + 1, height: 5 };
  return svg("rect", { ...place, class: "episode", "data-severity": alert.severity }, svg("title", {}, alert.reason));
}

function dot(each, row, x, y) {
  const at = Date.parse(each.published);
  const count = row.steps.filter((step) => step.at <= at).at(-1).count;
  const mark = svg("circle", { cx: x(at), cy: y(count), r: 4 }, svg("title", {}, `${each.sentence} (${each.outlet})`));
  const words = `${dayAndTime(new Date(at), new Date())}, ${each.outlet}: ${each.sentence}`;
  return svg("a", { href: articlePage(each.article_id, each.event_id), "aria-label": words }, mark);
}

function ticks(first, last, x, width) {
  const fitting = Math.max(2, Math.floor(width / 140));
  const moments = Array.from({ length: fitting }, (_, index) => first + ((last - first) * index) / (fitting - 1));
  const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: last - first > 3e10 ? "numeric" : undefined });
  return moments.map((at, index) => {
    const anchor = index === 0 ? "start" : index === fitting - 1 ? "end" : "middle";
    return svg("text", { class: "scale", x: x(at), y: HEIGHT - 3, "text-anchor": anchor }, format.format(at));
  });
}
