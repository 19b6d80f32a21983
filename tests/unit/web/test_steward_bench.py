"""The pure parts of the bench: bars that add up, bridges that part a cluster, reasons and filters that come back as sent."""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import accumulate
from pathlib import Path
from typing import get_args

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.linkage.comparisons import COMPARISONS, MISSING
from iindustry.linkage.outcome import PRIOR, Ground, Part, Reason, RecordId
from iindustry.linkage.services.viewing import EdgeView, MemberView
from iindustry.reference import areas, factory_types
from iindustry.register import derive
from iindustry.sources.reports import DeliveryReport
from iindustry.web.steward_filters import Filters, filters_of
from iindustry.web.steward_graph import DRAWN_MOST, picture, ties
from iindustry.web.steward_measured import REGIONS
from iindustry.web.steward_quality import registers, shares
from iindustry.web.steward_reasons import WHYS, read, written
from iindustry.web.steward_values import BASIS_WORDS
from iindustry.web.steward_waterfall import WIDTH, waterfall, words_of_level, words_of_step

BITS = st.floats(-12, 20).map(lambda bits: round(bits, 3))


def record(number):
    return RecordId("dbd", f"{number:03}")


def member(number, ground=Ground.MODEL):
    return MemberView(*record(number), ground, 0.99)


def edge(left, right, weight=9.0, probability=0.999):
    return EdgeView(record(left), record(right), weight, probability, Ground.MODEL, {})


# the waterfall


@settings(deadline=None)  # a slow machine is no fault
@given(st.lists(BITS, max_size=8), BITS)
def test_bars_follow_each_other_from_nought_to_the_weight(bits, prior):
    parts = [Part(one.name, one.levels[0].name, value) for one, value in zip(COMPARISONS, bits, strict=False)]
    parts.append(Part(PRIOR, "", prior))
    weight = sum(part.bits for part in parts)
    fall = waterfall(parts, weight)
    assert fall.steps[0].name.en.startswith("Before any evidence")
    assert len(fall.steps) == len(parts), "a step that no part stands for"
    assert all(0 <= float(step.x) <= WIDTH and float(step.x) + float(step.width) <= WIDTH + 1.1 for step in fall.steps)
    ends = [0.0, *accumulate(part.bits for part in [parts[-1], *parts[:-1]])]
    scale = WIDTH / (max(ends) - min(ends)) if max(ends) > min(ends) else 0.0
    for step, before, after in zip(fall.steps, ends, ends[1:], strict=False):
        if step.kind == "none":
            continue
        assert step.kind == ("for" if after > before else "against")
        start = float(step.x) if after > before else float(step.x) + float(step.width)
        assert start == pytest.approx((before - min(ends)) * scale, abs=1.1), (
            "the bar does not begin where the last ended"
        )


def test_what_the_parts_do_not_explain_is_a_step_of_its_own():
    fall = waterfall([Part("name", "whole", 8.0)], 6.5)
    assert [step.bits for step in fall.steps] == ["+8.0", "–1.5"]
    assert fall.steps[1].name.en == "Not shown apart"
    assert fall.total.bits == "+6.5"
    assert waterfall([], 6.5) is None


def test_every_comparison_and_level_of_the_model_has_words():
    for one in COMPARISONS:
        assert words_of_step(one.name).th == one.th
        assert all(words_of_level(one.name, level.name) for level in one.levels)
        assert words_of_level(one.name, MISSING)
    assert words_of_level(PRIOR, "") is None


# the cluster


def test_bridges_come_first_and_name_the_smaller_side():
    members = [member(n) for n in (1, 2, 3, 4, 5)]
    edges = [edge(1, 2, 3.0), edge(2, 3, 9.0), edge(1, 3, 8.0), edge(3, 4, 7.0), edge(4, 5, 12.0)]
    found = ties(members, edges)
    assert [(tie.edge.left[1], tie.edge.right[1], sorted(one[1] for one in tie.far)) for tie in found] == [
        ("003", "004", ["004", "005"]),
        ("004", "005", ["005"]),
        ("001", "002", []),
        ("001", "003", []),
        ("002", "003", []),
    ]


def test_an_equal_number_holds_where_an_edge_would_part():
    members = [member(1, Ground.ID), member(2), member(3, Ground.ID)]
    assert not any(tie.is_bridge for tie in ties(members, [edge(1, 2), edge(2, 3)]))


@settings(deadline=None)  # a slow machine is no fault
@given(st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]), max_size=16))
def test_cutting_a_bridge_parts_exactly_its_far_side(pairs):
    edges = [edge(*pair) for pair in sorted(pairs)]
    for tie in ties([member(n) for n in range(9)], edges):
        crossing = [one for one in edges if (one.left in tie.far) != (one.right in tie.far)]
        assert crossing == ([tie.edge] if tie.is_bridge else [])


def test_a_picture_is_for_few_and_keeps_within_its_frame():
    members = [member(n) for n in range(DRAWN_MOST)]
    drawn = picture(members, [edge(0, 1, 30.0), edge(1, 2, -4.0, 0.5)])
    assert len(drawn.dots) == DRAWN_MOST
    assert [one.kind for one in drawn.strokes] == ["strong", "weak"]
    assert all(0 < float(dot.x) < 640 and 0 < float(dot.y) < 400 for dot in drawn.dots)
    assert picture([*members, member(99)], []) is None
    assert picture(members[:1], []) is None


# reasons and filters


def test_each_reason_has_its_own_digit_and_comes_back_as_sent():
    assert [why.digit for why in WHYS] == list("123456")
    for why in WHYS:
        assert read(written(why.key, " คำอธิบาย ")) == (why, "คำอธิบาย")
        assert read(written(why.key, "")) == (why, "")
    assert read(written("no-such-key", "คำของท่าน: ต่อ")) == (None, "คำของท่าน: ต่อ")
    assert written("", "  ") == ""


@settings(deadline=None)  # a slow machine is no fault
@given(
    st.builds(
        Filters,
        st.none() | st.sampled_from(list(Reason)),
        st.none() | st.tuples(st.sampled_from(["dbd", "diw", "dip"]), st.sampled_from(["tisi", "green"])),
        st.none() | st.sampled_from(["10", "49"]),
    )
)
def test_filters_come_back_from_their_address(chosen):
    assert filters_of(QueryDict(chosen.query.removeprefix("?"))) == chosen
    assert bool(chosen) == bool(chosen.query)
    assert filters_of(QueryDict(chosen.without("province").removeprefix("?"))).province is None


def test_shares_have_intervals_and_what_was_not_measured_is_none():
    told = shares({"precision": 0.99, "recall": 0.9, "hidden_pairs": 1000})
    for one in told:
        low, high = one.interval
        assert low < one.value < high
    assert [one.value for one in shares({})] == [None, None]
    assert [one.interval for one in shares({"precision": None, "recall": None})] == [None, None]


def test_every_province_lies_in_a_region_that_has_words():
    assert {one.code[0] for one in areas.PROVINCES} <= set(REGIONS)


# what the pages say of data


CLASSED = frozenset(derive.size.document()["gives"]["enterprise.size_class"]["ladder"]["upto"])
"""Sectors: what is worked out, and no way of doing it."""


def test_every_way_of_working_a_value_out_has_words():
    text = Path(derive.__file__).read_text(encoding="utf-8")
    bases = {
        found.replace("{SIZE_RULE}", derive.SIZE_RULE) for found in re.findall(r'pl\.lit\(f?"([a-z{][^"]*)"\)', text)
    }
    bases = {one for one in bases if not one.startswith("{") and one not in CLASSED} | set(
        get_args(factory_types.Basis)
    )
    assert bases
    assert bases <= set(BASIS_WORDS)
    assert all(words.th and words.en for words in BASIS_WORDS.values())


def test_a_mended_row_counts_once():
    first = report("dip-1", rows=4, accepted=1, mends=None)
    mended = report("dip-2", rows=3, accepted=2, mends="dip-1")
    again = report("dip-3", rows=1, accepted=1, mends="dip-1")
    [row] = registers([again, mended, first], {})
    assert (row.rows, row.accepted, row.share) == (4, 4, 1.0)


def report(delivery_id, **more):
    told = dict.fromkeys(one.name for one in fields(DeliveryReport)) | {"delivery_id": delivery_id, "source": "dip"}
    return DeliveryReport(**told | more)
