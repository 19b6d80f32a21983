"""Consents and disclosures on a real database: nothing leaves without a live consent and a row the owner can read."""

from __future__ import annotations

import json
import threading
import time
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.clock import FixedClock
from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.kernel.home import Home
from iindustry.kernel.ids import new_id
from iindustry.ledger import services as ledger
from iindustry.protection import services as protection
from iindustry.protection import signing
from iindustry.protection.agreement import AgreementStatus, AgreementStep, digest
from iindustry.protection.consent import ConsentStatus
from iindustry.protection.models import AgreementChange, ConsentState, ConsentVersion, Disclosure
from iindustry.register.enterprise import Enterprise, Establishment, Value

ENT = "ENT-0000000001A"
OWNER = Actor(Role.OWNER, person_id="0190c0de-0000-7000-8000-000000000001", enterprise_id=ENT)
DELEGATE = Actor(Role.DELEGATE, person_id="0190c0de-0000-7000-8000-000000000006", enterprise_id=ENT)
OTHER_OWNER = Actor(Role.OWNER, person_id="0190c0de-0000-7000-8000-000000000002", enterprise_id="ENT-0000000002B")
SMED = Actor(Role.BANK_OFFICER, person_id="0190c0de-0000-7000-8000-000000000003", organisation="smed")
EXIM = Actor(Role.BANK_OFFICER, person_id="0190c0de-0000-7000-8000-000000000004", organisation="exim")
AUDITOR = Actor(Role.AUDITOR, person_id="0190c0de-0000-7000-8000-000000000005", organisation="auditor")


def value(field, content):
    return Value(field, content, "dbd", "r1", date(2026, 1, 1))


ENTERPRISE = Enterprise(
    ENT, "2026-11-20.1", "กิจการ", "Enterprise", None, "49",
    {"entity.name_th": value("entity.name_th", "กิจการ"), "person.phone": value("person.phone", "0812345678"),
     "obligation.open_orders": value("obligation.open_orders", 1)},
    (Establishment("EST-1", "โรงงาน", "1", "49", {"factory.name": value("factory.name", "โรงงาน")}),),
)  # fmt: skip
FIELDS = frozenset({"entity.name_th", "factory.name", "entity.tsic"})


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.HOME = Home(tmp_path)


@pytest.fixture
def agreed(clock):
    return protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=clock)


def give(clock, **change):
    wanted = {
        "recipient": "smed",
        "purpose": "LOAN_UNDERWRITING",
        "fields": FIELDS,
        "application_id": new_id(),
        "actor": OWNER,
        "clock": clock,
    }
    return protection.give_consent(ENT, **(wanted | change))


def look(consent_id, clock, **change):
    asked = {
        "recipient": "smed", "purpose": "LOAN_UNDERWRITING", "service": "enterprise-profile", "consent_id": consent_id,
        "fields": FIELDS | {"person.phone"}, "actor": SMED, "clock": clock,
    }  # fmt: skip
    return protection.disclose(ENTERPRISE, **(asked | change))


def refusal(consent_id, clock, **change):
    with pytest.raises(Denied) as refused:
        look(consent_id, clock, **change)
    return refused.value.code


def later(clock, **delta):
    return FixedClock(clock.now() + timedelta(**delta))


@pytest.mark.django_db
@pytest.mark.usefixtures("agreed")
class TestConsents:
    def test_a_consent_is_signed_chained_and_in_the_log(self, clock, settings):
        given = give(clock)
        protection.pause_consent(given.consent_id, actor=OWNER, clock=clock)
        protection.resume_consent(given.consent_id, actor=OWNER, clock=clock)
        last = protection.withdraw_consent(given.consent_id, actor=OWNER, clock=clock)
        assert (last.status, last.version) == (ConsentStatus.REVOKED, 4)
        versions = list(ConsentVersion.objects.order_by("version"))
        key = signing.platform_key(settings.HOME.keys)
        before = None
        for row in versions:
            said = json.loads(row.document)
            assert (said["prev_hash"], row.prev_hash, row.sha256) == (before, before, digest(row.document))
            assert signing.is_signed(row.document, row.jws, key=key)
            entry = ledger.get_entry(row.entry_id)
            assert (entry.leaf["document_digest"], entry.leaf["status"]) == (row.sha256, row.status)
            before = row.sha256

    def test_a_representative_stops_a_consent_and_lets_none_flow(self, clock):
        given = give(clock)
        protection.pause_consent(given.consent_id, actor=DELEGATE, clock=clock)
        with pytest.raises(Denied) as refused:
            protection.resume_consent(given.consent_id, actor=DELEGATE, clock=clock)
        assert refused.value.code == "delegate-gives-no-consent"
        assert refusal(given.consent_id, clock) == "consent-paused"
        with pytest.raises(Denied) as refused:
            give(clock, actor=DELEGATE)
        assert refused.value.code == "delegate-gives-no-consent"
        assert protection.withdraw_consent(given.consent_id, actor=DELEGATE, clock=clock).status == "revoked"

    def test_a_case_consent_covers_its_case_both_ways_and_ends_on_day_90(self, clock):
        given = give(clock)
        assert {(one.service, one.consumer.split("/")[1]) for one in given.grants} == {
            ("enterprise-profile", "BANK"),
            ("loan-events", "GOV"),
        }
        assert not any(name.startswith("position.") for name in given.fields_of("loan-events"))
        assert given.expires_at == clock.now() + timedelta(days=90)

    def test_the_same_again_is_the_same_consent_and_another_wish_is_a_conflict(self, clock):
        case = new_id()
        first = give(clock, application_id=case)
        assert give(clock, application_id=case).consent_id == first.consent_id
        with pytest.raises(Conflict, match="consent-already-given"):
            give(clock, application_id=case, fields={"entity.name_th"})
        protection.withdraw_consent(first.consent_id, actor=OWNER, clock=clock)
        assert give(clock, application_id=case).consent_id != first.consent_id

    def test_after_its_end_a_case_may_be_consented_to_anew(self, clock):
        case = new_id()
        first = give(clock, application_id=case)
        second = give(later(clock, days=91), application_id=case)
        assert first.consent_id != second.consent_id
        assert protection.get_consent(first.consent_id, actor=OWNER, clock=clock).status is ConsentStatus.EXPIRED

    @pytest.mark.parametrize(
        ("change", "error", "code"),
        [
            ({"actor": OTHER_OWNER}, Denied, "consent-not-yours"),
            ({"actor": SMED}, Denied, "consent-not-yours"),
            ({"actor": SYSTEM}, Denied, "consent-not-yours"),
            ({"recipient": "nobody"}, Rejected, "recipient-unknown"),
            ({"recipient": "dip"}, Conflict, "agreement-not-active"),
            ({"purpose": "STATISTICS"}, Rejected, "purpose-unknown"),
            ({"purpose": "KYC", "fields": {"entity.name_th"}}, Conflict, "agreement-not-active"),
            ({"fields": {"person.phone"}}, Rejected, "consent-fields"),
            ({"fields": {"decision.decision"}}, Rejected, "consent-fields"),
            ({"fields": set()}, Rejected, "consent-fields"),
            ({"application_id": None}, Rejected, "consent-needs-case"),
            ({"lasts": timedelta(days=91)}, Rejected, "consent-over-cap"),
            ({"lasts": timedelta()}, Rejected, "consent-over-cap"),
        ],
    )
    def test_what_may_not_be_consented_to(self, clock, change, error, code):
        with pytest.raises(error) as refused:
            give(clock, **change)
        assert refused.value.code == code
        assert not ConsentState.objects.exists()

    def test_only_its_own_people_see_or_change_a_consent(self, clock):
        given = give(clock)
        for actor in (OWNER, SMED, AUDITOR):
            assert protection.get_consent(given.consent_id, actor=actor, clock=clock).consent_id == given.consent_id
        for actor in (
            OTHER_OWNER,
            EXIM,
            Actor(Role.ANALYST, person_id="x", organisation="oie"),
            Actor(Role.STEWARD, person_id="x", organisation="oie"),
        ):
            for consent_id in (given.consent_id, new_id()):
                with pytest.raises(NotFound) as absent:
                    protection.get_consent(consent_id, actor=actor, clock=clock)
                assert (absent.value.code, absent.value.facts) == ("consent-unknown", {})
            with pytest.raises(NotFound, match="consent-unknown"):
                protection.withdraw_consent(given.consent_id, actor=actor, clock=clock)
        with pytest.raises(Denied, match="consent-not-yours"):
            protection.withdraw_consent(given.consent_id, actor=SMED, clock=clock)

    def test_news_goes_to_the_recipient_with_the_change(self, clock):
        told = []

        def announce(kind, subject, **facts):
            told.append((kind, subject, facts["recipient"]))

        given = give(clock, announce=announce)
        protection.withdraw_consent(given.consent_id, actor=OWNER, clock=clock, announce=announce)
        protection.withdraw_consent(given.consent_id, actor=OWNER, clock=clock, announce=announce)
        assert told == [("consent.given", given.consent_id, "smed"), ("consent.revoked", given.consent_id, "smed")]

    def test_closing_the_case_ends_its_consent_once(self, clock):
        given = give(clock)
        assert protection.close_consents(given.application_id, actor=SYSTEM, clock=clock) == 1
        assert protection.close_consents(given.application_id, actor=SYSTEM, clock=clock) == 0
        assert refusal(given.consent_id, clock) == "consent-expired"
        with pytest.raises(Conflict, match="consent-step"):
            protection.withdraw_consent(given.consent_id, actor=OWNER, clock=clock)

    def test_expiry_is_read_at_use_and_tidied_later(self, clock):
        given, day_90 = give(clock), later(clock, days=90)
        assert refusal(given.consent_id, day_90) == "consent-expired"
        assert protection.expire_consents(clock=clock) == 0
        assert protection.expire_consents(clock=day_90) == 1
        assert protection.list_consents(enterprise_id=ENT)[0].status is ConsentStatus.EXPIRED

    def test_no_version_can_be_changed(self, clock):
        give(clock)
        for model in (ConsentVersion, AgreementChange):
            with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
                model.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.usefixtures("agreed")
class TestDisclosures:
    def test_the_owner_reads_who_saw_what(self, clock):
        given = give(clock)
        seen = look(given.consent_id, clock)
        assert {name: [one.value for one in values] for name, values in seen.fields.items()} == {
            "entity.name_th": ["กิจการ"],
            "factory.name": ["โรงงาน"],
        }
        assert (dict(seen.places), seen.unknown) == (
            {"entity.name_th": [None], "factory.name": ["EST-1"]},
            {"entity.tsic"},
        )
        (row,) = protection.list_disclosures(ENT)
        assert (row.organisation, row.actor_role, row.purpose, row.fields) == (
            "smed",
            "bank_officer",
            "LOAN_UNDERWRITING",
            tuple(sorted(FIELDS)),
        )
        assert (row.agreement, row.consent_id, row.entry_id) == (
            "agr-oie-smed-exim#1/A1",
            given.consent_id,
            seen.entry.entry_id,
        )
        leaf = ledger.get_entry(row.entry_id).leaf
        assert (leaf["result"], leaf["consent"]) == ("allowed", f"{given.consent_id}#1")
        assert protection.list_disclosures("ENT-0000000002B") == []
        assert protection.get_consent(given.consent_id, actor=OWNER, clock=clock).uses == 1

    def test_refusals_give_nothing_and_leave_an_entry(self, clock):
        given = give(clock)
        cases = {
            "consent-missing": [{"consent_id": new_id()}, {"consent_id": None}, {"actor": EXIM}, {"recipient": "exim", "actor": EXIM},
                                {"actor": Actor(Role.BANK_SYSTEM, subsystem="TH-TEST/BANK/0994000000031/loans")}, {"purpose": "LOAN_MONITORING"}],
            "purpose-not-agreed": [{"purpose": "KYC"}],
            "agreement-missing": [{"service": "loan-events"}, {"recipient": "dip"}],
            "fields-none": [{"fields": frozenset({"person.phone"})}, {"fields": frozenset({"obligation.open_orders"})}],
            "over-cap": [{"data_from": date(2020, 1, 1)}],
            "consent-range": [{"data_from": date(2026, 1, 1)}],
        }  # fmt: skip
        count = ledger.unsealed_count()
        for code, changes in cases.items():
            for change in changes:
                consent_id = change.pop("consent_id", given.consent_id)
                assert refusal(consent_id, clock, **change) == code, change
                count += 1
                assert ledger.unsealed_count() == count
        assert not Disclosure.objects.exists()
        newest = ledger.list_entries(limit=1)[0]
        assert (newest.kind, newest.leaf["result"]) == ("exchange.refused", "consent-range")

    def test_withdrawal_holds_from_the_next_call(self, clock):
        given = give(clock)
        look(given.consent_id, clock)
        protection.withdraw_consent(given.consent_id, actor=OWNER, clock=clock)
        assert refusal(given.consent_id, clock) == "consent-revoked"
        assert len(protection.list_disclosures(ENT)) == 1

    def test_pausing_and_resuming(self, clock):
        given = give(clock)
        protection.pause_consent(given.consent_id, actor=OWNER, clock=clock)
        assert refusal(given.consent_id, clock) == "consent-paused"
        protection.resume_consent(given.consent_id, actor=OWNER, clock=clock)
        assert look(given.consent_id, clock).fields

    def test_the_kill_switch_stops_one_line_alone(self, clock):
        given = give(clock)
        protection.suspend_line("agr-oie-smed-exim", "A1", actor=SYSTEM, clock=clock)
        assert refusal(given.consent_id, clock) == "agreement-missing"
        inbound = {
            "sender": "smed",
            "purpose": "LOAN_UNDERWRITING",
            "consent_id": given.consent_id,
            "actor": SMED,
            "clock": clock,
        }
        assert protection.decide_inbound(
            ENT, fields=frozenset({"decision.decision", "position.as_of"}), **inbound
        ).fields == {"decision.decision"}
        protection.suspend_line("agr-oie-smed-exim", "A1", actor=SYSTEM, clock=clock, resume=True)
        assert look(given.consent_id, clock).fields

    def test_an_agreement_suspended_or_ended_stops_everything(self, clock):
        given = give(clock)
        for step, works in ((AgreementStep.SUSPEND, False), (AgreementStep.RESUME, True), (AgreementStep.END, False)):
            protection.change_agreement("agr-oie-smed-exim", step, actor=SYSTEM, clock=clock)
            if works:
                assert look(given.consent_id, clock).fields
            else:
                assert refusal(given.consent_id, clock) == "agreement-missing"
        with pytest.raises(Denied, match="agreement-not-yours"):
            protection.change_agreement("agr-oie-smed-exim", AgreementStep.END, actor=SMED, clock=clock)

    def test_four_looks_a_month(self, clock):
        given = give(clock, purpose="LOAN_MONITORING", application_id=None)
        for _ in range(4):
            look(given.consent_id, clock, purpose="LOAN_MONITORING")
        assert refusal(given.consent_id, later(clock, days=29), purpose="LOAN_MONITORING") == "consent-frequency"
        assert look(given.consent_id, later(clock, days=31), purpose="LOAN_MONITORING").fields

    def test_a_signer_who_lost_authority_closes_the_consent(self, clock):
        from iindustry.accounts import services as accounts
        from iindustry.accounts.authority import AuthorityKind

        person = accounts.enrol("malee", "มาลี", "Malee", Role.OWNER, None, clock=clock)
        enterprise = "ENT-00000000000"
        claim = accounts.claim_authority(
            person, enterprise, AuthorityKind.DIRECTOR, "หนังสือรับรอง", actor=SYSTEM, clock=clock
        )
        owner = Actor(Role.OWNER, person_id=str(person), enterprise_id=enterprise)
        given = protection.give_consent(
            enterprise,
            recipient="smed",
            purpose="LOAN_UNDERWRITING",
            fields=FIELDS,
            application_id=new_id(),
            actor=owner,
            clock=clock,
        )
        assert protection.get_consent(given.consent_id, actor=owner, clock=clock).has_authority
        assert [one.has_authority for one in protection.list_consents(enterprise_id=enterprise, clock=clock)] == [True]
        from iindustry.accounts.models import Authority

        Authority.objects.filter(id=getattr(claim, "claim_id", claim)).update(to_on=clock.today() - timedelta(days=1))
        assert not protection.get_consent(given.consent_id, actor=owner, clock=clock).has_authority
        assert [one.has_authority for one in protection.list_consents(enterprise_id=enterprise, clock=clock)] == [False]

    def test_the_card_of_the_memorandum(self, clock):
        give(clock)
        card = protection.memorandum(clock=clock)
        assert ([one.en for one in card.parties], card.status, card.live_consents) == (
            ["Office of Industrial Economics", "SME Development Bank", "Export-Import Bank of Thailand"], AgreementStatus.ACTIVE, 1,
        )  # fmt: skip
        ledger.seal(clock=clock)
        ledger.check(clock=clock)
        card = protection.memorandum(clock=clock)
        assert (card.log_verified_at, card.log_size > 3) == (clock.now(), True)

    def test_seeding_again_changes_nothing(self, clock):
        count = AgreementChange.objects.count()
        protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=clock)
        assert AgreementChange.objects.count() == count == 3


@pytest.mark.django_db
def test_before_set_up_there_is_no_card_and_no_consent(clock):
    assert protection.memorandum() is None
    with pytest.raises(Conflict, match="agreement-not-active"):
        give(clock)


@pytest.mark.django_db
def test_an_unsigned_paper_does_not_come_into_force(clock):
    document = protection.memorandum_document()
    document["signatories"].pop()
    with pytest.raises(Conflict, match="agreement-unsigned"):
        protection.seed_agreement(document, actor=SYSTEM, clock=clock)


@pytest.mark.django_db(transaction=True)
def test_the_entry_of_a_refusal_is_committed_though_an_error_is_raised(clock):
    protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=clock)
    before = ledger.unsealed_count()
    with pytest.raises(Denied) as refused:
        look(new_id(), clock)
    assert ledger.unsealed_count() == before + 1
    assert str(ledger.list_entries(limit=1)[0].entry_id) == refused.value.facts["entry_id"]


@pytest.mark.django_db(transaction=True)
def test_after_a_withdrawal_is_confirmed_no_look_passes(clock):
    """Readers in a loop while the owner withdraws: each look that began after the confirmation is refused."""
    protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=clock)
    given = give(clock)
    confirmed, passed_after, refused = threading.Event(), [], []
    started = threading.Barrier(5)

    def reader():
        try:
            started.wait(20)
            for _ in range(200):
                began_after = confirmed.is_set()
                try:
                    look(given.consent_id, clock)
                except Denied as error:
                    refused.append(error.code)
                    return
                if began_after:
                    passed_after.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=reader) for _ in range(4)]
    for thread in threads:
        thread.start()
    started.wait(20)
    protection.withdraw_consent(given.consent_id, actor=OWNER, clock=clock)
    confirmed.set()
    for thread in threads:
        thread.join()
    assert (passed_after, refused) == ([], ["consent-revoked"] * 4)
    state = ConsentState.objects.get()
    assert (
        state.uses
        == Disclosure.objects.count()
        == len([one for one in ledger.list_entries(limit=500) if one.kind == "exchange.answer"])
    )


@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        ((protection.withdraw_consent,), "consent-revoked"),
        ((protection.pause_consent, protection.resume_consent), 3),
    ],
    ids=["withdrawn", "paused and resumed"],
)
@pytest.mark.django_db(transaction=True)
def test_a_look_that_waited_for_a_change_sees_what_the_change_left(clock, steps, answer):
    """The change holds the lock; the look begins, waits, and then rests on the version that it could not see at first."""
    protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=clock)
    given, answers = give(clock), []

    def reader():
        try:
            answers.append(look(given.consent_id, clock).ground.consent_version)
        except Denied as error:
            answers.append(error.code)
        finally:
            connection.close()

    thread = threading.Thread(target=reader)
    with transaction.atomic():
        for step in steps:
            step(given.consent_id, actor=OWNER, clock=clock)
        thread.start()
        wait_for_one_who_waits()
    thread.join(20)
    assert answers == [answer]


def wait_for_one_who_waits():
    """Until another connection of this database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited for the lock")


@pytest.mark.django_db
def test_cards_count_for_all_agreements_at_once(agreed, clock, django_assert_num_queries):
    document = protection.memorandum_document()
    protection.seed_agreement({**document, "agreement_id": "agr-second"}, actor=SYSTEM, clock=clock)
    given = give(clock)
    look(given.consent_id, clock)
    look(given.consent_id, clock)
    with django_assert_num_queries(4):  # agreements, last check, newest head, counts
        cards = {one.agreement_id: one for one in protection.list_agreements(clock=clock)}
    assert [cards[one].live_consents for one in ("agr-oie-smed-exim", "agr-second")] == [1, 1]
    assert [cards[one].disclosures for one in ("agr-oie-smed-exim", "agr-second")] == [2, 0]
    assert protection.memorandum(clock=clock) == cards["agr-oie-smed-exim"]
