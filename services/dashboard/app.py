"""The dashboard's process: one task follows the topics, one serves what is shown."""

import asyncio
import contextlib
import errno
import logging
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from functools import partial

import uvicorn
from fastapi import FastAPI

from services.core.answer import Answering
from services.core.errors import ConfigError, Problem
from services.dashboard.api import dashboard_app
from services.dashboard.reader import follow, probe
from services.dashboard.shown import Shown
from services.dashboard.silence_routes import Silencing
from services.dashboard.store import Store
from services.runtime.logs import logger
from services.runtime.rulesfile import RulesFile
from services.runtime.settings import Settings
from services.runtime.silences import write_silence
from services.runtime.stage import PORTS, Stage, run_stage

_GRACE_SECONDS = 3


def main(settings: Settings, *, answering: Answering, rebuild: bool = False) -> int:
    """Runs the dashboard until it is told to stop.

    Args:
        settings: all settings.
        answering: says why a rule did not ring.
        rebuild: make the store anew from what Kafka holds.

    Returns:
        The exit code, as :func:`run_stage` has it.

    Raises:
        ConfigError: its address cannot be listened on.
    """
    port = settings.http.port if settings.http.port is not None else PORTS["dashboard"]
    with listening(settings.http.host, port) as listener:
        body = partial(serve, listener=listener, answering=answering, rebuild=rebuild)
        return run_stage("dashboard", settings, body, own_http=True)


async def serve(stage: Stage, *, listener: socket.socket, answering: Answering, rebuild: bool = False) -> None:
    """The dashboard's body.

    Args:
        stage: its settings and the edge.
        listener: the bound socket that the page is served on.
        answering: says why a rule did not ring.
        rebuild: make the store anew.
    """
    host, port = listener.getsockname()[:2]
    with _store(stage.settings, port, rebuild=rebuild) as store:
        shown = Shown(secrets.token_hex(4), store, stage.now)
        # A dashboard on another machine may not have the rules: then it says so, and goes on.
        file = RulesFile(stage)
        file.look(at_once=True)
        app = dashboard_app(
            shown,
            metrics=stage.metrics,
            health=stage.health,
            answering=answering,
            rules=file.in_force,
            silencing=Silencing(partial(write_silence, stage.broker, stage.topics), file.in_force),
            settings=stage.settings.dashboard,
        )
        watching = asyncio.create_task(file.keep())
        async with serving(app, listener):
            logger(__name__).info("listening", host=host, port=port)
            try:
                await _until_stopped(stage, shown)
            finally:
                watching.cancel()
                shown.changes.close()


def _store(settings: Settings, port: int, *, rebuild: bool) -> Store:
    """The store. It is kept where a later start can use it: not of a cluster that ends with us, nor of any port."""
    # The port is ours alone on this machine, so the file of this name is too.
    path = settings.state_dir / f"dashboard-{port}.sqlite"
    keep = not settings.embedded and settings.http.port != 0
    return Store(path, origin=f"{settings.topics.prefix} of {settings.kafka}", keep=keep, rebuild=rebuild)


async def _until_stopped(stage: Stage, shown: Shown) -> None:
    """Reads until told to stop; a reader that waits for Kafka at that moment is not waited for."""
    reading = asyncio.create_task(follow(stage, shown))
    probing = asyncio.create_task(probe(stage))
    stopping = asyncio.create_task(stage.stop.wait())
    try:
        await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({reading}, timeout=_GRACE_SECONDS)
        # While no broker answers, aiokafka's consumer ends its own closing with a cancellation: no failure of ours.
        if reading.done() and not (reading.cancelled() and stage.stop.is_set()):
            reading.result()
    finally:
        for task in (reading, probing, stopping):
            task.cancel()
        await asyncio.gather(reading, probing, stopping, return_exceptions=True)


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket for the page.

    Raises:
        ConfigError: the address is taken, or not one of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        listener = socket.create_server(found[0][4][:2], family=found[0][0], backlog=128)
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        raise ConfigError((Problem("TOCSIN_HTTP__PORT", f"{host}:{port} {reason}"),)) from error
    with listener:
        yield listener


class _Server(uvicorn.Server):
    """Leaves signals to the stage, which knows what else has to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: FastAPI, listener: socket.socket) -> AsyncIterator[None]:
    """Serves the app on the socket for as long as the block lasts, inside the running loop."""
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        proxy_headers=False,  # uvicorn would believe whoever connects from this machine
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
