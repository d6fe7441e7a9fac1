"""What an answer means for a feed."""

from datetime import timedelta

import pytest

from services.core.feed_state import FeedState, Result
from services.poller.answer import FULL_EVERY, Answer, Failure, Outcome, conditions, is_to_parse, read_answer
from services.poller.feed import parse_feed
from services.poller.schedule import Cadence, next_poll, state_of
from tests.poller.samples import NOW, item, rss, source

SOURCE = source()
NEW = FeedState(source=SOURCE.id, url=SOURCE.url)
CADENCE = Cadence(timedelta(minutes=1), slowest=timedelta(hours=1))


def answered(state: FeedState, body: bytes, *, moved_to: str = "", **headers: str) -> Outcome:
    """How a poll ends that brought this body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Answer(200, SOURCE.url, named, body, moved_to)
    parsed = parse_feed(body, SOURCE, NOW) if is_to_parse(state, answer) else None
    return read_answer(state, answer, parsed, NOW)


def test_a_first_answer_brings_all_articles_and_is_remembered() -> None:
    outcome = answered(NEW, rss(item(1), item(2)), etag='"1"', last_modified="Mon, 02 Mar 2026 11:00:00 GMT")
    assert (outcome.result, len(outcome.articles), outcome.state.items) == (Result.NEW, 2, 2)
    assert conditions(outcome.state, NOW) == {
        "If-None-Match": '"1"',
        "If-Modified-Since": "Mon, 02 Mar 2026 11:00:00 GMT",
    }


def test_the_same_body_again_is_not_even_parsed() -> None:
    state = answered(NEW, rss(item(1))).state
    assert not is_to_parse(state, Answer(200, SOURCE.url, {}, rss(item(1))))
    assert answered(state, rss(item(1))).result is Result.UNCHANGED
    empty = answered(NEW, rss()).state
    assert answered(empty, rss()).result is Result.EMPTY


def test_another_body_with_nothing_new_in_it_is_unchanged() -> None:
    state = answered(NEW, rss(item(1), item(2))).state
    outcome = answered(state, rss(item(2)))
    assert (outcome.result, outcome.articles) == (Result.UNCHANGED, ())


def test_now_and_then_a_feed_is_asked_without_conditions() -> None:
    state = answered(NEW, rss(item(1)), etag='"1"').state
    assert conditions(state, NOW + FULL_EVERY - timedelta(seconds=1))
    assert not conditions(state, NOW + FULL_EVERY)


def test_new_articles_behind_old_validators_are_a_lie_and_the_validators_are_not_used_again() -> None:
    state = answered(NEW, rss(item(1)), etag='"1"').state
    outcome = answered(state, rss(item(2), item(1)), etag='"1"')
    assert (outcome.result, len(outcome.articles)) == (Result.LYING_VALIDATORS, 1)
    assert conditions(outcome.state, NOW) == {}


@pytest.mark.parametrize("status", [304, 100, 303])
def test_an_answer_without_content_to_a_question_without_conditions_is_a_failure(status: int) -> None:
    assert read_answer(NEW, Answer(status, SOURCE.url), None, NOW).result is Result.BROKEN_ANSWER


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (401, Result.REFUSED),
        (403, Result.REFUSED),
        (404, Result.NOT_FOUND),
        (410, Result.GONE),
        (408, Result.SERVER_ERROR),
        (418, Result.REFUSED),
        (429, Result.RATE_LIMITED),
        (500, Result.SERVER_ERROR),
        (503, Result.SERVER_ERROR),
    ],
)
def test_a_status_is_a_result_with_a_reason(status: int, result: Result) -> None:
    outcome = read_answer(NEW, Answer(status, SOURCE.url), None, NOW)
    assert (outcome.result, outcome.reason, outcome.status) == (result, f"HTTP {status}", status)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(status: int) -> None:
    outcome = read_answer(NEW, Answer(status, SOURCE.url, {"retry-after": "7200"}), None, NOW)
    state = next_poll(outcome, NOW, CADENCE, luck=0)
    assert state.next_poll == NOW + timedelta(hours=2)


def test_a_permanent_redirect_is_remembered_only_if_a_feed_is_there() -> None:
    there = "https://new.example/feed"
    assert answered(NEW, rss(item(1)), moved_to=there).state.moved_to == there
    page = read_answer(NEW, Answer(200, there, {}, b"<html>", there), Failure(Result.NOT_A_FEED, "a page"), NOW)
    assert page.state.moved_to == ""


def test_a_redirect_that_leads_nowhere_any_more_is_forgotten() -> None:
    moved = NEW.model_copy(update={"moved_to": "https://new.example/feed"})
    assert read_answer(moved, Answer(404, moved.moved_to), None, NOW).state.moved_to == ""
    assert read_answer(moved, Failure(Result.TIMEOUT, "slow"), None, NOW).state.moved_to == moved.moved_to


def test_a_failure_keeps_what_is_known_of_the_feed() -> None:
    state = answered(NEW, rss(item(1)), etag='"1"').state
    after = read_answer(state, Answer(500, SOURCE.url), None, NOW).state
    assert (after.seen, after.etag, after.digest) == (state.seen, state.etag, state.digest)


def test_a_feed_that_is_gone_stops_until_its_url_is_changed() -> None:
    gone = next_poll(
        read_answer(NEW, Answer(410, SOURCE.url), None, NOW),
        NOW,
        CADENCE,
        luck=0,
    )
    assert (gone.stopped, gone.next_poll) == (True, None)
    assert state_of(SOURCE, gone).stopped
    moved = state_of(source(url="https://new.example/feed"), gone)
    assert (moved.stopped, moved.seen) == (False, gone.seen)
