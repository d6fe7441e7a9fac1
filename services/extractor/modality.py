"""How a sentence stands to what it tells: frame words, the reach of each, and which of them decides."""

from dataclasses import dataclass

from services.core.ontology import Modality
from services.extractor.clauses import clause_of, clause_starts
from services.extractor.triggers import Cue, Find, cues_in
from services.extractor.words import Words, is_noun

_ORDER = ("denied", "threatened", "called_for", "hypothetical", "future", "background", "topic", "alleged")
_LEAVES = frozenset("after when while as although though whereas amid ; following with where".split())
_RELATIVE = frozenset("which who whose".split())


@dataclass(frozen=True, slots=True)
class Stance:
    """The modality of a mention, the outcome if the text names one, and the words that decided."""

    modality: Modality
    outcome: str | None = None
    reasons: tuple[str, ...] = ()
    cue: Cue | None = None


@dataclass(frozen=True, slots=True)
class Scopes:
    """The frame words of one sentence with the clauses they live in."""

    words: Words
    starts: tuple[int, ...]
    cues: tuple[Cue, ...]

    def over(self, find: Find) -> tuple[Cue, ...]:
        """The frame words whose reach takes in a trigger."""
        return tuple(cue for cue in self.cues if not _overlap(cue, find) and self._reaches(cue, find))

    def _reaches(self, cue: Cue, find: Find) -> bool:
        reach = cue.frame.reach
        if reach == "next":
            return cue.end <= find.start <= cue.end + 2
        if reach in {"both", "before"}:
            start, end = clause_of(self.starts, len(self.words), cue.start)
            inside = start <= find.start < end
            return inside and (reach == "both" or find.end <= cue.start)
        if not cue.end <= find.start < self._end(cue):
            return False
        noun = is_noun(self.words, find.start)
        return reach == "after" or (reach == "nouns") == noun

    def _end(self, cue: Cue) -> int:
        """Where the complement of a frame word ends: at what opens another finite clause."""
        opens = _LEAVES | {"and", "but"} | (_RELATIVE if cue.frame.effect != "topic" else frozenset())
        ends = (start for start in self.starts if start >= cue.end and self.words[start].lower in opens)
        return next(ends, len(self.words))


def scopes(words: Words) -> Scopes:
    """The frame words of a sentence."""
    return Scopes(words, clause_starts(words), cues_in(words))


def stance(reach: Scopes, find: Find) -> Stance:
    """The modality of a trigger: asserted unless a frame word says otherwise."""
    over = {cue.frame.effect: cue for cue in reversed(reach.over(find))}
    outcome = "repelled" if "repelled" in over else "failed" if "failed" in over else None
    for effect in _ORDER:
        if effect in over:
            cue = over[effect]
            text = " ".join(word.text for word in reach.words[cue.start : cue.end])
            modality = Modality.BACKGROUND if effect == "topic" else Modality(effect)
            return Stance(modality, outcome, (f"{effect.replace('_', ' ')}: {text!r}",), cue)
    return Stance(Modality.ASSERTED, outcome)


def _overlap(cue: Cue, find: Find) -> bool:
    return cue.start < find.end and find.start < cue.end
