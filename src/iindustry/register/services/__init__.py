"""Use cases of `register`: reading, corrections, publication."""

from iindustry.register.services.corrections import answer_correction, count_open, list_corrections, request_correction
from iindustry.register.services.history import compare, history
from iindustry.register.services.keeping import prune
from iindustry.register.services.publication import publish, publish_change, settle
from iindustry.register.services.reading import (
    find_by_factory_id,
    find_by_juristic_id,
    get_enterprise,
    holders,
    list_cards,
    list_enterprises,
    list_versions,
    name_of,
    names_of,
    record_card,
    search,
)

__all__ = [
    "answer_correction",
    "compare",
    "count_open",
    "find_by_factory_id",
    "find_by_juristic_id",
    "get_enterprise",
    "history",
    "holders",
    "list_cards",
    "list_corrections",
    "list_enterprises",
    "list_versions",
    "name_of",
    "names_of",
    "prune",
    "publish",
    "publish_change",
    "record_card",
    "request_correction",
    "search",
    "settle",
]
