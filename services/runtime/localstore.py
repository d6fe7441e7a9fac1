"""Where an instance keeps its tables: in memory, or in RocksDB in a folder that no other instance writes to."""

import fcntl
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, TextIO

from services.runtime.settings import Settings

_MB: Final = 1 << 20

OPTIONS: Final = {
    "block_cache_size": 8 * _MB,
    "write_buffer_size": 4 * _MB,
    "max_write_buffer_number": 2,
    "target_file_size_base": 16 * _MB,
    "max_open_files": 128,
}
"""RocksDB's share for each partition of each table; Faust's defaults are 2 GB of cache and three buffers of 64 MB."""


@dataclass(frozen=True)
class LocalStore:
    """The place of one instance's tables: ``url`` as Faust names the store, and ``folder``, locked while this lives."""

    url: str
    folder: Path
    lock: TextIO | None = None


def local_store(settings: Settings, name: str) -> LocalStore:
    """The store that the settings choose for the tables of a stage.

    Instances on one machine may share a state folder: each takes the first place in it that no living process holds.
    The lock goes with its process, however that ends, so whoever starts again finds the tables that it left.
    """
    root = settings.state_dir / "faust"
    if not uses_rocksdb(settings):
        return LocalStore("memory://", root / name)
    root.mkdir(parents=True, exist_ok=True)
    return next(_free(root, name))


def uses_rocksdb(settings: Settings) -> bool:
    """Whether tables are kept on disk. Those of the embedded cluster are not: it forgets all, so they must too."""
    return settings.alerter.store == "rocksdb" or (settings.alerter.store == "auto" and not settings.embedded)


def _free(root: Path, name: str) -> Iterator[LocalStore]:
    for number in count():
        lock = (root / f"{name}-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            yield LocalStore("rocksdb://", root / f"{name}-{number}", lock)
