"""Loads tocsin-en, Tocsin's own English pipeline, from the files in `model/`; nothing is downloaded.

`token.tag_` is a Penn tag, `token.pos_` and `token.dep_` are Universal Dependencies v2 ("obl:agent" included; the root
is "ROOT"), entities are PERSON, PLACE and ORG. `model/scores.json` says how well each of them works, on which data.
How the weights are made: `deploy/model/`.
"""

import ctypes
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from spacy.about import __version__ as spacy_version
from spacy.language import Language
from spacy.util import load_config, load_model_from_config
from spacy.vectors import Vectors  # type: ignore[import-not-found]
from thinc.api import use_ops

import services.extractor.text.lemmas  # noqa: F401  (registers the lemmatizer that config.cfg names)
from services.core.errors import InputError
from services.extractor.text.inference import FACTORIES

MODEL: Final = Path(__file__).parents[1] / "model"
FORMAT: Final = 1
VECTORS_NAME: Final = "tocsin_vectors"


def load_pipeline(path: Path | None = None) -> Language:
    """Builds the pipeline; takes about a second and 150 MB.

    Args:
        path: the folder of an exported pipeline; the shipped one if it is left out.

    Raises:
        InputError: a file is missing or damaged, or belongs to another version of spaCy.
    """
    folder = path or MODEL
    _check(folder, read_scores(folder))
    _one_thread()
    # BLIS, thinc's default, parses 1.3 to 2 times slower than numpy's OpenBLAS (measured, one x86-64 core).
    with use_ops("numpy", use_blis=False):
        config = load_config(folder / "config.cfg")
        for name, factory in FACTORIES.items():
            config["components"][name] = {"factory": factory, "model": config["components"][name]["model"]}
        nlp = load_model_from_config(config, auto_fill=False)
        nlp.from_bytes((folder / "weights.msgpack").read_bytes(), exclude=["vectors"])
        nlp.vocab.vectors = _vectors(folder)
    return nlp


def _one_thread() -> None:
    """One thread for numpy's products: ours are small, and waiting for a second core cost ten times the time saved."""
    for library in Path(np.__file__).parents[1].glob("numpy.libs/*openblas*"):
        for name in ("scipy_openblas_set_num_threads64_", "openblas_set_num_threads"):
            set_threads = getattr(ctypes.CDLL(str(library)), name, None)
            if set_threads:
                set_threads(1)


def read_scores(folder: Path = MODEL) -> Mapping[str, Any]:
    """Reads what the pipeline was trained on, with what, and how it scored.

    Raises:
        InputError: the file is missing or not JSON.
    """
    try:
        scores: Mapping[str, Any] = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(str(folder / "scores.json"), f"not the record of an exported pipeline: {error}") from error
    return scores


def _check(folder: Path, scores: Mapping[str, Any]) -> None:
    if scores.get("format") != FORMAT:
        raise InputError(str(folder), f"format {scores.get('format')}, this version reads format {FORMAT}")
    trained_with = str(scores["versions"]["spacy"])
    if _minor(trained_with) != _minor(spacy_version):
        raise InputError(str(folder), f"trained with spaCy {trained_with}, this is {spacy_version}")
    for name, expected in scores["sha256"].items():
        if not (folder / name).is_file():
            raise InputError(str(folder / name), "missing")
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
            raise InputError(str(folder / name), "damaged: its checksum is not the one in scores.json")


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]


def _vectors(folder: Path) -> Vectors:
    """Word vectors by lower-cased form; shipped as whole steps and one step size a word."""
    words = (folder / "words.txt").read_text(encoding="utf-8").split("\n")
    with np.load(folder / "vectors.npz", allow_pickle=False) as stored:
        data = stored["steps"].astype(np.float32) * stored["scale"]
    return Vectors(data=data, keys=words, name=VECTORS_NAME, attr="LOWER")
