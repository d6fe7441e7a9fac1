"""``tocsin explain`` without Kafka, and what it and the backtest read from Kafka."""

import json
from pathlib import Path

import pytest

from services.alerter.explain import life_of, told_of
from services.commands.explain import alerts_in, answer_of, chosen
from services.commands.kept import kept_alerts, kept_stream
from services.commands.outcome import Stored, outcome_of
from services.core.alert import Alert
from services.core.errors import InputError
from services.core.rule import Rules
from services.core.topics import ALERTS, ARTICLES, EVENTS, TopicNames
from services.core.wire import encode
from services.runtime.broker import Record
from tests.builders import article, at, event, rule
from tests.commands.samples import PIECE, alert
from tests.commands.tocsin import tocsin
from tests.fakes import MemoryBroker

NAMES = TopicNames("t")


def lines(*alerts: Alert) -> bytes:
    return b"".join(encode(one) + b"\n" for one in alerts)


def test_an_alert_is_told_with_its_life_its_counts_and_each_piece_of_evidence() -> None:
    over = alert(state="resolved", changed_at=at(24), reason="below the threshold")
    text = "\n".join(told_of(life_of([over, alert(reason="first"), alert()])))
    assert text.startswith("clashes AAA · resolved · warning · stream test\n  below the threshold\n")
    assert text.count("2020-10-01 12:00 UTC  firing") == 1
    assert "2020-10-02 12:00 UTC  resolved" in text
    assert "Counted (1)\n  herald 2020-10-01 12:00: Shells hit the village [of] Northfort." in text
    assert "alleged · said by the ministry · a1 0–39" in text
    assert "Merged or refused (1)" in text


BASELINES = {
    "2.5 expected: the mean of 4 windows": {
        "kind": "spike",
        "period": "weekday",
        "since": at(-900),
        "until": at(-24),
        "windows": 4,
        "expected": 2.5,
        "needed": 8,
        "observed": 9,
    },
    "outlets: one, two": {"kind": "cardinality", "of": "outlets", "terms": ["one", "two"]},
    "Northfort (never before)": {
        "kind": "new_term",
        "of": "places",
        "since": at(-900),
        "terms": [{"term": "Northfort", "at": at(0)}],
    },
    "silent since 2020-10-01 11:00 UTC, nothing ever seen": {"kind": "flatline", "since": at(-1)},
    "then, within 2d, e2": {"kind": "sequence", "within": "2d", "first": ["e1"], "then": ["e2"]},
}


@pytest.mark.parametrize("says", BASELINES)
def test_the_baseline_is_told(says: str) -> None:
    assert says in "\n".join(told_of([alert(baseline=BASELINES[says])]))


def test_an_alert_is_found_by_its_id_or_by_how_it_begins() -> None:
    some = [alert(alert_id="abc"), alert(alert_id="abcd"), alert(alert_id="xyz")]
    assert [one.alert_id for one in chosen("abc", some)] == ["abc"]
    assert [one.alert_id for one in chosen("x", some)] == ["xyz"]
    with pytest.raises(InputError, match="begins the ids of 2 alerts: abc clashes AAA; abcd"):
        chosen("ab", some)
    with pytest.raises(InputError, match="no alert has this id"):
        chosen("q", some)


def test_a_line_that_is_no_alert_is_named() -> None:
    with pytest.raises(InputError, match="input:3: not a Alert"):
        list(alerts_in(lines(alert()) + b"\n{}\n", "input"))


def test_the_command_explains_an_alert_from_standard_input_and_nothing_in_it_steers_the_terminal() -> None:
    bad = alert(evidence=[{**PIECE, "sentence": "clear \x1b[2J screen"}])
    done = tocsin("explain", "id", "--from", "-", given=lines(bad))
    assert (done.returncode, done.stderr) == (0, "")
    assert "clear \ufffd[2J screen" in done.stdout
    missing = tocsin("explain", "nothing", "--from", "-", given=lines(bad))
    assert (missing.returncode, missing.stderr.strip()) == (1, "error: nothing: no alert has this id")


def test_the_command_says_why_a_rule_did_not_ring(tmp_path: Path) -> None:
    stored = tmp_path / "one.jsonl"
    stored.write_text(json.dumps({"id": "a", "text": "Peace talks began.", "published": "2020-09-29", "outlet": "one"}))
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "rules: [{name: talks, when: {phrases: [peace talks]}, count: stories, window: 7d, "
        "group_by: none, severities: {info: 2}}]"
    )
    arguments = ("explain", "--rule", "talks", "--path", stored, "--rules", rules)
    found = json.loads(tocsin(*arguments, "--json").stdout)
    assert (found["rang"], found["level"], found["threshold"]) == (False, 1, 2)
    assert found["evidence"][0]["article_id"] == "a"
    unknown = tocsin("explain", "--rule", "walks", "--path", stored, "--rules", rules)
    assert unknown.returncode == 2
    assert "there are talks" in unknown.stderr


def test_how_a_group_stood_is_asked_of_what_is_stored() -> None:
    first, second = (
        event(article(f"Two sides clashed at {place}.", published=at(hours))) for hours, place in ((0, "A"), (5, "B"))
    )
    other = event(article("Others clashed.", published=at(5)), location=())
    stored = Stored(events=(second, first, other))
    of = rule(group_by="place")
    found = answer_of(of, stored, group="Northfort", at=None, stream="test")
    assert (found.at, found.level, found.elsewhere) == (at(5), 1, {"unknown": 1})
    assert answer_of(of, stored, group="Northfort", at="2020-10-01T13:00", stream="test").at == at(1)
    with pytest.raises(InputError, match="nothing is stored of this stream"):
        answer_of(of, Stored(), group="Northfort", at=None, stream="test")


async def test_what_kafka_holds_of_a_stream_and_time_is_read_once_and_no_further() -> None:
    broker = MemoryBroker()
    told = [article(f"Clash {hour}.", published=at(hour), ident=f"a{hour}") for hour in range(4)]
    other = article("Elsewhere.", published=at(1), stream="other")
    found = [event(one) for one in (*told, other)]
    async with broker.producer() as producer:
        for one in (*told, *told, other):
            await producer.send(Record(NAMES.of(ARTICLES), one.id.encode(), encode(one)))
        for happened in (*found, *found):
            await producer.send(Record(NAMES.of(EVENTS), happened.article_id.encode(), encode(happened)))
        await producer.send(Record(NAMES.of(EVENTS), b"x", b"garbage"), Record(NAMES.of(EVENTS), b"x", None))
        await producer.send(Record(NAMES.of(ALERTS), b"id1", encode(alert())))
    kept = await kept_stream(broker, NAMES, "test", now=at(99), since=at(1), until=at(2))
    assert sorted(one.id for one in kept.articles) == sorted(one.article_id for one in kept.events) == ["a1", "a2"]
    assert kept.clock is None
    assert await kept_alerts(broker, NAMES) == (alert(),)
    whole = await kept_stream(broker, NAMES, "test", now=at(99))
    (rung,) = {one.alert_id for one in outcome_of(Rules(rules=(rule(count="stories"),)), whole).alerts}
    assert rung


async def test_the_clock_of_the_live_stream_ends_now_or_where_the_backtest_ends() -> None:
    broker = MemoryBroker()
    assert (await kept_stream(broker, NAMES, "live", now=at(9))).clock == at(9)
    assert (await kept_stream(broker, NAMES, "live", now=at(9), until=at(3))).clock == at(3)
