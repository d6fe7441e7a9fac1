"""Who may look, and what a proxy in front of us may say of the request."""

import hmac
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from services.dashboard.answers import ProblemDetails
from services.dashboard.problems import problem

Network = IPv4Network | IPv6Network

_OPEN: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by machines of the operator; they tell nothing of the news."""

_CHALLENGE: Final = 'Bearer realm="Tocsin", Basic realm="Tocsin", charset="UTF-8"'
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\[[0-9a-fA-F:]{2,45}\](:[0-9]{1,5})?")


class Guarded:
    """Asks for the token, if there is one: as bearer token, or as the password of any user.

    The second is what a browser asks its user for by itself, and what readers of feeds can send.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        if scope["type"] != "http" or scope["path"] in _OPEN or self._known(Headers(scope=scope)):
            return await self._app(scope, receive, send)
        refusal = ProblemDetails(title="Unauthorized", status=401, detail="this dashboard asks for its token")
        return await problem(refusal, {"WWW-Authenticate": _CHALLENGE})(scope, receive, send)

    def _known(self, headers: Headers) -> bool:
        return hmac.compare_digest(credentials(headers.get("authorization", "")), self._token)


def credentials(header: str) -> bytes:
    """The token in an ``Authorization`` header; empty where there is none."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip().encode("latin-1")  # as headers are decoded
    if scheme.lower() != "basic":
        return b""
    try:
        return b64decode(value.strip(), validate=True).partition(b":")[2]
    except (NotBase64, ValueError):
        return b""


class BehindProxies:
    """Believes ``X-Forwarded-Proto`` and ``X-Forwarded-Host``, from these networks only: links then lead to the proxy.

    Of several values the last one counts, which is the one that the proxy next to us wrote.
    """

    def __init__(self, app: ASGIApp, networks: Sequence[Network]) -> None:
        self._app = app
        self._networks = networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        if scope["type"] == "http" and self._is_proxy(scope.get("client")):
            scope = _as_forwarded(scope)
        await self._app(scope, receive, send)

    def _is_proxy(self, client: tuple[str, int] | None) -> bool:
        try:
            address = ip_address(client[0]) if client else None
        except ValueError:
            return False
        return address is not None and any(address in network for network in self._networks)


def _as_forwarded(scope: Scope) -> Scope:
    told = Headers(scope=scope)
    host, scheme = (_last(told.get(f"x-forwarded-{name}", "")) for name in ("host", "proto"))
    headers = scope["headers"]
    if _HOST.fullmatch(host):
        headers = [(name, value) for name, value in headers if name != b"host"] + [(b"host", host.encode())]
    return {**scope, "headers": headers, "scheme": scheme if scheme in ("http", "https") else scope["scheme"]}


def _last(value: str) -> str:
    return value.rpartition(",")[2].strip()
