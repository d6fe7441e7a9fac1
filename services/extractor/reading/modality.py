"""How a sentence stands to what it tells: frame words, the reach of each, and which of them decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from services.core.ontology import Modality
from services.extractor.reading.triggers import Cue, Find, Said, cues_in
from services.extractor.text import tree
from services.extractor.text.clauses import behind_front, clause_of, clause_starts, main_clause
from services.extractor.text.closed import closed
from services.extractor.text.grammar import MODALS, PRONOUNS, is_noun
from services.extractor.text.words import Words

_ORDER = ("denied", "threatened", "called_for", "hypothetical", "future", "background", "topic", "adjunct", "alleged")
_LEAVES = closed("modality.leaves")
_STOPPED = closed("modality.stopped")
_CROWD = frozenset({"protest", "disperse", "riot"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_WAS = frozenset({"was", "were"})
_OPENS_TOPIC = _LEAVES | {"and", "but"}
_OPENS = _OPENS_TOPIC | {"which", "who", "whose"}


@dataclass(frozen=True, slots=True)
class Stance:
    """The modality of a mention, the outcome if the text names one, and the words that decided."""

    modality: Modality
    outcome: str | None = None
    reasons: tuple[str, ...] = ()
    cue: Cue | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Scopes:
    """The frame words of one sentence with the clauses they live in; they equal only themselves."""

    words: Words
    starts: tuple[int, ...]
    cues: tuple[Cue, ...]
    main: tuple[int, ...] = ()
    """Where the main clause begins behind one that opens the sentence."""

    def over(self, find: Find | Said) -> tuple[Cue, ...]:
        """The frame words whose reach takes in a trigger."""
        return tuple(
            cue
            for cue in self.cues
            if _negates(self.words, cue, find)
            or (
                not _overlap(cue, find)
                and self._reaches(cue, find)
                and not self._came_about(cue, find)
                and not self._occasion(cue, find)
                and not self._of_its_subject(cue, find)
            )
        )

    def inside(self, find: Find) -> frozenset[str]:
        """The outcomes that a trigger names itself: *repelled an attack*."""
        return frozenset(cue.frame.effect for cue in self.cues if _overlap(cue, find)) & {"failed", "repelled"}

    def _reaches(self, cue: Cue, find: Find | Said) -> bool:
        reach = cue.frame.reach
        if reach in {"all", "next"}:
            # *suspected rebels shot two*: who did it is suspected, not the deed
            who = cue.frame.effect == "alleged" and isinstance(find, Find) and find.verbal
            return reach == "all" or (cue.end <= find.start <= cue.end + 2 and not who)
        if reach == "comma":
            return cue.end <= find.start and all(word.lower != "," for word in self.words[cue.end : find.start])
        if reach == "near":
            noun = isinstance(find, Find) and not find.verbal  # *a car bomb attack on a shrine last month*
            return cue.start - 6 <= (find.end - 1 if noun else find.start) and find.start <= cue.end + 4
        if reach in {"both", "before"}:
            start, end = clause_of(self.starts, len(self.words), cue.start)
            inside = start <= self._at(find) < end and (find.start >= cue.start or not self._relative(cue))
            return inside and (reach == "both" or find.end <= cue.start) and not self._purpose(cue, find)
        if not cue.end <= find.start < self._end(cue):
            return False
        crowd = isinstance(find, Find) and find.verbal and find.sense in _CROWD  # *relatives gathered*
        noun = is_noun(self.words, find.start) and not crowd
        return reach == "after" or (reach == "nouns") == noun

    def _came_about(self, cue: Cue, find: Find | Said) -> bool:
        """*held it for hours before they were driven out*: what is told in the past tense, if nothing was stopped."""
        if self.words[cue.start].lower != "before" or not isinstance(find, Find) or not find.verbal:
            return False
        head = self.words[find.head]
        was = not _WAS.isdisjoint(self.words.forms[cue.end : find.head]) or head.dep == "aux:pass"
        past = head.tag == "VBD" or (head.tag == "VBN" and was)
        return past and _STOPPED.isdisjoint(self.words.forms[: cue.start])

    def _occasion(self, cue: Cue, find: Find | Said) -> bool:
        """*On the anniversary of the massacre hundreds marched*: the march is of today."""
        crowd = isinstance(find, Find) and find.sense in _CROWD
        return crowd and "anniversary" in self.words.forms[cue.start : cue.end]

    def _of_its_subject(self, cue: Cue, find: Find | Said) -> bool:
        """*two men suspected of theft were seized*: what only says who they are says nothing of what befell them."""
        if not isinstance(find, Find) or not find.verbal or not tree.parsed(self.words):
            return False
        above = (cue.start, *tree.above(self.words, cue.start))
        said = next((n for n, k in enumerate(above) if self.words[k].dep.startswith("acl")), len(above))
        top = next((k for k in above[said:] if self.words[k].dep.startswith("nsubj")), None)
        return top is not None and self.words[top].head == find.head

    def _at(self, find: Find | Said) -> int:
        """*will look into the firing in which four were killed*: where the deed of a trigger over two clauses is."""
        over = isinstance(find, Find) and find.verbal and "which" in self.words.forms[find.start : find.head]
        return find.head if isinstance(find, Find) and over else find.start

    def _relative(self, cue: Cue) -> bool:
        """*marched against a law that would ease ...*: a modal in a relative clause says nothing of what is before."""
        before = self.words[cue.start - 1].lower if cue.start else ""
        return self.words[cue.start].lower in MODALS and before in {"that", "which", "who"}

    def _purpose(self, cue: Cue, find: Find | Said) -> bool:
        """*shelled the town so that tanks could move in*: only what was to come of it is open."""
        if not isinstance(find, Find) or find.sense == "ied":  # *planted so that it could go off*
            return False
        between = self.words[find.end : cue.start]
        return self.words[cue.start].lower in MODALS and any(word.lower == "so" for word in between)

    def _end(self, cue: Cue) -> int:
        """Where the complement of a frame word ends: at what opens another finite clause."""
        opens = _OPENS_TOPIC if cue.frame.effect == "topic" else _OPENS
        ends = (*(k for k in self.starts if self.words[k].lower in opens), *self.main)
        return min(
            (k for k in (*ends, *self._aside(cue), *self._spliced(cue)) if k >= cue.end), default=len(self.words)
        )

    def _spliced(self, cue: Cue) -> Iterator[int]:
        """*he was not a rioter, he was shot by the police*: where another sentence is joined on by a mere comma."""
        forms = self.words.forms
        for k in range(cue.end, len(forms) - 2) if cue.frame.effect == "denied" else ():
            if forms[k] == "," and forms[k + 1] in PRONOUNS and self.words[k + 2].tag in _FINITE:
                yield k

    def _aside(self, cue: Cue) -> Iterator[int]:
        """*The army, which denied killing anybody, bombed ...*: where the relative clause of a frame word ends."""
        verb = next((k for k in range(cue.start, cue.end) if self.words[k].dep == "acl:relcl"), None)
        if verb is not None:
            end = max(tree.under(self.words, verb)) + 1
            yield from (end,) if end < len(self.words) and self.words[end].text == "," else ()


def scopes(words: Words) -> Scopes:
    """The frame words of a sentence."""
    return Scopes(words, clause_starts(words), cues_in(words), (*main_clause(words), *behind_front(words)))


@lru_cache(maxsize=64)
def stance(reach: Scopes, find: Find) -> Stance:
    """The modality of a trigger: asserted unless a frame word says otherwise. All triggers near by ask for it."""
    over = {cue.frame.effect: cue for cue in reversed(reach.over(find))}
    outcomes = reach.inside(find) | over.keys()
    outcome = "repelled" if "repelled" in outcomes else "failed" if "failed" in outcomes else None
    for effect in _ORDER:
        if effect in over:
            cue = over[effect]
            text = " ".join(word.text for word in reach.words[cue.start : cue.end])
            modality = Modality.BACKGROUND if effect in {"topic", "adjunct"} else Modality(effect)
            return Stance(modality, outcome, (f"{effect.replace('_', ' ')}: {text!r}",), cue)
    return Stance(Modality.ASSERTED, outcome)


def _negates(words: Words, cue: Cue, find: Find | Said) -> bool:
    """*the air force did not carry out*, *a truce can be broken*: a word of it stands between those of the trigger."""
    inside = cue.frame.effect == "denied" or words[cue.start].lower in MODALS
    return inside and find.start < cue.start and cue.end < find.end


def _overlap(cue: Cue, find: Find | Said) -> bool:
    return cue.start < find.end and find.start < cue.end
