"""The settings: environment ``TOCSIN_*`` over an optional YAML file over defaults, read once into a frozen value.

The only module that reads the environment.
"""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Annotated, Any, get_origin

import yaml
from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    YamlConfigSettingsSource,
)

from services.core.errors import ConfigError, Problem
from services.core.rule import problems_of
from services.core.window import Duration
from services.runtime.files import read_yaml
from services.runtime.sections import (
    AlerterSettings,
    DashboardSettings,
    ExtractorSettings,
    HttpSettings,
    LogSettings,
    NotifierSettings,
    PollerSettings,
    SecuritySettings,
    TopicSettings,
)

PREFIX = "TOCSIN_"
CONFIG_VARIABLE = "TOCSIN_CONFIG"
_NOT_SETTINGS = (CONFIG_VARIABLE, "TOCSIN_REQUIRE_")
_NESTED = "__"


class Settings(BaseSettings):
    """All settings of a process."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter=_NESTED, env_ignore_empty=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where values come from, the strongest first."""
        # The library would take TOCSIN_SECURITY__PASSWORD_FILE for an unknown key of the section.
        known = {variable.lower() for variable, _, _ in _variables(Settings)}
        if isinstance(env_settings, EnvSettingsSource):
            env_settings.env_vars = {name: text for name, text in env_settings.env_vars.items() if name in known}
        return init_settings, env_settings, _SecretFiles(settings_cls), YamlConfigSettingsSource(settings_cls)

    kafka: Annotated[
        str | None,
        Field(
            pattern=r"^[^,\s]+:\d+(,[^,\s]+:\d+)*$",
            description="brokers as host:port,...; unset: `tocsin run` starts the embedded cluster",
        ),
    ] = None
    embedded: Annotated[
        bool, Field(description="the brokers are the embedded cluster: writers wait for readers (set by `tocsin run`)")
    ] = False
    rules: Annotated[Path, Field(description="rules file")] = Path("seeds/rules.yaml")
    rules_check: Annotated[
        Duration, Field(description="how often the rules file is looked at for changes; SIGHUP does so at once")
    ] = timedelta(seconds=5)
    feeds: Annotated[Path, Field(description="feeds file")] = Path("seeds/feeds.yaml")
    state_dir: Annotated[Path, Field(description="folder for local state")] = Path(".tocsin")
    security: SecuritySettings = SecuritySettings()
    topics: TopicSettings = TopicSettings()
    http: HttpSettings = HttpSettings()
    log: LogSettings = LogSettings()
    poller: PollerSettings = PollerSettings()
    extractor: ExtractorSettings = ExtractorSettings()
    dashboard: DashboardSettings = DashboardSettings()
    alerter: AlerterSettings = AlerterSettings()
    notifier: NotifierSettings = NotifierSettings()

    @property
    def brokers(self) -> str:
        """The bootstrap servers.

        Raises:
            ConfigError: none are set, and this command does not start a cluster of its own.
        """
        if self.kafka is None:
            raise ConfigError(
                (
                    Problem(
                        "TOCSIN_KAFKA", "not set; name the brokers as host:port,... (only `tocsin run` brings its own)"
                    ),
                )
            )
        return self.kafka


def load_settings(config: Path | None = None) -> Settings:
    """The settings of this process, from its environment and the YAML file ``config`` (or ``TOCSIN_CONFIG``).

    Raises:
        ConfigError: every unknown key and every value that does not fit, by its path.
    """
    path = config or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
    problems = (*_unknown_variables(), *_broken_lists(), *_broken_file(path))
    try:
        with_file = type("Settings", (Settings,), {"model_config": SettingsConfigDict(yaml_file=path)})
        settings: Settings = with_file()
    except ConfigError as error:
        raise ConfigError(problems + error.problems) from error
    except ValidationError as error:
        raise ConfigError(problems + problems_of(error, "settings")) from error
    except (SettingsError, yaml.YAMLError, OSError, ValueError) as error:
        raise ConfigError(problems or (Problem("settings", str(error)),)) from error
    if problems:
        raise ConfigError(problems)
    return settings


def _unknown_variables() -> Iterator[Problem]:
    known = {variable: secret for variable, _, secret in _variables(Settings)}
    for name in os.environ:
        ours = name.startswith(PREFIX) and not name.startswith(_NOT_SETTINGS)
        if ours and name not in known and not (name.endswith("_FILE") and known.get(name[:-5])):
            yield Problem(name, "unknown setting; README lists them all")


def _broken_lists() -> Iterator[Problem]:
    """The library says of such a value only that something in its section is wrong."""
    for variable, path, _ in _variables(Settings):
        value = os.environ.get(variable)
        if value and get_origin(_field(path).annotation) is tuple:
            try:
                json.loads(value)
            except ValueError:
                yield Problem(variable, 'must be a JSON list, such as ["live"]')


def _broken_file(path: Path | None) -> Iterator[Problem]:
    if path and not path.is_file():
        yield Problem(CONFIG_VARIABLE, f"no such file: {path}")
    elif path:
        try:
            if not isinstance(read_yaml(path), dict | None):
                yield Problem(str(path), "must be a mapping of settings")
        except ConfigError as error:
            yield from error.problems


def child_environment(**settings: str) -> dict[str, str]:
    """The environment for a child process of ours: this one's, with these ``TOCSIN_*`` variables set."""
    return {**os.environ, **{f"{PREFIX}{name.upper()}": value for name, value in settings.items()}}


class _SecretFiles(PydanticBaseSettingsSource):
    """Secrets whose variable ends in ``_FILE``: the value is the content of that file."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for variable, path, secret in _variables(Settings):
            file = os.environ.get(f"{variable}_FILE") if secret else None
            if file:
                section = tree
                for part in path[:-1]:
                    section = section.setdefault(part, {})
                section[path[-1]] = _secret(f"{variable}_FILE", Path(file))
        return tree


def _secret(variable: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError((Problem(variable, f"cannot read {file}: {reason}"),)) from error


def _variables(section: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Each setting's variable, its path, and whether it is a secret."""
    for name, field in section.model_fields.items():
        here = (*path, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _variables(field.annotation, here)
        else:
            yield PREFIX + _NESTED.join(here).upper(), here, field.annotation is SecretStr


def _field(path: tuple[str, ...]) -> FieldInfo:
    section: type[BaseModel] = Settings
    for part in path[:-1]:
        section = section.model_fields[part].annotation  # type: ignore[assignment]
    return section.model_fields[path[-1]]


def settings_table() -> str:
    """All settings as a Markdown table: variable, default, meaning."""
    defaults: Any = Settings.model_construct().model_dump(mode="json")
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for variable, path, secret in _variables(Settings):
        value: Any = reduce(getitem, path, defaults)
        default = "" if secret or value in (None, "") else f"`{value}`"
        meaning = (_field(path).description or "") + (f"; or `{variable}_FILE`" if secret else "")
        rows.append(f"| `{variable}` | {default} | {meaning} |")
    rows.append(f"| `{CONFIG_VARIABLE}` |  | YAML file with the same settings, nested; the environment wins |")
    return "\n".join(rows)
