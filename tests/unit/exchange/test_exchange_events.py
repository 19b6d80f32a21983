"""Reading a bank's events: strict, and the same content has the same digest whatever its spelling."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.exchange import events
from iindustry.funding.loan_events import FACTS
from iindustry.kernel.errors import DomainError
from iindustry.protection.service_fields import LOAN_FIELDS

SOURCE = "TH-TEST/BANK/0994000000031/loans"
APPLICATION = "01a2040c-1670-7856-a372-cce24a5c938b"


def event(**data):
    said = {"application_id": APPLICATION, "occurred_at": "2026-11-22T03:00:00+00:00", "loan_ref": "L1",
            "amount_satang": 100, "disbursed_on": "2026-11-22"}  # fmt: skip
    return {
        "specversion": "1.0", "id": "evt-00000001", "source": SOURCE, "type": "th.go.industry.loan.disbursed",
        "subject": APPLICATION, "data": {name: value for name, value in (said | data).items() if value is not None},
    }  # fmt: skip


def code_of(one):
    with pytest.raises(DomainError) as refused:
        events.read(one, source=SOURCE)
    return refused.value.code, refused.value.facts


def outcome(call):
    """What a call gives, or the code it refuses with: anything else would be a fault of ours."""
    try:
        return call()
    except DomainError as refused:
        return refused.code


def test_a_good_event_and_the_fields_it_asks_to_be_held():
    read = events.read(event(tranche=1), source=SOURCE)
    assert str(read.application_id) == APPLICATION
    assert read.agreed_names == {
        "disbursement.loan_ref", "disbursement.amount_satang", "disbursement.disbursed_on", "disbursement.tranche"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "member"),
    [
        ({"amount_satang": 1.5}, "data.amount_satang"),
        ({"amount_satang": -1}, "data.amount_satang"),
        ({"amount_satang": True}, "data.amount_satang"),
        ({"amount_satang": "100"}, "data.amount_satang"),
        ({"disbursed_on": "22/11/2569"}, "data.disbursed_on"),
        ({"disbursed_on": "2026-02-30"}, "data.disbursed_on"),
        ({"occurred_at": "2026-11-22T03:00:00"}, "data.occurred_at"),
        ({"application_id": "ENT-1"}, "data.application_id"),
        ({"loan_ref": None}, "data.loan_ref"),
        ({"loan_ref": ["L1"]}, "data.loan_ref"),
        ({"loan_ref": "บัญชี 1"}, "data.loan_ref"),
    ],
)
def test_what_is_wrong_is_named(data, member):
    assert code_of(event(**data)) == ("event-invalid", {"member": member})


def test_a_decline_says_why_and_an_approval_how_much():
    base = {"application_id": APPLICATION, "occurred_at": "2026-11-22T03:00:00Z", "decided_at": "2026-11-22T03:00:00Z"}
    for decision, needed in (("declined", "reason_codes"), ("approved", "approved_satang")):
        one = event() | {"type": "th.go.industry.loan.application.decided", "data": base | {"decision": decision}}
        assert code_of(one) == ("event-invalid", {"member": f"data.{needed}"})


@pytest.mark.parametrize("decision", [["declined"], {}, None, 1, "refused"])
def test_a_decision_is_one_of_three_words(decision):
    data = {"application_id": APPLICATION, "occurred_at": "2026-11-22T03:00:00Z", "decided_at": "2026-11-22T03:00:00Z"}
    one = event() | {"type": "th.go.industry.loan.application.decided", "data": data | {"decision": decision}}
    assert code_of(one) == ("event-invalid", {"member": "data.decision"})


def test_every_field_is_one_that_agreements_name_and_funding_takes():
    for kind in events.TYPES.values():
        carried = kind.needed | kind.welcome
        assert {f"{kind.group}.{name}" for name in carried} <= LOAN_FIELDS, kind.name
        assert kind.fields <= set(events._FORM), kind.name
        needed, allowed = FACTS[kind.name]
        assert carried <= needed | allowed, kind.name
        assert needed <= kind.needed, kind.name


@given(st.permutations(list(event(tranche=2)["data"].items())))
def test_the_order_of_members_does_not_change_the_digest(items):
    assert events.digest_of(event() | {"data": dict(items)}) == events.digest_of(event(tranche=2))


@given(st.sampled_from(["id", "time", "sequence"]), st.integers(0, 9))
def test_any_other_member_changes_it(name, value):
    assert events.digest_of(event() | {name: value}) != events.digest_of(event())


@given(st.binary(max_size=200))
def test_whatever_bytes_arrive_are_read_or_refused(body):
    for media_type in (*events.MEDIA_TYPES, "text/plain"):
        answer = outcome(lambda kind=media_type: events.split(body, kind))
        assert answer in ("body-invalid", "batch-size") or all(isinstance(one, dict) for one in answer)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(event())) | st.text(max_size=5), json_values, max_size=9))
def test_whatever_object_arrives_is_read_or_refused(change):
    one = event() | change
    answer = outcome(lambda: events.read(one, source=SOURCE).source)
    assert answer in {
        SOURCE, "event-invalid", "event-source", "event-type-unknown", "fields-not-allowed", "body-too-large"
    }  # fmt: skip


def test_not_a_number_is_no_json():
    with pytest.raises(DomainError, match="body-invalid"):
        events.split(b'[{"a": NaN}]', events.BATCH_TYPE)


def test_a_batch_is_one_to_five_hundred():
    one = json.dumps({"a": 1}).encode()
    assert len(events.split(b"\n".join([one] * 500), events.LINES_TYPE)) == 500
    for body in (b"", b"\n".join([one] * 501)):
        with pytest.raises(DomainError, match="batch-size"):
            events.split(body, events.LINES_TYPE)
