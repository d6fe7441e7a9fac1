"""A backtest must end where the stream ends: the same sightings, judged one by one in any order."""

import random
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console
from spacy.language import Language

from services.alerter.judge import judge, lives_of
from services.alerter.match import match, match_keywords
from services.alerter.state import History
from services.commands.backtest import backtest, extracted
from services.commands.extract import events_or_error
from services.commands.outcome import Outcome
from services.commands.report import Asked
from services.commands.report import backtest as show_backtest
from services.core.alert import Alert
from services.core.article import Article
from services.core.errors import InputError
from services.core.rule import Rules
from services.core.sighting import Sighting
from services.extractor.text.pipeline import load_pipeline
from services.runtime.files import load_rules
from tests.builders import article, rule
from tests.commands.stored import read

SEEDS = Path(__file__).parents[2] / "seeds"
KINDS = ["Explosions/Remote violence", "Strategic developments", "Violence against civilians"]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """The seeds, two of them also as a wire copy of another outlet within the hour."""
    told, _ = read(SEEDS)
    later = [one.published.replace(minute=59) for one in told[:2]]
    copies = [
        one.model_copy(update={"id": f"copy-{one.id}", "outlet": "copier", "published": when, "fetched": when})
        for one, when in zip(told[:2], later, strict=True)
    ]
    return told + copies


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Those of the seeds, and some that make every way of counting ring, escalate and resolve."""
    more = [
        rule(
            name=f"by-{count}",
            count=count,
            when={"event_types": KINDS},
            window=window,
            group_by=group,
            severities=levels,
        )
        for count, window, group, levels in (
            ("incidents", "36h", "country", {"info": 1, "warning": 3, "critical": 5}),
            ("stories", "72h", "none", {"info": 1, "critical": 2}),
            ("outlets", "5d", "border", {"warning": 2}),
            ("sightings", "12h", "outlet", {"info": 2, "warning": 6}),
        )
    ]
    return Rules(rules=(*load_rules(SEEDS / "rules.yaml").rules, *more))


@pytest.fixture(scope="module")
def outcome(rules: Rules, nlp: Language, articles: list[Article]) -> Outcome:
    return backtest(rules, nlp, articles)


@pytest.fixture(scope="module")
def sightings(rules: Rules, nlp: Language, articles: list[Article]) -> list[Sighting]:
    found: list[Sighting] = []
    for one in articles:
        events = events_or_error(nlp, one, one.id)
        assert not isinstance(events, InputError), events
        found += [*match_keywords(rules, one), *(s for event in events for s in match(rules, event))]
    return found


def judged(rules: Rules, sightings: Sequence[Sighting]) -> list[Alert]:
    """The alerts after the sightings came one by one, as the alerter judges them."""
    groups: dict[str, History] = {}
    for one in sightings:
        named = rules.named(one.rule)
        assert named is not None
        groups[one.key], _ = judge(named, groups.get(one.key, History()), one, one.at)
    return [alert for key in groups for alert in _at_the_end(rules, groups[key], sightings)]


def _at_the_end(rules: Rules, history: History, sightings: Sequence[Sighting]) -> tuple[Alert, ...]:
    named = rules.named(history.sightings[0].rule)
    assert named is not None
    ended, _ = judge(named, history, None, max(one.at for one in sightings))
    return tuple(life[-1] for life in lives_of(named, ended))


def ends(alerts: Iterable[Alert]) -> list[dict[str, Any]]:
    """How each alert ended; its id, which the order of arrival may decide, left out."""
    last = {alert.alert_id: alert for alert in alerts}
    facts = [alert.model_dump(mode="json", exclude={"alert_id"}) for alert in last.values()]
    return sorted(facts, key=lambda fact: (fact["rule"], fact["group"], fact["started_at"]))


@pytest.mark.parametrize("seed", range(2))
def test_sightings_judged_one_by_one_in_any_order_end_as_the_backtest(
    rules: Rules, sightings: list[Sighting], outcome: Outcome, seed: int
) -> None:
    doubled = sightings + sightings[::3]
    random.Random(seed).shuffle(doubled)
    assert ends(judged(rules, doubled)) == ends(outcome.alerts)
    assert len({alert.rule for alert in outcome.alerts}) >= 5


def test_the_order_and_doubling_of_articles_do_not_matter(
    rules: Rules, nlp: Language, articles: list[Article], outcome: Outcome
) -> None:
    shuffled = [*articles, *articles]
    random.Random(1).shuffle(shuffled)
    assert backtest(rules, nlp, shuffled).alerts == outcome.alerts


def test_alerts_come_in_the_order_of_event_time_and_each_phase_once(outcome: Outcome) -> None:
    times = [alert.changed_at for alert in outcome.alerts]
    assert times == sorted(times)
    phases = [(alert.alert_id, alert.state, alert.changed_at) for alert in outcome.alerts]
    assert len(set(phases)) == len(phases)


def test_both_named_rules_ring_on_the_seeds(nlp: Language) -> None:
    told, _ = read(SEEDS)
    rung = backtest(load_rules(SEEDS / "rules.yaml"), nlp, told)
    assert {"ceasefire-breach", "border-incident"} <= {alert.rule for alert in rung.alerts}
    assert (rung.articles, rung.failed) == (5, ())


def test_people_see_a_line_for_each_change_and_no_escape_codes(nlp: Language) -> None:
    output, errors = (Console(file=StringIO(), soft_wrap=True, highlight=False) for _ in range(2))
    asked = Asked(load_rules(SEEDS / "rules.yaml"))
    assert not show_backtest(asked, extracted(nlp, read(SEEDS)[0]), as_json=False, consoles=(output, errors))
    *changes, summary = output.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert summary.startswith("5 articles, ")
    assert any("firing" in change and "ceasefire-breach" in change for change in changes)
    assert "\x1b" not in output.file.getvalue()  # type: ignore[attr-defined]
    assert errors.file.getvalue() == ""  # type: ignore[attr-defined]


def test_no_articles_raise_no_alerts(rules: Rules, nlp: Language) -> None:
    assert backtest(rules, nlp, []) == Outcome((), 0, 0, 0)


def test_an_article_that_cannot_be_processed_is_told_and_keywords_still_count() -> None:
    rules = Rules(
        rules=(rule(when={"phrases": ["shelling"]}, count="stories", group_by="none", severities={"info": 1}),)
    )
    outcome = backtest(rules, cast("Language", None), [article("Shelling hit Stepanakert.", ident="x")])
    assert [str(error).split(": ")[0] for error in outcome.failed] == ["x"]
    assert (len(outcome.alerts), outcome.events, outcome.sightings) == (1, 0, 1)
