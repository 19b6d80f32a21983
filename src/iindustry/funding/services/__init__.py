"""Use cases of `funding`: the enterprise's side, the lender's side, papers, events of bank systems, the snapshot."""

from iindustry.funding.services.bank_events import record_event
from iindustry.funding.services.desk import (
    DossierView,
    OpenedCase,
    analyse,
    approve,
    claim,
    decline,
    disburse,
    open_case,
    view_dossier,
)
from iindustry.funding.services.papers import PaperFile, ask_paper, open_paper, supply_paper
from iindustry.funding.services.prepare import consent_offer, form_of, save_answers, send, start, withdraw
from iindustry.funding.services.products import Product, product_of
from iindustry.funding.services.read import (
    count_for_lender,
    get_application,
    get_case,
    hold_application,
    list_for_enterprise,
    list_for_lender,
    list_open_papers,
    timeline,
    usual_days,
)
from iindustry.funding.services.rows import Announce, nobody
from iindustry.funding.services.snapshots import write_snapshot

__all__ = [
    "Announce",
    "DossierView",
    "OpenedCase",
    "PaperFile",
    "Product",
    "analyse",
    "approve",
    "ask_paper",
    "claim",
    "consent_offer",
    "count_for_lender",
    "decline",
    "disburse",
    "form_of",
    "get_application",
    "get_case",
    "hold_application",
    "list_for_enterprise",
    "list_for_lender",
    "list_open_papers",
    "nobody",
    "open_case",
    "open_paper",
    "product_of",
    "record_event",
    "save_answers",
    "send",
    "start",
    "supply_paper",
    "timeline",
    "usual_days",
    "view_dossier",
    "withdraw",
    "write_snapshot",
]
