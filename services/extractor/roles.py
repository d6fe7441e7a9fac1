"""Who did it to whom: parties beside a trigger, by voice and position, with possessive pronouns bound to the speaker."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.extractor.clauses import clause_of
from services.extractor.modality import Scopes
from services.extractor.names import Name
from services.extractor.triggers import Find
from services.extractor.words import BE, Words

MUTUAL = frozenset({"clash", "breach", "agreement"})
_BOTH = frozenset("sides parties countries neighbours neighbors rivals".split())


@dataclass(frozen=True, slots=True)
class Talk:
    """Who is speaking over the trigger, all speakers of the sentence, and the article's two belligerent countries."""

    speaker: Name | None
    speakers: tuple[Name, ...]
    pair: tuple[str, ...]

    def speaks(self, name: Name, find: Find) -> bool:
        """Whether a name stands there as a speaker and not as a party to what the trigger tells."""
        return any(name.start == other.start and name.end == other.end for other in self.speakers) and not (
            find.verbal and name.end >= find.head - 2
        )


@dataclass(frozen=True, slots=True)
class Parties:
    """Actors and targets of one mention; ``reciprocal`` when both sides stand in ``actors``."""

    actors: tuple[Name, ...]
    targets: tuple[Name, ...]
    reciprocal: bool = False


def parties_of(reach: Scopes, find: Find, names: tuple[Name, ...], talk: Talk) -> Parties:
    """Actors and targets of a trigger."""
    words = reach.words
    start, end = clause_of(reach.starts, len(words), find.start)
    here = tuple(
        bound(words, name, talk.speaker)
        for name in names
        if start <= name.start < end and name.kind not in {"place", "media"} and not talk.speaks(name, find)
    )
    if _both_sides(words, start, end):
        here = (*here, *(Name(find.start, find.end, "both sides", "state", f"{c}-MIL", c, "MIL") for c in talk.pair))
    return _of_verb(words, find, here) if find.verbal else _of_noun(words, find, here)


def _both_sides(words: Words, start: int, end: int) -> bool:
    return any(
        words[k].lower in _BOTH and words[max(k - 1, 0)].lower in {"both", "two", "the", "warring", "all"}
        for k in range(start, end)
    )


def _of_noun(words: Words, find: Find, here: tuple[Name, ...]) -> Parties:
    """*clashes between A and B*, *attack by A on B*, *A's attack on B*, *A shelling of B*."""
    after = [(_link(words, find, name), name) for name in here if name.start >= find.end]
    between = tuple(name for link, name in after if link in {"between", "with"})
    if find.sense in MUTUAL:
        subject = tuple(name for name in here if name.end <= find.start and name.party)
        both = between if any(link == "between" for link, _ in after) else subject + between
        return Parties(tuple(map(armed, both or subject)), (), reciprocal=True)
    by = tuple(name for link, name in after if link in {"by", "from", "of"} and name.party)
    on = tuple(name for link, name in after if link in {"on", "against", "of", "at", "targeting"} and name not in by)
    owner = tuple(name for name in here if name.end <= find.start and find.start - name.end <= 2)
    return Parties(tuple(map(armed, by or owner)), on)


def _of_verb(words: Words, find: Find, here: tuple[Name, ...]) -> Parties:
    before = tuple(name for name in here if name.start < find.head)
    after = tuple(name for name in here if name.start > find.head)
    if _passive(words, find):
        by = tuple(name for name in after if _link(words, find, name) in {"by", "in"} and name.party)
        return Parties(tuple(map(armed, by)), _last_group(words, before))
    actors = _last_group(words, tuple(name for name in before if name.party or name.kind == "demonym"))
    if find.sense in MUTUAL:
        others = tuple(name for name in after if _link(words, find, name) in {"with", "against"})
        return Parties(tuple(map(armed, actors + others)), (), reciprocal=True)
    objects = tuple(name for name in after if _link(words, find, name) in {"", "at", "on", "of", "against"})
    return Parties(tuple(map(armed, actors)), objects[:2])


def _passive(words: Words, find: Find) -> bool:
    head = find.head
    if not words[head].lower.endswith(("ed", "en", "wn", "ne")) and words[head].lower not in _PARTICIPLES:
        return False
    window = [words[k].lower for k in range(max(0, head - 3), head)]
    return bool(BE & set(window)) or (head + 1 < len(words) and words[head + 1].lower == "by")


_PARTICIPLES = frozenset("shot hit struck held caught fought lost set".split())


def _link(words: Words, find: Find, name: Name) -> str:
    """The last preposition between trigger and name."""
    for k in range(name.start - 1, find.head, -1):
        if words[k].lower in {
            "by",
            "with",
            "between",
            "on",
            "against",
            "of",
            "from",
            "in",
            "at",
            "near",
            "to",
            "for",
            "targeting",
            "around",
        }:
            return words[k].lower
    return ""


def _last_group(words: Words, names: tuple[Name, ...]) -> tuple[Name, ...]:
    """The names nearest to the verb that are joined by commas and *and*."""
    group: list[Name] = []
    for name in reversed(names):
        if group and any(words[k].lower not in {",", "and", "the", "or"} for k in range(name.end, group[-1].start)):
            break
        group.append(name)
    return tuple(reversed(group))


def armed(name: Name) -> Name:
    """A bare country or capital that uses force stands for its armed forces."""
    if name.kind in {"country", "demonym"}:
        return replace(name, kind="state", id=f"{name.country}-MIL", sector="MIL")
    return name


def bound(words: Words, name: Name, speaker: Name | None) -> Name:
    """*its forces*: a role noun behind a possessive belongs to who speaks."""
    possessive = words[name.start - 1].lower if name.start else ""
    if possessive in {"its", "their", "his", "our"} and name.id.startswith("UNK-") and speaker and speaker.country:
        return replace(name, id=f"{speaker.country}-{name.sector}", country=speaker.country)
    return name


def pair_of(names: tuple[Name, ...]) -> tuple[str, ...]:
    """The two countries that most forces named in an article belong to: *both sides*."""
    counts: dict[str, int] = {}
    for name in _belligerents(names):
        counts[name.country] = counts.get(name.country, 0) + 1
    return tuple(sorted(counts, key=lambda code: -counts[code])[:2])


def _belligerents(names: tuple[Name, ...]) -> Iterator[Name]:
    return (name for name in names if name.country and (name.sector in {"MIL", "MOD"} or name.kind == "rebel"))
