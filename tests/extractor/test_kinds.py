"""Which of ACLED's kinds a sentence tells of, where its words alone would say another."""

import pytest
from spacy.language import Language

from services.core.ontology import Modality
from services.extractor.extract import events_in
from tests.builders import article

CURRENT = {Modality.ASSERTED, Modality.ALLEGED}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The bomb squad safely detonated a device left under a bridge near Derry.", "Disrupted weapons use"),
        ("Its agents broke up a workshop that made suicide belts in Diyala.", "Disrupted weapons use"),
        ("Teachers across Oklahoma walked out of their classrooms.", "Peaceful protest"),
        ("Syrian troops recaptured Tal Brak from the rebels.", "Government regains territory"),
        ("Philippine soldiers overran a camp of the New People's Army in Samar.", "Government regains territory"),
        ("Helicopters dropped barrels of chlorine on the town of Sarmin.", "Chemical weapon"),
        ("A magnetic mine attached to a car wounded a clerk in Kabul.", "Remote explosive/landmine/IED"),
        ("Two reporters were jailed pending trial in Diyarbakir on Friday.", "Arrests"),
        ("Two female bombers struck a market in Mubi, killing 27 people.", "Suicide bomb"),
        ("The alliance opened a new command centre in Stuttgart.", "Headquarters or base established"),
        ("The two armies agreed to pull back their heavy weapons.", "Agreement"),
        ("A village chief and his wife were hacked to death in Ituri.", "Attack"),
        ("Soldiers fired into a crowd of miners on strike in Lonmin.", "Excessive force against protesters"),
        ("Two rebel groups in Aleppo announced their merger.", "Change to group/activity"),
        ("Vandals toppled gravestones in a cemetery outside Lodz.", "Looting/property destruction"),
        ("Gunmen seized three Chinese engineers in Zamfara.", "Abduction/forced disappearance"),
        ("A rocket aimed at the embassy was shot down by its air defences.", "Disrupted weapons use"),
        ("Sappers defused a bomb from the Second World War in Frankfurt.", "Disrupted weapons use"),
        ("Activists unfurled a banner from a bridge against the abortion law.", "Peaceful protest"),
        ("Lawyers in Lahore marched to protest the arrest of a colleague.", "Peaceful protest"),
        ("Ukrainian troops pushed the Russians out of the village of Robotyne.", "Government regains territory"),
        ("The militants have taken over Ramadi, the mayor said.", "Non-state actor overtakes territory"),
        ("Coastal guns fired 170 rounds at Yeonpyeong Island.", "Shelling/artillery/missile attack"),
        ("Students in Santiago burned buses and fought police.", "Violent demonstration"),
        ("A rally in Kinshasa descended into violence.", "Violent demonstration"),
        ("Four children died when a shell they played with went off.", "Remote explosive/landmine/IED"),
        ("A car bomber rammed the gate of the army camp in Gao.", "Suicide bomb"),
        ("Chinese troops have put up a new post on the plateau.", "Headquarters or base established"),
        ("Rebels surrendered the town of Zabadani.", "Non-violent transfer of territory"),
        ("The insurgents named a new commander on Monday.", "Change to group/activity"),
        ("The head of a clinic was taken by armed men from his car.", "Abduction/forced disappearance"),
        ("Fans of two clubs fought with iron bars in Alexandria.", "Mob violence"),
        ("Troops moved into Daraa as the rebels left under a deal.", "Non-violent transfer of territory"),
    ],
)
def test_the_kind_is_what_was_done_and_to_whom(nlp: Language, text: str, kind: str) -> None:
    found = [e for e in events_in(nlp, article(text=text)) if e.modality in CURRENT and e.sub_event_type]
    assert max(found, key=lambda event: event.confidence).sub_event_type == kind


@pytest.mark.parametrize(
    "text",
    [
        "A gas leak set off a blast in a restaurant in Hangzhou, injuring nine people.",
        "Detectives in Leeds are hunting two men who robbed a jeweller at knifepoint.",
    ],
)
def test_accidents_and_robberies_are_none(nlp: Language, text: str) -> None:
    assert [e.trigger.text for e in events_in(nlp, article(text=text)) if e.sub_event_type] == []
