"""A leaf holds ids, codes and digests; content, names and 13-digit numbers never enter."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.ledger import leaf

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def made(**facts):
    return leaf.leaf_bytes(
        kind="test.did",
        entry_id=UUID(int=7),
        at=AT,
        subject_tag="s",
        actor_tag="a",
        actor_role="owner",
        salt="x",
        facts=facts,
    )


def test_a_leaf_is_canonical_json_with_its_facts():
    said = json.loads(made(consent="0190c0de-0000-7000-8000-0000000000c1#1", rows=1, nothing=None))
    assert said["at"] == "2026-11-22T03:00:00.000000Z"
    assert said["consent"] == "0190c0de-0000-7000-8000-0000000000c1#1"
    assert "nothing" not in said
    assert made(b=1, a=2) == made(a=2, b=1)


@pytest.mark.parametrize(
    "fact",
    [
        "สมชาย ใจดี",
        "1101700230708",
        "x 1-1017-00230-70-8",
        "1 1017 00230 70 8",
        "ใบอนุญาต",
        "a" * 257,
        ["ok", "0105558197632"],
        1101700230708,
    ],
)
def test_content_is_refused(fact):
    with pytest.raises(ValueError, match="what"):
        made(what=fact)


@pytest.mark.parametrize(
    "fact",
    [
        "TH-TEST/BANK/0994000000022/loans",
        "0190c0de-0000-7000-8000-000000000001",
        "2026-11-20.1",
        "a" * 256,
        "d0c5f00d" * 8,
        12,
        True,
        [],
    ],
)
def test_ids_codes_and_digests_are_kept(fact):
    assert json.loads(made(what=fact))["what"] == fact


def test_an_amount_may_have_thirteen_digits():
    assert json.loads(made(pool_satang=1_000_000_000_000))["pool_satang"] == 1_000_000_000_000


@given(st.uuids())
def test_no_uuid_looks_like_an_id(uuid):
    assert json.loads(made(what=f"{uuid}#1/A1"))["what"]


@pytest.mark.parametrize("name", [*sorted(leaf.RESERVED), "Upper", "", "ช่อง"])
def test_a_fact_cannot_take_a_name_of_the_leaf_itself(name):
    with pytest.raises(ValueError, match="fact"):
        leaf.checked(name, "x")


@pytest.mark.parametrize("kind", ["consent", "consent.changed", "application.paper-asked"])
def test_a_kind_is_a_dotted_code(kind):
    leaf.check_kind(kind)
    with pytest.raises(ValueError, match="dotted"):
        leaf.check_kind(kind + " now")


def test_an_instant_needs_its_zone():
    with pytest.raises(ValueError, match="zone"):
        leaf.leaf_bytes(
            kind="a",
            entry_id=UUID(int=1),
            at=AT.replace(tzinfo=None),
            subject_tag=None,
            actor_tag="a",
            actor_role="r",
            salt="s",
            facts={},
        )
