"""A small world: one enterprise with its owner, two banks, the memorandum in force. The register is given, not built."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from iindustry.accounts import services as accounts
from iindustry.funding import services as funding
from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.clock import FixedClock
from iindustry.kernel.ids import lasting_id
from iindustry.protection import services as protection
from iindustry.register import services as register
from iindustry.register.enterprise import Enterprise, Establishment, Value

if TYPE_CHECKING:
    from uuid import UUID

    from iindustry.kernel.home import Home

DAY = date(2026, 11, 1)
OURS, THEIRS = lasting_id("ENT", 11), lasting_id("ENT", 12)
ANSWERS = {
    "amount_satang": "1,500,000", "use_code": "machinery", "use_words": "เครื่องบรรจุ 1 เครื่อง", "tenor_months": "60",
    "revenue_expected_satang": "45,000,000", "collateral_code": "guarantee", "contact_phone": "0812345678",
}  # fmt: skip
AGREED = frozenset({"entity.name_th", "entity.revenue_satang", "factory.worker_count", "standard.licences"})


def known(name, content, source="dbd"):
    return Value(name, content, source, "K1", DAY)


def enterprise(enterprise_id):
    site = lasting_id("EST", int.from_bytes(enterprise_id[-2:].encode()))
    return Enterprise(
        enterprise_id, "v1", "บริษัท ทดสอบ จำกัด", "Test Co., Ltd.", "0495560900016", "49",
        values={
            "entity.juristic_id": known("entity.juristic_id", "0495560900016"),
            "entity.name_th": known("entity.name_th", "บริษัท ทดสอบ จำกัด"),
            "entity.revenue_satang": known("entity.revenue_satang", 4_200_000_000),
            "entity.assets_satang": known("entity.assets_satang", 2_100_000_000),
            "standard.licences": known("standard.licences", ("มอก. 1",), "tisi"),
        },
        establishments=(
            Establishment(site, "โรงงาน ก", "10490000125600", "49", {
                "factory.factory_id": known("factory.factory_id", "10490000125600", "diw"),
                "factory.worker_count": known("factory.worker_count", 38, "diw"),
                "factory.horsepower": known("factory.horsepower", Decimal("75.5"), "diw"),
            }),
        ),
    )  # fmt: skip


@dataclass
class World:
    clock: FixedClock
    home: Home
    owner: Actor
    other_owner: Actor
    smed: Actor
    smed_two: Actor
    exim: Actor
    exim_system: Actor
    told: list = field(default_factory=list)

    def announce(self, kind, subject, **facts):
        self.told.append((kind, facts))

    def how(self, actor):
        return {"actor": actor, "clock": self.clock, "announce": self.announce}

    def later(self, **delta):
        self.clock = FixedClock(self.clock.at + timedelta(**delta))

    def draft(self, product="SMED-D-LOCAL", owner=None):
        who = owner or self.owner
        application = funding.start(product, actor=who, clock=self.clock)
        return funding.save_answers(application.id, ANSWERS | self.use_of(product), actor=who, clock=self.clock)

    def use_of(self, product):
        return {"use_code": funding.product_of(product).uses[0]}

    def sent(self, product="SMED-D-LOCAL", owner=None):
        who = owner or self.owner
        return funding.send(self.draft(product, who).id, consent_fields=AGREED, **self.how(who))


def made(clock, home, monkeypatch):
    monkeypatch.setattr(register, "get_enterprise", enterprise)
    protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=clock)

    def person(name, role, organisation, enterprise_id=None):
        person_id = accounts.enrol(name, "ทดสอบ", "Test", role, organisation, clock=clock)
        if enterprise_id:
            accounts.claim_authority(person_id, enterprise_id, "director", "seed", actor=SYSTEM, clock=clock)
        return accounts.actor_of(person_id, clock=clock)

    exim = person("exim-officer", Role.BANK_OFFICER, "exim")
    return World(
        clock=clock,
        home=home,
        owner=person("owner", Role.OWNER, None, OURS),
        other_owner=person("other", Role.OWNER, None, THEIRS),
        smed=person("smed-officer", Role.BANK_OFFICER, "smed"),
        smed_two=person("smed-officer-2", Role.BANK_OFFICER, "smed"),
        exim=exim,
        exim_system=replace(
            exim, role=Role.BANK_SYSTEM, person_id=None, subsystem=accounts.organisation("exim").address + "/loans"
        ),
    )


@dataclass(frozen=True)
class Message:
    name: str
    application_id: UUID
    data: dict
