"""Whether the reader has come to the end of what there was."""

from services.dashboard.reader import Progress
from services.runtime.broker import Record


def record(partition: int, offset: int) -> Record:
    return Record("alerts", b"", b"", (), partition, offset)


def test_an_empty_topic_is_read_at_once() -> None:
    assert Progress({"alerts": ({0: 0, 1: 7}, {0: 0, 1: 7})}).done


def test_the_end_is_reached_when_every_partition_is_read() -> None:
    progress = Progress({"alerts": ({0: 0, 1: 5}, {0: 2, 1: 7})})
    progress.saw([record(0, 0), record(0, 1)])
    assert not progress.done
    progress.saw([record(1, 5), record(1, 6)])
    assert progress.done


def test_gaps_that_compaction_left_count_as_read() -> None:
    progress = Progress({"alerts": ({0: 0}, {0: 100})})
    progress.saw([record(0, 40), record(0, 99)])
    assert progress.done


def test_a_record_that_comes_twice_does_not_count_twice() -> None:
    progress = Progress({"alerts": ({0: 0}, {0: 3})})
    for _ in range(3):
        progress.saw([record(0, 0)])
    assert not progress.done


def test_what_was_read_before_the_start_is_not_waited_for() -> None:
    progress = Progress({"alerts": ({0: 0}, {0: 3})}, {("alerts", 0): 2})
    assert not progress.done
    progress.saw([record(0, 2)])
    assert progress.done
