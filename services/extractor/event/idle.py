"""Whether an opened article tells nothing: asked by its bare words, then once its triggers are parsed."""

from services.extractor.event import accidents, figurative, harmless
from services.extractor.reading.harm import may_age, may_total
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import CALM, Find


def idle(glimpse: Story) -> bool:
    """Whether nothing can come of an article, however its sentences are parsed and whoever is named in them.

    No word of it can be a trigger but those that are said of accidents, matches, goods, thefts; no verbal act stands in
    the sentence of one; and no running total is told.
    """
    for reading in glimpse.readings:
        if (reading.live and reading.acts) or may_total(reading.words) or may_age(reading.words):
            return False
    if figurative.of_a_genre(glimpse) and not any(reading.hurts or _kills(reading) for reading in glimpse.readings):
        return True
    return all(_dismissed(glimpse, reading, find) for reading in glimpse.readings for find in reading.finds)


def _kills(reading: Reading) -> bool:
    """*riddled with bullets*: words of a killing that are said of nothing else."""
    return any(find.sense == "kill" and find.trigger.strength >= _SURE for find in reading.finds)


_SURE = 0.75


def _dismissed(glimpse: Story, reading: Reading, find: Find) -> bool:
    return (
        find.sense == CALM
        or accidents.worded(glimpse, reading, find)
        or harmless.worded(reading, find)
        or figurative.worded(glimpse, reading, find)
    )
