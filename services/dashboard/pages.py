"""The pages: one frame, filled at start with the body of each, and the files they load."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

WEB: Final = Path(__file__).parent / "web"


@dataclass(frozen=True)
class Page:
    """One page: where it is, its title, and the name of its body, script and style. ``listed``: in the menu."""

    path: str
    title: str
    name: str
    listed: bool = True


PAGES: Final = (
    Page("/", "Alerts", "alerts"),
    Page("/events", "Events", "events"),
    Page("/map", "Map", "map"),
    Page("/timeline", "Timeline", "timeline"),
    Page("/rules", "Rules", "rules"),
    Page("/feeds", "Feeds", "feeds"),
    Page("/silences", "Silences", "silences"),
    Page("/why", "Why", "why"),
    Page("/article", "Article", "article", listed=False),
)


def serve_pages(app: FastAPI) -> None:
    """Adds the pages and their files to the app."""
    for page in PAGES:
        app.add_api_route(page.path, _serves(rendered(page)), include_in_schema=False)
    app.mount("/web", StaticFiles(directory=WEB), name="web")


def rendered(page: Page) -> str:
    """The page's HTML. Only our own files go into it; what comes from articles is put in by the scripts, as text."""
    frame = Template((WEB / "frame.html").read_text(encoding="utf-8"))
    main = (WEB / f"{page.name}.html").read_text(encoding="utf-8")
    return frame.substitute(title=escape(page.title), name=page.name, menu=_menu(page), main=main)


def _menu(here: Page) -> str:
    links = [
        f'<a href="{page.path}"{" aria-current=page" if page is here else ""}>{escape(page.title)}</a>'
        for page in PAGES
        if page.listed
    ]
    return "\n".join(links)


def _serves(html: str) -> Callable[[], Awaitable[HTMLResponse]]:
    async def page() -> HTMLResponse:
        return HTMLResponse(html)

    return page
