"""The tables of purposes, services, agreements and consents hold together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.protection import agreement as agreements
from iindustry.protection import consent as consents
from iindustry.protection import recipients, service_fields, signing
from iindustry.protection.agreement import AgreementStatus, AgreementStep
from iindustry.protection.consent import FINAL, ConsentStatus, ConsentStep
from iindustry.protection.purposes import PURPOSES, Lane
from iindustry.protection.service_fields import SERVICES
from iindustry.protection.services.agreements import memorandum_document
from iindustry.reference.fields import FIELDS


def test_the_caps_of_the_page():
    rows = {
        code: (one.longest.days if one.longest else None, one.look_back_months, one.most_uses)
        for code, one in PURPOSES.items()
    }
    assert rows == {
        "KYC": (1, 0, 1), "LOAN_UNDERWRITING": (90, 36, None), "LOAN_MONITORING": (365, 12, 4), "PRODUCT_MATCHING": (1, 12, 1),
        "PROGRAMME_ELIGIBILITY": (None, 36, 1), "OUTCOME_REPORTING": (1095, None, None), "STATISTICS": (None, None, None),
        "AUDIT": (None, None, None),
    }  # fmt: skip


def test_every_consent_ends_and_no_duty_has_one():
    for one in PURPOSES.values():
        assert (one.longest is not None) == (one.lane is Lane.CONSENT)
        assert one.usual is None or timedelta() < one.usual <= one.longest
        assert one.th
        assert one.en


def test_personal_and_penal_data_are_nobodys_by_default():
    document = agreements.expanded(memorandum_document())
    for line in document["lines"]:
        assert not any(name.startswith(("person.", "obligation.", "position.")) for name in line["fields"])
    assert "person.phone" not in PURPOSES["LOAN_UNDERWRITING"].fields


def test_the_memorandum_reads_back():
    document = agreements.expanded({**memorandum_document(), "status": "active"})
    one = agreements.parse(document)
    assert [line.line for line in one.lines] == ["A1", "B1", "B2"]
    assert one.is_demo
    assert not agreements.missing_signatures(document)
    assert agreements.missing_signatures({**document, "signatories": document["signatories"][:1]}) == [
        "TH-TEST/BANK/0994000000022", "TH-TEST/BANK/0994000000031",
    ]  # fmt: skip
    assert agreements.canonical(document) == agreements.canonical(dict(reversed(document.items())))


@pytest.mark.parametrize(
    ("change", "member"),
    [({"service": "everything"}, "service"), ({"purposes": []}, "purposes"), ({"purposes": ["FUN"]}, "purposes"),
     ({"lane": "duty"}, "lane"), ({"fields": ["entity"]}, "entity"), ({"fields": ["*"]}, "*")],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused(change, member):
    document = memorandum_document()
    document["lines"][0] |= change
    with pytest.raises(Rejected, match="agreement-invalid") as refused:
        agreements.expanded(document)
    assert refused.value.facts["member"] == member


def test_every_field_has_words_and_a_group():
    listed = {field.name for field in FIELDS} | service_fields.LOAN_FIELDS | {service_fields.PAPER}
    assert set(service_fields.WORDS) == listed
    assert listed >= service_fields.ALL
    assert {name.split(".")[0] for name in listed} == set(service_fields.GROUPS)
    shown = [words for _, inside in service_fields.grouped(listed) for words in inside]
    assert len(shown) == len(listed)


def test_every_group_of_the_register_is_shared_or_held_back_by_name():
    groups = {field.name.split(".", 1)[0] for field in FIELDS}
    assert groups - service_fields.SHARED_GROUPS == {"finance"}
    assert groups >= service_fields.SHARED_GROUPS


def test_what_banks_report_of_loans_is_never_the_registers_to_share():
    held_back = {field.name for field in FIELDS if field.name.startswith("finance.")}
    assert held_back
    for one in SERVICES.values():
        assert not one.fields & held_back, one.code
    for one in PURPOSES.values():
        assert not one.fields & held_back, one.code
    for pattern in ("finance.*", *sorted(held_back)):
        document = memorandum_document()
        document["lines"][0]["optional_fields"] = [pattern]
        with pytest.raises(Rejected, match="agreement-invalid") as refused:
            agreements.expanded(document)
        assert refused.value.facts["member"] == pattern


def test_a_paper_goes_with_its_case_and_stands_in_no_agreement():
    assert service_fields.PAPER not in service_fields.ALL
    with pytest.raises(Rejected, match="agreement-invalid"):
        service_fields.expand([service_fields.PAPER])


def test_final_states_are_final():
    for status in FINAL:
        for step in ConsentStep:
            with pytest.raises(Conflict, match="consent-step"):
                consents.after(status, step)
    for status in set(ConsentStatus) - FINAL:
        assert consents.after(status, ConsentStep.REVOKE) is ConsentStatus.REVOKED
    for step in AgreementStep:
        with pytest.raises(Conflict, match="agreement-step"):
            agreements.after(AgreementStatus.ENDED, step)
    assert set(consents.STATUS_WORDS) == set(ConsentStatus)
    assert set(agreements.STATUS_WORDS) == set(AgreementStatus)


@given(st.lists(st.sampled_from(list(ConsentStep)), max_size=12))
def test_no_way_leads_out_of_an_end(steps):
    status, ended = ConsentStatus.ACTIVE, False
    for step in steps:
        try:
            status = consents.after(status, step)
        except Conflict:
            continue
        assert not ended
        ended = status in FINAL


def test_recipients_are_named_by_key_or_exact_address():
    assert recipients.subsystem_of("smed") == recipients.subsystem_of("TH-TEST/BANK/0994000000022/loans")
    for stranger in ("smed ", "TH-TEST/BANK/0994000000022", "TH-TEST/BANK/0994000000022/loans/", "../smed", ""):
        with pytest.raises(Rejected, match="recipient-unknown"):
            recipients.subsystem_of(stranger)


def test_the_platform_signs_and_a_changed_sign_is_seen(tmp_path):
    key = signing.platform_key(tmp_path)
    signature = signing.sign('{"a":1}', key=key)
    assert signing.is_signed('{"a":1}', signature, key=key)
    assert not signing.is_signed('{"a":2}', signature, key=key)
    assert not signing.is_signed('{"a":1}', signature[:-4] + "AAAA", key=key)
    assert not signing.is_signed('{"a":1}', "nonsense", key=key)
    assert (tmp_path / "consents.key").stat().st_mode & 0o777 == 0o600
