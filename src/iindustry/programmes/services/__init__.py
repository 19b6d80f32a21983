"""Use cases of `programmes`: the catalogue, answers for one enterprise and for all, drafts and their publication."""

from iindustry.programmes.services.answering import (
    Answered,
    Replay,
    Verdict,
    answer_of,
    check_answer,
    keep_answer,
    replay,
)
from iindustry.programmes.services.drafts import get_draft, list_drafts, reject, save_draft, withdraw_draft
from iindustry.programmes.services.evaluating import (
    ELIGIBILITY,
    Count,
    EvaluationReport,
    check,
    evaluate_all,
    explain,
    explain_facts,
    facts_of,
    opportunities,
)
from iindustry.programmes.services.freshness import Answering, answering, is_behind, note_answered
from iindustry.programmes.services.kept import settle
from iindustry.programmes.services.publication import publish, submit
from iindustry.programmes.services.reading import (
    catalogue,
    get_programme,
    list_programmes,
    open_rules,
    versions_of,
)
from iindustry.programmes.services.stopping import end_programme, resume, suspend

__all__ = [
    "ELIGIBILITY",
    "Answered",
    "Answering",
    "Count",
    "EvaluationReport",
    "Replay",
    "Verdict",
    "answer_of",
    "answering",
    "catalogue",
    "check",
    "check_answer",
    "end_programme",
    "evaluate_all",
    "explain",
    "explain_facts",
    "facts_of",
    "get_draft",
    "get_programme",
    "is_behind",
    "keep_answer",
    "list_drafts",
    "list_programmes",
    "note_answered",
    "open_rules",
    "opportunities",
    "publish",
    "reject",
    "replay",
    "resume",
    "save_draft",
    "settle",
    "submit",
    "suspend",
    "versions_of",
    "withdraw_draft",
]
