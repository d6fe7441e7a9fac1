"""Texts of notifications: Jinja2 templates of the user's, in its sandbox, checked when they are loaded.

A folder holds ``CHANNEL.PART.j2``: channels are ``webhook`` and ``apprise``, parts ``body`` and, of Apprise, ``title``
(both get ``alert``, and ``newest``, its newest evidence or none) and ``summary`` (gets ``alerts``).
"""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.core.alert import Alert, AlertState, Counts, Evidence
from services.core.errors import ConfigError, Problem
from services.core.ontology import Modality
from services.core.rule import Severity
from services.core.sighting import Verdict
from services.core.window import window_until
from services.runtime.logs import logger

PARTS: Final = {"webhook": ("body", "summary"), "apprise": ("title", "body", "summary")}
"""The channels that can have templates, and what of."""


@dataclass(frozen=True)
class Text:
    """One text: a template, or none, in which case the channel has its own."""

    template: Template | None = None

    def of(self, told: Alert | Sequence[Alert]) -> str | None:
        """The text; None without a template, and where it fails on this alert: better told otherwise than not."""
        if self.template is None:
            return None
        try:
            return self.template.render(_variables(told))
        except Exception as error:  # a template can raise whatever Python can
            logger(__name__).error("template failed", template=self.template.name, error=repr(error))
            return None


@dataclass(frozen=True)
class Texts:
    """The texts of one channel."""

    title: Text = Text()
    body: Text = Text()
    summary: Text = Text()


NO_TEXTS: Final = Texts()
"""A channel without templates."""


def load_texts(folder: Path | None) -> dict[str, Texts]:
    """The texts of each channel.

    Raises:
        ConfigError: a file is no template, has a name that means nothing, or fails on an alert; with its line.
    """
    if folder is None:
        return dict.fromkeys(PARTS, NO_TEXTS)
    if not folder.is_dir():
        raise ConfigError((Problem("TOCSIN_NOTIFIER__TEMPLATES", f"no such folder: {folder}"),))
    known = {f"{channel}.{part}.j2": (channel, part) for channel, parts in PARTS.items() for part in parts}
    texts: dict[str, dict[str, Text]] = {channel: {} for channel in PARTS}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.j2")):
        if path.name not in known:
            problems.append(Problem(str(path), f"no template has this name; they are {', '.join(known)}"))
            continue
        channel, part = known[path.name]
        loaded = _load(path, (_SAMPLE,) if part == "summary" else _SAMPLE)
        if isinstance(loaded, Problem):
            problems.append(loaded)
        else:
            texts[channel][part] = Text(loaded)
    if problems:
        raise ConfigError(tuple(problems))
    return {channel: Texts(**found) for channel, found in texts.items()}


def _load(path: Path, told: Alert | Sequence[Alert]) -> Template | Problem:
    """A template that has made a text of an alert once."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    try:
        code = environment.compile(path.read_text(encoding="utf-8"), name=path.name, filename=str(path))
        template = Template.from_code(environment, code, environment.make_globals(None))
        template.render(_variables(told))
    except TemplateSyntaxError as error:
        return Problem(f"{path}:{error.lineno}", error.message or "not a template")
    except OSError as error:
        return Problem(str(path), error.strerror or str(error))
    except UnicodeDecodeError as error:
        return Problem(str(path), f"not UTF-8 at byte {error.start}")
    except Exception as error:  # a template can raise whatever Python can
        return Problem(_line(error, path), str(error) if isinstance(error, TemplateError) else repr(error))
    return template


def _line(error: Exception, path: Path) -> str:
    """The template and the line in it where the error was raised; Jinja2 puts its lines into tracebacks."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"{path}:{lines[-1]}" if lines else str(path)


def _variables(told: Alert | Sequence[Alert]) -> dict[str, Any]:
    if isinstance(told, Alert):
        return {"alert": told, "newest": newest(told)}
    return {"alerts": tuple(told)}


def newest(alert: Alert) -> Evidence | None:
    """The evidence that was published last."""
    return max(alert.evidence, key=lambda each: each.published, default=None)


_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_SAMPLE: Final = Alert(
    alert_id="sample",
    stream="live",
    rule="sample",
    rule_version="0",
    group="AAA",
    group_by="country",
    country="AAA",
    state=AlertState.FIRING,
    severity=Severity.WARNING,
    started_at=_DAY,
    changed_at=_DAY,
    window=window_until(_DAY, timedelta(days=1)),
    counts=Counts(incidents=1, stories=1, outlets=1, sightings=1),
    threshold=1,
    evidence=(
        Evidence(
            article_id="sample",
            url="https://news.example/1",
            title="A title",
            outlet="An outlet",
            published=_DAY,
            sentence="Two sides clashed.",
            start=0,
            end=18,
            modality=Modality.ASSERTED,
            verdict=Verdict.COUNTED,
            reason="a new incident",
        ),
    ),
    reason="1 incident within 24h reached the threshold of 1",
)
"""What templates are tried on when they are loaded."""
