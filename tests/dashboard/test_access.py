"""Tags of what is read, the token, and proxies."""

import httpx
import pytest

from services.dashboard.access import credentials
from services.runtime.sections import DashboardSettings
from tests.dashboard.samples import alert, article, event
from tests.dashboard.serving import dashboard

PATHS = (
    "/api/v1/alerts",
    "/api/v1/alerts/alert-1",
    "/api/v1/events?q=shells",
    "/api/v1/articles/article-1",
    "/api/v1/openapi.json",
    "/feeds/alerts.atom",
    "/feeds/events.geojson",
    "/feeds/alerts/alert-1/cap.xml",
    "/",
    "/web/dom.js",
)


async def test_what_did_not_change_is_not_sent_again() -> None:
    async with dashboard(alert(), article(), event()) as desk, httpx.AsyncClient(base_url=desk.url) as client:
        for path in PATHS:
            first = await client.get(path)
            known = {"If-None-Match": f'"other", W/{first.headers["etag"].removeprefix("W/")}'}
            again = await client.get(path, headers=known)
            assert (first.status_code, again.status_code, again.content) == (200, 304, b""), path
            assert again.headers["etag"] == first.headers["etag"], path
        before = (await client.get("/api/v1/alerts")).headers["etag"]
        desk.take(alert(alert_id="alert-2"))
        assert (await client.get("/api/v1/alerts", headers={"If-None-Match": before})).status_code == 200
        assert "etag" not in (await client.get("/api/v1/alerts/nothing")).headers


async def test_without_the_token_nothing_is_told_but_health_and_metrics() -> None:
    settings = DashboardSettings.model_validate({"token": "sesame:öffne"})
    async with dashboard(alert(), settings=settings) as desk, httpx.AsyncClient(base_url=desk.url) as client:
        for path in ("/", "/api/v1/alerts", "/api/v1/stream", "/feeds/alerts.atom", "/web/dom.js", "/nowhere"):
            refused = await client.get(path)
            assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json"), path
            assert "Basic" in refused.headers["www-authenticate"]
            assert "default-src 'none'" in refused.headers["content-security-policy"]
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200
        for wrong in ("sesame", "", "sesame:öffne "):
            assert (await client.get("/api/v1/alerts", auth=("me", wrong))).status_code == 401
        assert (await client.get("/api/v1/alerts", auth=("anybody", "sesame:öffne"))).status_code == 200
        bearer = {"Authorization": "Bearer sesame:öffne".encode()}
        assert (await client.get("/api/v1/alerts", headers=bearer)).status_code == 200


@pytest.mark.parametrize(
    ("header", "token"),
    [("", b""), ("Bearer", b""), ("bearer  x ", b"x"), ("Basic !", b""), ("Basic YTpi", b"b"), ("Digest YTpi", b"")],
)
def test_a_token_is_read_from_two_schemes_and_nothing_else(header: str, token: bytes) -> None:
    assert credentials(header) == token


@pytest.mark.parametrize(
    ("proxies", "sent", "base"),
    [
        ([], {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "news.example"}, None),
        (["10.0.0.0/8"], {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "news.example"}, None),
        (["127.0.0.1"], {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "news.example"}, "https://news.example"),
        (["127.0.0.0/8"], {"X-Forwarded-Host": "forged.example, a.example:8443"}, "http://a.example:8443"),
        (["127.0.0.1"], {"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": 'x"><script>'}, None),
    ],
)
async def test_only_a_named_proxy_is_believed(proxies: list[str], sent: dict[str, str], base: str | None) -> None:
    settings = DashboardSettings.model_validate({"proxies": proxies})
    async with dashboard(alert(), settings=settings) as desk, httpx.AsyncClient(base_url=desk.url) as client:
        feed = (await client.get("/feeds/alerts.atom", headers=sent)).text
        assert f'href="{base or desk.url}/#alert-alert-1"' in feed
