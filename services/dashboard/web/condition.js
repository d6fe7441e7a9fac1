// A rule's condition in words.

import { countryName } from "./countries.js";
import { plain } from "./words.js";

const country = (code) => countryName(code) ?? code;
const quoted = (texts, link) => texts.map((text) => `“${text.replace(/^"(.*)"$/, "$1")}”`).join(link);
const listed = (before, entries) => entries?.length && `${before} ${entries.join(", ")}`;
const atLeast = (count, what) => count > 0 && `at least ${count} ${what}`;

export function told(when) {
  const parts = [
    [...when.event_types, ...when.sub_event_types, ...when.plover].join(", "),
    listed("CAMEO", when.cameo),
    when.flags.map(plain).join(" and "),
    listed("ceasefire", when.ceasefire.map(plain)),
    words(when.keywords),
    quoted(when.phrases, ", "),
    listed("in", when.countries.map(country)),
    listed("at", when.places.map(place)),
    listed("by", when.actors),
    listed("against", when.targets),
    listed("from", [...when.sources, ...when.outlets]),
    listed("in the language", when.languages),
    listed("told as", when.modalities.map(plain)),
    when.min_confidence > 0 && `confidence from ${when.min_confidence}`,
    atLeast(when.min_killed, "killed"),
    atLeast(when.min_wounded, "wounded"),
    atLeast(when.min_casualties, "killed or wounded"),
    nested("all of", when.all),
    nested("any of", when.any),
    nested("none of", when.not),
  ];
  return parts.filter(Boolean).join("; ");
}

const nested = (before, conditions) => conditions.length && `${before} (${conditions.map(told).join(") (")})`;

function words(keywords) {
  if (!keywords || Array.isArray(keywords)) return keywords && quoted(keywords, ", ");
  const { any, all, none, near } = keywords;
  return [
    quoted(any, ", "),
    quoted(all, " and "),
    none.length && `not ${quoted(none, ", ")}`,
    near && `${quoted(near.words, " and ")} within ${near.within} words`,
  ]
    .filter(Boolean)
    .join("; ");
}

function place({ country: code, name, admin, near, bbox }) {
  return [
    name,
    admin,
    near && `${near.km} km around ${near.lat}, ${near.lon}`,
    bbox && `between ${bbox.join(", ")}`,
    code && country(code),
  ]
    .filter(Boolean)
    .join(", ");
}
