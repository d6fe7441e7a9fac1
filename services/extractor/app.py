"""The extractor on the stream: each article becomes the events its sentences tell of."""

import asyncio

from spacy.language import Language

from services.core.article import Article
from services.core.event import Event
from services.core.topics import ARTICLES, EVENTS
from services.core.wire import cloud_event, decode, encode
from services.extractor.extract import extracted
from services.extractor.text.pipeline import load_pipeline
from services.runtime.broker import Producer, Record
from services.runtime.intake import consume
from services.runtime.kafka import run_app, stream_app
from services.runtime.metrics import stream_label
from services.runtime.pacing import open_producer
from services.runtime.settings import Settings
from services.runtime.stage import Stage, report_lag, run_stage


def main(settings: Settings) -> int:
    """Runs the extractor; returns its exit code."""
    nlp = load_pipeline(settings.extractor.pipeline)
    return run_stage("extractor", settings, lambda stage: _serve(stage, nlp))


async def _serve(stage: Stage, nlp: Language) -> None:
    topic = stage.topics.of(ARTICLES)
    async with open_producer(stage.broker, stage.topics, embedded=stage.settings.embedded) as producer:
        app = stream_app(stage)
        consume(stage, app, topic, producer=producer, handle=Extractor(stage, nlp, producer).on_article)
        lag = asyncio.create_task(report_lag(stage, (topic,)))
        try:
            await run_app(stage, app)
        finally:
            lag.cancel()


class Extractor:
    """The extractor's reaction to a record."""

    def __init__(self, stage: Stage, nlp: Language, producer: Producer) -> None:
        self._stage = stage
        self._nlp = nlp
        self._producer = producer

    async def on_article(self, record: Record) -> None:
        """Sends the events of an article. Work is done in a thread, so that heartbeats and health go on."""
        article = decode(Article, record.value)
        self._stage.metrics.count("tocsin_articles_total", stage="extractor", stream=stream_label(article.stream))
        found = await asyncio.to_thread(extracted, self._nlp, article)
        if found.events:
            await self._producer.send(*(self._record(event, article) for event in found.events))
        self._stage.metrics.count("tocsin_extractions_total", result=found.outcome.value)
        for event in found.events:
            self._stage.metrics.count(
                "tocsin_events_total", event_type=event.event_type or event.tier.value, modality=event.modality.value
            )

    def _record(self, event: Event, article: Article) -> Record:
        headers = cloud_event(Event, event.event_id, "extractor", article.published)
        return Record(self._stage.topics.of(EVENTS), article.id.encode(), encode(event), headers)
