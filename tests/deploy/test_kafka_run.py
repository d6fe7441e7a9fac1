"""`deploy/kafka/run` as a person uses it: it starts, keeps its data, stops, and says what is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.kafka_server import RUN, KafkaServer, require_kafka

TOPIC = "tests.run"


@pytest.fixture(scope="module")
def kafka() -> Iterator[KafkaServer]:
    """One broker for the tests of this file."""
    require_kafka()
    with KafkaServer() as server:
        yield server


def run(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Start the script and wait for its end; `path` replaces PATH."""
    environment = {**os.environ, "PATH": path} if path is not None else dict(os.environ)
    environment.pop("JAVA_HOME", None)
    return subprocess.run(
        [sys.executable, str(RUN), *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def program(folder: Path, name: str, body: str) -> None:
    """Put a small shell script on a PATH of our own."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)


async def create(bootstrap: str, topic: str) -> None:
    """Create a topic of one partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def send(bootstrap: str, topic: str, values: list[bytes]) -> None:
    """Produce, and wait for the broker's word that all of it is stored."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True) as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


async def stored(bootstrap: str, topic: str, count: int) -> list[bytes]:
    """The first messages of the topic."""
    async with AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
        return [(await consumer.getone()).value for _ in range(count)]


@pytest.mark.kafka
async def test_what_was_sent_survives_kill_9_and_an_orderly_restart(kafka: KafkaServer) -> None:
    await create(kafka.bootstrap, TOPIC)
    await send(kafka.bootstrap, TOPIC, [b"one"])
    before = kafka.bootstrap
    kafka.kill9()
    kafka.restart()
    await send(kafka.bootstrap, TOPIC, [b"two"])
    kafka.terminate()
    kafka.restart()
    assert kafka.bootstrap == before
    assert await stored(kafka.bootstrap, TOPIC, 2) == [b"one", b"two"]


@pytest.mark.kafka
async def test_a_topic_nobody_created_does_not_appear(kafka: KafkaServer) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.describe_topics(["tests.misspelt"])
        assert "tests.misspelt" not in await admin.list_topics()
    finally:
        await admin.close()


@pytest.mark.kafka
def test_the_broker_listens_on_this_machine_only(kafka: KafkaServer) -> None:
    text = (kafka.data / "server.properties").read_text(encoding="utf-8")
    last = {line.split("=", 1)[0]: line.split("=", 1)[1] for line in text.splitlines() if "listeners=" in line}
    assert all(part.split("://")[1].startswith("127.0.0.1:") for value in last.values() for part in value.split(","))


@pytest.mark.kafka
def test_a_second_broker_on_the_same_port_is_told_who_holds_it(kafka: KafkaServer, tmp_path: Path) -> None:
    told = run("--port", str(kafka.port), "--data", str(tmp_path))
    assert (told.returncode, told.stdout) == (5, "")
    assert f"port {kafka.port} on 127.0.0.1 is taken" in told.stderr


@pytest.mark.kafka
def test_a_second_broker_on_the_same_data_is_refused(kafka: KafkaServer) -> None:
    told = run("--port", "0", "--data", str(kafka.data))
    assert told.returncode == 6
    assert "is in use by another" in told.stderr


@pytest.mark.kafka
def test_the_jvm_dies_with_a_script_that_is_killed_by_kill_9(tmp_path: Path) -> None:
    require_kafka()
    with KafkaServer(tmp_path) as server:
        jvm = server.pid
        assert server.script is not None
        os.kill(server.script.pid, signal.SIGKILL)
        wait_until_gone(jvm, seconds=10)


@pytest.mark.kafka
def test_the_broker_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    require_kafka()
    code = (
        "import sys; from pathlib import Path; from tests.kafka_server import KafkaServer\n"
        "KafkaServer(Path(sys.argv[1])).start(); import os; os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=RUN.parents[2], timeout=300, check=True)
    wait_until_gone(int((tmp_path / "kafka.pid").read_text(encoding="utf-8")), seconds=20)


def wait_until_gone(pid: int, *, seconds: float) -> None:
    """Wait for the end of a process that is not our child."""
    end = time.monotonic() + seconds
    while is_running(pid):
        assert time.monotonic() < end, f"process {pid} is still there after {seconds} s"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether the process exists and is not a zombie that only waits to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_without_java_it_says_what_to_install(tmp_path: Path) -> None:
    told = run("--port", "0", "--data", str(tmp_path), path=str(tmp_path))
    assert told.returncode == 3
    assert "no java on PATH: install Java 17 or later" in told.stderr


def test_a_java_that_is_too_old_is_named_with_its_version(tmp_path: Path) -> None:
    program(tmp_path, "java", """echo 'openjdk version "11.0.22" 2024-01-16' >&2""")
    told = run("--port", "0", "--data", str(tmp_path), path=str(tmp_path))
    assert told.returncode == 3
    assert "needs Java 17 or later" in told.stderr
    assert "11.0.22" in told.stderr


def test_java_8_is_told_from_java_18_by_its_old_numbering(tmp_path: Path) -> None:
    program(tmp_path, "java", """echo 'java version "1.8.0_392"' >&2""")
    assert run("--port", "0", "--data", str(tmp_path), path=str(tmp_path)).returncode == 3


def test_without_maven_it_says_what_to_install_and_what_else_would_do(tmp_path: Path) -> None:
    program(tmp_path, "java", """echo 'openjdk version "17.0.1" 2021-10-19' >&2""")
    told = run("--port", "0", "--data", str(tmp_path), "--jars", str(tmp_path / "jars"), path=str(tmp_path))
    assert told.returncode == 4
    assert "no mvn on PATH: install Maven" in told.stderr


def test_when_maven_fails_its_last_words_are_shown_and_no_jars_folder_is_left(tmp_path: Path) -> None:
    program(tmp_path, "java", """echo 'openjdk version "21" 2023-09-19' >&2""")
    program(tmp_path, "mvn", "echo 'Could not transfer artifact'; exit 1")
    told = run("--port", "0", "--data", str(tmp_path), "--jars", str(tmp_path / "jars"), path=str(tmp_path))
    assert told.returncode == 4
    assert "Could not transfer artifact" in told.stderr
    assert not (tmp_path / "jars").exists()


def test_when_kafka_cannot_start_its_last_words_are_shown(tmp_path: Path) -> None:
    jars = tmp_path / "jars"
    jars.mkdir()
    (jars / "kafka_2.13-0.jar").touch()
    body = """test "$1" = -version && echo 'openjdk version "17"' >&2 && exit\necho no such class; exit 1"""
    program(tmp_path, "java", body)
    told = run("--port", "0", "--data", str(tmp_path / "data"), "--jars", str(jars), path=str(tmp_path))
    assert told.returncode == 6
    assert "no such class" in told.stderr


def test_a_port_that_cannot_be_is_refused(tmp_path: Path) -> None:
    program(tmp_path, "java", """echo 'openjdk version "17"' >&2""")
    assert run("--port", "70000", "--data", str(tmp_path), path=str(tmp_path)).returncode == 2


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    program(tmp_path, "java", """echo 'openjdk version "17"' >&2""")
    (tmp_path / "jars").mkdir()
    (tmp_path / "jars" / "kafka_2.13-0.jar").touch()
    data = tmp_path / "file" / "data"
    told = run("--port", "0", "--data", str(data), "--jars", str(tmp_path / "jars"), path=str(tmp_path))
    assert told.returncode == 6
    assert str(data) in told.stderr
