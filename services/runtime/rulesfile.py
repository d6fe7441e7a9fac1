"""The rules file while it changes: looked at every few seconds and on SIGHUP. A wrong one changes no rules."""

import asyncio
import hashlib
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from services.core.errors import ConfigError, Problem
from services.core.inhibit import Inhibit
from services.core.receivers import Route
from services.core.rule import Rule, Rules
from services.runtime.files import load_rules
from services.runtime.logs import logger
from services.runtime.stage import Stage


@dataclass
class InForce:
    """The rules that hold, and every problem of the file as it is now; without problems they are the file's."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[Problem, ...] = ()
    inhibit: tuple[Inhibit, ...] = ()
    routes: tuple[Route, ...] = ()

    def named(self, name: str) -> Rule | None:
        """The rule of that name, if there is one."""
        return next((rule for rule in self.rules if rule.name == name), None)


class RulesFile:
    """One process's view of its rules file."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._path = stage.settings.rules
        self._seen = self._read = ""
        self._rules: Rules | None = None
        self.in_force = InForce()

    def first(self) -> Rules:
        """The rules to begin with.

        Raises:
            ConfigError: the file is wrong, and there are none before it.
        """
        rules = self.look(at_once=True)
        if rules is None:
            raise ConfigError(self.in_force.problems)
        return rules

    def look(self, *, at_once: bool = False) -> Rules | None:
        """The rules of the file, if it is right and says something else than before.

        A changed file is read once it was the same twice in a row, so that one half written is not; or ``at_once``.
        """
        digest = _digest(self._path)
        settled = at_once or digest == self._seen
        self._seen = digest
        if digest == self._read or not settled:
            return None
        self._read = digest
        try:
            rules = load_rules(self._path)
        except ConfigError as error:
            self._refuse(error.problems)
            return None
        before, self._rules = self._rules, rules
        self.in_force.rules, self.in_force.inhibit, self.in_force.routes = rules.rules, rules.inhibit, rules.routes
        self.in_force.problems = ()
        self._count("loaded")
        self._gauge("tocsin_rules_loaded_timestamp_seconds", self._stage.now().timestamp())
        return rules if rules != before else None

    def _refuse(self, problems: tuple[Problem, ...]) -> None:
        self.in_force.problems = problems
        self._count("refused")
        for problem in problems:
            logger(__name__).error("the rules file is wrong; the rules before it stay in force", problem=str(problem))

    def _count(self, result: str) -> None:
        self._stage.metrics.count("tocsin_rules_reads_total", stage=self._stage.name, result=result)
        self._gauge("tocsin_rules_valid", float(result == "loaded"))

    def _gauge(self, name: str, value: float) -> None:
        self._stage.metrics.gauge(name, stage=self._stage.name).set(value)

    async def keep(self, take: Callable[[Rules], Awaitable[None]] | None = None) -> None:
        """Keeps the rules in force until the stage stops, and hands each change to ``take``; runs beside the body."""
        hangup = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hangup.set)
        while not self._stage.stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(hangup.wait(), self._stage.settings.rules_check.total_seconds())
            rules = await asyncio.to_thread(self.look, at_once=hangup.is_set())
            hangup.clear()
            if rules:
                logger(__name__).info("the rules changed", rules=len(rules.rules))
                if take:
                    await take(rules)


def _digest(path: Path) -> str:
    """An id of the file's content; of a file that cannot be read one that no content has."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"
