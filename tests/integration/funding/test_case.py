"""One application from start to payment, on a real PostgreSQL."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
from funding_world import AGREED, ANSWERS, OURS, Message

from iindustry.funding import services as funding
from iindustry.funding.models import ApplicationRow, DecisionRow, DisbursementRow, EventRow
from iindustry.funding.moves import Side, Status
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.kernel.ids import new_id
from iindustry.ledger import services as ledger
from iindustry.protection import services as protection

PDF = b"%PDF-1.7\nmade up\n"


def kinds(subject=OURS):
    return [entry.kind for entry in ledger.list_entries(subject=subject, limit=100)]


def hand_in(world, paper, content=PDF, name="plan.pdf", actor=None):
    return funding.supply_paper(
        paper.id, io.BytesIO(content), filename=name, size_bytes=len(content), home=world.home, **world.how(actor or world.owner)
    )  # fmt: skip


def test_the_whole_story_of_one_loan(world):
    case = world.sent()
    assert (case.status, case.turn) == (Status.SENT, Side.LENDER)
    funding.claim(case.id, actor=world.smed, clock=world.clock)
    due = world.clock.today() + timedelta(days=7)
    funding.ask_paper(case.id, "investment_plan", words="ขอแผน 1 หน้า", due_on=due, **world.how(world.smed))
    [(_, asked)] = funding.list_open_papers(actor=world.owner)
    assert hand_in(world, asked).status is Status.ANALYSIS
    funding.approve(
        case.id, amount_satang=120_000_000, tenor_months=60, rate_words="3 %", conditions="", **world.how(world.smed)
    )
    half = funding.disburse(case.id, amount_satang=60_000_000, paid_on=world.clock.today(), **world.how(world.smed))
    assert half.status is Status.CONTRACTED
    whole = funding.disburse(case.id, amount_satang=60_000_000, paid_on=world.clock.today(), **world.how(world.smed))
    assert (whole.status, whole.closed_at) == (Status.DISBURSED, world.clock.now())
    assert [one.step for one in funding.timeline(case.id, actor=world.owner)] == [
        "start", "send", "claim", "ask_paper", "supply_paper", "approve", "disburse_part", "disburse_all",
    ]  # fmt: skip
    written = kinds()
    for step in ("start", "send", "claim", "ask-paper", "supply-paper", "approve", "disburse-part", "disburse-all"):
        assert written.count(f"application.{step}") == 1
    assert not protection.get_consent(case.consent_id, actor=world.owner, clock=world.clock).is_live(world.clock.now())
    assert [kind for kind, _ in world.told if kind.startswith("application")] == [
        "application.submitted", "application.documents-added",
    ]  # fmt: skip


def test_four_fifths_of_the_form_come_from_the_registers_where_they_know_the_firm(world):
    form = funding.form_of(world.draft().id, actor=world.owner)
    assert len(form.typed) <= 10
    assert form.missing == ()
    assert form.prefilled_ratio == len(form.prefilled) / (len(form.prefilled) + len(form.typed))
    assert {one.field for one in form.prefilled} >= {"entity.name_th", "factory.horsepower", "standard.licences"}
    assert "factory_licence" in form.spared


def test_starting_twice_opens_the_same_application(world):
    first = funding.start("SMED-D-LOCAL", actor=world.owner, clock=world.clock)
    assert funding.start("SMED-D-LOCAL", actor=world.owner, clock=world.clock).id == first.id
    assert funding.start("EXIM-D-EXPORT", actor=world.owner, clock=world.clock).id != first.id
    assert first.reference.count("-") == 2


def test_sending_twice_gives_the_same_application_and_one_consent(world):
    draft, key = world.draft(), new_id()
    first = funding.send(draft.id, consent_fields=AGREED, key=key, version=draft.version, **world.how(world.owner))
    again = funding.send(draft.id, consent_fields=AGREED, key=key, version=draft.version, **world.how(world.owner))
    assert again == first
    assert len(protection.list_consents(application_id=first.id)) == 1
    assert [kind for kind, _ in world.told].count("application.submitted") == 1


def test_an_unfinished_form_is_not_sent_and_nothing_is_given(world):
    draft = funding.start("SMED-D-LOCAL", actor=world.owner, clock=world.clock)
    with pytest.raises(Rejected) as refusal:
        funding.send(draft.id, consent_fields=AGREED, **world.how(world.owner))
    assert refusal.value.code == "answers-missing"
    assert "amount_satang" in refusal.value.facts["fields"]
    assert protection.list_consents(application_id=draft.id) == []


def test_without_a_tick_nothing_is_sent(world):
    with pytest.raises(Rejected) as refusal:
        funding.send(world.draft().id, consent_fields=frozenset(), **world.how(world.owner))
    assert refusal.value.code == "consent-fields-none"


def test_a_field_outside_the_agreement_sends_nothing(world):
    draft = world.draft()
    with pytest.raises(Rejected):
        funding.send(draft.id, consent_fields=AGREED | {"person.phone"}, **world.how(world.owner))
    assert funding.get_application(draft.id, actor=world.owner).status is Status.DRAFT


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_satang": "11,000,000"}, "amount-outside-product"),
        ({"tenor_months": "180"}, "tenor-outside-product"),
        ({"use_code": "export"}, "use-outside-product"),
    ],
)
def test_what_the_product_cannot_give_is_said_before_sending(world, change, code):
    draft = world.draft()
    funding.save_answers(draft.id, change, actor=world.owner, clock=world.clock)
    with pytest.raises(Rejected) as refusal:
        funding.send(draft.id, consent_fields=AGREED, **world.how(world.owner))
    assert refusal.value.code == code


def test_a_wrong_answer_keeps_what_was_there(world):
    draft = world.draft()
    with pytest.raises(Rejected) as refusal:
        funding.save_answers(draft.id, {"tenor_months": "soon"}, actor=world.owner, clock=world.clock)
    assert refusal.value.facts["fields"] == {"tenor_months": "answer-not-a-number"}
    assert funding.get_application(draft.id, actor=world.owner).answers["tenor_months"] == int(ANSWERS["tenor_months"])


def test_the_frozen_dossier_holds_what_was_agreed_and_no_more(world):
    case = world.sent()
    row = ApplicationRow.objects.get(id=case.id)
    document = json.loads(bytes(row.dossier))
    assert {one["field"] for one in document["values"]} == AGREED
    assert (row.typed_count, row.prefilled_count) == (len(ANSWERS), len(AGREED))


def test_a_later_change_of_the_register_does_not_change_what_was_sent(world, monkeypatch):
    case = world.sent()
    monkeypatch.setattr("iindustry.register.services.get_enterprise", lambda _: pytest.fail("asked the register anew"))
    view = funding.view_dossier(case.id, actor=world.smed, clock=world.clock)
    assert view.fields["entity.revenue_satang"][0].value == 4_200_000_000


def test_the_officer_sees_exactly_what_was_agreed_and_leaves_a_trace(world):
    case = world.sent()
    view = funding.view_dossier(case.id, actor=world.smed, clock=world.clock)
    assert set(view.fields) == AGREED
    assert view.declared["amount_satang"] == 150_000_000
    [seen] = protection.list_disclosures(OURS, limit=10)
    assert (seen.organisation, set(seen.fields)) == ("smed", AGREED)


def test_a_withdrawn_consent_closes_the_dossier_at_once(world):
    case = world.sent()
    protection.withdraw_consent(case.consent_id, actor=world.owner, clock=world.clock)
    with pytest.raises(Denied) as refusal:
        funding.view_dossier(case.id, actor=world.smed, clock=world.clock)
    assert refusal.value.code == "consent-revoked"


def test_a_desk_opens_a_case_and_its_dossier_in_one_reading(world, django_assert_max_num_queries):
    case = world.sent()
    funding.ask_paper(case.id, "accounts", words="", due_on=date(2026, 12, 20), **world.how(world.smed))
    # case, events, papers, payments; consent, authority, agreement; entry, look; locks
    with django_assert_max_num_queries(12):
        opened = funding.open_case(case.id, actor=world.smed, clock=world.clock)
    assert opened.case == funding.get_case(case.id, actor=world.smed)
    assert (opened.refusal, set(opened.dossier.fields)) == (None, AGREED)
    consent = protection.get_consent(case.consent_id, actor=world.owner, clock=world.clock)
    assert (opened.dossier.until, consent.uses) == (consent.expires_at, 1)
    assert len(protection.list_disclosures(OURS, limit=10)) == 1


def test_a_closed_dossier_leaves_the_case_open_to_its_desk_and_the_refusal_written(world):
    case = world.sent()
    protection.withdraw_consent(case.consent_id, actor=world.owner, clock=world.clock)
    opened = funding.open_case(case.id, actor=world.smed, clock=world.clock)
    assert (opened.case.application.id, opened.dossier, opened.refusal.code) == (case.id, None, "consent-revoked")
    assert kinds().count("exchange.refused") == 1
    with pytest.raises(NotFound):
        funding.open_case(case.id, actor=world.exim, clock=world.clock)
    with pytest.raises(NotFound):
        funding.open_case(case.id, actor=world.owner, clock=world.clock)


def test_a_decision_and_payments_come_with_the_case(world):
    case = world.sent()
    funding.approve(case.id, amount_satang=100, tenor_months=12, **world.how(world.smed))
    funding.disburse(case.id, amount_satang=40, paid_on=world.clock.today(), **world.how(world.smed))
    found = funding.get_case(case.id, actor=world.owner)
    assert (found.decision.amount_satang, [one.amount_satang for one in found.disbursements]) == (100, [40])


def test_the_other_bank_and_the_other_owner_know_of_nothing(world):
    case, absent = world.sent(), new_id()
    for actor in (world.exim, world.exim_system, world.other_owner):
        for asked in (case.id, absent):
            with pytest.raises(NotFound) as refusal:
                funding.get_application(asked, actor=actor)
            assert (refusal.value.code, refusal.value.facts) == ("application-unknown", {})
    for act in (
        lambda: funding.view_dossier(case.id, actor=world.exim, clock=world.clock),
        lambda: funding.claim(case.id, actor=world.exim, clock=world.clock),
        lambda: funding.approve(case.id, amount_satang=1, tenor_months=1, **world.how(world.exim)),
        lambda: funding.decline(case.id, reason_codes=["R1"], **world.how(world.exim)),
        lambda: funding.disburse(case.id, amount_satang=1, paid_on=world.clock.today(), **world.how(world.exim)),
        lambda: funding.withdraw(case.id, **world.how(world.other_owner)),
    ):
        with pytest.raises(NotFound):
            act()
    assert funding.list_for_lender(actor=world.exim) == []
    assert [one.id for one in funding.list_for_lender(actor=world.smed)] == [case.id]


def test_a_draft_is_the_owners_alone(world):
    draft = world.draft()
    with pytest.raises(NotFound):
        funding.get_application(draft.id, actor=world.smed)


def test_a_lender_cannot_send_and_an_owner_cannot_decide(world):
    case = world.sent()
    with pytest.raises(Denied):
        funding.approve(case.id, amount_satang=1, tenor_months=1, **world.how(world.owner))
    with pytest.raises(Denied):
        funding.withdraw(case.id, **world.how(world.smed))


def test_two_officers_do_not_take_up_one_case(world):
    case = world.sent()
    funding.claim(case.id, actor=world.smed, clock=world.clock)
    assert funding.claim(case.id, actor=world.smed, clock=world.clock).officer_id == world.smed.person_id
    with pytest.raises(Conflict) as refusal:
        funding.claim(case.id, actor=world.smed_two, clock=world.clock)
    assert refusal.value.code == "claimed-by-another"


def test_what_changed_meanwhile_is_not_overwritten(world):
    case = world.sent()
    funding.claim(case.id, actor=world.smed, clock=world.clock)
    with pytest.raises(Conflict) as refusal:
        funding.decline(case.id, reason_codes=["R2"], version=case.version, **world.how(world.smed_two))
    assert refusal.value.code == "changed-meanwhile"
    assert not DecisionRow.objects.filter(application_id=case.id).exists()


def test_a_decline_says_why_and_ends_the_consent(world):
    case = world.sent()
    funding.decline(case.id, reason_codes=["R2", "R4"], words="ขอวงเงินน้อยลงได้", **world.how(world.smed))
    closed = funding.get_case(case.id, actor=world.owner)
    assert (closed.application.status, closed.decision.reason_codes) == (Status.DECLINED, ("R2", "R4"))
    with pytest.raises(Denied):
        funding.view_dossier(case.id, actor=world.smed, clock=world.clock)


def test_one_decision_and_no_second(world):
    case = world.sent()
    funding.decline(case.id, reason_codes=["R2"], **world.how(world.smed))
    with pytest.raises(Conflict) as refusal:
        funding.approve(case.id, amount_satang=1, tenor_months=1, **world.how(world.smed))
    assert refusal.value.code == "step-out-of-order"


@pytest.mark.parametrize(
    ("amount", "tenor", "code"),
    [(0, 60, "amount-not-positive"), (150_000_001, 60, "amount-above-asked"), (1, 0, "tenor-out-of-range")],
)
def test_an_impossible_offer_is_refused(world, amount, tenor, code):
    case = world.sent()
    with pytest.raises(Rejected) as refusal:
        funding.approve(case.id, amount_satang=amount, tenor_months=tenor, **world.how(world.smed))
    assert refusal.value.code == code
    assert funding.get_application(case.id, actor=world.smed).status is Status.SENT


def test_a_payment_pressed_twice_is_paid_once(world):
    case = world.sent()
    funding.approve(case.id, amount_satang=100, tenor_months=60, **world.how(world.smed))
    key = new_id()
    for _ in range(2):
        funding.disburse(case.id, amount_satang=40, paid_on=world.clock.today(), key=key, **world.how(world.smed))
    assert DisbursementRow.objects.filter(application_id=case.id).count() == 1
    with pytest.raises(Conflict) as conflict:  # never told that another amount was kept
        funding.disburse(case.id, amount_satang=50, paid_on=world.clock.today(), key=key, **world.how(world.smed))
    assert conflict.value.code == "key-used-for-another"
    with pytest.raises(Rejected) as refusal:
        funding.disburse(case.id, amount_satang=61, paid_on=world.clock.today(), **world.how(world.smed))
    assert refusal.value.code == "amount-above-approved"
    with pytest.raises(Conflict) as conflict:
        funding.approve(case.id, amount_satang=40, tenor_months=60, key=key, **world.how(world.smed))
    assert conflict.value.code == "key-used-for-another"


@pytest.mark.parametrize("paid_on", [date(2026, 11, 23), date(2026, 11, 1)])
def test_a_payment_lies_between_approval_and_today(world, paid_on):
    case = world.sent()
    funding.approve(case.id, amount_satang=100, tenor_months=60, **world.how(world.smed))
    with pytest.raises(Rejected) as refusal:
        funding.disburse(case.id, amount_satang=40, paid_on=paid_on, **world.how(world.smed))
    assert refusal.value.code == "paid-on-wrong"


def test_a_failure_leaves_nothing_half_done(world, monkeypatch):
    case = world.sent()
    before = (EventRow.objects.count(), len(kinds()))
    monkeypatch.setattr("iindustry.funding.services.desk.DecisionRow", None)
    with pytest.raises(AttributeError):
        funding.decline(case.id, reason_codes=["R2"], **world.how(world.smed))
    assert (EventRow.objects.count(), len(kinds())) == before
    assert funding.get_application(case.id, actor=world.smed).status is Status.SENT
    assert protection.get_consent(case.consent_id, actor=world.owner, clock=world.clock).is_live(world.clock.now())


def test_the_clock_stands_still_while_papers_are_asked(world):
    case = world.sent()
    funding.ask_paper(case.id, "accounts", words="", due_on=date(2026, 12, 20), **world.how(world.smed))
    world.later(days=9)
    [(_, asked)] = funding.list_open_papers(actor=world.owner)
    assert hand_in(world, asked).stopped_days == 7


def test_one_of_two_papers_does_not_start_the_clock(world):
    case = world.sent()
    for code in ("accounts", "quotation"):
        funding.ask_paper(case.id, code, words="", due_on=date(2026, 12, 20), **world.how(world.smed))
    papers = funding.get_case(case.id, actor=world.owner).papers
    assert hand_in(world, papers[0]).status is Status.PAPERS_ASKED
    assert hand_in(world, papers[1]).status is Status.ANALYSIS


def test_a_paper_lies_under_a_name_that_says_nothing_and_comes_back_whole(world):
    case = world.sent()
    funding.ask_paper(case.id, "accounts", words="", due_on=date(2026, 12, 20), **world.how(world.smed))
    [(_, asked)] = funding.list_open_papers(actor=world.owner)
    hand_in(world, asked, name="งบ มาลี.pdf")
    file = funding.open_paper(asked.id, actor=world.smed, home=world.home, clock=world.clock)
    assert file.path.read_bytes() == PDF
    assert (file.path.parent.parent, file.download_name) == (world.home.uploads, "accounts.pdf")
    assert "มาลี" not in file.path.name
    assert kinds().count("paper.read") == 1
    hand_in(world, asked)
    with pytest.raises(Conflict) as refusal:
        hand_in(world, asked, content=PDF + b"other")
    assert refusal.value.code == "paper-supplied-already"
    assert [one.name for one in file.path.parent.iterdir()] == [file.path.name]


def test_a_paper_closes_with_the_consent_and_is_nobody_elses(world):
    case = world.sent()
    funding.ask_paper(case.id, "accounts", words="", due_on=date(2026, 12, 20), **world.how(world.smed))
    [(_, asked)] = funding.list_open_papers(actor=world.owner)
    with pytest.raises(NotFound):
        hand_in(world, asked, actor=world.other_owner)
    hand_in(world, asked)
    with pytest.raises(NotFound):
        funding.open_paper(asked.id, actor=world.exim, home=world.home, clock=world.clock)
    with pytest.raises(NotFound):
        funding.open_paper(asked.id, application_id=new_id(), actor=world.smed, home=world.home, clock=world.clock)
    protection.withdraw_consent(case.consent_id, actor=world.owner, clock=world.clock)
    with pytest.raises(Denied) as refusal:
        funding.open_paper(asked.id, actor=world.smed, home=world.home, clock=world.clock)
    assert refusal.value.code == "consent-revoked"


def test_a_paper_stops_with_a_suspended_line_and_its_look_is_listed_for_the_owner(world):
    case = world.sent()
    funding.ask_paper(case.id, "accounts", words="", due_on=date(2026, 12, 20), **world.how(world.smed))
    [(_, asked)] = funding.list_open_papers(actor=world.owner)
    hand_in(world, asked)
    funding.open_paper(asked.id, actor=world.smed, home=world.home, clock=world.clock)
    [look] = protection.list_disclosures(case.enterprise_id, recipient="smed")
    assert (look.fields, look.consent_id, look.actor_role) == (("paper.file",), case.consent_id, "bank_officer")
    protection.suspend_line("agr-oie-smed-exim", "A1", actor=SYSTEM, clock=world.clock)
    with pytest.raises(Denied) as refusal:
        funding.open_paper(asked.id, actor=world.smed, home=world.home, clock=world.clock)
    assert refusal.value.code == "agreement-missing"
    assert len(protection.list_disclosures(case.enterprise_id)) == 1
    assert kinds().count("exchange.refused") == 1


def test_withdrawing_ends_the_case_and_its_consent(world):
    case = world.sent()
    funding.withdraw(case.id, **world.how(world.owner))
    again = funding.withdraw(case.id, **world.how(world.owner))
    assert again.status is Status.WITHDRAWN
    assert [kind for kind, _ in world.told].count("application.withdrawn") == 1
    with pytest.raises(Denied):
        funding.view_dossier(case.id, actor=world.smed, clock=world.clock)
    assert funding.start("SMED-D-LOCAL", actor=world.owner, clock=world.clock).id != case.id


def test_a_bank_system_declines_its_own_case_with_reason_and_date(world):
    case = world.sent("EXIM-D-EXPORT")
    world.later(hours=2)
    at = (world.clock.now() - timedelta(minutes=5)).isoformat()
    data = {"application_id": str(case.id), "decision": "declined", "decided_at": at, "reason_codes": ["R2"]}
    message = Message("loan.application.decided", case.id, data)
    funding.record_event(message, actor=world.exim_system, clock=world.clock)
    decision = funding.get_case(case.id, actor=world.owner).decision
    assert (decision.is_approved, decision.reason_codes, decision.by_system) == (False, ("R2",), True)
    assert decision.decided_at == world.clock.now() - timedelta(minutes=5)


def test_a_bank_system_cannot_decide_another_banks_case(world):
    case = world.sent()
    data = {"application_id": str(case.id), "decision": "declined", "decided_at": world.clock.now().isoformat()}
    with pytest.raises(NotFound) as refusal:
        funding.record_event(
            Message("loan.application.decided", case.id, data), actor=world.exim_system, clock=world.clock
        )
    assert refusal.value.code == "application-unknown"
    with pytest.raises(NotFound):
        funding.record_event(Message("loan.application.decided", case.id, data), actor=world.smed, clock=world.clock)


def test_a_bank_system_progresses_signs_and_pays(world):
    case = world.sent("EXIM-D-EXPORT")
    own = {"application_id": str(case.id)}
    for name, data, status in (
        ("loan.application.received", {"bank_ref": "X1"}, Status.SENT),
        ("loan.application.progressed", {"stage": "analysis", "expected_on": "2026-12-01"}, Status.ANALYSIS),
        (
            "loan.application.decided",
            {"decision": "approved", "approved_satang": 100, "decided_at": world.clock.now().isoformat()},
            Status.APPROVED,
        ),
        (
            "loan.contract.signed",
            {"loan_ref": "L1", "contract_satang": 100, "signed_on": "2026-11-22"},
            Status.CONTRACTED,
        ),
        (
            "loan.disbursed",
            {"loan_ref": "L1", "amount_satang": 100, "disbursed_on": "2026-11-22", "tranche": 1},
            Status.DISBURSED,
        ),
    ):
        now = funding.record_event(Message(name, case.id, own | data), actor=world.exim_system, clock=world.clock)
        assert now.status is status
    assert funding.get_application(case.id, actor=world.exim).expected_on == date(2026, 12, 1)


@pytest.mark.parametrize("minutes", [2, -60 * 24])
def test_a_decision_from_before_the_sending_or_from_tomorrow_is_refused(world, minutes):
    case = world.sent("EXIM-D-EXPORT")
    at = (world.clock.now() + timedelta(minutes=minutes)).isoformat()
    data = {"application_id": str(case.id), "decision": "declined", "decided_at": at}
    with pytest.raises(Rejected) as refusal:
        funding.record_event(
            Message("loan.application.decided", case.id, data), actor=world.exim_system, clock=world.clock
        )
    assert refusal.value.code == "decided-at-wrong"


def test_the_snapshot_has_the_agreed_shape_and_no_words(world):
    import polars as pl

    from iindustry.funding.snapshot import SCHEMA

    case = world.sent()
    funding.decline(case.id, reason_codes=["R2", "R4"], words="ความลับ", **world.how(world.smed))
    world.draft("EXIM-D-EXPORT")
    frame = pl.read_parquet(funding.write_snapshot(home=world.home))
    assert dict(frame.schema) == {name: kind() if isinstance(kind, type) else kind for name, kind in SCHEMA.items()}
    row = frame.filter(pl.col("application_id") == str(case.id)).row(0, named=True)
    assert (row["decision"], row["reason_code"], row["disbursed_satang"]) == ("declined", "R2", None)
    assert frame.height == 2
    assert frame["is_history"].any() is False
    assert "0812345678" not in frame.write_csv()
    assert [one.name for one in world.home.applications.iterdir()] == ["live.parquet"]
