"""The tables of the life of a document are whole: every status has its steps, every kind its makers, every role its place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from iindustry.accounts.organisations import ORGANISATIONS, OrganisationKind
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Conflict, Denied
from iindustry.programmes import lifecycle
from iindustry.programmes.lifecycle import Identity, Signature, Signer, Status, Step, Subject
from iindustry.programmes.schemas import PROGRAMME
from iindustry.programmes.shape import Kind
from iindustry.programmes.terms import OWNERS

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FINAL = {Status.PUBLISHED, Status.WITHDRAWN}


def identity(owner="smed", subject=Subject.PRODUCT, *, claims=False):
    return Identity(PROGRAMME, "X", owner, subject, claims_line=claims)


def test_every_status_is_reached_and_only_final_ones_have_no_step():
    assert {now for now, _ in lifecycle.STEPS} == set(Status) - FINAL
    assert set(lifecycle.STEPS.values()) == set(Status)
    assert {step for _, step in lifecycle.STEPS} == set(Step)
    for now in FINAL:
        for step in Step:
            with pytest.raises(Conflict, match="draft-step-out-of-order"):
                lifecycle.after(now, step)


def test_every_kind_is_about_something_and_everything_has_its_makers():
    assert set(lifecycle.KINDS) == set(Kind)
    assert set(lifecycle.MAKERS) == set(Subject)
    assert all(lifecycle.MAKERS.values())
    assert {one.key for one in ORGANISATIONS.values() if one.kind is OrganisationKind.BANK} == lifecycle.BANKS


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("subject", Subject)
def test_for_every_owner_there_is_somebody_who_writes_and_never_somebody_elses_officer(owner, subject):
    one = identity(owner, subject)
    people = [
        Actor(role, "p", organisation)
        for role in Role
        for organisation in (*ORGANISATIONS, None)
        if role is not Role.OPERATOR
    ]
    able = {(each.role, each.organisation) for each in people if lifecycle.may_write(one, each)}
    assert able
    assert able <= {(Role.BANK_OFFICER, owner), (Role.AGENCY_OFFICER, owner), (Role.ANALYST, "oie")}
    if owner in lifecycle.BANKS and subject in {Subject.PRODUCT, Subject.BASE_RATE}:
        assert able == {(Role.BANK_OFFICER, owner)}


def test_a_system_and_an_operator_write_and_sign_nothing():
    for actor in (
        Actor(Role.OPERATOR, "system"),
        Actor(Role.BANK_SYSTEM, None, "smed"),
        Actor(Role.BANK_OFFICER, None, "smed"),
    ):
        with pytest.raises(Denied, match="draft-not-yours"):
            lifecycle.check_writes(identity(), actor)
        with pytest.raises(Denied):
            lifecycle.signs_as(identity(), actor, makers=frozenset({"m"}), signed=())


@pytest.mark.parametrize(
    ("owner", "subject", "claims", "wanted"),
    [
        ("smed", Subject.PRODUCT, True, (Signer.OWNER, Signer.MINISTRY)),
        ("smed", Subject.PRODUCT, False, (Signer.OWNER,)),
        ("tcg", Subject.PRODUCT, True, (Signer.OWNER,)),
        ("dip", Subject.MEASURE, True, (Signer.OWNER,)),
        ("smed", Subject.BASE_RATE, False, (Signer.OWNER,)),
    ],
)
def test_who_must_sign(owner, subject, claims, wanted):
    assert lifecycle.needed(identity(owner, subject, claims=claims)) == wanted


def test_one_side_signs_once_and_one_person_never_for_both():
    one = identity(claims=True)
    bank = Signature("b", "smed", Signer.OWNER, NOW)
    with pytest.raises(Denied, match="draft-signed-already"):
        lifecycle.signs_as(one, Actor(Role.BANK_OFFICER, "c", "smed"), makers=frozenset(), signed=(bank,))
    assert (
        lifecycle.signs_as(one, Actor(Role.ANALYST, "p", "oie"), makers=frozenset(), signed=(bank,)) is Signer.MINISTRY
    )
    with pytest.raises(Denied, match="draft-own-work"):
        lifecycle.signs_as(one, Actor(Role.ANALYST, "p", "oie"), makers=frozenset({"p"}), signed=())


@pytest.mark.parametrize(("days", "fits"), [(0, True), (7, True), (8, False), (-1, False)])
def test_a_dry_run_holds_for_seven_days(days, fits):
    today = date(2026, 11, 22)

    def check():
        lifecycle.check_dry_run(today - timedelta(days=days), "v", today=today, current="v")

    if fits:
        check()
    else:
        with pytest.raises(Conflict, match="dry-run-old"):
            check()
