// What a rule looks for, in words: one sentence for each kind.

import { told } from "./condition.js";

const KINDS = {
  threshold: ({ count, window }) => `Counts ${count} within ${window}`,
  spike: ({ count, window, spike }) =>
    `Compares the ${count} within ${window} with those at the same ${hours(spike)} before`,
  cardinality: ({ window, cardinality }) => `Counts distinct ${cardinality?.of ?? "outlets"} within ${window}`,
  new_term: ({ window, new_term: term }) =>
    `Counts ${term?.of ?? "places"} within ${window} that were not seen for ${term?.unseen ?? "30d"}`,
  flatline: ({ window }) => `Counts how many times ${window} have passed since anything matched`,
  sequence: ({ count, window, sequence }) =>
    `Counts ${count} within ${window} that followed within ${sequence.within}: ${told(sequence.first)}`,
};

const hours = (spike) => (spike?.baseline === "hour" ? "hours of the days" : "weekday of the weeks");

export function counted(rule) {
  const steps = Object.entries(rule.severities).map(([severity, from]) => `${severity} from ${from}`);
  const by = rule.group_by === "none" ? "" : `, for each ${rule.group_by} by itself`;
  return `${KINDS[rule.kind](rule)}${by}: ${steps.join(", ")}.`;
}
