"""``tocsin feeds`` as its user calls it, against a server on this machine."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>A feed</title>
<item><guid>1</guid><title>Headline</title><link>https://one.example/1</link><description>Text.</description>
<pubDate>Sat, 03 Oct 2020 12:00:00 GMT</pubDate></item></channel></rss>"""
PAGES: Mapping[str, tuple[int, str]] = {"/rss": (200, RSS), "/html": (200, "<html><p>no feed</p></html>")}
EMPTY = '<?xml version="1.0"?><rss version="2.0"><channel><title>Empty</title></channel></rss>'


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = {**PAGES, "/empty": (200, EMPTY)}.get(self.path, (404, "gone astray"))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_address[1]}"
        serving.shutdown()


def feeds(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TOCSIN_POLLER__ALLOW_PRIVATE_ADDRESSES": "true", **settings}
    command = [sys.executable, "-m", "services", "feeds", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_feed_that_can_be_read_is_shown_with_its_items(server: str) -> None:
    done = feeds("test", f"{server}/rss", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told["status"]) == (0, True, 200)
    (item,) = told["items"]
    assert (item["title"], item["url"], item["text"]) == ("Headline", "https://one.example/1", "Headline\n\nText.")
    assert item["published"] == "2020-10-03T12:00:00Z"
    assert "Headline" in feeds("test", f"{server}/rss").stdout


def test_an_empty_feed_is_a_feed(server: str) -> None:
    done = feeds("test", f"{server}/empty", "--json")
    assert (done.returncode, json.loads(done.stdout)["items"]) == (0, [])


@pytest.mark.parametrize(
    ("path", "reason"), [("/html", "not_a_feed"), ("/nowhere", "404"), ("file:///etc/passwd", "http")]
)
def test_what_is_refused_has_a_reason_and_no_traceback(server: str, path: str, reason: str) -> None:
    done = feeds("test", path if ":" in path else f"{server}{path}", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"]) == (1, False)
    assert reason in told["reason"]
    assert "Traceback" not in done.stderr


def test_private_addresses_are_refused_unless_allowed(server: str) -> None:
    done = feeds("test", f"{server}/rss", "--json", TOCSIN_POLLER__ALLOW_PRIVATE_ADDRESSES="false")
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (1, False)


def test_what_is_exported_can_be_imported_elsewhere(tmp_path: Path) -> None:
    exported = feeds("export")
    (tmp_path / "list.opml").write_text(exported.stdout, encoding="utf-8")
    mine = tmp_path / "feeds.yaml"
    mine.write_text(
        "# mine\nfeeds:\n  - {id: a, url: 'https://a.example/', outlet: a, country: FRA, kind: media}\n",
        encoding="utf-8",
    )
    done = feeds("import", str(tmp_path / "list.opml"), TOCSIN_FEEDS=str(mine))
    assert done.returncode == 0, done.stderr
    assert mine.read_text(encoding="utf-8").startswith("# mine\n")
    again = feeds("import", str(tmp_path / "list.opml"), TOCSIN_FEEDS=str(mine))
    assert again.returncode == 1
    assert "is there already" in again.stderr
