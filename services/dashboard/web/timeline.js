// The timeline: what each rule counted, when it rang, and the sentences that made it.

import { chart } from "./chart.js";
import { ask, chosen, fill, remember } from "./choice.js";
import { onNews } from "./connection.js";
import { form, onChange, say } from "./form.js";
import { extent, rows } from "./series.js";
import { many, title } from "./words.js";

const NAMES = ["stream", "rule"];
const find = (id) => document.getElementById(id);

let choice = chosen(NAMES);
let alerts = [];

async function load() {
  try {
    alerts = (await ask("/api/v1/alerts?limit=2000")).items;
  } catch (error) {
    return say(`The alerts cannot be loaded: ${error.message}.`);
  }
  const streams = [...new Set(alerts.map((alert) => alert.stream))].sort();
  // Replays are of other times than live news: on one axis nothing could be read.
  if (!choice.stream) choice.stream = streams.includes("live") ? "live" : (streams[0] ?? "");
  fill(form.elements.stream, streams, choice.stream, "all, on one axis");
  draw();
}

function draw() {
  const ofStream = alerts.filter((alert) => !choice.stream || alert.stream === choice.stream);
  const rules = [...new Set(ofStream.map((alert) => alert.rule))].sort().map((rule) => [rule, title(rule)]);
  fill(form.elements.rule, rules, choice.rule);
  const shown = rows(ofStream.filter((alert) => !choice.rule || alert.rule === choice.rule)).filter((row) => row.steps.length);
  const width = Math.max(280, find("charts").clientWidth);
  const ends = extent(shown);
  find("charts").replaceChildren(...shown.map((row) => chart(row, width, ends)));
  find("summary").textContent = shown.length ? many(shown.length, "row") : "";
  say(shown.length ? "" : "No alert has rung here, so there is nothing to draw.");
}

onChange((changed) => {
  choice = { ...choice, ...changed };
  remember(choice);
  draw();
});
new ResizeObserver(() => alerts.length && draw()).observe(find("charts"));
onNews(load);
load();
