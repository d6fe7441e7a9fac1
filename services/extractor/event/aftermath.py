"""*A helicopter fired rockets at the village. Two women died*: who came to harm, told in the next sentences."""

from collections.abc import Iterator, Set
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
    """The mentions; the last of a sentence with the kinds of harm that only the next sentences count."""
    busy = {item.sentence for item in mentions}
    last = {item.sentence: item for item in mentions if item.sense in _FORCE}
    for item in mentions:
        able = item is last.get(item.sentence) and item.event.modality in CURRENT and not item.headline
        known = item.event.casualties
        harm = tuple(_harm_behind(story, item.sentence, busy, {one.kind for one in known})) if able else ()
        yield replace(item, event=item.event.model_copy(update={"casualties": (*known, *harm)})) if harm else item


def _harm_behind(story: Story, sentence: int, busy: Set[int], known: set[str]) -> Iterator[Casualty]:
    """What the next sentences count until one tells a deed, a day or a place of its own; of each kind the first."""
    for reading in story.readings[sentence + 1 : sentence + 1 + _BEHIND]:
        if reading.number in busy or reading.dates or any(name.site for name in reading.names):
            return
        for casualty in _harm(story, reading):
            if casualty.kind not in known:
                known.add(casualty.kind)
                yield casualty


_BEHIND = 3


def _harm(story: Story, reading: Reading) -> tuple[Casualty, ...]:
    figures = tuple(figure.casualty for figure in reading.figures)
    told = bool(figures) and all(one.kind in _HARM and not one.cumulative for one in figures)
    other = not reading.words.lowers.isdisjoint(_MAYBE) or bool(background(story, reading))
    return figures if told and not other else ()
