"""What is killed: one class a flow. `act` must be safe to run again: it is what a person or a job would simply repeat.

`prepare` (in the test's process) makes a fresh case and returns it as plain data; `act` (in the child) does it and returns
what was acknowledged; `check` tells what is wrong after the case was repeated.
"""

from __future__ import annotations

import itertools
from uuid import UUID, uuid4

from crash.world import CLOCK
from iindustry.kernel.ids import lasting_id

_NUMBER = itertools.count(1)
PERSON = "0190c0de-0000-7000-8000-0000000000aa"
OFFICER = "0190c0de-0000-7000-8000-0000000000bb"
FIELDS = frozenset({"entity.name_th", "entity.revenue_satang", "factory.worker_count", "standard.licences"})


def owner(enterprise_id):
    from iindustry.kernel.actors import Actor, Role

    return Actor(Role.OWNER, person_id=PERSON, enterprise_id=enterprise_id)


def officer():
    from iindustry.kernel.actors import Actor, Role

    return Actor(Role.BANK_OFFICER, person_id=OFFICER, organisation="smed")


def enterprise(enterprise_id):
    """The register is given, not built: these flows are of SQL alone."""
    from datetime import date

    from iindustry.register.enterprise import Enterprise, Establishment, Value

    def known(name, content):
        return Value(name, content, "dbd", "K1", date(2026, 11, 1))

    site = Establishment("EST-1", "โรงงาน", None, "49", {"factory.worker_count": known("factory.worker_count", 38)})
    values = {
        "entity.name_th": known("entity.name_th", "กิจการ"),
        "entity.revenue_satang": known("entity.revenue_satang", 4_200_000_000),
    }
    return Enterprise(enterprise_id, "v1", "กิจการ", "Enterprise", "0495560900016", "49", values, (site,))


def fresh_enterprise():
    return lasting_id("ENT", 7_000_000 + next(_NUMBER))


def give(case):
    from iindustry.exchange.services import announce
    from iindustry.protection import services as protection

    return protection.give_consent(
        case["enterprise"], recipient="smed", purpose="LOAN_UNDERWRITING", fields=FIELDS, application_id=UUID(case["application"]),
        actor=owner(case["enterprise"]), clock=CLOCK, announce=announce,
    )  # fmt: skip


class Flow:
    """Names what is common: nothing to warm, nothing to ready, nothing to undo."""

    name: str
    least = 3  # points in the sample

    def warm(self):
        """Once, in the process that forks: import what the act needs."""

    def ready(self):
        """In the child, before points are counted."""

    def tidy(self, world):
        """After a kill, what every start of the platform does."""


class Seal(Flow):
    name = "seal"

    def warm(self):
        from iindustry.ledger import export, services  # noqa: F401 - imported for the fork

    def prepare(self, world):
        from django.db import transaction

        from iindustry.kernel.actors import SYSTEM
        from iindustry.ledger import services as ledger

        with transaction.atomic():
            refs = [ledger.append("crash.sealed", actor=SYSTEM, at=CLOCK.now(), n=n) for n in range(3)]
        return {"entries": [str(one.entry_id) for one in refs]}

    def act(self, case):
        from iindustry.ledger import services as ledger

        ledger.seal(clock=CLOCK)
        head = ledger.latest_checkpoint()
        return {"size": head.size, "note": head.note}

    def check(self, case, ack):
        from iindustry.ledger import services as ledger
        from iindustry.ledger.models import SealedLeaf

        if SealedLeaf.objects.filter(entry_id__in=case["entries"]).count() != 3:
            yield "an entry is not sealed, or twice"
        if ack and any(fault.code.startswith("head-") for fault in ledger.verify(known=(ack["note"],)).faults):
            yield "the log does not continue the head that was acknowledged"


class Give(Flow):
    name = "consent"

    def warm(self):
        import iindustry.exchange.services
        import iindustry.protection.services  # noqa: F401

    def prepare(self, world):
        return {"enterprise": fresh_enterprise(), "application": str(uuid4())}

    def act(self, case):
        return {"consent": str(give(case).consent_id)}

    def check(self, case, ack):
        from iindustry.exchange.models import Outbox
        from iindustry.protection.models import ConsentState

        states = list(ConsentState.objects.filter(application_id=case["application"]))
        if [one.status for one in states] != ["active"]:
            yield f"{len(states)} consents for one press"
        if ack and str(states[0].consent_id) != ack["consent"]:
            yield "the consent that was acknowledged is not the one that stands"
        if Outbox.objects.filter(kind="consent.given", subject=str(states[0].consent_id)).count() != 1:
            yield "the recipient is told twice, or never"


class Withdraw(Flow):
    name = "withdraw"

    def prepare(self, world):
        case = {"enterprise": fresh_enterprise(), "application": str(uuid4())}
        return case | {"consent": str(give(case).consent_id)}

    def act(self, case):
        from iindustry.exchange.services import announce
        from iindustry.protection import services as protection

        taken = protection.withdraw_consent(
            UUID(case["consent"]), actor=owner(case["enterprise"]), clock=CLOCK, announce=announce
        )
        return {"status": taken.status.value}

    def check(self, case, ack):
        from iindustry.exchange.models import Outbox
        from iindustry.kernel.errors import Denied
        from iindustry.protection.models import ConsentVersion

        if ConsentVersion.objects.filter(consent_id=case["consent"], status="revoked").count() != 1:
            yield "withdrawn twice, or not"
        if Outbox.objects.filter(kind="consent.revoked", subject=case["consent"]).count() != 1:
            yield "the recipient is told twice, or never"
        try:
            look(case)
            yield "data left after a withdrawal"
        except Denied:
            pass


def look(case):
    from iindustry.protection import services as protection

    return protection.disclose(
        enterprise(case["enterprise"]), recipient="smed", purpose="LOAN_UNDERWRITING", service="enterprise-profile",
        consent_id=UUID(case["consent"]), fields=FIELDS, actor=officer(), clock=CLOCK,
    )  # fmt: skip


class Disclose(Withdraw):
    name = "disclose"

    def act(self, case):
        seen = look(case)
        return {"entry": str(seen.entry.entry_id), "fields": sorted(seen.fields)}

    def check(self, case, ack):
        from iindustry.protection.models import ConsentState, Disclosure

        rows = Disclosure.objects.filter(consent_id=case["consent"])
        if not 1 <= rows.count() <= 2:
            yield f"{rows.count()} looks for two calls"
        if ack and not rows.filter(entry_id=ack["entry"]).exists():
            yield "data was handed out and the look is not in the owner's list"
        if ConsentState.objects.get(consent_id=case["consent"]).uses != rows.count():
            yield "uses are not counted as looks"


class Submit(Flow):
    name = "submit"
    product = "SMED-D-LOCAL"

    def warm(self):
        import iindustry.exchange.services
        import iindustry.funding.services  # noqa: F401

    def ready(self):
        from iindustry.register import services as register

        register.get_enterprise = enterprise

    def prepare(self, world):
        from iindustry.funding import services as funding

        self.ready()
        one = fresh_enterprise()
        answers = {
            "amount_satang": "1,500,000", "use_code": funding.product_of(self.product).uses[0], "use_words": "เครื่องบรรจุ",
            "tenor_months": "60", "revenue_expected_satang": "45,000,000", "collateral_code": "guarantee", "contact_phone": "0812345678",
        }  # fmt: skip
        application = funding.start(self.product, actor=owner(one), clock=CLOCK)
        funding.save_answers(application.id, answers, actor=owner(one), clock=CLOCK)
        return {"enterprise": one, "application": str(application.id), "key": str(uuid4())}

    def act(self, case):
        from iindustry.exchange.services import announce
        from iindustry.funding import services as funding

        sent = funding.send(
            UUID(case["application"]), consent_fields=FIELDS, actor=owner(case["enterprise"]), clock=CLOCK, announce=announce,
            key=UUID(case["key"]),
        )  # fmt: skip
        return {"status": sent.status.value, "dossier": sent.dossier_sha256}

    def check(self, case, ack):
        yield from once(case, step="send", message="application.submitted")
        from iindustry.funding.models import ApplicationRow

        row = ApplicationRow.objects.get(id=case["application"])
        if row.status != "sent" or (ack and row.dossier_sha256 != ack["dossier"]):
            yield "what was acknowledged as sent is not what lies at the bank"


class Decide(Submit):
    name = "decide"

    def prepare(self, world):
        case = super().prepare(world)
        super().act({**case, "key": str(uuid4())})
        return case | {"decline": next(_NUMBER) % 2 == 0}

    def act(self, case):
        from iindustry.exchange.services import announce
        from iindustry.funding import services as funding

        how = {"actor": officer(), "clock": CLOCK, "announce": announce, "key": UUID(case["key"])}
        if case["decline"]:
            done = funding.decline(UUID(case["application"]), reason_codes=["R4"], words="กระแสเงินสด", **how)
        else:
            done = funding.approve(UUID(case["application"]), amount_satang=100_000_000, tenor_months=60, **how)
        return {"status": done.status.value}

    def check(self, case, ack):
        from iindustry.funding.models import DecisionRow

        yield from once(case, step="decline" if case["decline"] else "approve", message=None)
        if DecisionRow.objects.filter(application_id=case["application"]).count() != 1:
            yield "decided twice, or not"


def once(case, *, step, message):
    """One event of a step and, where it is told, one message."""
    from iindustry.exchange.models import Outbox
    from iindustry.funding.models import EventRow

    if EventRow.objects.filter(application_id=case["application"], step=step).count() != 1:
        yield f"{step} happened twice, or not"
    if message and Outbox.objects.filter(kind=message, subject=case["application"]).count() != 1:
        yield f"{message} is told twice, or never"


class Apart(Disclose):
    """Known to be bad: it counts the use in one transaction and looks in another. The harness must find it."""

    name = "apart"

    def act(self, case):
        from django.db.models import F

        from iindustry.protection.models import ConsentState

        mine = ConsentState.objects.filter(consent_id=case["consent"])
        mine.update(uses=F("uses") + 1)
        ack = super().act(case)
        mine.update(uses=F("uses") - 1)
        return ack


from crash.lake_flows import LAKE_FLOWS  # noqa: E402 - they build on Flow

FLOWS = {
    one.name: one
    for one in (Seal(), Give(), Withdraw(), Disclose(), Submit(), Decide(), *(made() for made in LAKE_FLOWS))
}
KNOWN_BAD = Apart()
