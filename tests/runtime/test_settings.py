"""Settings: where they come from, which wins, and that nothing unknown or broken passes in silence."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from services.core.errors import ConfigError
from services.runtime.settings import Settings, child_environment, load_settings, settings_table


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("TOCSIN_"):
            monkeypatch.delenv(name)


def written(folder: Path, text: str) -> Path:
    """A settings file with this text."""
    file = folder / "tocsin.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(config: Path | None = None) -> list[str]:
    """The paths of all problems that loading finds."""
    with pytest.raises(ConfigError) as caught:
        load_settings(config)
    return [problem.path for problem in caught.value.problems]


def test_without_anything_set_the_defaults_hold() -> None:
    assert load_settings().model_dump() == Settings.model_construct().model_dump()
    assert load_settings().kafka is None


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "kafka: file:1\ntopics: {prefix: file, partitions: 7}\n")
    monkeypatch.setenv("TOCSIN_TOPICS__PREFIX", "environment")
    settings = load_settings(file)
    assert settings.kafka == "file:1"
    assert (settings.topics.prefix, settings.topics.partitions, settings.topics.replication) == ("environment", 7, 1)


def test_the_file_can_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_CONFIG", str(written(tmp_path, "log: {level: error}")))
    assert load_settings().log.level == "error"


def test_an_empty_file_and_an_empty_variable_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_KAFKA", "")
    assert load_settings(written(tmp_path, "")).model_dump() == Settings.model_construct().model_dump()


def test_durations_lists_and_addresses_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_POLLER__INTERVAL", "1h30m")
    monkeypatch.setenv("TOCSIN_NOTIFIER__STREAMS", '["live", "drill"]')
    monkeypatch.setenv("TOCSIN_KAFKA", "one:9092,two:9092")
    settings = load_settings()
    assert settings.poller.interval == timedelta(minutes=90)
    assert settings.notifier.streams == ("live", "drill")
    assert settings.brokers == "one:9092,two:9092"


def test_a_list_that_is_not_json_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_NOTIFIER__STREAMS", "live,drill")
    assert problems() == ["TOCSIN_NOTIFIER__STREAMS"]


def test_every_problem_of_environment_and_file_is_listed_with_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_KAFAK", "one:9092")
    monkeypatch.setenv("TOCSIN_LOG__COLOUR", "red")
    monkeypatch.setenv("TOCSIN_LOG__LEVEL", "loud")
    file = written(tmp_path, "kafka: nowhere\ntopics: {partition: 3, replication: 0}\nrule: x\n")
    assert sorted(problems(file)) == [
        "TOCSIN_KAFAK",
        "TOCSIN_LOG__COLOUR",
        "settings: kafka",
        "settings: log.level",
        "settings: rule",
        "settings: topics.partition",
        "settings: topics.replication",
    ]


def test_a_section_given_whole_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TOPICS", '{"partitions": 3}')
    assert problems() == ["TOCSIN_TOPICS"]


@pytest.mark.parametrize(("text", "place"), [("- a\n", ""), ("kafka: [\n", ":2:1"), ("kafka: \x00\n", "")])
def test_a_file_that_is_not_a_mapping_is_named(tmp_path: Path, text: str, place: str) -> None:
    file = written(tmp_path, text)
    assert problems(file) == [f"{file}{place}"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"TOCSIN_CONFIG: no such file: .*none\.yaml"):
        load_settings(tmp_path / "none.yaml")


def test_a_secret_comes_from_its_variable_or_from_the_file_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "password"
    secret.write_text("from a file\n", encoding="utf-8")
    monkeypatch.setenv("TOCSIN_SECURITY__PASSWORD_FILE", str(secret))
    assert load_settings().security.password.get_secret_value() == "from a file"
    file = written(tmp_path, "security: {username: ann, password: from yaml}")
    assert load_settings(file).security.password.get_secret_value() == "from a file"
    monkeypatch.setenv("TOCSIN_SECURITY__PASSWORD", "from the environment")
    assert load_settings(file).security.password.get_secret_value() == "from the environment"
    assert "from" not in repr(load_settings(file))


def test_a_secret_file_that_cannot_be_read_is_named_by_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_NOTIFIER__WEBHOOK_SECRET_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("TOCSIN_NONSENSE", "1")
    assert problems() == ["TOCSIN_NONSENSE", "TOCSIN_NOTIFIER__WEBHOOK_SECRET_FILE"]


def test_only_secrets_can_be_given_as_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_KAFKA_FILE", "/dev/null")
    assert problems() == ["TOCSIN_KAFKA_FILE"]


def test_a_value_that_is_refused_is_not_repeated_in_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_KAFKA", "user:hunter2@host")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


def test_a_command_that_needs_brokers_says_so_where_none_are_set() -> None:
    with pytest.raises(ConfigError, match="TOCSIN_KAFKA: not set"):
        _ = load_settings().brokers


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().kafka = "other:1"  # type: ignore[misc]


def test_a_child_gets_this_environment_and_the_settings_given_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_LOG__LEVEL", "error")
    environment = child_environment(kafka="host:1", http__port="0")
    assert environment["PATH"] == os.environ["PATH"]
    assert {name: value for name, value in environment.items() if name.startswith("TOCSIN_")} == {
        "TOCSIN_LOG__LEVEL": "error",
        "TOCSIN_KAFKA": "host:1",
        "TOCSIN_HTTP__PORT": "0",
    }


def leaves(section: type[BaseModel]) -> int:
    """How many settings a section has, with those of its sections."""
    kinds = [field.annotation for field in section.model_fields.values()]
    return sum(leaves(kind) if isinstance(kind, type) and issubclass(kind, BaseModel) else 1 for kind in kinds)


def test_the_table_names_every_setting_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.+) \|$", settings_table(), re.MULTILINE)
    assert len(rows) == len({name for name, _, _ in rows}) == leaves(Settings) + 1
    assert ("TOCSIN_TOPICS__PARTITIONS", "`4`") in {(name, default) for name, default, _ in rows}
    by_name = {name: (default, meaning) for name, default, meaning in rows}
    assert by_name["TOCSIN_KAFKA"][0] == ""
    assert by_name["TOCSIN_POLLER__INTERVAL"][0] == "`15m`"
    assert "`TOCSIN_SECURITY__PASSWORD_FILE`" in by_name["TOCSIN_SECURITY__PASSWORD"][1]
    assert all(meaning.strip() for _, _, meaning in rows)
