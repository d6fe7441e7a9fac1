"""The reader of compose files that other tests lean on."""

from __future__ import annotations

from pathlib import Path

from tests.deploy.compose import ComposeService, Port, services

TEXT = """
x-base: &base
  image: example:1.2.3
  environment: &environment {A: one, B: 2, EMPTY: }
services:
  merged:
    <<: *base
    environment: {<<: *environment, B: three, URL: "${URL:-}", NAME: "${NAME-anon}", PRICE: "5$$"}
    command: run --flag "two words"
    ports: ["8080:80", "127.0.0.1:9090:90/tcp", {target: 70, published: "7070", host_ip: 127.0.0.1}]
    healthcheck: {test: exit 0}
  listed:
    image: other:1
    environment: [A=x=y, B]
    command: [a, b c]
    healthcheck: {test: [CMD, curl, -f]}
  quiet: {image: other:1, healthcheck: {disable: true, test: [CMD, x]}}
  shell: {image: other:1, healthcheck: {test: [CMD-SHELL, "exit 1"]}}
  none: {image: other:1, healthcheck: {test: [NONE]}}
"""


def read(folder: Path, **variables: str) -> dict[str, ComposeService]:
    """The services of the text above."""
    path = folder / "compose.yml"
    path.write_text(TEXT, encoding="utf-8")
    return services(path, variables)


def test_merged_keys_are_kept_and_own_keys_win(tmp_path: Path) -> None:
    service = read(tmp_path)["merged"]
    assert service.image == "example:1.2.3"
    assert service.environment["A"] == "one"
    assert service.environment["B"] == "three"


def test_unset_variables_take_their_default_and_a_double_dollar_is_a_dollar(tmp_path: Path) -> None:
    environment = read(tmp_path)["merged"].environment
    assert [environment[key] for key in ("URL", "NAME", "PRICE", "EMPTY")] == ["", "anon", "5$", ""]


def test_a_variable_that_is_set_but_empty_takes_the_default_only_with_a_colon(tmp_path: Path) -> None:
    environment = read(tmp_path, URL="", NAME="")["merged"].environment
    assert (environment["URL"], environment["NAME"]) == ("", "")


def test_short_and_long_forms_of_ports_are_the_same_thing(tmp_path: Path) -> None:
    assert read(tmp_path)["merged"].ports == (
        Port("", 8080, 80),
        Port("127.0.0.1", 9090, 90),
        Port("127.0.0.1", 7070, 70),
    )


def test_commands_are_split_as_a_shell_would_unless_they_are_lists(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found["merged"].command == ("run", "--flag", "two words")
    assert found["listed"].command == ("a", "b c")


def test_an_environment_given_as_a_list_is_read_too(tmp_path: Path) -> None:
    assert read(tmp_path)["listed"].environment == {"A": "x=y", "B": ""}


def test_health_checks_become_what_would_be_executed(tmp_path: Path) -> None:
    found = {name: service.healthcheck for name, service in read(tmp_path).items()}
    assert found == {
        "merged": ("/bin/sh", "-c", "exit 0"),
        "listed": ("curl", "-f"),
        "quiet": (),
        "shell": ("/bin/sh", "-c", "exit 1"),
        "none": (),
    }
