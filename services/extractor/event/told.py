"""An event on its way out, with what the article-level stages compare and the wire does not carry."""

from dataclasses import dataclass

from services.core.event import Event
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
