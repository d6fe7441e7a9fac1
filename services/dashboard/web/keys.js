// Keys on every page: to the pages, through a list, to the search; and the list of them, behind the question mark.

import { el } from "./dom.js";

const ITEMS = ".card, .found > li, .row";
const CHORD_MS = 1500;
const PAGES = [...document.querySelectorAll("nav a")].map((link) => [link.textContent.charAt(0).toLowerCase(), link]);

const items = () => [...document.querySelectorAll(ITEMS)];
const current = () => document.activeElement?.closest(ITEMS);

function move(step) {
  const all = items();
  const at = all.indexOf(current());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function search() {
  const field = document.querySelector("input[type=search]");
  if (field) field.focus();
  else location.assign("/events#type");
}

const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => current()?.querySelector("summary")?.click(),
  Enter: () => document.activeElement?.matches(ITEMS) && current().querySelector("figcaption a, .from a, a")?.click(),
  "/": search,
  "?": () => document.getElementById("help").showModal(),
};

let chord = 0;

function press(event) {
  const writes = event.target.matches("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || writes || document.querySelector("dialog[open]")) return;
  const page = Date.now() - chord < CHORD_MS && PAGES.find(([letter]) => letter === event.key);
  chord = event.key === "g" ? Date.now() : 0;
  const act = page ? () => page[1].click() : ACTIONS[event.key];
  if (!act) return;
  if (event.key !== "Enter") event.preventDefault();
  act();
}

const keys = (...names) => names.flatMap((name, index) => [index ? " " : "", el("kbd", {}, name)]);

function help() {
  const rows = [
    [["j"], "next in the list"],
    [["k"], "previous in the list"],
    [["o"], "evidence of an alert, open or shut"],
    [["Enter"], "the source of what is chosen"],
    [["/"], "search"],
    ...PAGES.map(([letter, link]) => [["g", letter], link.textContent]),
    [["+"], "closer, on the map; - farther, arrows move it"],
    [["?"], "this list"],
    [["Esc"], "close it"],
  ];
  const list = el("dl", {}, ...rows.flatMap(([names, words]) => [el("dt", {}, ...keys(...names)), el("dd", {}, words)]));
  const close = el("button", { type: "button" }, "Close");
  const dialog = el("dialog", { id: "help", "aria-labelledby": "help-title" }, el("h2", { id: "help-title" }, "Keys"), list, close);
  close.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  const button = el("button", { type: "button", class: "plain" }, "Keys ", ...keys("?"));
  button.addEventListener("click", ACTIONS["?"]);
  document.getElementById("keys").append(button);
}

help();
document.addEventListener("keydown", press);
