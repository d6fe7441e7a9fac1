// The filters: three choices that live in the address of the page, so that a view can be kept and passed on.

import { group, plain, title } from "./words.js";

const NAMES = ["stream", "rule", "state"];
const OVER = new Set(["resolved", "retracted"]);
const STATES = ["active", "over", "firing", "escalated", "deescalated", "resolved", "retracted"];
const STATE_WORDS = { active: "all that ring", over: "all that are over" };

/** Whether the alert still rings. */
export const rings = (alert) => !OVER.has(alert.state);

/** The choices in an address's query; an empty string lets any pass. */
export function chosen(query) {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries(NAMES.map((name) => [name, parameters.get(name) ?? ""]));
}

/** The query for choices. */
export function query(choice) {
  const parameters = new URLSearchParams(Object.entries(choice).filter(([, value]) => value));
  return parameters.size ? `?${parameters}` : "";
}

/** Whether an alert passes. */
export function passes(alert, choice) {
  const state = { active: rings(alert), over: !rings(alert) }[choice.state] ?? (!choice.state || choice.state === alert.state);
  return state && (!choice.stream || choice.stream === alert.stream) && (!choice.rule || choice.rule === alert.rule);
}

/** Fills the form's lists with what there is, and sets them to the choices. */
export function offer(form, alerts, streams, choice) {
  const all = [...alerts];
  const known = {
    stream: new Set([...streams, ...all.map((alert) => alert.stream)]),
    rule: new Set(all.map((alert) => alert.rule)),
    state: new Set(STATES),
  };
  for (const name of NAMES) {
    if (choice[name]) known[name].add(choice[name]);
    const values = name === "state" ? STATES : [...known[name]].sort();
    fill(form.elements[name], values, choice[name]);
  }
}

function fill(select, values, value) {
  const offered = [...select.options].map((option) => option.value).join("\n");
  if (!select.options.length || offered !== ["", ...values].join("\n")) {
    select.replaceChildren(...["", ...values].map((each) => new Option(label(select.name, each), each)));
  }
  select.value = value;
}

function label(name, value) {
  if (!value) return "all";
  if (name === "state") return STATE_WORDS[value] ?? plain(value);
  return name === "rule" ? title(value) : value;
}

/** One alert as a line of text, for those who hear the page. */
export const spoken = (alert) => `${alert.severity} alert, ${alert.state}: ${title(alert.rule)} ${group(alert.group)}`;
