"""Kinds of rules on stored articles, from their sentences to alerts."""

from datetime import timedelta

import pytest
from spacy.language import Language

from services.alerter.match import ALL
from services.commands.backtest import backtest
from services.core.alert import Alert
from services.core.article import Article
from services.core.baseline import Order, Silence
from services.core.rule import Rule, Rules
from services.extractor.text.pipeline import load_pipeline
from tests.builders import NOON, article, rule

TOLD = (
    (0, "The governments of Sudan and Chad signed a ceasefire agreement in Khartoum on Sunday."),
    (5, "Rain delayed the harvest along the river, and farmers asked for help."),
    (9, "Sudanese troops broke the ceasefire on Tuesday and shelled the town of Nyala."),
    (30, "Rebels violated the ceasefire in Nyala, Sudan, killing three soldiers."),
)
"""Days and what was told on them."""

BROKEN = rule(
    name="truce-broken",
    kind="sequence",
    when={"ceasefire": ["breached"]},
    sequence={"first": {"ceasefire": ["declared", "restored"]}, "within": "14d"},
    window="7d",
    severities={"warning": 1},
)
SILENT = rule(
    name="quiet",
    kind="flatline",
    when={"ceasefire": ["breached"]},
    group_by="none",
    window="8d",
    severities={"info": 1},
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


def articles() -> list[Article]:
    return [article(text, published=NOON + timedelta(days=day), ident=str(day)) for day, text in TOLD]


def rung(nlp: Language, told: list[Article], *rules: Rule) -> tuple[Alert, ...]:
    return backtest(Rules(rules=rules), nlp, told).alerts


def test_a_ceasefire_that_is_declared_and_then_breached_rings_with_both_sentences(nlp: Language) -> None:
    firing, over = rung(nlp, articles(), BROKEN)
    assert (firing.state, firing.group, firing.started_at) == ("firing", "SDN", NOON + timedelta(days=9))
    told = [(piece.verdict.value, piece.article_id) for piece in firing.evidence]
    assert [one for one in told if one[0] != "repeated_in_article"] == [("first", "0"), ("counted", "9")]
    assert isinstance(firing.baseline, Order)
    assert (len(firing.baseline.first), len(firing.baseline.then)) == (1, 1)
    assert (over.state, over.changed_at) == ("resolved", NOON + timedelta(days=16))


def test_the_order_of_the_articles_does_not_matter(nlp: Language) -> None:
    told = articles()
    assert rung(nlp, [*told[::-1], *told], BROKEN, SILENT) == rung(nlp, told, BROKEN, SILENT)


def test_a_breach_that_nothing_came_before_is_silent(nlp: Language) -> None:
    assert rung(nlp, articles()[1:], BROKEN) == ()


def test_silence_counts_from_the_first_article_of_the_stream(nlp: Language) -> None:
    alerts = rung(nlp, articles(), SILENT)
    assert [(alert.group, alert.state.value, (alert.changed_at - NOON).days) for alert in alerts] == [
        (ALL, "firing", 8),
        (ALL, "resolved", 9),
        (ALL, "firing", 17),
        (ALL, "resolved", 30),
    ]
    assert isinstance(alerts[0].baseline, Silence)
    assert alerts[0].baseline.last_seen is None


def test_silence_rings_where_nothing_matched_at_all(nlp: Language) -> None:
    calm = articles()[1]
    later = calm.model_copy(update={"id": "later", "published": calm.published + timedelta(days=20)})
    (alert,) = rung(nlp, [calm, later], SILENT)
    assert (alert.state, alert.started_at, alert.evidence) == ("firing", calm.published + timedelta(days=8), ())
