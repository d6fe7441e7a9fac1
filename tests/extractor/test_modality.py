"""How a sentence stands to what it tells, one frame at a time; the same deed throughout."""

import pytest
from spacy.language import Language

from services.extractor.extract import events_in
from tests.builders import article


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Chad's army shelled the village of Adre on Monday.", "asserted"),
        ("Chad's army said it shelled the village of Adre on Monday.", "asserted"),
        ("Chad's army allegedly shelled the village of Adre on Monday.", "alleged"),
        ("The council met on Monday to discuss a missile strike on a school in Adre that killed nine.", "background"),
        ("A truce in August collapsed within hours. A shell hit Adre on Monday.", "background"),
        ("A curfew in Adre was eased on Monday. A shell hit Adre.", "asserted"),
        ("A wounded man is fighting for his life. A shell hit Adre on Monday.", "asserted"),
        ("Suspected rebels shelled the village of Adre on Monday.", "asserted"),
        ("A suspected chemical attack killed nine people at Adre on Monday.", "alleged"),
        ("On the anniversary of the massacre, hundreds of people marched in Adre on Monday.", "background"),
        ("Chad's army denied that it had shelled the village of Adre.", "denied"),
        ("Chad's army did not shell the village of Adre on Monday.", "denied"),
        ("Chad's army did not confirm the shelling of Adre on Monday.", "alleged"),
        ("The shelling of Adre on Monday could not be independently verified.", "alleged"),
        ("Chad's army has yet to comment on the shelling of Adre on Monday.", "asserted"),
        ("Chad's army did not comment on the shelling of Adre on Monday.", "asserted"),
        ("Chad's army threatened to shell the village of Adre.", "threatened"),
        ("The envoy urged Chad's army to stop shelling the village of Adre.", "called_for"),
        ("Chad's army will shell the village of Adre tomorrow.", "future"),
        ("When the crowd did not leave, Chad's army shelled the village of Adre.", "asserted"),
        ("If Chad's army shelled the village of Adre, thousands would flee.", "hypothetical"),
        ("Chad's army, which had denied the claim, shelled the village of Adre on Monday.", "asserted"),
        ("After a visit to the scene of the fire, the mayor said shells hit Adre on Monday.", "asserted"),
        ("Chad's army launched an offensive to capture the town of Adre.", "asserted"),
        ("The envoy expressed regret over the shelling of the village of Adre.", "background"),
        ("Chad's army shelled the village of Adre in 1987.", "background"),
        ("In the war of 1987 Chad's army shelled the village of Adre.", "background"),
    ],
)
def test_the_frame_decides_the_modality(nlp: Language, text: str, modality: str) -> None:
    event = next(e for e in events_in(nlp, article(text=text)) if e.sub_event_type)
    assert event.modality == modality
    assert modality == "asserted" or event.reasons[1:]


def test_what_was_repelled_happened_and_says_how_it_ended(nlp: Language) -> None:
    (event,) = [
        e for e in events_in(nlp, article(text="Iraqi soldiers repelled an attack near Tuz.")) if e.sub_event_type
    ]
    assert (event.modality, event.outcome) == ("asserted", "repelled")
