"""Commands between pipes: one JSON object a line, at once, and a clean end whatever comes in or who stops reading."""

import json
import select
import subprocess
from pathlib import Path

from services.core.alert import Alert
from services.core.event import Event
from tests.commands.stored import line
from tests.commands.tocsin import COMMAND, ROOT, environment, tocsin

NEWS = "Shelling hit Stepanakert on Saturday, the ministry said — “again”."


def test_extract_answers_a_line_before_the_next_one_comes() -> None:
    command = [*COMMAND, "extract"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, cwd=ROOT, env=environment(), bufsize=0) as process:  # type: ignore[call-overload]
        process.stdin.write(line(id="first", text=NEWS, published=None).encode())
        ready, _, _ = select.select([process.stdout, process.stderr], [], [], 60)
        assert ready == [process.stdout], process.communicate()
        first = Event.model_validate_json(process.stdout.readline())
        assert first.article_id == "first"
        assert process.poll() is None
        process.stdin.write(b"{broken\n" + line(id="third", text=NEWS).encode())
        rest, problems = process.communicate(timeout=60)
    assert {json.loads(one)["article_id"] for one in rest.splitlines()} >= {"third"}
    assert problems.decode().startswith("error: line 2: is not JSON: ")
    assert process.returncode == 1


def test_extract_reads_plain_text_in_any_locale_and_prints_no_article() -> None:
    text = f"A headline\r\n\r\n{NEWS}"
    done = tocsin("extract", "--published", "2020-10-03", given=text.encode(), LC_ALL="C", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    events = [json.loads(one) for one in done.stdout.splitlines()]
    assert events
    for event in events:
        assert "article" not in event
        for span in (event["trigger"], event["sentence"]):
            assert text[span["start"] : span["end"]] == span["text"]


def test_a_backtest_prints_alerts_on_one_side_and_errors_on_the_other(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("A text without a date.")
    for seed in (ROOT / "seeds" / "articles").iterdir():
        (tmp_path / seed.name).write_bytes(seed.read_bytes())
    done = tocsin("backtest", "seeds/rules.yaml", tmp_path, "--json")
    alerts = [Alert.model_validate_json(one) for one in done.stdout.splitlines()]
    assert {"ceasefire-breach", "border-incident"} <= {alert.rule for alert in alerts}
    assert {alert.stream for alert in alerts} == {"backtest"}
    assert done.stderr.startswith(f"error: {tmp_path}/plain.txt: has no publication date; give one with --published")
    assert done.returncode == 1


def test_a_reader_that_stops_reading_is_no_error_of_ours() -> None:
    command = [*COMMAND, "check"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        problems = process.stderr.read().decode()
    assert problems == ""
