"""Scores a pipeline on the development treebanks, text by text from raw characters, with spaCy's own scorer.

Each document is joined into one line of plain text, tokenised and parsed by the pipeline, and compared with the
treebank by character offset; so a wrong token or sentence boundary counts against tags and arcs as well. As in all of
spaCy's figures, arcs to punctuation are not counted. Figures are percentages.
"""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from conllu import Sentence, read_conllu
from convert import Names, documents, uner_names, unseen, whole_docs
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

FIGURES = {
    "token_f": "token_f",
    "tag": "tag_acc",
    "pos": "pos_acc",
    "lemma": "lemma_acc",
    "uas": "dep_uas",
    "las": "dep_las",
    "sentence_f": "sents_f",
}
SAMPLE_EVERY = 12

Scores = dict[str, float]


def syntax(nlp: Language, gold: Iterable[Doc]) -> Scores:
    """Tags, lemmas, arcs and sentences of whole texts."""
    found = _evaluate(nlp, gold)
    return {name: _percent(found[key]) for name, key in FIGURES.items()}


def names(nlp: Language, gold: Iterable[Doc]) -> Scores:
    """Precision, recall and F of names, exact span and type, and F of each type."""
    found = _evaluate(nlp, gold)
    overall = {f"names_{key}": _percent(found[f"ents_{key}"]) for key in "prf"}
    return overall | {kind: _percent(part["f"]) for kind, part in sorted(found["ents_per_type"].items())}


def by_genre(sentences: Sequence[Sentence]) -> dict[str, list[Sentence]]:
    """Splits a corpus by the genre in its sentence ids: "weblog-juancole..." and "GUM_news_asylum-3"."""
    genres: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        genre = sentence.sent_id.removeprefix("GUM_").replace("_", "-").split("-")[0]
        genres.setdefault(genre, []).append(sentence)
    return genres


def sample(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Every twelfth document: what the tests score again."""
    return [sentence for document in list(documents(sentences))[::SAMPLE_EVERY] for sentence in document]


def report(nlp: Language, treebank: Path) -> dict[str, Any]:
    """Scores both development corpora, their genres, the names, the test set and the speed."""
    corpora = {name: read_conllu(treebank / f"{name}.conllu.xz") for name in ("ewt_dev", "gum_dev", "ewt_test")}
    both = [*corpora["ewt_dev"], *corpora["gum_dev"]]
    gold_names = dev_names(corpora["ewt_dev"], treebank)
    training = [s for name in ("ewt_train", "gum_train") for s in read_conllu(treebank / f"{name}.conllu.xz")]
    parts = {"dev": both, "dev_unseen": unseen(both, training), **corpora, "sample": sample(both)}
    parts |= {f"{part}_{genre}": s for part in ("ewt_dev", "gum_dev") for genre, s in by_genre(corpora[part]).items()}
    return {
        "syntax": {name: syntax(nlp, whole_docs(nlp.vocab, part)) for name, part in parts.items()},
        "with_paragraph_breaks": {name: _with_breaks(nlp, part) for name, part in corpora.items()},
        "names": {
            "ewt_dev": names(nlp, whole_docs(nlp.vocab, corpora["ewt_dev"], gold_names)),
            "sample": names(nlp, whole_docs(nlp.vocab, sample(corpora["ewt_dev"]), gold_names)),
        },
        "words_per_second": speed(nlp, [doc.text for doc in whole_docs(nlp.vocab, both)]),
    }


def dev_names(sentences: Sequence[Sentence], treebank: Path) -> Names:
    """The gold names of EWT's development part."""
    return uner_names(sentences, treebank / "ewt_dev_ner.iob2.xz")


def speed(nlp: Language, texts: Sequence[str]) -> int:
    """Words per second of processor time, whole pipeline, one thread; the first texts warm the caches."""
    list(nlp.pipe(texts[:20]))
    began = time.process_time()
    words = sum(len(doc) for doc in nlp.pipe(texts))
    return round(words / (time.process_time() - began))


def _with_breaks(nlp: Language, sentences: Sequence[Sentence]) -> Scores:
    """Trees and sentences where paragraphs are apart, as in most articles (spaCy's tag figures would count breaks)."""
    found = syntax(nlp, whole_docs(nlp.vocab, sentences, breaks="\n\n"))
    return {name: found[name] for name in ("uas", "las", "sentence_f")}


def _evaluate(nlp: Language, gold: Iterable[Doc]) -> dict[str, Any]:
    return nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in gold])


def _percent(share: float) -> float:
    return round(100 * share, 2)
