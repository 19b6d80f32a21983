"""Use cases of `programmes`: the catalogue, answers for one enterprise and for all, drafts and their publication."""

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
from iindustry.programmes.services.reading import catalogue, get_programme, list_programmes, open_rules

__all__ = [
    "ELIGIBILITY",
    "Count",
    "EvaluationReport",
    "catalogue",
    "check",
    "evaluate_all",
    "explain",
    "explain_facts",
    "facts_of",
    "get_programme",
    "list_programmes",
    "open_rules",
    "opportunities",
]
