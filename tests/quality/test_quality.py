"""The quality scores stay above their floors; the table is printed with the test's output."""

from pathlib import Path

import pytest
import yaml

from services.extractor.extract import events_in
from tests.quality.pipeline import pipeline
from tests.quality.score import all_scores, table

FLOORS = Path(__file__).with_name("floors.yaml")


def test_no_score_is_below_its_floor(capsys: pytest.CaptureFixture[str]) -> None:
    nlp = pipeline()
    scores = all_scores(lambda article: events_in(nlp, article), lambda _: None)
    with capsys.disabled():
        print("\n" + table(scores))  # noqa: T201
    floors = yaml.safe_load(FLOORS.read_text())
    known = {name: (scores[name], floor) for name, floor in floors.items() if name in scores}
    assert not {name: pair for name, pair in known.items() if _fails(name, *pair)}


def _fails(name: str, score: float, floor: float) -> bool:
    return score > floor if name.endswith("traps") else score < floor
