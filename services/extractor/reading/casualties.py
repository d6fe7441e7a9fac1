"""Figures of victims and losses: how many of whom, killed or wounded, today's or a running total."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from services.core.event import Casualty
from services.extractor.names.name import Name
from services.extractor.reading.companions import companions
from services.extractor.reading.counts import numbers_in
from services.extractor.reading.harm import COUNTED, adds_up, harms, may_hurt
from services.extractor.reading.hurt import does, harm_of
from services.extractor.reading.lexicon import lexicon
from services.extractor.text.closed import closed
from services.extractor.text.grammar import PREPOSITIONS
from services.extractor.text.numbers import Number
from services.extractor.text.words import Words

_RISE = closed("casualties.rise")
_RISEN = _RISE | {"than", "least", "over"}
_PERSONS = closed("casualties.persons")
_UNITS = closed("casualties.units") - _PERSONS
_BEASTS = closed("casualties.beasts")


@dataclass(frozen=True, slots=True)
class Figure:
    """A casualty with the words it stands on."""

    casualty: Casualty
    start: int
    end: int


def figures_in(words: Words, text: str, names: tuple[Name, ...], speaker: Name | None) -> tuple[Figure, ...]:
    """The casualty figures of a sentence in order. ``text`` is the uniform text of the article."""
    numbers = list(numbers_in(words)) if may_hurt(words) else []
    found: list[Figure] = []
    for k in range(len(numbers)):
        figure = _figure(words, numbers, k, _Side(names, speaker, tuple(found), text))
        if figure:
            found.append(figure)
            more = companions(words, figure.end, figure.casualty, _victims().keys())
            found += [Figure(casualty, figure.end, figure.end + 1) for casualty in more]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Side:
    names: tuple[Name, ...]
    speaker: Name | None
    before: tuple[Figure, ...]
    text: str


_NEAR = 3
"""Words between a number without a noun and its harm."""


def _figure(words: Words, numbers: list[Number], k: int, side: _Side) -> Figure | None:
    number = numbers[k]
    low = numbers[k - 1].end if k else 0
    high = numbers[k + 1].start if k + 1 < len(numbers) else len(words)
    article = words[number.start].lower in {"a", "an"}
    who, noun_end = _who(words, number.end, min(high, number.end + 2) if article else high)
    if (article and (who not in {"civilian", "military"} or _says(words, number))) or _no_count(words, number):
        return None
    risen = _risen(words, number, low)
    if risen and who != "equipment":
        hurt = not _HURT.isdisjoint(words.forms[max(low, risen[1] - 1) : number.start])
        found = _Found(who or risen[0], max(noun_end, number.end), "wounded" if hurt else "killed", risen[1])
        return _made(words, number, found, side)
    if noun_end < 0:
        return None
    said = who is not None and noun_end < len(words) and words[noun_end].lower in {"was", "were"}
    broken = None if said else _listed(words, number, who, side.before)
    behind = (noun_end, _over_list(words, numbers, k, noun_end))
    harm = broken if broken and who is None else harm_of(words, (low, number.start), behind) or broken
    if (
        harm is None
        or (who is None and harm[0] == "destroyed" and _thing(words, number))
        or not _CLAUSES.isdisjoint(words.forms[harm[1] : number.start])
        or (article and does(words, noun_end, harm[1]))
        or (who is None and not -_NEAR <= harm[1] - number.end <= _NEAR and harm[1] != number.start - 1)
    ):
        return None
    if broken and harm is broken:
        return _like(_made(words, number, _Found(who or "unspecified", noun_end, *harm), side), side.before[-1], who)
    return _made(words, number, _Found(who or "unspecified", noun_end, *harm), side)


def _thing(words: Words, number: Number) -> bool:
    """*two caves had been destroyed*: what is counted is a noun that no class of victims lists."""
    return number.end < len(words) and words[number.end].tag in _NOUNS and words[number.end].lower not in harms()


_CLAUSES = frozenset({"when", "after", "while", "where"})
"""*killed when two drones came down*, *wounded after ten gunmen stormed in*: of another clause than the harm."""


def _over_list(words: Words, numbers: list[Number], k: int, noun_end: int) -> int:
    """*three engineers and a cook were killed*: how far behind a number to look for harm, past those joined to it."""
    while k + 1 < len(numbers) and noun_end < numbers[k + 1].start:
        if not {*words.forms[noun_end : numbers[k + 1].start]} <= _AND:
            return numbers[k + 1].start
        k += 1
        _, noun_end = _who(words, numbers[k].end, len(words))
    return numbers[k + 1].start if k + 1 < len(numbers) else len(words)


_NOUNS = frozenset({"NN", "NNS", ""})
_AND = frozenset({"and", ",", "as", "well", "plus"})


def _like(figure: Figure, before: Figure, who: str | None) -> Figure:
    """A figure of a list, with what it shares with the one before."""
    first = before.casualty
    shared = {"cumulative": figure.casualty.cumulative or first.cumulative, "who": who or first.who}
    return replace(figure, casualty=figure.casualty.model_copy(update=shared))


def _risen(words: Words, number: Number, low: int) -> tuple[str, int] | None:
    """*death toll rises to 95*, *the number of casualties has risen to 31*: who, and where the count is named."""
    before = words[number.start - 1].lower if number.start else ""
    if before not in _RISEN and words[number.start].lower not in _RISE:
        return None
    for k in range(number.start - 1, max(low - 1, number.start - _FAR), -1):
        total = words[k].lower in {"number", "count"} and words[k + 1].lower == "of"
        if total or words[k].lower in COUNTED:
            near = set(words.forms[max(low, k - 3) : number.start])
            kinds = [who for who in map(_victims().get, near) if who and who != "unspecified"]
            return ("military" if "military" in near else kinds[0] if kinds else "unspecified"), k
    return None


_HURT = frozenset({"wounded", "injured", "hurt", "injuries"})
_FAR = 20
"""Words between *death toll* and its figure: *the death toll from ... has risen to 59*."""


def _listed(words: Words, number: Number, who: str | None, before: tuple[Figure, ...]) -> tuple[str, int] | None:
    """A figure in a list goes on with the harm of the one before; *nine in X and two in Y* breaks it down."""
    if not before:
        return None
    between = set(words.forms[before[-1].end : number.start])
    breakdown = number.end < len(words) and words[number.end].lower in {"in", "on"}
    if (who is not None and not between & {".", ";"}) or breakdown:
        return before[-1].casualty.kind, number.end if breakdown else before[-1].end
    return None


def _no_count(words: Words, number: Number) -> bool:
    """*aged 27*, *half past nine*; *Amina Khalil, 71, died*: a number between commas behind a name."""
    aged = (
        words.forms[number.start - 1] == "of" and words.forms[number.start - 2] in _AGED if number.start > 1 else False
    )
    if aged or words[max(number.start - 1, 0)].lower in _NO_COUNT or _did_it(words, number):
        return True
    if number.start < 2 or number.end >= len(words) or number.end - number.start != 1:
        return False
    name, comma, after = words[number.start - 2], words[number.start - 1].text, words[number.end].text
    return comma == "," == after and ((name.text[:1].isupper() and name.pos in {"PROPN", ""}) or name.tag == "NN")


def _says(words: Words, number: Number) -> bool:
    """*those killed were shot in the back, a doctor said*: who tells of it."""
    if not number.start or words[number.start - 1].text != ",":
        return False
    behind = takewhile(lambda form: form != ",", words.forms[number.end : number.end + _TELLS])
    return not _SPEECH.isdisjoint(behind)


_TELLS = 8
_SPEECH = closed("attribution.speech")


def _did_it(words: Words, number: Number) -> bool:
    """*killed by two gunmen*: who did it is none of the victims."""
    return number.start > 1 and words[number.start - 1].lower == "by" and words[number.start - 2].lower in harms()


_AGED = frozenset({"boy", "girl", "man", "woman", "child", "son", "daughter", "pupil", "widow", "youth", "grandson"})
"""*a boy of nine*: an age."""
_NO_COUNT = frozenset({"no", "how", "past", "until", "till", "aged", "age", "chapter", "day", "number"})


@dataclass(frozen=True, slots=True)
class _Found:
    who: str
    noun_end: int
    kind: str
    at: int


def _who(words: Words, start: int, high: int) -> tuple[str | None, int]:
    """The kind of victim behind a number, and where its noun ends; a unit of measure gives (None, -1)."""
    for k in range(start, min(start + 6, high)):
        word = words[k].lower
        if word in _UNITS or word in _BEASTS:
            return None, -1
        who = _victims().get(word)
        if who:
            return who, k if word in harms() else k + 1  # *left seven dead*: who and what became of them in one word
        if word in harms():
            return None, k
        if word in _STOPS:
            break
    return None, start


_STOPS = (PREPOSITIONS - {"of"}) | {",", ".", "and", '"', "–", ";", "was", "were", "have", "has"}
_CLASSES = (
    ("military", ("soldier", "fighter")),
    ("equipment", ("equipment",)),
    ("civilian", ("civilian", "protester")),
)


@cache
def _victims() -> Mapping[str, str]:
    """Who somebody is, by the word for them; of a word in several classes the first."""
    known = ((word, who) for who, names in reversed(_CLASSES) for name in names for word in lexicon().classes[name])
    return dict(known) | dict.fromkeys(_PERSONS, "unspecified")


def _made(words: Words, number: Number, found: _Found, side: _Side) -> Figure:
    start, end = min(number.start, found.at), max(found.noun_end, number.end, found.at + 1)
    if found.at < number.start:
        start = number.start if number.start - found.at > 4 else found.at
        end = max(found.noun_end, number.end)
    kind = found.kind
    before = {word.lower for word in words[max(0, number.start - 3) : number.start]}
    flew = found.who == "military" and _ON_FOOT.isdisjoint(words.forms[number.end : found.noun_end + 1])
    if flew and ("downed" in before or {"shot", "down"} <= before):
        found = _Found("equipment", found.noun_end, "destroyed", found.at)
    if found.who == "equipment" and kind in {"killed", "casualty"}:
        kind = "destroyed"
    if found.who != "equipment" and kind == "destroyed":
        kind = "killed_or_wounded" if "wounded" in words.forms[number.end : number.end + 12] else "killed"
    casualty = Casualty(
        kind=kind,
        who=found.who,
        side=_side_of(words, number, end, side, who=found.who),
        count=number.value,
        qualifier=number.qualifier,
        cumulative=_cumulative(words, number),
        text=side.text[words[start].start : words[end - 1].end],
    )
    return Figure(casualty, start, end)


_ON_FOOT = frozenset({"militant", "militants", "terrorist", "terrorists", "gunman", "gunmen", "rebel", "rebels"})


def _side_of(words: Words, number: Number, end: int, side: _Side, *, who: str) -> str | None:
    owner = next((name for name in side.names if _owns(words, name, number, end, who=who)), None)
    if owner:
        return owner.id if owner.sector in {"MIL", "CVL"} else owner.country
    near = set(words.forms[number.start : end])
    own = near & {"its", "their"} or (near & _SERVING and _of_speaker(number, side))
    return (side.speaker.country or None) if side.speaker and own else None


def _owns(words: Words, name: Name, number: Number, end: int, *, who: str) -> bool:
    """Whether victims are of a name: it stands in their phrase or right behind it; where civilians were says it too."""
    if not (number.start <= name.start < end + 3 and name.country):
        return False
    place = name.kind == "place" or name.capital
    apart = _APART - _IN if who != "military" else _APART
    return not (place and who == "military") and apart.isdisjoint(words.forms[number.end : name.start])


_IN = frozenset({"in", "at", "near"})
_APART = _IN | {",", ";", "by", "including", "after", "when", "during", "against", "with"}


def _of_speaker(number: Number, side: _Side) -> bool:
    """*the army said two soldiers died*: its own, where no other force was named before."""
    speaker = side.speaker
    if speaker is None or speaker.sector not in {"MIL", "MOD"}:
        return False
    return not any(name.country not in {"", speaker.country} for name in side.names if name.start < number.start)


_SERVING = frozenset({"soldier", "soldiers", "serviceman", "servicemen", "troops", "marine", "marines", "sailors"})
"""Whom an army that speaks of them without a word more counts among its own."""


def _cumulative(words: Words, number: Number) -> bool:
    """A running total: said so in the clause, or a verb of rising before the number."""
    low = max((w.i for w in words[: number.start] if w.lower in {",", ";", "while", "as"}), default=0)
    high = next((w.i for w in words[number.end :] if w.lower in {";", "while", "bringing"}), len(words))
    total = "total" in words.forms[max(low, number.start - 4) : number.end + 6]
    return adds_up([form for form in words.forms[low:high] if total or form != "total"])
