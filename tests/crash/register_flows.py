"""Flows that change the register: link and publish, a delta, judgements, merge, split, undo, a second person's word.

Each begins from a stage of `staged`. `act` is what a person or a job would simply repeat: what was done already is told as
done, by the refusal a page would show. It returns what was acknowledged; `refused` are the codes that mean done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crash.world import CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable

Case = dict[str, Any]
REASON = "เห็นเอกสารแล้ว"


def home():
    from django.conf import settings

    return settings.HOME


def steward(person="maker"):
    from iindustry.kernel.actors import Actor, Role

    return Actor(
        Role.STEWARD, person_id=f"0190c0de-0000-7000-8000-{person:>012.12}".replace(" ", "0"), organisation="oie"
    )


def build(case=None):
    from iindustry.flows import building
    from iindustry.kernel.actors import SYSTEM

    report = building.build_register(actor=SYSTEM, home=home(), clock=CLOCK, threads=1)
    return {"version": report.version}


def delta(case):
    from iindustry.flows import deltas

    return {"version": deltas.apply_deliveries(home=home(), clock=CLOCK, threads=1).version}


def judge(case):
    from iindustry.linkage import services as linkage
    from iindustry.linkage.outcome import Verdict

    given = linkage.judge(_pair(case), Verdict.NO_MATCH, REASON, actor=steward(), clock=CLOCK)
    return {"judgement": str(given)}


def withdraw(case):
    from iindustry.linkage import services as linkage

    linkage.withdraw_judgement(case["judgement"], actor=steward(), clock=CLOCK)
    return {"withdrawn": case["judgement"]}


def merge(case):
    from iindustry.flows import reshaping

    return _told(reshaping.merge(case["merge"], reason=REASON, actor=steward(), home=home(), clock=CLOCK))


def split(case):
    from iindustry.flows import reshaping
    from iindustry.linkage.outcome import RecordId

    parted = [RecordId(*one) for one in case["parted"]]
    return _told(reshaping.split(case["split"], parted, reason=REASON, actor=steward(), home=home(), clock=CLOCK))


def undo(case):
    from iindustry.flows import reshaping

    return _told(reshaping.undo(case["act"], reason=REASON, actor=steward(), home=home(), clock=CLOCK))


def approve(case):
    from iindustry.flows import reshaping

    return _told(reshaping.approve(case["act"], actor=steward("checker"), home=home(), clock=CLOCK))


def _told(report):
    return {"act": report.act_id, "status": report.status.value, "version": report.version}


@dataclass(frozen=True)
class Staged:
    """One flow: the stage it begins from, the act, and the codes of refusals that say it was done before."""

    name: str
    start: str
    do: Callable[[Case], Case]
    refused: frozenset[str] = frozenset()

    def warm(self):
        """Nothing that is not warm already: Polars comes in the child alone."""

    def ready(self):
        import polars  # noqa: F401, ICN001

        import iindustry.flows.building
        import iindustry.flows.deltas
        import iindustry.flows.reshaping  # noqa: F401

    def act(self, case):
        from iindustry.kernel.errors import DomainError

        try:
            return self.do(case)
        except DomainError as error:
            if error.code in self.refused:
                return {"already": error.code}
            raise


REGISTER_FLOWS = {
    one.name: one
    for one in (
        Staged("build", "delivered", build),
        Staged("rebuild", "second", build),
        Staged("delta", "second", delta),
        Staged("judge", "published", judge),
        Staged("withdraw-judgement", "judged", withdraw, frozenset({"judgement-unknown", "pair-unknown"})),
        Staged("merge", "published", merge, frozenset({"merge-needs-two"})),
        Staged("split", "published", split, frozenset({"split-needs-both"})),
        Staged("undo-merge", "merged", undo, frozenset({"act-not-done"})),
        Staged("undo-split", "split", undo, frozenset({"act-not-done"})),
        Staged("propose", "staked", merge),
        Staged("approve", "proposed", approve, frozenset({"act-not-proposed"})),
    )
}


def chosen() -> Case:
    """What the acts are done to, from the register as it stands: a pair of the queue, two enterprises, one to part."""
    import polars as pl

    from iindustry.kernel.home import current_version
    from iindustry.linkage import services as linkage

    folder = home().register / current_version(home())
    held = pl.read_parquet(folder / "enterprises.parquet", columns=["enterprise_id", "juristic_id"]).sort(
        "enterprise_id"
    )
    members = pl.read_parquet(folder / "members.parquet").sort("source", "record_key")
    sizes = members.group_by("enterprise_id").agg(records=pl.len(), sites=pl.col("establishment_id").n_unique())
    told = held.join(sizes, on="enterprise_id").sort("records", "enterprise_id", descending=[True, False])
    numbered = told.filter(pl.col("juristic_id").is_not_null())["enterprise_id"]
    bare = told.filter(pl.col("juristic_id").is_null())["enterprise_id"]
    parted = members.filter((pl.col("enterprise_id") == numbered[0]) & (pl.col("source") != "dbd")).head(2)
    pair = linkage.list_review(limit=1)[0]
    return {
        "pair": [list(pair.left), list(pair.right)],
        "merge": [numbered[1], bare[0]],
        "split": numbered[0],
        "parted": [list(one) for one in parted.select("source", "record_key").iter_rows()],
    }


def apply_for(case: Case) -> Case:
    """An application of an enterprise that is to be merged: from now on a merge needs a second person.

    The registers are silent about it meanwhile, so that no rule of a loan says no.
    """
    import pytest

    from crash.flows import enterprise
    from iindustry.register import services as register

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(register, "get_enterprise", enterprise)
        return _applied_for(case["merge"][0])


def _applied_for(enterprise_id):
    from uuid import uuid4

    from crash.flows import FIELDS, Submit, owner
    from iindustry.exchange.services import announce
    from iindustry.funding import services as funding

    who = owner(enterprise_id)
    one = funding.start(Submit.product, actor=who, clock=CLOCK)
    answers = {
        "amount_satang": "1,500,000", "use_code": funding.product_of(Submit.product).uses[0], "use_words": "เครื่องบรรจุ",
        "tenor_months": "60", "revenue_expected_satang": "45,000,000", "collateral_code": "guarantee", "contact_phone": "0812345678",
    }  # fmt: skip
    funding.save_answers(one.id, answers, actor=who, clock=CLOCK)
    funding.send(one.id, consent_fields=FIELDS, actor=who, clock=CLOCK, announce=announce, key=uuid4())
    return {"application": str(one.id)}


def _pair(case):
    from iindustry.linkage.outcome import RecordId, pair_of

    return pair_of(*(RecordId(*one) for one in case["pair"]))
