"""The lines of a page with what they hold: those that can hold an event or a verbal act are parsed for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language

from services.extractor.reading.page import Line, Page
from services.extractor.reading.triggers import Find, Said, acts_in, triggers_in
from services.extractor.text.pipeline import parsed
from services.extractor.text.words import Words, words_of

_FEW = 3
"""Lines that are parsed before the others of a page are: so few often hold nothing (a shot on goal)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One line with what is found in its words alone."""

    line: Line
    words: Words
    finds: tuple[Find, ...] = ()
    acts: tuple[Said, ...] = ()


def drafts(nlp: Language, page: Page, bare: Sequence[Words]) -> Iterator[Draft]:
    """The lines of a page in order, parsed where they can hold an event or a verbal act, else in their bare words.

    Where none of those that may hold a trigger does, nor a verbal act, nothing is left to tell, and the rest of a calm
    article is not worth its time.
    """
    first = {k: line for k, line in enumerate(page.lines) if line.live}
    if len(first) > _FEW:
        first = {k: line for k, line in enumerate(page.lines) if line.live or line.act}
    made = _parsed(nlp, first)
    if not any(draft.finds or draft.acts for draft in made.values() if draft.line.live):
        return
    made |= _parsed(nlp, {k: line for k, line in enumerate(page.lines) if line.act and k not in first})
    yield from (made.get(k) or Draft(line, words) for k, (line, words) in enumerate(zip(page.lines, bare, strict=True)))


def _parsed(nlp: Language, chosen: dict[int, Line]) -> dict[int, Draft]:
    texts = [line.sentence.text[line.cut :] for line in chosen.values()]
    made = {}
    for (k, line), doc, text in zip(chosen.items(), parsed(nlp, texts), texts, strict=True):
        words = line.words(nlp, words_of(doc, line.sentence.start + line.cut, text))
        made[k] = Draft(line, words, triggers_in(words) if line.live else (), acts_in(words) if line.act else ())
    return made
