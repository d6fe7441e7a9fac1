// Why an alert rang (?alert=), or why a rule did not ring for a group at a time (?rule=&group=&stream=&at=).

import { ask, chosen, fill, remember } from "./choice.js";
import { el, marked, outLink, separated } from "./dom.js";
import { form, onChange, say } from "./form.js";
import { articlePage, dayAndTime, group, many, plain, title } from "./words.js";

const NAMES = ["rule", "group", "stream", "at"];
const find = (id) => document.getElementById(id);

let choice = chosen(NAMES);

async function start() {
  const alert = new URLSearchParams(location.search).get("alert");
  form.hidden = Boolean(alert);
  try {
    if (alert) showWhy(await ask(`/api/v1/explain/${encodeURIComponent(alert)}`));
    else await offer();
  } catch (error) {
    sayWhatFailed(error);
  }
}

async function offer() {
  const [{ items }, { streams }] = await Promise.all([ask("/api/v1/rules"), ask("/api/v1/status")]);
  const rules = items.filter(({ rule }) => rule).map(({ name }) => [name, title(name)]);
  if (!rules.length) return say("The rules file cannot be read here, so there is nothing to ask about.");
  choice.rule ||= rules[0][0];
  choice.stream ||= streams.includes("live") || !streams.length ? "live" : streams[0];
  only(form.elements.rule, rules, choice.rule);
  only(form.elements.stream, [...new Set(["live", ...streams])].map((name) => [name, name === "live" ? name : `replay ${name}`]), choice.stream);
  await answer();
}

/** A list in which something is always chosen. */
function only(select, pairs, value) {
  fill(select, pairs, value);
  for (const option of [...select.options]) if (option.value === "" && value !== "") option.remove();
  select.value = value;
}

async function answer() {
  const pairs = NAMES.filter((name) => choice[name]).map((name) => [name, choice[name]]);
  showWhyNot(await ask(`/api/v1/explain?${new URLSearchParams(pairs)}`));
}

function showWhy({ alert, summary, rule, steps, sorts }) {
  const life = el("ol", { class: "life" }, ...steps.map((step) => el("li", {}, `${plain(step.state)}, ${step.severity}: ${when(step.changed_at)}`)));
  show(heading(alert.rule, alert.group, alert.stream, true), rule ?? "The rule has changed since, or is no longer in the rules file.", [
    summary,
    " ",
    el("a", { href: `/#alert-${encodeURIComponent(alert.alert_id)}` }, "The alert"),
  ]);
  find("parts").replaceChildren(
    el("h3", {}, "Its life"),
    life,
    ...sorts.flatMap(({ verdict, meaning, evidence }) => [
      el("h3", {}, `${many(evidence.length, "sentence")} ${evidence.length === 1 ? meaning.replace(/^(tell|repeat|do|are)\b/, one) : meaning}`),
      el("ol", { class: "found" }, ...evidence.map((each) => sentence({ ...each, counts: verdict === "counted" }))),
    ]),
  );
}

const one = (verb) => ({ tell: "tells", repeat: "repeats", do: "does", are: "is" })[verb];

function showWhyNot(told) {
  const { answer: found } = told;
  choice = { ...choice, group: found.group, at: found.window.end };
  remember(choice);
  only(form.elements.group, told.groups.map((name) => [name, group(name) || "everything"]), found.group);
  form.elements.at.value = local(new Date(found.window.end));
  const rang = told.alert_id && el("a", { href: `/why?alert=${encodeURIComponent(told.alert_id)}` }, "See why it rang");
  show(heading(found.rule, found.group, found.stream, told.alert_id), `${told.in_words} The window reaches from ${when(found.window.start)} to ${when(found.window.end)}.`, [told.summary, " ", rang]);
  const missed = found.passed_by_in_all - found.passed_by.length;
  find("parts").replaceChildren(
    ...section("What met the rule", found.evidence.map((each) => sentence({ ...each, counts: each.verdict === "counted" }))),
    ...section("What happened there, but is not what the rule looks for", found.passed_by.map((each) => sentence({ ...each, counts: false, reason: each.lacked.join("; ") }))),
    missed > 0 ? el("p", { class: "about" }, `and ${many(missed, "event")} more`) : "",
  );
}

function section(words, items) {
  return items.length ? [el("h3", {}, words), el("ol", { class: "found" }, ...items)] : [];
}

function sentence(each) {
  return el(
    "li",
    { "data-counts": String(each.counts) },
    el("p", { class: "because" }, each.counts ? el("strong", {}, "counted") : "not counted", `: ${each.reason}`),
    el("blockquote", {}, ...marked(each.sentence, each.trigger)),
    el(
      "p",
      { class: "from" },
      ...separated([
        each.article_id && el("a", { href: articlePage(each.article_id, each.event_id) }, each.title || "untitled"),
        each.url && outLink(each.url, each.outlet),
        each.published && when(each.published),
        el("span", { class: "modality", "data-modality": each.modality }, plain(each.modality)),
      ]),
    ),
  );
}

function heading(rule, of, stream, rang) {
  const where = group(of);
  return `Why ${title(rule)}${where ? ` for ${where}` : ""} ${rang ? "rang" : "did not ring"}${stream === "live" ? "" : ` (replay ${stream})`}`;
}

function show(heading, about, sum) {
  find("title").textContent = heading;
  find("about").textContent = about;
  find("sum").replaceChildren(...sum.filter(Boolean));
  document.title = `${heading} · Tocsin`;
  find("answer").hidden = false;
  say("");
}

function sayWhatFailed(error) {
  find("answer").hidden = true;
  say(`There is no answer: ${error.message}.`);
}

const when = (moment) => dayAndTime(new Date(moment), new Date());
const local = (then) => new Date(then - then.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

onChange((changed) => {
  choice = { ...choice, ...changed };
  if (changed.at) choice.at = new Date(changed.at).toISOString();
  // Another rule or stream has other groups and another time.
  if ("rule" in changed || "stream" in changed) choice = { ...choice, group: "", at: "" };
  answer().catch(sayWhatFailed);
});
start();
