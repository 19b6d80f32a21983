"""A browser that looks as it walks: every page it visits is checked in both languages before the story goes on.

Checked on each page: axe (WCAG 2.2 A and AA), no glyph from any font but ours, no console error, no blocked resource, no
request to another origin, no sideways scroll, one h1, a Thai page that says Buddhist years, no raw template mark.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page, Request

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 900}
FONT = "IBM Plex Sans Thai"
SWITCH = "header form[action='/i18n/setlang/'] button, header button[name='speak']"
"""The language switch: its own form, or a button of the page's form where something is chosen or typed."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHRISTIAN_YEAR = re.compile(r"(?<![\w/.-])20(?:1\d|2\d|3\d)(?![\w/.-])")


def chromium() -> str | None:
    """Debian's Chromium, or None: then browser tests are counted as not run."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class Look:
    """What was seen on one page in one language."""

    address: str
    language: str
    width: int
    faults: list[str] = field(default_factory=list)


@dataclass
class Walker:
    """One person at one screen."""

    page: Page
    base: str
    looks: list[Look]
    faults: list[str] = field(default_factory=list)
    method: str = "GET"

    def asked(self, request: Request) -> None:
        """Remember how the page was asked for, and whom else it asks."""
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.method = request.method
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.faults.append(f"foreign request: {request.url[:80]}")

    def go(self, path: str) -> None:
        """Open an address and look at it."""
        self.page.goto(self.base + path)
        self.look()

    def press(self, name: str | re.Pattern[str], *, kind: str = "button") -> None:
        """Press a button or follow a link by its words, and look at where it leads."""
        self.page.get_by_role(kind, name=name).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state("load")
        self.look()

    def text(self) -> str:
        """Everything that the page says."""
        return self.page.inner_text("main")

    def look(self) -> None:
        """Check this page as it is, then in the other language, and come back."""
        self._look_once()
        if self.page.locator(SWITCH).count() and self._is_get():
            for _ in range(2):
                self.page.locator(SWITCH).first.click()
                self.page.wait_for_load_state("load")
                if self.page.locator("html").get_attribute("lang") == "en":
                    self._look_once()

    def _is_get(self) -> bool:
        """The answer to a POST (a form with faults, a verdict) cannot be asked for again: it is looked at once."""
        return self.method == "GET"

    def _look_once(self) -> None:
        language = self.page.locator("html").get_attribute("lang") or "?"
        width = (self.page.viewport_size or {"width": 0})["width"]
        look = Look(
            re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", self.page.url.removeprefix(self.base)), language, width
        )
        if any(
            (one.address, one.language, one.width) == (look.address, look.language, look.width) for one in self.looks
        ):
            return
        look.faults += self.faults
        self.faults.clear()
        look.faults += _axe(self.page) + _glyphs(self.page) + _shape(self.page) + _words(self.page, language)
        self.looks.append(look)


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", TAGS
    )
    return [f"axe {v['id']}: {v['nodes'][0]['html'][:140]}" for v in found["violations"]]


def _glyphs(page: Page) -> list[str]:
    """Elements whose text was drawn with a font that is not ours (Chromium tells which platform fonts it used)."""
    page.evaluate("document.fonts.ready")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    nodes = session.send(
        "DOM.querySelectorAll", {"nodeId": root, "selector": "body, body *:not(script):not(style):not(option)"}
    )["nodeIds"]
    faults = []
    for node in nodes:
        try:
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        except Error:  # a fragment that is asked for again each second was swapped meanwhile
            continue
        for font in fonts:
            if not font.get("isCustomFont") or FONT not in font["familyName"]:
                html = session.send("DOM.getOuterHTML", {"nodeId": node})["outerHTML"]
                faults.append(f"glyph from {font['familyName']}: {re.sub(r'<[^>]*>', ' ', html)[:100]!r}")
    session.detach()
    return faults[:5]


def _shape(page: Page) -> list[str]:
    faults = []
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        faults.append(f"scrolls sideways: {page.evaluate('document.documentElement.scrollWidth')} px")
    if (count := page.locator("h1").count()) != 1:
        faults.append(f"{count} headings of the first level")
    return faults


def _words(page: Page, language: str) -> list[str]:
    text = page.inner_text("body")
    faults = [f"raw mark {mark!r}" for mark in ("{{", "{%", "Undefined", "lorem") if mark in text]
    faults += ["a bare None"] if any(line.strip() == "None" for line in text.splitlines()) else []
    if language == "th":
        main = _without_names(page)
        if year := CHRISTIAN_YEAR.search(main):
            start = max(year.start() - 30, 0)
            faults.append(f"Christian year on a Thai page: …{main[start : year.end() + 10]!r}")
    return faults


def _without_names(page: Page) -> str:
    """What a page says beside the names of firms, which may hold any number: those stand in elements of class ii-name."""
    main = page.inner_text("main")
    for name in page.locator("main .ii-name").all_inner_texts():
        main = main.replace(name, "")
    return main


class Theatre:
    """Chromium, and the people who walk in it."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.looks: list[Look] = []
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        self._contexts: list[BrowserContext] = []

    def walker(self, viewport: dict[str, int], *, script: bool = True) -> Walker:
        """Somebody new: own cookies, own screen, Thai at first."""
        context = self._browser.new_context(
            viewport=viewport, locale="th-TH", java_script_enabled=script, accept_downloads=True
        )  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        self._contexts.append(context)
        page = context.new_page()
        walker = Walker(page, self.base, self.looks)
        page.on(
            "console",
            lambda message: (
                walker.faults.append(f"console: {message.text[:140]}")
                if message.type == "error" and "status of 4" not in message.text
                else None
            ),
        )
        page.on("pageerror", lambda error: walker.faults.append(f"script: {error}"))
        page.on("request", walker.asked)
        return walker

    def contexts(self) -> list[BrowserContext]:
        """Everybody's screens."""
        return self._contexts

    def faults(self) -> Iterator[str]:
        """Every fault seen, with its page."""
        for look in self.looks:
            for fault in look.faults:
                yield f"{look.address} [{look.language} {look.width}]: {fault}"

    def close(self) -> None:
        """Leave nothing running."""
        for context in self._contexts:
            context.close()
        self._browser.close()
        self._playwright.stop()
