"""deploy/Dockerfile, checked where there is no Docker: pinned, without root, and nothing missing from its context."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch

from tests.deploy.compose import ROOT, services
from tests.deploy.dockerfile import instructions, last_stage

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
FINAL = last_stage(DOCKERFILE)


def rest_of(name: str) -> str:
    """What the last instruction of this name in the final stage says."""
    return [instruction.rest for instruction in FINAL if instruction.name == name][-1]


def test_both_stages_stand_on_the_same_pinned_python() -> None:
    bases = [each.rest.split()[0] for each in instructions(DOCKERFILE) if each.name == "FROM"]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", bases[0])


def test_the_final_image_runs_as_the_user_that_compose_names() -> None:
    assert rest_of("USER") == services()["poller"].raw["user"]
    assert int(rest_of("USER").split(":")[0]) > 1000


def test_the_entrypoint_is_the_command_line_of_the_project() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    [entrypoint] = [each.argv for each in FINAL if each.name == "ENTRYPOINT"]
    assert entrypoint[0] in scripts


def test_everything_installed_is_checked_against_a_hash_or_built_here() -> None:
    text = " ".join(each.rest for each in instructions(DOCKERFILE) if each.name == "RUN")
    installs = re.findall(r"pip(?: --python \S+)? install ([^&]*)", text)
    assert installs
    assert all("--require-hashes" in each or "--no-deps dist/" in each for each in installs)


def test_what_is_copied_exists_and_is_let_into_the_build_context() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    copied = [each.rest.split() for each in instructions(DOCKERFILE) if each.name == "COPY"]
    sources = {source for words in copied if not words[0].startswith(("--from", "<<")) for source in words[:-1]}
    assert sources == set(allowed)
    assert all((ROOT / source).exists() for source in sources)


def test_the_build_context_leaves_out_everything_that_is_not_named() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] not in "#!"]
    assert any(fnmatch("anything", line) for line in lines)


def test_the_health_check_is_that_of_compose_and_knows_the_page_s_port() -> None:
    [image] = [each.argv for each in FINAL if each.name == "HEALTHCHECK"]
    compose = services()["dashboard"].healthcheck
    assert (
        image[-1].replace("os.environ.get('TOCSIN_HTTP__PORT', '8080')", "os.environ['TOCSIN_HTTP__PORT']")
        == (compose[-1])
    )
    assert image[:-1] == list(compose[:-1])
