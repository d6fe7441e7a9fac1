"""The embedded cluster: the Kafka broker inside librdkafka, in a process of its own.

Right for a first run, a demo and fast tests, wrong for anything else: everything is in memory, gone when the process
ends, and each partition silently keeps only its newest 5 MB. Writers therefore hold back (``pacing.py``). It answers no
admin requests; a topic appears when somebody first asks for it, always with four partitions. A consumer group is for
one member: the first waits 3 s to join, one that follows it a session less a second, and when a second member joins
beside it, either may be refused (aiokafka: InvalidRequestError from SyncGroup).
"""

import signal
import sys
import threading

from confluent_kafka import Producer

PARTITIONS = 4
"""Partitions of every topic on the embedded cluster; librdkafka offers no way to choose."""

READY = "embedded kafka on "


def main() -> None:
    """Runs the cluster until standard input closes or SIGTERM comes; prints one line with its address."""
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    # Ends with whoever started it, even if that was killed: its end of our standard input closes then.
    threading.Thread(target=_until_closed, args=(done,), daemon=True).start()
    cluster = Producer({"bootstrap.servers": "", "test.mock.num.brokers": 1, "log_level": 0})
    broker = next(iter(cluster.list_topics(timeout=10).brokers.values()))
    print(f"{READY}{broker.host}:{broker.port}", flush=True)  # noqa: T201 -- the parent reads this line
    done.wait()


def _until_closed(done: threading.Event) -> None:
    sys.stdin.read()
    done.set()


if __name__ == "__main__":
    main()
