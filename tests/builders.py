"""Small values for tests, with everything that a test does not care about filled in."""

from datetime import UTC, date, datetime, timedelta

from services.core.article import Article, new_article
from services.core.event import Event, EventDate, Mention, Place, Span
from services.core.ontology import Modality, Tier
from services.core.rule import Rule, parse_rules
from services.core.sighting import Sighting
from services.core.wire import content_id

NOON = datetime(2020, 10, 1, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    """A moment so many hours after noon of 1 October 2020."""
    return NOON + timedelta(hours=hours)


def article(
    text: str = "Two sides clashed.", *, published: datetime = NOON, outlet: str = "one", **more: object
) -> Article:
    """An article of the replay ``test``, fetched when it was published."""
    fields = {"source": outlet, "outlet": outlet, "fetched": published, "stream": "test", "title": "A title", **more}
    return new_article(text=text, published=published, **fields)  # type: ignore[arg-type]


def event(of: Article | None = None, **changes: object) -> Event:
    """An asserted armed clash at Northfort in the country AAA, told in the article's text."""
    of = of or article()
    fields: dict[str, object] = {
        "event_id": content_id("event", of.id, str(sorted(changes.items(), key=str))),
        "article_id": of.id,
        "tier": Tier.KINETIC,
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "trigger": Span(text=of.text[:5], start=0, end=5),
        "sentence": Span(text=of.text, start=0, end=len(of.text)),
        "location": (Place(text="Northfort", name="Northfort", geo_precision=1, country="AAA"),),
        "actor": (Mention(text="AAA army", id="AAA-MIL"), Mention(text="BBB army", id="BBB-MIL")),
        "date": EventDate(value=of.published.date(), time_precision=1),
        "modality": Modality.ASSERTED,
        "confidence": 0.9,
        "article": of.ref,
    }
    return Event.model_validate({**fields, **changes})


def rule(**changes: object) -> Rule:
    """Two incidents of battle in 24 hours by country; critical at four."""
    fields: dict[str, object] = {
        "name": "clashes",
        "when": {"event_types": ["Battles"]},
        "window": "24h",
        "severities": {"warning": 2, "critical": 4},
    }
    return parse_rules({"rules": [{**fields, **changes}]}, "rules.yaml").rules[0]


def sighting(
    hours: float, incident: str, *, outlet: str = "one", text: str | None = None, **changes: object
) -> Sighting:
    """A sighting so many hours after noon, of the happening ``incident``."""
    of = article(
        text or f"{outlet} tells of {incident} at {hours} with words of its own", published=at(hours), outlet=outlet
    )
    fields: dict[str, object] = {
        "sighting_id": content_id("sighting", incident, str(hours), outlet),
        "rule": "clashes",
        "group": "AAA",
        "article": of.ref,
        "sentence": Span(text=of.text, start=0, end=len(of.text)),
        "trigger": Span(text=of.text[:3], start=0, end=3),
        "modality": Modality.ASSERTED,
        "incident": incident,
        "incident_basis": incident,
    }
    return Sighting.model_validate({**fields, **changes})


def day(number: int) -> date:
    """A day of October 2020."""
    return date(2020, 10, number)
