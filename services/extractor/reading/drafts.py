"""Which sentences of an article are parsed, which are only tokenized, and which nobody needs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language

from services.extractor.reading.dateline import behind, length_of
from services.extractor.reading.prefilter import act_filter, warlike
from services.extractor.reading.triggers import Find, Said, acts_in, triggers_in
from services.extractor.text.pipeline import parsed
from services.extractor.text.sentences import Sentence
from services.extractor.text.words import Words, bare_words, words_of

_FEW = 3
"""Sentences that are parsed before the others of an article are: so few often hold nothing (a shot on goal)."""

_CONTEXT = 6
"""Sentences at the head of an article, and around one that can hold an event, that are read for places and parties."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence with what is found in its words alone."""

    sentence: Sentence
    words: Words
    finds: tuple[Find, ...] = ()
    acts: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class _May:
    """A sentence with what it can hold by the words in it: a trigger, a verbal act."""

    sentence: Sentence
    find: bool
    act: bool


def drafts(
    nlp: Language, text: str, told: Sequence[Sentence], live: Sequence[bool], *, line: int = 0
) -> Iterator[Draft]:
    """The sentences, parsed where they can hold an event or a verbal act, tokenized elsewhere.

    Where none of those that may hold a trigger does, nor a verbal act, nothing is left to tell, and the rest of a calm
    article is not worth its time; nor are quiet sentences far from all those that can.

    Args:
        nlp: the pipeline.
        text: the uniform text of an article.
        told: its sentences.
        live: which of them may hold a trigger.
        line: where the dateline ends in the uniform text.
    """
    sieve, spans = act_filter(), [(sentence.start, sentence.end) for sentence in told]
    acts = sieve.passing(text, spans, sieve.offsets(text))
    may = {k: _May(told[k], live[k], act) for k, act in enumerate(acts)}
    first = {k: one for k, one in may.items() if one.find}
    if len(first) > _FEW:
        first = {k: one for k, one in may.items() if one.find or one.act}
    made = _parsed(nlp, first, line)
    if not any(made[k].finds or made[k].acts for k in made if may[k].find):
        return
    made |= _parsed(nlp, {k: one for k, one in may.items() if one.act and k not in first}, line)
    for k, sentence in enumerate(told):
        near = k < _CONTEXT or any(live[max(k - _CONTEXT, 0) : k + _CONTEXT + 1])
        if k not in made and (near or warlike(sentence.text)):
            made[k] = Draft(sentence, bare_words(nlp, sentence.text, sentence.start))
    yield from (made[k] for k in sorted(made) if made[k].words)


def _parsed(nlp: Language, chosen: dict[int, _May], line: int) -> dict[int, Draft]:
    cuts = {k: length_of(one.sentence, line) for k, one in chosen.items()}
    texts = [one.sentence.text[cuts[k] :] for k, one in chosen.items()]
    made = {}
    for (k, one), doc, text in zip(chosen.items(), parsed(nlp, texts), texts, strict=True):
        words = behind(nlp, one.sentence, cuts[k], words_of(doc, one.sentence.start + cuts[k], text))
        made[k] = Draft(one.sentence, words, triggers_in(words) if one.find else (), acts_in(words) if one.act else ())
    return made
