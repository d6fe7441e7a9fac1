"""Questions to the parse of a sentence (Universal Dependencies v2): subjects, objects, agents, attachments."""

from collections.abc import Iterable, Iterator

from services.extractor.text.closed import closed
from services.extractor.text.grammar import BE
from services.extractor.text.words import Words

_CLAUSAL = frozenset({"conj", "xcomp", "advcl", "parataxis"})
_RELATIVE = frozenset({"acl", "acl:relcl"})
_DEEP = 4
_FELLED = closed("tree.felled")
"""Participles of headlines, which leave out *were*."""
_TAKEN = _FELLED | {"seized", "captured", "freed", "beaten"}
"""Participles behind whom it befell, which the parse may take for the past tense."""


def parsed(words: Words) -> bool:
    """Whether there is a parse to ask."""
    return bool(words) and bool(words[0].dep)


def kids(words: Words, i: int) -> tuple[int, ...]:
    """The words directly below word ``i``."""
    return words.below.get(i, ())


def subject(words: Words, verb: int, depth: int = 0) -> int | None:
    """The subject of a verb: its own, its relative clause's noun, or the one it shares with the verb above it.

    A past tense shares none with a participle: *they hit a convoy leaving X and killed ten* goes on from *hit*.
    """
    own = next((k for k in kids(words, verb) if words[k].dep.startswith("nsubj")), None)
    word = words[verb]
    before = _behind_conjunction(words, verb, own)
    before = _blamed(words, verb) if before is None and own is None else before
    if before is not None:
        return before
    if own is not None and words[own].lower not in {"which", "who", "that"}:
        return own
    if word.dep in _RELATIVE and (own is not None or word.tag == "VBG"):
        over = _clause_above(words, verb) if own is None and words[verb - 1].text == "," else None
        return word.head if over is None else over
    if own is None and word.dep == "conj" and word.tag == "VBD" and words[word.head].tag == "VBG":
        finite = next((k for k in above(words, word.head) if words[k].tag == "VBD"), None)
        return subject(words, finite, depth + 1) if finite is not None and depth < _DEEP else None
    over = _shared_with(words, verb) if own is None and depth < _DEEP else None
    return subject(words, over, depth + 1) if over is not None else None


def _shared_with(words: Words, verb: int) -> int | None:
    """The verb whose subject a verb without one shares."""
    word = words[verb]
    if word.tag == "VB" and words[word.head].lower in _CHOICE:
        return words[word.head].head
    return word.head if word.dep in _CLAUSAL and word.head != verb else None


_CHOICE = frozenset({"choice", "option", "alternative"})
"""*the police had no choice but to fire*."""


def _blamed(words: Words, verb: int) -> int | None:
    """*accused the rebels of killing two*, *blamed them for killing two*: who is said to have done it."""
    word = words[verb]
    if word.tag != "VBG" or words[verb - 1].lower not in {"of", "for"} or not word.dep.startswith("advcl"):
        return None
    return next((k for k in objects(words, word.head) if k < verb), None)


def _clause_above(words: Words, verb: int) -> int | None:
    """*Troops foiled a raid, killing four*: the subject of the clause that the parse hung a participle inside."""
    finite = next((k for k in above(words, verb) if words[k].tag in {"VBD", "VBZ", "VBP"}), None)
    return next((k for k in kids(words, finite) if words[k].dep == "nsubj" and k < verb), None) if finite else None


def _behind_conjunction(words: Words, verb: int, own: int | None) -> int | None:
    """*after the rebels killed two*, *after the mob had killed two*: what stands there is no complement of *after*."""
    had = words[verb - 1].lower == "had"
    lost = words[verb].tag == "VBN" and any(k > verb and _is_object(words, k) for k in kids(words, verb))
    if (
        not had
        and not (lost and words[verb].dep == "ROOT")
        and (own is not None or words[verb].tag != "VBD" or words[verb].dep in _RELATIVE)
    ):
        return None
    noun = verb - 2 if had else verb - 1
    taken = noun > 0 and words[noun].dep in {"obl", "nmod", "obj"} and case(words, noun) in _CONJUNCTIONS
    return noun if taken else None


_CONJUNCTIONS = frozenset({"after", "as", "before", "while", "since", "until", "when"})


def is_passive(words: Words, verb: int) -> bool:
    """Whether a verb is in the passive: its subject or auxiliary says so, or it is a participle behind its noun."""
    deps = {words[k].dep for k in kids(words, verb)}
    word = words[verb]
    if word.lower in _ACTIVE and not deps & {"aux:pass", "obl:agent"}:
        return False  # *troops fired on the crowd*, taken for *troops (were) fired on*
    hits = any(_is_object(words, k) for k in kids(words, verb))
    if word.tag in {"VBD", "VBN"} and hits and not deps & {"aux:pass", "obl:agent"}:
        return False  # *a detective wounded a suspect*, whatever the parse calls the detective
    if deps & {"nsubj:pass", "aux:pass", "csubj:pass", "obl:agent"}:
        return True
    found = word.tag == "VBN" and word.dep == "xcomp" and word.head != verb
    if (found or ("obj" not in deps and _joined_participle(words, verb))) and is_passive(words, word.head):
        return True  # *was found murdered*, *was kidnapped and killed*
    felled = word.lower in _FELLED and (word.tag == "VBN" or not BE.isdisjoint(words.forms[verb + 1 : verb + 2]))
    if felled and "nsubj" in deps and not deps & {"obj", "aux"}:
        return True  # *nine protesters shot dead as soldiers open fire*, *the man killed was a looter*
    befell = word.tag == "VBN" or (word.tag == "VBD" and word.lower in _TAKEN and "nsubj" not in deps)
    return befell and word.dep == "acl" and "obj" not in deps


def _joined_participle(words: Words, verb: int) -> bool:
    """*kidnapped and killed*: a participle behind another one, with no subject or auxiliary of its own."""
    word = words[verb]
    if word.dep != "conj" or not word.tag == "VBN" == words[word.head].tag:
        return False
    return word.head < verb and not any(words[k].dep.startswith(("nsubj", "aux")) for k in kids(words, verb))


_ACTIVE = frozenset({"fired", "battled", "clashed", "fought", "skirmished"})
"""Past tenses that the parse often takes for participles."""


def passive_subject(words: Words, verb: int) -> int | None:
    """What the passive happens to."""
    own = next((k for k in kids(words, verb) if words[k].dep.startswith("nsubj")), None)
    if own is not None and words[own].lower in {"which", "who", "that"}:
        return words[verb].head
    if own is None and words[verb].dep in _RELATIVE:
        return words[verb].head
    if own is None and words[verb].dep == "conj":
        return passive_subject(words, words[verb].head) or subject(words, words[verb].head)
    return own


def objects(words: Words, verb: int) -> tuple[int, ...]:
    """The direct objects of a verb, with what is joined to them."""
    return spread(words, (k for k in kids(words, verb) if _is_object(words, k)))


def befallen(words: Words, verb: int) -> tuple[int, ...]:
    """Whom or what a verb befalls: its subject in the passive, else its objects."""
    below = passive_subject(words, verb) if is_passive(words, verb) else None
    return objects(words, verb) if below is None else (below,)


def _is_object(words: Words, k: int) -> bool:
    """An object, also where the parse takes *a hawker* of *troops gunned down a hawker* for when it was."""
    word = words[k]
    unmarked = word.dep == "obl:unmarked" and word.lower not in _WHEN and words[k - 1].lower in {"a", "an"}
    return word.dep in {"obj", "iobj"} or unmarked


_WHEN = closed("mended.when")


def attached(words: Words, i: int, cases: frozenset[str]) -> tuple[int, ...]:
    """The nouns below word ``i`` behind one of the prepositions, with what is joined to them."""
    found = (k for k in kids(words, i) if words[k].dep.startswith(("obl", "nmod")) and case(words, k) in cases)
    return spread(words, found)


def agents(words: Words, verb: int) -> tuple[int, ...]:
    """Who did it, in the passive."""
    found = spread(words, (k for k in kids(words, verb) if words[k].dep == "obl:agent" or case(words, k) == "by"))
    return found or (agents(words, words[verb].head) if _joined_participle(words, verb) else ())


def owners(words: Words, noun: int) -> tuple[int, ...]:
    """Possessors and adjectives of a noun: *Armenia's attack*, *Saudi airstrikes*, *rebel shelling*."""
    deps = {"nmod:poss", "amod", "compound", "nmod:desc"}
    return spread(words, (k for k in kids(words, noun) if words[k].dep in deps))


def case(words: Words, noun: int) -> str:
    """The preposition of a noun, in lower case; empty if it has none."""
    return next((words[k].lower for k in kids(words, noun) if words[k].dep == "case"), "")


def spread(words: Words, heads: Iterable[int]) -> tuple[int, ...]:
    """The heads with their conjuncts and appositions."""
    found: list[int] = []
    todo = list(heads)
    while todo:
        head = todo.pop(0)
        if head not in found:
            found.append(head)
            todo += [k for k in kids(words, head) if words[k].dep in {"conj", "appos"}]
    return tuple(found)


def above(words: Words, i: int) -> Iterator[int]:
    """The words above word ``i``, nearest first."""
    seen = {i}
    while words[i].head not in seen:
        i = words[i].head
        seen.add(i)
        yield i


def phrase(words: Words, head: int) -> tuple[int, ...]:
    """The words of a noun phrase: everything below its head but relative and other clauses; the head first."""
    found, todo = [head], [head]
    while todo:
        top = todo.pop()
        below = [
            k
            for k in kids(words, top)
            if not words[k].dep.startswith(("acl:relcl", "advcl", "parataxis", "cc", "conj", "punct"))
        ]
        found += below
        todo += below
    return (head, *sorted(set(found) - {head}))


def under(words: Words, head: int) -> frozenset[int]:
    """The head and everything below it."""
    found, todo = {head}, [head]
    while todo:
        todo = [k for top in todo for k in kids(words, top) if k not in found]
        found.update(todo)
    return frozenset(found)
