"""What a hostile or mistaken caller is answered: the code of the first gate it fails, in Thai and English, and no more."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
from bank_systems import EXIM, HUB, Bank, door
from django.db import connection
from iindustry_connector import Keys, Refused, Unverified, wire
from joserfc import jwt
from joserfc.jwk import ECKey

from iindustry.exchange import services as exchange
from iindustry.exchange.registration import from_jwks
from iindustry.exchange.services import keys as server_keys
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.ids import new_id
from iindustry.ledger import services as ledger
from iindustry.protection import services as protection

UNDERWRITING = "LOAN_UNDERWRITING"
THAI = re.compile(r"[\u0E01-\u0E5B]")


class Spy(httpx.BaseTransport):
    """Stands between bank and hub: may change a request on its way in, an answer on its way out, and keeps both."""

    def __init__(self, inner, *, request=None, response=None):
        self.inner, self.on_request, self.on_response = inner, request, response
        self.sent = []

    def handle_request(self, request):
        body = request.read()
        if self.on_request is not None and "/r1/" in str(request.url):
            request, body = self.on_request(request, body)
        self.sent.append((request.method, str(request.url), list(request.headers.items()), body))
        answer = self.inner.handle_request(request)
        content = b"".join(answer.stream)
        if self.on_response is not None and "/r1/" in str(request.url):
            content = self.on_response(content)
        headers = [(name, value) for name, value in answer.headers.items() if name != "content-length"]
        return httpx.Response(answer.status_code, headers=headers, content=content)


def rebuilt(request, body, *, url=None, content=None, drop=(), headers=None):
    kept = {name: value for name, value in request.headers.items() if name not in {*drop, "content-length"}}
    return (
        httpx.Request(
            request.method, url or request.url, headers={**kept, **(headers or {})}, content=content or body or None
        ),
        content or body,
    )


def refusal_of(client, consent, **kwargs):
    with pytest.raises(Refused) as refused:
        client.get_profile(str(consent), purpose=kwargs.pop("purpose", UNDERWRITING), **kwargs)
    assert_said(refused.value)
    return refused.value


def assert_said(refused):
    """Every refusal says what and what to do, in both languages, and names nobody."""
    assert THAI.search(refused.th), refused.code
    assert re.search(r"[A-Za-z]", refused.en), refused.code
    assert not THAI.search(refused.en), refused.code
    assert THAI.search(refused.problem["next_th"])
    assert refused.problem["next"]
    assert "ENT-TEST" not in json.dumps(refused.problem)


# -- gate 1


def test_keys_that_nobody_registered(exim, apply):
    consent = apply().consent_id
    refused = refusal_of(exim.client(keys=Keys.make()), consent)
    assert (refused.code, refused.status, refused.gate) == ("party-unknown", 401, 1)


def test_another_banks_address_with_ones_own_keys(exim, smed, apply):
    refused = refusal_of(smed.client(address=EXIM), apply().consent_id)
    assert refused.code == "party-unknown"


def test_a_signature_by_a_key_that_is_not_the_callers(exim, smed, apply):
    consent = str(apply().consent_id)
    client = exim.client()
    client.get_profile(consent, purpose=UNDERWRITING)
    client._keys = Keys(smed.keys.sig, exim.keys.dpop)
    assert refusal_of(client, consent).code == "party-unknown"


def test_a_paused_system_and_a_suspended_one(exim, apply):
    from iindustry.exchange.models import Client as Row

    consent = str(apply().consent_id)
    client = exim.client()
    client.get_profile(consent, purpose=UNDERWRITING)
    exchange.pause_client(EXIM, is_paused=True, actor=SYSTEM, clock=SystemClock())
    assert refusal_of(client, consent).code == "maintenance"
    exchange.pause_client(EXIM, is_paused=False, actor=SYSTEM, clock=SystemClock())
    Row.objects.filter(address=EXIM).update(status="suspended")
    assert refusal_of(client, consent).code == "party-suspended"


def test_more_calls_than_agreed(exim, apply):
    from iindustry.exchange.models import Client as Row
    from iindustry.exchange.models import MinuteBudget

    consent = str(apply().consent_id)
    client = exim.client()
    client.get_profile(consent, purpose=UNDERWRITING)
    now = SystemClock().now().replace(second=0, microsecond=0)
    for minute in (now, now + timedelta(minutes=1)):
        MinuteBudget.objects.update_or_create(
            client=Row.objects.get(address=EXIM), minute=minute, defaults={"calls": 600}
        )
    refused = refusal_of(client, consent)
    assert (refused.code, refused.status, refused.is_retryable) == ("rate-limited", 429, True)


def test_strangers_are_counted_and_do_not_fill_the_log(exim, apply):
    from iindustry.exchange.models import RefusedCount

    consent = apply().consent_id
    before = len(ledger.list_entries(limit=500))
    for _ in range(3):
        refusal_of(exim.client(keys=Keys.make()), consent)
    assert len(ledger.list_entries(limit=500)) == before
    assert RefusedCount.objects.get(code="party-unknown").count == 3
    RefusedCount.objects.update(hour=SystemClock().now() - timedelta(hours=2))
    assert exchange.summarise_refusals(clock=SystemClock()) == 1
    assert exchange.summarise_refusals(clock=SystemClock()) == 0
    (leaf,) = ledger.list_entries(kind="exchange.summary", limit=5)
    assert leaf.leaf["counts"] == ["party-unknown=3"]


# -- gate 2


@pytest.mark.parametrize("seconds", [-120, -61, 30])
def test_a_login_of_another_time(exim, apply, seconds):
    assert refusal_of(exim.client(ahead_seconds=seconds), apply().consent_id).code == "assertion-stale"


@pytest.mark.parametrize("seconds", [-30, 5])
def test_clocks_may_differ_a_little(exim, apply, seconds):
    profile = exim.client(ahead_seconds=seconds).get_profile(str(apply().consent_id), purpose=UNDERWRITING)
    assert profile.fields


def test_a_login_for_another_hub(exim, apply, monkeypatch):
    made = wire.assertion
    monkeypatch.setattr(
        wire,
        "assertion",
        lambda keys, *, address, issuer, now: made(keys, address=address, issuer="https://elsewhere", now=now),
    )
    assert refusal_of(exim.client(), apply().consent_id).code == "assertion-audience"


def test_a_login_with_the_token_endpoint_as_audience_is_not_taken(exim, apply, monkeypatch):
    """because FAPI 2.0 leaves one audience only, the issuer."""
    made = wire.assertion
    monkeypatch.setattr(
        wire, "assertion",
        lambda keys, *, address, issuer, now: made(keys, address=address, issuer=f"{issuer}/oauth/token", now=now),
    )  # fmt: skip
    assert refusal_of(exim.client(), apply().consent_id).code == "assertion-audience"


def test_a_login_that_nobody_signed(exim, apply, monkeypatch):
    import base64

    def unsigned(keys, *, address, issuer, now):
        made = int(now.timestamp())
        parts = (
            {"alg": "none", "kid": keys.sig_id},
            {"iss": address, "sub": address, "aud": issuer, "iat": made, "exp": made + 60, "jti": wire.new_id()},
        )
        return (
            ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."
        )

    monkeypatch.setattr(wire, "assertion", unsigned)
    assert refusal_of(exim.client(), apply().consent_id).code == "assertion-invalid"


@pytest.mark.parametrize("part", ["sub", "kid"])
def test_a_login_with_a_nul_in_its_name_is_a_refusal_and_no_fault_of_ours(exim, apply, monkeypatch, part):
    import base64

    def with_nul(keys, *, address, issuer, now):
        del issuer, now
        header, claims = {"alg": "Ed25519", "kid": keys.sig_id}, {"sub": address}
        (header if part == "kid" else claims)[part] = "a\0b"
        return (
            ".".join(
                base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in (header, claims)
            )
            + ".AA"
        )

    monkeypatch.setattr(wire, "assertion", with_nul)
    assert refusal_of(exim.client(), apply().consent_id).code == "assertion-invalid"


def test_a_login_signed_with_the_public_key_as_a_secret(exim, apply, monkeypatch):
    """because confusing the two kinds of key is the oldest hole of JWT libraries."""
    from joserfc.jwk import OctKey

    def confused(keys, *, address, issuer, now):
        made = int(now.timestamp())
        claims = {"iss": address, "sub": address, "aud": issuer, "iat": made, "exp": made + 60, "jti": wire.new_id()}
        secret = OctKey.import_key(keys.sig.as_dict(private=False)["x"])
        return jwt.encode({"alg": "HS256", "kid": keys.sig_id}, claims, secret, algorithms=["HS256"])

    monkeypatch.setattr(wire, "assertion", confused)
    assert refusal_of(exim.client(), apply().consent_id).code == "assertion-invalid"


def test_the_same_login_twice(exim, apply, monkeypatch):
    made = wire.assertion
    kept = {}
    monkeypatch.setattr(wire, "assertion", lambda keys, **rest: kept.setdefault("it", made(keys, **rest)))
    consent = str(apply().consent_id)
    exim.client().get_profile(consent, purpose=UNDERWRITING)
    assert refusal_of(exim.client(), consent).code == "assertion-replayed"


def test_the_very_same_bytes_twice_also_after_a_restart(exim, apply):
    spies = []

    def spy(inner):
        spies.append(Spy(inner))
        return spies[-1]

    exim.client(spy=spy).get_profile(str(apply().consent_id), purpose=UNDERWRITING)
    method, url, headers, body = spies[0].sent[-1]
    door.cache_clear()
    server_keys._load.cache_clear()
    answer = httpx.WSGITransport(app=door()).handle_request(httpx.Request(method, url, headers=headers, content=body))
    problem = json.loads(b"".join(answer.stream))
    assert (answer.status_code, problem["code"]) == (401, "dpop-replayed")


def test_a_stolen_token_without_its_key(exim, smed, apply):
    consent = str(apply().consent_id)
    honest = exim.client()
    honest.get_profile(consent, purpose=UNDERWRITING)
    thief = smed.client()
    thief._tokens = dict(honest._tokens)
    assert refusal_of(thief, consent).code == "token-invalid"
    thief._address, thief._keys = EXIM, Keys(exim.keys.sig, ECKey.generate_key("P-256"))
    assert refusal_of(thief, consent).code == "dpop-invalid"


def test_a_revoked_proof_key_opens_nothing_though_the_system_has_no_other(exim, apply):
    consent = str(apply().consent_id)
    running = exim.client()
    running.get_profile(consent, purpose=UNDERWRITING)
    exchange.revoke_key(exim.keys.dpop.thumbprint(), actor=SYSTEM, clock=SystemClock())
    assert refusal_of(running, consent).code == "dpop-invalid"  # by the token it holds
    assert refusal_of(exim.client(), consent).code == "dpop-invalid"  # and for a new one


def test_an_expired_token_and_one_of_another_issuer(exim, apply, settings):
    consent = str(apply().consent_id)
    client = exim.client()
    client.get_profile(consent, purpose=UNDERWRITING)
    settings.PUBLIC_URL = "https://other.example"
    with pytest.raises(Unverified):  # the refusal is signed over another address than the one called
        client.get_profile(consent, purpose=UNDERWRITING)
    settings.PUBLIC_URL = HUB


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"drop": ("authorization",)}, "token-missing"),
        ({"headers": {"authorization": "Bearer abc"}}, "token-missing"),
        ({"headers": {"authorization": "DPoP abc"}}, "token-invalid"),
        ({"drop": ("dpop",)}, "dpop-invalid"),
        ({"drop": ("signature",)}, "signature-missing"),
        ({"drop": ("x-road-id",)}, "header-missing"),
        ({"headers": {"x-road-id": "not-a-uuid"}}, "header-missing"),
        ({"headers": {"x-road-client": "TH-TEST/BANK/0994000000099/loans"}}, "party-unknown"),
        ({"drop": ("x-road-client",)}, "party-unknown"),
    ],
)
def test_a_header_taken_away_or_changed(exim, apply, change, code):
    consent = apply().consent_id
    client = exim.client(spy=lambda inner: Spy(inner, request=lambda request, body: rebuilt(request, body, **change)))
    with pytest.raises((Refused, Unverified)) as stopped:
        client.get_profile(str(consent), purpose=UNDERWRITING)
    # An answer that could not be bound to the request's signature is not believed by the connector, whatever it says.
    if isinstance(stopped.value, Refused):
        assert stopped.value.code == code
    else:
        assert answer_to(exim, consent, change) == code


def answer_to(bank, consent, change):
    """The hub's own words to a changed request, read without the connector's distrust."""
    said = {}

    def keep(content):
        said.update(json.loads(content))
        return content

    client = bank.client(
        spy=lambda inner: Spy(inner, request=lambda request, body: rebuilt(request, body, **change), response=keep)
    )
    with pytest.raises((Refused, Unverified)):
        client.get_profile(str(consent), purpose=UNDERWRITING)
    return said["code"]


def test_a_token_serves_its_own_consent_and_service_only(exim, apply):
    consent = str(apply().consent_id)
    client = exim.client()
    client.get_profile(consent, purpose=UNDERWRITING)
    ((_, value),) = client._tokens.items()
    other = str(new_id())
    client._tokens[("enterprise-profile", UNDERWRITING, other, ())] = value
    assert refusal_of(client, other).code == "token-scope"
    client._tokens[("event-feed", UNDERWRITING, None, ())] = value
    with pytest.raises(Refused, match="token-scope"):
        client.list_news(purpose=UNDERWRITING)


# -- gate 3


def test_a_query_added_on_the_way(exim, apply):
    consent = apply().consent_id
    change = {"url": f"{HUB}/r1/{exchange.hub_address()}/enterprise-profile/v1/consents/{consent}/enterprise?x=1"}
    assert answer_to(exim, consent, change) == "signature-invalid"


def test_a_path_changed_on_the_way(exim, apply):
    consent = apply().consent_id
    change = {"url": f"{HUB}/r1/{exchange.hub_address()}/enterprise-profile/v1/consents/{new_id()}/enterprise"}
    assert answer_to(exim, consent, change) == "dpop-invalid"


def test_a_body_changed_on_the_way(exim, apply):
    application = apply()

    def flipped(request, body):
        return rebuilt(request, body, content=body.replace(b'"R4"', b'"R2"'))

    client = exim.client(spy=lambda inner: Spy(inner, request=flipped))
    event = decided(client, application.id)
    with pytest.raises(Refused) as refused:
        client.send_events([event], purpose=UNDERWRITING)
    assert (refused.value.code, refused.value.status, refused.value.gate) == ("digest-mismatch", 400, 3)
    assert_said(refused.value)


def test_a_nonce_spent_before_also_after_a_restart(exim, apply, monkeypatch):
    monkeypatch.setattr(wire.secrets, "token_urlsafe", lambda length: "n" * 32)
    consent = str(apply().consent_id)
    client = exim.client()
    client.get_profile(consent, purpose=UNDERWRITING)
    door.cache_clear()
    server_keys._load.cache_clear()
    assert refusal_of(exim.client(), consent).code == "signature-replayed"


@pytest.mark.parametrize("seconds", [-120, 40])
def test_a_signature_of_another_time(exim, apply, monkeypatch, seconds):
    made = wire.sign_request
    monkeypatch.setattr(
        wire, "sign_request", lambda request, keys, *, now: made(request, keys, now=now + timedelta(seconds=seconds))
    )
    assert refusal_of(exim.client(), apply().consent_id).code == "signature-stale"


def test_a_signature_that_covers_too_little(exim, apply, monkeypatch):
    monkeypatch.setattr(wire, "_REQUEST", ("@method", "@target-uri", "x-road-client", "x-road-id"))
    assert refusal_of(exim.client(), apply().consent_id).code == "signature-invalid"


def test_a_host_header_changes_nothing(exim, apply):
    change = {"headers": {"host": "localhost"}}
    client = exim.client(spy=lambda inner: Spy(inner, request=lambda request, body: rebuilt(request, body, **change)))
    assert client.get_profile(str(apply().consent_id), purpose=UNDERWRITING).fields


# -- gates 4 to 6


def test_a_second_bank_and_a_consent_that_never_was_get_the_same_answer(exim, smed, apply):
    theirs, nowhere = apply().consent_id, new_id()
    answers = [refusal_of(smed.client(), one) for one in (theirs, nowhere)]
    for one in answers:
        assert (one.code, one.status, one.gate, one.is_signed) == ("consent-missing", 403, 5, True)
        one.problem.pop("request_id")
    assert answers[0].problem == answers[1].problem


def test_a_consent_that_ended_with_its_case(exim, apply):
    application = apply()
    client = exim.client()
    client.send_events([decided(client, application.id)], purpose=UNDERWRITING)
    assert refusal_of(client, application.consent_id).code == "consent-expired"


def test_a_paused_consent(exim, apply, owner):
    application = apply()
    protection.pause_consent(application.consent_id, actor=owner, clock=SystemClock())
    assert refusal_of(exim.client(), application.consent_id).code == "consent-paused"


def test_a_line_that_was_suspended(exim, apply):
    consent = apply().consent_id
    protection.suspend_line("agr-oie-smed-exim", "A1", actor=SYSTEM, clock=SystemClock())
    assert refusal_of(exim.client(), consent).code == "agreement-missing"


def test_a_purpose_the_system_is_not_registered_for(exim, apply):
    assert refusal_of(exim.client(), apply().consent_id, purpose="KYC").code == "purpose-not-agreed"


def test_a_purpose_the_consent_does_not_name(exim, apply):
    refused = refusal_of(exim.client(), apply().consent_id, purpose="OUTCOME_REPORTING")
    assert refused.code == "purpose-not-agreed"


def test_fields_that_were_not_consented_to(exim, apply):
    assert refusal_of(exim.client(), apply().consent_id, fields=["person.phone"]).code == "fields-none"


def test_a_missing_datum_is_named_and_not_made_up(exim, apply):
    asked = ["entity.size_class", "entity.revenue_satang"]
    profile = exim.client().get_profile(str(apply().consent_id), purpose=UNDERWRITING, fields=asked)
    assert set(profile.fields) == {"entity.size_class"}
    assert profile.missing == ("entity.revenue_satang",)


# -- events


def decided(client, application_id, **data):
    now = SystemClock().now().isoformat()
    said = {"decision": "declined", "decided_at": now, "reason_codes": ["R4"], **data}
    return client.event("loan.application.decided", str(application_id), said)


def result_of(client, event):
    (result,) = client.send_events([event], purpose=UNDERWRITING)
    assert not result.is_accepted
    assert THAI.search(result.th)
    assert not THAI.search(result.en)
    return result


def test_another_banks_case_is_as_absent_as_no_case(exim, smed, apply):
    client, application = smed.client(), apply()
    theirs = result_of(client, decided(client, application.id))
    nowhere = result_of(client, decided(client, new_id()))
    assert theirs.code == nowhere.code == "application-unknown"
    assert (theirs.th, theirs.en, theirs.entry) == (nowhere.th, nowhere.en, nowhere.entry)


def test_a_field_that_may_not_be_held_is_refused_and_nothing_is_kept(exim, apply, owner):
    from iindustry.funding import services as funding

    application = apply()
    client = exim.client()
    assert result_of(client, decided(client, application.id, credit_score=700)).code == "fields-not-allowed"
    assert funding.get_application(application.id, actor=owner).status == "sent"


def test_an_event_after_the_consent_was_withdrawn_is_taken_only_as_an_end_without_a_word(exim, apply, owner):
    from iindustry.funding import services as funding

    application = apply()
    protection.withdraw_consent(application.consent_id, actor=owner, clock=SystemClock())
    client = exim.client()
    result = result_of(client, decided(client, application.id))
    assert result.code == "consent-revoked"
    assert result.entry in {one.leaf_hash for one in ledger.list_entries(kind="exchange.refused", limit=5)}
    wordy = decided(client, application.id, reason_codes=["R0"], reason_words="ลดวงเงินได้")
    assert result_of(client, wordy).code == "consent-revoked"
    silent = decided(client, application.id, reason_codes=["R0"])
    (ended,) = client.send_events([silent], purpose=UNDERWRITING)
    assert ended.is_accepted
    assert funding.get_application(application.id, actor=owner).status == "declined"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"source": "TH-TEST/BANK/0994000000022/loans"}, "event-source"),
        ({"specversion": "0.3"}, "event-invalid"),
        ({"type": "th.go.industry.loan.position"}, "event-type-unknown"),
        ({"id": "x"}, "event-invalid"),
        ({"extra": 1}, "event-invalid"),
        ({"data": {"application_id": "1"}}, "event-invalid"),
        ({"data": []}, "event-invalid"),
    ],
)
def test_an_event_that_is_not_well_formed(exim, apply, change, code):
    client = exim.client()
    assert result_of(client, decided(client, apply().id) | change).code == code


def test_a_refused_event_may_be_sent_again_when_its_cause_is_gone(exim, apply, owner):
    application = apply()
    client = exim.client()
    event = decided(client, application.id)
    protection.pause_consent(application.consent_id, actor=owner, clock=SystemClock())
    assert result_of(client, event).code == "consent-paused"
    protection.resume_consent(application.consent_id, actor=owner, clock=SystemClock())
    (result,) = client.send_events([event], purpose=UNDERWRITING)
    assert result.is_accepted


def test_more_events_than_a_call_may_carry(exim, apply):
    client = exim.client()
    event = decided(client, apply().id)
    with pytest.raises(Refused, match="batch-size"):
        client.send_events([event] * 501, purpose=UNDERWRITING)


# -- the way back


def test_an_answer_changed_on_the_way_is_not_believed(exim, apply):
    def flipped(content):
        return content.replace(b'"small"', b'"large"')

    client = exim.client(spy=lambda inner: Spy(inner, response=flipped))
    with pytest.raises(Unverified, match="answer-wrong"):
        client.get_profile(str(apply().consent_id), purpose=UNDERWRITING)


def test_an_answer_to_another_call_is_not_believed(exim, apply):
    kept = []

    class Swap(Spy):
        def handle_request(self, request):
            answer = super().handle_request(request)
            if "/r1/" in str(request.url):
                answer.read()
                kept.append(answer)
                return kept[0]
            return answer

    consent = str(apply().consent_id)
    client = exim.client(spy=Swap)
    client.get_profile(consent, purpose=UNDERWRITING)
    with pytest.raises(Unverified, match="answer-wrong"):
        client.get_profile(consent, purpose=UNDERWRITING)


# -- the token endpoint, by hand


@pytest.mark.parametrize(
    ("change", "code", "oauth"),
    [
        ({"grant_type": "authorization_code"}, "grant-unsupported", "unsupported_grant_type"),
        ({"authorization_details": "[]"}, "details-invalid", "invalid_authorization_details"),
        ({"authorization_details": "{"}, "details-invalid", "invalid_authorization_details"),
        ({"consent_id": "ENT-TEST"}, "details-invalid", "invalid_authorization_details"),
        ({"client_assertion": "a.b.c"}, "assertion-invalid", "invalid_client"),
        ({"client_assertion_type": "x"}, "assertion-invalid", "invalid_client"),
    ],
)
def test_a_token_request_that_is_wrong(exim, apply, change, code, oauth):
    class Change(Spy):
        def handle_request(self, request):
            body = request.read()
            if request.url.path == "/oauth/token":
                form = {name: values[0] for name, values in parse_qs(body.decode()).items()} | change
                request, _ = rebuilt(request, body, content=urlencode(form).encode())
            return super().handle_request(request)

    refused = refusal_of(exim.client(spy=Change), apply().consent_id)
    assert (refused.code, refused.problem["error"]) == (code, oauth)


# -- registration


def test_a_registration_is_of_an_organisation_that_has_the_address(hub):
    with pytest.raises(Conflict, match="registration-taken"):
        Bank(EXIM, "smed")


def test_a_key_belongs_to_one_system(exim):
    document = from_jwks("TH-TEST/BANK/0994000000022/loans", "smed", ["KYC"], exim.keys.jwks())
    with pytest.raises(Conflict, match="registration-taken"):
        exchange.register_client(document, actor=SYSTEM, clock=SystemClock())


def test_a_registration_file_must_be_signed_with_the_key_it_registers(hub):
    keys, other = Keys.make(), Keys.make()
    stated = {"address": EXIM, "organisation": "exim", "purposes": ["KYC"], "jwks": keys.jwks()}
    good = {"registration": stated, "proof": wire.registration_proof(keys, stated)}
    exchange.register_client(good, actor=SYSTEM, clock=SystemClock())
    for bad in (
        {**good, "proof": wire.registration_proof(other, stated)},
        {**good, "registration": {**stated, "purposes": ["AUDIT"]}},
    ):
        with pytest.raises(Rejected, match="registration-invalid"):
            exchange.register_client(bad, actor=SYSTEM, clock=SystemClock())


def test_nothing_else_is_asked_of_the_database_for_a_stranger(exim, apply, django_assert_max_num_queries):
    consent = apply().consent_id
    client = exim.client()
    client.get_profile(str(consent), purpose=UNDERWRITING)
    client._address = "TH-TEST/BANK/0994000000099/loans"
    with django_assert_max_num_queries(4), pytest.raises(Refused):
        client.get_profile(str(consent), purpose=UNDERWRITING)
    assert connection.in_atomic_block


# -- faults of ours


def test_a_fault_of_ours_is_a_signed_problem_with_a_number_and_no_more(exim, apply, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError("เลขทะเบียนที่ไม่ควรเห็น")

    monkeypatch.setattr(protection, "disclose", broken)
    refused = refusal_of(exim.client(), apply().consent_id)
    assert (refused.code, refused.status, refused.is_signed, refused.is_retryable) == ("internal", 500, True, True)
    assert refused.problem["facts"]["incident"] in refused.en
    assert "ไม่ควรเห็น" not in json.dumps(refused.problem, ensure_ascii=False)


def test_no_answer_without_its_entry_in_the_log(exim, apply, monkeypatch):
    from django.db import OperationalError

    def full(*args, **kwargs):
        raise OperationalError("no space left on device")

    consent = apply().consent_id
    monkeypatch.setattr(ledger, "append", full)
    refused = refusal_of(exim.client(), consent)
    assert (refused.code, refused.status, refused.is_retryable) == ("audit-unavailable", 503, True)


@pytest.mark.parametrize("where", ["/oauth/token", "/r1/TH-TEST/GOV/0994000000014/iind/loan-events/v1/events"])
def test_a_strangers_upload_is_refused_and_is_no_incident(hub, where):
    with httpx.Client(transport=httpx.WSGITransport(app=door()), base_url=HUB) as stranger:
        answer = stranger.post(where, files={"file": b"x"})
    assert answer.status_code == 400
    assert answer.json()["code"] in {"details-invalid", "body-invalid"}
