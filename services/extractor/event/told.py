"""An event on its way out, with what the article-level stages compare and the wire does not carry."""

from dataclasses import dataclass

from services.core.event import Event, Place
from services.core.ontology import Modality

CURRENT = frozenset({Modality.ASSERTED, Modality.ALLEGED})


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An event with what the merge compares and the wire does not carry; a mention equals only itself.

    ``thing`` is what was taken or hit, ``site`` the id of who holds the place, ``sentence`` the sentence's number.
    """

    event: Event
    sense: str
    thing: str
    holder: str
    sentence: int
    headline: bool
    inherited: bool
    definite: bool = False
    vaguer_than: str = ""


def day_said(event: Event) -> str:
    """The words of its own sentence that say its day, or nothing; the day may be that of an earlier sentence."""
    words = event.date.text if event.date else None
    return words if words and words in event.sentence.text else ""


def words_before(event: Event) -> str:
    """The words of its sentence before its trigger, in small letters."""
    return event.sentence.text[: event.trigger.start - event.sentence.start].lower()


def borders(event: Event) -> tuple[Place, ...]:
    """The border itself, which is a place of every part."""
    return tuple(place for place in event.location if place.is_border)


def at_border_of(event: Event, other: Event) -> dict[str, object]:
    """What changes in an event that takes the border and those who act there from another."""
    return {
        "border_incident": True,
        "location": tuple(dict.fromkeys((*event.location, *borders(other)))),
        "actor": (*event.actor, *(mention for mention in other.actor if mention not in event.actor)),
    }
