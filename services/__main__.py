"""The command line. A service, and all that is slow to load, is imported only by the command that needs it."""

# ruff: noqa: PLC0415 -- see above: `tocsin --help` must not wait for spaCy and Faust.
import asyncio
import json
import sys
from datetime import UTC, datetime
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from services import __version__
from services.commands.cluster import calm_logs
from services.commands.deadletters import app as deadletters_app
from services.commands.explain import explain
from services.commands.feeds import app as feeds_app
from services.commands.show import tell
from services.commands.silence import app as silence_app
from services.core.article import LIVE
from services.core.errors import BrokerError, ConfigError, InputError
from services.runtime.files import load_rules
from services.runtime.settings import load_settings

EXIT_INPUT, EXIT_CONFIG, EXIT_BROKER, EXIT_SILENT = 1, 2, 3, 4

app = typer.Typer(
    name="tocsin",
    help="A streaming news monitor that rings when the news crosses a line.",
    epilog="Exit codes: 0 done · 1 an input could not be read · 2 the command line, settings, feeds or rules are wrong "
    "· 3 Kafka does not answer · 4 a replay raised no alert",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(explain)
app.add_typer(deadletters_app, name="deadletters")
app.add_typer(feeds_app, name="feeds")
app.add_typer(silence_app, name="silence")
errors = Console(stderr=True, soft_wrap=True, highlight=False)
output = Console(soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object a line on standard output")]
Published = Annotated[str | None, typer.Option(metavar="TIME", help="publication time of articles that have none")]
Manifest = Annotated[Path | None, typer.Option(metavar="FILE", help="YAML: file name to its fields (published, ...)")]
Stream = Annotated[str | None, typer.Option(metavar="NAME", help="name of the stream; one of its own by default")]
Speed = Annotated[str, typer.Option(metavar="max|60x|real", help="how event time passes")]


def main() -> NoReturn:
    """Runs the command line; every error of ours ends in a message and an exit code, never in a traceback."""
    _write_utf8()
    try:
        app(standalone_mode=True)
    except ConfigError as error:
        for problem in error.problems:
            tell(errors, problem)
        sys.exit(EXIT_CONFIG)
    except InputError as error:
        tell(errors, error)
        sys.exit(EXIT_INPUT)
    except BrokerError as error:
        tell(errors, error)
        sys.exit(EXIT_BROKER)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


def _write_utf8() -> None:
    """JSON is UTF-8 whatever the locale; a terminal of another kind gets question marks, not a traceback."""
    if isinstance(sys.stdout, TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")


def _version(value: bool) -> None:
    if value:
        output.print(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """Options of all commands."""


def _service(name: str, about: str) -> None:
    def command() -> None:
        settings = load_settings()
        _ = settings.brokers  # a service has no use without: better said before it starts
        code = import_module(f"services.{name}.app").main(settings)
        raise typer.Exit(code)

    app.command(name, help=about)(command)


_service("poller", "Service: polls the feeds and publishes their articles.")
_service("extractor", "Service: extracts events from articles.")
_service("alerter", "Service: matches events to rules and raises alerts.")
_service("notifier", "Service: tells people of alerts, by webhook, Apprise and Alertmanager.")


@app.command()
def dashboard(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="read everything that Kafka holds anew")] = False,
) -> None:
    """Service: the page and the API."""
    from services.alerter.whynot import answered_by
    from services.dashboard.app import main as serve

    settings = load_settings()
    _ = settings.brokers
    raise typer.Exit(serve(settings, answering=answered_by, rebuild=rebuild))


def _now() -> datetime:
    return datetime.now(UTC)


@app.command()
def run(
    replay: Annotated[Path | None, typer.Option(metavar="PATH", help="replay these stored articles")] = None,
    leave: Annotated[bool, typer.Option("--exit", help="end when the replay has gone through")] = False,
    as_json: AsJson = False,
    speed: Speed = "max",
    published: Published = None,
    manifest: Manifest = None,
    stream: Stream = None,
) -> None:
    """Everything on this machine: a Kafka cluster if none is set, all services, and the alerts as they fire."""
    from services.commands import terminal

    settings = load_settings()
    calm_logs(settings, "run", "warning")
    stored = (
        terminal.stored(replay, now=_now(), published=published, manifest=manifest, stream=stream) if replay else None
    )
    raised, bad = terminal.run(settings, stored, speed=speed, leave=leave, as_json=as_json, consoles=(output, errors))
    if bad:
        raise typer.Exit(EXIT_INPUT)
    if leave and not raised:
        errors.print("no alert was raised")
        raise typer.Exit(EXIT_SILENT)


@app.command()
def replay(
    path: Path,
    speed: Speed = "max",
    published: Published = None,
    manifest: Manifest = None,
    stream: Stream = None,
) -> None:
    """Sends stored articles (text, JSON Lines, feed XML) through a running Tocsin as a test stream."""
    from services.commands import terminal

    settings = load_settings()
    calm_logs(settings, "replay", "warning")
    stored = terminal.stored(path, now=_now(), published=published, manifest=manifest, stream=stream)
    if terminal.replay(settings, stored, speed=speed, console=errors):
        raise typer.Exit(EXIT_INPUT)


@app.command()
def backtest(  # noqa: PLR0913, PLR0917 -- options of the command line
    rules: Path,
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]")] = None,
    as_json: AsJson = False,
    published: Published = None,
    manifest: Manifest = None,
    against: Annotated[Path | None, typer.Option(metavar="OLD", help="what differs from these rules")] = None,
    gold: Annotated[Path | None, typer.Option(metavar="FILE", help="how right: what ought to ring")] = None,
    from_kafka: Annotated[bool, typer.Option("--from-kafka", help="what Kafka holds, in place of PATH")] = False,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="published since, with --from-kafka")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="published until, with --from-kafka")] = None,
    stream: Annotated[str, typer.Option(metavar="NAME", help="which stream, with --from-kafka")] = LIVE,
) -> None:
    """The alerts that RULES would have raised on the stored articles at PATH, or on what Kafka holds."""
    from services.commands import report, terminal
    from services.commands.gold import read_gold

    if from_kafka == (path is not None):
        raise typer.BadParameter("give either PATH or --from-kafka")
    settings = load_settings()
    asked = report.Asked(load_rules(rules), load_rules(against) if against else None, read_gold(gold) if gold else None)
    if path:
        read = terminal.stored(path, now=_now(), published=published, manifest=manifest, stream="backtest")
        stored = terminal.told_by(settings, read, errors)
    else:
        calm_logs(settings, "backtest", "warning")
        stored = terminal.kept(settings, stream, since=since, until=until, now=_now())
    failed = report.backtest(asked, stored, as_json=as_json, consoles=(output, errors))
    if failed or (path and read.bad):
        raise typer.Exit(EXIT_INPUT)


@app.command()
def extract(published: Published = None) -> None:
    """Events from text, or from JSON Lines {"id","text","published"}, on standard input; needs no Kafka."""
    from services.commands import terminal

    if terminal.extract(load_settings(), sys.stdin.buffer, now=_now(), published=published, console=errors):
        raise typer.Exit(EXIT_INPUT)


@app.command()
def subscribe(
    as_json: AsJson = False,
    rule: Annotated[str | None, typer.Option(metavar="NAME", help="alerts of this rule only")] = None,
    stream: Annotated[str | None, typer.Option(metavar="NAME", help="alerts of this stream only, such as live")] = None,
    since_start: Annotated[bool, typer.Option("--from-start", help="also all alerts that Kafka still holds")] = False,
) -> None:
    """Follows alerts as they are published, until interrupted."""
    from services.commands import terminal

    settings = load_settings()
    calm_logs(settings, "subscribe", "warning")
    terminal.subscribe(settings, rule=rule, stream=stream, since_start=since_start, as_json=as_json, console=output)


@app.command()
def check(
    rules: Annotated[Path | None, typer.Option(metavar="FILE", help="this rules file")] = None,
    feeds: Annotated[Path | None, typer.Option(metavar="FILE", help="this feeds file")] = None,
) -> None:
    """Checks settings, rules and feeds, and lists every problem; starts nothing."""
    from services.commands.check import check as all_problems

    checked = all_problems(rules, feeds)
    if checked.unread:
        errors.print(f"not checked, since the settings that name them are wrong: {' and '.join(checked.unread)}")
    if checked.problems:
        raise ConfigError(checked.problems)
    output.print(f"settings are right, {checked.rules} rules, {checked.feeds} feeds")


@app.command()
def schemas(folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Writes JSON Schemas of all messages and of the rules file, and an AsyncAPI document of the topics, into DIR."""
    from services.commands.schemas import documents

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8")
        typer.echo(folder / name)


@app.command()
def topics(as_json: AsJson = False) -> None:
    """Creates the topics that do not exist yet, with partitions and retention as set."""
    from services.runtime.admin import all_topics, create_topics

    settings = load_settings()
    calm_logs(settings, "topics", "warning")
    created = asyncio.run(create_topics(settings, all_topics(load_rules(settings.rules))))
    for name, new in created.items():
        line = json.dumps({"topic": name, "created": new}) if as_json else f"{name}: {'created' if new else 'exists'}"
        typer.echo(line)


if __name__ == "__main__":
    main()
