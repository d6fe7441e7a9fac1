"""Strategies for every kind of message, with any Unicode that JSON can carry."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from services.core.alert import Alert, AlertState, Counts, Evidence
from services.core.article import Article, ArticleRef
from services.core.event import Attribution, Casualty, Event, EventDate, Mention, Place, Span
from services.core.ontology import CeasefireState, Modality, Tier
from services.core.rule import Severity
from services.core.sighting import Sighting, Tick, Verdict
from services.core.window import Window
from services.core.wire import Message

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["", "\x00", "\u2028", "é\u0301", "🇦🇲", "\ufeff", "\u202e", '"\\', "\x1b[2J"]
)
TIMES = st.datetimes(datetime(1600, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.none() | st.dates(date(1600, 1, 1), date(2200, 1, 1))
COUNTS = st.integers(0, 10**6)
PRECISION = st.sampled_from([None, 1, 2, 3])
BANDS = st.lists(st.text("0123456789abcdef", min_size=12, max_size=12), max_size=3).map(tuple)

SPANS = st.builds(Span, text=TEXTS, start=COUNTS, end=COUNTS)
MENTIONS = st.builds(Mention, text=TEXTS, id=TEXTS)
PLACES = st.builds(
    Place,
    text=TEXTS,
    name=TEXTS,
    lat=st.none() | st.floats(-90, 90),
    lon=st.none() | st.floats(-180, 180),
    geo_precision=PRECISION,
    country=st.none() | TEXTS,
)
ATTRIBUTIONS = st.builds(
    Attribution,
    who=st.lists(MENTIONS, max_size=2).map(tuple),
    role=st.sampled_from(["belligerent", "third_party", "media"]),
    via=st.none() | TEXTS,
)
REFS = st.builds(
    ArticleRef,
    id=TEXTS,
    revision=TEXTS,
    stream=TEXTS,
    url=TEXTS,
    title=TEXTS,
    source=TEXTS,
    outlet=TEXTS,
    published=TIMES,
    published_known=st.booleans(),
    fetched=TIMES,
    fingerprint=BANDS,
)

ARTICLES = st.builds(
    Article,
    id=TEXTS,
    revision=TEXTS,
    stream=TEXTS,
    url=TEXTS,
    title=TEXTS,
    text=TEXTS,
    source=TEXTS,
    outlet=TEXTS,
    published=TIMES,
    fetched=TIMES,
    language=TEXTS,
    fingerprint=BANDS,
)
EVENTS = st.builds(
    Event,
    event_id=TEXTS,
    article_id=TEXTS,
    tier=st.sampled_from(Tier),
    event_type=st.none() | TEXTS,
    trigger=SPANS,
    sentence=SPANS,
    actor=st.lists(MENTIONS, max_size=2).map(tuple),
    location=st.lists(PLACES, max_size=2).map(tuple),
    date=st.none() | st.builds(EventDate, value=DAYS, start=DAYS, end=DAYS, time_precision=PRECISION),
    casualties=st.lists(st.builds(Casualty, kind=TEXTS, who=TEXTS, count=COUNTS, text=TEXTS), max_size=2).map(tuple),
    attribution=st.none() | ATTRIBUTIONS,
    modality=st.sampled_from(Modality),
    ceasefire=st.none() | st.sampled_from(CeasefireState),
    confidence=st.floats(0, 1),
    article=st.none() | REFS,
)
SIGHTINGS = st.builds(
    Sighting,
    sighting_id=TEXTS,
    rule=TEXTS,
    group=TEXTS,
    article=REFS,
    event_id=st.none() | TEXTS,
    sentence=SPANS,
    trigger=SPANS,
    modality=st.sampled_from(Modality),
    attribution=st.none() | ATTRIBUTIONS,
    place=st.none() | PLACES,
    incident=TEXTS,
    incident_basis=TEXTS,
    refused=st.none() | st.sampled_from(Verdict),
)
TICKS = st.builds(Tick, stream=TEXTS, clock=TIMES)
EVIDENCE = st.builds(
    Evidence,
    article_id=TEXTS,
    url=TEXTS,
    title=TEXTS,
    outlet=TEXTS,
    published=TIMES,
    sentence=TEXTS,
    start=COUNTS,
    end=COUNTS,
    modality=st.sampled_from(Modality),
    attribution=st.none() | ATTRIBUTIONS,
    place=st.none() | PLACES,
    verdict=st.sampled_from(Verdict),
    reason=TEXTS,
)
ALERTS = st.builds(
    Alert,
    alert_id=TEXTS,
    stream=TEXTS,
    rule=TEXTS,
    rule_version=TEXTS,
    group=TEXTS,
    state=st.sampled_from(AlertState),
    severity=st.sampled_from(Severity),
    started_at=TIMES,
    changed_at=TIMES,
    window=st.builds(Window, start=TIMES, end=TIMES),
    counts=st.builds(Counts, incidents=COUNTS, stories=COUNTS, outlets=COUNTS, sightings=COUNTS),
    threshold=COUNTS,
    evidence=st.lists(EVIDENCE, max_size=2).map(tuple),
    reason=TEXTS,
    labels=st.dictionaries(TEXTS, TEXTS, max_size=2),
)

KINDS: dict[type[Message], st.SearchStrategy[Message]] = {
    Article: ARTICLES,
    Event: EVENTS,
    Sighting: SIGHTINGS,
    Tick: TICKS,
    Alert: ALERTS,
}
