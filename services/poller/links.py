"""Canonical URLs: one address for one page, whichever way a feed, a mailing or a phone links to it."""

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urljoin, urlsplit

from services.poller.sources import MAX_URL

_TRACKING = re.compile(
    r"(utm_.*|at_(medium|campaign|custom\d|bbc_team|link.*|ptr_name|format)|mc_[ce]id|pk_.*|mtm_.*|hsa_.*|_hs(enc|mi)|ito"
    r"|fb(clid|_.*)|gclid|gclsrc|dclid|msclkid|yclid|twclid|igsh(id)?|wt\.?(mc|zmc).*|ref_?src|cmp|cmpid|ns_(mchannel|source"
    r"|campaign|linkname|fee)|ocid|smid|sr_share|xtor|rss|maca|traffic_source|feed(name|type)|amp)",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_AMP_HOST = re.compile(r"^amp\.")
_AMP_CACHED = re.compile(r"/[acv]/s/(?P<page>[^/]+/.*)", re.DOTALL)
_AMP_VIEWED = re.compile(r"/amp/s/(?P<page>[^/]+/.*)", re.DOTALL)
_AMP_PATH = re.compile(r"(?<=[^/]/)amp/?$|\.amp(?=(\.html)?$)")


def absolute(link: str, base: str) -> str:
    """The link as an absolute http or https URL; empty where it is none, such as ``javascript:`` or ``urn:``."""
    try:
        url = urljoin(base, link.strip())
        url.encode()
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    return url if parts.scheme in _PORTS and parts.hostname and len(url) <= MAX_URL else ""


def canonical(url: str) -> str:
    """The URL without fragment, tracking parameters, default port and AMP variants.

    Parameters keep their order, since some sites read them by place; scheme and ``www.`` stay, since not every site
    answers both. What is not an http or https URL comes back as it is.
    """
    try:
        parts = urlsplit(url)
        host = _host(parts)
    except ValueError:
        return url
    if parts.scheme not in _PORTS or not host:
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _TRACKING.fullmatch(pair[0])]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    path = _AMP_PATH.sub("", parts.path) or "/"
    return SplitResult(parts.scheme, host, path, query, "").geturl()


def _host(parts: SplitResult) -> str:
    """Host and port, without credentials (nobody's business downstream) and in lower case."""
    host = _AMP_HOST.sub("", (parts.hostname or "").rstrip("."))
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def unwrapped(url: str) -> str:
    """The page's own URL where the link goes through a known AMP cache or redirector that names it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url
    if host in ("www.google.com", "google.com") and parts.path == "/url":
        query = dict(parse_qsl(parts.query))
        return absolute(query.get("url") or query.get("q", ""), "") or url
    cached = _AMP_CACHED.fullmatch(parts.path) if host.endswith(".cdn.ampproject.org") else None
    viewed = _AMP_VIEWED.fullmatch(parts.path) if "google." in host else None
    found = cached or viewed
    return absolute("https://" + unquote(found["page"]), "") or url if found else url
