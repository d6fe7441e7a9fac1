"""Errors carry what a machine needs and read as one line for a person."""

import re

import services.core.errors as module
from services.core.errors import BrokerError, ConfigError, InputError, Problem, TocsinError, WireError


def test_a_config_error_lists_every_problem() -> None:
    problems = (Problem("a.yaml: x[0]", "is wrong"), Problem("a.yaml: y", "is missing"))
    error = ConfigError(problems)
    assert error.problems == problems
    assert str(error) == "a.yaml: x[0]: is wrong\na.yaml: y: is missing"


def test_an_input_error_says_where_and_why() -> None:
    error = InputError("line 3", "is not JSON")
    assert (error.place, error.reason, str(error)) == ("line 3", "is not JSON", "line 3: is not JSON")


def test_all_errors_are_ours_and_in_the_drawing() -> None:
    kinds = (ConfigError, InputError, WireError, BrokerError)
    assert all(issubclass(kind, TocsinError) for kind in kinds)
    assert re.findall(r"── (\w+Error)", module.__doc__ or "") == [kind.__name__ for kind in kinds]
