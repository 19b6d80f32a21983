"""Answers of stewards: recorded with a ledger entry, binding, withdrawn but never deleted, and without contradiction."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.ledger import services as ledger
from iindustry.linkage import services as linkage
from iindustry.linkage.models import Judgement as Row
from iindustry.linkage.models import Redirect
from iindustry.linkage.outcome import Judgement, Reason, RecordId, Verdict, pair_of
from iindustry.linkage.services import link

pytestmark = pytest.mark.django_db
STEWARD = Actor(Role.STEWARD, person_id="s1", organisation="oie")
A, B, C = (RecordId("diw", key) for key in "ABC")


@pytest.fixture(autouse=True)
def own_home(home, monkeypatch):
    monkeypatch.setattr(settings, "HOME", home)


@pytest.fixture(scope="module")
def linked():
    from country import make

    return link(make(200, seed=4).records)


@pytest.fixture
def recorded(linked):
    with transaction.atomic():
        linkage.record_run(linked, version="r1")
    return linked


@pytest.fixture
def judge(clock):
    def run(one, other, verdict, reason="เห็นว่าใช่"):
        return linkage.judge(pair_of(one, other), verdict, reason, actor=STEWARD, clock=clock)

    return run


def test_the_queue_is_ordered_and_an_answer_leaves_it(recorded, clock):
    items = linkage.list_review(limit=500)
    assert len(items) == recorded.review.height == sum(linkage.count_review().values())
    assert [item.left.record_key for item in items[:5]] == recorded.review["left_key"].head(5).to_list()
    linkage.judge(items[0].pair_id, Verdict.MATCH, "", actor=STEWARD, clock=clock)
    assert linkage.find_pair(items[0].pair_id).verdict is Verdict.MATCH
    assert items[0].pair_id not in {item.pair_id for item in linkage.list_review(limit=500)}
    assert [item.pair_id for item in linkage.list_review(limit=5, judged=True)] == [items[0].pair_id]
    assert linkage.judgements_in_force() == [Judgement(items[0].left, items[0].right, Verdict.MATCH)]
    assert [entry.kind for entry in ledger.list_entries(limit=5)] == ["pair.judged"]


def test_pairs_keep_their_address_from_run_to_run(recorded, linked):
    before = {item.pair_id for item in linkage.list_review(limit=500)}
    with transaction.atomic():
        linkage.record_run(linked, version="r2")
    assert {item.pair_id for item in linkage.list_review(limit=500)} == before


def test_a_run_is_recorded_only_inside_a_publication(linked, transactional_db):
    with pytest.raises(RuntimeError):
        linkage.record_run(linked, version="r1")


def test_a_later_answer_withdraws_the_earlier(judge, clock):
    judge(A, B, Verdict.MATCH)
    judge(A, B, Verdict.NO_MATCH)
    assert linkage.judgements_in_force() == [Judgement(A, B, Verdict.NO_MATCH)]
    assert Row.objects.count() == 2
    linkage.withdraw_judgement(pair_of(B, A), actor=STEWARD, clock=clock)
    assert linkage.judgements_in_force() == [Judgement(A, B, Verdict.MATCH)], "the one that it replaced"
    linkage.withdraw_judgement(pair_of(B, A), actor=STEWARD, clock=clock)
    assert linkage.judgements_in_force() == []
    with pytest.raises(NotFound, match="judgement-unknown"):
        linkage.withdraw_judgement(pair_of(B, A), actor=STEWARD, clock=clock)


def test_what_contradicts_is_refused_by_naming_the_earlier(judge):
    judge(A, B, Verdict.MATCH)
    judge(B, C, Verdict.MATCH)
    with pytest.raises(Conflict, match="judgement-contradicts"):
        judge(A, C, Verdict.NO_MATCH)
    judge(B, C, Verdict.NO_MATCH)
    with pytest.raises(Conflict, match="judgement-contradicts"):
        judge(A, C, Verdict.MATCH)


def test_unsure_binds_nothing(judge):
    judge(A, B, Verdict.UNSURE, reason="")
    assert linkage.judgements_in_force() == []


@pytest.mark.parametrize("role", [Role.OWNER, Role.BANK_OFFICER, Role.AGENCY_OFFICER, Role.ANALYST, Role.AUDITOR])
def test_only_a_steward_judges(role, clock):
    with pytest.raises(Denied, match="judging-not-yours"):
        linkage.judge(pair_of(A, B), Verdict.MATCH, "", actor=Actor(role, person_id="x"), clock=clock)


def test_no_match_needs_a_reason_and_a_pair_must_be_there(judge, clock):
    with pytest.raises(Rejected, match="judgement-reason-missing"):
        judge(A, B, Verdict.NO_MATCH, reason=" ")
    for absent in ("not-a-uuid", "00000000-0000-7000-8000-000000000000"):
        with pytest.raises(NotFound, match="pair-unknown"):
            linkage.judge(absent, Verdict.MATCH, "", actor=STEWARD, clock=clock)


def test_a_redirect_stays_one_hop(linked):
    from dataclasses import replace

    import polars as pl

    def redirect(old, new):
        return replace(linked, redirects=pl.DataFrame({"old_id": [old], "new_id": [new]}))

    with transaction.atomic():
        linkage.record_run(redirect("ENT-1", "ENT-2"), version="r1")
        linkage.record_run(redirect("ENT-2", "ENT-3"), version="r2")
    assert linkage.redirected("ENT-1") == linkage.redirected("ENT-2") == "ENT-3"
    assert Redirect.objects.count() == 2


def test_reasons_of_the_queue_are_known(recorded):
    assert set(recorded.review["reason"]) <= set(Reason)


def test_a_wrong_key_on_an_answered_pair_loses_nothing_when_undone(judge, clock):
    judge(A, B, Verdict.NO_MATCH, "คนละกิจการ")
    wrong = judge(A, B, Verdict.MATCH)
    assert [one.verdict for one in linkage.judgements_in_force()] == [Verdict.MATCH]
    linkage.withdraw_judgement(wrong, actor=STEWARD, clock=clock)
    assert linkage.judgements_in_force() == [Judgement(A, B, Verdict.NO_MATCH)]
    (again,) = Row.objects.filter(withdrawn_at=None)
    assert (again.reason, again.replaced_by) == ("คนละกิจการ", None)
    linkage.withdraw_judgement(pair_of(A, B), actor=STEWARD, clock=clock)
    assert linkage.judgements_in_force() == []


def test_an_earlier_answer_that_no_longer_fits_does_not_come_back_unseen(judge, clock):
    judge(A, B, Verdict.NO_MATCH, "คนละกิจการ")
    later = judge(A, B, Verdict.UNSURE)
    judge(A, C, Verdict.MATCH)
    judge(B, C, Verdict.MATCH)
    with pytest.raises(Conflict) as refused:
        linkage.withdraw_judgement(later, actor=STEWARD, clock=clock)
    assert refused.value.code == "judgement-contradicts"
    assert len(linkage.judgements_in_force()) == 2
