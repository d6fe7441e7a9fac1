"""A small pattern language over words: how triggers and frames are written in the tables, and how they are found.

==================  ==================================================================
``attack.v``        any form of the verb, not as an attribute (*freed ground*); ``.vn`` participle, ``.vg`` gerund
``attack.n``        singular or plural of the noun
``attack``          the word as it stands
``a|b``             either
``@civilian``       any word of a class in ``lexicon/classes.tsv``
``the?``            may be missing
``~3``              up to three words between, within the clause
``<name>``          a word with a capital (*took Goma*), also in ``a|<name>``; never the first of a pattern
``^word``           the word the prefilter looks for (default: the first that is not in ``_COMMON``)
==================  ==================================================================
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from services.extractor.reading.forms import noun_forms, past_forms, verb_forms
from services.extractor.text.closed import closed
from services.extractor.text.grammar import is_attribute, is_noun, is_verb
from services.extractor.text.words import Words

Classes = Mapping[str, frozenset[str]]

_STOPS = frozenset([".", ";", ":", "!", "?"])
_STOPS_OF_NAMES = _STOPS | {","}  # *if they leave, Goma falls*
_NAME = "<name>"
_COMMON = closed("patterns.common")


class PatternError(ValueError):
    """A pattern in a table cannot be read."""


@dataclass(frozen=True, slots=True)
class Element:
    """One step of a pattern: the forms it takes with the word classes they need, or a gap."""

    forms: Mapping[str, str]
    gap: int = 0
    optional: bool = False
    anchor: bool = False
    name: bool = False


Pattern = tuple[Element, ...]


def compiled(text: str, classes: Classes) -> Pattern:
    """The pattern that a table cell writes.

    Raises:
        PatternError: an unknown class or suffix, or a pattern that starts or ends with a gap, or starts with a name.
    """
    made = tuple(_element(part, classes) for part in text.split())
    if not made or not made[0].forms or made[0].name or made[-1].gap or made[0].optional:
        raise PatternError(f"pattern {text!r} must start with a word and end with a word")
    return made


def _element(part: str, classes: Classes) -> Element:
    if part.startswith("~"):
        return Element({}, gap=int(part[1:]))
    optional, anchor = part.endswith("?"), part.startswith("^")
    choices = part.strip("^?").split("|")
    forms: dict[str, str] = {}
    for choice in choices:
        for form, kind in _forms(choice, classes) if choice != _NAME else ():
            forms[form] = kind if forms.get(form, kind) == kind else ""
    return Element(forms, optional=optional, anchor=anchor, name=_NAME in choices)


def _forms(choice: str, classes: Classes) -> Iterator[tuple[str, str]]:
    if choice.startswith("@"):
        if choice[1:] not in classes:
            raise PatternError(f"no class {choice}")
        yield from ((form, "") for form in classes[choice[1:]])
        return
    lemma, dot, kind = choice.rpartition(".")
    if not dot or not lemma:
        yield choice, ""
    elif kind == "v":
        yield from ((form, "p" if form in past_forms(lemma) else "v") for form in verb_forms(lemma))
    elif kind == "n":
        yield from ((form, "n") for form in noun_forms(lemma))
    elif kind == "vn":
        yield past_forms(lemma)[1], "p"
    elif kind == "vg":
        yield from ((form, "v") for form in verb_forms(lemma) if form.endswith("ing"))
    else:
        raise PatternError(f"unknown suffix .{kind} in {choice!r}")


def solid(pattern: Pattern) -> tuple[Element, ...]:
    """The words that a pattern cannot do without; where any name will do, none is one."""
    return tuple(element for element in pattern if element.forms and not element.optional and not element.name)


def anchor_of(pattern: Pattern) -> Element:
    """The word by which the prefilter finds a pattern: the marked one, else the one with the fewest common forms."""
    must = solid(pattern)
    return next((e for e in must if e.anchor), min(must, key=lambda e: (len(_COMMON & e.forms.keys()), len(e.forms))))


def anchors(pattern: Pattern) -> frozenset[str]:
    """The word forms without one of which the pattern cannot match."""
    return frozenset(anchor_of(pattern).forms)


def match_at(pattern: Pattern, words: Words, start: int, fits: "Fits | None" = None) -> int | None:
    """The index after the last word of the pattern when it matches from ``start``, else None."""
    return _match(pattern, 0, (words, fits or _fits), start)


def _match(pattern: Pattern, step: int, sentence: "tuple[Words, Fits]", at: int) -> int | None:
    if step == len(pattern):
        return at
    element, (words, fits) = pattern[step], sentence
    if element.gap:
        return _match_gap(pattern, step, sentence, at)
    if at < len(words) and fits(element, words, at):
        found = _match(pattern, step + 1, sentence, at + 1)
        if found is not None:
            return found
    return _match(pattern, step + 1, sentence, at) if element.optional else None


def _match_gap(pattern: Pattern, step: int, sentence: "tuple[Words, Fits]", at: int) -> int | None:
    words = sentence[0]
    stops = _STOPS_OF_NAMES if pattern[step + 1].name else _STOPS
    for skipped in range(pattern[step].gap + 1):
        found = _match(pattern, step + 1, sentence, at + skipped)
        if found is not None:
            return found
        if at + skipped >= len(words) or words[at + skipped].lower in stops:
            return None
    return None


Fits = Callable[[Element, Words, int], bool]
"""Whether a word can be a step of a pattern."""


def may_fit(element: Element, words: Words, at: int) -> bool:
    """Whether a word has a form that a step takes, whatever its class in this sentence."""
    if element.name and words[at].text[0].isupper():
        return True
    kind = element.forms.get(words[at].lower)
    return kind is not None and not _is_other(kind, words, at)


def _is_other(kind: str, words: Words, at: int) -> bool:
    """*in March*; *30 pounds*, *2.5 million pounds*: a month, and what is counted, which is no verb."""
    if at == 0:
        return False
    counted = kind == "v" and words[at].lower.endswith("s") and _NUMBER.fullmatch(words[at - 1].lower)
    return bool(counted) or words[at].text in {"March", "May"}


_NUMBER = re.compile(r"[\d.,]*\d|[mb]illion|thousand|hundred|dozen")


def _fits(element: Element, words: Words, at: int) -> bool:
    if element.name and words[at].text[0].isupper():
        return True
    kind = element.forms.get(words[at].lower)
    if kind is None or _is_other(kind, words, at):
        return False
    if kind == "p":
        return not is_attribute(words, at)
    return not kind or (is_verb(words, at) if kind == "v" else is_noun(words, at))
