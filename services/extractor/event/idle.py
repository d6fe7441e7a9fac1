"""Whether an article tells nothing, by its bare words: asked of every opened article before a word of it is parsed."""

from services.extractor.event import accidents, harmless
from services.extractor.event.figurative import of_a_genre
from services.extractor.event.tolls import total
from services.extractor.reading.casualties import may_hurt
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find


def idle(glimpse: Story) -> bool:
    """Whether nothing can come of an article, however its sentences are parsed and whoever is named in them.

    No word of it can be a trigger but those that are said of accidents, matches, goods, thefts; no verbal act stands in
    the sentence of one; and no running total is told.
    """
    if any(_speaks(reading) or _totals(reading) for reading in glimpse.readings):
        return False
    hurt = any(reading.figures or _may_hurt(reading) for reading in glimpse.readings)
    if of_a_genre(glimpse) and not hurt:
        return True
    return all(_dismissed(glimpse, reading, find) for reading in glimpse.readings for find in reading.finds)


def _speaks(reading: Reading) -> bool:
    return reading.live and bool(reading.acts)


def _totals(reading: Reading) -> bool:
    return _may_hurt(reading) or total(reading)


def _may_hurt(reading: Reading) -> bool:
    """Whether a parse may yet find a figure; without one, figures are final."""
    return bool(reading.live or reading.acts) and may_hurt(reading.words)


def _dismissed(glimpse: Story, reading: Reading, find: Find) -> bool:
    return accidents.worded(glimpse, reading, find) or harmless.worded(reading.words, find)
