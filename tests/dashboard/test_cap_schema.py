"""Messages against the schema of CAP 1.2, through an alert's whole life."""

from datetime import timedelta
from functools import reduce
from pathlib import Path
from xml.etree.ElementTree import fromstring

import httpx
import pytest
import xmlschema

from services.core.alert import Alert, AlertState
from services.core.event import Place
from services.core.rule import Severity
from services.dashboard.board import Board, fold
from services.dashboard.cap import cap_message
from tests.dashboard.samples import NOON, alert, evidence
from tests.dashboard.serving import dashboard

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("cap12.xsd"))
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
FAR = Place(text="far", name="Far & away <b>", lat=-0.5, lon=-179.25)

STATES = (AlertState.FIRING, AlertState.ESCALATED, AlertState.DEESCALATED, AlertState.RESOLVED)


def life(*states: AlertState, **facts: object) -> list[Alert]:
    return [alert(state=state, changed_at=NOON + timedelta(hours=n), **facts) for n, state in enumerate(states)]


@pytest.mark.parametrize(
    "states", [STATES[:1], STATES[:2], STATES, (AlertState.FIRING, AlertState.RETRACTED), (AlertState.ESCALATED,)]
)
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"stream": "seeds", "severity": Severity.CRITICAL},
        {"evidence": (), "group": ""},
        {"evidence": (evidence(sentence="\x00 ]]> & <info/>", place=FAR), evidence(place=None))},
    ],
)
def test_a_message_is_valid_and_names_every_message_before_it(
    states: tuple[AlertState, ...], facts: dict[str, object]
) -> None:
    sent: list[str] = []
    board = Board()
    for each in life(*states, **facts):
        board = fold(board, each)
        body = cap_message(each, board.steps[each.alert_id], sender="news.example", web="http://news.example/#alert-1")
        SCHEMA.validate(body)
        root = fromstring(body)
        references = (root.findtext(f"{CAP}references") or "").split()
        assert [name for reference in references if (name := reference.split(",")[1]) in sent] == sent
        sent.append(str(root.findtext(f"{CAP}identifier")))


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("<sender>a</sender>", ""),
        ("<sender>a</sender>", "<sender>a b</sender>"),
        ("Alert</msgType>", "Alarm</msgType>"),
        ("-00:00</sent>", "Z</sent>"),
        ("<scope>", "<note>too early</note><scope>"),
        ("39.1,46.9 25", "39.1 46.9 25"),
    ],
)
def test_the_schema_refuses_what_the_standard_forbids(part: str, other: str) -> None:
    (each,) = life(AlertState.FIRING)
    good = cap_message(each, reduce(fold, [each], Board()).steps[each.alert_id], sender="a", web="http://x/").decode()
    assert SCHEMA.is_valid(good)
    assert part in good
    assert not SCHEMA.is_valid(good.replace(part, other, 1))


async def test_what_is_served_is_valid() -> None:
    async with dashboard(*life(*STATES)) as desk, httpx.AsyncClient(base_url=desk.url) as client:
        message = (await client.get("/feeds/alerts/alert-1/cap.xml")).text
    SCHEMA.validate(message)
    assert str(fromstring(message).findtext(f"{CAP}references")).count(" ") == 2
