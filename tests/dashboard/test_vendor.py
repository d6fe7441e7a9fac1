"""What is not ours is what its page says it is."""

import hashlib

import pytest

from services.dashboard.pages import WEB

FILES = {
    "world-atlas-countries-50m.json": "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394",
    "world-atlas-LICENSE.txt": "8048290dfdb6e83fbed17e8985c8cfc4ce9da9b842642f3d3e497280790cfa31",
}


@pytest.mark.parametrize("name", FILES)
def test_a_vendored_file_is_unchanged_and_named_on_the_page_of_licences(name: str) -> None:
    assert hashlib.sha256((WEB / "vendor" / name).read_bytes()).hexdigest() == FILES[name]
    assert name in (WEB / "vendor" / "README.md").read_text(encoding="utf-8")


def test_every_vendored_file_is_known() -> None:
    assert {file.name for file in (WEB / "vendor").iterdir()} == {*FILES, "README.md"}
