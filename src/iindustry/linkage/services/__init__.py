"""Use cases of `linkage`: a run, judgements and the queue, what a publication records."""

from iindustry.linkage.services.judging import (
    count_review,
    find_pair,
    judge,
    judgements_in_force,
    list_review,
    withdraw_judgement,
)
from iindustry.linkage.services.recording import earlier_members, record_run, redirected
from iindustry.linkage.services.running import link

__all__ = [
    "count_review",
    "earlier_members",
    "find_pair",
    "judge",
    "judgements_in_force",
    "link",
    "list_review",
    "record_run",
    "redirected",
    "withdraw_judgement",
]
