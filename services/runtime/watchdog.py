"""The watchdog: ends a process that does not move any more, from a thread of its own."""

import math
import os
import sys
import threading
import time
from contextlib import suppress

from services.runtime.logs import logger

EXIT_STUCK = 70
"""Exit code of a process that the watchdog has ended."""

_LOOK_SECONDS = 0.25


class Watchdog:
    """Ends the process when it is not fed in time. A context manager; after its block it does nothing any more."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._deadline = math.inf
        self._dismissed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def feed(self, seconds: float) -> None:
        """The process is well, and will be heard of again within so many seconds."""
        self._deadline = time.monotonic() + seconds

    def __enter__(self) -> "Watchdog":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._dismissed.set()

    def _watch(self) -> None:
        while not self._dismissed.wait(_LOOK_SECONDS):
            if time.monotonic() > self._deadline:
                logger(__name__).critical("the process does not move any more; ending it", service=self._service)
                with suppress(OSError, ValueError):
                    sys.stderr.flush()
                os._exit(EXIT_STUCK)
