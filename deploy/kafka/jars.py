"""Java and the jars of Apache Kafka: found, or brought by Maven. A part of `deploy/kafka/run`."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
POM = HERE / "pom.xml"
MIN_JAVA = 17
JAVA_MISSING, NO_JARS = 3, 4


class Failure(Exception):  # noqa: N818 (the end of a run, not a bug in it)
    """Something the user has to mend: what it is, and the exit code it has."""

    def __init__(self, code: int, message: str) -> None:
        """Keep the exit code beside the message."""
        super().__init__(message)
        self.code = code


def say(message: str) -> None:
    """Tell a person something; standard output is kept for the ready line."""
    print(f"deploy/kafka/run: {message}", file=sys.stderr, flush=True)


def java_command() -> str:
    """The `java` of JAVA_HOME, or else of PATH, when it is new enough."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java"))) if home else shutil.which("java")
    if not java:
        where = f"in JAVA_HOME={home}" if home else "on PATH"
        raise Failure(JAVA_MISSING, f"no java {where}: install Java {MIN_JAVA} or later (Debian: default-jre-headless)")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    if not found or int(found[1]) < MIN_JAVA:
        first = told.splitlines()[0] if told else "it does not say its version"
        raise Failure(JAVA_MISSING, f"Kafka {kafka_version()} needs Java {MIN_JAVA} or later; {java} is: {first}")
    return java


def kafka_version() -> str:
    """The version of Kafka that pom.xml names."""
    found = re.search(r"<kafka\.version>([^<]+)<", POM.read_text(encoding="utf-8"))
    return found[1] if found else "unknown"


def cache_folder() -> Path:
    """Where the jars are kept between runs and between checkouts."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "tocsin", f"kafka-{kafka_version()}")


def whole(jars: Path) -> bool:
    """Whether the folder was filled from this very pom.xml, of which it then holds a copy."""
    stamp = jars / "pom.xml"
    return stamp.is_file() and stamp.read_bytes() == POM.read_bytes()


def bring_jars(given: Path | None) -> Path:
    """The folder of jars, filled with Maven the first time.

    The folder appears by one rename, under a lock: two first runs at once bring the jars once, and one that is killed
    in the middle leaves nothing that looks finished.
    """
    jars = (given or cache_folder()).resolve()
    if whole(jars) or (given and any(jars.glob("kafka_2.13-*.jar"))):
        return jars
    jars.parent.mkdir(parents=True, exist_ok=True)
    with jars.with_name(jars.name + ".lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole(jars):
            with tempfile.TemporaryDirectory(prefix=jars.name + ".", dir=jars.parent) as room:
                copy_jars(Path(room, "jars"))
                if jars.exists():
                    jars.rename(Path(room, "old"))
                Path(room, "jars").rename(jars)
    return jars


def copy_jars(target: Path) -> None:
    """Have Maven copy the jars; -C refuses one whose checksum is wrong."""
    mvn = shutil.which("mvn")
    if not mvn:
        raise Failure(
            NO_JARS, "no mvn on PATH: install Maven (Debian: maven), or give a folder of Kafka's jars by --jars"
        )
    say(f"bringing the jars of Kafka {kafka_version()} with Maven (once, about 54 MB)")
    command = [mvn, "-B", "-q", "-C", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={target}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode or not any(target.glob("kafka_2.13-*.jar")):
        raise Failure(NO_JARS, f"Maven could not bring Kafka's jars (exit {done.returncode}):\n{tail(done.stdout)}")
    shutil.copyfile(POM, target / "pom.xml")


def tail(text: str, lines: int = 15) -> str:
    """The last lines of a log."""
    return "\n".join(text.splitlines()[-lines:])
