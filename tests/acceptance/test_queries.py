"""No page asks the database more than a dozen questions (UX section 16), and none asks the same one for each row of a list.

What is counted includes session, person and role, and on an officer's pages the writing of the look itself.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from acceptance import matrix
from acceptance.country import DOORS, LOGINS, run
from acceptance.test_role_matrix import may_open, objects_of, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acceptance.country import Country

MOST = 12
FLOOR = 95


def pages(country: Country) -> Iterator[tuple[str, str | None, str]]:
    """Every page at every object of it, opened by the first visitor who may, an owner or officer before a stranger."""
    names = [*LOGINS, *DOORS, "anonymous"]
    for route, row in matrix.PAGES.items():
        if "GET" not in row.methods or row.ends_session:
            continue
        for name, parts in objects_of(row, country).items():
            visitor = next((one for one in names if may_open(one, row, name)), None)
            if visitor is not None:
                yield route, (LOGINS | DOORS).get(visitor), path_of(route, parts)


def test_no_page_asks_the_database_more_than_a_dozen_questions(country, capsys):
    asked = [*pages(country)]
    found = run(country.home, "count", "queries.py", given=json.dumps([(login, path) for _, login, path in asked]))
    counts = [(one["count"], route, one["often"]) for (route, _, _), one in zip(asked, found, strict=True)]
    with capsys.disabled():
        top = ", ".join(f"/{route} {count}" for count, route, _ in sorted(counts, key=lambda one: -one[0])[:5])
        print(f"\nqueries: {len(counts)} pages, most {max(counts, key=lambda one: one[0])[0]} ({top})")
    assert {one["status"] for one in found} <= {200, 302}, [
        (path, one["status"]) for (_, _, path), one in zip(asked, found, strict=True) if one["status"] not in {200, 302}
    ]
    assert [(f"/{route}", count) for count, route, _ in counts if count > MOST] == []
    assert [(f"/{route}", often) for _, route, often in counts if often] == [], "one statement for each row of a list"
    assert len(counts) >= FLOOR, "too few pages were counted"
