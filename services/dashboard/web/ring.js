// Desktop notifications, for those who want them: the choice is kept in this browser.

import { group, title } from "./words.js";

const KEY = "tocsin-notify";
const RINGING = new Set(["firing", "escalated"]);

const able = () => "Notification" in window && window.isSecureContext;
const wanted = () => able() && localStorage.getItem(KEY) === "1" && Notification.permission === "granted";

/** Makes a button that turns notifications on and off; where the browser has none it stays hidden. */
export function offerToNotify(button) {
  button.hidden = !able();
  show(button);
  button.addEventListener("click", async () => {
    if (wanted()) localStorage.removeItem(KEY);
    else if ((await Notification.requestPermission()) === "granted") localStorage.setItem(KEY, "1");
    show(button);
  });
}

function show(button) {
  button.setAttribute("aria-pressed", wanted());
  button.textContent = able() && Notification.permission === "denied" ? "Notifications are blocked" : "Notify me";
}

/** Notifies of an alert that began to ring or rings harder; never of one that ends, and of each change once. */
export function notify(alert, sentence) {
  if (!wanted() || !RINGING.has(alert.state)) return;
  const heading = `${alert.severity}: ${title(alert.rule)} ${group(alert.group)}`;
  const shown = new Notification(heading, { body: sentence, tag: `${alert.alert_id} ${alert.state} ${alert.changed_at}` });
  shown.addEventListener("click", () => {
    window.focus();
    location.hash = `alert-${alert.alert_id}`;
  });
}
