"""Routes by label."""

from datetime import timedelta

import pytest

from services.core.errors import ConfigError
from services.core.receivers import Grouping, Receiver, Route, grouping_of, receivers_of
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


def test_what_a_route_does_not_say_of_groups_the_one_around_it_does() -> None:
    tree = routes(
        {
            "matchers": ["team=desk"],
            "group_by": ["country"],
            "group_wait": "10s",
            "routes": [
                {"matchers": ["severity=critical"], "group_wait": "1s", "receiver": "apprise", "continue": True},
                {"matchers": ["severity=critical"], "group_by": [], "group_interval": "1h", "receiver": "webhook"},
            ],
        },
        {"receiver": "webhook"},
    )
    wait, minutes = timedelta(seconds=10), timedelta(minutes=5)
    assert grouping_of({"team": "desk"}, tree, WEBHOOK) == Grouping(("country",), wait, minutes)
    grave = {"team": "desk", "severity": "critical"}
    assert grouping_of(grave, tree, APPRISE) == Grouping(("country",), timedelta(seconds=1), minutes)
    assert grouping_of(grave, tree, WEBHOOK) == Grouping((), wait, timedelta(hours=1))
    assert grouping_of(grave, tree, ALERTMANAGER) is None
    assert grouping_of({}, tree, WEBHOOK) is None


def test_what_is_wrong_with_a_route_is_told_by_its_path() -> None:
    with pytest.raises(ConfigError) as raised:
        routes({"matchers": ["severity"], "receiver": "pager"}, {"routes": [{}, {"receivers": ["webhook"]}]})
    told = "\n".join(map(str, raised.value.problems))
    assert "rules.yaml: routes[0].matchers[0]: " in told
    assert "rules.yaml: routes[0].receiver: " in told
    assert "rules.yaml: routes[1].routes[1].receivers: unknown key; allowed: matchers, receiver, group_by, " in told
