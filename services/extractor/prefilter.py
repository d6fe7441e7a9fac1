"""One Aho-Corasick pass over the text: which articles, and which sentences of them, can hold an event at all."""

from collections.abc import Iterable
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from services.extractor.lexicon import lexicon


class Prefilter:
    """Finds whole words of a fixed set in lower-case text; linear in the text, whatever the size of the set."""

    def __init__(self, words: Iterable[str]) -> None:
        self._automaton = AhoCorasick(sorted(set(words)), matchkind=MatchKind.LeftmostLongest)

    def offsets(self, text: str) -> tuple[int, ...]:
        """Where the words stand in ``text``, in order; matched without regard to case."""
        lower = text.lower()
        if len(lower) != len(text):
            lower = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
        found = self._automaton.find_matches_as_indexes(lower)
        return tuple(start for _, start, end in found if _whole(lower, start, end))


def _whole(text: str, start: int, end: int) -> bool:
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()


@cache
def prefilter() -> Prefilter:
    """The prefilter for the words without which no trigger of the lexicon can match."""
    return Prefilter(lexicon().anchors)
