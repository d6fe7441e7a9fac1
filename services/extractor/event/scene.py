"""Who stands around one trigger: the names of its sentence, its speakers, and whom a pronoun or possessive means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.extractor.names.name import Name
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.grammar import PRONOUNS
from services.extractor.text.words import Words

BOTH = closed("roles.both")
_BEARERS = frozenset({"state", "police", "rebel", "separatist"})
_PARTS = frozenset({"members", "elements", "followers", "units", "columns", "remnants", "gunmen", "cells"})
_MEN = frozenset({"men", "man", "personnel"})
LAW = frozenset({"COP", "MIL"})
"""Sectors of those who use force for the state."""
_NEAR = frozenset({"near", "outside", "around", "behind", "opposite", "in", "under"})


@dataclass(frozen=True, slots=True)
class Talk:
    """Who is speaking over the trigger, all speakers of the sentence, and the article's two belligerent countries."""

    speaker: Name | None
    speakers: tuple[Name, ...]
    pair: tuple[str, ...]

    def speaks(self, name: Name, find: Find) -> bool:
        """Whether a name stands there as a speaker and not as a party to what the trigger tells."""
        return any(name.start == other.start and name.end == other.end for other in self.speakers) and not (
            find.verbal and find.head - 2 <= name.end <= find.head
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """The names around one trigger."""

    words: Words
    find: Find
    names: tuple[Name, ...]
    talk: Talk

    def at(self, heads: Iterable[int]) -> tuple[Name, ...]:
        """The parties that stand on the given words; a pronoun is who speaks."""
        found = [name for head in heads for name in self._one(head)]
        return tuple(dict.fromkeys(found))

    def within(self, heads: Iterable[int]) -> tuple[Name, ...]:
        """The parties that stand on the given words or in their noun phrases; unnamed ones only where no other is."""
        found = [name for head in heads for name in self._phrase(head)]
        known = [name for name in found if not name.id.startswith("UNK-")]
        return tuple(dict.fromkeys(known or found))

    def _phrase(self, head: int) -> tuple[Name, ...]:
        exact = tuple(self._one(head))
        if exact and not exact[0].id.startswith("UNK-"):
            return exact
        apart = self._beside(head) | (self._owners(head) if exact else frozenset())
        spots = [k for k in tree.phrase(self.words, head) if self.words[k].lower not in BOTH and k not in apart]
        return tuple(name for k in spots for name in self._one(k)) or exact

    def _owners(self, head: int) -> frozenset[int]:
        """*the police chief's brother*: whose somebody is."""
        owners = (k for k in tree.kids(self.words, head) if self.words[k].dep == "nmod:poss")
        return frozenset(k for owner in owners for k in tree.under(self.words, owner))

    def _beside(self, head: int) -> frozenset[int]:
        """*gunmen near the police line*, *in the presence of troops*: what is below a noun only to say where."""
        spots = (k for k in tree.kids(self.words, head) if tree.case(self.words, k) in _NEAR)
        return frozenset(k for spot in spots for k in tree.under(self.words, spot))

    def _one(self, head: int) -> Iterator[Name]:
        word = self.words[head]
        if word.lower in PRONOUNS:
            yield from self._governing(head) or self._speaking(head) or self._meant(head)
        if word.lower in BOTH:
            yield from (
                Name(head, head + 1, "both sides", "state", f"{code}-MIL", code, "MIL") for code in self.talk.pair
            )
        found = [name for name in self.names if name.start <= head < name.end and name.kind != "place"]
        found = self._whole(head, found) or self._ranks(found) or found
        yield from found
        yield from (twin for name in found for twin in self.names if _twin(self.words, twin, name))

    def _whole(self, head: int, found: list[Name]) -> list[Name]:
        """*units of the armed forces of X*, *members of Y*: whose part the nameless are."""
        known = any(not name.id.startswith("UNK-") or name.sector == "CVL" for name in found)
        if known or not (found or self.words[head].lower in _PARTS):
            return []
        below = [k for k in tree.kids(self.words, head) if tree.case(self.words, k) == "of"]
        below = [k for k in below if "and" not in self.words.forms[head:k]]
        named = (n for k in below for n in self.names if n.start <= k < n.end and n.kind in _BEARERS)
        return [name for name in named if not name.id.startswith("UNK-")]

    def _ranks(self, found: list[Name]) -> list[Name]:
        """*armed constabulary men*: what stands right before *men* says whose they are."""
        men = next((name for name in found if name.text.lower() in _MEN), None)
        force = next((name for name in self.names if men and name.end == men.start and name.sector in LAW), None)
        return [force] if force else []

    def _governing(self, head: int) -> tuple[Name, ...]:
        """*the police maintain that they fired*: *they* are who says so, though others speak over the sentence."""
        verb = self.words[head].head
        if self.words[head].lower != "they" or verb < 0 or self.words[verb].dep != "ccomp":
            return ()
        top = tree.subject(self.words, self.words[verb].head)
        return tuple(n for n in self.names if top is not None and n.start <= top < n.end and n.sector in LAW)

    def _speaking(self, head: int) -> tuple[Name, ...]:
        """Who speaks, where the pronoun stands: the speaker may have been named in an earlier sentence."""
        speaker = self.talk.speaker
        return (speaker._replace(start=head, end=head + 1),) if speaker else ()

    def _meant(self, head: int) -> Iterator[Name]:
        """*Police killed a man when they opened fire*: a pronoun in a later clause is who the sentence began with."""
        root = next((k for k in tree.above(self.words, head) if self.words[k].dep == "ROOT"), None)
        top = tree.subject(self.words, root) if root is not None else None
        if root is not None and top == head:  # *when police stormed the house they shot ...*
            before = (k for k in tree.kids(self.words, root) if k < head and self.words[k].dep == "advcl")
            top = next((tree.subject(self.words, k) for k in before), None)
        if top is not None and top < head and self.words[top].lower not in PRONOUNS:
            yield from (name for name in self.names if name.start <= top < name.end and name.kind != "place")


def _twin(words: Words, twin: Name, name: Name) -> bool:
    """*Armenian and Azerbaijani forces*: the adjective that shares the noun of a name."""
    return twin.end + 1 == name.start and twin.sector == name.sector != "" and words[twin.end].lower in {"and", "or"}


def bound(words: Words, name: Name, speaker: Name | None) -> Name:
    """*its forces*, *his country's army*, *the defences*: a role noun without a name belongs to who speaks."""
    if speaker is not None and _his_men(words, name, speaker):
        return speaker._replace(start=name.start, end=name.end, text=name.text)
    if speaker is None or not speaker.country or not name.id.startswith("UNK-") or not name.start:
        return name
    back = [word.lower for word in words[max(0, name.start - 3) : name.start]]
    defences = back[-1] == "the" and speaker.sector in {"MOD", "MIL"} and "defen" in name.text.lower()
    owned = defences or back[-1] in _OWN or ("country" in back and bool(_OWN & set(back)))
    if owned and speaker.kind == name.kind == "rebel":
        return name._replace(id=speaker.id, country=speaker.country)
    return name._replace(id=f"{speaker.country}-{name.sector}", country=speaker.country) if owned else name


def _his_men(words: Words, name: Name, speaker: Name) -> bool:
    """*the superintendent said his men had fired*."""
    return name.text.lower() == "men" and speaker.sector in LAW and words[name.start - 1].lower in _OWN


_OWN = frozenset({"its", "their", "his", "her", "our"})
