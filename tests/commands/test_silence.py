"""``tocsin silence``: what is added, listed and expired."""

import json
from datetime import timedelta

import pytest

from services.commands.silence import row, silence_of
from services.core.errors import InputError
from tests.builders import NOON, at
from tests.commands.tocsin import tocsin


def test_the_options_make_a_silence_from_now_on() -> None:
    made = silence_of(["rule=border"], length="3h", author="Ada", comment="known", now=NOON)
    assert (made.starts_at, made.ends_at - made.starts_at) == (NOON, timedelta(hours=3))
    told = f"{made.silence_id}  active   until 2020-10-01 15:00 UTC  rule=border  Ada: known"
    assert row(made, at(1)) == told


@pytest.mark.parametrize(
    ("matchers", "length", "says"),
    [
        ([], "2h", "matchers"),
        (["rule"], "2h", "is not a matcher"),
        (["rule=~("], "2h", "not a regular expression"),
        (["rule=x"], "soon", "not a length of time"),
    ],
)
def test_what_is_wrong_is_said(matchers: list[str], length: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        silence_of(matchers, length=length, author="Ada", comment="known", now=NOON)


def test_a_silence_is_added_listed_and_expired(embedded_kafka: str) -> None:
    env = {"TOCSIN_KAFKA": embedded_kafka, "TOCSIN_TOPICS__PREFIX": "silenced"}
    added = tocsin("silence", "add", "rule=border", 'group=~"A.*"', "--comment", "known", "--author", "Ada", **env)
    ident = added.stdout.strip()
    assert added.returncode == 0, added.stderr
    (listed,) = tocsin("silence", "list", "--json", **env).stdout.splitlines()
    told = json.loads(listed)
    assert (told["silence_id"], told["state"], told["matchers"]) == (ident, "active", ["rule=border", 'group=~"A.*"'])
    assert tocsin("silence", "expire", ident, **env).stdout.strip() == ident
    assert tocsin("silence", "list", **env).stdout == ""
    assert "expired" in tocsin("silence", "list", "--all", **env).stdout
    gone = tocsin("silence", "expire", "no-such", **env)
    assert (gone.returncode, "no silence has this id" in gone.stderr) == (1, True)
