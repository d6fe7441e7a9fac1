"""Who says so: speech verbs before and behind what they report, *according to*, pronoun speakers, the agency it came by."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.extractor.forms import verb_forms
from services.extractor.names import Name
from services.extractor.words import Words

_SPEECH = frozenset(
    form
    for verb in "say tell report announce claim state add declare confirm note stress indicate admit acknowledge reveal insist "
    "reiterate write tweet allege underline recall explain publish".split()
    for form in verb_forms(verb)
) - frozenset({"state", "states", "stating", "report", "claim", "claims", "note", "notes", "reports", "stress"})
_PRONOUNS = frozenset("he she it they i we".split())
_DEFINITE = frozenset(
    "ministry official officials spokesman spokeswoman spokesperson organisation organization leader commander statement "
    "president minister agency army military authorities group source".split()
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who stands behind the words from ``start`` to ``end``."""

    start: int
    end: int
    who: tuple[Name, ...]
    via: str | None = None


def claims_in(words: Words, names: tuple[Name, ...], last: Name | None) -> tuple[Claim, ...]:
    """The attributions of a sentence; ``last`` is who spoke before, for pronouns."""
    return tuple(_claims(words, names, last))


def _claims(words: Words, names: tuple[Name, ...], last: Name | None) -> Iterator[Claim]:
    for word in words:
        if word.lower == "according" and word.i + 2 < len(words) and words[word.i + 1].lower == "to":
            speaker = _first(names, word.i + 2, word.i + 7)
            if speaker:
                yield Claim(0, word.i, (speaker,))
                yield Claim(speaker.end, len(words), (speaker,))
        elif word.lower in _SPEECH and not _noun_use(words, word.i):
            yield from _speech(words, names, word.i, last)


def _speech(words: Words, names: tuple[Name, ...], verb: int, last: Name | None) -> Iterator[Claim]:
    who = _subject(words, names, verb, last)
    if not who:
        return
    via = _told(words, names, verb)
    opens = _opening(words, who[0].start if who[0].start < verb else verb)
    if _closes(words, verb) and opens > 0:
        yield Claim(0, opens, who, via)
    else:
        yield Claim(verb + 1, _end(words, verb), who, via)


def _subject(words: Words, names: tuple[Name, ...], verb: int, last: Name | None) -> tuple[Name, ...]:
    """The nearest party before the verb in its clause, or the one a pronoun stands for."""
    start = verb
    while start and words[start - 1].lower not in {",", ";", ":", '"', "that", "which", "after", "while", "as", "but"}:
        start -= 1
    near = [name for name in names if start <= name.start < verb and name.kind not in {"place", "demonym"}]
    if near:
        return (near[0],)
    wider = [name for name in names if verb - 14 <= name.start < verb and name.kind not in {"place", "demonym"}]
    if any(words[k].lower in _PRONOUNS for k in range(start, verb)):
        return (last,) if last else tuple(wider[-1:])
    if any(words[k].lower in _DEFINITE for k in range(start, verb)):
        return (last,) if last else ()
    after = [name for name in names if verb < name.start <= verb + 3 and name.party]
    return tuple(wider[-1:]) or (tuple(after[:1]) if verb and words[verb - 1].lower in {'"', ","} else ())


def _first(names: tuple[Name, ...], start: int, end: int) -> Name | None:
    return next((name for name in names if start <= name.start < end and name.kind not in {"place", "demonym"}), None)


def _noun_use(words: Words, i: int) -> bool:
    before = words[i - 1].lower if i else ""
    return before in {
        "the",
        "a",
        "an",
        "its",
        "his",
        "their",
        "her",
        "of",
        "no",
        "be",
        "been",
        "being",
        "is",
        "was",
        "were",
    }


def _told(words: Words, names: tuple[Name, ...], verb: int) -> str | None:
    if words[verb].lower not in {"told", "tell", "tells"}:
        return None
    agency = next((name for name in names if verb < name.start <= verb + 4 and name.kind == "media"), None)
    return agency.text if agency else None


def _opening(words: Words, at: int) -> int:
    """The comma or closing quote that ends the report before its speaker."""
    for k in range(at, max(at - 10, 0), -1):
        if words[k - 1].lower in {",", '"', ',"'}:
            return k - 1
    return 0


def _closes(words: Words, verb: int) -> bool:
    """Whether the speech verb stands at the end, behind what it reports."""
    tail = [word.lower for word in words[verb + 1 :]]
    return len([word for word in tail if word.isalnum()]) <= 6 or (
        bool(tail)
        and verb + 1 < len(words)
        and tail[0] in {"on", "in", "during", "at"}
        and len(tail) <= 24
        and "that" not in tail
    )


def _end(words: Words, verb: int) -> int:
    """Where the report ends: at *but* with another subject, else with the sentence."""
    for k in range(verb + 2, len(words)):
        if words[k].lower in {"but", "while"} and words[k - 1].lower in {",", '"'}:
            return k
    return len(words)
