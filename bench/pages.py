"""Server time and weight of the main pages on the running demo country, fetched one after another over HTTP.

Each page is fetched 40 times by somebody who may see it; the first three are thrown away. Weight is what a browser's first visit
brings over the wire: the page compressed, and every stylesheet, script, font and picture that it names, fonts only for the
scripts that the page uses (a browser fetches no other), one after another without a cache.
"""

from __future__ import annotations

import gzip
import http.client
import http.cookies
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from report import circumstances, percentile, table, write

TIMES, THROWN = 40, 3
_MS, _KB = 1000, 1000
PAGES: tuple[tuple[str, str | None], ...] = (
    ("/", None), ("/programmes", None), ("/scoreboard", None), ("/check", None), ("/my", "malee"),
    ("/my/enterprise", "malee"), ("/my/opportunities", "malee"), ("/bank", "anan"), ("/agency", "wipa"), ("/policy", "prasit"),
    ("/steward/search?q=พลาสติก", "chai"), ("/audit", "nida"),
)  # fmt: skip
WEIGHED = ("/", "/my")
_NAMED = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|png|woff2|webmanifest)[^"]*)"')
_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_URL = re.compile(r"url\(['\"]?([^'\")]+)")
_RANGE = re.compile(r"U\+([0-9A-Fa-f]+)(?:-([0-9A-Fa-f]+))?")


@dataclass
class Visitor:
    """One person's connection and cookies."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = urlsplit(self.base)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes, float]:
        """(status, body as it came over the wire, seconds)."""
        heads = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Encoding": "gzip, br",
        }
        body = None
        if form is not None:
            body = urlencode(form)
            heads |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": self.base + "/",
                "Origin": self.base,
            }
        began = time.perf_counter()
        safe = re.sub(r"[^\x21-\x7e]+", lambda found: urlencode({"": found[0]})[1:], path)
        self.connection.request("POST" if body else "GET", safe, body, heads)
        answer = self.connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        for value in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in http.cookies.SimpleCookie(value).items()}
        self.encoding = answer.headers.get("Content-Encoding")
        return answer.status, content, seconds

    def enter(self, door: str) -> None:
        """Become somebody by a door of the demo country."""
        _, page, _ = self.ask("/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', self.plain(page))
        assert token, "no door on the first page"  # noqa: S101 - the bench cannot go on
        status, _, _ = self.ask(f"/demo/enter/{door}", {"csrfmiddlewaretoken": token[1].decode()})
        assert status == 302, f"the door {door} answered {status}"  # noqa: S101, PLR2004 - the same

    def plain(self, content: bytes) -> bytes:
        """A body as it is read."""
        if self.encoding == "gzip":
            return gzip.decompress(content)
        assert self.encoding is None, f"not asked for: {self.encoding}"  # noqa: S101
        return content


def main() -> None:
    from countries import running

    circumstance = circumstances()
    with running() as stage:
        doors: dict[str | None, Visitor] = {None: Visitor(stage.base)}
        for door in {door for _, door in PAGES if door}:
            doors[door] = Visitor(stage.base)
            doors[door].enter(door)
        pages = [_timed(doors[door], path) | {"by": door or "anybody"} for path, door in PAGES]
        weights = {path: weight(doors[dict(PAGES)[path]], path) for path in WEIGHED}
        demo = {"answered_after": round(stage.answered_after, 1), "complete_after": round(stage.complete_after, 1)}
    rows = [(one["path"], one["by"], one["p50_ms"], one["p95_ms"], one["kb"]) for one in pages]
    table(
        f"Pages, {TIMES - THROWN} fetches each, one at a time",
        ("page", "by", "p50 ms", "p95 ms", "KB on the wire"),
        rows,
    )
    kinds = ("html", "css", "js", "font", "picture", "all")
    table(
        "Weight of a first visit, KB over the wire",
        ("page", *kinds),
        [(path, *(round(found[kind] / _KB, 1) for kind in kinds)) for path, found in weights.items()],
    )
    print(f"  the demo answered after {demo['answered_after']} s and was complete after {demo['complete_after']} s")
    write("pages", {"demo": demo, "pages": pages, "weights": weights}, circumstance)


def _timed(visitor: Visitor, path: str) -> dict[str, Any]:
    times, size = [], 0
    for _ in range(TIMES):
        status, content, seconds = visitor.ask(path)
        assert status == 200, f"{path} answered {status}"  # noqa: S101, PLR2004 - an error page is quick and proves nothing
        times.append(seconds * _MS)
        size = len(content)
    kept = times[THROWN:]
    return {"path": path, "p50_ms": round(percentile(kept, 0.5), 1), "p95_ms": round(percentile(kept, 0.95), 1),
            "kb": round(size / _KB, 1)}  # fmt: skip


def weight(visitor: Visitor, path: str) -> dict[str, int]:
    """Bytes over the wire of a first visit, by kind."""
    _, content, _ = visitor.ask(path)
    page = visitor.plain(content).decode()
    found = {"html": len(content), "css": 0, "js": 0, "font": 0, "picture": 0}
    signs = {ord(one) for one in re.sub(r"<(script|style).*?</\1>|<[^>]+>", "", page, flags=re.DOTALL)}
    for address in sorted(set(_NAMED.findall(page))):
        _, content, _ = visitor.ask(address)
        kind = {"css": "css", "js": "js", "woff2": "font"}.get(address.split("?")[0].rsplit(".", 1)[-1], "picture")
        found[kind] += len(content)
        if kind == "css":
            for font in _fonts(visitor.plain(content).decode(), address, signs):
                if font not in page:
                    found["font"] += len(visitor.ask(font)[1])
    return found | {"all": sum(found.values())}


def _fonts(css: str, address: str, signs: set[int]) -> list[str]:
    """Faces that a page with these signs makes a browser fetch. Counts every weight, though a page may use fewer."""
    wanted = []
    for face in _FACE.findall(css):
        ranges = [(int(low, 16), int(high or low, 16)) for low, high in _RANGE.findall(face)]
        named = _URL.search(face)
        if named and (not ranges or any(low <= sign <= high for low, high in ranges for sign in signs)):
            wanted.append(urljoin(address, named[1]))
    return wanted


if __name__ == "__main__":
    main()
