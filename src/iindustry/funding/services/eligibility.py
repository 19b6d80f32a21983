"""The rule's answer at the moment an application is sent: a no is not sent, and what was answered is kept for the auditor.

Eligibility is the rule's, the decision the lender's: an unknown may be sent, since the lender asks for the missing datum.
Invariant: no application is sent where the rule says no on that day; each one sent has its answer on record.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Conflict
from iindustry.programmes import services as programmes
from iindustry.programmes.tree import Answer

if TYPE_CHECKING:
    from iindustry.funding.models import ApplicationRow
    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.register.enterprise import Enterprise


def keep_answer(row: ApplicationRow, enterprise: Enterprise, *, purpose: str, actor: Actor, clock: Clock) -> None:
    """Ask the product's rule once more with the register of this moment and what was typed, and keep the answer.

    In the transaction of the sending. Raises Conflict `not-eligible` where it is no; `conditions` are the ids of those not met.
    """
    asked = {
        "asked.amount_satang": row.answers.get("amount_satang"),
        "asked.cost_satang": row.answers.get("amount_satang"),
        "asked.tenor_months": row.answers.get("tenor_months"),
    }
    overlay = {name: value for name, value in asked.items() if isinstance(value, int)}
    recorded = programmes.answer_of(enterprise, row.product_id, as_of=clock.today(), clock=clock, overlay=overlay)
    if recorded.eligibility is Answer.NO:
        raise Conflict("not-eligible", product=row.product_id, conditions=_not_met(recorded.body))
    programmes.keep_answer(
        recorded, enterprise_id=row.enterprise_id, purpose=purpose, actor=actor, clock=clock, application_id=row.id
    )


def _not_met(body: bytes) -> list[str]:
    """Ids of the conditions that an answer found not met, each once, in the document's order."""
    return list(dict.fromkeys(one["id"] for one in json.loads(body)["conditions"] if one["answer"] == Answer.NO))
