"""*A helicopter fired rockets at the village. Two women died*: who came to harm, told in the next sentence."""

from collections.abc import Iterator
from dataclasses import replace

from services.core.event import Casualty
from services.extractor.event.past import background
from services.extractor.event.told import CURRENT, Told
from services.extractor.reading.read import Reading, Story
from services.extractor.text.closed import closed

_FORCE = closed("border.force") - {"overrun", "control", "capture", "recapture", "breach"}
_HARM = frozenset({"killed", "wounded", "killed_or_wounded"})
_MAYBE = frozenset({"if", "may", "might", "could", "would", "will", "not", "never", "had", "since", "elsewhere"})
"""Words with which a sentence tells of another day or place, or of what has not been."""


def with_harm(story: Story, mentions: tuple[Told, ...]) -> Iterator[Told]:
    """The mentions; the last of a sentence in which nobody is hurt with the figures of the next that tells no deed."""
    busy = {item.sentence for item in mentions}
    last = {item.sentence: item for item in mentions if item.sense in _FORCE}
    for item in mentions:
        able = item is last.get(item.sentence) and item.event.modality in CURRENT and not item.event.casualties
        harm = _harm_behind(story, item) if able and item.sentence + 1 not in busy and not item.headline else ()
        yield replace(item, event=item.event.model_copy(update={"casualties": harm})) if harm else item


def _harm_behind(story: Story, item: Told) -> tuple[Casualty, ...]:
    after = story.readings[item.sentence + 1 : item.sentence + 2]
    return next((_harm(story, reading) for reading in after), ())


def _harm(story: Story, reading: Reading) -> tuple[Casualty, ...]:
    figures = tuple(figure.casualty for figure in reading.figures)
    told = bool(figures) and all(one.kind in _HARM and not one.cumulative for one in figures)
    placed = any(name.site for name in reading.names)
    other = placed or reading.dates or not reading.words.lowers.isdisjoint(_MAYBE) or background(story, reading)
    return figures if told and not other else ()
