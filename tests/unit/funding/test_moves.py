"""The table of moves is complete, ends, and is the same as the page printed from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.funding import moves
from iindustry.funding.moves import FINAL, STEPS, Side, Status, Step, after, may, turn_of
from iindustry.kernel.errors import Conflict, Denied

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize("status", Status)
def test_every_status_has_an_owner_or_is_final(status):
    ways_out = {step for now, step in STEPS if now is status}
    assert status in moves.TURN
    assert bool(ways_out) is (turn_of(status) is not None)


@pytest.mark.parametrize("status", [one for one in Status if one not in FINAL])
def test_whose_turn_it_is_can_act(status):
    assert any(side is turn_of(status) for (now, _), (side, _) in STEPS.items() if now is status)


@pytest.mark.parametrize("status", [Status.SENT, Status.SCREENING, Status.PAPERS_ASKED, Status.ANALYSIS])
def test_every_undecided_status_can_be_refused_and_withdrawn(status):
    assert after(status, Step.DECLINE, by=Side.LENDER) is Status.DECLINED
    assert after(status, Step.WITHDRAW, by=Side.ENTERPRISE) is Status.WITHDRAWN


def test_every_word_is_written_in_both_languages():
    for table in (moves.STATUS_WORDS, moves.STEP_WORDS, moves.SIDE_WORDS):
        kinds = set(type(next(iter(table))))  # every member of the enum
        assert set(table) == kinds
        assert all(th.strip() and en.strip() for th, en in table.values())
    assert set(moves.STATUS_COLOUR) == set(Status)


@given(st.sampled_from(Status), st.sampled_from(Step), st.sampled_from(Side))
def test_after_and_may_agree(now, step, side):
    try:
        after(now, step, by=side)
    except (Conflict, Denied):
        assert not may(now, step, by=side)
    else:
        assert may(now, step, by=side)


@given(st.lists(st.tuples(st.sampled_from(Step), st.sampled_from(Side)), max_size=30))
def test_no_walk_leaves_a_final_status_or_decides_twice(walk):
    now, decided = Status.DRAFT, 0
    for step, side in walk:
        if not may(now, step, by=side):
            continue
        assert now not in FINAL
        decided += step in {Step.APPROVE, Step.DECLINE}
        now = after(now, step, by=side)
    assert decided <= 1


def test_another_side_is_told_whose_turn_it_is():
    with pytest.raises(Denied) as refusal:
        after(Status.SENT, Step.APPROVE, by=Side.ENTERPRISE)
    assert refusal.value.code == "not-your-turn"
    assert refusal.value.facts["turn"] == "lender"


def test_the_page_is_printed_from_the_table():
    assert (DOCS / "funding-moves.md").read_text(encoding="utf-8") == moves.page(), "print docs/funding-moves.md anew"
