// Moving among the alerts by keys, as mail and feed readers have it.

import { el } from "./dom.js";

const cards = () => [...document.querySelectorAll(".card")];
const current = () => document.activeElement?.closest(".card");

function move(step) {
  const all = cards();
  const at = all.indexOf(current());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => current()?.querySelector("summary")?.click(),
  Enter: () => document.activeElement?.matches(".card") && current().querySelector("figcaption a")?.click(),
};

/** Listens for the keys, except where somebody writes or chooses, and says in `hint` what they do. */
export function moveByKeys(hint) {
  const key = (name) => el("kbd", {}, name);
  hint.append(key("j"), " ", key("k"), " next and previous alert, ", key("o"), " its evidence, ", key("Enter"), " its source.");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    ACTIONS[event.key]?.();
  });
}
