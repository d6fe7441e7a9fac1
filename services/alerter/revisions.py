"""Which revision of an article stands when. Pure, of the set of what is known of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.core.sighting import Revision, Sighting


@dataclass(frozen=True)
class Edits:
    """For the id of each article with several revisions when each was first fetched, the first one first."""

    of: Mapping[str, tuple[tuple[datetime, str], ...]]

    def stands(self, sighting: Sighting) -> tuple[datetime, datetime | None]:
        """From when until when a sighting's revision stands: until the next one was fetched, None if it is the last.

        The first stands from the article's publication. What a later one says is known from when it was fetched.
        """
        edits = self.of.get(sighting.article.id)
        if edits is None:
            return sighting.at, None
        number = next(n for n, (_, revision) in enumerate(edits) if revision == sighting.article.revision)
        starts = max(sighting.at, edits[number][0]) if number else sighting.at
        return starts, edits[number + 1][0] if number + 1 < len(edits) else None


def edits_of(sightings: Iterable[Sighting], revised: Iterable[Revision]) -> Edits:
    """What the sightings themselves and the records of revisions tell."""
    fetched: dict[str, dict[str, datetime]] = {}
    for sighting in sightings:
        article = sighting.article
        _note(fetched.setdefault(article.id, {}), article.revision, article.fetched)
    for record in revised:
        for revision, moment in record.fetched.items():
            _note(fetched.setdefault(record.article_id, {}), revision, moment)
    several = ((ident, known) for ident, known in fetched.items() if len(known) > 1)
    return Edits({ident: tuple(sorted((at, name) for name, at in known.items())) for ident, known in several})


def _note(known: dict[str, datetime], revision: str, moment: datetime) -> None:
    earlier = known.get(revision)
    if earlier is None or moment < earlier:
        known[revision] = moment
