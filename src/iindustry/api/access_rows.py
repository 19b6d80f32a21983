"""Who may call each address of the API: the rows of the role matrix. A route without a row fails a test.

`by`: `anybody` needs nothing; `bank_system` and `agency_system` need a token, a signature and an object or register of their
own; a session opens none of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Caller = Literal["anybody", "registered_key", "bank_system", "agency_system"]


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One address (Django's route), its name, method, who may call it, and what anybody else is answered."""

    route: str
    name: str
    method: str
    by: Caller
    refused_status: int | None


_MEMBER = "r1/<instance>/<member_class>/<member>/<subsystem>/"
ACCESS_ROWS = (
    AccessRow(".well-known/oauth-authorization-server", "oauth-metadata", "GET", "anybody", None),
    AccessRow("oauth/jwks", "oauth-jwks", "GET", "anybody", None),
    AccessRow("oauth/token", "oauth-token", "POST", "registered_key", 400),
    AccessRow(_MEMBER + "enterprise-profile/v1/consents/<uuidstr:consent_id>/enterprise", "enterprise-profile", "GET",
              "bank_system", 401),
    AccessRow(_MEMBER + "loan-events/v1/events", "loan-events", "POST", "bank_system", 401),
    AccessRow(_MEMBER + "event-feed/v1/events", "event-feed", "GET", "bank_system", 401),
    AccessRow(_MEMBER + "register-deliveries/v1/deliveries", "register-deliveries", "POST", "agency_system", 401),
    AccessRow("api/open/programmes", "open-programmes", "GET", "anybody", None),
    AccessRow("api/open/programmes/<programme_id>", "open-programme", "GET", "anybody", None),
    AccessRow("api/open/programmes/<programme_id>/document", "open-programme-document", "GET", "anybody", None),
    AccessRow("api/open/scoreboard", "open-scoreboard", "GET", "anybody", None),
    AccessRow("api/openapi.json", "openapi-json", "GET", "anybody", None),
    AccessRow("health/live", "health-live", "GET", "anybody", None),
)  # fmt: skip
