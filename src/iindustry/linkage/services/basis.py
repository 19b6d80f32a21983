"""What a run builds on, so that nothing is published over what happened while it ran.

A run reads the version in force and the judgements at its beginning and publishes much later. Answers on pairs bind the
next run and need no haste; an act or a delta has changed the register itself. Invariant: two bases are equal if no version
was put in force and no act took effect between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.linkage.models import LinkAct

if TYPE_CHECKING:
    from iindustry.kernel.home import Home


class Basis(NamedTuple):
    """The version in force, and the act that took effect last."""

    version: str | None
    act: str | None


def basis(home: Home) -> Basis:
    """What stands now. CURRENT must name what the serving copy holds (`register.settle`)."""
    last = LinkAct.objects.exclude(version="").order_by("-decided_at", "-act_id").values_list("act_id", flat=True)
    act = last.first()
    return Basis(current_version(home), str(act) if act else None)


def check_basis(before: Basis, *, home: Home) -> None:
    """Conflict `register-moved-on`: what a run was built on is not what stands now. Inside `lock_reshaping`."""
    if basis(home) != before:
        raise Conflict("register-moved-on")
