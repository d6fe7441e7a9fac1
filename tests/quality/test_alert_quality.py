"""The alerts on the labelled stream stay above their floors, and the gold says what its own labels say."""

from collections.abc import Mapping

import pytest
import yaml

from services.commands.gold import Score, total
from services.core.rule import Rules
from tests.quality.alert_gold import HALVES, STREAM, Half, read_half, recount, stream_rules
from tests.quality.alerts import all_halves, faults_of, scores_of, table
from tests.quality.fresh_articles import RETOLD, SETS, fresh_half, fresh_rules
from tests.quality.test_quality import FLOORS

_CALM = "calm"


@pytest.fixture(scope="module", params=HALVES)
def half(request: pytest.FixtureRequest) -> Half:
    return read_half(request.param)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return stream_rules()


def test_the_alerts_are_not_below_their_floors(capsys: pytest.CaptureFixture[str]) -> None:
    measured = all_halves()
    with capsys.disabled():
        print("\n" + table(measured))  # noqa: T201
    floors = yaml.safe_load(FLOORS.read_text())
    reached = {name: value for half, scores in measured.items() for name, value in _totals(half, scores).items()}
    assert {name: (value, floors[name]) for name, value in reached.items() if value < floors[name]} == {}


@pytest.mark.parametrize("name", SETS)
def test_the_alerts_of_the_fresh_articles_are_not_below_their_floors(name: str) -> None:
    floors = yaml.safe_load(FLOORS.read_text())
    reached = _totals(name, scores_of(fresh_half(name), fresh_rules()))
    assert {name: (value, floors[name]) for name, value in reached.items() if value < floors[name]} == {}


def test_what_several_outlets_tell_of_one_happening_seldom_counts_twice() -> None:
    half = fresh_half(RETOLD)
    scored = scores_of(half, fresh_rules())
    assert not half.alerts
    assert len(list(faults_of({RETOLD: scored}))) <= yaml.safe_load(FLOORS.read_text())["alerts retold wrong"]


def _totals(half: str, scores: Mapping[str, Score]) -> dict[str, float]:
    whole = total(scores)
    return {f"alerts {half} precision": whole.precision, f"alerts {half} recall": whole.recall}


def test_the_gold_alerts_are_what_a_naive_recount_of_the_labels_gives(half: Half, rules: Rules) -> None:
    counted = {alert for rule in rules.rules for alert in recount(half, rule)}
    assert counted == set(half.alerts)


def test_every_article_is_labelled_and_every_label_is_known(half: Half) -> None:
    assert set(half.labels) == {article.id for article in half.articles}
    assert {ident for told in half.labels.values() for ident in told} == set(half.happenings)


def test_what_must_be_silent_rings_nowhere_in_the_gold(half: Half) -> None:
    ringing = {(alert.rule, alert.group) for alert in half.alerts}
    assert not ringing & {(entry["rule"], entry["group"]) for entry in half.silent if "rule" in entry}
    assert all(entry["why"] for entry in half.silent)


def test_a_copy_reports_what_its_original_reports(half: Half) -> None:
    assert half.copies
    assert all(half.labels[copy] == half.labels[original] for copy, original in half.copies.items())


def test_the_halves_have_a_hundred_articles_four_conflicts_and_calm_days() -> None:
    for name in HALVES:
        half = read_half(name)
        files = {path.stem for path in (STREAM / name).glob("*.jsonl")}
        days = {article.published.date() for article in half.articles}
        assert len({article.id for article in half.articles}) >= 100
        assert _CALM in files
        assert len(files - {_CALM}) == 4
        assert (max(days) - min(days)).days < 30 <= (max(days) - min(days)).days + 1


def test_every_article_has_the_length_of_a_news_item(half: Half) -> None:
    lengths = {article.id: len(article.text.split()) for article in half.newest() if article.id not in half.copies}
    assert {ident: words for ident, words in lengths.items() if not 80 <= words <= 260} == {}
