"""Every refusal of the exchange: code, status, gate, whose fault, what the caller may do (EXCHANGE section 3 and 4).

The words stand in `web/words/exchange.yaml`, one entry for each code here (a test compares the two).
Invariant: a code is raised through `refusal`, so that a code without a row cannot leave the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from iindustry.kernel.errors import Conflict, Denied, DomainError, Fact, NotFound, Rejected

Fault = Literal["caller", "enterprise", "platform", "provider"]
PROBLEM_BASE = "/developers/problems/"


@dataclass(frozen=True, slots=True)
class Problem:
    """One row. `gate` 1 to 6, None outside the gates. `oauth` is the error name that RFC 6749, 9396 or 9449 gives it.

    `yourdata` is the code of the Bank of Thailand's YourData profile for the same refusal, None where it has none.
    """

    code: str
    status: int
    gate: int | None
    fault: Fault = "caller"
    retryable: bool = False
    yourdata: int | None = None
    oauth: str | None = None

    @property
    def is_signed(self) -> bool:
        """Whether the answer is signed: errors are, from gate 2 on, and so are those after the gates."""
        return self.gate != 1


_TABLE = (
    # gate 1: party
    Problem("party-unknown", 401, 1, oauth="invalid_client"),
    Problem("key-revoked", 401, 1, oauth="invalid_client"),
    Problem("party-suspended", 403, 1, oauth="invalid_client"),
    Problem("rate-limited", 429, 1, retryable=True, oauth="temporarily_unavailable"),
    Problem("maintenance", 503, 1, "platform", retryable=True, oauth="temporarily_unavailable"),
    # gate 2: token
    Problem("token-missing", 401, 2),
    Problem("token-invalid", 401, 2),
    Problem("token-expired", 401, 2, retryable=True),
    Problem("token-audience", 401, 2),
    Problem("token-scope", 403, 2),
    Problem("dpop-invalid", 401, 2, oauth="invalid_dpop_proof"),
    Problem("dpop-replayed", 401, 2, oauth="invalid_dpop_proof"),
    Problem("assertion-invalid", 401, 2, oauth="invalid_client"),
    Problem("assertion-stale", 401, 2, oauth="invalid_client"),
    Problem("assertion-audience", 401, 2, oauth="invalid_client"),
    Problem("assertion-replayed", 401, 2, oauth="invalid_client"),
    Problem("grant-unsupported", 400, 2, oauth="unsupported_grant_type"),
    Problem("details-invalid", 400, 2, oauth="invalid_authorization_details"),
    # gate 3: message
    Problem("header-missing", 400, 3),
    Problem("signature-missing", 401, 3),
    Problem("signature-invalid", 401, 3),
    Problem("signature-stale", 401, 3),
    Problem("signature-replayed", 401, 3),
    Problem("digest-mismatch", 400, 3),
    # gate 4: agreement
    Problem("agreement-missing", 403, 4, oauth="invalid_authorization_details"),
    Problem("purpose-not-agreed", 403, 4, oauth="invalid_authorization_details"),
    Problem("over-cap", 403, 4, oauth="invalid_authorization_details"),
    # gate 5: consent
    Problem("consent-missing", 403, 5, "enterprise"),
    Problem("consent-paused", 403, 5, "enterprise", retryable=True),
    Problem("consent-revoked", 403, 5, "enterprise", yourdata=40720),
    Problem("consent-expired", 403, 5, "enterprise"),
    Problem("consent-used", 403, 5, "enterprise", yourdata=40730),
    Problem("consent-range", 403, 5, "caller", yourdata=40710),
    Problem("consent-frequency", 403, 5, "caller", retryable=True),
    Problem("consent-authority", 403, 5, "enterprise"),
    # gate 6: fields
    Problem("fields-none", 403, 6),
    Problem("fields-not-allowed", 422, 6),
    # after the gates
    Problem("service-unknown", 404, None),
    Problem("audit-unavailable", 503, None, "platform", retryable=True),
    Problem("internal", 500, None, "platform", retryable=True),
    Problem("body-too-large", 413, None),
    Problem("body-invalid", 400, None),
    Problem("batch-size", 422, None),
    Problem("event-invalid", 422, None),
    Problem("event-type-unknown", 422, None),
    Problem("event-source", 403, None),
    Problem("event-conflict", 409, None),
    Problem("idempotency-missing", 400, None),
    Problem("idempotency-mismatch", 422, None),
    Problem("idempotency-in-progress", 409, None, retryable=True),
    # registration of a bank's system
    Problem("registration-invalid", 422, None),
    Problem("registration-taken", 409, None),
)

PROBLEMS = MappingProxyType({row.code: row for row in _TABLE})

_STATUS: MappingProxyType[type[DomainError], int] = MappingProxyType(
    {NotFound: 404, Conflict: 409, Rejected: 422, Denied: 403, DomainError: 403}
)
_CLASSES: MappingProxyType[int, type[DomainError]] = MappingProxyType(
    {400: Rejected, 404: NotFound, 409: Conflict, 413: Rejected, 422: Rejected}
)


def problem_of(error: DomainError) -> Problem:
    """The row of any refusal; one that another package raised (`application-unknown`) has its class's status."""
    known = PROBLEMS.get(error.code)
    if known is not None:
        return known
    return Problem(error.code, next(status for kind, status in _STATUS.items() if isinstance(error, kind)), None)


def refusal(code: str, **facts: Fact) -> DomainError:
    """The error to raise for a code. Raises KeyError for a code without a row."""
    return _CLASSES.get(PROBLEMS[code].status, Denied)(code, **facts)
