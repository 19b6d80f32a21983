"""The life of a document: who may do what, both axes of time, the ledger, and what every process then reads."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import FixedClock
from iindustry.kernel.errors import Conflict, Denied, DomainError, NotFound, Rejected
from iindustry.ledger.services import list_entries
from iindustry.programmes import published, services
from iindustry.programmes.lifecycle import Signer, Status
from iindustry.programmes.models import EditionRow, LibraryState
from iindustry.programmes.programme import CARD
from iindustry.programmes.services import editions, entries, kept, publication
from tests.integration.programmes import test_evaluate_all as whole

pytestmark = pytest.mark.django_db
COMMITS = pytest.mark.django_db(transaction=True)

REGISTER = "2026-11-22.1"
ANAN = Actor(Role.BANK_OFFICER, "anan", "smed")
ORAPIN = Actor(Role.BANK_OFFICER, "orapin", "smed")
KANYA = Actor(Role.BANK_OFFICER, "kanya", "exim")
PRASIT = Actor(Role.ANALYST, "prasit", "oie")
SUDA = Actor(Role.ANALYST, "suda", "oie")
WIPA = Actor(Role.AGENCY_OFFICER, "wipa", "dip")
NIDA = Actor(Role.AUDITOR, "nida", "auditor")
MALEE = Actor(Role.OWNER, "malee", None, "ENT-1")

PRODUCT = """\
# A product of the tests.
schema: i-industry/programme/1
programme: SMED-T-ONE
kind: loan_product
owner: smed
subject: enterprise
title: {th: "สินเชื่อทดสอบ", en: "Test loan"}
policy_lines: [LINES]
provenance: {basis: demo, confirmed_by_owner: false}
legal_references: [{id: L1, instrument: "terms"}]
valid_from: "FROM"
valid_to: "TO"
conditions: {all: [{id: c1, fact: enterprise.revenue_satang, op: ge, value: 100, cite: L1, on_missing: ask}]}
benefit: {amount_satang: 100000000, tenor_months: 60, use_of_funds: [machinery]}
"""
MEASURE = """\
schema: i-industry/programme/1
programme: DIP-T-ONE
kind: measure
owner: dip
subject: enterprise
title: {th: "มาตรการทดสอบ", en: "Test measure"}
policy_lines: [sme_upgrade]
provenance: {basis: demo, confirmed_by_owner: false}
legal_references: [{id: L1, instrument: "terms"}]
valid_from: "2026-01-01"
conditions: {all: [{id: c1, fact: enterprise.worker_count, op: ge, value: 10, cite: L1, on_missing: ask}]}
benefit: {use_of_funds: [training]}
"""
RATE = """\
schema: i-industry/parameter/1
parameter: SMED-T.MLR
owner: smed
unit: percent_a_year
shelf_life_days: 120
values: [{from: "2026-01-01", value: "7.000"}]
"""


def product(lines="", start="2026-01-01", end="2027-12-31"):
    return PRODUCT.replace("LINES", lines).replace("FROM", start).replace("TO", end)


@pytest.fixture(autouse=True)
def installation(settings, home, request, monkeypatch):
    settings.HOME = home
    if not request.node.get_closest_marker("django_db").kwargs.get("transaction"):
        monkeypatch.setattr(published, "_kept", kept.kept)  # these tests never commit, so no file follows
    (home.register).mkdir(parents=True)
    (home.register / "CURRENT").write_text(REGISTER, encoding="ascii")
    return home


@pytest.fixture
def facts(installation):
    """Sixty enterprises in the register's version."""
    folder = installation.register / REGISTER
    folder.mkdir()
    whole.WHOLE["enterprise"].write_parquet(folder / "enterprises.parquet")
    whole.WHOLE["establishment"].write_parquet(folder / "establishments.parquet")


def at(day, hour=3):
    return FixedClock(datetime(2026, 11, day, hour, tzinfo=UTC))


NOON = at(22)


class Run:
    """A dry run of a text, on what is in force when it is handed over; or on `bundle`."""

    def __init__(self, text, register=REGISTER, on=date(2026, 11, 22), bundle=None):
        self.text, self.version, self.as_of, self.given = text, register, on, bundle
        self.programme_version = published.edition_of(text).version

    @property
    def bundle(self):
        return self.given or publication._bundle(self.text, NOON)

    def document(self):
        return {"register": self.version, "bundle": self.bundle, "yes": 3, "no": 2, "unknown": 1}


run_of = Run


def submitted(text, maker=ANAN, clock=NOON):
    draft = services.save_draft(text, actor=maker, clock=clock)
    run = run_of(text, on=clock.today()) if "programme:" in text else None
    return services.submit(draft.draft_id, dry_run=run, actor=maker, clock=clock)


def in_force(text, *, maker=ANAN, signers=(ORAPIN,), clock=NOON):
    draft = submitted(text, maker, clock)
    for one in signers:
        draft = services.publish(draft.draft_id, actor=one, clock=clock)
    assert draft.status is Status.PUBLISHED
    return draft


def refused(code, act, *args, **kwargs):
    with pytest.raises(DomainError) as found:
        act(*args, **kwargs)
    assert found.value.code == code
    return found.value


def test_a_product_comes_into_force_by_two_people_and_every_act_is_in_the_ledger():
    draft = submitted(product())
    refused("draft-own-work", services.publish, draft.draft_id, actor=ANAN, clock=NOON)
    done = services.publish(draft.draft_id, actor=ORAPIN, clock=NOON)

    assert done.status is Status.PUBLISHED
    found = services.get_programme("SMED-T-ONE")
    assert found.version == done.text_version
    assert found in services.open_rules(NOON.today())
    assert published.text_of("SMED-T-ONE") == product()
    kinds = [one.kind for one in reversed(list_entries(subject="SMED-T-ONE"))]
    assert kinds == ["programme.drafted", "programme.submitted", "programme.published"]


def test_a_product_that_claims_a_policy_line_needs_the_office_too():
    draft = submitted(product("green"))
    assert draft.waits_for == (Signer.OWNER, Signer.MINISTRY)
    waiting = services.publish(draft.draft_id, actor=PRASIT, clock=NOON)
    assert (waiting.status, waiting.waits_for) == (Status.SUBMITTED, (Signer.OWNER,))
    refused("draft-signed-already", services.publish, draft.draft_id, actor=SUDA, clock=NOON)
    refused("programme-absent", services.get_programme, "SMED-T-ONE")
    done = services.publish(draft.draft_id, actor=ORAPIN, clock=NOON)
    assert done.status is Status.PUBLISHED
    assert {one.signer for one in done.signatures} == {Signer.OWNER, Signer.MINISTRY}


@pytest.mark.parametrize(
    "actor",
    [KANYA, WIPA, NIDA, MALEE, PRASIT, Actor(Role.BANK_SYSTEM, None, "smed"), Actor(Role.STEWARD, "chai", "oie")],
)
def test_nobody_else_writes_the_product_of_a_bank(actor):
    refused("draft-not-yours", services.save_draft, product(), actor=actor, clock=NOON)


@pytest.mark.parametrize("maker", [WIPA, PRASIT])
def test_a_measure_is_written_by_its_agency_or_the_ministry(maker):
    done = in_force(MEASURE, maker=maker, signers=(SUDA,))
    assert done.owner == "dip"


def test_a_document_stays_with_its_owner():
    """Rights are those of the owner in force, not of the owner that a new text names."""
    theirs = product().replace("owner: smed", "owner: exim")
    early = submitted(theirs, KANYA)
    waiting = services.save_draft(theirs, actor=KANYA, clock=NOON)
    in_force(product())
    boss = Actor(Role.BANK_OFFICER, "boss", "exim")
    for act in (
        lambda: services.save_draft(theirs, actor=KANYA, clock=NOON),
        lambda: services.save_draft(theirs, draft_id=waiting.draft_id, actor=KANYA, clock=NOON),
        lambda: services.submit(waiting.draft_id, dry_run=run_of(theirs), actor=KANYA, clock=NOON),
        lambda: services.publish(early.draft_id, actor=boss, clock=NOON),
    ):
        assert refused("draft-not-yours", act).facts["owner"] == "smed"
    assert services.get_programme("SMED-T-ONE").owner == "smed"


def test_a_packaged_product_and_a_base_rate_stay_with_their_owner_too():
    packaged = published.text_of("SMED-D-GREEN").replace("owner: smed", "owner: exim")
    refused("draft-not-yours", services.save_draft, packaged, actor=KANYA, clock=NOON)
    in_force(RATE)
    rate = RATE.replace("owner: smed", "owner: exim").replace("7.000", "1.000")
    refused("draft-not-yours", services.save_draft, rate, actor=KANYA, clock=NOON)


def test_what_was_ended_whole_stays_with_its_owner():
    in_force(product(start="2027-01-01"))
    EditionRow.objects.update(known=DateTimeTZRange(NOON.now(), at(23).now()))
    theirs = product().replace("owner: smed", "owner: exim")
    refused("draft-not-yours", services.save_draft, theirs, actor=KANYA, clock=NOON)


def test_a_programme_never_takes_the_id_of_a_card_nor_the_reverse():
    card = next(one for one in published.seeds() if one.schema == CARD and "owner: smed" in one.text)
    taken = product().replace("SMED-T-ONE", card.name)
    assert refused("draft-name-taken", services.save_draft, taken, actor=ANAN, clock=NOON).facts["name"] == card.name
    early = services.save_draft(card.text.replace(card.name, "SMED-T-ONE"), actor=ANAN, clock=NOON)
    in_force(product())
    refused("draft-name-taken", services.submit, early.draft_id, dry_run=None, actor=ANAN, clock=NOON)


def test_drafts_are_seen_by_their_owner_the_ministry_and_the_auditor():
    draft = services.save_draft(product(), actor=ANAN, clock=NOON)
    assert all(services.get_draft(draft.draft_id, actor=one) == draft for one in (ANAN, ORAPIN, PRASIT, NIDA))
    for one in (KANYA, WIPA, MALEE):
        refused("draft-absent", services.get_draft, draft.draft_id, actor=one)
        assert services.list_drafts(actor=one, limit=10) == []
    assert [one.draft_id for one in services.list_drafts(actor=NIDA, limit=10)] == [draft.draft_id]
    refused("draft-absent", services.save_draft, product(), draft_id=draft.draft_id, actor=KANYA, clock=NOON)


def test_a_draft_may_be_kept_with_faults_and_not_submitted():
    faulty = product().replace("op: ge", "op: prefix")
    draft = services.save_draft(faulty, actor=ANAN, clock=NOON)
    fault = refused("draft-has-faults", services.submit, draft.draft_id, dry_run=run_of(faulty), actor=ANAN, clock=NOON)
    assert (fault.facts["count"], fault.facts["line"], fault.facts["fault"]) == (1, 13, "rule-operator-type")
    broken = services.save_draft("a: [", draft_id=draft.draft_id, actor=ANAN, clock=NOON)
    assert (broken.text, broken.name, broken.row_version) == ("a: [", "SMED-T-ONE", 2)
    refused("draft-other-document", services.save_draft, product().replace("SMED-T-ONE", "SMED-T-TWO"),
            draft_id=draft.draft_id, actor=ANAN, clock=NOON)  # fmt: skip
    refused(
        "draft-changed-meanwhile",
        services.save_draft,
        product(),
        draft_id=draft.draft_id,
        row_version=1,
        actor=ANAN,
        clock=NOON,
    )


def test_two_documents_are_no_draft():
    refused("draft-one-document", services.save_draft, product() + "---\n" + RATE, actor=ANAN, clock=NOON)


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (None, "dry-run-absent"),
        (run_of(product(), on=date(2026, 11, 14)), "dry-run-old"),
        (run_of(product(), on=date(2026, 11, 23)), "dry-run-old"),
        (run_of(product(), register="2026-11-21.1"), "dry-run-other-register"),
        (run_of(product("green")), "dry-run-other-text"),
    ],
)
def test_a_submission_carries_a_fresh_dry_run_of_this_text_on_this_register(run, code):
    draft = services.save_draft(product(), actor=ANAN, clock=NOON)
    refused(code, services.submit, draft.draft_id, dry_run=run, actor=ANAN, clock=NOON)
    assert services.get_draft(draft.draft_id, actor=ANAN).status is Status.DRAFT


def test_a_dry_run_may_grow_too_old_while_a_draft_waits(installation):
    draft = submitted(product())
    refused("dry-run-old", services.publish, draft.draft_id, actor=ORAPIN, clock=at(30))
    (installation.register / "CURRENT").write_text("2026-11-23.1", encoding="ascii")
    refused("dry-run-other-register", services.publish, draft.draft_id, actor=ORAPIN, clock=NOON)


@pytest.mark.usefixtures("facts")
def test_a_dry_run_rests_on_the_definitions_and_rates_of_its_day():
    in_force(RATE, clock=at(21))
    with_rate = product().replace("conditions:", "uses: [SMED-T.MLR, sme_size@2562-revenue]\nconditions:")
    draft, other = submitted(with_rate), submitted(product().replace("SMED-T-ONE", "SMED-T-TWO"))
    assert str(draft.dry_run["bundle"]).startswith("sha256:")
    in_force(RATE.replace("7.000", "9.000"))
    refused("dry-run-other-rules", services.publish, draft.draft_id, actor=ORAPIN, clock=NOON)
    assert services.publish(other.draft_id, actor=ORAPIN, clock=NOON).status is Status.PUBLISHED  # it uses none of them
    services.reject(draft.draft_id, reason="อัตราใหม่", actor=ORAPIN, clock=NOON)
    services.save_draft(with_rate, draft_id=draft.draft_id, actor=ANAN, clock=NOON)
    services.submit(draft.draft_id, dry_run=run_of(with_rate), actor=ANAN, clock=NOON)
    size = next(one for one in published.seeds() if one.name == "sme_size@2562-revenue").text
    in_force(size.replace("micro: 5,", "micro: 6,"), maker=PRASIT, signers=(SUDA,))
    refused("dry-run-other-rules", services.publish, draft.draft_id, actor=ORAPIN, clock=NOON)


def test_a_base_rate_is_named_by_its_code_only_where_the_product_uses_it():
    """So a base rate that is quoted is always part of what a trial rests on."""
    in_force(RATE)
    quoted = product().replace(
        "benefit: {",
        'benefit: {rates: [{rate_bands: [{years: [1, 5], kind: base_plus, base_code: MLR, spread: "0.00"}]}], ',
    )
    draft = services.save_draft(quoted, actor=ANAN, clock=NOON)
    fault = refused("draft-has-faults", services.submit, draft.draft_id, dry_run=None, actor=ANAN, clock=NOON)
    assert fault.facts["fault"] == "rule-unknown-reference"
    used = quoted.replace("conditions:", "uses: [SMED-T.MLR]\nconditions:")
    before = publication._bundle(used, NOON)
    in_force(RATE.replace("7.000", "9.000"))
    assert publication._bundle(used, NOON) != before


def test_a_run_on_rules_that_changed_before_it_was_handed_over_is_refused():
    in_force(RATE, clock=at(21))
    with_rate = product().replace("conditions:", "uses: [SMED-T.MLR]\nconditions:")
    draft = services.save_draft(with_rate, actor=ANAN, clock=NOON)
    stale = run_of(with_rate, bundle=publication._bundle(with_rate, NOON))
    in_force(RATE.replace("7.000", "9.000"))
    refused("dry-run-other-rules", services.submit, draft.draft_id, dry_run=stale, actor=ANAN, clock=NOON)
    services.submit(draft.draft_id, dry_run=run_of(with_rate), actor=ANAN, clock=NOON)


def test_a_run_s_age_is_counted_from_the_day_of_its_facts():
    draft = services.save_draft(product(), actor=ANAN, clock=NOON)
    services.submit(draft.draft_id, dry_run=run_of(product(), on=date(2026, 11, 16)), actor=ANAN, clock=NOON)
    refused("dry-run-old", services.publish, draft.draft_id, actor=ORAPIN, clock=at(24))


@pytest.mark.usefixtures("facts")
def test_a_definition_is_signed_with_what_it_does_to_each_programme():
    size = next(one for one in published.seeds() if one.name == "sme_size@2562-revenue").text
    lower = size.replace("medium: 50000000000", "medium: 1000000000")
    draft = services.save_draft(lower, actor=PRASIT, clock=NOON)
    sent = services.submit(draft.draft_id, dry_run=None, actor=PRASIT, clock=NOON)
    effects = {one["programme"]: one for one in sent.dry_run["effects"]}
    using = {one.id for one in services.open_rules(NOON.today()) if "sme_size@2562-revenue" in one.uses}
    assert using <= effects.keys()
    assert sum(one["losers"] for one in effects.values()) > 0
    assert sum(one["winners"] for one in effects.values()) == 0
    for one in effects.values():
        assert sum(one["before"].values()) == sum(one["after"].values()) == whole.SIZE
        assert one["before"]["yes"] - one["losers"] + one["winners"] == one["after"]["yes"]
    assert services.publish(draft.draft_id, actor=SUDA, clock=NOON).status is Status.PUBLISHED
    assert (sent.dry_run_register, sent.dry_run_on) == (REGISTER, NOON.today())


@pytest.mark.usefixtures("facts")
def test_a_definition_waits_for_another_trial_when_a_programme_that_uses_it_changed():
    size = next(one for one in published.seeds() if one.name == "sme_size@2562-revenue").text
    draft = submitted(size.replace("micro: 5,", "micro: 6,"), PRASIT)
    in_force(product().replace("conditions:", "uses: [sme_size@2562-revenue]\nconditions:"))
    refused("dry-run-other-rules", services.publish, draft.draft_id, actor=SUDA, clock=NOON)
    services.reject(draft.draft_id, reason="ทดลองใหม่", actor=SUDA, clock=NOON)
    services.save_draft(draft.text, draft_id=draft.draft_id, actor=PRASIT, clock=NOON)
    again = services.submit(draft.draft_id, dry_run=None, actor=PRASIT, clock=NOON)
    assert "SMED-T-ONE" in {one["programme"] for one in again.dry_run["effects"]}
    assert services.publish(draft.draft_id, actor=SUDA, clock=NOON).status is Status.PUBLISHED


@pytest.mark.usefixtures("facts")
def test_a_base_rate_that_begins_later_tells_the_rates_of_its_day():
    mlr = next(one for one in published.seeds() if one.name == "SMED-D.MLR").text
    draft = submitted(mlr.replace('value: "7.000"}', 'value: "7.000"}, {from: "2026-12-15", value: "7.250"}'))
    assert draft.dry_run["on"] == "2026-12-15"
    rates = {one["programme"]: one["rates"] for one in draft.dry_run["effects"]}
    assert rates.keys() == {one.id for one in services.open_rules(NOON.today()) if "SMED-D.MLR" in one.uses}
    assert any(rates.values())
    for one in (one for each in rates.values() for one in each):
        assert float(one["after"]) - float(one["before"]) == pytest.approx(0.25)
    assert all(one["winners"] == one["losers"] == 0 for one in draft.dry_run["effects"])


def test_a_base_rate_that_nothing_rests_on_is_signed_with_an_empty_trial():
    assert list(submitted(RATE).dry_run["effects"]) == []


def test_a_rejected_draft_is_mended_submitted_again_and_published():
    draft = submitted(product())
    refused("draft-own-work", services.reject, draft.draft_id, reason="no", actor=ANAN, clock=NOON)
    refused("reason-needed", services.reject, draft.draft_id, reason=" ", actor=ORAPIN, clock=NOON)
    back = services.reject(draft.draft_id, reason="วงเงินสูงไป", actor=ORAPIN, clock=NOON)
    assert (back.status, back.reason) == (Status.REJECTED, "วงเงินสูงไป")
    mended = services.save_draft(
        product().replace("100000000", "50000000"), draft_id=draft.draft_id, actor=ANAN, clock=NOON
    )
    assert (mended.status, mended.dry_run, mended.reason) == (Status.DRAFT, None, "")
    services.submit(draft.draft_id, dry_run=run_of(mended.text), actor=ANAN, clock=NOON)
    assert services.publish(draft.draft_id, actor=ORAPIN, clock=NOON).status is Status.PUBLISHED
    assert services.get_programme("SMED-T-ONE").amount_max_satang == 50_000_000


def test_a_checker_who_wrote_in_it_is_a_maker():
    draft = services.save_draft(product(), actor=ANAN, clock=NOON)
    services.save_draft(product(), draft_id=draft.draft_id, actor=ORAPIN, clock=NOON)
    services.submit(draft.draft_id, dry_run=run_of(product()), actor=ANAN, clock=NOON)
    refused("draft-own-work", services.publish, draft.draft_id, actor=ORAPIN, clock=NOON)


def test_steps_out_of_order_are_refused():
    draft = services.save_draft(product(), actor=ANAN, clock=NOON)
    refused("draft-step-out-of-order", services.publish, draft.draft_id, actor=ORAPIN, clock=NOON)
    done = services.withdraw_draft(draft.draft_id, actor=ANAN, clock=NOON)
    assert done.status is Status.WITHDRAWN
    refused("draft-step-out-of-order", services.save_draft, product(), draft_id=draft.draft_id, actor=ANAN, clock=NOON)


def test_both_axes_of_time():
    """A correction is known from its moment on; what was answered before can still be answered as it was."""
    old, new = product(), product(start="2026-12-01", end="2027-06-30").replace("100000000", "200000000")
    in_force(old, clock=at(20))
    in_force(new, clock=at(22))

    def most(day, known=None):
        return published.library(day, known).programmes["SMED-T-ONE"].amount_max_satang

    november, december = date(2026, 11, 25), date(2026, 12, 25)
    assert (most(november), most(december)) == (100_000_000, 200_000_000)
    assert most(december, at(21).now()) == 100_000_000
    assert "SMED-T-ONE" not in published.library(december, at(19).now()).programmes
    assert published.library(november).programmes["SMED-T-ONE"].valid_to == date(2026, 11, 30)
    assert published.library(date(2027, 9, 1)).programmes["SMED-T-ONE"].is_open(date(2027, 9, 1)) is False
    spans = [(one.valid_from, one.valid_to, one.known_to is None) for one in services.versions_of("SMED-T-ONE")]
    assert spans == [
        (date(2026, 12, 1), date(2027, 6, 30), True),
        (date(2026, 1, 1), date(2026, 11, 30), True),
        (date(2026, 1, 1), date(2027, 12, 31), False),
    ]


def test_a_packaged_product_may_be_replaced_and_its_former_text_stays():
    before = services.get_programme("SMED-D-GREEN")
    text = published.text_of("SMED-D-GREEN").replace("(ฉบับสาธิต)", "(ฉบับแก้ไข)")
    in_force(text, signers=(ORAPIN, PRASIT))
    after = services.get_programme("SMED-D-GREEN")
    assert "ฉบับแก้ไข" in after.title.th
    assert after.version != before.version
    assert published.library(known_at=at(21).now()).programmes["SMED-D-GREEN"].version == before.version
    assert [one.is_packaged for one in services.versions_of("SMED-D-GREEN")] == [False, True]


def test_a_base_rate_goes_the_same_way_and_is_known_from_then_on():
    in_force(RATE, clock=at(20))
    in_force(RATE.replace('"7.000"}]', '"7.000"}, {from: "2026-11-22", value: "7.125"}]'), clock=at(22))
    rate = published.library().shelf.parameters["SMED-T.MLR"][0]
    assert rate.at(date(2026, 11, 22)) == 7125
    former = published.library(known_at=at(21).now()).shelf.parameters["SMED-T.MLR"][0]
    assert former.at(date(2026, 11, 22)) is None  # older than 120 days
    refused("draft-not-yours", services.save_draft, RATE, actor=KANYA, clock=NOON)


@COMMITS
def test_a_document_that_others_use_cannot_be_taken_from_under_them():
    text = published.text_of("SMED-D-GREEN")
    assert "sme_size@2562-revenue" in text
    size = next(one for one in published.seeds() if one.name == "sme_size@2562-revenue").text
    broken = size.replace("sme:", "small_and_medium:")
    assert broken != size
    assert refused("publication-breaks", submitted, broken, PRASIT).facts["cause"] == "rule-unknown-reference"


@pytest.mark.usefixtures("facts")
def test_a_document_that_a_new_programme_uses_meanwhile_cannot_be_taken_from_under_it():
    size = next(one for one in published.seeds() if one.name == "sme_size@2562-revenue").text
    in_force(size.replace("sets: {", "sets: {tiny: [micro], "), maker=PRASIT, signers=(SUDA,))
    draft = submitted(size, PRASIT)
    uses = product().replace("conditions:", "uses: [sme_size@2562-revenue]\nconditions:")
    tiny = "fact: enterprise.size_class, op: in, value: {set: sme_size.tiny}"
    in_force(uses.replace("fact: enterprise.revenue_satang, op: ge, value: 100", tiny))
    fault = refused("publication-breaks", services.publish, draft.draft_id, actor=SUDA, clock=NOON)
    assert fault.facts["cause"] == "rule-unknown-reference"
    assert services.get_draft(draft.draft_id, actor=SUDA).signatures == ()


def test_what_came_into_force_meanwhile_is_not_overwritten():
    in_force(product(), clock=at(20))
    mine, theirs = product().replace("60,", "48,"), product().replace("60,", "72,")
    one, other = submitted(mine), submitted(theirs)
    services.publish(one.draft_id, actor=ORAPIN, clock=NOON)
    refused("draft-base-moved", services.publish, other.draft_id, actor=ORAPIN, clock=NOON)
    same = services.save_draft(mine, actor=ANAN, clock=NOON)
    refused("edition-same", services.submit, same.draft_id, dry_run=run_of(mine), actor=ANAN, clock=NOON)


def test_one_person_suspends_and_two_resume():
    in_force(product())
    refused("draft-not-yours", services.suspend, "SMED-T-ONE", reason="x", actor=KANYA, clock=NOON)
    services.suspend("SMED-T-ONE", reason="วงเงินหมด", actor=PRASIT, clock=at(22, 4))
    found = services.get_programme("SMED-T-ONE")
    assert found.suspension is not None
    assert found.suspension.reason == "วงเงินหมด"
    assert found not in services.open_rules(NOON.today())
    assert published.library(known_at=at(22, 3).now()).programmes["SMED-T-ONE"].suspension is None
    refused("programme-suspended-already", services.suspend, "SMED-T-ONE", reason="x", actor=ANAN, clock=NOON)

    assert services.resume("SMED-T-ONE", reason="ok", actor=ANAN, clock=at(22, 5)).until is None
    refused("resume-needs-another", services.resume, "SMED-T-ONE", reason="ok", actor=ANAN, clock=at(22, 5))
    assert services.get_programme("SMED-T-ONE").suspension is not None
    denied = refused("resume-needs-their-side", services.resume, "SMED-T-ONE", reason="ok", actor=ORAPIN, clock=NOON)
    assert denied.facts["organisation"] == "oie"
    assert services.get_programme("SMED-T-ONE").suspension is not None
    services.resume("SMED-T-ONE", reason="ok", actor=SUDA, clock=at(22, 6))
    assert services.get_programme("SMED-T-ONE").suspension is None
    assert published.library(known_at=at(22, 5).now()).programmes["SMED-T-ONE"].suspension is not None
    refused("programme-not-suspended", services.resume, "SMED-T-ONE", reason="x", actor=ANAN, clock=NOON)


@pytest.mark.parametrize(
    ("by", "first", "second"), [(PRASIT, SUDA, ANAN), (ANAN, PRASIT, ORAPIN), (ANAN, ANAN, ORAPIN)]
)
def test_one_of_the_two_who_resume_is_of_the_side_that_suspended(by, first, second):
    in_force(product())
    services.suspend("SMED-T-ONE", reason="x", actor=by, clock=NOON)
    services.resume("SMED-T-ONE", reason="ok", actor=first, clock=at(22, 4))
    assert services.resume("SMED-T-ONE", reason="ok", actor=second, clock=at(22, 5)).until is not None


def test_a_programme_ends_on_a_day_to_come():
    in_force(product(), clock=at(20))
    refused(
        "last-day-past",
        services.end_programme,
        "SMED-T-ONE",
        last_day=date(2026, 11, 21),
        reason="x",
        actor=ANAN,
        clock=NOON,
    )
    refused(
        "last-day-late",
        services.end_programme,
        "SMED-T-ONE",
        last_day=date(2028, 1, 1),
        reason="x",
        actor=ANAN,
        clock=NOON,
    )
    services.end_programme("SMED-T-ONE", last_day=date(2026, 11, 30), reason="x", actor=ANAN, clock=NOON)
    found = services.get_programme("SMED-T-ONE")
    assert (found.is_open(date(2026, 11, 30)), found.is_open(date(2026, 12, 1))) == (True, False)
    assert published.library(date(2026, 12, 1), at(21).now()).programmes["SMED-T-ONE"].is_open(date(2026, 12, 1))


def ends(last_day):
    return services.end_programme("SMED-T-ONE", last_day=last_day, reason="x", actor=ANAN, clock=NOON)


def test_a_programme_ends_with_its_edition_though_another_was_to_follow():
    """The last day of the edition in force is no day too late: what was to follow it falls away."""
    in_force(product(), clock=at(20))
    in_force(product(start="2026-12-01").replace("60,", "48,"), clock=at(21))
    ended = ends(date(2026, 11, 30))
    assert (ended.valid_from, ended.valid_to) == (date(2026, 1, 1), date(2026, 11, 30))
    assert not published.library(date(2026, 12, 1)).programmes["SMED-T-ONE"].is_open(date(2026, 12, 1))
    assert refused("last-day-late", ends, date(2026, 11, 30)).facts["day"] == "2026-11-30"


def test_a_programme_ends_in_a_gap_between_two_editions():
    in_force(product(end="2026-11-25"), clock=at(20))
    in_force(product(start="2027-01-01").replace("60,", "48,"), clock=at(21))
    assert ends(date(2026, 12, 10)).valid_to == date(2026, 11, 25)
    assert not published.library(date(2027, 2, 1)).programmes["SMED-T-ONE"].is_open(date(2027, 2, 1))


def test_a_programme_that_has_not_begun_is_suspended_and_not_ended():
    in_force(product(start="2027-01-01"))
    assert refused("programme-not-begun", ends, date(2026, 11, 30)).facts["day"] == "2027-01-01"


@pytest.mark.parametrize("day", ["9999-12-31", "2570-12-31", "2200-01-01", "1899-12-31"])
def test_a_day_out_of_all_bounds_is_a_fault_with_its_field(day):
    for text in (product(end=day), product(start=day)):
        draft = services.save_draft(text, actor=ANAN, clock=NOON)
        fault = refused("draft-has-faults", services.submit, draft.draft_id, dry_run=None, actor=ANAN, clock=NOON)
        assert fault.facts["fault"] == "rule-value"
        assert str(fault.facts["field"]) in {"valid_to", "valid_from"}


def test_a_programme_without_an_end_does_not_end_beyond_all_bounds():
    in_force(product().replace('valid_to: "2027-12-31"\n', ""))
    assert services.get_programme("SMED-T-ONE").valid_to is None
    late = {"last_day": date.max, "reason": "x", "actor": ANAN, "clock": NOON}
    refused("last-day-late", services.end_programme, "SMED-T-ONE", **late)


@pytest.mark.parametrize("start", ["2026-01-01", "2027-01-01"])
def test_what_was_ended_meanwhile_does_not_live_again_by_an_older_draft(start):
    in_force(product(), clock=at(20))
    if start > "2026-01-01":  # an edition to come is dropped whole by the end
        in_force(product(start=start).replace("60,", "48,"), clock=at(21))
    draft = submitted(product(end="2028-12-31").replace("60,", "72,"))
    services.end_programme("SMED-T-ONE", last_day=date(2026, 11, 30), reason="x", actor=ANAN, clock=NOON)
    refused("draft-base-moved", services.publish, draft.draft_id, actor=ORAPIN, clock=NOON)
    assert not services.get_programme("SMED-T-ONE").is_open(date(2026, 12, 1))
    in_force(product(end="2028-12-31").replace("60,", "72,"))  # a draft that began after the end


def test_an_edition_is_never_changed_or_deleted_and_never_two_at_once():
    in_force(product())
    row = EditionRow.objects.get(version=services.get_programme("SMED-T-ONE").version)
    for act in (
        lambda: EditionRow.objects.filter(id=row.id).update(text="x"),
        lambda: EditionRow.objects.filter(id=row.id).delete(),
    ):
        with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
            act()
    twin = EditionRow(document=row.document, text="x", version="x", valid=row.valid, known=row.known, number=9)
    with pytest.raises(IntegrityError, match="edition_one_at_a_time"), transaction.atomic():
        twin.save(force_insert=True)


@COMMITS
def test_a_process_that_dies_before_its_file_leaves_everything_in_force(monkeypatch, installation):
    monkeypatch.setattr(kept, "settle", lambda: 1 / 0)
    draft = submitted(product())
    with pytest.raises(ZeroDivisionError):
        services.publish(draft.draft_id, actor=ORAPIN, clock=NOON)
    monkeypatch.undo()
    refused("programme-absent", services.get_programme, "SMED-T-ONE")
    assert services.settle(installation) == 1  # the worker's next beat
    assert services.get_programme("SMED-T-ONE").id == "SMED-T-ONE"
    mark = published.file_in(installation).stat().st_mtime_ns
    assert services.settle(installation) == 1
    assert published.file_in(installation).stat().st_mtime_ns == mark


@COMMITS
@pytest.mark.parametrize("step", [(editions, "edition"), (entries, "record"), (entries, "tell")])
def test_a_decision_that_breaks_half_way_leaves_nothing(step, monkeypatch):
    draft = submitted(product())
    entries = len(list_entries(subject="SMED-T-ONE"))
    monkeypatch.setattr(*step, lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.publish(draft.draft_id, actor=ORAPIN, clock=NOON)
    monkeypatch.undo()
    found = services.get_draft(draft.draft_id, actor=ANAN)
    assert (found.status, found.signatures) == (Status.SUBMITTED, ())
    assert EditionRow.objects.count() == 0
    assert LibraryState.objects.count() == 0
    assert len(list_entries(subject="SMED-T-ONE")) == entries


@COMMITS
def test_two_who_sign_at_once_publish_once():
    draft = submitted(product())
    third = Actor(Role.BANK_OFFICER, "third", "smed")
    outcomes = []

    def sign(actor):
        try:
            outcomes.append(services.publish(draft.draft_id, actor=actor, clock=NOON).status)
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(one,)) for one in (ORAPIN, third)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["draft-step-out-of-order", Status.PUBLISHED]
    assert EditionRow.objects.count() == 1


def test_a_clock_that_was_set_back_does_not_turn_time_around():
    in_force(product(), clock=at(22))
    in_force(product().replace("60,", "48,"), clock=at(20))
    known = [one for one in services.versions_of("SMED-T-ONE") if one.known_to is None]
    assert len(known) == 1
    assert known[0].known_from == at(22).now() + editions.AN_INSTANT


def test_the_file_is_read_back_as_it_was_written(installation):
    in_force(product("green"), signers=(ORAPIN, PRASIT))
    services.suspend("SMED-T-ONE", reason="x", actor=ANAN, clock=NOON)
    found = kept.kept()
    again = published.Kept.of(found.written())
    assert (again.number, dict(again.since), again.editions, again.suspensions) == (
        found.number, dict(found.since), found.editions, found.suspensions,
    )  # fmt: skip
    assert published.number() == found.number == LibraryState.objects.get().number


@COMMITS
def test_reading_the_library_asks_no_database(django_assert_num_queries):
    in_force(product())
    with django_assert_num_queries(0):
        services.catalogue()
        services.versions_of("SMED-T-ONE")
        assert services.get_programme("SMED-T-ONE").suspension is None


def test_nobody_is_asked_for_a_draft_that_is_not_there():
    for act in (services.get_draft, services.withdraw_draft):
        kwargs = {} if act is services.get_draft else {"clock": NOON}
        with pytest.raises(NotFound):
            act("01234567-89ab-7cde-8f01-23456789abcd", actor=ANAN, **kwargs)


def test_refusals_are_of_their_class():
    assert issubclass(Conflict, DomainError)
    assert issubclass(Denied, DomainError)
    assert issubclass(Rejected, DomainError)
    assert timedelta(days=7) == publication.lifecycle.DRY_RUN_HOLDS
