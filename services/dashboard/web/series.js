// What a rule counted over time, out of the evidence of its alerts. Nothing here touches the page.

/** One row for each rule, stream and group: its alerts, what counted in them, and the count over time. */
export function rows(alerts) {
  const found = new Map();
  for (const alert of alerts) {
    const key = [alert.rule, alert.stream, alert.group].join("|");
    const row = found.get(key) ?? { key, rule: alert.rule, stream: alert.stream, group: alert.group, alerts: [], counted: new Map() };
    row.alerts.push(alert);
    for (const each of alert.evidence) if (each.verdict === "counted") row.counted.set(`${each.article_id}|${each.start}|${each.trigger}`, each);
    found.set(key, row);
  }
  return [...found.values()].map(finished).sort((a, b) => b.last - a.last);
}

function finished(row) {
  const newest = row.alerts.reduce((a, b) => (Date.parse(b.changed_at) >= Date.parse(a.changed_at) ? b : a));
  const length = Date.parse(newest.window.end) - Date.parse(newest.window.start);
  const counted = [...row.counted.values()].sort((a, b) => Date.parse(a.published) - Date.parse(b.published));
  return {
    ...row,
    counted,
    threshold: newest.threshold,
    last: Date.parse(newest.changed_at),
    steps: steps(counted.map((each) => Date.parse(each.published)), length),
  };
}

/** The count from each moment on at which it changes: up when something is published, down when it leaves the window. */
export function steps(moments, length) {
  const changes = moments.flatMap((at) => [[at, 1], [at + length, -1]]).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  let count = 0;
  return changes.map(([at, by]) => ({ at, count: (count += by) }));
}

/** The first and the last moment of all rows. */
export function extent(all) {
  const moments = all.flatMap((row) => row.steps.map((step) => step.at));
  return [Math.min(...moments), Math.max(...moments)];
}
