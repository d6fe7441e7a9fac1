"""Turns the treebanks into spaCy's training format.

    python convert.py TREEBANK_FOLDER CORPUS_FOLDER

Reads the files that `deploy/model/train` names (UD_English-EWT, UD_English-GUM, UNER_English-EWT) and writes
`train.spacy`, `dev.spacy` (tags, lemmas, trees), `names_train.spacy` and `names_dev.spacy` (PERSON, PLACE, ORG).
Training texts are runs of 1 to 5 sentences, paragraph breaks kept half of the time, so that the parser learns to split
sentences with and without them; development texts are whole documents with every break written as one space, which is
the harder case.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy
from conllu import Sentence, Word, read_conllu, read_iob2
from entities import gum_tags, uner_tags
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

SEED = 20
LONGEST_RUN = 5
BREAKS = ("\n", "\n\n")

Names = dict[str, list[str]]


@dataclass(slots=True)
class Columns:
    """A document under construction: spaCy's per-token arguments."""

    words: list[str]
    spaces: list[bool]
    tags: list[str]
    pos: list[str]
    lemmas: list[str]
    heads: list[int]
    deps: list[str]
    ents: list[str]

    @classmethod
    def empty(cls) -> "Columns":
        """Starts a document without words."""
        return cls([], [], [], [], [], [], [], [])

    def add(self, word: Word, offset: int, entity: str) -> None:
        """Appends one word of a sentence that starts at token `offset`."""
        self._append(word.form, word.xpos, word.upos, word.lemma)
        self.spaces.append(word.space_after)
        self.heads.append(offset + word.head)
        self.deps.append("ROOT" if word.deprel == "root" else word.deprel)
        self.ents.append(entity)

    def break_paragraph(self, text: str) -> None:
        """Ends the paragraph with a white-space token, annotated as spaCy's own augmentation does."""
        self.spaces[-1] = False
        self._append(text, "_SP", "SPACE", text)
        self.spaces.append(False)
        self.heads.append(len(self.words) - 2)
        self.deps.append("dep")
        self.ents.append("O")

    def doc(self, vocab: Vocab, *, named: bool) -> Doc:
        """Builds the document; without `named` its entities are unknown, which the recogniser's loss skips."""
        columns = {slot: getattr(self, slot) for slot in ("words", "spaces", "tags", "pos", "lemmas", "heads", "deps")}
        return Doc(vocab, **columns, ents=self.ents if named else None)

    def _append(self, form: str, tag: str, pos: str, lemma: str) -> None:
        self.words.append(form)
        self.tags.append(tag)
        self.pos.append(pos)
        self.lemmas.append(lemma)


def build(vocab: Vocab, run: Sequence[Sentence], *, names: Names | None, breaks: str = "") -> Doc:
    """Joins sentences into one document; `breaks` is written at paragraph starts, one space if it is empty."""
    columns = Columns.empty()
    for sentence in run:
        if columns.words:
            columns.spaces[-1] = True
            if breaks and sentence.opens_paragraph:
                columns.break_paragraph(breaks)
        offset = len(columns.words)
        tags = names[sentence.sent_id] if names is not None else ["O"] * len(sentence.words)
        for word, tag in zip(sentence.words, tags, strict=True):
            columns.add(word, offset, tag)
    return columns.doc(vocab, named=names is not None)


def documents(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Groups sentences into the treebank's documents."""
    document: list[Sentence] = []
    for sentence in sentences:
        if sentence.opens_document and document:
            yield document
            document = []
        document.append(sentence)
    if document:
        yield document


def training_docs(vocab: Vocab, sentences: Sequence[Sentence], names: Names | None) -> Iterator[Doc]:
    """Cuts documents into runs of 1 to 5 sentences; the same seed gives the same runs."""
    chance = random.Random(SEED)
    for document in documents(sentences):
        start = 0
        while start < len(document):
            run = document[start : start + chance.randint(1, LONGEST_RUN)]
            start += len(run)
            yield build(vocab, run, names=names, breaks=chance.choice(("", "", *BREAKS)))


def unseen(development: Sequence[Sentence], training: Sequence[Sentence]) -> list[Sentence]:
    """Leaves out development documents that training met: both of GUM's files have "GUM_court_loan"."""
    met = {_document(sentence) for sentence in training}
    return [sentence for sentence in development if _document(sentence) not in met]


def _document(sentence: Sentence) -> str:
    return sentence.sent_id.rpartition("-")[0]


def whole_docs(vocab: Vocab, sentences: Sequence[Sentence], names: Names | None = None, breaks: str = "") -> list[Doc]:
    """Builds one text per treebank document."""
    return [build(vocab, document, names=names, breaks=breaks) for document in documents(sentences)]


def gum_names(sentences: Sequence[Sentence]) -> Names:
    """The names in GUM, by sentence id."""
    return {sentence.sent_id: gum_tags(sentence) for sentence in sentences}


def uner_names(sentences: Sequence[Sentence], path: Path) -> Names:
    """The names in a Universal NER file, by sentence id."""
    tagged = read_iob2(path)
    return {sentence.sent_id: uner_tags(sentence, tagged[sentence.sent_id]) for sentence in sentences}


def main(treebank: Path, corpus: Path) -> None:
    """Writes the four files."""
    vocab = spacy.blank("en").vocab
    ewt, gum = read_conllu(treebank / "ewt_train.conllu.xz"), read_conllu(treebank / "gum_train.conllu.xz")
    ewt_dev, gum_dev = read_conllu(treebank / "ewt_dev.conllu.xz"), read_conllu(treebank / "gum_dev.conllu.xz")
    ewt_test = read_conllu(treebank / "ewt_test.conllu.xz")
    named = {**gum_names(gum), **uner_names(ewt_test, treebank / "ewt_test_ner.iob2.xz")}
    files = {
        "train": training_docs(vocab, [*ewt, *gum], None),
        "dev": whole_docs(vocab, [*ewt_dev, *gum_dev]),
        "names_train": training_docs(vocab, [*ewt_test, *gum], named),
        "names_dev": whole_docs(vocab, ewt_dev, uner_names(ewt_dev, treebank / "ewt_dev_ner.iob2.xz")),
    }
    corpus.mkdir(parents=True, exist_ok=True)
    for name, docs in files.items():
        DocBin(docs=docs, store_user_data=False).to_disk(corpus / f"{name}.spacy")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
