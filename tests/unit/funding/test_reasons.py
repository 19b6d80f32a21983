from __future__ import annotations

import pytest

from iindustry.funding.reasons import REASONS, checked
from iindustry.kernel.errors import Rejected


def test_the_list_is_r0_to_r12():
    assert list(REASONS) == [f"R{n}" for n in range(13)]


@pytest.mark.parametrize("reason", REASONS.values(), ids=list(REASONS))
def test_every_reason_has_words_and_a_way_on(reason):
    for text in (reason.th, reason.en, reason.cure_th, reason.cure_en, reason.short_th, reason.short_en):
        assert text.strip()
    assert not any("a" <= sign.lower() <= "z" for sign in reason.th)


def test_the_register_knows_five_of_them_before_anyone_applies():
    assert [code for code, one in REASONS.items() if one.known_before] == ["R1", "R7", "R9", "R10", "R11"]


def test_the_main_one_stays_first_and_none_is_said_twice():
    assert checked(["R4", "", "R2", "R4"]) == ("R4", "R2")


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], "reason-missing"),
        (["", ""], "reason-missing"),
        (["R1", "R2", "R3", "R4"], "reason-too-many"),
        (["R99"], "reason-unknown"),
    ],
)
def test_a_decline_without_a_proper_reason_is_refused(codes, code):
    with pytest.raises(Rejected) as refusal:
        checked(codes)
    assert refusal.value.code == code
