"""Structured logs on standard error: text for people, JSON lines for machines."""

import logging
import math
import sys
import time
from collections.abc import Callable

import structlog

_CHATTY = ("aiokafka", "faust", "mode", "kafka")
_QUIET_SECONDS = 10.0


class Repeats(logging.Filter):
    """Lets a library's complaint pass once in ten seconds: with Kafka away aiokafka logs 40 lines a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` gives seconds since any moment."""
        super().__init__()
        self._clock = clock
        self._last: dict[tuple[str, int, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record may pass."""
        if not record.name.startswith(_CHATTY):
            return True
        kind = (record.name, record.lineno, str(record.msg)[:40])
        now = self._clock()
        if now - self._last.get(kind, -math.inf) < _QUIET_SECONDS:
            return False
        self._last[kind] = now
        return True


def configure_logs(stage: str, level: str, style: str) -> None:
    """Sends all logs of this process to standard error, ours at ``level``, the libraries' at warning or above.

    Args:
        stage: name of the service, on every line.
        level: ``debug``, ``info``, ``warning`` or ``error``.
        style: ``text``, ``json``, or ``auto``: text at a terminal, JSON elsewhere.
    """
    as_json = style == "json" or (style == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if as_json else structlog.processors.StackInfoRenderer(),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(pad_event_to=0)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(stage=stage)
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Repeats())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of one module."""
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return log
