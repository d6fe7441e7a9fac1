"""The outlets, places and actors that sightings name."""

from collections.abc import Iterable
from typing import Final

from services.alerter.standing import Judged
from services.core.kinds import Term
from services.core.sighting import Sighting, Verdict

_MAX_TERM = 80
"""Characters of a term that are kept; names are shorter, and memory is bounded."""

_UNKNOWN: Final = "UNK"
"""Begins the id of a party of which no more is known than that there was one."""

_ONE: Final = {Term.OUTLETS: "outlet", Term.PLACES: "place", Term.ACTORS: "actor"}


def terms_of(sighting: Sighting, of: Term) -> tuple[str, ...]:
    """The terms that a sighting names; none where its sentence tells no place or actor."""
    match of:
        case Term.OUTLETS:
            found: tuple[str, ...] = (sighting.article.outlet,)
        case Term.PLACES:
            found = (sighting.place.name,) if sighting.place else ()
        case Term.ACTORS:
            found = tuple(actor for actor in sighting.actors if not actor.startswith(_UNKNOWN))
    return tuple(dict.fromkeys(term[:_MAX_TERM] for term in found if term))


def distinct(sightings: Iterable[Sighting], of: Term) -> tuple[str, ...]:
    """The different terms that sightings name, in alphabetical order."""
    return tuple(sorted({term for sighting in sightings for term in terms_of(sighting, of)}))


def term_verdict(sighting: Sighting, of: Term, known: set[str]) -> Judged:
    """Whether a sighting adds a term to those ``known``, to which its terms are added."""
    terms = terms_of(sighting, of)
    fresh = [term for term in terms if term not in known]
    known.update(terms)
    if fresh:
        return Judged(sighting, Verdict.COUNTED, f"{_ONE[of]}: {', '.join(fresh)}")
    why = f"{', '.join(terms)} counts once" if terms else f"names no {_ONE[of]}"
    return Judged(sighting, Verdict.SAME_TERM, why)


def names(of: Term, number: int) -> str:
    """``place`` or ``places``, by their number."""
    return _ONE[of] if number == 1 else of.value
