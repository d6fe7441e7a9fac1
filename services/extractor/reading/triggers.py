"""Finding the trigger and frame patterns of the lexicon in the words of a sentence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.extractor.reading.forms import PAST
from services.extractor.reading.lexicon import Act, Frame, Index, Trigger, lexicon
from services.extractor.reading.patterns import Fits, match_at, may_fit
from services.extractor.reading.truces import hurt_at
from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.grammar import DETERMINERS, is_attribute, is_verb, nominal, surely_noun
from services.extractor.text.words import Words


@dataclass(frozen=True, slots=True, eq=False)
class Find:
    """A trigger found: its row, what that means, and the words from ``start`` to ``end`` that matched.

    It equals only itself.
    """

    trigger: Trigger
    sense: str
    start: int
    end: int
    head: int
    verbal: bool


_MOST = 25
"""Triggers read of one sentence: more is a list of words, not news, and would cost time without bound."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A frame word found."""

    frame: Frame
    start: int
    end: int


def triggers_in(words: Words, possible: Iterable[Find]) -> tuple[Find, ...]:
    """The triggers of a sentence in order; of overlapping ones the strongest, length counting a little.

    Args:
        words: the words of the sentence.
        possible: its possible triggers, found before it was parsed.
    """
    tried = ((find.trigger, find.start, match_at(find.trigger.pattern, words, find.start)) for find in possible)
    found = [_find(trigger, words, start, end) for trigger, start, end in tried if end is not None]
    found = [find for find in found if not _barred(words, find)]
    found.sort(key=lambda find: (-find.trigger.strength - 0.03 * (find.end - find.start), find.start))
    taken: set[int] = set()
    kept: list[Find] = []
    for find in found:
        span = set(range(find.start, find.end))
        if not taken & span and len(kept) < _MOST:
            taken |= span
            kept.append(find)
    kept = _with_breach(words, kept)
    return tuple(sorted((find for find in kept if find.sense != CALM), key=lambda find: find.start))


def _barred(words: Words, find: Find) -> bool:
    """Whether the words around a trigger say that it is none."""
    return (
        _launcher(words, find)
        or _kit(words, find)
        or _on_strike(words, find)
        or _ends_in_speaker(words, find)
        or _others(words, find)
    )


CALM = "calm"
"""The sense of what only swallows triggers."""


def possible_triggers(words: Words) -> tuple[Find, ...]:
    """What ``triggers_in`` may find in a sentence, with what may swallow it, whatever the classes of its words."""
    book = lexicon()
    matched = (
        (book.triggers[number], start, end) for number, start, end in matches(book.trigger_index, words, may_fit)
    )
    return tuple(Find(trigger, trigger.sense, start, end, end - 1, verbal=False) for trigger, start, end in matched)


def _launcher(words: Words, find: Find) -> bool:
    """*fought with grenade launchers*: no grenade that somebody threw."""
    return find.sense == "grenade" and words.forms[find.end : find.end + 1] in {("launcher",), ("launchers",)}


def _kit(words: Words, find: Find) -> bool:
    """*riot police*, *riot gear*: what is ready for a riot is none."""
    single = find.end == find.start + 1 and words[find.start].lower == "riot"
    return single and find.end < len(words) and words[find.end].lower in _KIT


_KIT = closed("triggers.riot_kit")


def _others(words: Words, find: Find) -> bool:
    """*villagers say the police killed*, *villagers were killed*: no deed of those it begins with."""
    verb = find.end - 1
    if find.sense != "mob" or words[verb].pos != "VERB":
        return False
    if tree.is_passive(words, verb) and tree.passive_subject(words, verb) == find.start:
        return True
    if verb - find.start < _APART:
        return False
    if words[find.start].dep == "obj":
        return True
    top = tree.subject(words, verb)
    return top is not None and find.start < top < verb and top not in tree.phrase(words, find.start)


_APART = 3
"""Words from the crowd to its deed between which another may stand."""


def _on_strike(words: Words, find: Find) -> bool:
    """*miners on strike were killed when ...*: no strike from afar."""
    at = find.start
    return words[at].lower == "strike" and at > 0 and words[at - 1].lower == "on" and find.sense in {"air", "shell"}


def _ends_in_speaker(words: Words, find: Find) -> bool:
    """*eight were wounded, a doctor said*: the last word of a trigger is who tells of it."""
    after = words[find.end].lower if find.end < len(words) else ""
    return after in _SPEECH and any(words[k].text == "," for k in range(find.head, find.end))


_SPEECH = closed("attribution.speech")


def _with_breach(words: Words, kept: list[Find]) -> list[Find]:
    """The triggers with the truce that the sentence says is hurt, where no row of the table has told it."""
    if any(find.sense == "breach" for find in kept):
        return kept
    found = hurt_at(words)
    if found is None:
        return kept
    start, end = found[0], found[1] + 1
    rest = [find for find in kept if find.sense != "agreement" or find.end <= start or end <= find.start]
    return [*rest, Find(_HURT, _HURT.sense, start, end, end - 1, verbal=False)]


_HURT = Trigger("breach", 0.45, "reading/truces.py")
"""Counts beside force only."""


def _find(trigger: Trigger, words: Words, start: int, end: int) -> Find:
    verb = next((k for k in range(start, end) if _verb(words, k)), None)
    return Find(trigger, trigger.sense, start, end, end - 1 if verb is None else verb, verb is not None)


def _verb(words: Words, k: int) -> bool:
    word = words[k]
    if word.pos and surely_noun(words, k):
        return False
    if word.pos and word.tag == "VBG":
        return _acts(words, k)
    if word.pos == "VERB":
        return not is_attribute(words, k)
    if word.pos:
        return (word.tag == "NNS" and is_verb(words, k)) or _taken_for_noun(words, k)
    if word.lower.endswith("ed") or word.lower in PAST:
        return not is_attribute(words, k)
    return is_verb(words, k)


def _taken_for_noun(words: Words, k: int) -> bool:
    """*Two men on a motorcycle shot Ana Paz*: a name stands behind no noun of that kind, whatever the tagger says."""
    if words[k].tag != "NN" or words[k].lower not in _PASTS or k + 1 >= len(words):
        return False
    return words[k + 1].pos == "PROPN" or words[k + 1].lower == "dead"


_PASTS = frozenset({"shot", "hit"})


@dataclass(frozen=True, slots=True)
class Said:
    """A verbal act found."""

    act: Act
    start: int
    end: int


def _acts(words: Words, k: int) -> bool:
    """Whether a form in -ing is a verb: with a subject, object or auxiliary; *reported fighting* is a noun."""
    if (k and words[k - 1].lower in DETERMINERS) or nominal(words, k):
        return False
    below = {words[i].dep for i in tree.kids(words, k)}
    return bool(below & {"obj", "nsubj", "aux", "nsubj:pass", "aux:pass"}) or words[k].dep in {"conj", "advcl"}


def acts_in(words: Words, possible: Iterable[Said]) -> tuple[Said, ...]:
    """The verbal acts of a sentence in order; of overlapping ones the earlier row.

    Args:
        words: the words of the sentence.
        possible: its possible acts, found before it was parsed.
    """
    tried = ((said.act, said.start, match_at(said.act.pattern, words, said.start)) for said in possible)
    kept: list[Said] = []
    for act, start, end in tried:
        if end is not None and not any(said.start < end and start < said.end for said in kept):
            kept.append(Said(act, start, end))
    return tuple(sorted(kept, key=lambda said: said.start))


def possible_acts(words: Words) -> tuple[Said, ...]:
    """What ``acts_in`` may find in a sentence, the earlier row first, whatever the classes of its words."""
    book = lexicon()
    return tuple(
        Said(book.acts[number], start, end) for number, start, end in sorted(matches(book.act_index, words, may_fit))
    )


def cues_in(words: Words) -> tuple[Cue, ...]:
    """All frame words of a sentence in order; what a plain row spans (*first since last year*) frames nothing."""
    book = lexicon()
    found = tuple(Cue(book.frames[number], start, end) for number, start, end in matches(book.frame_index, words))
    wide = [cue for cue in found if cue.frame.effect in {"plain", "alleged"}]
    return tuple(
        cue for cue in found if cue.frame.effect != "plain" and not any(_swallows(other, cue) for other in wide)
    )


def _swallows(other: Cue, cue: Cue) -> bool:
    """Whether a frame word is but a part of another: who does not confirm does not deny."""
    inside = other.start <= cue.start and cue.end <= other.end
    return inside and (other.frame.effect == "plain" or cue.frame.effect in {"denied", "hypothetical"})


def matches(index: Index, words: Words, fits: Fits | None = None) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of every match of the patterns of an index."""
    lowers = words.lowers
    known = index.keys() & lowers
    for at, form in enumerate(words.forms) if known else ():
        for number, pattern, needs in index[form] if form in known else ():
            for forms in needs:  # plain loops: of a thousand patterns most go no farther
                if forms.isdisjoint(lowers):
                    break
            else:
                end = match_at(pattern, words, at, fits)
                if end is not None:
                    yield number, at, end
