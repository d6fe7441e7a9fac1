"""Silences: what they match, from when until when."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.core.matcher import all_fit
from services.core.silence import Silence, SilenceState, new_silence
from services.core.wire import decode, encode
from tests.builders import NOON, at

FACTS = {"rule": "border", "group": "ARM-AZE", "severity": "warning", "desk": 'the "south"'}


def silence(*matchers: str) -> Silence:
    return new_silence(matchers or ("rule=border",), starts_at=NOON, ends_at=at(2), author="Ada", comment="known")


@pytest.mark.parametrize(
    ("matcher", "fits"),
    [
        ("rule=border", True),
        ('rule="border"', True),
        (" rule = border ", True),
        ("rule=bord", False),
        ("rule!=border", False),
        ("rule!=other", True),
        ("group=~ARM-.*", True),
        ("group=~ARM", False),
        ("group=~ARM.AZE|GEO", True),
        ("group=A.M-AZE", False),
        ("group!~.*GEO.*", True),
        ("region=", True),
        ("region!=", False),
        ('desk="the \\"south\\""', True),
    ],
)
def test_a_matcher_holds_against_the_whole_of_a_fact(matcher: str, fits: bool) -> None:
    assert all_fit(silence(matcher).matchers, FACTS) is fits


def test_all_matchers_must_fit() -> None:
    assert all_fit(silence("rule=border", "severity=warning").matchers, FACTS)
    assert not all_fit(silence("rule=border", "severity=critical").matchers, FACTS)


@pytest.mark.parametrize("wrong", ["", "rule", "rule==border", "=x", "group=~(", "rule border", 'a="b" c', "x" * 301])
def test_what_is_no_matcher_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        silence(wrong)


def test_a_silence_is_pending_then_active_then_expired() -> None:
    states = [silence().state(moment) for moment in (at(-1), NOON, at(1.9), at(2))]
    assert states == [SilenceState.PENDING, SilenceState.ACTIVE, SilenceState.ACTIVE, SilenceState.EXPIRED]


def test_expiring_ends_it_now_and_what_is_over_stays_as_it_was() -> None:
    assert silence().expired(at(1)).ends_at == at(1)
    assert silence().expired(at(-1)).state(at(-1)) is SilenceState.EXPIRED
    assert silence().expired(at(3)) == silence()


def test_the_same_silence_has_the_same_id_and_survives_the_wire() -> None:
    assert silence().silence_id == silence().silence_id != silence("rule=other").silence_id
    assert decode(Silence, encode(silence())) == silence()


def test_it_needs_matchers_an_author_a_comment_and_an_end_after_its_start() -> None:
    fields = silence().model_dump()
    later = {"ends_at": NOON - timedelta(hours=1)}
    for wrong in ({"matchers": ()}, {"author": ""}, {"comment": ""}, later):
        with pytest.raises(ValidationError):
            Silence.model_validate({**fields, **wrong})
