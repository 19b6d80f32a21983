"""Who may open what, written by hand beside the pages and never read from them: the second opinion on every address.

One row an address of Django's resolver. A row says which roles the address is for, which kind of object it names, and what a
harmless press of its form would be. `SEEN_BY` says who may know of each object. A cell is visitor × address × object × method;
it is open where the visitor's role is among the row's and the visitor may know of the object, and else looks absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Name = Literal[
    "anonymous", "owner_ours", "owner_theirs", "delegate_ours", "newcomer", "officer_smed", "officer_exim", "clerk_dip",
    "clerk_diw", "steward", "analyst", "auditor", "operator",
]  # fmt: skip

# visitor -> role. `newcomer` is an owner whose claim on our enterprise still waits: nobody's owner yet.
ROLE: dict[Name, str] = {
    "anonymous": "anonymous", "owner_ours": "owner", "owner_theirs": "owner", "delegate_ours": "delegate",
    "newcomer": "owner", "officer_smed": "bank", "officer_exim": "bank", "clerk_dip": "clerk", "clerk_diw": "clerk",
    "steward": "steward", "analyst": "analyst", "auditor": "auditor", "operator": "operator",
}  # fmt: skip
EVERYBODY = frozenset(ROLE.values())
SIGNED_IN = EVERYBODY - {"anonymous"}
NOBODY: frozenset[str] = frozenset()
OWNERS = frozenset({"owner", "delegate"})
BANK, CLERK, STEWARD = frozenset({"bank"}), frozenset({"clerk"}), frozenset({"steward"})
WRITERS = frozenset({"analyst", "bank", "clerk"})
ANALYST, AUDITOR = frozenset({"analyst"}), frozenset({"auditor"})

US: frozenset[str] = frozenset({"owner_ours", "delegate_ours"})
THEM: frozenset[str] = frozenset({"owner_theirs"})
ALL: frozenset[str] = frozenset(ROLE)
NONE: frozenset[str] = frozenset()
WITH_ENTERPRISE = US | THEM
ABSENT_ID = "01999999-9999-7999-8999-999999999999"

# kind -> object -> who may know of it. `absent` is an address of the right shape that names nothing.
SEEN_BY: dict[str, dict[str, frozenset[str]]] = {
    "application": {
        "ours_draft": US, "ours_sent": US | {"officer_smed"}, "theirs_draft": THEM, "theirs_sent": THEM | {"officer_exim"},
        "absent": NONE,
    },
    "paper": {"ours": US | {"officer_smed"}, "theirs": THEM | {"officer_exim"}, "crossed": NONE, "absent": NONE},
    "consent": {"ours": US | {"auditor"}, "theirs": THEM | {"auditor"}, "absent": NONE},
    "disclosure": {"ours": US, "theirs": THEM, "absent": NONE},
    "delivery": {"of_dip": frozenset({"clerk_dip"}), "of_diw": frozenset({"clerk_diw"}), "absent": NONE},
    "incoming": {"of_dip": frozenset({"clerk_dip"}), "of_diw": frozenset({"clerk_diw"}), "absent": NONE},
    "reading": {"absent": NONE},  # one of its own is read in the clerk's browser test
    "template": {"dip": frozenset({"clerk_dip"}), "diw": frozenset({"clerk_diw"}), "absent": NONE},
    "sample": {"known": ALL, "beside": NONE, "absent": NONE},
    "correction": {
        "of_dip": frozenset({"clerk_dip", "steward"}), "of_dbd": frozenset({"steward"}), "absent": NONE,
    },
    "value": {"known": WITH_ENTERPRISE, "of_their_site": THEM, "of_our_site": US, "absent": NONE},
    "loan": {"open": ALL, "measure": NONE, "archive": NONE, "absent": NONE},
    "opportunity": {"open": WITH_ENTERPRISE, "measure": WITH_ENTERPRISE, "archive": NONE, "absent": NONE},
    "programme": {"open": ALL, "measure": ALL, "archive": ALL, "absent": NONE},
    "pair": {"waiting": STEWARD, "absent": NONE},
    "enterprise": {"ours": STEWARD, "theirs": STEWARD, "absent": NONE},
    "entry": {"some": AUDITOR, "absent": NONE},
    "draft": {
        "of_smed": frozenset({"officer_smed", "analyst"}), "of_dip": frozenset({"clerk_dip", "analyst"}), "absent": NONE,
    },
    "held": {"absent": NONE},  # one of its own is released and refused in tests/integration/web/test_steward_desk.py
    "claim": {"absent": NONE},  # one of its own is answered there
    "act": {"absent": NONE},  # one of its own is made, seen and undone in tests/story/test_steward_bench.py
    "problem": {"known": ALL, "absent": NONE},
    "door": {"known": ALL, "absent": NONE},
}  # fmt: skip

# Parts of addresses that need no country to be known; the rest comes from `extras.py`.
FIXED: dict[str, dict[str, dict[str, str]]] = {
    "application": {"absent": {"application_id": ABSENT_ID}},
    "paper": {"absent": {"application_id": ABSENT_ID, "paper_id": ABSENT_ID}},
    "consent": {"absent": {"consent_id": ABSENT_ID}},
    "disclosure": {"absent": {"disclosure_id": ABSENT_ID}},
    "delivery": {"absent": {"delivery_id": "dip-aaaaaaaaaaaaaaaaaaaa"}},
    "incoming": {"absent": {"incoming": "aaaaaaaaaaaaaaaa"}},
    "reading": {"absent": {"incoming": "aaaaaaaaaaaaaaaa"}},
    "template": {"dip": {"source": "dip"}, "diw": {"source": "diw"}, "absent": {"source": "nothing"}},
    "sample": {"known": {"name": "dip-broken.csv"}, "beside": {"name": "records.parquet"}, "absent": {"name": "nothing.csv"}},
    "correction": {"absent": {"correction_id": ABSENT_ID}},
    "value": {"known": {"field": "entity.name_th"}, "absent": {"field": "entity.nothing"}},
    "loan": {
        "open": {"product_id": "SMED-D-LOCAL"}, "measure": {"product_id": "DIW-D-FEE"},
        "archive": {"product_id": "SMED-BEYOND"}, "absent": {"product_id": "NO-SUCH-LOAN"},
    },
    "opportunity": {
        "open": {"programme_id": "SMED-D-LOCAL"}, "measure": {"programme_id": "DIW-D-FEE"},
        "archive": {"programme_id": "SMED-BEYOND"}, "absent": {"programme_id": "NO-SUCH-LOAN"},
    },
    "pair": {"absent": {"pair_id": ABSENT_ID}},
    "held": {"absent": {"delivery_id": "dip-aaaaaaaaaaaaaaaaaaaa"}},
    "claim": {"absent": {"claim_id": ABSENT_ID}},
    "act": {"absent": {"act_id": ABSENT_ID}},
    "enterprise": {"absent": {"enterprise_id": "ENT-00000000000"}},
    "entry": {"absent": {"entry_id": ABSENT_ID}},
    "draft": {"absent": {"draft_id": ABSENT_ID}},
    "problem": {"known": {"code": "consent-revoked"}, "absent": {"code": "no-such-code"}},
    "door": {"known": {"door": "nida"}, "absent": {"door": "nobody"}},
}  # fmt: skip
FIXED["programme"] = FIXED["opportunity"]


@dataclass(frozen=True, slots=True)
class Row:
    """One address.

    `roles` may open it; `names` is the kind of object in it; `methods` are those it answers. `press` is a form that changes
    nothing where it is allowed; None where every press changes something, so that only refused presses are tried.
    `needs_enterprise`: a page of the enterprise acted for; an owner who acts for none is told so there, and shown nothing.
    `ends_session`: a press signs the visitor out or in as another, so that only strangers press it.
    """

    roles: frozenset[str]
    names: str | None = None
    methods: tuple[str, ...] = ("GET",)
    press: dict[str, str] | None = None
    needs_enterprise: bool = False
    ends_session: bool = False


POST, BOTH = ("POST",), ("GET", "POST")
STALE = {"version": "999999"}  # a form opened before somebody else changed the case: refused, and nothing is done
CLOSED = Row(NOBODY, methods=BOTH)


def _public(**more: object) -> Row:
    return Row(EVERYBODY, **more)  # type: ignore[arg-type]


def _owner(**more: object) -> Row:
    return Row(OWNERS, **more)  # type: ignore[arg-type]


PAGES: dict[str, Row] = {
    # signing in and out; of the library's other pages none is offered
    "accounts/login/": _public(methods=BOTH, press={"login": "", "password": ""}),
    "accounts/logout/": _public(methods=BOTH, ends_session=True),
    "accounts/inactive/": CLOSED,
    "accounts/signup/": CLOSED,
    "accounts/reauthenticate/": CLOSED,
    "accounts/email/": CLOSED,
    "accounts/confirm-email/": CLOSED,
    "accounts/password/change/": CLOSED,
    "accounts/password/set/": CLOSED,
    "accounts/password/reset/": CLOSED,
    "accounts/login/code/confirm/": CLOSED,
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": CLOSED,
    "accounts/password/reset/key/done/": CLOSED,
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": CLOSED,
    "accounts/password/reset/done/": CLOSED,
    "i18n/setlang/": _public(methods=BOTH, press={"language": "th", "next": "/"}),
    # for everybody
    "": _public(),
    "live": _public(),
    "home": _public(),
    "demo/enter/<slug:door>": _public(names="door", methods=POST, ends_session=True),
    "demo/samples/<str:name>": _public(names="sample"),
    "accessibility": _public(),
    "terms": _public(),
    "scoreboard": _public(),
    "scoreboard.csv": _public(),
    "programmes": _public(),
    "programmes/<str:programme_id>": _public(names="programme"),
    "programmes/<str:programme_id>/document": _public(names="programme"),
    "check": _public(methods=BOTH, press={"workers": "many"}),
    "agreements": _public(),
    "verify": _public(methods=BOTH, press={"receipt": "no receipt"}),
    "ledger/checkpoint": _public(),
    "ledger/key": _public(),
    "privacy": _public(),
    "developers": _public(),
    "developers/problems/<slug:code>": _public(names="problem"),
    "health": _public(),
    # owners and who acts for them
    "my": _owner(),
    "my/enterprise": _owner(needs_enterprise=True),
    "my/enterprise/correct/<str:field>": _owner(names="value", methods=BOTH, press={"proposed": ""}),
    "my/enterprises/add": _owner(methods=BOTH, press={"number": "1"}),
    "my/enterprises/choose": _owner(methods=POST),
    "my/opportunities": _owner(needs_enterprise=True, methods=BOTH, press={}),
    "my/opportunities/compare": _owner(needs_enterprise=True, methods=BOTH, press={}),
    "my/opportunities/<str:programme_id>": _owner(names="opportunity", methods=BOTH, press={}),
    "my/apply/<str:product_id>": _owner(names="loan", methods=BOTH),
    "my/applications/<uuid:application_id>": _owner(names="application"),
    "my/applications/<uuid:application_id>/form": _owner(names="application", methods=BOTH, press=STALE),
    "my/applications/<uuid:application_id>/check": _owner(names="application"),
    "my/applications/<uuid:application_id>/consent": _owner(names="application", methods=BOTH),
    "my/applications/<uuid:application_id>/sent": _owner(names="application"),
    "my/applications/<uuid:application_id>/papers/<uuid:paper_id>": _owner(names="paper", methods=BOTH, press={}),
    "my/applications/<uuid:application_id>/papers/<uuid:paper_id>/file": _owner(names="paper"),
    "my/applications/<uuid:application_id>/withdraw": _owner(names="application", methods=BOTH, press=STALE),
    "my/consents": _owner(needs_enterprise=True),
    "my/consents/<uuid:consent_id>/withdraw": _owner(names="consent", methods=BOTH),
    "my/consents/<uuid:consent_id>/pause": _owner(names="consent", methods=POST),
    "my/consents/<uuid:consent_id>/receipt": _owner(names="consent"),
    "my/seen": _owner(needs_enterprise=True),
    "my/seen/<uuid:disclosure_id>/receipt": _owner(names="disclosure"),
    # a bank's desk
    "bank": Row(BANK),
    "bank/applications/<uuid:application_id>": Row(BANK, "application"),
    "bank/applications/<uuid:application_id>/claim": Row(BANK, "application", POST, STALE),
    "bank/applications/<uuid:application_id>/ask": Row(BANK, "application", POST, {"code": "nothing"}),
    "bank/applications/<uuid:application_id>/approve": Row(BANK, "application", POST, {"amount": "0"}),
    "bank/applications/<uuid:application_id>/decline": Row(BANK, "application", BOTH, {"reason_1": ""}),
    "bank/applications/<uuid:application_id>/disburse": Row(BANK, "application", POST, {"amount": "0"}),
    "bank/applications/<uuid:application_id>/papers/<uuid:paper_id>": Row(BANK, "paper"),
    # an agency's data officer
    "agency": Row(CLERK),
    "agency/upload": Row(CLERK, methods=BOTH, press={"source": "dip"}),
    "agency/templates/<slug:source>": Row(CLERK, "template"),
    "agency/incoming/<slug:incoming>": Row(CLERK, "incoming", methods=BOTH, press={}),
    "agency/incoming/<slug:incoming>/reading": Row(CLERK, "reading"),
    "agency/returns/<slug:source>": Row(CLERK, "template", POST, {}),
    "agency/deliveries/<slug:delivery_id>": Row(CLERK, "delivery"),
    "agency/deliveries/<slug:delivery_id>/mend": Row(CLERK, "delivery", BOTH, {}),
    "agency/deliveries/<slug:delivery_id>/rows": Row(CLERK, "delivery"),
    "agency/deliveries/<slug:delivery_id>/workbook": Row(CLERK, "delivery", POST, {}),
    "agency/corrections": Row(CLERK),
    "agency/corrections/<uuid:correction_id>": Row(CLERK, "correction", POST, {"ground": ""}),
    # the steward
    "steward": Row(STEWARD),
    "steward/pairs/undo": Row(STEWARD, methods=POST, press={}),  # nothing was answered in this session: refused
    "steward/pairs/<uuid:pair_id>": Row(STEWARD, "pair", BOTH, {"verdict": ""}),
    "steward/pairs/<uuid:pair_id>/withdraw": Row(STEWARD, "pair", POST),
    "steward/search": Row(STEWARD, methods=BOTH, press={"q": ""}),
    "steward/enterprise/<str:enterprise_id>": Row(STEWARD, "enterprise"),
    "steward/enterprise/<str:enterprise_id>/cluster": Row(STEWARD, "enterprise", BOTH, {}),
    "steward/enterprise/<str:enterprise_id>/edge": Row(STEWARD, methods=POST, names="enterprise"),
    "steward/enterprise/<str:enterprise_id>/merge": Row(STEWARD, "enterprise", BOTH, {"q": ""}),
    "steward/acts": Row(STEWARD),
    "steward/acts/preview": Row(STEWARD, methods=BOTH, press={"kind": "nothing"}),
    "steward/acts/do": Row(STEWARD, methods=POST, press={"kind": "nothing"}),
    "steward/acts/<uuid:act_id>": Row(STEWARD, "act"),
    "steward/acts/<uuid:act_id>/approve": Row(STEWARD, "act", POST),
    "steward/acts/<uuid:act_id>/withdraw": Row(STEWARD, "act", POST),
    "steward/deliveries": Row(STEWARD),
    "steward/deliveries/<slug:delivery_id>": Row(STEWARD, "held", POST, {"answer": "refuse"}),
    "steward/claims": Row(STEWARD),
    "steward/claims/<uuid:claim_id>": Row(STEWARD, "claim", POST, {"answer": "refuse"}),
    "steward/quality": Row(STEWARD),
    "steward/versions": Row(STEWARD),
    "steward/corrections/<uuid:correction_id>": Row(STEWARD, "correction", POST, {"ground": ""}),
    # the analyst and the auditor
    "policy": Row(ANALYST),
    "policy/funnel.csv": Row(ANALYST),
    "studio": Row(WRITERS),
    "studio/new": Row(WRITERS, methods=POST),
    "studio/compare": Row(WRITERS),
    "studio/<uuid:draft_id>": Row(WRITERS, "draft", BOTH, {"speak": "th", "text": "a: 1"}),
    "studio/<uuid:draft_id>/live": Row(WRITERS, "draft", POST, {"text": "a: 1"}),
    "studio/<uuid:draft_id>/decide": Row(WRITERS, "draft", POST, {"act": "nothing"}),
    "audit": Row(AUDITOR),
    "audit/entries/<uuid:entry_id>": Row(AUDITOR, "entry", methods=BOTH),
    "audit/entries/<uuid:entry_id>/receipt": Row(AUDITOR, "entry"),
    "audit/agreements": Row(AUDITOR),
    "audit/consents": Row(AUDITOR),
    "audit/consents/<uuid:consent_id>": Row(AUDITOR, "consent"),
    "audit/verify": Row(AUDITOR, methods=BOTH, press={"act": "receipt", "receipt": "no receipt"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Door:
    """One address for machines: `anybody` needs nothing, `key` needs a key of its own, `token` a token and a signature."""

    method: str
    needs: Literal["anybody", "key", "token"]


_HUB = "r1/<instance>/<member_class>/<member>/<subsystem>/"
MACHINES: dict[str, Door] = {
    ".well-known/oauth-authorization-server": Door("GET", "anybody"),
    "oauth/jwks": Door("GET", "anybody"),
    "oauth/token": Door("POST", "key"),
    _HUB + "enterprise-profile/v1/consents/<uuidstr:consent_id>/enterprise": Door("GET", "token"),
    _HUB + "loan-events/v1/events": Door("POST", "token"),
    _HUB + "event-feed/v1/events": Door("GET", "token"),
    _HUB + "register-deliveries/v1/deliveries": Door("POST", "token"),
    "api/openapi.json": Door("GET", "anybody"),
    "api/open/programmes": Door("GET", "anybody"),
    "api/open/programmes/<programme_id>": Door("GET", "anybody"),
    "api/open/programmes/<programme_id>/document": Door("GET", "anybody"),
    "api/open/scoreboard": Door("GET", "anybody"),
    "health/live": Door("GET", "anybody"),
}
REFUSED = {"key": (400, 401), "token": (401,)}
