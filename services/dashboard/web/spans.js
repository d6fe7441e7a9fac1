// Where an article's text is cut, so that sentences and triggers of its events can be marked in it.

/**
 * The text in pieces. Offsets of events count characters (code points), as the server does, not UTF-16 units.
 * Each piece has its text, the events whose sentence it is part of, and those whose trigger it is part of.
 */
export function pieces(text, events) {
  const characters = [...text];
  const cuts = new Set([0, characters.length]);
  for (const { sentence, trigger } of events) for (const at of [sentence.start, sentence.end, trigger.start, trigger.end]) cuts.add(at);
  const points = [...cuts].filter((at) => at >= 0 && at <= characters.length).sort((a, b) => a - b);
  return points.slice(1).map((end, index) => {
    const start = points[index];
    const within = (span) => span.start <= start && end <= span.end;
    return {
      text: characters.slice(start, end).join(""),
      sentences: events.filter((event) => within(event.sentence)),
      triggers: events.filter((event) => within(event.trigger)),
    };
  });
}
