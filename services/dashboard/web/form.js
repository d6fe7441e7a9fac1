// The form of a page, and the words in place of what it shows.

export const form = document.getElementById("filters");

/** Calls back with the name and the value of whatever is changed in the form. */
export function onChange(change) {
  form.addEventListener("change", ({ target }) => change({ [target.name]: target.type === "checkbox" ? (target.checked ? "1" : "") : target.value }));
  form.addEventListener("submit", (event) => event.preventDefault());
}

/** Says why there is nothing to show; without words there is something. */
export function say(words) {
  document.getElementById("empty").hidden = !words;
  if (words) document.getElementById("empty-words").textContent = words;
}
