"""Logins, DPoP proofs and tokens: what holds, and that any change of one of them does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey

from iindustry.exchange import access_tokens, addresses, gates, proofs, rar
from iindustry.exchange.access_tokens import AccessToken
from iindustry.kernel.errors import DomainError

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ISSUER = "https://hub.example"
URL = f"{ISSUER}/r1/x"
KEY = ECKey.generate_key("P-256")
SIG = OKPKey.generate_key("Ed25519")
DETAILS = rar.Details("enterprise-profile", "1.0", "LOAN_UNDERWRITING", (), None)


def dpop(key=KEY, typ="dpop+jwt", alg="ES256", jwk=None, **claims):
    said = {"htm": "GET", "htu": URL, "iat": int(NOW.timestamp()), "jti": "12345678"} | claims
    header = {"alg": alg, "typ": typ, "jwk": jwk or key.as_dict(private=False)}
    return jwt.encode(header, {k: v for k, v in said.items() if v is not None}, key, algorithms=[alg])


def code_of(call):
    with pytest.raises(DomainError) as refused:
        call()
    return refused.value.code


def checked(proof, **kwargs):
    return proofs.check_dpop(proof, **({"method": "GET", "url": URL, "now": NOW} | kwargs))


def test_a_good_proof_names_its_key():
    assert checked(dpop()).thumbprint == KEY.thumbprint()


def test_the_query_and_the_spelling_of_the_host_do_not_matter():
    assert checked(dpop(htu=URL.upper().replace("/R1/X", "/r1/x") + "?a=1"))


@pytest.mark.parametrize(
    "proof",
    [
        dpop(htm="POST"), dpop(htu=URL + "/y"), dpop(htu="http://hub.example/r1/x"), dpop(jti=None), dpop(jti="1"),
        dpop(iat=int(NOW.timestamp()) - 61), dpop(iat=int(NOW.timestamp()) + 11), dpop(iat="now"), dpop(iat=True),
        dpop(typ="JWT"), dpop(jwk=ECKey.generate_key("P-256").as_dict(private=False)),
        dpop(jwk=KEY.as_dict(private=True)), dpop(jwk={"kty": "oct", "k": "AAAA"}), dpop(jwk={"kty": "EC"}), "", "a.b", "ก",
        dpop() + "A", "A" * 5000,
    ],
)  # fmt: skip
def test_a_proof_of_something_else_is_refused(proof):
    assert code_of(lambda: checked(proof)) == "dpop-invalid"


def test_with_a_token_its_hash_must_be_there():
    assert checked(dpop(ath=proofs.token_hash("T")), access_token="T")
    assert code_of(lambda: checked(dpop(), access_token="T")) == "dpop-invalid"
    assert code_of(lambda: checked(dpop(ath=proofs.token_hash("U")), access_token="T")) == "dpop-invalid"


def test_a_symmetric_proof_is_refused():
    secret = OctKey.generate_key(256)
    proof = dpop(secret, alg="HS256", jwk=secret.as_dict())
    assert code_of(lambda: checked(proof)) == "dpop-invalid"


@given(st.integers(0, 2**31), st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_a_bit_of_a_proof_flipped_is_refused_or_means_the_same(place, bit):
    good = dpop().encode()
    place %= len(good)
    bad = bytearray(good)
    bad[place] ^= 1 << bit
    try:
        said = checked(bytes(bad).decode("latin-1"))
    except DomainError as refused:
        said = refused.code
    # The last sign of base64 has bits that decode to nothing: then it is the same proof.
    assert said in {"dpop-invalid", checked(good.decode())}


def login(alg="Ed25519", key=SIG, **claims):
    made = int(NOW.timestamp())
    said = {"iss": "me", "sub": "me", "aud": ISSUER, "iat": made, "exp": made + 60, "jti": "12345678"} | claims
    return jwt.encode({"alg": alg, "kid": key.thumbprint()}, said, key, algorithms=[alg])


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_the_older_name_of_ed25519_is_taken_too():
    assert proofs.check_assertion(login("EdDSA"), SIG, issuer=ISSUER, now=NOW).subject == "me"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "https://elsewhere"}, "assertion-audience"),
        ({"aud": [ISSUER, "https://elsewhere"]}, "assertion-audience"),
        ({"iss": "you"}, "assertion-invalid"),
        ({"iat": int(NOW.timestamp()) - 61}, "assertion-stale"),
        ({"iat": int(NOW.timestamp()) + 11}, "assertion-stale"),
        ({"exp": int(NOW.timestamp()) - 1}, "assertion-stale"),
        ({"exp": int(NOW.timestamp()) + 3600}, "assertion-stale"),
        ({"iat": 10**30}, "assertion-stale"),
        ({"jti": 5}, "assertion-invalid"),
    ],
)
def test_a_login_is_ours_fresh_and_short(claims, code):
    assert code_of(lambda: proofs.check_assertion(login(**claims), SIG, issuer=ISSUER, now=NOW)) == code


def token(**kwargs):
    return access_tokens.issue(AccessToken("t", "me", "jkt", DETAILS), KEY, **({"issuer": ISSUER, "now": NOW} | kwargs))


def read(text, **kwargs):
    return access_tokens.read(text, KEY, **({"issuer": ISSUER, "now": NOW} | kwargs))


def test_a_token_says_what_it_was_given_for_five_minutes():
    unbound = rar.Details("loan-events", "1.0", "OUTCOME_REPORTING", ("a.b",), None)
    text = access_tokens.issue(AccessToken("t", "me", "jkt", unbound), KEY, issuer=ISSUER, now=NOW)
    assert read(text).details == unbound
    assert read(text, now=NOW + timedelta(seconds=299))
    assert code_of(lambda: read(text, now=NOW + timedelta(seconds=300))) == "token-expired"


def test_a_token_of_another_key_issuer_or_audience():
    assert (
        code_of(lambda: access_tokens.read(token(), ECKey.generate_key("P-256"), issuer=ISSUER, now=NOW))
        == "token-invalid"
    )
    assert code_of(lambda: read(token(issuer="https://elsewhere"))) == "token-invalid"
    claims = {"iss": ISSUER, "aud": "https://elsewhere", "sub": "me", "iat": 1, "exp": 2}
    other = jwt.encode({"alg": "ES256", "typ": "at+jwt"}, claims, KEY, algorithms=["ES256"])
    assert code_of(lambda: read(other)) == "token-audience"
    assert code_of(lambda: read(dpop())) == "token-invalid"
    assert code_of(lambda: read("a.b.c")) == "token-invalid"


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"surprise": 1}, "surprise"), ({"type": "x"}, "type"), ({"service": "x"}, "service"), ({"service": ["x"]}, "service"),
        ({"contract_version": "2.0"}, "contract_version"), ({"purpose": "why"}, "purpose"), ({"purpose": 1}, "purpose"),
        ({"fields": "entity.*"}, "fields"), ({"fields": ["*"]}, "fields"), ({"fields": ["a"] * 201}, "fields"),
        ({"locations": ["elsewhere"]}, "locations"), ({"service": "loan-events"}, "consent_id"),
    ],
)  # fmt: skip
def test_details_are_read_strictly(change, member):
    import json

    one = {"type": rar.TYPE, "service": "enterprise-profile", "contract_version": "1.0", "purpose": "LOAN_UNDERWRITING"}
    consent = "01a2040c-1670-7856-a372-cce24a5c938b"
    assert rar.read(json.dumps([one]), consent, provider="hub").purpose == "LOAN_UNDERWRITING"
    with pytest.raises(DomainError) as refused:
        rar.read(json.dumps([one | change]), consent, provider="hub")
    assert refused.value.facts == {"member": member}


@given(st.text(max_size=60))
def test_an_address_has_one_spelling(text):
    found = addresses.parse(text)
    assert found is None or str(found) == text


@pytest.mark.parametrize("text", ["TH-TEST/BANK/0994000000031/../loans", "TH-TEST/BANK/0994000000031/loans/",
                                  "th-test/BANK/0994000000031/loans", "TH-TEST/BANK/099400000003/loans",
                                  "TH-TEST/BANK/0994000000031/loans\n", "TH-TEST/BANK/๐994000000031/loans"])  # fmt: skip
def test_an_address_with_anything_more_is_none(text):
    assert addresses.parse(text) is None


PARTY = gates.Party(
    "A", "exim", gates.PartyStatus.ACTIVE, is_paused=False, purposes=frozenset({"KYC"}),
    keys={"k": gates.KeyStatus.ACTIVE, "old": gates.KeyStatus.REVOKED}, calls_a_minute=10,
)  # fmt: skip


def test_the_party_gate_asks_in_its_order():
    from dataclasses import replace

    assert gates.check_party(PARTY, "k", calls_this_minute=9) is PARTY
    assert gates.check_party(PARTY, None, calls_this_minute=0) is PARTY
    suspended = replace(PARTY, status=gates.PartyStatus.SUSPENDED, is_paused=True)
    for party, key, calls, code in (
        (None, "k", 0, "party-unknown"), (suspended, "other", 99, "party-unknown"), (suspended, "old", 99, "key-revoked"),
        (suspended, "k", 99, "party-suspended"), (replace(PARTY, is_paused=True), "k", 10, "rate-limited"),
        (replace(PARTY, is_paused=True), "k", 9, "maintenance"),
    ):  # fmt: skip
        assert code_of(lambda p=party, k=key, c=calls: gates.check_party(p, k, calls_this_minute=c)) == code
