"""Tocsin rings when the news crosses a line.

::

    feeds ─▶ poller ─▶ ( articles ) ─▶ extractor ─▶ ( events ) ─▶ alerter ─▶ ( alerts, alerts.<rule> ) ─▶ subscribers
    seeds ─▶ replay ─┘        └───────── keywords ───────────▶  match │ judge                         ├▶ dashboard
                                                            ( sightings, by rule and group )          └▶ notifier
    any stage ─▶ ( deadletters )            every stage ─▶ /metrics /healthz /readyz

Names in brackets are Kafka topics. Each stage is a pure function with a thin stream adapter around it, its ``app.py``;
``core`` holds what two stages must agree on, ``runtime`` the edge that all of them share.
"""

__version__ = "0.1.0"
