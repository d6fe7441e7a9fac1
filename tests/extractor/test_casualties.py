"""Figures of victims: counts, kinds, running totals, and numbers that are none."""

import pytest

from services.extractor.reading.casualties import figures_in
from services.extractor.text.blank import blank_pipeline
from services.extractor.text.words import words_of

NLP = blank_pipeline()


def figures(text: str) -> list[tuple[str, str, int | None, bool]]:
    found = figures_in(words_of(NLP(text)), text, (), None)
    return [(f.casualty.kind, f.casualty.who, f.casualty.count, f.casualty.cumulative) for f in found]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Three soldiers were killed.", ("killed", "military", 3, False)),
        ("The blast wounded 24 civilians.", ("wounded", "civilian", 24, False)),
        ("The toll exceeded 3 thousand soldiers.", ("killed", "military", 3000, True)),
        ("The death toll rises to 95.", ("killed", "unspecified", 95, True)),
        ("At least 1,200 people were killed so far.", ("killed", "unspecified", 1200, True)),
        ("A civilian was killed.", ("killed", "civilian", 1, False)),
        ("Dozens of rebels were killed.", ("killed", "military", 12, False)),
        ("Gunmen shot dead four miners.", ("killed", "civilian", 4, False)),
        ("Five soldiers, two of them officers, were killed.", ("killed", "military", 5, False)),
        ("Fighting wounded more than 100.", ("wounded", "unspecified", 100, False)),
        ("Rebels killed three students and the driver.", ("killed", "civilian", 1, False)),
        ("A porter lost both legs and died, three sellers are in hospital.", ("wounded", "civilian", 3, False)),
        ("The army destroyed 38 air defense systems.", ("destroyed", "equipment", 38, False)),
    ],
)
def test_a_figure_has_a_kind_a_victim_and_a_count(text: str, figure: tuple[str, str, int, bool]) -> None:
    assert figure in figures(text)


@pytest.mark.parametrize(
    "text",
    [
        "Shells killed two and injured nine.",
        "A blast in Kano, killing two and injuring nine.",
        "The raid left two people dead and nine injured.",
        "Guards shot dead two and wounded nine.",
        "Two people were killed and nine wounded.",
    ],
)
def test_of_two_harms_each_has_its_own_number(text: str) -> None:
    assert [(kind, count) for kind, _, count, _ in figures(text)] == [("killed", 2), ("wounded", 9)]


@pytest.mark.parametrize(
    "text",
    [
        "Police used batons, and one man died of a heart attack.",
        "A six-year-old was at home.",
        "The town is 15 kilometers from the front.",
        "They took 16 more villages.",
        "After 18 days of fighting the S-300 fell silent.",
        "The ministry does not reveal how many soldiers have fallen.",
    ],
)
def test_ages_distances_villages_and_models_are_no_victims(text: str) -> None:
    assert figures(text) == []


def test_a_breakdown_shares_the_kind_of_what_it_breaks_down() -> None:
    text = "The toll includes 11 civilians killed, with nine in Azerbaijan and two on the other side."
    assert [figure[2] for figure in figures(text)] == [11, 9, 2]
    assert {figure[1] for figure in figures(text)} == {"civilian"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Three engineers and a cook were killed.", [("killed", 3), ("killed", 1)]),
        ("A seller was killed and four customers were taken to hospital.", [("killed", 1), ("wounded", 4)]),
        ("One guard was killed and two drivers were questioned.", [("killed", 1)]),
        ("Two caves were destroyed.", []),
    ],
)
def test_each_figure_of_a_sentence_has_the_harm_that_is_said_of_it(text: str, found: list[tuple[str, int]]) -> None:
    assert [(kind, count) for kind, _, count, _ in figures(text)] == found
