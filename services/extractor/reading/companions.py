"""Who came to harm along with those who are counted, without a word that counts: *three students and their guard*."""

from collections.abc import Container, Iterator

from services.core.event import Casualty
from services.extractor.text.words import Words

_LAST = 3
"""Words between *and* and the noun, at most."""


def companions(words: Words, noun_end: int, victim: Casualty, persons: Container[str]) -> Iterator[Casualty]:
    """The one who is joined to a count of victims without a number, as a victim more.

    Args:
        words: the sentence.
        noun_end: where the count ends.
        victim: what is counted.
        persons: the words for people.
    """
    if victim.kind not in _HARMED or victim.qualifier == "vague" or victim.who == "equipment":
        return
    if words.forms[noun_end : noun_end + 2] not in _JOINED:
        return
    for word in words[noun_end + 2 : noun_end + 2 + _LAST]:
        if word.lower in persons:
            after = words[word.i + 1] if word.i + 1 < len(words) else None
            acts = after is not None and after.tag in {"VBD", "MD"} and after.lower not in {"were", "was"}
            if word.tag in {"NN", ""} and not acts:
                yield victim.model_copy(update={"count": 1, "text": word.text})
            return
        if word.pos not in {"ADJ", "NOUN", "PROPN", ""}:
            return


_JOINED = {*((link, whose) for link in ("and", ",") for whose in ("his", "her", "their")), ("and", "the")}
_HARMED = frozenset({"killed", "wounded"})
