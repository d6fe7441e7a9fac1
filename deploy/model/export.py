"""Puts the trained parts together, shrinks them and writes them where the extractor loads them from.

    python export.py TRAINED_FOLDER TREEBANK_FOLDER [OUTPUT_FOLDER]

TRAINED_FOLDER holds what ./train makes: the runs `second`, `third` and `names`, `syntax` (the mean of the second and
the third), `vectors.npz` and `words.txt`.

Three things make the result small, none of which costs accuracy: weights are rounded to 6 bits of mantissa (zip then
stores them in half the space), the vectors' 50,000 words are stored once as text instead of as strings and keys, and
the string store keeps only what the labels need. The written folder is loaded again and must annotate development
texts exactly as the rounded pipeline does; then it is scored, and `scores.json` written.
"""

import hashlib
import json
import platform
import shutil
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import numpy as np
import recipe
import spacy
from conllu import read_conllu
from convert import whole_docs
from lemmas import build_table
from notice import DATA, NOTICE
from numpy.typing import NDArray
from score import report
from spacy.language import Language
from spacy.util import load_config, load_model_from_config
from spacy.vocab import Vocab
from thinc.api import Config

from services.extractor.text.lemmas import TableLemmatizer
from services.extractor.text.nlp import load_pipeline

REPOSITORY = Path(__file__).resolve().parents[2]
SHIPPED = REPOSITORY / "services" / "extractor" / "model"
DROPPED_BITS = 23 - 6
PACKAGES = ("spacy", "thinc", "numpy")
RUNS = ("second", "third", "names")


def assemble(trained: Path, treebank: Path) -> Language:
    """The parser's pipeline with the lemmatizer's table and the recogniser added."""
    nlp = spacy.load(trained / "syntax")
    nlp.vocab.vectors = recipe.load_vectors(trained)
    words = (trained / "words.txt").read_text(encoding="utf-8").split("\n")
    sentences = [*read_conllu(treebank / "ewt_train.conllu.xz"), *read_conllu(treebank / "gum_train.conllu.xz")]
    lemmatizer = cast("TableLemmatizer", nlp.add_pipe("tocsin_lemmatizer", name="lemmatizer"))
    lemmatizer.table = build_table(sentences, words, Path(__file__).with_name("irregular.txt"))
    nlp.add_pipe("ner", source=spacy.load(trained / "names" / "model-best"))
    return nlp


def round_weights(nlp: Language) -> None:
    """Rounds every float32 weight of every component to 6 bits of mantissa, in place."""
    models = [pipe.model for _, pipe in nlp.pipeline if hasattr(pipe, "model")]
    for node in (node for model in models for node in model.walk()):
        for name in node.param_names:
            if node.has_param(name):
                node.set_param(name, rounded(node.get_param(name)))


def rounded(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Clears the lowest 17 bits after adding half of the first bit kept."""
    bits = np.ascontiguousarray(weights, dtype=np.float32).view(np.uint32)
    half = np.uint32(1 << (DROPPED_BITS - 1))
    return ((bits + half) >> DROPPED_BITS << DROPPED_BITS).astype(np.uint32).view(np.float32)


def slimmed(nlp: Language) -> Language:
    """Copies the pipeline without its vectors, its training settings and the strings that only training met."""
    slim = load_model_from_config(Config(shipped_config(nlp)), auto_fill=True)
    slim.from_bytes(nlp.to_bytes(exclude=["vocab", "config"]), exclude=["vocab"])
    for text in needed_strings(nlp):
        slim.vocab.strings.add(text)
    slim.meta.update(name="tocsin_en", version="1.0.0", description="English for conflict news", license="CC BY-SA 4.0")
    return slim


def shipped_config(nlp: Language) -> dict[str, Any]:
    """The parts of the configuration that loading needs; the tokeniser's rules are in the weights by now."""
    return {"nlp": {**nlp.config["nlp"], "after_creation": None}, "components": dict(nlp.config["components"])}


def needed_strings(nlp: Language) -> Iterable[str]:
    """Labels, and the parts of "POS=NOUN"."""
    for name in nlp.pipe_names:
        for label in getattr(nlp.get_pipe(name), "labels", ()):
            yield label
            yield from label.split("=")


def write(slim: Language, vectors: Path, folder: Path) -> None:
    """Writes configuration, weights, vectors and notice."""
    folder.mkdir(parents=True, exist_ok=True)
    Config(shipped_config(slim)).to_disk(folder / "config.cfg")
    (folder / "weights.msgpack").write_bytes(slim.to_bytes(exclude=["vectors", "config"]))
    for name in ("vectors.npz", "words.txt"):
        shutil.copyfile(vectors / name, folder / name)
    (folder / "NOTICE.txt").write_text(NOTICE, encoding="utf-8")


def record(folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """What the weights were made of: versions, data and licences, training settings with the seed, checksums."""
    files = ("config.cfg", "weights.msgpack", "vectors.npz", "words.txt")
    return {
        "format": 1,
        "name": "tocsin-en",
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "data": DATA,
        "seed": settings["second"]["seed"],
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
        "training": settings,
    }


def training_settings(trained: Path) -> dict[str, Any]:
    """The [training] section of the runs whose weights are in the result, as spaCy stored it."""
    configs = {run: load_config(trained / run / "model-best" / "config.cfg") for run in RUNS}
    return {run: config.interpolate()["training"] for run, config in configs.items()}


def same_annotation(left: Language, right: Language, texts: Iterable[str]) -> bool:
    """Whether both pipelines say the same of every token."""
    attributes = ("text", "tag_", "pos_", "lemma_", "dep_", "ent_type_")
    for one, other in zip(left.pipe(texts), right.pipe(texts), strict=True):
        for token, twin in zip(one, other, strict=True):
            if token.head.i != twin.head.i or any(getattr(token, a) != getattr(twin, a) for a in attributes):
                return False
    return True


def main(trained: Path, treebank: Path, folder: Path = SHIPPED) -> None:
    """Assembles, shrinks, writes, loads again, compares and scores."""
    nlp = assemble(trained, treebank)
    round_weights(nlp)
    write(slimmed(nlp), trained, folder)
    scores = record(folder, training_settings(trained))
    _save(folder, scores)
    shipped = load_pipeline(folder)
    texts = [doc.text for doc in whole_docs(Vocab(), read_conllu(treebank / "gum_dev.conllu.xz"))]
    if not same_annotation(nlp, shipped, texts):
        sys.exit("the shipped pipeline does not annotate as the trained one does")
    _save(folder, scores | report(shipped, treebank))


def _save(folder: Path, scores: dict[str, Any]) -> None:
    (folder / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
