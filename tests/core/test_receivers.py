"""Routes by label."""

import pytest

from services.core.errors import ConfigError
from services.core.receivers import Receiver, Route, receivers_of
from services.core.rule import parse_rules
from tests.builders import rule

WEBHOOK, APPRISE, ALERTMANAGER = Receiver.WEBHOOK, Receiver.APPRISE, Receiver.ALERTMANAGER
RULE = rule().model_dump(mode="json", exclude_unset=True)


def routes(*given: object) -> tuple[Route, ...]:
    return parse_rules({"rules": [RULE], "routes": list(given)}, "rules.yaml").routes


def test_the_first_route_that_fits_says_where_an_alert_goes() -> None:
    desk = routes(
        {"matchers": ["severity=critical", "team=~desk.*"], "receiver": "apprise"},
        {"matchers": ["severity=critical"], "receiver": "webhook"},
        {"receiver": "none"},
    )
    assert receivers_of({"severity": "critical", "team": "desk-2"}, desk) == {APPRISE}
    assert receivers_of({"severity": "critical"}, desk) == {WEBHOOK}
    assert receivers_of({"severity": "info"}, desk) == set()


def test_a_route_that_continues_lets_later_ones_be_looked_at() -> None:
    both = routes({"receiver": "alertmanager", "continue": True}, {"matchers": ["team=desk"], "receiver": "apprise"})
    assert receivers_of({"team": "desk"}, both) == {ALERTMANAGER, APPRISE}
    assert receivers_of({}, both) == {ALERTMANAGER}


def test_what_fits_no_route_goes_everywhere() -> None:
    assert receivers_of({}, ()) == receivers_of({}, routes({"matchers": ["a=b"], "receiver": "none"}))
    assert receivers_of({}, ()) == {WEBHOOK, APPRISE, ALERTMANAGER}


DESK = (
    {
        "matchers": ["team=desk"],
        "receiver": "webhook",
        "routes": [
            {"matchers": ["severity=critical"], "receiver": "apprise", "continue": True},
            {"matchers": ["country=ARM"], "routes": [{"matchers": ["rule=talk"], "receiver": "none"}]},
        ],
    },
    {"receiver": "alertmanager"},
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, {ALERTMANAGER}),
        ({"team": "desk"}, {WEBHOOK}),
        ({"team": "desk", "severity": "critical"}, {APPRISE}),
        ({"team": "desk", "country": "ARM"}, {WEBHOOK}),
        ({"team": "desk", "severity": "critical", "country": "ARM"}, {APPRISE, WEBHOOK}),
        ({"team": "desk", "country": "ARM", "rule": "talk"}, set()),
        ({"severity": "critical", "country": "ARM"}, {ALERTMANAGER}),
    ],
)
def test_an_alert_goes_as_deep_as_routes_fit_and_what_names_no_receiver_has_that_of_the_route_around_it(
    facts: dict[str, str], expected: set[Receiver]
) -> None:
    assert receivers_of(facts, routes(*DESK)) == expected


def test_an_outermost_route_without_a_receiver_goes_everywhere() -> None:
    tree = routes({"matchers": ["team=desk"], "routes": [{"matchers": ["severity=info"], "receiver": "none"}]})
    assert receivers_of({"team": "desk"}, tree) == {WEBHOOK, APPRISE, ALERTMANAGER}
    assert receivers_of({"team": "desk", "severity": "info"}, tree) == set()


def test_what_is_wrong_with_a_route_is_told_by_its_path() -> None:
    with pytest.raises(ConfigError) as raised:
        routes({"matchers": ["severity"], "receiver": "pager"}, {"routes": [{}, {"receivers": ["webhook"]}]})
    told = "\n".join(map(str, raised.value.problems))
    assert "rules.yaml: routes[0].matchers[0]: " in told
    assert "rules.yaml: routes[0].receiver: " in told
    assert "rules.yaml: routes[1].routes[1].receivers: unknown key; allowed: matchers, receiver, continue" in told
