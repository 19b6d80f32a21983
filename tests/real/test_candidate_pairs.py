"""The real DBD and DIW files become one register: rows in are accounted for, candidates joined or asked, search finds them.

Counted as not run without IINDUSTRY_REAL_DATA. Names of real firms appear in no message; keys of the public register may.
"""

from __future__ import annotations

import csv
import resource
import time
from contextlib import contextmanager

import pytest
from django.conf import settings

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.config.environment import environment
from iindustry.kernel.actors import SYSTEM, Role
from iindustry.kernel.progress import silent
from iindustry.linkage import services as linkage
from iindustry.register import services as register
from iindustry.sources import services as sources
from iindustry.standardise import services as standardise

from .put_headings_back import dbd, diw

pytestmark = [pytest.mark.real, pytest.mark.django_db]
EXTRACTS = environment().real_data
KIB = 1024


@pytest.mark.skipif(not EXTRACTS, reason="IINDUSTRY_REAL_DATA is not set: the real extracts are not here")
@pytest.mark.timeout(1800)
def test_every_candidate_pair_is_joined_or_asked(home, clock, monkeypatch, client, found):
    from pathlib import Path

    monkeypatch.setattr(settings, "HOME", home)
    extracts, files = Path(EXTRACTS), home.root / "files"
    files.mkdir()
    dbd(extracts, files)
    diw(extracts, files)
    with _timed(found, "deliver"):
        reports = [_deliver(path, home, clock) for path in _files(files)]
    assert all(one.rows == one.accepted + one.quarantined for one in reports)
    found("files", len(reports))
    found("rows in = accepted + set aside", " = ".join((f"{sum(one.rows for one in reports):,}",
          f"{sum(one.accepted for one in reports):,} + {sum(one.quarantined for one in reports):,}")))  # fmt: skip
    with _timed(found, "standardise"):
        records = standardise.standard_records(sources.in_force(home=home), home=home)
    assert records.height == sum(one.accepted for one in reports)
    with _timed(found, "link"):
        linked = linkage.link(records)
    with _timed(found, "publish"):
        report = register.publish(linked, records, home=home, clock=clock, progress=silent)
    found("peak memory, MiB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB)
    assert linked.quality["two_numbers"] == 0
    assert report.records == linked.members.height
    found("enterprises", report.enterprises)
    found("establishments", report.establishments)
    found("pairs to review", linked.quality["review_pairs"])
    fates = [_fate(row) for row in _candidates(extracts)]
    assert len(fates) == 62
    assert "lost" not in fates
    found("62 candidate pairs", ", ".join(f"{fates.count(fate)} {fate}" for fate in sorted(set(fates))))
    _is_found(_candidates(extracts)[0])
    _is_found_by_a_steward(client, clock, _candidates(extracts)[0])
    with _timed(found, "browse, 1,000 a page"):
        assert _browsed() == report.enterprises


@contextmanager
def _timed(found, step):
    began = time.perf_counter()
    yield
    found(f"{step}, seconds", f"{time.perf_counter() - began:.1f}")


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
    """`joined`, the reason for which the two enterprises wait for a person, or `lost`.

    A factory that stands with another juristic person of the same name, the one next door, is `with a namesake`.
    """
    factory = register.find_by_factory_id(row["factory_id"].zfill(14))
    company = register.find_by_juristic_id(row["juristic_id"].zfill(13))
    assert factory is not None
    assert company is not None
    if factory.enterprise_id == company.enterprise_id:
        return "joined"
    if factory.juristic_id is not None:
        return "with a namesake"
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


def _is_found_by_a_steward(client, clock, row):
    """On the page, by half a name; and by its number, which is posted."""
    person = accounts.enrol("chai", "ชัย", "Chai", Role.STEWARD, "oie", clock=clock)
    client.force_login(Person.objects.get(id=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    company = register.find_by_juristic_id(row["juristic_id"].zfill(13))
    assert company.enterprise_id in client.get("/steward/search", {"q": row["name_th"].split()[1]}).content.decode()
    answer = client.post("/steward/search", {"q": row["juristic_id"]}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0].endswith(company.enterprise_id)


def _browsed():
    """How many enterprises there are when the register is read page by page: none twice, none left out."""
    count, after = 0, None
    while page := register.list_enterprises(after=after, limit=1000):
        ids = [one.enterprise_id for one in page]
        assert ids == sorted(set(ids))
        assert after is None or ids[0] > after
        count, after = count + len(page), ids[-1]
    return count
