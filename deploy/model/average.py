"""Averages the weights of pipelines that went separate ways from the same earlier run; better than each of them.

    python average.py OUTPUT_FOLDER TRAINED_FOLDER TRAINED_FOLDER...

Configuration, labels and tokeniser are those of the first.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import recipe  # noqa: F401  (registers what the configuration names)
import spacy
from spacy.language import Language
from thinc.api import Model


def weights(nlp: Language) -> Iterator[tuple[Model, str]]:
    """Yields every stored weight of every component as its layer and name, in an order that equal pipelines share."""
    models = [pipe.model for _, pipe in nlp.pipeline if hasattr(pipe, "model")]
    for node in (node for model in models for node in model.walk()):
        yield from ((node, name) for name in node.param_names if node.has_param(name))


def average(pipelines: list[Language]) -> Language:
    """Sets the first pipeline's weights to the mean of all."""
    for places in zip(*map(weights, pipelines), strict=True):
        node, name = places[0]
        node.set_param(name, np.mean([other.get_param(name) for other, name in places], axis=0, dtype=np.float32))
    return pipelines[0]


if __name__ == "__main__":
    output, *trained = (Path(argument) for argument in sys.argv[1:])
    average([spacy.load(folder) for folder in trained]).to_disk(output)
