// What is chosen in a form, kept in the address of the page.

/** The values of these names in the address; an empty string where there is none. */
export function chosen(names) {
  const parameters = new URLSearchParams(location.search);
  return Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? ""]));
}

/** Puts the values into the address, those that are not empty. */
export function remember(choice) {
  const parameters = new URLSearchParams(Object.entries(choice).filter(([, value]) => value));
  history.replaceState(null, "", location.pathname + (parameters.size ? `?${parameters}` : ""));
}

/** Fills a list with values, or pairs of value and words, behind an entry for all; and chooses one. */
export function fill(select, values, value, all = "all") {
  const pairs = values.map((each) => (Array.isArray(each) ? each : [each, each.replaceAll("_", " ")]));
  if (!pairs.some(([each]) => each === "")) pairs.unshift(["", all]);
  if (!pairs.some(([each]) => each === value)) pairs.push([value, value]);
  const same = select.options.length === pairs.length && pairs.every(([each], at) => select.options[at].value === each);
  if (!same) select.replaceChildren(...pairs.map(([each, words]) => new Option(words, each)));
  select.value = value;
}

/** The answer to a question to the API, or an error that says what is wrong. */
export async function ask(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? `HTTP ${answer.status}`);
  return answer.json();
}

export const TYPES = [
  "Battles",
  "Explosions/Remote violence",
  "Violence against civilians",
  "Protests",
  "Riots",
  "Strategic developments",
  "Armed clash",
  "Air/drone strike",
  "Shelling/artillery/missile attack",
  "Agreement",
  "Disrupted weapons use",
];
