// Bars of events by day, on which days can be chosen by drawing across them.

import { svg } from "./dom.js";

const DAY = 86_400_000;
const WIDTH = 1000;
const HEIGHT = 90;
const FEWEST = 14; // days shown at least, so that a single day is not a wall

const dayOf = (text) => Date.parse(`${text}T00:00Z`);
const textOf = (moment) => new Date(moment).toISOString().slice(0, 10);

/**
 * Draws the bars and lets days be chosen.
 * `bars` maps a day such as 2020-10-03 to a count; `chosen` has `since` and `until`, both included or empty;
 * `onChoose(since, until)` is called when somebody has drawn.
 */
export function drawDays(figure, bars, chosen, onChoose) {
  figure.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  figure.setAttribute("preserveAspectRatio", "none");
  const days = [...bars.keys()].sort();
  if (!days.length) return figure.replaceChildren();
  const last = dayOf(days.at(-1)) + DAY;
  const first = Math.min(dayOf(days[0]), last - FEWEST * DAY);
  const step = WIDTH / ((last - first) / DAY);
  const highest = Math.max(...bars.values());
  const x = (moment) => ((moment - first) / DAY) * step;
  const within = (day) => (!chosen.since || day >= chosen.since) && (!chosen.until || day <= chosen.until);
  const rectangles = days.map((day) => {
    const height = Math.max(2, (bars.get(day) / highest) * (HEIGHT - 6));
    const place = { x: x(dayOf(day)) + step * 0.08, y: HEIGHT - height, width: step * 0.84, height };
    return svg("rect", { ...place, class: within(day) ? "bar" : "bar out" }, svg("title", {}, `${day}: ${bars.get(day)}`));
  });
  figure.replaceChildren(...rectangles);
  figure.onpointerdown = (event) => drawAcross(figure, event, (a, b) => onChoose(textOf(first + a * (last - first)), textOf(first + b * (last - first))));
}

/** Follows a pointer; `done(from, to)` gets the two ends as parts of the width, from left to right. */
function drawAcross(figure, start, done) {
  const { left, width } = figure.getBoundingClientRect();
  const part = (event) => Math.min(0.999_999, Math.max(0, (event.clientX - left) / width));
  const from = part(start);
  const band = svg("rect", { class: "band", y: 0, height: HEIGHT, x: from * WIDTH, width: 0 });
  figure.append(band);
  figure.setPointerCapture(start.pointerId);
  figure.onpointermove = (event) => {
    band.setAttribute("x", Math.min(from, part(event)) * WIDTH);
    band.setAttribute("width", Math.abs(part(event) - from) * WIDTH);
  };
  figure.onpointerup = (event) => {
    figure.onpointermove = figure.onpointerup = null;
    band.remove();
    done(Math.min(from, part(event)), Math.max(from, part(event)));
  };
}
