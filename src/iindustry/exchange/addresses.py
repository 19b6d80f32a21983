"""Addresses of systems: `instance/class/member/subsystem`, as in X-Road (EXCHANGE section 1).

Invariant: addresses are compared exactly; there are no wildcards and no prefixes, and one spelling for each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARTS = re.compile(
    r"(?P<instance>TH|TH-TEST)/(?P<class>GOV|BANK|AUD)/(?P<member>[0-9]{13})/(?P<subsystem>[a-z][a-z0-9-]{0,31})"
)


@dataclass(frozen=True, slots=True)
class Address:
    """One system of one member. `member` is the organisation's 13-digit tax id."""

    instance: str
    member_class: str
    member: str
    subsystem: str

    def __str__(self) -> str:
        """The one spelling: `TH-TEST/BANK/0994000000031/loans`."""
        return f"{self.instance}/{self.member_class}/{self.member}/{self.subsystem}"


def parse(text: str) -> Address | None:
    """The address in a text, or None where the text is not exactly one."""
    match = _PARTS.fullmatch(text)
    return Address(match["instance"], match["class"], match["member"], match["subsystem"]) if match else None
