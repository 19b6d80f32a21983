"""People, cases and papers beside the cast's, made through the services inside a running country; ended when all is done.

Run as a program in the country's own environment: `python extras.py make` prints what it made as JSON, `python extras.py end`
closes every case it opened, so that the desks look as before to whoever plays the story afterwards.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must stand first

from iindustry.accounts import services as accounts  # noqa: E402
from iindustry.exchange import services as exchange  # noqa: E402
from iindustry.funding import services as funding  # noqa: E402
from iindustry.generate import cast  # noqa: E402
from iindustry.kernel.actors import SYSTEM, Actor, Role  # noqa: E402
from iindustry.kernel.clock import SystemClock  # noqa: E402
from iindustry.kernel.home import current_version  # noqa: E402
from iindustry.ledger import services as ledger  # noqa: E402
from iindustry.linkage import services as linkage  # noqa: E402
from iindustry.programmes import published  # noqa: E402
from iindustry.programmes import services as programmes  # noqa: E402
from iindustry.programmes.shape import Kind  # noqa: E402
from iindustry.protection import services as protection  # noqa: E402
from iindustry.register import services as register  # noqa: E402
from iindustry.register.enterprise import CorrectionStatus  # noqa: E402
from iindustry.sources import services as sources  # noqa: E402

CLOCK = SystemClock()
PASSWORD = "matrix-only-in-tests"
ANSWERS = {
    "amount_satang": "1,000,000", "use_words": "เครื่องจักรสำหรับการทดสอบ", "tenor_months": "48",
    "revenue_expected_satang": "30,000,000", "collateral_code": "guarantee", "contact_phone": "021234567",
}  # fmt: skip
LENDER = {"ours": "smed", "theirs": "exim"}
DRAFTED = {"ours": "EXIM-D-SCURVE", "theirs": "SMED-D-UP"}
SENT = 2  # products of the enterprise's lender that its rule does not refuse: a no is not sent
DOORS = {"smed": "anan", "exim": "kanya"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HOW: dict[str, Any] = {"clock": CLOCK, "announce": exchange.announce}


def make() -> dict[str, Any]:
    """Owners of two enterprises of the register, each with a draft, a sent case, a paper, a correction and a look."""
    found = _enterprises()
    chosen = {name: enterprise_id for name, (enterprise_id, _) in found.items()}
    numbers = {name: register.get_enterprise(one).juristic_id for name, one in chosen.items()}
    made: dict[str, Any] = {"enterprises": chosen, "numbers": numbers, "password": PASSWORD}
    _people(chosen)
    objects: dict[str, dict[str, Any]] = {}
    for name, enterprise_id in chosen.items():
        for kind, parts in _case(name, enterprise_id, found[name][1]).items():
            objects.setdefault(kind, {}).update(parts)
    objects["delivery"] = {
        f"of_{source}": {"delivery_id": next(
            one.delivery_id for one in sources.list_deliveries(source=source, limit=20) if one.mends is None
        )}
        for source in ("dip", "diw")
    }  # fmt: skip
    objects["incoming"] = {f"of_{source}": {"incoming": _waiting_file(source)} for source in ("dip", "diw")}
    objects["draft"] = {
        "of_smed": {"draft_id": _draft("anan", "SMED-D-LOCAL")},
        "of_dip": {"draft_id": _draft("wipa", "DIP-D-UPGRADE")},
    }
    objects["pair"] = {"waiting": {"pair_id": str(linkage.list_review(limit=1)[0].pair_id)}}
    objects["entry"] = {"some": {"entry_id": str(ledger.list_entries(limit=1)[0].entry_id)}}
    return made | {"objects": objects}


def end() -> dict[str, Any]:
    """Withdraw the cases that still run and refuse the corrections that still wait."""
    closed = 0
    for name in ("ours", "theirs"):
        actor = accounts.actor_of(_person(name), clock=CLOCK)
        for one in funding.list_for_enterprise(actor=actor):
            if not one.is_closed:
                funding.withdraw(one.id, actor=actor, **HOW)
                closed += 1
        for wish in register.list_corrections(actor.enterprise_id, status=CorrectionStatus.OPEN, limit=20):
            steward = accounts.actor_of(accounts.person_of_door("chai"), clock=CLOCK)
            register.answer_correction(wish.correction_id, False, "ปิดเรื่องทดสอบ", actor=steward, clock=CLOCK)  # noqa: FBT003
    return {"closed": closed}


def _waiting_file(source: str) -> str:
    """A file whose columns wait to be checked."""
    clerk = Actor(Role.AGENCY_OFFICER, person_id="0190c0de-0000-7000-8000-0000000000cc", organisation=source)
    rows = "หัวหนึ่ง,หัวสอง\nก,ข\n".encode()
    return sources.receive([rows], filename="a.csv", source=source, actor=clerk, home=settings.HOME, clock=CLOCK)


def _enterprises() -> dict[str, tuple[str, list[str]]]:
    """For each of the two: a juristic person with a factory, a telephone from DIP and accounts, none of the cast, and the
    products of its lender that it may ask for; the first by id."""
    import polars as pl

    version = settings.HOME.register / str(current_version(settings.HOME))
    members = pl.read_parquet(version / "members.parquet")
    values = pl.read_parquet(version / "values.parquet")
    wanted = pl.read_parquet(version / "enterprises.parquet").filter(
        pl.col("juristic_id").is_not_null(), ~pl.col("juristic_id").is_in([one.juristic_id for one in cast.ENTERPRISES]),
        ~pl.col("is_person"),
    )  # fmt: skip
    with_factory = members.filter(source="diw").select("enterprise_id").unique()
    with_phone = values.filter(field="person.phone", source="dip").select(enterprise_id="subject").unique()
    with_sales = values.filter(field="entity.revenue_satang").select(enterprise_id="subject").unique()
    for having in (with_factory, with_phone, with_sales):
        wanted = wanted.join(having, on="enterprise_id", how="semi")
    answers = pl.read_parquet(version / "eligibility.parquet").filter(pl.col("answer") != "no")
    left = wanted.sort("enterprise_id")["enterprise_id"].to_list()
    found: dict[str, tuple[str, list[str]]] = {}
    for name, lender in LENDER.items():
        loans = [one.id for one in programmes.list_programmes(kind=Kind.LOAN_PRODUCT, open_on=CLOCK.today(), limit=100)
                 if one.owner == lender]  # fmt: skip
        open_to = answers.filter(pl.col("programme").is_in(loans), pl.col("enterprise_id").is_in(left)).sort(
            "programme"
        )
        by_id = {key: part["programme"].to_list() for (key,), part in open_to.group_by("enterprise_id")}
        chosen = next(one for one in left if len(by_id.get(one, [])) >= SENT)
        found[name] = (chosen, by_id[chosen][:SENT])
        left.remove(chosen)
    return found


def _people(chosen: dict[str, str]) -> None:
    """Everybody signs in by password: people without one would stand among the doors of the first page."""

    def person(name: str, role: Role, organisation: str | None = None) -> Any:
        return accounts.enrol(
            f"matrix-{name}", f"ทดสอบ {name}", f"Test {name}", role, organisation, password=PASSWORD, clock=CLOCK
        )

    for name, enterprise_id in chosen.items():
        accounts.claim_authority(person(name, Role.OWNER), enterprise_id, "director", "test", actor=SYSTEM, clock=CLOCK)
    delegate = person("delegate", Role.DELEGATE)
    accounts.claim_authority(delegate, chosen["ours"], "attorney", "test", actor=SYSTEM, clock=CLOCK)
    newcomer = person("newcomer", Role.OWNER)
    herself = accounts.actor_of(newcomer, clock=CLOCK)
    accounts.claim_authority(newcomer, chosen["ours"], "director", "waits", actor=herself, clock=CLOCK)
    person("clerk-diw", Role.AGENCY_OFFICER, "diw")
    person("operator", Role.OPERATOR, "oie")


def _person(name: str) -> Any:
    from iindustry.accounts.models import Person

    return Person.objects.get(username=f"matrix-{name}").id


def _case(name: str, enterprise_id: str, products: list[str]) -> dict[str, dict[str, Any]]:
    actor = accounts.actor_of(_person(name), clock=CLOCK)
    officer = accounts.actor_of(accounts.person_of_door(DOORS[LENDER[name]]), clock=CLOCK)
    sent_to, withdrawn_at = products
    draft = funding.start(DRAFTED[name], actor=actor, clock=CLOCK)
    closed = _sent(sent_to, actor)
    closed_consent = _consents(enterprise_id)[closed.id]
    funding.withdraw(closed.id, actor=actor, **HOW)
    sent, ended = (_sent(product_id, actor) for product_id in (sent_to, withdrawn_at))
    asked = funding.ask_paper(
        sent.id, "quotation", words="", due_on=CLOCK.today() + timedelta(days=7), actor=officer, **HOW
    )
    paper = funding.get_case(asked.id, actor=actor).papers[0]
    funding.supply_paper(
        paper.id, io.BytesIO(PDF), filename="q.pdf", size_bytes=len(PDF), actor=actor, home=settings.HOME, **HOW
    )
    funding.view_dossier(sent.id, actor=officer, clock=CLOCK)
    consents = _consents(enterprise_id)
    live, withdrawn = consents[sent.id], consents[ended.id]
    protection.withdraw_consent(withdrawn, actor=actor, clock=CLOCK, announce=exchange.announce)
    wished = register.request_correction(
        enterprise_id, "person.phone" if name == "ours" else "entity.legal_kind", "0999999999", "ทดสอบ", actor=actor,
        clock=CLOCK,
    )  # fmt: skip
    look = protection.list_disclosures(enterprise_id, limit=1)[0]
    return {
        "application": {
            f"{name}_draft": {"application_id": str(draft.id)},
            f"{name}_sent": {"application_id": str(sent.id), "reference": sent.reference},
            f"{name}_withdrawn_consent": {"application_id": str(ended.id), "reference": ended.reference},
            f"{name}_closed": {"application_id": str(closed.id), "reference": closed.reference},
        },
        "paper": {name: {"application_id": str(sent.id), "paper_id": str(paper.id)}},
        "consent": {
            name: {"consent_id": live},
            f"{name}_withdrawn": {"consent_id": withdrawn},
            f"{name}_closed": {"consent_id": closed_consent},
        },
        "disclosure": {name: {"disclosure_id": str(look.disclosure_id)}},
        "correction": {f"of_{wished.source}": {"correction_id": str(wished.correction_id)}},
        "establishment": {name: {"of": register.get_enterprise(enterprise_id).establishments[0].establishment_id}},
    }


def _consents(enterprise_id: str) -> dict[Any, str]:
    return {
        one.application_id: str(one.consent_id)
        for one in protection.list_consents(enterprise_id=enterprise_id, limit=20)
    }


def _draft(door: str, programme_id: str) -> str:
    """A draft of a rule, for the studio."""
    actor = accounts.actor_of(accounts.person_of_door(door), clock=CLOCK)
    return str(programmes.save_draft(published.text_of(programme_id), actor=actor, clock=CLOCK).draft_id)


def _sent(product_id: str, actor: Any) -> Any:
    begun = funding.start(product_id, actor=actor, clock=CLOCK)
    use = funding.product_of(product_id).uses
    answers = ANSWERS | {"use_code": use[0] if use else "machinery"}
    asked = {one.name for one in funding.form_of(begun.id, actor=actor).typed}
    funding.save_answers(begun.id, {k: v for k, v in answers.items() if k in asked}, actor=actor, clock=CLOCK)
    base, _ = funding.consent_offer(begun.lender, clock=CLOCK)
    return funding.send(begun.id, consent_fields=frozenset(base), actor=actor, **HOW)


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"make": make, "end": end}[sys.argv[1]](), ensure_ascii=False))
