"""Where an instance keeps its tables."""

import asyncio
from pathlib import Path

import pytest
from faust.exceptions import ConsistencyError

from services.runtime.kafka import App, _raise_crash, raw_table, stream_app
from services.runtime.localstore import local_store
from services.runtime.settings import Settings
from tests.runtime.stages import stage_on


def test_each_instance_takes_a_folder_that_no_living_one_holds(tmp_path: Path) -> None:
    settings = Settings(kafka="one:1", state_dir=tmp_path)
    first, second = local_store(settings, "alerter"), local_store(settings, "alerter")
    assert [store.folder.name for store in (first, second)] == ["alerter-0", "alerter-1"]
    assert first.lock
    first.lock.close()
    assert local_store(settings, "alerter").folder == first.folder


def test_the_embedded_cluster_forgets_all_so_its_tables_are_in_memory(tmp_path: Path) -> None:
    settings = Settings(kafka="one:1", state_dir=tmp_path, embedded=True)
    assert local_store(settings, "alerter").url == "memory://"
    assert local_store(settings.model_copy(update={"embedded": False}), "alerter").url == "rocksdb://"


async def table_of(folder: Path) -> App:
    app = stream_app(stage_on("127.0.0.1:9", "local", folder))
    app.loop = asyncio.get_running_loop()
    raw_table(app, "history")
    app.finalize()
    return app


def fill(app: App) -> Path:
    """Its folder of tables, with something in it."""
    tables = Path(app.conf.tabledir)
    tables.mkdir(parents=True, exist_ok=True)
    (tables / "history-0.db").touch()
    return tables


def there(folder: Path) -> bool:
    return folder.exists()


async def test_rocksdb_gets_a_small_share_of_memory_for_each_partition(tmp_path: Path) -> None:
    app = await table_of(tmp_path)
    options = app.tables["history"].data.rocksdb_options
    assert options.block_cache_size + options.write_buffer_size * options.max_write_buffer_number <= 16 << 20


async def test_tables_that_are_ahead_of_their_changelog_are_deleted_to_be_read_from_it(tmp_path: Path) -> None:
    app = await table_of(tmp_path)
    tables = fill(app)
    app._crash_reason = ConsistencyError("persisted offset is larger than the highwater")
    with pytest.raises(RuntimeError, match="crashed"):
        _raise_crash(app)
    assert not there(tables)
