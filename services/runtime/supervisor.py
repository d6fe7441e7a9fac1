"""Child processes kept alive: started, watched, started again with growing pauses, stopped cleanly."""

import asyncio
import ctypes
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from services.core.errors import BrokerError
from services.runtime.logs import logger

_HEALTHY_SECONDS = 60.0
_TAIL_BYTES = 64_000
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

EMBEDDED = (sys.executable, "-m", "services.runtime.embedded")
"""The command that runs the embedded cluster."""


@dataclass(frozen=True)
class Program:
    """A child process: what runs, in which environment, and where its output goes."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    log: Path


class Supervisor:
    """Keeps programs running until it is closed. Use it as an asynchronous context manager.

    ``failures`` counts how often each program has ended by itself.
    """

    def __init__(self, *, first_pause: float = 0.5, longest_pause: float = 30.0, stop_seconds: float = 12.0) -> None:
        """How long to wait, in seconds.

        Args:
            first_pause: before a program that ended is started again; doubles with each further end.
            longest_pause: what the pause does not grow beyond.
            stop_seconds: for a program to end when it is told to, before it is killed.
        """
        self._pauses = (first_pause, longest_pause)
        self._stop_seconds = stop_seconds
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._closing = asyncio.Event()
        self.failures: Counter[str] = Counter()

    async def __aenter__(self) -> "Supervisor":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stops all programs at once, the ones that do not listen by force."""
        self._closing.set()
        for process in self._running.values():
            _signal(process, signal.SIGTERM)
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=self._stop_seconds)
        for name, process in list(self._running.items()):
            logger(__name__).error("did not stop in time; killed", program=name)
            _signal(process, signal.SIGKILL)
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def start(self, program: Program) -> None:
        """Starts a program, and again whenever it ends."""
        self._tasks[program.name] = asyncio.create_task(self._keep(program), name=program.name)

    def pid(self, name: str) -> int | None:
        """The process id of a running program."""
        process = self._running.get(name)
        return process.pid if process else None

    async def _keep(self, program: Program) -> None:
        first, longest = self._pauses
        pause = first
        while not self._closing.is_set():
            started = time.monotonic()
            code = await self._run(program)
            if self._closing.is_set():
                return
            self.failures[program.name] += 1
            pause = first if time.monotonic() - started > _HEALTHY_SECONDS else pause
            logger(__name__).error(
                "a service ended; starting it again",
                program=program.name,
                code=code,
                seconds=pause,
                log=str(program.log),
                last=last_words(program.log),
            )
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), pause)
            pause = min(pause * 2, longest)

    async def _run(self, program: Program) -> int:
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *program.argv,
                env=dict(program.environment),
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops all in order
            )
        self._running[program.name] = process
        if self._closing.is_set():  # while it was being started
            _signal(process, signal.SIGTERM)
        try:
            return await process.wait()
        finally:
            del self._running[program.name]


def last_words(log: Path) -> str:
    """Why a program ended, by the last line of its log; of a logged exception its own last line."""
    line = _tail(log).rstrip().rpartition("\n")[2]
    with suppress(ValueError):
        entry = json.loads(line)
        if isinstance(entry, dict):
            told = str(entry.get("exception") or entry.get("error") or entry.get("event"))
            line = told.rstrip().rpartition("\n")[2]
    return line[:300]


def _tail(log: Path) -> str:
    with suppress(OSError), log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
        return file.read().decode("utf-8", "replace")
    return ""


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(number)


def _end_with_parent() -> None:
    """Runs in the child: on Linux it gets SIGTERM when its parent dies, so that nothing is left behind."""
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class EmbeddedCluster:
    """The embedded Kafka cluster as a child process. Use it as an asynchronous context manager."""

    def __init__(self, log: Path, *, argv: Sequence[str] = EMBEDDED) -> None:
        """``log`` takes what it says on standard error; ``argv`` is the command that runs it."""
        self._log = log
        self._argv = argv
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> str:
        """Starts it and returns its address.

        Raises:
            BrokerError: it did not start.
        """
        from services.runtime.embedded import READY  # noqa: PLC0415 -- librdkafka is loaded only where it is used

        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        line = (await self._process.stdout.readline()).decode().strip() if self._process.stdout else ""
        if not line.startswith(READY):
            await self.__aexit__()
            raise BrokerError(f"the embedded cluster did not start; see {self._log}: {last_words(self._log)}")
        return line.removeprefix(READY)

    @property
    def pid(self) -> int | None:
        """Its process id, once it has been started."""
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """How it ended, once it has."""
        return self._process.returncode if self._process else None

    async def __aexit__(self, *_: object) -> None:
        if self._process:
            _signal(self._process, signal.SIGTERM)
            if self._process.stdin:
                self._process.stdin.close()
            await self._process.wait()
