"""The demo country from nothing to a full house: here `generate`, `flows`, `accounts`, `funding` and `exchange` are wired.

The order is that of life: parties and people first, so that the doors open early; files, register and answers; who acts for
whom; the applications that wait at the banks; the past. Repeated, or begun again after a kill, it ends in the same country.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings

from iindustry.accounts import services as accounts
from iindustry.accounts.authority import AuthorityKind
from iindustry.exchange import services as exchange
from iindustry.flows import services as flows
from iindustry.funding import services as funding
from iindustry.generate import cast
from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict
from iindustry.kernel.progress import Progress, silent
from iindustry.ledger import services as ledger
from iindustry.register import services as register

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path
    from uuid import UUID

    from iindustry.generate.country import Country
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home

EXIM = "TH-TEST/BANK/0994000000031/loans"
_PURPOSES = ("LOAN_UNDERWRITING", "LOAN_MONITORING", "OUTCOME_REPORTING")

# Applications that wait when the story begins: enterprise, product, and what its owner typed.
WAITING: tuple[tuple[cast.CastEnterprise, str, Mapping[str, str]], ...] = (
    (cast.CHONPARTS, "EXIM-D-SCURVE", {
        "amount_satang": "20,000,000", "use_code": "machinery", "use_words": "ซื้อเครื่องขึ้นรูปชิ้นส่วนยานยนต์ไฟฟ้า 2 เครื่อง",
        "tenor_months": "84", "revenue_expected_satang": "180,000,000", "collateral_code": "machine",
        "contact_phone": "038000002",
    }),
    (cast.LANNAWOOD, "SMED-D-GREEN", {
        "amount_satang": "3,000,000", "use_code": "green_transition", "use_words": "เปลี่ยนเตาอบไม้เป็นระบบประหยัดพลังงาน",
        "tenor_months": "60", "revenue_expected_satang": "24,000,000", "collateral_code": "guarantee",
        "contact_phone": "053000003",
    }),
)  # fmt: skip


def make(work_id: UUID, *, enterprises: int, seed: int, as_of: date, told: Progress = silent) -> dict[str, Any]:
    """Make the country; its figures. Progress stands in the row of the work, and `told` hears it too."""
    home: Home = settings.HOME
    clock = SystemClock()
    with flows.running(work_id, clock=clock) as (row, outcome):

        def steps(phase: str, done: int = 0, total: int = 0) -> None:
            row(phase, done, total)
            told(phase, done, total)

        outcome.facts.update(enterprises_asked=enterprises, seed=seed)
        steps("parties")
        people = _people(clock)
        flows.set_up_parties(_systems(home), actor=SYSTEM, clock=clock)
        steps("generate", 0, enterprises)
        made = generated(home, enterprises=enterprises, seed=seed, as_of=as_of, progress=steps)
        flows.deliver_all(_handovers(made), actor=SYSTEM, home=home, clock=clock, progress=steps)
        report = flows.build_register(actor=SYSTEM, home=home, clock=clock, progress=steps, truth=made.truth)
        outcome.facts.update(asdict(report))
        steps("people")
        acting = _authority(people, clock)
        steps("applications")
        _applications(acting, clock)
        steps("history")
        outcome.facts["history"] = asdict(flows.import_history(home=home, history=made.history, ministry=made.ministry))
        steps("snapshot")
        flows.snapshot_applications(home=home)
        steps("seal")
        _seal(clock)
        ledger.check(clock=clock)
    return outcome.facts


def truth_of(home: Home) -> Path | None:
    """What the demo country knows of its own records; None where there is no demo country."""
    truth = home.demo / "country" / "truth" / "records.parquet"
    return truth if truth.exists() else None


def generated(home: Home, *, enterprises: int, seed: int, as_of: date, progress: Progress) -> Country:
    """The country's files under `home.demo`; the same size, seed and day give the same bytes."""
    from iindustry.generate.services import make_country

    folder = home.demo / "country"
    told = flows.within("generate", progress)
    return make_country(folder, enterprises=enterprises, seed=seed, as_of=as_of, progress=told)


def _handovers(made: Country) -> list[flows.Handover]:
    return [flows.Handover(one.source, one.path, one.path.name, one.period, one.scope) for one in made.deliveries]


def _people(clock: Clock) -> dict[str, UUID]:
    """Everybody of the cast enrolled, by sign-in name."""
    return {
        one.username: accounts.enrol(
            one.username, one.name_th, one.name_en, one.role, one.organisation, clock=clock, actor=SYSTEM
        )
        for one in cast.PEOPLE
    }


def _authority(people: Mapping[str, UUID], clock: Clock) -> dict[str, Actor]:
    """The owners of the cast bound to their enterprises, found by juristic id; by the enterprise's key."""
    juristic = {one.key: one.juristic_id for one in cast.ENTERPRISES}
    acting = {}
    for one in cast.PEOPLE:
        if one.enterprise is None:
            continue
        enterprise = register.find_by_juristic_id(juristic[one.enterprise])
        if enterprise is None:
            raise Conflict("cast-enterprise-missing", enterprise=one.enterprise)
        person = people[one.username]
        accounts.claim_authority(
            person, enterprise.enterprise_id, AuthorityKind.DIRECTOR, "demo: director of the juristic person",
            actor=SYSTEM, clock=clock,
        )  # fmt: skip
        acting[one.enterprise] = Actor(Role.OWNER, person_id=str(person), enterprise_id=enterprise.enterprise_id)
    return acting


def _applications(acting: Mapping[str, Actor], clock: Clock) -> None:
    """The applications that wait, each sent once with the consent of its case."""
    for enterprise, product_id, answers in WAITING:
        actor = acting[enterprise.key]
        if any(one.product_id == product_id for one in funding.list_for_enterprise(actor=actor, limit=50)):
            continue
        begun = funding.start(product_id, actor=actor, clock=clock)
        funding.save_answers(begun.id, answers, actor=actor, clock=clock)
        base, _ = funding.consent_offer(begun.lender, clock=clock)
        funding.send(begun.id, consent_fields=frozenset(base), actor=actor, clock=clock, announce=exchange.announce)


def _systems(home: Home) -> list[dict[str, Any]]:
    """EXIM's system: keys and registration made by the bank's own tool, as the bank would, in a folder of its own."""
    folder: Path = home.demo / "exim"
    file = folder / "registration.json"
    if not file.exists():
        if find_spec("iindustry_connector") is None:
            return []
        folder.parent.mkdir(parents=True, exist_ok=True)
        asked = [part for one in _PURPOSES for part in ("--purpose", one)]
        if not (folder / "connector.json").exists():
            _connector("init", "--url", settings.PUBLIC_URL, "--address", EXIM, "--organisation", "exim", folder=folder)
        _connector("register", *asked, folder=folder)
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return [document]


def _connector(*arguments: str, folder: Path) -> None:
    subprocess.run(  # noqa: S603 - our own tool
        [sys.executable, "-m", "iindustry_connector", *arguments, "--folder", str(folder)],
        check=True, capture_output=True,
    )  # fmt: skip


def _seal(clock: Clock) -> None:
    while ledger.unsealed_count():
        if ledger.seal(clock=clock) is None:  # another sealer is at it
            return
