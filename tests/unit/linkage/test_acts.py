"""Acts over random enterprises: a merge undone is the earlier state, a split leaves no record behind, ids last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Denied
from iindustry.linkage import acts, permissions
from iindustry.linkage.acts import ActKind, ActStatus, MemberRow, Move
from iindustry.linkage.outcome import RecordId, Verdict

NUMBER = "0105558197632"
STEWARD = Actor(Role.STEWARD, person_id="one")


@st.composite
def enterprises(draw, most=4):
    """Rows of one to four enterprises, sorted by record, each with sites of its own; perhaps one has the number."""
    rows = []
    numbered = draw(st.integers(-1, most - 1))
    for place in range(draw(st.integers(1, most))):
        for record in range(draw(st.integers(1, 5))):
            source = draw(st.sampled_from(["diw", "dip", "tisi"]))
            site = draw(st.sampled_from([None, f"EST-{place}A", f"EST-{place}B"])) if source == "diw" else None
            ground, chance = draw(st.sampled_from([("id", 1.0), ("model", 0.99), ("single", None)]))
            rows.append(MemberRow(source, f"{place}.{record}", f"ENT-{place}", site, ground, chance))
        if place == numbered:
            rows.append(MemberRow("dbd", NUMBER, f"ENT-{place}", None, "id", 1.0))
    numbers = {f"ENT-{numbered}": NUMBER} if any(row.source == "dbd" for row in rows) else {}
    return sorted(rows), numbers


@given(enterprises())
def test_a_merge_undone_is_the_earlier_state(world):
    rows, numbers = world
    kept = acts.kept_id(rows, numbers)
    moves = acts.merged(rows, kept)
    assert {move.after.enterprise_id for move in moves} == {kept}
    assert not numbers or kept in numbers, "the id stays with the number"
    back = acts.restored(moves, [move.after for move in moves], {})
    assert [move.after for move in back] == rows
    turned = dict(acts.redirects(moves))
    assert set(turned) == {row.enterprise_id for row in rows} - {kept}
    assert set(turned.values()) <= {kept}
    assert acts.redirects(back) == ()


@given(enterprises(most=1), st.data())
def test_a_split_parts_exactly_what_was_named_and_is_undone_exactly(world, data):
    rows, numbers = world
    if len(rows) < 2:
        return
    going = data.draw(st.sets(st.sampled_from([row.record for row in rows]), min_size=1, max_size=len(rows) - 1))
    moves = acts.parted(rows, frozenset(going), kept="ENT-0", fresh="ENT-NEW", number=numbers.get("ENT-0"))
    sides = {
        side: {move.after.enterprise_id for move in moves if (move.before.record in going) is side}
        for side in (True, False)
    }
    assert all(len(ids) == 1 for ids in sides.values())
    assert sides[True] | sides[False] == {"ENT-0", "ENT-NEW"}
    if numbers:
        official = next(move for move in moves if move.before.source == "dbd")
        assert official.after.enterprise_id == "ENT-0", "the id stays with the number"
    held = {}
    for move in moves:
        if move.after.establishment_id:
            held.setdefault(move.after.establishment_id, set()).add(move.after.enterprise_id)
    assert all(len(owners) == 1 for owners in held.values()), "one establishment has one enterprise"
    assert [move.after for move in acts.restored(moves, [move.after for move in moves], {})] == rows


@given(enterprises())
def test_records_that_came_or_went_since_are_left_where_they_are(world):
    rows, numbers = world
    kept = acts.kept_id(rows, numbers)
    moves = acts.merged(rows, kept)
    came = MemberRow("dip", "new", kept, None, "model", 0.97)
    elsewhere = moves[0].after._replace(enterprise_id="ENT-Z")
    now = [elsewhere, *(move.after for move in moves[1:]), came]
    back = {move.after.record: move.after for move in acts.restored(moves, now, {})}
    assert back[came.record] == came
    assert back[elsewhere.record] == elsewhere
    assert all(back[row.record] == row for row in rows[1:])


def test_an_undone_merge_keeps_the_groups_apart_and_an_undone_split_says_nothing():
    one, two = (MemberRow("dip", key, f"ENT-{key}", None, "single", None) for key in "AB")
    back = [Move(row._replace(enterprise_id="ENT-A"), row) for row in (one, two)]
    (said,) = acts.binding(ActKind.UNDO, back, undoes=ActKind.MERGE, said_in="u")
    assert (said.verdict, said.said_in) == (Verdict.NO_MATCH, "u")
    assert acts.binding(ActKind.UNDO, back, undoes=ActKind.SPLIT) == []
    assert acts.binding(ActKind.UNDO, back, undoes=ActKind.UNDO) == []


def test_a_split_binds_both_sides_as_they_were_left():
    rows = [MemberRow("dip", key, "ENT-A", None, "model", 0.9) for key in "ABCD"]
    moves = acts.parted(
        rows, frozenset({RecordId("dip", "C"), RecordId("dip", "D")}), kept="ENT-A", fresh="ENT-B", number=None
    )
    said = acts.binding(ActKind.SPLIT, moves)
    assert [one.verdict for one in said].count(Verdict.NO_MATCH) == 1
    together = {frozenset((one.left.record_key, one.right.record_key)) for one in said if one.verdict is Verdict.MATCH}
    assert together == {frozenset("AB"), frozenset("CD")}


@pytest.mark.parametrize(
    ("records", "stakes", "needed"),
    [(1, 0.0, False), (acts.RISK_RECORDS - 1, 0.0, False), (acts.RISK_RECORDS, 0.0, True), (1, 1.0, True)],
)
def test_the_risk_line(records, stakes, needed):
    rows = [MemberRow("dip", f"{number}", "ENT-B", None, "id", 1.0) for number in range(records)]
    moves = acts.merged([*rows, MemberRow("dbd", NUMBER, "ENT-A", None, "id", 1.0)], "ENT-A")
    assert acts.needs_second_person(moves, stakes) is needed


@pytest.mark.parametrize("role", sorted(Role))
def test_only_a_steward_reshapes_and_never_approves_an_own_act_above_the_line(role):
    actor = Actor(role, person_id="one")
    if role is not Role.STEWARD:
        with pytest.raises(Denied, match="reshaping-not-yours"):
            permissions.check_decides(actor, asked_by="other", second_person=False)
        return
    permissions.check_decides(actor, asked_by="other", second_person=True)
    permissions.check_decides(actor, asked_by=actor.tag, second_person=False)
    with pytest.raises(Denied, match="act-own-approval"):
        permissions.check_decides(actor, asked_by=actor.tag, second_person=True)


def test_every_kind_and_status_has_words():
    assert set(acts.ACT_WORDS) == set(ActKind)
    assert set(acts.STATUS_WORDS) == set(ActStatus)
