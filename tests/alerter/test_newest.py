"""What becomes of the sighting that came last: the short answer for a quiet group is the one of the whole group."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerter.judge import case_of
from services.alerter.newest import alone, became
from services.alerter.state import History
from services.core.ontology import Modality
from services.core.rule import Count
from services.core.sighting import Revision, Sighting, Verdict
from tests.alerter.kinds import told
from tests.builders import at, rule, sighting

TEXTS = ("Guns fired on Northfort all night and hit two bridges.", "Shells fell on Northfort, its mayor says.", None)

SIGHTINGS = st.lists(
    st.builds(
        told,
        st.integers(0, 60),
        st.sampled_from("abc"),
        outlet=st.sampled_from(["one", "two", "three"]),
        place=st.sampled_from(["Northfort", "Southfort", ""]),
        text=st.sampled_from(TEXTS),
        event_id=st.sampled_from([None, "e"]),
        actors=st.sampled_from([(), ("AAA-MIL",), ("BBB-MIL",)]),
        deniers=st.sampled_from([(), (), (), ("AAA-GOV",)]),
        refused=st.sampled_from([None, None, None, None, Verdict.WRONG_MODALITY]),
        modality=st.sampled_from([Modality.ASSERTED, Modality.DENIED]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.sighting_id,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(Count)), SIGHTINGS, st.integers(0, 100))
def test_the_short_answer_is_that_of_the_whole_group(count: Count, sightings: list[Sighting], hour: int) -> None:
    rule_ = rule(count=count, severities={"info": 9})
    history = History().with_sightings(sightings)
    newest = sightings[-1]
    clock = max(at(hour), newest.at)
    short = alone(rule_, history, newest)
    assert short is None or short == became(case_of(rule_, history, clock), newest)


@pytest.mark.parametrize("count", list(Count))
def test_what_nobody_else_tells_has_a_short_answer(count: Count) -> None:
    newest = sighting(3, "b", outlet="two")
    judged = alone(rule(count=count), History().with_sightings([sighting(1, "a"), newest]), newest)
    assert judged is not None
    assert judged.verdict is Verdict.COUNTED


def test_a_group_that_knows_of_an_edit_has_none() -> None:
    newest = sighting(3, "b", outlet="two")
    history = History().with_sightings([newest])
    fetched = {newest.article.revision: at(3), "later": at(3) + timedelta(hours=1)}
    edit = Revision(
        rule="clashes", group="AAA", stream="test", article_id=newest.article.id, published=at(3), fetched=fetched
    )
    assert alone(rule(), history, newest) is not None
    assert alone(rule(), history.with_revision(edit), newest) is None


def test_what_the_history_gave_up_has_none() -> None:
    assert alone(rule(), History(), sighting(3, "b")) is None
