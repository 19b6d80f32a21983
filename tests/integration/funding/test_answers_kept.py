"""What the rule answered when an application was sent: kept with the sending, refused where it is no, given again later."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.funding import services as funding
from iindustry.funding.models import ApplicationRow
from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Conflict, NotFound
from iindustry.kernel.ids import new_id
from iindustry.ledger.models import LedgerEntry
from iindustry.programmes import published
from iindustry.programmes import services as programmes
from iindustry.programmes.models import AnswerRecord, RuleDocument
from iindustry.register import services as register
from iindustry.web.audit import VERDICTS
from tests.integration.funding import funding_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed_firm(monkeypatch):
    """The register of the tests with one value more: the firm has closed, so no product's rule can be met."""

    def closed(enterprise_id):
        found = funding_world.enterprise(enterprise_id)
        known = found.values["entity.juristic_id"]
        return replace(
            found,
            values={**found.values, "entity.status": replace(known, field="entity.status", value="closed")},
        )

    monkeypatch.setattr(register, "get_enterprise", closed)


def test_sending_keeps_the_answer_its_documents_and_an_entry(world):
    application = world.sent()
    kept = AnswerRecord.objects.get(application_id=application.id)
    body = json.loads(bytes(kept.body))
    assert body["programme"] == "SMED-D-LOCAL"
    assert body["eligibility"] in {"yes", "unknown"}
    assert body["inputs"]["asked"]["amount_satang"] == application.requested_satang
    assert set(body["documents"]) == set(RuleDocument.objects.values_list("version", flat=True))
    entry = json.loads(LedgerEntry.objects.get(kind="programme.answered").leaf)
    assert kept.sha256 in json.dumps(entry)
    assert "0495560900016" not in bytes(kept.body).decode()


def test_a_no_is_not_sent_and_nothing_is_kept(world, closed_firm):
    draft = world.draft()
    with pytest.raises(Conflict) as refused:
        funding.send(draft.id, consent_fields=funding_world.AGREED, **world.how(world.owner))
    assert refused.value.code == "not-eligible"
    document = programmes.get_programme("SMED-D-LOCAL").written
    assert refused.value.facts["conditions"]
    assert all(f'"id":"{one}"' in document for one in refused.value.facts["conditions"])
    assert ApplicationRow.objects.get(id=draft.id).status == "draft"
    assert not AnswerRecord.objects.exists()


def test_it_is_given_again_when_register_and_rules_have_moved_on(world, monkeypatch):
    for _ in range(2):
        world.sent()
        funding.withdraw(ApplicationRow.objects.latest("started_at").id, **world.how(world.owner))
        world.later(days=1)
    monkeypatch.setattr(register, "get_enterprise", lambda _: None)
    monkeypatch.setattr(published, "find", lambda *_: None)
    found = programmes.replay()
    assert (found.asked, found.same, found.differing, found.without_path) == (2, 2, (), 0)
    assert found.is_whole


def test_a_changed_record_is_found(world):
    world.sent()
    kept = AnswerRecord.objects.get()
    body = json.loads(bytes(kept.body))
    body["eligibility"] = "yes" if body["eligibility"] != "yes" else "unknown"
    AnswerRecord.objects.update(body=json.dumps(body).encode())
    found = programmes.replay(record_id=kept.id)
    assert (found.asked, found.same, found.differing) == (1, 0, (kept.id,))


def _entry():
    """The ledger's entry of the one answer kept, and the record it names."""
    entry = LedgerEntry.objects.get(kind="programme.answered")
    return entry.entry_id, json.loads(entry.leaf)


def test_a_record_worked_out_anew_from_other_inputs_is_altered_by_the_ledgers_hash(world):
    world.sent()
    _, leaf = _entry()
    kept = AnswerRecord.objects.get()
    assert programmes.check_answer(kept.id, leaf["sha256"]) == "same"
    richer = funding_world.enterprise(funding_world.OURS)
    richer = replace(richer, values={**richer.values, "entity.revenue_satang": replace(
        richer.values["entity.revenue_satang"], value=1)})  # fmt: skip
    forged = programmes.answer_of(richer, "SMED-D-LOCAL", as_of=world.clock.today(), clock=world.clock)
    AnswerRecord.objects.update(body=forged.body, sha256=forged.sha256)
    assert programmes.replay(record_id=kept.id).is_whole  # it agrees with itself
    assert programmes.check_answer(kept.id, leaf["sha256"]) == "altered"
    AnswerRecord.objects.all().delete()
    assert programmes.check_answer(kept.id, leaf["sha256"]) == "gone"


def test_documents_that_are_gone_leave_no_path(world):
    world.sent()
    _, leaf = _entry()
    RuleDocument.objects.all().delete()
    assert programmes.check_answer(UUID(leaf["record"]), leaf["sha256"]) == "no-path"


@pytest.mark.parametrize(("language", "button"), [("th", "ตรวจคำตอบนี้"), ("en", "Check this answer")])
def test_the_auditor_checks_a_kept_answer_and_reads_no_value_of_it(world, language, button):
    accounts.enrol("nida", "ทดสอบ", "Test", Role.AUDITOR, "auditor", clock=world.clock)
    world.sent()
    entry_id, leaf = _entry()
    client = Client()
    client.force_login(Person.objects.get(username="nida"), "allauth.account.auth_backends.AuthenticationBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert button in client.get(f"/audit/entries/{entry_id}").text
    page = client.post(f"/audit/entries/{entry_id}")
    assert page.status_code == 200
    thai = language == "th"
    assert VERDICTS[programmes.Verdict.SAME][0 if thai else 1] in page.text
    for value in ("4200000000", "42,000,000", "ทดสอบ จำกัด", funding_world.OURS):
        assert value not in page.text
    AnswerRecord.objects.update(sha256=leaf["sha256"], body=b"{}")
    assert VERDICTS[programmes.Verdict.ALTERED][0 if thai else 1] in client.post(f"/audit/entries/{entry_id}").text


def test_an_entry_of_another_kind_has_no_answer_to_check(world):
    accounts.enrol("nida", "ทดสอบ", "Test", Role.AUDITOR, "auditor", clock=world.clock)
    client = Client()
    client.force_login(Person.objects.get(username="nida"), "allauth.account.auth_backends.AuthenticationBackend")
    other = LedgerEntry.objects.exclude(kind="programme.answered").first()
    assert client.post(f"/audit/entries/{other.entry_id}").status_code == 404
    assert "ตรวจคำตอบนี้" not in client.get(f"/audit/entries/{other.entry_id}").text


def test_every_verdict_has_words_in_both_languages():
    assert set(VERDICTS) == set(programmes.Verdict)
    assert all(th and en for th, en in VERDICTS.values())


def test_the_same_answer_is_one_record_and_outside_a_transaction_there_is_none(world):
    found = programmes.answer_of(
        funding_world.enterprise(funding_world.OURS), "SMED-D-LOCAL", as_of=world.clock.today(), clock=world.clock
    )
    asked = {"enterprise_id": funding_world.OURS, "purpose": "TEST", "actor": world.owner, "clock": world.clock}
    with transaction.atomic():
        one, two = (programmes.keep_answer(found, **asked) for _ in range(2))
    assert one.record_id == two.record_id
    assert AnswerRecord.objects.count() == 1


def test_no_record_is_absent(world):
    del world
    with pytest.raises(NotFound) as refused:
        programmes.replay(record_id=new_id())
    assert refused.value.code == "answer-absent"
