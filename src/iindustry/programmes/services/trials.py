"""Rules tried on the register by people: counted, noted, and for officers of banks and agencies so many and no more.

Counts in tens hide a firm from one question; many questions, each a little different, would give it away. So each is kept
with its set's hash and its answer, an entry in the ledger beside it, and a person has a budget for a register version
(INSIGHT section 7). Invariant: no count is shown to a person without its row; the same question again is the same row.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db import transaction

from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.ledger import services as ledger
from iindustry.programmes import impact, simulate
from iindustry.programmes.documents import canonical
from iindustry.programmes.models import TrialRow
from iindustry.programmes.published import bundle_of

if TYPE_CHECKING:
    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.programmes.documents import Plain
    from iindustry.programmes.dry_runs import DryRun, Impact
    from iindustry.programmes.shape import Programme

T = TypeVar("T")
BUDGET = 200
"""Different questions that one person may ask of one register version."""
ASKS = ("subject", "parameters", "conditions", "benefit")
"""What of a programme's document decides its counts and sums; its titles, papers and notes do not."""


def is_limited(actor: Actor) -> bool:
    """Whether somebody has a budget: all but the ministry's analyst, who answers for the measure and sees whole counts."""
    return actor.role is not Role.ANALYST


@dataclass(frozen=True, slots=True)
class Tried(Generic[T]):
    """What a trial found, and how many different questions the person may still ask; None where there is no limit."""

    found: T
    left: int | None


def left(actor: Actor, *, home: Home) -> int | None:
    """How many different questions somebody may still ask of the version in force; None where there is no limit."""
    return _left(actor, _asked(actor, current_version(home) or "")) if is_limited(actor) else None


def dry_run(
    rule: Programme,
    *,
    against: Programme | None = None,
    actor: Actor,
    home: Home,
    clock: Clock,
    is_handed_over: bool = False,
) -> Tried[DryRun]:
    """A draft tried for a person. One that is handed over to be signed is noted and never refused: it is kept anyway.

    Raises Conflict `trials-spent`; `register-absent` and `facts-being-made` as `simulate.dry_run`.
    """
    question = question_of(rule, against)
    asked = _asked(actor, current_version(home) or "")
    if not is_handed_over:
        _refuse_spent(actor, asked, question)
    run = simulate.dry_run(rule, home=home, as_of=clock.today(), against=against, waits=False)
    if question not in asked:
        answer = {"yes": run.yes, "no": run.no, "unknown": run.unknown, "winners": run.winners, "losers": run.losers}
        row = TrialRow(document=rule.id, register=run.version, question=question, set_hash=run.set_hash, answer=answer)
        _note(row, actor, clock)
    return Tried(run, _left(actor, asked | {question}))


def impact_of(text: str, *, actor: Actor, home: Home, clock: Clock) -> Tried[Impact]:
    """A definition or base rate tried for a person. Raises as `impact.impact`; Conflict `trials-spent`."""
    question = impact.rests_on(impact.touched(text, as_of=clock.today())[1])
    asked = _asked(actor, current_version(home) or "")
    _refuse_spent(actor, asked, question)
    found = impact.impact(text, home=home, as_of=clock.today())
    if not found.effects:
        return Tried(found, _left(actor, asked))
    if question not in asked:
        answer = {one.programme: [one.before.yes, one.after.yes, one.winners, one.losers] for one in found.effects}
        _note(TrialRow(document=found.name, register=found.version, question=question, answer=answer), actor, clock)
    return Tried(found, _left(actor, asked | {question}))


def question_of(rule: Programme, against: Programme | None) -> str:
    """The hash of what is asked: two texts that differ in words alone ask the same."""
    document = json.loads(rule.written)
    asked: list[Plain] = [document.get(name) for name in ASKS]
    rests: list[Plain] = [*sorted(version for version, _ in bundle_of(rule).documents if version != rule.version)]
    than = None if against is None else bundle_of(against).version
    return "sha256:" + hashlib.sha256(canonical([*asked, rests, than])).hexdigest()


def _asked(actor: Actor, register: str) -> frozenset[str]:
    """The different questions that somebody asked of a version. Theirs are few, or they have no limit and are few enough."""
    rows = TrialRow.objects.filter(person_id=actor.tag, register=register)
    return frozenset(rows.values_list("question", flat=True))


def _left(actor: Actor, asked: frozenset[str]) -> int | None:
    return max(0, BUDGET - len(asked)) if is_limited(actor) else None


def _refuse_spent(actor: Actor, asked: frozenset[str], question: str) -> None:
    if is_limited(actor) and question not in asked and len(asked) >= BUDGET:
        raise Conflict("trials-spent", most=BUDGET)


@transaction.atomic
def _note(row: TrialRow, actor: Actor, clock: Clock) -> None:
    row.person_id, row.organisation, row.at = actor.tag, actor.organisation or "", clock.now()
    TrialRow.objects.bulk_create([row], ignore_conflicts=True)  # two windows may ask the same at once
    ledger.append(
        "programme.tried", actor=actor, at=row.at, subject=row.document, document=row.document, register=row.register,
        question=row.question, set=row.set_hash or None,
    )  # fmt: skip
