"""The words that events are described with."""

from services.core.ontology import EVENT_TYPE_OF, SUB_EVENT_TYPES, CeasefireState, Modality, Tier


def test_there_are_six_event_types_with_twenty_five_sub_event_types() -> None:
    assert len(SUB_EVENT_TYPES) == 6
    assert sum(map(len, SUB_EVENT_TYPES.values())) == len(EVENT_TYPE_OF) == 25


def test_each_sub_event_type_leads_back_to_its_type() -> None:
    assert all(sub in SUB_EVENT_TYPES[event] for sub, event in EVENT_TYPE_OF.items())
    assert EVENT_TYPE_OF["Armed clash"] == "Battles"
    assert EVENT_TYPE_OF["Shelling/artillery/missile attack"] == "Explosions/Remote violence"


def test_the_words_on_the_wire_are_pinned() -> None:
    assert [str(tier) for tier in Tier] == ["kinetic", "strategic", "verbal", "casualty_toll"]
    assert " ".join(Modality) == "asserted alleged denied threatened called_for future background hypothetical"
    assert " ".join(CeasefireState) == "declared holding breached denied restored called_for rejected"
