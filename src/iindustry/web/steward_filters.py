"""Which part of the queue a steward works on: reason, pair of registers, province. It travels in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.http import urlencode

from iindustry.linkage.outcome import Reason
from iindustry.reference import areas
from iindustry.sources.contracts import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping

_BETWEEN = "-"


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen; None where everything is wanted."""

    reason: Reason | None = None
    source_pair: tuple[str, str] | None = None
    province: str | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """As `linkage.services` takes them."""
        return {"reason": self.reason, "source_pair": self.source_pair, "province": self.province}

    @property
    def sources(self) -> str:
        """The pair of registers as an address writes it."""
        return _BETWEEN.join(self.source_pair or ())

    @property
    def query(self) -> str:
        """The end of an address that keeps them, with its question mark; empty where nothing was chosen."""
        return self.without()

    def without(self, *names: str) -> str:
        """The end of an address that keeps all but these."""
        kept = {"reason": self.reason.value if self.reason else "", "sources": self.sources, "province": self.province}
        left = {name: text for name, text in kept.items() if text and name not in names}
        return f"?{urlencode(left)}" if left else ""

    def __bool__(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.reason or self.source_pair or self.province)


def filters_of(asked: Mapping[str, str]) -> Filters:
    """What an address asks for; what names nothing is left out."""
    reason, province = asked.get("reason", ""), asked.get("province", "")
    pair = tuple(asked.get("sources", "").split(_BETWEEN))
    known = {one.key for one in contracts().values()}
    return Filters(
        Reason(reason) if reason in set(Reason) else None,
        (pair[0], pair[1]) if len(pair) == 2 and known.issuperset(pair) else None,  # noqa: PLR2004 - two registers
        province if areas.province(province) else None,
    )
