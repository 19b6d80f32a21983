"""Who data may go to: an organisation's key and the address of the one system of it that takes part.

Addresses are compared exactly (EXCHANGE section 1). Invariant: a recipient is always named by the address of a subsystem.
"""

from __future__ import annotations

from iindustry.accounts.organisations import ORGANISATIONS, Organisation, OrganisationKind
from iindustry.kernel.errors import Rejected

_SUBSYSTEM: dict[OrganisationKind, str] = {
    OrganisationKind.MINISTRY: "iind",
    OrganisationKind.AGENCY: "registry",
    OrganisationKind.BANK: "loans",
    OrganisationKind.AUDITOR: "audit",
}
HUB = "oie"


def subsystem_of(key: str) -> str:
    """The address of an organisation's subsystem, from its key (`smed`) or from that address itself.

    Rejected `recipient-unknown`.
    """
    found = ORGANISATIONS.get(key) or next((one for one in ORGANISATIONS.values() if _address(one) == key), None)
    if found is None:
        raise Rejected("recipient-unknown")
    return _address(found)


def organisation_of(address: str) -> Organisation | None:
    """The organisation whose member address begins an address, None for a stranger's."""
    member = "/".join(address.split("/")[:3])
    return next((one for one in ORGANISATIONS.values() if one.address == member), None)


def hub() -> str:
    """The address of i-Industry itself, which provides the register."""
    return subsystem_of(HUB)


def _address(one: Organisation) -> str:
    return f"{one.address}/{_SUBSYSTEM[one.kind]}"
