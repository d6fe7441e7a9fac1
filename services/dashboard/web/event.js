// One event as an item of a list.

import { el, outLink, separated } from "./dom.js";
import { articlePage, dayAndTime, kindOf, plain } from "./words.js";

/** An event of the GeoJSON feed, as an item of a list. */
export function told(event) {
  const then = new Date(event.published);
  return el(
    "li",
    {},
    el(
      "p",
      { class: "kind" },
      ...separated([
        el("strong", {}, kindOf(event)),
        el("span", { class: "modality", "data-modality": event.modality }, plain(event.modality)),
        event.date,
      ]),
    ),
    el("blockquote", {}, event.sentence),
    el(
      "p",
      { class: "from" },
      ...separated([
        el("a", { href: articlePage(event.article_id, event.id) }, event.title || "untitled"),
        outLink(event.url, event.outlet),
        el("time", { datetime: event.published }, dayAndTime(then, new Date())),
      ]),
    ),
  );
}
