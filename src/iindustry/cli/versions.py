"""`register list`, `register history`, `register compare`, `register prune`: versions of the register."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from iindustry.cli.output import AsJson, pick, plain, show
from iindustry.cli.registers import enterprise_text
from iindustry.config.environment import environment
from iindustry.config.supervisor import connected
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.home import current_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.register.enterprise import ChangedValue, VersionView

register_app = typer.Typer(
    no_args_is_help=True, help="Versions of the register: list them, look back, compare two, take old files away."
)

_COUNTS: Mapping[str, tuple[str, str]] = {
    "enterprises_added": ("กิจการเพิ่ม", "enterprises added"),
    "enterprises_gone": ("กิจการหายไป", "enterprises gone"),
    "enterprises_changed": ("กิจการเปลี่ยน", "enterprises changed"),
    "records_moved": ("ระเบียนย้ายกิจการ", "records moved to another enterprise"),
    "records_added": ("ระเบียนเพิ่ม", "records added"),
    "records_gone": ("ระเบียนหายไป", "records gone"),
}


@register_app.command("list")
def list_(*, limit: Annotated[int, typer.Option(help="How many.")] = 20, as_json: AsJson = False) -> None:
    """Versions that were put in force, the newest first."""
    with connected("app"):
        from iindustry.register import services as register

        found = register.list_versions(limit=limit)
    show([plain(one) for one in found], as_json=as_json, text="\n".join(map(_version, found)) or _none_yet())


@register_app.command("history")
def history(
    enterprise_id: Annotated[str, typer.Argument(help="ENT-….")],
    *,
    as_of: Annotated[str, typer.Option(help="The day, such as 2026-10-31: as the register had it at its end.")],
    as_json: AsJson = False,
) -> None:
    """One enterprise as the register had it on a day: every value with its source and date."""
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise Rejected("day-unreadable", field="as-of") from None
    with connected("app"):
        from iindustry.register import services as register

        found = register.history(enterprise_id, as_of=day)
    show(found, as_json=as_json, text=enterprise_text(found))


@register_app.command("compare")
def compare(
    old: Annotated[str, typer.Argument(help="A version, such as r1b907cfa93a4d304.")],
    new: Annotated[str, typer.Argument(help="Another version.")],
    *,
    limit: Annotated[int, typer.Option(help="Enterprises to be compared value by value.")] = 100,
    as_json: AsJson = False,
) -> None:
    """What changed from one version to another, and why."""
    with connected("app"):
        from iindustry.register import services as register
        from iindustry.register.enterprise import CAUSE_WORDS

        found = register.compare(old, new, limit=limit)
    counts = [f"{pick(*_COUNTS[name])}: {number:,}" for name, number in found.counts.items() if name in _COUNTS]
    changed = [_change(one, pick(*CAUSE_WORDS[one.cause])) for one in found.changed]
    show(found, as_json=as_json, text="\n".join([f"{found.old} > {found.new}", *counts, *changed]))


@register_app.command("prune")
def prune(
    *,
    keep: Annotated[int, typer.Option(help="How many of the newest versions stay.")] = 5,
    version: Annotated[list[str] | None, typer.Option(help="A version that stays besides; may be given again.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take away the files of old versions. Looking back and comparing go on as before: those rows stay in the database.

    The version in force, the one whose figures are shown, and what was made in the last 30 days and not put in force stay in
    any case.
    """
    with connected("worker"):
        from iindustry.register import services as register

        home = environment().paths
        if current_version(home) is None:
            raise Conflict("register-empty")
        register.settle(home)
        done = register.prune(home=home, clock=SystemClock(), keep=keep, named=version or ())
    freed = f"{done.freed / 1024**2:,.0f} MiB"
    text = pick(
        f"คงไว้ {len(done.kept):,} รุ่น ลบไฟล์ของ {len(done.gone):,} รุ่น คืนที่ว่าง {freed}",
        f"{len(done.kept):,} versions kept, the files of {len(done.gone):,} taken away: {freed} freed.",
    )
    show(done, as_json=as_json, text=text)


def _none_yet() -> str:
    return pick("ยังไม่มีทะเบียนสักรุ่น", "There is no register version yet.")


def _version(one: VersionView) -> str:
    state = pick("ใช้อยู่", "in force") if one.is_current else ""
    counts = pick(
        f"{one.records:,} ระเบียน {one.enterprises:,} กิจการ", f"{one.records:,} records, {one.enterprises:,} enterprises"
    )
    return f"{one.version}  {one.published_at.isoformat(timespec='seconds')}  {counts}  {state}".rstrip()


def _change(one: ChangedValue, cause: str) -> str:
    where = one.establishment_id or one.enterprise_id
    return f"{where}  {one.field}: {one.before} > {one.after}  [{cause}, {one.source}]"
