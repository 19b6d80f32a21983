"""The connector's commands, as a bank's clerk types them: from `init` to a verified receipt."""

from __future__ import annotations

import json
from functools import partial

import httpx
import pytest
from bank_systems import EXIM, HUB, door
from iindustry_connector import Client, cli
from typer.testing import CliRunner

from iindustry.exchange import services as exchange
from iindustry.funding import services as funding
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.clock import SystemClock
from iindustry.ledger import services as ledger
from iindustry.protection import services as protection


@pytest.fixture
def run(hub, tmp_path, monkeypatch):
    """Runs one command with `--json` in a folder of its own; its exit code and what it said."""
    monkeypatch.setattr(cli, "Client", partial(Client, transport=httpx.WSGITransport(app=door())))
    folder = tmp_path / "bank"

    def ran(*words, as_json=True):
        arguments = [*words, "--folder", str(folder), *(["--json"] if as_json else [])]
        done = CliRunner().invoke(cli.app, arguments)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.stdout) if as_json else done.output

    ran.folder = folder
    return ran


@pytest.fixture
def registered(run):
    run("init", "--url", HUB, "--address", EXIM, "--organisation", "exim")
    _, said = run("register", "--purpose", "LOAN_UNDERWRITING", "--purpose", "OUTCOME_REPORTING")
    with open(said["file"], encoding="utf-8") as file:  # noqa: PTH123
        exchange.register_client(json.load(file), actor=SYSTEM, clock=SystemClock())
    return run


def test_keys_are_private_and_never_overwritten(run):
    code, said = run("init", "--url", HUB, "--address", EXIM, "--organisation", "exim")
    assert code == 0
    files = sorted((run.folder / "keys").iterdir())
    assert [oct(one.stat().st_mode & 0o777) for one in files] == ["0o600", "0o600"]
    before = [one.read_bytes() for one in files]
    code, again = run("init", "--url", HUB, "--address", EXIM, "--organisation", "exim")
    assert (code, again["code"]) == (1, "settings-there")
    assert [one.read_bytes() for one in files] == before
    _, registration = run("register", "--purpose", "KYC")
    assert '"d"' not in (run.folder / "registration.json").read_text(encoding="utf-8")
    assert registration["key_id"] == said["key_id"]


def test_keys_that_others_may_read_are_not_used(run):
    run("init", "--url", HUB, "--address", EXIM, "--organisation", "exim")
    (run.folder / "keys" / "sig.jwk").chmod(0o644)
    code, said = run("register", "--purpose", "KYC")
    assert (code, said["code"]) == (1, "keys-open")


def test_from_registration_to_a_verified_receipt(registered, apply, owner, tmp_path):
    application = apply()
    code, profile = registered("get", str(application.consent_id), "--purpose", "LOAN_UNDERWRITING")
    assert (code, profile["fields"]["entity.size_class"]["value"]) == (0, "small")

    decided = {
        "specversion": "1.0", "id": "exim-00000001", "source": EXIM, "type": "th.go.industry.loan.application.decided",
        "data": {"application_id": str(application.id), "occurred_at": "2026-11-22T10:00:00+07:00", "decision": "declined",
                 "decided_at": SystemClock().now().isoformat(), "reason_codes": ["R4"]},
    }  # fmt: skip
    events = tmp_path / "events.ndjson"
    events.write_text(json.dumps(decided) + "\n", encoding="utf-8")
    code, said = registered("events", "send", str(events), "--purpose", "LOAN_UNDERWRITING")
    assert (code, said["results"][0]["accepted"]) == (0, True)
    assert funding.get_application(application.id, actor=owner).status == "declined"

    ledger.seal(clock=SystemClock())
    proof = tmp_path / "proof.tlog-proof"
    (seen,) = protection.list_disclosures("ENT-TEST", limit=5)
    proof.write_text(ledger.receipt(seen.entry_id), encoding="utf-8")
    code, said = registered("verify", str(proof), "--entry", profile["entry"])
    assert (code, said["verdict"], said["leaf"]["purpose"]) == (0, "good", "LOAN_UNDERWRITING")
    proof.write_text(ledger.receipt(seen.entry_id).replace("index ", "index 1"), encoding="utf-8")
    code, said = registered("verify", str(proof))
    assert code == 1
    assert said["th"]


def test_a_withdrawn_consent_is_said_in_both_languages(registered, apply, owner):
    application = apply()
    protection.withdraw_consent(application.consent_id, actor=owner, clock=SystemClock(), announce=exchange.announce)
    code, said = registered("get", str(application.consent_id), "--purpose", "LOAN_UNDERWRITING")
    assert (code, said["code"], said["gate"], said["is_signed"]) == (1, "consent-revoked", 5, True)
    code, text = registered("get", str(application.consent_id), "--purpose", "LOAN_UNDERWRITING", as_json=False)
    assert code == 1
    assert said["th"] in text
    assert said["en"] in text
    code, news = registered("events", "list", "--purpose", "LOAN_UNDERWRITING")
    assert "th.go.industry.consent.revoked" in [one["type"] for one in news["events"]]


def test_a_hub_with_other_keys_is_refused(registered, apply):
    consent = str(apply().consent_id)
    registered("get", consent, "--purpose", "LOAN_UNDERWRITING")
    pinned = registered.folder / "hub.json"
    pinned.write_text(pinned.read_text(encoding="utf-8").replace('"kid": "', '"kid": "x'), encoding="utf-8")
    code, said = registered("get", consent, "--purpose", "LOAN_UNDERWRITING")
    assert (code, said["code"]) == (1, "hub-key-changed")


def test_a_file_that_is_not_events_is_named_with_its_line(registered, tmp_path):
    bad = tmp_path / "bad.ndjson"
    bad.write_text('{"a": 1}\nnot json\n', encoding="utf-8")
    code, said = registered("events", "send", str(bad))
    assert (code, said["code"]) == (1, "file-wrong")
    assert "2" in said["en"]


def test_nothing_works_before_init_and_it_says_so(run):
    code, said = run("get", "x", "--purpose", "KYC")
    assert (code, said["code"]) == (1, "settings-missing")
