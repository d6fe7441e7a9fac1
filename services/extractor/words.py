"""The words of one sentence with what is known of each: place in the text, word class, parse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Doc, Token


@dataclass(frozen=True, slots=True)
class Word:
    """One token. ``start`` and ``end`` are offsets into the uniform text; ``head`` is an index into the sentence.

    ``pos`` is a universal part of speech or empty, ``dep`` a universal relation or empty, ``tag`` a Penn tag or empty.
    """

    i: int
    text: str
    lower: str
    start: int
    end: int
    pos: str = ""
    tag: str = ""
    dep: str = ""
    head: int = -1


Words = tuple[Word, ...]


def words_of(doc: Doc, offset: int = 0) -> Words:
    """The words of a parsed or merely tokenized sentence that starts at ``offset`` of the uniform text.

    Tokens joined by a hyphen are one word (*Nagorno-Karabakh*, *cease-fire*), whatever the tokenizer thinks of them; it
    has the class and the head of the token whose head lies outside.
    """
    groups = list(_groups(doc))
    place = {token.i: number for number, group in enumerate(groups) for token in group}
    parsed = doc.has_annotation("DEP")
    return tuple(_word(number, group, place, offset, parsed=parsed) for number, group in enumerate(groups))


def _groups(doc: Doc) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token in doc:
        if token.is_space:
            continue
        if group and not _joined(doc, group[-1], token):
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _joined(doc: Doc, before: Token, token: Token) -> bool:
    if before.idx + len(before) != token.idx:
        return False
    if token.text == "-":
        return (
            before.text[-1].isalnum()
            and token.i + 1 < len(doc)
            and doc[token.i + 1].text[0].isalnum()
            and not token.whitespace_
        )
    return (
        before.text == "-"
        and before.i > 0
        and doc[before.i - 1].text[-1].isalnum()
        and not doc[before.i - 1].whitespace_
    )


def _word(number: int, group: list[Token], place: Mapping[int, int], offset: int, *, parsed: bool) -> Word:
    top = _outermost(group) if parsed and len(group) > 1 else group[-1]
    start, last = offset + group[0].idx, group[-1]
    text = "".join(token.text for token in group)
    head = place.get(top.head.i, number) if parsed else -1
    return Word(
        number,
        text,
        text.lower(),
        start,
        offset + last.idx + len(last),
        top.pos_,
        top.tag_,
        top.dep_ if parsed else "",
        head,
    )


def _outermost(group: list[Token]) -> Token:
    """The token of a group whose head lies outside it."""
    inside = {token.i for token in group}
    return next((token for token in group if token.head.i not in inside), group[-1])
