"""What kind of article it is: of an exercise or from a courtroom nothing that it tells happens now."""

from services.extractor.closed import closed
from services.extractor.read import Reading, Story
from services.extractor.triggers import Find

_EXERCISE = closed("setting.exercise")
_COURT = closed("setting.court")
_CIVIC = frozenset({"arrest", "protest", "agreement", "disperse", "riot"})
_OPENING = 3


def setting_of(story: Story, reading: Reading, find: Find) -> str:
    """The word that tells of a mere exercise or of a case in court, or nothing."""
    exercise = sum(story.vocabulary[word] for word in _EXERCISE)
    if exercise >= _TELLING and not any(other.figures for other in story.readings):
        return next(word for word in story.vocabulary if word in _EXERCISE)
    if find.sense in _CIVIC or any(when.precision <= _DAYS and not when.since for when in reading.dates):
        return ""
    opening = {word.lower for other in story.readings[:_OPENING] for word in other.words}
    court = sorted(opening & _COURT)
    return court[0] if len(court) >= _TELLING else ""


_TELLING = 2
_DAYS = 2
"""Precision of a date that says a day or a week: what is dated so close is news even in a court report."""
