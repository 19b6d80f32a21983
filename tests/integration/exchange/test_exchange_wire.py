"""A bank's system and the hub over the wire: what they say to each other when all is well."""

from __future__ import annotations

import pytest
from iindustry_connector import Refused, verify_receipt

from iindustry.exchange import services as exchange
from iindustry.funding import services as funding
from iindustry.kernel.clock import SystemClock
from iindustry.ledger import services as ledger
from iindustry.protection import services as protection

UNDERWRITING = "LOAN_UNDERWRITING"


def declined(client, application, **kwargs):
    now = SystemClock().now().isoformat()
    data = {"decision": "declined", "decided_at": now, "reason_codes": ["R4"], "is_curable": True}
    return client.event("loan.application.decided", str(application.id), data, **kwargs)


def approved(client, application, satang=150_000_000):
    now = SystemClock().now().isoformat()
    data = {"decision": "approved", "decided_at": now, "approved_satang": satang, "tenor_months": 48}
    return client.event("loan.application.decided", str(application.id), data)


def disbursed(client, application, satang=150_000_000):
    data = {"loan_ref": "EX-1", "amount_satang": satang, "disbursed_on": SystemClock().today().isoformat()}
    return client.event("loan.disbursed", str(application.id), data)


def test_a_consented_profile_arrives_signed_and_is_kept_in_the_log(exim, apply):
    application = apply()
    with exim.client() as client:
        profile = client.get_profile(str(application.consent_id), purpose=UNDERWRITING)
        assert profile.first("entity.size_class") == "small"
        assert profile.first("entity.registered_on") == "2018-05-01"
        assert profile.fields["factory.worker_count"][0].of == "20509999925692"
        assert "person.phone" not in profile.fields
        seen = protection.list_disclosures("ENT-TEST", limit=5)
        assert [one.recipient for one in seen] == [exim.address]
        ledger.seal(clock=SystemClock())
        receipt = ledger.receipt(seen[0].entry_id)
        assert verify_receipt(receipt, client.hub.ledger_key, entry=profile.entry).is_good


def test_only_the_fields_asked_for_are_given(exim, apply):
    with exim.client() as client:
        profile = client.get_profile(
            str(apply().consent_id), purpose=UNDERWRITING, fields=["entity.size_class", "person.phone"]
        )
    assert set(profile.fields) == {"entity.size_class"}
    assert profile.missing == ()


def test_a_decline_by_machine_reaches_the_case_with_its_reason(exim, apply, owner):
    application = apply()
    with exim.client() as client:
        (result,) = client.send_events([declined(client, application)], purpose=UNDERWRITING)
    assert result.is_accepted
    case = funding.get_case(application.id, actor=owner)
    assert case.application.status == "declined"
    assert case.decision.reason_codes == ("R4",)
    assert case.decision.by_system


def test_an_approval_and_its_disbursement(exim, apply, owner):
    application = apply()
    with exim.client() as client:
        results = client.send_events(
            [approved(client, application), disbursed(client, application)], purpose=UNDERWRITING
        )
    assert [one.code for one in results] == [None, None]
    after = funding.get_application(application.id, actor=owner)
    assert (after.status, after.disbursed_satang) == ("disbursed", 150_000_000)


def test_the_next_call_after_a_withdrawal_is_refused(exim, apply, owner):
    application = apply()
    with exim.client() as client:
        client.get_profile(str(application.consent_id), purpose=UNDERWRITING)
        protection.withdraw_consent(
            application.consent_id, actor=owner, clock=SystemClock(), announce=exchange.announce
        )
        with pytest.raises(Refused) as refused:
            client.get_profile(str(application.consent_id), purpose=UNDERWRITING)
        assert refused.value.code == "consent-revoked"
        assert (refused.value.status, refused.value.gate, refused.value.is_signed) == (403, 5, True)
        assert refused.value.problem["yourdata_code"] == 40720
        news = client.list_news(purpose=UNDERWRITING)
        later = client.list_news(after=news[-1]["id"], purpose=UNDERWRITING)
    names = [one["type"].removeprefix("th.go.industry.") for one in news]
    assert "application.submitted" in names
    assert names[-1] == "consent.revoked"
    assert news[-1]["subject"] == str(application.consent_id)
    assert later == []
    kinds = [entry.leaf["result"] for entry in ledger.list_entries(kind="exchange.refused", limit=5)]
    assert kinds == ["consent-revoked"]


def test_the_same_event_twice_is_done_once_and_answered_the_same(exim, apply, owner):
    application = apply()
    with exim.client() as client:
        event = declined(client, application)
        first = client.send_events([event], purpose=UNDERWRITING)
        again = client.send_events([event], purpose=UNDERWRITING)
        changed = {**event, "data": {**event["data"], "reason_codes": ["R2"]}}
        (conflict,) = client.send_events([changed], purpose=UNDERWRITING)
    assert first == again
    assert conflict.code == "event-conflict"
    assert funding.get_case(application.id, actor=owner).decision.reason_codes == ("R4",)


def test_the_same_key_gives_the_first_answer_and_another_body_is_refused(exim, apply):
    application = apply()
    with exim.client() as client:
        event = declined(client, application)
        first = client.send_events([event], purpose=UNDERWRITING, idempotency_key="key-00001")
        again = client.send_events([event], purpose=UNDERWRITING, idempotency_key="key-00001")
        with pytest.raises(Refused, match="idempotency-mismatch"):
            client.send_events([event, event], purpose=UNDERWRITING, idempotency_key="key-00001")
    assert first == again
    assert len(ledger.list_entries(kind="event.received", limit=5)) == 1


def test_one_bad_event_does_not_stop_the_others(exim, apply, owner):
    application = apply()
    with exim.client() as client:
        good = approved(client, application)
        bad = {**disbursed(client, application), "type": "th.go.industry.loan.unheard-of"}
        results = client.send_events([bad, good], purpose=UNDERWRITING)
    assert [one.code for one in results] == ["event-type-unknown", None]
    assert results[0].th
    assert funding.get_application(application.id, actor=owner).status == "approved"


def test_a_bank_registers_again_without_change_and_its_key_can_be_revoked(exim, apply):
    from iindustry.kernel.actors import SYSTEM

    consent = str(apply().consent_id)
    exchange.revoke_key(exim.keys.sig_id, actor=SYSTEM, clock=SystemClock())
    with exim.client() as client, pytest.raises(Refused) as refused:
        client.get_profile(consent, purpose=UNDERWRITING)
    assert (refused.value.code, refused.value.status) == ("key-revoked", 401)


def test_health_tells_of_the_calls(exim, apply):
    consent = str(apply().consent_id)
    with exim.client() as client:
        for _ in range(3):
            client.get_profile(consent, purpose=UNDERWRITING)
    profile = next(
        one for one in exchange.health_of_services(clock=SystemClock()) if one.service == "enterprise-profile"
    )
    assert (profile.calls, profile.success_ratio, profile.state) == (3, 1.0, "unsure")
