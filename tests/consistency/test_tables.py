"""Tables are whole: whatever one table names, its neighbours have a row for, and nothing stands in one that cannot come.

A status without words leaves a person with a code; a bank that one list lacks vanishes from a page without an error.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from django.apps import apps
from django.urls import resolve

from iindustry.accounts import doors
from iindustry.accounts.organisations import ORGANISATIONS, OrganisationKind
from iindustry.api import problem_words
from iindustry.config.words import all_words
from iindustry.exchange import addresses, events, gates, health, problems, rar
from iindustry.flows import phases, works
from iindustry.funding import dossier, loan_events, moves, papers, permissions, promise, reasons, snapshot
from iindustry.generate import cast, past
from iindustry.insight import definitions, disclosure, figures, tables
from iindustry.kernel.actors import Role
from iindustry.ledger import grants as ledger_grants
from iindustry.ledger import proof
from iindustry.ledger.views import FAULTS
from iindustry.linkage.outcome import Reason
from iindustry.programmes import (
    closures,
    columns,
    describe,
    facts,
    frames,
    language,
    opportunities,
    published,
    terms,
    wording,
)
from iindustry.programmes.shape import Kind
from iindustry.programmes.tree import Answer, Op
from iindustry.protection import agreement, consent, decision, purposes, recipients, service_fields
from iindustry.protection import grants as protection_grants
from iindustry.protection.purposes import PURPOSES, Lane
from iindustry.reference import fields as reference
from iindustry.register import gathering, profile, statements
from iindustry.sources import reasons as source_reasons
from iindustry.sources.contracts import contracts
from iindustry.sources.models import Delivery
from iindustry.web import agency, audit, bank, consents, context, developers, policy, public, scoreboard, trust
from iindustry.web import figures as web_figures
from iindustry.web import programmes as web_programmes
from iindustry.web.templatetags import words as page_words

SRC = Path(__file__).resolve().parents[2] / "src" / "iindustry"
BANKS = {key for key, one in ORGANISATIONS.items() if one.kind is OrganisationKind.BANK}
# Who signs in to no page: a bank's system calls the API, the operator runs the command.
PAGELESS = {Role.BANK_SYSTEM, Role.OPERATOR}


def codes_in(pattern: str, *paths: str) -> set[str]:
    """What a pattern's first group finds in files of the product."""
    return {found for path in paths for found in re.findall(pattern, (SRC / path).read_text(encoding="utf-8"))}


# Roles


def test_each_role_with_pages_has_a_menu_and_every_role_a_home():
    assert set(context.MENU) == set(Role) - PAGELESS
    assert set(public.HOME_OF) == set(Role)
    assert set(doors.ROLE_WORDS) == set(Role)
    assert set(consents.ROLE_WORDS) == {role.value for role in Role}


@pytest.mark.parametrize("role", sorted(set(Role) - PAGELESS))
def test_a_menu_leads_only_where_its_role_may_go(role):
    for address in [public.HOME_OF[role], *(one for one, _, _ in context.MENU[role])]:
        roles = resolve(address).func.access_roles
        assert not roles or role in roles, address


def test_every_role_that_has_a_side_in_a_case_is_one_of_the_two():
    assert set(permissions.SIDE_OF.values()) == {moves.Side.ENTERPRISE, moves.Side.LENDER}
    assert {role.value for role in permissions.SIDE_OF} <= {role.value for role in Role}
    assert set(bank._TURNS) == {side.value for side in permissions.SIDE_OF.values()}


# Statuses


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (agency.STATUS_WORDS, Delivery.Status.values),
        (public.AGREEMENT_STATUS, agreement.AgreementStatus),
        (agreement.STATUS_WORDS, agreement.AgreementStatus),
        (consent.STATUS_WORDS, consent.ConsentStatus),
        (consents.COLOURS, consent.ConsentStatus),
        (moves.STATUS_WORDS, moves.Status),
        (moves.STATUS_COLOUR, moves.Status),
        (moves.TURN, moves.Status),
        (moves.STEP_WORDS, moves.Step),
        (moves.SIDE_WORDS, moves.Side),
        (developers.STATES, health.State),
        (trust.LANES, Lane),
        (wording.ANSWER_WORDS, Answer),
        (wording.OPERATORS, Op),
        (tables.MARK_WORDS, set(tables.Mark) - {tables.Mark.SHOWN}),
        (tables.MARK_SIGNS, set(tables.Mark) - {tables.Mark.SHOWN}),
        (proof.VERDICTS, get_args(proof.Verdict)),
        (definitions.UNIT_WORDS, get_args(definitions.Unit)),
        (problem_words._FAULT_IN_X_ROAD, get_args(problems.Fault)),
        (recipients._SUBSYSTEM, OrganisationKind),
    ],
)
def test_a_table_has_a_row_for_each_value_and_no_other(table, values):
    assert {str(key) for key in table} == {str(value) for value in values}


def test_the_promise_names_every_standing_it_can_give():
    days = range(promise.PROMISED_WORKING_DAYS + 2)
    assert {promise._code(status, day) for status, day in product(moves.Status, days)} == set(promise.WORDS)


@pytest.mark.parametrize(
    ("label", "name", "values"),
    [
        ("flows.Work", "work_status", {one.value for one in phases.WorkStatus}),
        ("exchange.Client", "exchange_client_status", {one.value for one in gates.PartyStatus}),
    ],
)
def test_the_database_knows_the_same_statuses(label, name, values):
    constraint = next(one for one in apps.get_model(label)._meta.constraints if one.name == name)
    ((_, allowed),) = constraint.condition.children
    assert set(allowed) == values


def test_every_status_fits_its_column():
    for label, column, values in (
        ("funding.ApplicationRow", "status", moves.Status),
        ("funding.EventRow", "step", moves.Step),
        ("protection.ConsentState", "status", consent.ConsentStatus),
        ("protection.AgreementState", "status", agreement.AgreementStatus),
        ("accounts.Membership", "role", Role),
        ("protection.Disclosure", "actor_role", Role),
        ("protection.Disclosure", "purpose", PURPOSES),
        ("linkage.ReviewPair", "reason", Reason),
    ):
        longest = apps.get_model(label)._meta.get_field(column).max_length
        assert max(len(str(value)) for value in values) <= longest, (label, column)


# Reasons and refusals


def test_the_reasons_of_a_decline_are_r0_to_r12_without_a_gap():
    assert list(reasons.REASONS) == [f"R{number}" for number in range(13)]
    assert all(code == one.code for code, one in reasons.REASONS.items())


def test_every_code_that_is_raised_by_a_table_has_words():
    """The other test reads `raise` lines; these codes come out of tables, so it cannot see them."""
    typed = set(dossier._FAULT_OF.values()) | {"answer-unknown-field", "answer-out-of-range"}
    refused = set(get_args(decision.Reason)) - {"allowed"}
    assert set(decision.GATE) == refused
    assert (typed | refused | set(problems.PROBLEMS)) <= set(all_words())
    assert {one.type for one in dossier.TYPED} == set(dossier._FAULT_OF)


def test_every_problem_says_what_to_do_next():
    wanted = {(one.fault, one.retryable) for one in problems.PROBLEMS.values()}
    assert wanted <= set(problem_words.NEXT)
    assert {one.gate for one in problems.PROBLEMS.values()} == {number for number, _, _ in developers.GATES}


def test_every_fault_of_a_row_has_a_sentence():
    named = {
        code for one in contracts().values() for layout in one.layouts for c in layout.columns for code in c.errors
    }
    assert named
    assert named <= source_reasons.codes()


def test_every_fault_of_the_log_has_words():
    audit_codes = codes_in(r'found\.add\("([a-z-]+)"', "ledger/audit.py")
    audit_codes |= codes_in(r'"((?:checkpoint|head)-(?:size|root|older|forked))"', "ledger/audit.py")
    queue_codes = codes_in(r"SELECT '([a-z-]+)'", "ledger/services.py")
    file_codes = codes_in(r'Fault\("([a-z-]+)"', "ledger/export.py")
    assert audit_codes | queue_codes | file_codes == set(FAULTS)


# Programmes, policy lines, owners


def test_the_five_policy_lines_are_the_same_everywhere():
    assert set(describe.LINE_WORDS) == set(terms.LINES)
    assert tuple(web_figures.LINES) == figures.LINES == terms.LINES
    assert set(figures.MAP_LINES) < set(terms.LINES)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (describe.OWNER_WORDS, terms.OWNERS),
        (describe.KIND_WORDS, Kind),
        (describe.VIA_WORDS, terms.WAYS),
        (describe.HOLDER_WORDS, moves.Side),
        (opportunities._KEYS, terms.ORDER_KEYS),
    ],
)
def test_what_a_document_may_choose_has_words_or_a_meaning(table, values):
    assert {str(key) for key in table} == {str(value) for value in values}


def test_the_catalogue_offers_each_owner_that_has_a_programme():
    owners = {one.owner for one in published.library().programmes.values()}
    assert owners <= set(web_programmes.OWNERS) <= set(terms.OWNERS)


def test_a_loan_of_the_catalogue_is_lent_by_a_bank_of_the_memorandum():
    lent = [
        one for one in published.library().programmes.values() if one.kind is Kind.LOAN_PRODUCT and not one.is_archive
    ]
    assert {one.owner for one in lent} == BANKS
    assert all(set(one.policy_lines) <= set(terms.LINES) for one in lent)
    assert all(name in describe.GUARANTEE_WORDS for one in lent for name in one.benefit.guarantees)


def test_both_engines_and_the_words_know_the_same_operators_and_types():
    assert set(closures.TESTS) == set(columns.TESTS) == set(Op) - {Op.KNOWN}
    assert {op for ops in language.OPERATORS.values() for op in ops} == set(Op)
    types = {one.type for one in facts.vocabulary().values()}
    assert types <= set(facts._ENGINE) & set(frames.ENGINE_TYPES) & set(wording._WRITERS) & set(language.OPERATORS)
    assert set(facts.TAKES) == set(frames.TAKES)


# Organisations, sources, banks


def test_every_register_is_answered_for_by_an_agency_that_takes_part():
    for one in contracts().values():
        owner = ORGANISATIONS[one.agency]
        assert owner.kind in {OrganisationKind.AGENCY, OrganisationKind.MINISTRY}, one.key


def test_the_banks_are_the_same_in_every_list():
    assert set(figures.LENDERS) == set(web_figures.LENDERS) == set(audit._RECIPIENTS) == BANKS


def test_addresses_are_well_formed_and_nobodys_twice():
    subsystems = [recipients.subsystem_of(key) for key in ORGANISATIONS]
    assert len(set(subsystems)) == len(ORGANISATIONS)
    assert all(addresses.parse(one) is not None for one in subsystems)
    assert all(recipients.organisation_of(recipients.subsystem_of(key)).key == key for key in ORGANISATIONS)


def test_every_source_of_a_field_is_a_register_or_says_what_it_is():
    sources = {source for one in reference.FIELDS for source in one.sources}
    assert sources - statements.NOT_SPEAKING == set(contracts())
    named = set(ORGANISATIONS) | set(page_words.NO_ORGANISATION)
    assert sources <= named, "a page would show a key"


def test_every_field_that_a_register_speaks_of_is_read_from_a_column():
    spoken = {one.name for one in reference.FIELDS if set(one.sources) - statements.NOT_SPEAKING}
    assert set(statements.COLUMNS) | set(gathering.SETS) == spoken
    types = set(get_args(reference.Kind))
    assert set(profile._DECODE) == types
    assert types - {"text"} == set(page_words._WRITERS)


def test_everybody_of_the_cast_is_something_somewhere():
    fits = {
        Role.BANK_OFFICER: {OrganisationKind.BANK},
        Role.AGENCY_OFFICER: {OrganisationKind.AGENCY},
        Role.STEWARD: {OrganisationKind.MINISTRY},
        Role.ANALYST: {OrganisationKind.MINISTRY},
        Role.AUDITOR: {OrganisationKind.AUDITOR},
    }
    keys = {one.key for one in cast.ENTERPRISES}
    for one in cast.PEOPLE:
        if one.role is Role.OWNER:
            assert one.organisation is None
            assert one.enterprise in keys
        else:
            assert ORGANISATIONS[one.organisation].kind in fits[one.role], one.username


def test_every_office_of_the_past_has_a_name_on_the_scoreboard():
    assert set(past._OFFICES) <= set(scoreboard._OFFICES)
    assert set(ORGANISATIONS) - {"auditor"} <= set(scoreboard._OFFICES)


# Work


def test_every_kind_of_work_that_is_asked_for_has_words_and_a_job():
    asked = codes_in(
        r'(?:latest_work|begin|_ask)\(\s*"([a-z_]+)"', "config/jobs.py", "cli/country.py", "cli/registers.py",
        "web/public.py", "web/agency.py",
    )  # fmt: skip
    assert asked == set(phases.KINDS)
    assert set(works.REUSED) <= set(phases.KINDS)
    assert set(phases.KINDS) <= codes_in(r'@app\.task\(name="([a-z_]+)"', "config/jobs.py")


# Messages


def test_what_a_bank_may_send_is_what_a_case_can_take():
    for one in events.TYPES.values():
        needed, allowed = loan_events.FACTS[one.name]
        assert needed <= one.needed | {"approved_satang"}, one.name
        assert one.fields - events.COMMON <= needed | allowed, one.name
        agreed = {f"{one.group}.{name}" for name in one.fields - events.COMMON}
        assert agreed <= service_fields.LOAN_FIELDS, one.name
    assert {one.name for one in events.TYPES.values()} == set(loan_events.FACTS) == set(loan_events._READERS)
    named = {name for one in events.TYPES.values() for name in one.fields}
    assert named == set(events._FORM)


def test_a_decision_and_a_stage_that_pass_the_door_are_understood_behind_it():
    candidates = {*loan_events.DECISIONS, *loan_events.STAGES, "maybe", ""}
    assert {one for one in candidates if events._FORM["decision"](one)} == set(loan_events.DECISIONS)
    assert {one for one in candidates if events._FORM["stage"](one)} <= set(loan_events.STAGES)


def test_a_service_has_one_version_of_its_contract():
    for code, service in service_fields.SERVICES.items():
        assert rar.CONTRACTS.get(code, service.version) == service.version
    assert set(rar.CONTRACTS) >= rar.NEEDS_CONSENT
    assert set(PURPOSES) == {code for code, one in purposes.PURPOSES.items() if one.code == code}


# Figures


def test_every_figure_that_is_shown_is_defined():
    shown = {*figures.SCOREBOARD, *figures.FUNNEL, *figures.COVERAGE, *policy.STEPS, *public.STEPS}
    assert shown <= set(definitions.DEFINITIONS)
    assert set(disclosure.RESTS_ON) | set(disclosure.RESTS_ON.values()) <= set(definitions.DEFINITIONS) | {
        "requested_satang"
    }
    assert set(disclosure.RESTS_ON) >= disclosure.MEDIANS
    assert set(policy.BY) == set(figures.BY)
    assert disclosure.RULES["public"].minimum == public.LEAST


def test_the_past_and_the_present_are_one_shape():
    assert set(snapshot.DECISIONS) == {"approved", "declined", "withdrawn"}
    assert apps.get_model("funding.ApplicationRow")._meta.get_field("channel").default in snapshot.CHANNELS


# Papers


def test_a_paper_that_a_register_stands_for_is_never_asked():
    assert not set(papers.SPARED) & set(papers.ASKED)
    known = {one.name for one in reference.FIELDS}
    assert {name for names in papers.SPARED.values() for name in names} <= known


# Rows that are kept for ever


@pytest.mark.parametrize(
    ("package", "kept"),
    [
        ("ledger", set(ledger_grants.RIGHTS["ii_app"]) | set(ledger_grants.RIGHTS["ii_worker"])),
        ("protection", set(protection_grants.TABLES)),
    ],
)
def test_a_grant_names_a_table_that_is_there(package, kept):
    there = {one._meta.db_table for one in apps.get_app_config(package).get_models()}
    assert kept <= there
    assert package != "ledger" or kept == there
