"""Merge, split and undo, carried to the register: exact, refused by name, by two persons above the risk line, and lasting."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime

import polars as pl
import pytest
from django.conf import settings
from made_country import make, publish_country

from iindustry.flows import reshaping
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.kernel.home import current_version
from iindustry.ledger import services as ledger
from iindustry.linkage import services as linkage
from iindustry.linkage.acts import ActStatus
from iindustry.linkage.models import LinkAct, Redirect
from iindustry.linkage.outcome import RecordId, Verdict, pair_of
from iindustry.register import services as register

pytestmark = pytest.mark.django_db
_NOON = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
MAKER = Actor(Role.STEWARD, person_id="maker", organisation="oie")
CHECKER = Actor(Role.STEWARD, person_id="checker", organisation="oie")


@pytest.fixture(scope="module")
def country():
    return make(60, seed=11)


@pytest.fixture(autouse=True)
def own_home(home, monkeypatch):
    monkeypatch.setattr(settings, "HOME", home)


@pytest.fixture
def run(country, home, clock, monkeypatch):
    """A full run over the same records, published; again whenever it is called."""
    return publish_country(country, home, clock, monkeypatch)


@pytest.fixture
def world(run, home):
    run()

    def now():
        members = pl.read_parquet(home.register / current_version(home) / "members.parquet")
        return members, dict(Redirect.objects.values_list("old_id", "new_id"))

    return now


@pytest.fixture
def act(home, clock, django_capture_on_commit_callbacks):
    def do(name, *given, actor=MAKER, **named):
        if name != "approve":
            named.setdefault("reason", "เห็นเอกสารแล้ว")
        with django_capture_on_commit_callbacks(execute=True):
            return getattr(reshaping, name)(*given, actor=actor, home=home, clock=clock, **named)

    return do


def mergeable(members, home, count=2, seed=0):
    """Enterprises of which at most one has a number."""
    held = pl.read_parquet(home.register / current_version(home) / "enterprises.parquet")
    numbered = held.filter(pl.col("juristic_id").is_not_null())["enterprise_id"].sort().to_list()
    bare = held.filter(pl.col("juristic_id").is_null())["enterprise_id"].sort().to_list()
    chance = random.Random(seed)
    return [chance.choice(numbered), *chance.sample(bare, count - 1)]


def golden(home):
    """Every enterprise with its values, by id."""
    return pl.read_parquet(home.register / current_version(home) / "enterprises.parquet").sort("enterprise_id")


def ids_of(members):
    return {
        (source, key): id_ for source, key, id_ in members.select("source", "record_key", "enterprise_id").iter_rows()
    }


def together(members):
    """The partition of records, whatever its ids."""
    grouped = members.group_by("enterprise_id").agg(pl.struct("source", "record_key").sort())
    return {tuple((one["source"], one["record_key"]) for one in row) for row in grouped["source"].to_list()}


@pytest.mark.parametrize("seed", range(4))
def test_merge_then_undo_is_the_earlier_state_and_no_run_joins_them_again(world, act, run, home, seed):
    members, redirects = world()
    before = golden(home)
    chosen = mergeable(members, home, 2 + seed % 2, seed)
    done = act("merge", chosen)
    assert done.status == ActStatus.DONE
    merged, turned = world()
    assert merged.filter(pl.col("enterprise_id").is_in(chosen))["enterprise_id"].n_unique() == 1
    assert {turned[one] for one in chosen[1:]} == set(done.enterprises) == {chosen[0]}
    assert register.get_enterprise(chosen[1]).enterprise_id == chosen[0]
    assert act("undo", done.act_id).status == ActStatus.UNDONE
    again, back = world()
    assert again.equals(members)
    assert back == redirects
    assert golden(home).equals(before)
    run()
    assert ids_of(world()[0]) == ids_of(members)
    assert {one.enterprise_id for one in map(register.get_enterprise, chosen)} == set(chosen)


def test_a_merge_holds_after_the_next_run_and_so_does_a_split(world, act, run, home):
    members, _ = world()
    chosen = mergeable(members, home, 3, seed=5)
    act("merge", chosen)
    run()
    merged, _ = world()
    assert set(merged.filter(pl.col("enterprise_id").is_in(chosen))["enterprise_id"]) == {chosen[0]}
    largest, _ = Counter(merged["enterprise_id"]).most_common(1)[0]
    records = [row.record for row in _rows(merged, largest)]
    done = act("split", largest, records[-1:])
    parted, _ = world()
    run()
    assert together(world()[0]) == together(parted)
    assert len(done.enterprises) == 2 and largest in done.enterprises


def _rows(members, enterprise_id):
    from iindustry.linkage.acts import MemberRow

    rows = (
        members.filter(pl.col("enterprise_id") == enterprise_id).select(MemberRow._fields).sort("source", "record_key")
    )
    return [MemberRow(*row) for row in rows.iter_rows()]


def test_split_then_undo_puts_the_records_back_and_the_new_id_still_leads_there(world, act, run):
    members, _ = world()
    largest, _ = Counter(members["enterprise_id"]).most_common(1)[0]
    going = [_rows(members, largest)[-1].record]
    done = act("split", largest, going)
    (fresh,) = set(done.enterprises) - {largest}
    assert register.get_enterprise(fresh).records[0].record_key == going[0].record_key
    act("undo", done.act_id)
    again, turned = world()
    assert again.equals(members)
    assert turned[fresh] == largest, "an id that was given out leads somewhere for ever"
    run()
    assert ids_of(world()[0]) == ids_of(members)


def test_an_undone_merge_may_be_done_again_only_by_undoing_the_undoing(world, act, home):
    members, _ = world()
    chosen = mergeable(members, home, 2, seed=3)
    first = act("merge", chosen)
    merged = world()
    undoing = act("undo", first.act_id)
    with pytest.raises(Conflict, match="act-contradicts") as refused:
        act("merge", chosen)
    assert refused.value.facts["by"] == undoing.act_id
    act("undo", undoing.act_id)
    assert world()[0].equals(merged[0]) and world()[1] == merged[1]
    assert linkage.get_act(first.act_id).status is ActStatus.DONE


def test_what_a_later_act_stands_on_is_not_undone_and_that_act_is_named(world, act, home, clock):
    members, _ = world()
    one, two, three = mergeable(members, home, 3, seed=7)
    first = act("merge", [one, two])
    second = act("merge", [one, three])
    assert linkage.preview_undo(first.act_id).refused_by == second.act_id
    with pytest.raises(Conflict, match="act-stands-on") as refused:
        act("undo", first.act_id)
    assert refused.value.facts["by"] == second.act_id
    act("undo", second.act_id)
    left, right = _rows(members, one)[0].record, _rows(members, two)[0].record
    said = linkage.judge(pair_of(left, right), Verdict.MATCH, "", actor=CHECKER, clock=clock)
    assert linkage.preview_undo(first.act_id).refused_by == str(said)
    linkage.withdraw_judgement(said, actor=CHECKER, clock=clock)
    act("undo", first.act_id)
    assert world()[0].equals(members)


def test_a_judgement_against_an_act_is_refused_by_naming_the_act(world, act, home, clock):
    members, _ = world()
    one, two = mergeable(members, home, 2, seed=9)
    done = act("merge", [one, two])
    pair = pair_of(_rows(members, one)[0].record, _rows(members, two)[0].record)
    with pytest.raises(Conflict, match="judgement-contradicts") as refused:
        linkage.judge(pair, Verdict.NO_MATCH, "คนละราย", actor=MAKER, clock=clock)
    assert refused.value.facts["judgement"] == done.act_id


def test_above_the_risk_line_a_second_person_decides_and_never_the_asker(world, act, home, monkeypatch):
    members, _ = world()
    chosen = mergeable(members, home, 2, seed=2)
    monkeypatch.setattr(reshaping, "stakes_of", lambda ids, *, home: 1.0)
    waiting = act("merge", chosen)
    assert waiting.status == ActStatus.PROPOSED
    assert world()[0].equals(members)
    with pytest.raises(Denied, match="act-own-approval"):
        act("approve", waiting.act_id)
    done = act("approve", waiting.act_id, actor=CHECKER)
    assert (
        done.status == ActStatus.DONE and world()[0].n_unique("enterprise_id") == members.n_unique("enterprise_id") - 1
    )
    view = linkage.get_act(waiting.act_id)
    assert (view.asked_by, view.decided_by) == ("maker", "checker")
    with pytest.raises(Conflict, match="act-not-proposed"):
        act("approve", waiting.act_id, actor=CHECKER)


def test_open_applications_are_at_stake(home, monkeypatch):
    from iindustry.funding.snapshot import SCHEMA

    rows = [dict.fromkeys(SCHEMA) | {"enterprise_id": id_, "sent_at": sent, "decision": said} for id_, sent, said in (
        ("ENT-A", _NOON, None), ("ENT-A", _NOON, "declined"), ("ENT-A", None, None), ("ENT-B", _NOON, "approved"))]  # fmt: skip
    path = home.root / "live.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, schema=SCHEMA).write_parquet(path)
    monkeypatch.setattr(reshaping.funding, "write_snapshot", lambda *, home: path)
    assert reshaping.stakes_of(["ENT-A"], home=home) == 1
    assert reshaping.stakes_of(["ENT-A", "ENT-B"], home=home) == 2
    assert reshaping.stakes_of(["ENT-C"], home=home) == 0


def test_refusals_say_what_is_wrong_and_nothing_is_written(world, act, home):
    members, _ = world()
    held = pl.read_parquet(home.register / current_version(home) / "enterprises.parquet")
    one, two = held.filter(pl.col("juristic_id").is_not_null())["enterprise_id"].sort().to_list()[:2]
    for given, error, code in (
        (("merge", [one, two]), Conflict, "merge-two-numbers"),
        (("merge", [one, one]), Rejected, "merge-needs-two"),
        (("merge", [one, "ENT-0000000000"]), NotFound, "enterprise-unknown"),
        (("split", one, []), Rejected, "split-needs-both"),
        (("split", one, [row.record for row in _rows(members, one)]), Rejected, "split-needs-both"),
        (("split", one, [RecordId("dbd", "x")]), Rejected, "split-needs-both"),
        (("undo", "00000000-0000-7000-8000-000000000000"), NotFound, "act-unknown"),
    ):
        with pytest.raises(error, match=code):
            act(*given)
    with pytest.raises(Rejected, match="act-reason-missing"):
        act("merge", mergeable(members, home), reason="  ")
    with pytest.raises(Denied, match="reshaping-not-yours"):
        act("merge", mergeable(members, home), actor=Actor(Role.ANALYST, person_id="a"))
    assert not LinkAct.objects.exists()
    assert world()[0].equals(members)


def test_acts_are_listed_with_their_enterprises_and_stand_in_the_ledger(world, act, home):
    members, _ = world()
    chosen = mergeable(members, home, 2, seed=4)
    done = act("merge", chosen)
    (view,) = linkage.list_acts(chosen[1], limit=5)
    assert view.act_id == done.act_id and set(view.enterprises) == set(chosen) and view.version == done.version
    assert [one.kind for one in ledger.list_entries(kind="steward.acted", limit=5)] == ["steward.acted"] * 2
    shown = linkage.cluster_of(chosen[1])
    assert shown.enterprise_id == chosen[0] and shown.member_count == len(_rows(world()[0], chosen[0]))
