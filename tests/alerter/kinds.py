"""Rules of every kind, sightings that exercise them, and obvious recounts to compare with."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from hypothesis import strategies as st

from services.alerter.case import Case
from services.alerter.judge import judge, judge_and_tell, lives_of, taken_in
from services.alerter.kinds import READINGS
from services.alerter.standing import Judged, standing
from services.alerter.state import History
from services.core.alert import Alert
from services.core.event import Place
from services.core.rule import Rule
from services.core.sighting import Sighting, Verdict
from services.core.wire import content_id, decode, encode
from tests.builders import at, rule, sighting

LAST = 24 * 40
"""Hours over which the sightings of the properties spread: forty days."""


def told(hour: float, thing: str, *, outlet: str = "one", place: str = "Northfort", **changes: object) -> Sighting:
    """A sighting that names a place and an actor."""
    fields: dict[str, object] = {
        "sighting_id": content_id("sighting", thing, str(hour), outlet, place, str(changes.get("part"))),
        "place": Place(text=place, name=place, country="AAA") if place else None,
        "actors": (f"{thing}-MIL",),
        "event_id": content_id("event", thing, str(hour), outlet),
    }
    return sighting(hour, thing, outlet=outlet, **{**fields, **changes})


RULES: dict[str, Rule] = {
    "threshold": rule(),
    "spike by hour": rule(
        kind="spike",
        window="6h",
        spike={"baseline": "hour", "history": "10d", "min_history": "3d", "min_count": 2, "factor": 1.5},
        severities={"warning": 1, "critical": 2},
    ),
    "spike by weekday": rule(
        kind="spike",
        count="outlets",
        window="3d",
        spike={"baseline": "weekday", "min_count": 2, "factor": 1.2},
        severities={"info": 1},
    ),
    "spike of stories": rule(
        kind="spike",
        count="stories",
        window="1d",
        spike={"baseline": "hour", "history": "4d", "min_history": "2d", "min_count": 1, "factor": 1.1},
        severities={"info": 1, "warning": 3},
    ),
    "cardinality of outlets": rule(kind="cardinality", window="4d"),
    "cardinality of places": rule(kind="cardinality", window="4d", cardinality={"of": "places"}),
    "cardinality of actors": rule(kind="cardinality", window="9d", cardinality={"of": "actors"}),
    "new places": rule(
        kind="new_term", window="2d", new_term={"of": "places", "unseen": "5d"}, severities={"info": 1, "warning": 2}
    ),
    "new actors": rule(kind="new_term", window="3d", new_term={"of": "actors", "unseen": "9d"}, severities={"info": 1}),
    "flatline": rule(kind="flatline", window="30h", severities={"warning": 1, "critical": 4}),
    "flatline of all": rule(kind="flatline", window="50h", group_by="none", severities={"info": 2}),
    "sequence": rule(
        kind="sequence",
        sequence={"first": {"sub_event_types": ["Agreement"]}, "within": "3d"},
        window="4d",
        severities={"info": 1, "warning": 2},
    ),
}

SIGHTINGS = st.lists(
    st.builds(
        told,
        st.one_of(st.integers(0, LAST), st.integers(0, LAST * 4).map(lambda quarter: quarter / 4)),
        st.sampled_from("abcdef"),
        outlet=st.sampled_from(["one", "two", "three"]),
        place=st.sampled_from(["Northfort", "Southfort", "Eastfort", ""]),
        part=st.sampled_from(["first", "then"]),
        refused=st.sampled_from([None, None, None, None, Verdict.LATE]),
    ),
    max_size=16,
    unique_by=lambda one: one.sighting_id,
)


def began_at(hours: float) -> History:
    """What is known of a group whose stream is watched since then."""
    return History(stream="test", group="AAA", began=at(hours))


def feed(
    rule_: Rule, sightings: Sequence[Sighting], end: float, history: History | None = None
) -> tuple[History, list[Alert]]:
    """The history after these sightings, stored and read again after each, and everything published on the way."""
    history, published = history or began_at(0), []
    for one in sightings:
        history, changes = judge(rule_, history, one, one.at)
        history = decode(History, encode(history))
        published += changes
    history, changes = judge(rule_, history, None, at(end))
    return history, published + list(changes)


def facts(rule_: Rule, history: History) -> list[dict[str, object]]:
    """How the alerts of a group stand, in every phase; ids, which the order of arrival may decide, left out."""
    return [one.model_dump(mode="json", exclude={"alert_id"}) for life in lives_of(rule_, history) for one in life]


def verdict_on(rule_: Rule, history: History, one: Sighting) -> Judged:
    """What becomes of a sighting that the history holds."""
    _, _, judged = judge_and_tell(rule_, history, one, one.at)
    assert judged is not None
    return judged


def case(rule_: Rule, sightings: Sequence[Sighting], end: float, began: float | None = 0) -> Case:
    """What a kind has before it."""
    history = began_at(began) if began is not None else History(stream="test", group="AAA")
    for one in sightings:
        history = taken_in(rule_, history, one)
    return Case(rule_, standing(history.sightings, rule_), at(end), marks=history.marks, began=history.began)


def level_at(case_: Case, moment: datetime) -> int:
    """The level that the kind tells for a moment."""
    reached = [step.level for step in READINGS[case_.rule.kind].steps(case_) if step.moment <= moment]
    return reached[-1] if reached else 0


Recount = Callable[[Case, datetime], int]


def within(case_: Case, moment: datetime) -> list[Sighting]:
    """The sightings in the window that ends at a moment."""
    return [s for s in case_.stands.may_count if moment - case_.rule.window < s.at <= moment]


def distinct_terms(case_: Case, moment: datetime) -> int:
    """A recount of cardinality."""
    of = case_.rule.cardinality.of if case_.rule.cardinality else "outlets"
    names = {
        "outlets": lambda s: {s.article.outlet},
        "places": lambda s: {s.place.name} if s.place else set(),
        "actors": lambda s: set(s.actors),
    }[of]
    return len({name for s in within(case_, moment) for name in names(s)})


def new_terms(case_: Case, moment: datetime) -> int:
    """A recount of new terms: those of the window that nobody named for long enough before."""
    asked = case_.rule.new_term
    assert asked is not None
    assert case_.began is not None

    def names(s: Sighting) -> set[str]:
        return set(s.actors) if asked.of == "actors" else {s.place.name} if s.place else set()

    found = set()
    for s in within(case_, moment):
        for name in names(s):
            before = [t.at for t in case_.stands.may_count if name in names(t) and t.at < s.at]
            if all(s.at - t >= asked.unseen for t in before) and s.at - case_.began >= asked.unseen:
                found.add(name)
    return len(found)


def windows_of_silence(case_: Case, moment: datetime) -> int:
    """A recount of silence: the highest level whose windows have passed since the last telling."""
    heard = [s.at for s in case_.stands.may_count if s.at <= moment]
    if not heard and not case_.rule.watches_silence:
        return 0
    last = max(heard, default=case_.began)
    assert last is not None
    passed = [level for level in case_.rule.severities.values() if last + level * case_.rule.window <= moment]
    return max(passed, default=0)


def followers(case_: Case, moment: datetime) -> int:
    """A recount of sequences: what followed something, as independent things."""
    assert case_.rule.sequence is not None
    first = [s for s in case_.stands.may_count if s.part == "first"]
    then = [
        s
        for s in within(case_, moment)
        if s.part == "then" and any(timedelta() < s.at - f.at <= case_.rule.sequence.within for f in first)
    ]
    return len({case_.stands.by.key(case_.rule.count, s) for s in then})


RECOUNTS: dict[str, Recount] = {
    "cardinality": distinct_terms,
    "new_term": new_terms,
    "flatline": windows_of_silence,
    "sequence": followers,
}
