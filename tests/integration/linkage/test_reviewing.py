"""The queue as a steward walks it: order, neighbours, filters, counts; `unsure` waits on at the end; few statements a page."""

from __future__ import annotations

import polars as pl
import pytest
from django.conf import settings
from django.db import transaction

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import NotFound
from iindustry.linkage import services as linkage
from iindustry.linkage.comparisons import COMPARISONS
from iindustry.linkage.outcome import PRIOR, Linked, Verdict

pytestmark = pytest.mark.django_db
STEWARD = Actor(Role.STEWARD, person_id="s1", organisation="oie")


def made_up():
    """A run whose queue has twelve pairs of three pairs of sources in three provinces, four of them of equal value."""
    names = [one.name for one in COMPARISONS]
    rows = []
    for number in range(12):
        bits = {name: float((number * 7 + place) % 5) - 1.5 for place, name in enumerate(names)} | {PRIOR: -6.25}
        rows.append({
            "left_source": ("dbd", "dip")[number % 2], "left_key": f"L{number:02}",
            "right_source": ("diw", "tisi")[number % 3 == 0], "right_key": f"R{number:02}",
            "match_weight": sum(bits.values()), "match_probability": 0.3 + number / 30, "reason": "middle-weight",
            "left_province": ("10", "49", None)[number % 3], "right_province": ("10", "20")[number % 2],
            "comparison": dict.fromkeys(names, "equal"), "bits": bits, "value": 1.0 + number // 4 if number < 8 else 9.0,
        })  # fmt: skip
    return Linked(
        members=pl.DataFrame(), review=pl.DataFrame(rows),
        redirects=pl.DataFrame(schema={"old_id": pl.Utf8, "new_id": pl.Utf8}), journal=pl.DataFrame(), quality={},
    )  # fmt: skip


@pytest.fixture
def queue(home, monkeypatch):
    monkeypatch.setattr(settings, "HOME", home)
    with transaction.atomic():
        linkage.record_run(made_up(), version="r1")
    found = linkage.list_review(limit=500)
    assert len(found) == 12
    return found


def test_every_pair_knows_the_one_before_and_after(queue):
    ids = [one.pair_id for one in queue]
    for place, pair_id in enumerate(ids):
        beside = linkage.neighbours(pair_id)
        assert beside.before == (ids[place - 1] if place else None)
        assert beside.after == (ids[place + 1] if place + 1 < len(ids) else None)
        assert (beside.place, beside.of) == (place + 1, len(ids))
    with pytest.raises(NotFound, match="pair-unknown"):
        linkage.neighbours("00000000-0000-7000-8000-000000000000")


def test_an_unsure_pair_goes_to_the_end_and_an_undone_answer_brings_a_pair_back(queue, clock):
    first, second = queue[0].pair_id, queue[1].pair_id
    linkage.judge(first, Verdict.UNSURE, "", actor=STEWARD, clock=clock)
    assert [one.pair_id for one in linkage.list_review(limit=500)][-1] == first
    assert linkage.neighbours(first).after is None
    said = linkage.judge(second, Verdict.MATCH, "", actor=STEWARD, clock=clock)
    assert second not in {one.pair_id for one in linkage.list_review(limit=500)}
    assert linkage.neighbours(second).of == len(queue) - 1
    progress = linkage.review_progress(actor=STEWARD, clock=clock)
    assert (progress.waiting, progress.judged, progress.mine_today, progress.mine_week) == (len(queue) - 1, 2, 2, 2)
    linkage.withdraw_judgement(said, actor=STEWARD, clock=clock)
    assert linkage.list_review(limit=1)[0].pair_id == second


def test_filters_part_the_queue_and_their_counts_add_up(queue):
    by_sources = linkage.count_review_by("source_pair")
    assert sum(by_sources.values()) == len(queue)
    for pair, count in by_sources.items():
        found = linkage.list_review(limit=500, source_pair=pair)
        assert len(found) == count
        assert {(one.left.source, one.right.source) for one in found} == {pair}
    for (code,), count in linkage.count_review_by("province").items():
        assert len(linkage.list_review(limit=500, province=code)) == count


def test_the_parts_of_a_weight_add_up_to_it(queue):
    for one in queue:
        assert sum(part.bits for part in one.parts) == pytest.approx(one.match_weight, abs=1e-9)
        assert one.parts[-1].comparison == "prior"


def test_quality_counts_answers_by_sources_and_province(queue, clock):
    linkage.judge(queue[0].pair_id, Verdict.MATCH, "", actor=STEWARD, clock=clock)
    rows = linkage.review_quality()
    own = {row.key: row for row in rows if row.by == "source_pair"}
    assert sum(row.waiting + row.match for row in own.values()) == len(queue)
    assert own[queue[0].left.source, queue[0].right.source].match == 1


def test_a_page_asks_few_statements(queue, clock, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        linkage.neighbours(queue[3].pair_id)
    with django_assert_max_num_queries(3):
        linkage.review_progress(actor=STEWARD, clock=clock)
