"""Services and a supervisor for tests, as processes: ``python -m tests.runtime.programs NAME [ARGUMENT]``."""

import asyncio
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from services.core.errors import BrokerError
from services.runtime.sections import HttpSettings, LogSettings
from services.runtime.settings import Settings
from services.runtime.stage import Limits, Stage, run_stage
from services.runtime.supervisor import EmbeddedCluster, Program, Supervisor

LIMITS = Limits(stop=1.0, stuck=1.5)


async def waits(stage: Stage) -> None:
    """A well-behaved service."""
    stage.health.has("kafka")
    await stage.stop.wait()


async def ends(_: Stage) -> None:
    """Is done at once."""


async def loses_kafka(_: Stage) -> None:
    """Kafka fails it."""
    raise BrokerError("nobody answers")


async def breaks(_: Stage) -> None:
    """Has a bug."""
    raise ValueError("a bug")


async def blocks(_: Stage) -> None:
    """Holds up the main loop."""
    time.sleep(60)  # noqa: ASYNC251 -- that is the point


async def ignores_the_stop(_: Stage) -> None:
    """Goes on whatever it is told."""
    await asyncio.sleep(60)


async def hangs_in_its_cleanup(_: Stage) -> None:
    """Cannot even be cancelled, as a Faust app that waits for an event nobody acknowledges."""
    while True:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)


async def hangs_in_a_thread(stage: Stage) -> None:
    """Stops, but leaves work in a thread that the interpreter would wait for."""
    working = asyncio.create_task(asyncio.to_thread(time.sleep, 60))
    await stage.stop.wait()
    working.cancel()


BODIES = {
    body.__name__: body
    for body in (
        waits,
        ends,
        loses_kafka,
        breaks,
        blocks,
        ignores_the_stop,
        hangs_in_its_cleanup,
        hangs_in_a_thread,
    )
}


async def supervises(folder: Path) -> None:
    """Keeps one child and an embedded cluster running; prints their process ids."""
    child = Program("child", ["sleep", "60"], os.environ, folder / "child.log")
    cluster = EmbeddedCluster(folder / "kafka.log")
    async with cluster as address, Supervisor() as supervisor:
        supervisor.start(child)
        while not supervisor.pid("child"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        print(address, supervisor.pid("child"), cluster.pid, flush=True)  # noqa: T201 -- the test reads it
        await asyncio.sleep(60)


def main(name: str, *arguments: str) -> int:
    """Runs one of them."""
    if name == "supervises":
        asyncio.run(supervises(Path(arguments[0])))
        return 0
    port = int(arguments[0]) if arguments else 0
    settings = Settings(kafka="127.0.0.1:9", http=HttpSettings(port=port), log=LogSettings(format="json"))
    return run_stage("poller", settings, BODIES[name], limits=LIMITS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
