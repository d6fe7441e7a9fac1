"""The command line: what it loads, how it ends, and what it prints where."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from services import __version__
from services.commands.schemas import documents
from tests.commands.tocsin import COMMAND, ROOT, environment, tocsin

DOCUMENTED = {0: "done", 1: "an input could not be read", 2: "are wrong", 3: "Kafka does not answer", 4: "no alert"}
HEAVY = ("spacy", "thinc", "faust", "mode", "uvicorn", "fastapi", "aiokafka", "feedparser", "numpy")
SERVICES = ("poller", "extractor", "alerter", "dashboard", "notifier")
COMMANDS = (*SERVICES, "run", "replay", "backtest", "explain", "extract", "subscribe", "check", "topics", "schemas")


def loaded(*arguments: str) -> set[str]:
    """The top-level modules that are loaded when the command has run."""
    script = (
        "import sys\nfrom services.__main__ import app\nsys.argv = ['tocsin', *sys.argv[1:]]\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        "print('\\n' + ' '.join({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help")])
def test_help_loads_nothing_that_is_slow(arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments)
    assert "typer" in modules
    assert not modules & set(HEAVY)


def test_help_lists_every_command_and_every_exit_code() -> None:
    text = " ".join(tocsin("--help").stdout.split())
    assert all(re.search(rf" {command} ", text) for command in COMMANDS)
    codes = dict(re.findall(r"(\d) ([^·]+)", text.partition("Exit codes: ")[2]))
    assert set(map(int, codes)) == set(DOCUMENTED)
    assert all(words in codes[str(code)] for code, words in DOCUMENTED.items())


def test_the_version_is_printed() -> None:
    done = tocsin("--version")
    assert (done.returncode, done.stdout.strip()) == (0, __version__)


def test_what_is_all_right_ends_in_0() -> None:
    done = tocsin("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"settings are right, \d+ rules, \d+ feeds\n", done.stdout)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("replay", "/nowhere"), "error: /nowhere: no such file or folder"),
        (("replay", "seeds", "--stream", "live"), "error: --stream: 'live': letters"),
        (("backtest", "seeds/rules.yaml", "seeds", "--published", "soon"), "error: --published: 'soon' is not an ISO"),
    ],
)
def test_what_cannot_be_read_ends_in_1(arguments: tuple[str, ...], says: str) -> None:
    done = tocsin(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(says)


@pytest.mark.parametrize(
    ("arguments", "env", "says"),
    [
        (("nonsense",), {}, "No such command 'nonsense'"),
        (("backtest", "/nowhere.yaml", "seeds"), {}, "error: /nowhere.yaml: No such file or directory"),
        (("alerter",), {}, "error: TOCSIN_KAFKA: not set; name the brokers"),
        (("subscribe",), {"TOCSIN_COLOUR": "red"}, "error: TOCSIN_COLOUR: unknown setting"),
    ],
)
def test_what_is_set_wrongly_ends_in_2(arguments: tuple[str, ...], env: dict[str, str], says: str) -> None:
    done = tocsin(*arguments, **env)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_kafka_that_does_not_answer_ends_in_3() -> None:
    done = tocsin("topics", TOCSIN_KAFKA="127.0.0.1:9")
    assert done.returncode == 3
    assert "error: cannot create topics on 127.0.0.1:9" in done.stderr


def test_check_lists_everything_that_is_wrong_at_once(tmp_path: Path) -> None:
    rules, feeds = tmp_path / "rules.yaml", tmp_path / "feeds.yaml"
    rules.write_text("rules: [{name: a, when: {flags: [war]}, window: 1y, severities: {info: 1}, colour: red}]")
    feeds.write_text("feeds: [{id: a, url: 'ftp://x', outlet: a, country: Utopia, kind: blog}]")
    bad_settings = {"TOCSIN_COLOUR": "red", "TOCSIN_TOPICS__PARTITIONS": "0", "TOCSIN_LOG__LEVEL": "loud"}
    done = tocsin("check", "--rules", rules, "--feeds", feeds, **bad_settings)
    assert (done.returncode, done.stdout) == (2, "")
    expected = [
        "TOCSIN_COLOUR: unknown setting",
        "topics.partitions: ",
        "log.level: ",
        "rules.yaml: rules[0].when.flags[0]: ",
        "rules.yaml: rules[0].window: ",
        "rules.yaml: rules[0].colour: ",
        "feeds.yaml: feeds[0].url: ",
        "feeds.yaml: feeds[0].country: ",
        "feeds.yaml: feeds[0].kind: ",
    ]
    assert all(done.stderr.count(problem) == 1 for problem in expected), done.stderr
    assert done.stderr.count("error: ") == len(expected)


def test_check_tries_the_notifiers_templates(tmp_path: Path) -> None:
    (tmp_path / "webhook.body.j2").write_text("one\n{{ alert.rul }}")
    done = tocsin("check", TOCSIN_NOTIFIER__TEMPLATES=str(tmp_path))
    assert done.returncode == 2
    assert f"{tmp_path}/webhook.body.j2:2: " in done.stderr


def test_check_says_which_files_it_could_not_find_out_about() -> None:
    done = tocsin("check", "--feeds", "seeds/feeds.yaml", TOCSIN_COLOUR="red")
    assert done.returncode == 2
    assert done.stderr.startswith("not checked, since the settings that name them are wrong: rules\n")


def test_schemas_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    done = tocsin("schemas", tmp_path / "new" / "folder")
    assert done.returncode == 0
    written = {file.name: file.read_text() for file in (tmp_path / "new" / "folder").iterdir()}
    assert written == documents()


def at_a_terminal(*arguments: str, **env: str) -> bytes:
    """What a command prints at a terminal."""
    here, there = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=there, stderr=there, stdin=there, cwd=ROOT, env=environment(TERM="xterm", **env)
    ):
        os.close(there)
        shown = b""
        while True:
            try:
                piece = os.read(here, 4096)
            except OSError:  # what Linux answers when the other end is closed
                break
            shown += piece
    os.close(here)
    return shown


def test_errors_are_red_at_a_terminal_unless_colours_are_unwanted() -> None:
    assert b"\x1b[31merror: TOCSIN_KAFKA" in at_a_terminal("alerter")
    assert at_a_terminal("alerter", NO_COLOR="1").startswith(b"error: TOCSIN_KAFKA")
    assert "\x1b" not in tocsin("alerter", TERM="xterm").stderr
