"""Metrics and health of one process over HTTP, from a thread of its own: they answer while the main loop works."""

import errno
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.core.errors import ConfigError, Problem
from services.runtime.metrics import Metrics


@dataclass
class Health:
    """What a process says of itself. ``missing`` is what it still waits for, nothing when it is ready."""

    missing: set[str] = field(default_factory=set)

    def waits_for(self, thing: str) -> None:
        """Makes the process not ready until :meth:`has` names the same thing."""
        self.missing.add(thing)

    def has(self, thing: str) -> None:
        """The thing has come."""
        self.missing.discard(thing)

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


class HealthServer:
    """Serves ``/metrics``, ``/healthz`` (answers while the process lives) and ``/readyz`` (200 only when ready)."""

    def __init__(self, host: str, port: int, *, metrics: Metrics, health: Health) -> None:
        routes: dict[str, Callable[[], tuple[int, str, bytes]]] = {
            "/metrics": lambda: (200, CONTENT_TYPE_LATEST, generate_latest(metrics.registry)),
            "/healthz": lambda: (200, "application/json", b'{"status":"alive"}'),
            "/readyz": lambda: readiness(health),
        }
        try:
            self._server = ThreadingHTTPServer((host, port), _handler(routes))
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
            raise ConfigError((Problem("TOCSIN_HTTP__PORT", f"{host}:{port} {reason}"),)) from error
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def __enter__(self) -> "HealthServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def readiness(health: Health) -> tuple[int, str, bytes]:
    """Status, content type and body of ``/readyz``."""
    body = json.dumps({"status": "ready" if health.ready else "waiting", "missing": sorted(health.missing)})
    return (200 if health.ready else 503), "application/json", body.encode()


def _handler(routes: dict[str, Callable[[], tuple[int, str, bytes]]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            answer = routes.get(self.path.partition("?")[0])
            status, kind, body = answer() if answer else (404, "text/plain", b"not found\n")
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    return Handler
