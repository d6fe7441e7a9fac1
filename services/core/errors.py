"""Every error that Tocsin raises on purpose.

::

    TocsinError
    ├── ConfigError   settings, feeds or rules are wrong; carries every problem with its path   (exit code 2)
    ├── InputError    a file or line given by the user cannot be used; carries its place        (exit code 1)
    ├── WireError     bytes on a topic that are not the message they should be                  (dead letter)
    └── BrokerError   Kafka did not answer, or refused                                          (exit code 3)
"""

from dataclasses import dataclass


class TocsinError(Exception):
    """Base of all errors that are part of Tocsin's contract."""


@dataclass(frozen=True)
class Problem:
    """One mistake in a configuration: where it is, what is wrong, and what would be right."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class ConfigError(TocsinError):
    """Settings, feeds or rules that cannot be used; lists every problem, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class InputError(TocsinError):
    """Something the user handed in (a file, a line) that cannot be used."""

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"{place}: {reason}")


class WireError(TocsinError):
    """Bytes that cannot be decoded into the message their topic carries."""


class BrokerError(TocsinError):
    """Kafka is not reachable, or refused what was asked."""
