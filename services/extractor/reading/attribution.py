"""Who says so: speech verbs before and behind the report, *according to*, pronoun speakers, agencies."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.extractor.names.name import Name
from services.extractor.text import tree
from services.extractor.text.clauses import clause_starts
from services.extractor.text.closed import closed
from services.extractor.text.grammar import PRONOUNS
from services.extractor.text.words import Words

_SPEECH = closed("attribution.speech")
_EITHER = closed("attribution.either")
_TELLING = _SPEECH | _EITHER | {"according"}
_DEFINITE = closed("attribution.definite")
_KNOWN = PRONOUNS | _DEFINITE
_NOUN_BEFORE = closed("attribution.noun_before")
_ANEW = closed("attribution.turns") | _SPEECH
_UNNAMED = frozenset({"UNK-GOV", "UNK-PRES", "UNK-MOD", "UNK-MIL"})


@dataclass(frozen=True, slots=True)
class Claim:
    """Who stands behind the words from ``start`` to ``end``."""

    start: int
    end: int
    who: tuple[Name, ...]
    via: str | None = None


def claims_in(words: Words, names: tuple[Name, ...], last: Name | None) -> tuple[Claim, ...]:
    """The attributions of a sentence; ``last`` is who spoke before, for pronouns."""
    found: list[Claim] = []
    for i in [i for i, form in enumerate(words.forms) if form in _TELLING or form[:6] == "declar"]:
        if words[i].lower == "according" and i + 2 < len(words) and words[i + 1].lower == "to":
            found += _according(words, names, i)
        elif _speaks(words, i):
            found += _speech(words, names, i, (found[-1].who[0] if found else None, last))
    return tuple(found) or _quoted(words, last)


def _quoted(words: Words, last: Name | None) -> tuple[Claim, ...]:
    """A sentence that is a quotation throughout is said by who spoke last."""
    if last and words and words[0].lower == '"' and words[-1].lower == '"':
        return (Claim(0, len(words), (last,)),)
    return ()


def _according(words: Words, names: tuple[Name, ...], at: int) -> Iterator[Claim]:
    speaker = next((name for name in names if at + 2 <= name.start < at + 7 and _can_speak(name)), None)
    if speaker:
        yield Claim(0, at, (speaker,))
        yield Claim(speaker.end, len(words), (speaker,))


def _speaks(words: Words, i: int) -> bool:
    """Whether a word is a verb of speech here; those that are also nouns need a tag that says so."""
    word = words[i]
    if word.lower in _EITHER:
        return word.pos == "VERB"
    if word.lower.startswith("declar"):
        return "that" in words.forms[i + 1 : i + 4]
    before = words[i - 1].lower if i else ""
    return word.lower in _SPEECH and before not in _NOUN_BEFORE and word.pos != "ADJ" and not _of_lives(words, i)


def _of_lives(words: Words, i: int) -> bool:
    """*the firing claimed two lives*: nobody says anything."""
    return words[i].lower.startswith("claim") and not _LIVES.isdisjoint(words.forms[i + 1 : i + 5])


_LIVES = frozenset({"life", "lives", "victim", "victims"})


def _speech(
    words: Words, names: tuple[Name, ...], verb: int, before: tuple[Name | None, Name | None]
) -> Iterator[Claim]:
    """The claim of one verb of speech; ``before`` holds who spoke earlier in the sentence, and in the one before."""
    who = _subject(words, names, verb, before)
    if who is None:
        return
    via = _told(words, names, verb)
    opens = _opening(words, who.start if who.start < verb and who in names else verb)
    if opens > 0 and _closes(words, verb):
        yield Claim(0, opens, (who,), via)
    else:
        yield Claim(verb + 1, _end(words, verb), (who,), via)


def _subject(words: Words, names: tuple[Name, ...], verb: int, before: tuple[Name | None, Name | None]) -> Name | None:
    here, last = before
    if words[verb].lower.endswith("ing") and here and words[verb - 1].lower in {",", "and"}:
        return here
    top = tree.subject(words, verb) if tree.parsed(words) else None
    if top is not None:
        spots = (top,) if words[top].lower in PRONOUNS else tree.phrase(words, top)
        named = next((name for k in spots for name in names if name.start <= k < name.end and _can_speak(name)), None)
        if named:
            return last if last and _stands_for(words, named, last) else named
        if words[top].lower in _KNOWN:
            return here if words[top].lower in PRONOUNS and here else last
    return _nearest(words, names, verb, before)


def _nearest(words: Words, names: tuple[Name, ...], verb: int, before: tuple[Name | None, Name | None]) -> Name | None:
    """By position: the first party of the verb's clause, a pronoun, a party behind the verb, or who spoke before."""
    here, last = before
    start = verb
    while start and words[start - 1].lower not in {",", ";", ":", '"', "that", "which", "after", "while", "as", "but"}:
        start -= 1
    near = [name for name in names if start <= name.start < verb and _can_speak(name)]
    if near:
        return last if last and _stands_for(words, near[0], last) else near[0]
    if not _KNOWN.isdisjoint(words.forms[start:verb]):
        return last or here
    wider = [name for name in names if verb - 14 <= name.start < verb and _can_speak(name)]
    behind = [name for name in names if verb < name.start <= verb + 3 and _can_speak(name)]
    inverted = behind[0] if behind and words[verb - 1].lower in {'"', ","} else None
    return here or (wider[-1] if wider else inverted)


def _can_speak(name: Name) -> bool:
    return name.kind not in {"place", "demonym"}


def _stands_for(words: Words, name: Name, last: Name) -> bool:
    """*the official*, *the ministry*, *the rights group*: one of the kind that spoke last, and no name is given for."""
    unnamed = name.id in _UNNAMED or (name.id == "UNK-NGO" and last.kind == "ngo")
    return unnamed and "the" in words.forms[max(0, name.start - 2) : name.start]


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
    tail = words.forms[verb + 1 :]
    short = len([word for word in tail if word.isalnum()]) <= 6
    return short or (bool(tail) and tail[0] in {"on", "in", "during", "at"} and len(tail) <= 24 and "that" not in tail)


def _end(words: Words, verb: int) -> int:
    """Where the report ends: at what opens a clause that is not part of it, or a second verb of the speaker's."""
    for start in clause_starts(words):
        if start <= verb + 1:
            continue
        goes_on = start + 1 < len(words) and words[start + 1].lower == "that"
        turns = words[start].lower != "with" or _speaks_anew(words, start)
        if words[start].lower in {"with", "while", "but", "amid", ";"} and turns and not goes_on:
            return start
        if words[start].lower == "and" and _second_verb(words, start, verb):
            return start
    return len(words)


def _speaks_anew(words: Words, start: int) -> bool:
    """*with X saying*, *with Y rejecting*: somebody else has the word."""
    return not _ANEW.isdisjoint(words.forms[start + 1 : start + 8])


def _second_verb(words: Words, start: int, verb: int) -> bool:
    """*said X and called for Y*: the verb behind *and* goes with the verb of speech."""
    return any(words[k].dep == "conj" and words[k].head == verb for k in range(start + 1, min(start + 4, len(words))))
