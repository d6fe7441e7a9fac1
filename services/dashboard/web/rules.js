// The rules: what each watches for, in words, and how much of it rings.

import { ask } from "./choice.js";
import { told } from "./condition.js";
import { onNews } from "./connection.js";
import { el, separated } from "./dom.js";
import { counted } from "./kinds.js";
import { ago, many, title } from "./words.js";

const find = (id) => document.getElementById(id);

function item({ name, rule, ringing, over, changed_at: changed }) {
  const query = new URLSearchParams({ rule: name });
  const links = [
    ringing ? el("strong", {}, `${many(ringing, "alert")} ringing`) : "nothing rings",
    `${over} over`,
    changed && `last change ${ago(new Date(changed), new Date())}`,
    el("a", { href: `/?${query}` }, "alerts"),
    el("a", { href: `/timeline?${query}` }, "timeline"),
    rule && el("a", { href: `/why?${query}` }, "why does it not ring?"),
    el("a", { href: `/feeds/alerts.atom?${query}` }, "Atom feed"),
  ];
  return el(
    "li",
    {},
    el("h2", {}, title(name)),
    el("p", {}, rule ? rule.description : "No longer in the rules file."),
    rule && el("p", { class: "from" }, `Watches for ${told(rule.when)}. ${counted(rule)}`),
    el("p", { class: "now" }, ...separated(links)),
  );
}

const load = () =>
  ask("/api/v1/rules")
    .then(({ items, problems }) => {
      find("problems").hidden = problems.length === 0;
      find("problems").querySelector("ul").replaceChildren(...problems.map((problem) => el("li", {}, problem)));
      find("rules").replaceChildren(...items.map(item));
      find("empty").hidden = items.length > 0;
      find("empty-words").textContent = "The rules file cannot be read here; the alerts are shown all the same.";
    })
    .catch((error) => {
      find("empty-words").textContent = `The rules cannot be loaded: ${error.message}.`;
    });

onNews(load);
load();
