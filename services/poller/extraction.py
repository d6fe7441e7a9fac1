"""Takes the article out of a page, in a process of its own that can be ended: pages are larger and worse than feeds.

Run as ``python -m services.poller.extraction`` this module is the child. It needs the extra ``fulltext``.
"""

import logging
import re
from dataclasses import dataclass

from services.core.feed_state import Result
from services.poller.answer import Failure
from services.poller.child import work
from services.poller.markup import tidy

_LINES = re.compile(r"\n+")


@dataclass(frozen=True)
class Page:
    """One page: its bytes, and where they came from."""

    body: bytes
    url: str


def done(page: Page) -> str | Failure:
    """The text of the page's article, its paragraphs apart by a blank line; or why there is none."""
    # Only here and below, in the child: it takes half a second and 60 MB, and is an extra.
    import trafilatura  # noqa: PLC0415

    try:
        text = trafilatura.extract(
            page.body, url=page.url, include_comments=False, include_tables=False, include_formatting=False
        )
    except MemoryError:
        return Failure(Result.TOO_LARGE, "takes more memory than a page may")
    except Exception as error:  # it promises nothing about what it raises on garbage
        return Failure(Result.BROKEN_ANSWER, f"cannot be extracted: {type(error).__name__}")
    return _LINES.sub("\n\n", tidy(text or ""))


if __name__ == "__main__":
    import trafilatura  # noqa: F401 -- before the first job, whose time it is not

    logging.disable(logging.CRITICAL)  # it logs each page that it finds odd
    work(done)
