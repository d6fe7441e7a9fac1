"""Reads Universal Dependencies treebanks (CoNLL-U) and named-entity files (IOB2), plain or xz-compressed.

Format: https://universaldependencies.org/format.html. Empty nodes ("8.1") are left out; a multiword token
("don't" over "do" + "n't") keeps its words, because spaCy splits contractions the same way.
"""

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Word:
    """One syntactic word; `head` is the 0-based index of its head in the sentence, its own index for the root."""

    form: str
    lemma: str
    upos: str
    xpos: str
    head: int
    deprel: str
    space_after: bool
    entity: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One annotated sentence: its id, its words, and whether it opens a document or a paragraph."""

    sent_id: str
    words: tuple[Word, ...]
    opens_document: bool
    opens_paragraph: bool


def blocks(path: Path) -> Iterator[list[str]]:
    """Yields the lines of each sentence; blocks are separated by empty lines."""
    opener = lzma.open if path.suffix == ".xz" else open
    block: list[str] = []
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                block.append(line.rstrip("\n"))
            elif block:
                yield block
                block = []
    if block:
        yield block


def read_conllu(path: Path) -> list[Sentence]:
    """Reads every sentence of a CoNLL-U file."""
    return [_sentence(block) for block in blocks(path)]


def read_iob2(path: Path) -> dict[str, tuple[tuple[str, str], ...]]:
    """Reads Universal NER's IOB2 file: each word and its tag, by sentence id."""
    tagged = {}
    for block in blocks(path):
        rows = [line.split("\t") for line in block if not line.startswith("#")]
        tagged[_comment(block, "sent_id")] = tuple((row[1], row[2]) for row in rows)
    return tagged


def _comment(block: list[str], key: str) -> str:
    prefix = f"# {key} = "
    return next((line.removeprefix(prefix) for line in block if line.startswith(prefix)), "")


def _sentence(block: list[str]) -> Sentence:
    opens_document = any(line.startswith("# newdoc") for line in block)
    opens_paragraph = opens_document or any(line.split(" =")[0] in ("# newpar", "# newpar id") for line in block)
    rows = [line.split("\t") for line in block if not line.startswith("#")]
    return Sentence(_comment(block, "sent_id"), tuple(_words(rows)), opens_document, opens_paragraph)


def _words(rows: list[list[str]]) -> Iterator[Word]:
    inside_until, space_after_surface = 0, True
    for row in rows:
        if "." in row[0]:
            continue
        spaced = "SpaceAfter=No" not in row[9].split("|")
        if "-" in row[0]:
            inside_until, space_after_surface = int(row[0].split("-")[1]), spaced
            continue
        index = int(row[0])
        if index <= inside_until:  # only the last word of a multiword token is followed by its space
            spaced = index == inside_until and space_after_surface
        yield _word(row, spaced)


def _word(row: list[str], spaced: bool) -> Word:
    index, head = int(row[0]) - 1, int(row[6]) - 1
    entity = next((item.removeprefix("Entity=") for item in row[9].split("|") if item.startswith("Entity=")), "")
    return Word(row[1], row[2], row[3], row[4], index if head < 0 else head, row[7], spaced, entity)
