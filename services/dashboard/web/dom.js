// Elements made without markup: text only ever becomes text, so nothing in an article can act on this page.

/** An element with attributes and children; children that are null, undefined or false are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A link to a page of the web; plain text where the address is anything else, such as `javascript:`. */
export function outLink(url, ...children) {
  const safe = /^https?:\/\//i.test(url ?? "");
  return safe ? el("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, ...children) : el("span", {}, ...children);
}

/** The text with its first occurrence of `part` marked. */
export function marked(text, part) {
  const at = part ? text.indexOf(part) : -1;
  if (at < 0) return [text];
  return [text.slice(0, at), el("mark", {}, part), text.slice(at + part.length)];
}

/** The parts that there are, with dots between them. */
export function separated(parts) {
  return parts.filter(Boolean).flatMap((part, index) => (index ? [" · ", part] : [part]));
}

/** An element of a drawing. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
