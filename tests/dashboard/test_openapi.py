"""The API against its own OpenAPI document, with requests that schemathesis makes up.

The same requests in each run of the tests. For others, and more: TOCSIN_API_SEED=7 TOCSIN_API_EXAMPLES=300 pytest ...
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.openapi import from_asgi
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.alerter.whynot import answered_by
from services.dashboard.api import dashboard_app
from services.dashboard.silence_routes import Silencing
from services.dashboard.store import Store
from services.runtime.files import load_rules
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.rulesfile import InForce
from tests.dashboard.samples import alert, article, event
from tests.dashboard.serving import Desk

SEED = int(os.environ.get("TOCSIN_API_SEED", "0"))
EXAMPLES = int(os.environ.get("TOCSIN_API_EXAMPLES", "10"))
"""Requests of each kind for each operation: enough for a run of the tests."""

SEED_RULES = Path(__file__).parents[2] / "seeds/rules.yaml"

ENDLESS = "/api/v1/stream"
"""Has no answer that ends."""


@pytest.fixture
def schema(tmp_path: Path) -> Iterator[BaseSchema]:
    with Store(tmp_path / "desk.sqlite") as store:
        desk = Desk(store)
        desk.take(alert(), article(), event())
        rules, silencing = InForce(load_rules(SEED_RULES).rules), Silencing(desk.write)
        app = dashboard_app(
            desk.shown, metrics=Metrics(), health=Health(), answering=answered_by, rules=rules, silencing=silencing
        )
        yield from_asgi("/api/v1/openapi.json", app)


_NUMBER = r"(-?[0-9]+(?:[.][0-9]+)?)"
BOX = re.compile(rf"{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}")


def may_be_refused(case: Case) -> bool:
    """Whether it asks for what no schema can forbid: a box turned over, matchers or times that make no sense."""
    box = BOX.fullmatch(str((case.query or {}).get("bbox", "")))
    return case.method == "POST" or bool(box and float(box[2]) > float(box[4]))


def check(operation: APIOperation, mode: GenerationMode) -> None:
    @seed(SEED)
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def every_answer_fits(case: Case) -> None:
        case.call_and_validate(excluded_checks=[positive_data_acceptance] if may_be_refused(case) else [])

    try:
        every_answer_fits()
    except BaseException as error:
        error.add_note(f"{operation.method} {operation.path}: TOCSIN_API_SEED={SEED} TOCSIN_API_EXAMPLES={EXAMPLES}")
        raise


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_the_openapi_document_says(schema: BaseSchema, mode: GenerationMode) -> None:
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 15
    for operation in operations:
        # Of what takes no parameters no request can be wrong.
        if operation.path != ENDLESS and (mode is GenerationMode.POSITIVE or operation.query or operation.body):
            check(operation, mode)
