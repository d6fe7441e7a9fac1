// The connection: keeps a copy of all alerts, tells when it changes and how it stands with the server.

const SILENCE_MS = 35_000; // three heartbeats and a half
const RETRY_MS = 4_000;

/** Follows the alerts. `onChange(alerts, fresh)` gets all of them and the changed one; `onState(state)` the connection. */
export class Live {
  constructor(onChange, onState) {
    this.alerts = new Map();
    this.state = { connection: "connecting", since: new Date(), loaded: false, status: null };
    this.onChange = onChange;
    this.onState = onState;
  }

  start() {
    this.source = new EventSource("/api/v1/stream");
    this.source.addEventListener("status", (event) => this.#status(JSON.parse(event.data)));
    this.source.addEventListener("alert", (event) => this.#alert(JSON.parse(event.data)));
    this.source.addEventListener("reset", () => this.#load());
    this.source.addEventListener("error", () => this.#lost());
    this.#listen();
  }

  #listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.#restart(), SILENCE_MS);
  }

  #restart() {
    this.#connection("lost");
    this.source.close();
    clearTimeout(this.silence);
    setTimeout(() => this.start(), RETRY_MS);
  }

  #lost() {
    this.#connection("lost");
    // The browser tries again by itself, except after an answer that is no stream, such as a proxy's error page.
    if (this.source.readyState === EventSource.CLOSED) this.#restart();
  }

  #connection(name) {
    if (this.state.connection === name) return;
    this.state = { ...this.state, connection: name, since: new Date() };
    this.onState(this.state);
  }

  #status(status) {
    this.#listen();
    const arrived = this.state.connection !== "live";
    this.state = { ...this.state, status };
    this.#connection("live");
    // Loading only now, with the stream open, misses nothing that changes in between.
    if (arrived) this.#load();
    else this.onState(this.state);
  }

  #alert(alert) {
    this.#listen();
    const known = this.alerts.get(alert.alert_id);
    if (known && new Date(alert.changed_at) < new Date(known.changed_at)) return;
    this.alerts.set(alert.alert_id, alert);
    this.onChange(this.alerts, this.state.loaded ? alert : null);
  }

  async #load() {
    try {
      const answer = await fetch("/api/v1/alerts?limit=2000");
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const { items } = await answer.json();
      this.alerts = new Map(items.map((alert) => [alert.alert_id, alert]));
      this.state = { ...this.state, loaded: true };
      this.onState(this.state);
      this.onChange(this.alerts, null);
    } catch {
      this.#restart();
    }
  }
}
