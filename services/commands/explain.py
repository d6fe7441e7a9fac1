"""``tocsin explain``: why an alert rang, or why a rule did not."""

# ruff: noqa: PLC0415 -- `tocsin --help` must not wait for what the commands need
import asyncio
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from services.commands.cluster import calm_settings, cluster_of
from services.commands.show import plain
from services.core.article import LIVE
from services.core.errors import InputError, WireError
from services.core.rule import GroupBy, Rule, Rules
from services.core.wire import decode
from services.runtime.files import load_rules
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from services.commands.outcome import Stored
    from services.core.alert import Alert
    from services.core.answer import Answer

_MOST_NAMED = 5

errors = Console(stderr=True, soft_wrap=True, highlight=False)


def explain(
    alert: Annotated[str | None, typer.Argument(metavar="[ALERT]", help="id of an alert, or how it begins")] = None,
    *,
    source: Annotated[str | None, typer.Option("--from", metavar="FILE", help="alerts as JSON lines, or -")] = None,
    rule: Annotated[str | None, typer.Option(metavar="NAME", help="why this rule rang, or did not")] = None,
    group: Annotated[str | None, typer.Option(metavar="NAME", help="for which group; all where there is none")] = None,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="when; by default at the end of the stream")] = None,
    stream: Annotated[str, typer.Option(metavar="NAME", help="in which stream that Kafka holds")] = LIVE,
    path: Annotated[Path | None, typer.Option(metavar="PATH", help="stored articles, in place of Kafka")] = None,
    rules: Annotated[Path | None, typer.Option(metavar="FILE", help="rules file; the one in use by default")] = None,
    published: Annotated[str | None, typer.Option(metavar="TIME", help="of articles at PATH that have none")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line on standard output")] = False,
) -> None:
    """Why ALERT rang; or with --rule, --group and --at why a rule rang or did not."""
    if (alert is None) == (rule is None):
        raise typer.BadParameter("give either the id of an alert or --rule")
    settings = calm_settings("explain")
    if alert:
        _alert(alert, _records(settings, source), as_json=as_json)
        return
    asked = _named(load_rules(rules or settings.rules), rule or "")
    stored = _stored(settings, path, published=published, stream=stream)
    found = answer_of(asked, stored, group=_group(asked, group), at=at, stream="explain" if path else stream)
    _print([found.model_dump_json()] if as_json else _answered(found))


def _alert(ident: str, records: Iterable["Alert"], *, as_json: bool) -> None:
    from services.alerter.explain import life_of, told_of

    life = life_of(chosen(ident, records))
    _print((phase.model_dump_json() for phase in life) if as_json else told_of(life))


def chosen(ident: str, records: Iterable["Alert"]) -> list["Alert"]:
    """The records of the alert whose id is, or begins with, ``ident``.

    Raises:
        InputError: there is none, or more than one.
    """
    alike = [record for record in records if record.alert_id.startswith(ident)]
    found = {record.alert_id: f"{record.alert_id} {record.rule} {record.group}" for record in alike}
    if ident not in found and len(found) != 1:
        some = "; ".join(list(found.values())[:_MOST_NAMED])
        raise InputError(ident, f"begins the ids of {len(found)} alerts: {some}" if found else "no alert has this id")
    return [record for record in alike if record.alert_id == (ident if ident in found else next(iter(found)))]


def _records(settings: Settings, source: str | None) -> Iterable["Alert"]:
    if source is None:
        from services.commands.kept import kept_alerts

        return asyncio.run(kept_alerts(*cluster_of(settings, "explain")))
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise InputError(source, error.strerror or str(error)) from error
    return alerts_in(raw, source)


def alerts_in(raw: bytes, place: str) -> Iterator["Alert"]:
    """The alerts of JSON lines.

    Raises:
        InputError: a line is none; says which.
    """
    from services.core.alert import Alert

    for number, line in enumerate(raw.splitlines(), 1):
        if line.strip():
            try:
                yield decode(Alert, line)
            except WireError as error:
                raise InputError(f"{place}:{number}", str(error)) from error


def _named(rules: Rules, name: str) -> Rule:
    if found := rules.named(name):
        return found
    raise typer.BadParameter(f"no rule is named {name!r}; there are {', '.join(one.name for one in rules.rules)}")


def _group(rule: Rule, group: str | None) -> str:
    from services.alerter.match import ALL

    if group is None and rule.group_by is not GroupBy.NONE:
        raise typer.BadParameter(f"{rule.name} keeps a count for each {rule.group_by}: say for which, with --group")
    return group or ALL


def _stored(settings: Settings, path: Path | None, *, published: str | None, stream: str) -> "Stored":
    from services.commands import terminal

    now = datetime.now(UTC)
    if path is None:
        return terminal.kept(settings, stream, since=None, until=None, now=now)
    read = terminal.stored(path, now=now, published=published, manifest=None, stream="explain")
    return terminal.told_by(settings, read, errors)


def answer_of(rule: Rule, stored: "Stored", *, group: str, at: str | None, stream: str) -> "Answer":
    """How the group stood at a moment, by what was published until then; by default at the end of what is stored."""
    from services.alerter.whynot import answer
    from services.commands.articles import moment_of
    from services.commands.outcome import gathered
    from services.core.window import window_until

    gathering = gathered(Rules(rules=(rule,)), stored)
    moment = moment_of(at, "--at") if at else stored.clock or gathering.ended(stream)
    if moment is None:
        raise InputError(stream, "nothing is stored of this stream")
    seen = gathering.seen_within(rule, stream, window_until(moment, rule.window))
    seen.pop(group, None)
    history = gathering.history(rule, stream, group=group, clock=moment)
    return answer(rule, history, moment, events=stored.events, elsewhere=seen)


def _answered(found: "Answer") -> Iterator[str]:
    from services.alerter.explain import answered

    return answered(found)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(plain(line) + "\n")
