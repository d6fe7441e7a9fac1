"""The inside of a process that does one job after the other for its parent, and can be ended in the middle of one.

The parent writes jobs to the child's standard input and reads results from its standard output, each a pickle behind
its length.
"""

import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

LENGTH_BYTES = 4

MEMORY_BYTES = 1_500_000_000
"""Address space of a child; a common job takes a tenth of it."""


def framed(value: object) -> bytes:
    """The value as it goes through a pipe."""
    packed = pickle.dumps(value)
    return len(packed).to_bytes(LENGTH_BYTES, "big") + packed


def work(done: Callable[[Any], object]) -> None:
    """What a child does for as long as its parent lives: ``done`` is its work on one job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides what to do
    _limit_memory()
    pipe, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing that a library prints may get among the results
    with suppress(BrokenPipeError):  # the parent was killed
        _serve(sys.stdin.buffer, pipe, done)


def _serve(jobs: BinaryIO, results: BinaryIO, done: Callable[[Any], object]) -> None:
    """Says that it is ready, by an empty result, and does one job after the other until there are no more."""
    results.write(bytes(LENGTH_BYTES))
    results.flush()
    while head := jobs.read(LENGTH_BYTES):
        job = pickle.loads(jobs.read(int.from_bytes(head, "big")))  # noqa: S301 -- written by our own parent
        results.write(framed(done(job)))
        results.flush()


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
