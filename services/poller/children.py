"""Processes for work on what strangers sent: started when first needed, ended when a job takes too long."""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import Any, Generic, TypeVar

from services.core.feed_state import Result
from services.poller.answer import Failure
from services.poller.child import LENGTH_BYTES, framed

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class Children(Generic[Asked, Told]):
    """A few child processes that run a module of ours which calls :func:`services.poller.child.work`."""

    def __init__(self, module: str, *, processes: int, seconds: float, what: str) -> None:
        """Starts none yet.

        Args:
            module: the full name of the module.
            processes: most that live at once.
            seconds: longest time of one job.
            what: the work, for reasons: "takes more than 3 s to ``what``".
        """
        self._command = (sys.executable, "-m", module)
        self._seconds = seconds
        self._what = what
        self._running: set[Process] = set()
        self._idle: asyncio.Queue[Process | None] = asyncio.Queue()
        for _ in range(processes):
            self._idle.put_nowait(None)

    async def do(self, job: Asked, *, keep: bool = True) -> Told | Failure:
        """The result of the job, or why there is none. Waits its turn.

        ``keep`` is false for a job after which the process is to be ended, since it keeps the memory.
        """
        process = await self._idle.get()
        kept = None
        result: Told | Failure
        try:
            process = process or await self._started()
            async with asyncio.timeout(self._seconds):
                result = await _asked(process, job)
            kept = process if keep else None
        except TimeoutError:
            result = Failure(Result.TOO_LARGE, f"takes more than {self._seconds:g} s to {self._what}")
        except (asyncio.IncompleteReadError, ConnectionError):
            result = Failure(Result.TOO_LARGE, f"ended the process that was to {self._what} it")
        finally:
            if process and not kept:
                await self._end(process)
            self._idle.put_nowait(kept)
        return result

    async def close(self) -> None:
        """Ends all processes."""
        await asyncio.gather(*map(self._end, tuple(self._running)))

    async def _started(self) -> Process:
        process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE)
        self._running.add(process)
        assert process.stdout is not None  # noqa: S101 -- for mypy: it is a pipe
        # Its imports take half a second, on a busy machine many: that is not the time of the job.
        await process.stdout.readexactly(LENGTH_BYTES)
        return process

    async def _end(self, process: Process) -> None:
        self._running.discard(process)
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()  # reads the pipes to their end, else they are closed only after the event loop


async def _asked(process: Process, job: object) -> Any:
    assert process.stdin is not None  # noqa: S101 -- for mypy: both are pipes
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(framed(job))
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES), "big")
    return pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 -- our own child's
