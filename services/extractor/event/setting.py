"""What kind of article it is: of an exercise, from a courtroom or in memory of old times, it tells of nothing new."""

import re
from datetime import timedelta
from functools import lru_cache

from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find
from services.extractor.text.closed import closed
from services.extractor.text.dates import When, dates_in

_EXERCISE = closed("setting.exercise")
_COURT = closed("setting.court")
_MEMORY = closed("setting.memory")
_CIVIC = frozenset({"arrest", "protest", "agreement", "disperse", "riot"})
_OPENING = 3
_OLD = timedelta(days=300)
_RECENT = timedelta(days=31)


def setting_of(story: Story, reading: Reading, find: Find) -> str:
    """The word that tells of a mere exercise, of a case in court or of an old war, or nothing."""
    if story_of_no_news := _exercise(story) or _obituary(story):
        return story_of_no_news
    near = min(reading.dates, key=lambda when: abs(when.start - _at(reading, find)), default=None)
    if _is_civic(story, reading, find) or (
        near and near.precision <= _DAYS and not near.since and not near.said and not _old(story, near)
    ):
        return ""
    if story.today is None and not lexicon().classes["dayword"].isdisjoint(reading.words.lowers):
        return ""  # without a date of publication no weekday is one either
    court = _court(story)
    old = sorted(_opening(story, 1) & _MEMORY) if _had(reading, find) else []
    return court[0] if len(court) >= _TELLING else next(iter(old), _memory(story))


def _is_civic(story: Story, reading: Reading, find: Find) -> bool:
    """Whether courts deal with what is done in towns today; not *shot dead nine people and set the hall on fire*."""
    crime = find.sense == "riot" and any(other.sense in {"kill", "attack"} for other in reading.finds)
    return find.sense in _CIVIC and not (crime and len(_court(story)) >= _TELLING)


@lru_cache(maxsize=1)
def _court(story: Story) -> list[str]:
    return sorted(_opening(story, _OPENING) & _COURT)


def _had(reading: Reading, find: Find) -> bool:
    return "had" in reading.words.forms[max(0, find.head - 3) : find.head]


@lru_cache(maxsize=1)
def _exercise(story: Story) -> str:
    heading = re.match(r"\W*([\w-]+)\s*:", story.article.title.lower())
    if heading and heading.group(1) in _EXERCISE:
        return heading.group(1)
    exercise = sum(story.vocabulary[word] for word in _EXERCISE) + len(_title(story) & _EXERCISE)
    marked = (other for other in story.readings if not _MARKS.isdisjoint(other.words.lowers))
    exercise += any(_quoted(other, at) for other in marked for at in range(len(other.words)) if _armed(other, at))
    real = any(
        figure.casualty.who != "equipment" and not _quoted(other, figure.start) and not other.words.lowers & _PLAYED
        for other in story.readings
        for figure in other.figures
        if not any(_old(story, when) for when in other.dates)
    )
    if exercise < _TELLING or real:
        return ""
    return min(_EXERCISE & (story.vocabulary.keys() | _title(story)))


@lru_cache(maxsize=1)
def _obituary(story: Story) -> str:
    """The words that say that a life is told, whose wars are long over."""
    first = " ".join((story.article.title, *(other.sentence.text for other in story.readings[:2])))
    found = _LIFE.search(first)
    return found.group() if found else ""


_LIFE = re.compile(
    r"\bObituary\b|\bwho (?:has )?died\b(?:(?!shot|shoot|wound|attack|blast|custody|kill|injur|after|when)[^.;]){0,40}"
    r"\b(?:aged|at the age of) (?:[5-9]\d|1[01]\d)\b"
)
"""Not: *a driver who died of his wounds aged 61*."""


def _quoted(reading: Reading, start: int) -> bool:
    """*killed eleven "terrorists"*: marks around who came to harm."""
    return any(word.text in _MARKS for word in reading.words[start : start + 3])


def _armed(reading: Reading, at: int) -> bool:
    """Whether a mark stands before a word of those who fight or suffer: *a "terrorist" leader*."""
    after = reading.words[at + 1].lower if at + 1 < len(reading.words) else ""
    return reading.words[at].text in _MARKS and after in _ROLES | _DONE


_ROLES = closed("setting.roles")
_DONE = closed("setting.done")
"""What an exercise does to its towns and depots, in marks."""
_MARKS = frozenset({'"', "\u201c", "\u2018", "``"})


def _opening(story: Story, number: int) -> set[str]:
    return _title(story).union(*(other.words.lowers for other in story.readings[:number]))


@lru_cache(maxsize=1)
def _title(story: Story) -> set[str]:
    return {word.strip(".,:;!?\u2018\u2019\u201c\u201d\"'") for word in story.article.title.lower().split()}


def _at(reading: Reading, find: Find) -> int:
    return reading.words[find.head].start - reading.sentence.start


@lru_cache(maxsize=1)
def _memory(story: Story) -> str:
    """Why the article looks back: words of memory or an old date at its head, and no date of these days."""
    head = [when for other in story.readings[:1] for when in other.dates if not when.compared and not when.since]
    dates = [*dates_in(story.article.title, story.today), *head]
    if any(_fresh(story, when) for when in dates):
        return ""
    words = sorted(_opening(story, 1) & _MEMORY)
    if words == ["anniversary"] and any(_ON_THE_DAY.search(other.sentence.text) for other in story.readings[:1]):
        words = []
    words += [found.group() for found in [_YEARS_ON.search(story.article.title.lower())] if found]
    words += [found.group() for other in story.readings[:1] for found in [_FIRST.search(other.sentence.text)] if found]
    old = [when.text for when in dates if _old(story, when)]
    return next(iter((*words, *old)), "")


_ON_THE_DAY = re.compile(
    r"\b(?:hits?|strikes?|struck|kill(?:s|ed)?|attack(?:s|ed)?|march(?:e[ds])?|rall(?:y|ied)|explode[ds]?)\b"
    r"[^.;]{0,60} on (?:the )?[\w/.-]+ anniversary\b(?! of)"
)
"""*rocket hits the quarter on 9/11 anniversary*: no more than the day on which it is done."""
_FIRST = re.compile(
    r"(?:^|[\u2013\u2014-]\s)(?:More than |Almost |Nearly )?[\w-]+ (?:years|decades) (?:after|since|ago|later)\b"
)
_YEARS_ON = re.compile(r"\b(?:years?|decades?) (?:after|on|since|later)\b")


def _old(story: Story, when: When) -> bool:
    return story.today is not None and story.today - when.last > _OLD


def _fresh(story: Story, when: When) -> bool:
    return story.today is not None and when.precision <= _DAYS and story.today - when.last <= _RECENT


_PLAYED = frozenset({"played", "playing", "plays", "pretended", "pretending", "acted"})
"""*Ninety students played the dead*."""
_TELLING = 2
_DAYS = 2
"""Precision of a date that says a day or a week: what is dated so close is news even in a court report."""
