"""Every visitor at every address, at their own object, at another's and at none: what they may not know of looks absent."""

from __future__ import annotations

import json
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from acceptance import matrix
from acceptance.country import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import httpx

    from acceptance.country import Country
    from acceptance.matrix import Row

SEED = 20261122
FLOOR = 4000
AT_ONCE = 4
TO_ADD = 'href="/my/enterprises/add"'
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Cell:
    """One request of the matrix, and whether it is open to who makes it."""

    visitor: str
    route: str
    path: str
    method: str
    name: str
    is_open: bool
    row: Row

    def __str__(self) -> str:
        return f"{self.visitor} {self.method} /{self.route} ({self.name or 'no object'})"


def addresses() -> Iterator[str]:
    """Every route of Django's resolver, web, api, accounts and all."""

    def walk(patterns: list[Any], before: str) -> Iterator[str]:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            elif isinstance(one, URLPattern):
                yield route

    return walk(get_resolver().url_patterns, "")


def test_every_address_has_one_row_and_every_row_an_address():
    known, found = {*matrix.PAGES, *matrix.MACHINES}, set(addresses())
    assert sorted(found - known) == [], "addresses without a row in tests/acceptance/matrix.py"
    assert sorted(known - found) == [], "rows without an address"
    assert not {*matrix.PAGES} & {*matrix.MACHINES}


def test_every_object_of_a_row_is_described():
    named = {row.names for row in matrix.PAGES.values() if row.names}
    assert named <= set(matrix.SEEN_BY)
    for kind, objects in matrix.SEEN_BY.items():
        assert objects["absent"] == matrix.NONE, kind
        assert all(seen_by <= set(matrix.ROLE) for seen_by in objects.values()), kind


def test_nobody_learns_of_what_is_not_theirs(country, capsys):
    began = time.monotonic()
    cells = [*page_cells(country)]
    random.Random(SEED).shuffle(cells)
    presses_last = sorted(cells, key=lambda cell: cell.is_open and cell.method == "POST")
    absent = {name: plain(one.get("/no-such-address"), "/no-such-address") for name, one in country.visitors.items()}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        failures = [
            one for found in pool.map(lambda cell: faults(country, cell, absent), presses_last) for one in found
        ]
        strangers = [*pool.map(lambda one: machine_fault(country, *one), machine_cells(country))]
        presses = [*pool.map(lambda cell: tokenless_fault(country, cell), cells)]
    tokenless = [fault for fault in presses if fault is not None]
    passing = [*door_faults(country)]
    failures += [fault for fault in (*strangers, *tokenless, *passing) if fault]
    count = len(cells) + len(strangers) + len(tokenless) + len(passing)
    seconds = round(time.monotonic() - began, 1)
    line = {"gate": "role-matrix", "cases": count, "failures": len(failures), "seed": SEED, "seconds": seconds}
    with capsys.disabled():
        print(f"\n{json.dumps(line)}")
    assert failures == [], f"{len(failures)} leaks or closed doors:\n" + "\n".join(sorted(failures)[:60])
    assert count >= FLOOR, f"only {count} cells ran"


def page_cells(country: Country) -> Iterator[Cell]:
    """Visitor × page × object × method; presses only where they are refused or change nothing."""
    for route, row in matrix.PAGES.items():
        for name, parts in objects_of(row, country).items():
            path = path_of(route, parts)
            for visitor in matrix.ROLE:
                is_open = may_open(visitor, row, name)
                for method in ("GET", *(("POST",) if "POST" in row.methods else ())):
                    if method == "POST" and (row.ends_session or (is_open and row.press is None)):
                        continue
                    yield Cell(visitor, route, path, method, name, is_open, row)


def objects_of(row: Row, country: Country) -> dict[str, dict[str, str]]:
    """The objects that a row's address is tried with: name -> the parts of the address."""
    if row.names is None:
        return {"": {}}
    kind = row.names
    made = country.made["objects"]
    known = {**matrix.FIXED.get(kind, {}), **made.get(kind, {})}
    if kind == "paper":
        known["crossed"] = {**made["paper"]["ours"], "paper_id": made["paper"]["theirs"]["paper_id"]}
    if kind == "value":
        for name, whose in (("of_our_site", "ours"), ("of_their_site", "theirs")):
            known[name] = {"field": "factory.worker_count", "?of": made["establishment"][whose]["of"]}
    if kind == "enterprise":
        known |= {name: {"enterprise_id": one} for name, one in country.made["enterprises"].items()}
    return {name: known[name] for name in matrix.SEEN_BY[kind]}


def may_open(visitor: str, row: Row, name: str) -> bool:
    """What the matrix says of one visitor at one object."""
    if matrix.ROLE[visitor] not in row.roles:
        return False
    return row.names is None or visitor in matrix.SEEN_BY[row.names][name]


def path_of(route: str, parts: dict[str, str]) -> str:
    """The address of a route for one object; parts of closed library pages are filled with anything."""
    path = _GROUP.sub("abc", route.replace("/^", "/").removesuffix("$"))
    path = "/" + _PART.sub(lambda found: parts[found[1]], path)
    return f"{path}?of={parts['?of']}" if "?of" in parts else path


def faults(country: Country, cell: Cell, absent: dict[str, Any]) -> list[str]:
    """What is wrong with the answer to one cell: a door closed to who may, or something shown to who may not."""
    visitor = country.visitors[cell.visitor]
    if cell.method == "GET":
        answer = visitor.get(cell.path)
    else:
        answer = visitor.post(
            cell.path, (cell.row.press or {}) if cell.is_open else {"sure": "yes", **(cell.row.press or {})}
        )
    found = judged(cell, answer, absent[cell.visitor])
    if cell.is_open and cell.row.needs_enterprise and not found:
        found = unconfirmed_faults(
            answer.text, cell.visitor in matrix.WITH_ENTERPRISE, country.made["numbers"].values()
        )
    return [f"{cell}: {fault}" for fault in found]


def judged(cell: Cell, answer: httpx.Response, absent: tuple[int, str, dict[str, str]]) -> list[str]:
    """The faults of one answer."""
    if answer.status_code >= 500:
        return [f"failed with {answer.status_code}"]
    if cell.method not in cell.row.methods and answer.status_code == 405:
        return []  # the address takes presses only, and says so to everybody, whatever the object
    if cell.is_open:
        is_shut = answer.status_code in {403, 404, 405} or "/accounts/login/" in answer.headers.get("location", "")
        return [f"is theirs, and answered {answer.status_code}"] if is_shut else []
    if cell.visitor == "anonymous" and matrix.SIGNED_IN & cell.row.roles and "anonymous" not in cell.row.roles:
        to_sign_in = answer.status_code == 302 and answer.headers["location"].startswith("/accounts/login/?next=")
        return [] if to_sign_in else [f"a stranger was answered {answer.status_code}"]
    return unlike_absent(plain(answer, cell.path), absent)


def unconfirmed_faults(page: str, acts_for_one: bool, numbers: Iterable[str]) -> list[str]:
    """What is wrong with a page of the enterprise: who acts for none is told how to add one, and reads no number of one."""
    told = TO_ADD in page
    if told == acts_for_one:
        return ["says that no enterprise is confirmed" if told else "does not say that no enterprise is confirmed"]
    return [] if acts_for_one else [f"shows {number}" for number in numbers if number in page]


def unlike_absent(shown: tuple[int, str, dict[str, str]], absent: tuple[int, str, dict[str, str]]) -> list[str]:
    """How an answer differs from that of an address which does not exist."""
    if shown[0] != absent[0]:
        return [f"not theirs, and answered {shown[0]} instead of {absent[0]}"]
    if shown[1] != absent[1]:
        return ["looks other than an absent page"]
    return [] if shown[2] == absent[2] else [f"headers differ: {set(shown[2].items()) ^ set(absent[2].items())}"]


def tokenless_fault(country: Country, cell: Cell) -> str | None:
    """A press without the token of the session is refused, even of who may press. None where the cell is not tried."""
    if not cell.is_open or "POST" not in cell.row.methods or cell.method != "GET" or cell.row.ends_session:
        return None
    answer = country.visitors[cell.visitor].post(cell.path, cell.row.press or {}, with_token=False)
    return "" if answer.status_code == 403 else f"{cell}: a press without a token was answered {answer.status_code}"


def door_faults(country: Country) -> Iterator[str]:
    """Presses that sign in or out, each at a browser of its own."""
    for name, expected in (("known", 302), ("absent", 404)):
        stranger = country.stranger()
        answer = stranger.post(path_of("demo/enter/<slug:door>", matrix.FIXED["door"][name]))
        stranger.http.close()
        yield "" if answer.status_code == expected else f"door {name}: {answer.status_code}"
    leaver = country.stranger()
    leaver.post("/demo/enter/nida")
    leaver.take_token()
    inside, left = leaver.get("/audit").status_code, leaver.post("/accounts/logout/").status_code
    outside = leaver.get("/audit")
    leaver.http.close()
    yield (
        ""
        if (inside, left, outside.status_code) == (200, 302, 302)
        else f"signing out: {inside} {left} {outside.status_code}"
    )


def machine_cells(country: Country) -> list[tuple[str, str, str]]:
    """Visitor × machine address × consent: a browser's session opens none of the closed ones."""
    consents = [one["consent_id"] for one in country.made["objects"]["consent"].values()] + [matrix.ABSENT_ID]
    address = country.visitors["anonymous"].get("/.well-known/oauth-authorization-server").json()["i_industry_address"]
    hub = dict(zip(("instance", "member_class", "member", "subsystem"), address.split("/"), strict=True))
    return [
        (visitor, route, path_of(route, hub | {"consent_id": consent, "programme_id": "SMED-D-LOCAL"}))
        for route in matrix.MACHINES
        for consent in (consents if "consent_id" in route else consents[:1])
        for visitor in matrix.ROLE
    ]


def machine_fault(country: Country, name: str, route: str, path: str) -> str:
    """What is wrong with the answer to a browser at a machine's address."""
    door, visitor = matrix.MACHINES[route], country.visitors[name]
    answer = visitor.get(path) if door.method == "GET" else visitor.post(path, with_token=False)
    if door.needs == "anybody":
        return "" if answer.status_code == 200 else f"{name} {path}: {answer.status_code}"
    is_refused = answer.status_code in matrix.REFUSED[door.needs] and "json" in answer.headers["content-type"]
    if not is_refused:
        return f"{name} {path}: {answer.status_code} {answer.headers['content-type']}"
    if door.needs == "token" and answer.headers["content-type"].split(";")[0] != "application/problem+json":
        return f"{name} {path}: refused without a problem document"
    return "" if "set-cookie" not in answer.headers else f"{name} {path}: a machine's address set a cookie"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((404, "nothing here", {}), []),
        ((403, "nothing here", {}), ["not theirs, and answered 403 instead of 404"]),
        ((404, "nothing here, Malee", {}), ["looks other than an absent page"]),
    ],
)
def test_the_judge_sees_a_leak(answer, fault):
    assert unlike_absent(answer, (404, "nothing here", {})) == fault
    assert unlike_absent((404, "x", {"cache-control": "no-store"}), (404, "x", {})) != []


@pytest.mark.parametrize(
    ("page", "acts_for_one", "faults"),
    [
        (TO_ADD, False, []),
        ("my data 0105558197632", True, []),
        ("", False, ["does not say that no enterprise is confirmed"]),
        (TO_ADD, True, ["says that no enterprise is confirmed"]),
        (f"{TO_ADD} 0105558197632", False, ["shows 0105558197632"]),
    ],
)
def test_the_judge_knows_who_acts_for_an_enterprise(page, acts_for_one, faults):
    assert unconfirmed_faults(page, acts_for_one, ["0105558197632"]) == faults
