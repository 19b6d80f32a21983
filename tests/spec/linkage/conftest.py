"""A made-up country to which a case adds its own records."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from iindustry.kernel.ids import thirteen_check_digit
from iindustry.linkage.services import link
from iindustry.standardise.names import normalised
from iindustry.standardise.records import STANDARD

sys.path.insert(0, str(Path(__file__).parents[2] / "integration" / "linkage"))

OWN = "case-"  # keys of a case do not meet those of the country


@pytest.fixture(scope="session")
def country():
    from country import make

    return make(300, seed=8).records


def number(running):
    """A juristic id of Bangkok that the country does not use."""
    twelve = f"0105599{running:05d}"
    return twelve + thirteen_check_digit(twelve)


@pytest.fixture(scope="session")
def told(country):
    """Links the country with the records of a table, and says who is one and what waits.

    A row: source | key | name | number | subdistrict | phone. Gives (sets of keys that are one enterprise, {pair: reason}).
    """

    def run(table):
        rows = [[cell.strip() or None for cell in line.split("|")] for line in table.strip().splitlines()]
        own = _frame(rows)
        linked = link(pl.concat([country, own]))
        keys = {(row[0], OWN + row[1]) for row in rows}
        groups: dict[str, set[str]] = {}
        for source, key, enterprise in linked.members.select("source", "record_key", "enterprise_id").iter_rows():
            if (source, key) in keys:
                groups.setdefault(enterprise, set()).add(key.removeprefix(OWN))
        waits = {
            frozenset(row[side].removeprefix(OWN) for side in ("left_key", "right_key")): row["reason"]
            for row in linked.review.iter_rows(named=True)
            if (row["left_source"], row["left_key"]) in keys and (row["right_source"], row["right_key"]) in keys
        }
        return sorted(map(sorted, groups.values())), waits

    return run


def _frame(rows):
    blank = dict.fromkeys(STANDARD) | {
        "delivery_id": "case",
        "observed_on": date(2026, 10, 1),
        "row": 1,
        "is_person": False,
    }
    cells = []
    for source, key, name, running, area, phone in rows:
        id_ = number(int(running)) if running else None
        place = {"subdistrict_code": area, "district_code": area[:4], "province_code": area[:2]} if area else {}
        cells.append(blank | place | {
            "source": source, "record_key": OWN + key, "name_raw": name, "juristic_id": id_,
            "id_state": "valid" if id_ else "none", "phones": [phone] if phone else None,
            "is_person": bool(name) and name.startswith("นาย"), "factory_id": key if source in {"diw", "green"} else None,
        })  # fmt: skip
    frame = pl.DataFrame(cells, schema=STANDARD)
    names = frame.select(normalised(pl.col("name_raw")).alias("n")).unnest("n")
    return frame.with_columns(names[one] for one in ("core", "num", "skel", "form")).select(*STANDARD)
