// The paragraph around a sentence: asked for once the sentence is seen.

import { ask } from "./choice.js";
import { el, marked } from "./dom.js";

const wanted = new WeakMap();
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    fetchAround(target, wanted.get(target)).catch(() => {}); // the sentence stays, alone
  }
});

/** Puts what stands before and after a sentence of an article around it, in the quotation that shows it. */
export function surround(quotation, evidence) {
  wanted.set(quotation, evidence);
  seen.observe(quotation);
}

async function fetchAround(quotation, { article_id: article, start, end, sentence, trigger }) {
  const around = await ask(`/api/v1/paragraph?${new URLSearchParams({ article, start, end })}`);
  // The article may have changed since: then its text is another one.
  if (around.sentence !== sentence || !(around.before || around.after)) return;
  quotation.replaceChildren(
    el("span", { class: "around" }, around.before),
    el("span", { class: "rang" }, ...marked(sentence, trigger)),
    el("span", { class: "around" }, around.after),
  );
}
