"""The real DBD and DIW files become one register: rows in are accounted for, candidates joined or asked, search finds them.

Counted as not run without IINDUSTRY_REAL_DATA. Names of real firms appear in no message; keys of the public register may.
"""

from __future__ import annotations

import csv
import resource
import time

import pytest
from django.conf import settings

from iindustry.config.environment import environment
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.progress import silent
from iindustry.linkage import services as linkage
from iindustry.register import services as register
from iindustry.sources import services as sources
from iindustry.standardise import services as standardise

from .put_headings_back import dbd, diw

pytestmark = [pytest.mark.real, pytest.mark.django_db]
EXTRACTS = environment().real_data
MIB = 1024


@pytest.fixture
def steps(capsys):
    """Prints each step with its seconds, past pytest's capture."""
    started = time.perf_counter()

    def said(words):
        with capsys.disabled():
            print(f"\n  {time.perf_counter() - started:7.1f} s  {words}", end="")

    return said


@pytest.mark.skipif(not EXTRACTS, reason="IINDUSTRY_REAL_DATA is not set: the real extracts are not here")
@pytest.mark.timeout(1800)
def test_every_candidate_pair_is_joined_or_asked(tmp_path, home, clock, monkeypatch, steps):
    from pathlib import Path

    monkeypatch.setattr(settings, "HOME", home)
    extracts, files = Path(EXTRACTS), tmp_path / "files"
    files.mkdir()
    dbd(extracts, files)
    diw(extracts, files)
    reports = [_deliver(path, home, clock) for path in _files(files)]
    assert all(one.rows == one.accepted + one.quarantined for one in reports)
    steps(f"delivered {len(reports)} files, {sum(one.rows for one in reports):,} rows,"
          f" {sum(one.quarantined for one in reports)} set aside")  # fmt: skip
    records = standardise.standard_records(sources.in_force(home=home), home=home)
    assert records.height == sum(one.accepted for one in reports)
    steps(f"standardised {records.height:,} records")
    linked = linkage.link(records)
    steps(f"linked: {linked.quality['enterprises']:,} enterprises, {linked.quality['review_pairs']} pairs to review")
    report = register.publish(linked, records, home=home, clock=clock, progress=silent)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    steps(f"published {report.version}; peak memory {peak:,.0f} MiB\n")
    assert linked.quality["two_numbers"] == 0
    assert report.records == linked.members.height
    fates = [_fate(row) for row in _candidates(extracts)]
    assert len(fates) == 62
    steps("candidate pairs: " + ", ".join(f"{fates.count(fate)} {fate}" for fate in sorted(set(fates))))
    assert "lost" not in fates
    _is_found(_candidates(extracts)[0])


def _files(folder):
    """The months of one register, then the whole search file of the other."""
    return [*sorted(folder.glob("dbd_*.csv")), *sorted(folder.glob("diw_search_all.csv"))]


def _deliver(path, home, clock):
    source = path.name.split("_")[0]
    return sources.deliver(path, source=source, filename=path.name, actor=SYSTEM, home=home, clock=clock)


def _candidates(extracts):
    with (extracts / "factory" / "er_candidates_diw_dbd.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _fate(row):
    """`joined`, the reason for which the two enterprises wait for a person, or `lost`."""
    factory = register.find_by_factory_id(row["factory_id"].zfill(14))
    company = register.find_by_juristic_id(row["juristic_id"].zfill(13))
    assert factory is not None
    assert company is not None
    if factory.enterprise_id == company.enterprise_id:
        return "joined"
    return _asked().get(frozenset((factory.enterprise_id, company.enterprise_id)), "lost")


def _asked():
    """The reason of each pair of enterprises that waits."""
    items = linkage.list_review(limit=1000)
    holders = register.holders([side for item in items for side in (item.left, item.right)])
    return {
        frozenset((holders[item.left].enterprise_id, holders[item.right].enterprise_id)): f"asked ({item.reason})"
        for item in items
    }


def _is_found(row):
    """By number, by whole name, and by half a name."""
    company = register.find_by_juristic_id(row["juristic_id"].zfill(13))
    for typed in (row["juristic_id"], row["factory_id"], row["name_th"], row["name_th"].split()[1]):
        assert company.enterprise_id in {hit.enterprise_id for hit in register.search(typed)}, (
            "not found by what was typed"
        )
