"""The hub under test: memorandum in force, one enterprise in its register, two banks' systems registered."""

from __future__ import annotations

import pytest
from bank_systems import ANSWERS, ENTERPRISE, EXIM, FIELDS, HUB, SMED, Bank, product
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from iindustry.exchange import services as exchange
from iindustry.funding import services as funding
from iindustry.funding.services import prepare
from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.home import Home
from iindustry.kernel.ids import new_id
from iindustry.protection import services as protection
from iindustry.register import services as register


@pytest.fixture(autouse=True)
def one_connection():
    """The door shares the test's transaction, so the end of a request must not close it (as Django's own client sees to)."""
    kept = ((request_started, close_old_connections), (request_finished, close_old_connections))
    for signal, receiver in kept:
        signal.disconnect(receiver)
    yield
    for signal, receiver in kept:
        signal.connect(receiver)


@pytest.fixture
def hub(db, settings, tmp_path, monkeypatch):
    """The hub in a folder of its own, with the memorandum in force and one enterprise in its register."""
    settings.HOME = Home(tmp_path)
    settings.PUBLIC_URL = HUB
    monkeypatch.setattr(register, "get_enterprise", lambda enterprise_id: ENTERPRISE)
    monkeypatch.setattr(prepare, "product_of", product)
    monkeypatch.setattr(prepare, "keep_answer", lambda *_, **__: None)  # a product of the test has no rule to ask
    protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=SystemClock())
    return HUB


@pytest.fixture
def exim(hub):
    return Bank(EXIM, "exim")


@pytest.fixture
def smed(hub):
    return Bank(SMED, "smed")


@pytest.fixture
def owner():
    return Actor(Role.OWNER, person_id=str(new_id()), enterprise_id="ENT-TEST")


@pytest.fixture
def apply(hub, owner):
    """An application sent to a bank, with the case's consent."""

    def applied(lender="exim", fields=FIELDS):
        clock = SystemClock()
        application = funding.start(f"{lender}-loan", actor=owner, clock=clock)
        funding.save_answers(application.id, ANSWERS, actor=owner, clock=clock)
        return funding.send(application.id, consent_fields=fields, actor=owner, clock=clock, announce=exchange.announce)

    return applied
