"""README's table of how feeds are polled, with its figures taken from the code."""

from datetime import timedelta

from services.core.feed_state import Result
from services.core.window import format_duration
from services.poller import answer, child, feed, fetch, hosts, pages, parsers, robots, schedule, shares, unpack
from services.runtime.sections import PollerSettings

DEFAULTS = PollerSettings()


def length(value: timedelta | float) -> str:
    """A length of time in words."""
    return format_duration(value if isinstance(value, timedelta) else timedelta(seconds=value))


def results(*, hard: bool) -> str:
    """The names of all failures of one weight; 410 has a row of its own."""
    return " ".join(f"`{each}`" for each in Result if not each.ok and each.hard is hard and each is not Result.GONE)


def rows() -> dict[str, str]:
    """What the poller does, by what it is about."""
    rest, longest = length(hosts.LONGEST_REST), length(schedule.LONGEST)
    return {
        "Formats": "RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1; broken XML as far as feedparser "
        "rescues it; what other namespaces (podcasts, media) add is left out",
        "How often": f"each `interval` (setting `poller.interval`, {length(DEFAULTS.interval)}, without one), stretched"
        f" by up to {schedule.JITTER:.0%} by chance. A feed that was quiet is asked less often (after "
        f"{schedule.QUIET_SHARE:.0%} of the quiet time), and `Cache-Control`, `Expires` and `ttl` are heeded, both up"
        f" to `poller.slowest` ({length(DEFAULTS.slowest)}) or the interval, whichever is longer. `skipHours` are "
        "skipped",
        "After a start": "at the time that was planned; overdue feeds are spread, "
        f"{timedelta(seconds=1) // shares.SPREAD} a second",
        "Several pollers": "share the feeds as a consumer group on `tocsin.feeds`: all feeds of a host are on one "
        "partition, with their states. When one dies, the others have its feeds after 15 seconds and go on from those "
        "states. The embedded cluster takes one poller",
        "Conditional": "`If-None-Match` and `If-Modified-Since`. After "
        f"{length(answer.FULL_EVERY)} without content a poll goes without them; new items behind old validators are "
        "counted as `lying_validators`, and that feed is always fetched whole from then on",
        "Per host": f"one connection at a time, {length(hosts.GAP)} between two fetches, for feeds, pages and hosts "
        f"that redirects lead to; after `Retry-After` the host rests for all its feeds, up to {rest}",
        "Soft failures": f"{results(hard=False)}: the wait doubles, up to `poller.slowest` or the interval",
        "Hard failures": f"{results(hard=True)}: the wait quadruples, up to {longest}",
        "`Retry-After`": f"on 429 and 5xx, as seconds or date, up to {longest}",
        "Redirects": f"{fetch.MAX_REDIRECTS} at most, no circles. Wholly permanent ones (301, 308) that lead to a feed "
        "are remembered until they fail, but none from https to http",
        "410 Gone": "stops the feed until its URL is changed in the feeds file; each start says so",
        "Bounds": f"`poller.timeout` ({length(DEFAULTS.timeout)}) in all, `poller.max_body` packed and unpacked, "
        f"{feed.MAX_TAGS:,} tags, {feed.MAX_DEPTH:,} deep, {feed.MAX_ITEMS:,} items, {length(parsers.SECONDS)} and "
        f"{child.MEMORY_BYTES / 1e9} GB to parse, 128 header lines; packed as {unpack.ACCEPTED.replace(', ', ' or ')} "
        "only",
        "Addresses": "public ones only, checked as the connection is made, so neither redirects nor DNS rebinding lead "
        "elsewhere",
        "Identity": "an item is its guid, or else its link, or else its title; links without fragment, tracking "
        "parameters and AMP variants. Changed text is a new revision of the same article",
        "Old items": "a new revision keeps the time of the first publication: a feed that touches an old item does not "
        "make it news",
        "Full text": "with `poller.full_text` and the extra `fulltext`, the pages of the "
        f"{pages.MOST} newest new items of a poll, within {length(pages.SECONDS)} and {length(pages.EXTRACT_SECONDS)} "
        "to extract each, in a process that is ended then. `robots.txt` is believed for "
        f"{length(robots.GOOD_FOR)}, `Crawl-delay` heeded up to {rest}; a site that does not tell its rules is not "
        "read. The page's text is taken if it is longer and tells of the same; `text_from` in the article says which "
        "it is",
        "Delivery": "articles first, then the poll state: a crash between the two repeats articles with the ids they "
        "had, and loses none",
    }


def polling_table() -> str:
    """The rows as a Markdown table."""
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in rows().items())])
