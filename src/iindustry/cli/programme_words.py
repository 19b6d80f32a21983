"""What the commands of `programme` tell: faults, trials on the register, drafts and editions, as lines and as JSON."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from iindustry.cli.output import pick, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iindustry.programmes.checking import Checked, Fault
    from iindustry.programmes.keeping import Edition
    from iindustry.programmes.lifecycle import Draft
    from iindustry.programmes.simulate import DryRun

_NEAREST = 3


def checked(name: str, one: Checked) -> dict[str, Any]:
    """A file's faults and warnings as JSON."""
    return {
        "file": name,
        "programmes": [each.id for each in one.programmes],
        "faults": [dataclasses.asdict(each) for each in one.faults],
        "warnings": [dataclasses.asdict(each) for each in one.warnings],
    }


def lines(name: str, one: Checked) -> Iterable[str]:
    """A file's faults and warnings, two lines each: where and what; what to write."""
    good = ", ".join(each.id for each in one.programmes) or pick("ไม่มีข้อผิด", "no faults")
    yield (
        f"{name}: {good}"
        if one.is_good
        else f"{name}: " + pick(f"ข้อผิด {len(one.faults)} แห่ง", f"faults: {len(one.faults)}")
    )
    for fault in one.faults:
        yield from _fault_lines(name, fault, "")
    for fault in one.warnings:
        yield from _fault_lines(name, fault, pick("ข้อสังเกต ", "warning "))


def _fault_lines(name: str, fault: Fault, mark: str) -> Iterable[str]:
    yield f"{name}:{fault.line}:{fault.column}: {mark}{fault.field}: {pick(fault.th, fault.en)} ({fault.code})"
    yield f"    {pick(fault.fix_th, fault.fix_en)}"


def run_text(one: DryRun) -> str:
    """A trial on the register: the counts, who just misses, which datum would settle."""
    lines = [
        f"{one.programme}: "
        + pick(
            f"ได้ {one.yes:,}  ไม่ได้ {one.no:,}  ยังไม่ทราบ {one.unknown:,}  ใช้ค่าแทน {one.assumed:,}",
            f"yes {one.yes:,}  no {one.no:,}  unknown {one.unknown:,}  assumed {one.assumed:,}",
        )
    ]
    if one.winners is not None and one.losers is not None:
        lines.append(
            "  "
            + pick(f"ได้เพิ่ม {one.winners:,}  เสียไป {one.losers:,}", f"winners {one.winners:,}  losers {one.losers:,}")
        )
    lines += [
        "  " + pick(f"ขาดเพียง {miss.th}: {miss.enterprises:,}", f"only {miss.en} is missing: {miss.enterprises:,}")
        for miss in one.near_miss[:_NEAREST]
    ]
    lines += [
        "  " + pick(f"ข้อมูล {each.th} ตัดสินได้: {each.enterprises:,}", f"{each.en} would settle: {each.enterprises:,}")
        for each in one.settling[:_NEAREST]
    ]
    return "\n".join(lines)


def draft_facts(one: Draft) -> dict[str, Any]:
    """A draft as JSON, without its text."""
    return {
        "draft_id": str(one.draft_id), "schema": one.schema, "name": one.name, "owner": one.owner, "status": one.status.value,
        "row_version": one.row_version, "waits_for": [each.value for each in one.waits_for], "reason": one.reason,
        "edition_id": None if one.edition_id is None else str(one.edition_id), "changed_at": plain(one.changed_at),
    }  # fmt: skip


def draft_text(one: Draft) -> str:
    """A draft in a line, with what it waits for."""
    waits = ", ".join(each.value for each in one.waits_for)
    return f"{one.draft_id}  {one.name}  {one.status.value}" + (
        pick(f"  รอ {waits}", f"  waits for {waits}") if waits else ""
    )


def edition_facts(one: Edition) -> dict[str, Any]:
    """An edition as JSON: the days it holds for, and when that was known."""
    return {
        "version": one.version, "valid_from": plain(one.valid_from), "valid_to": plain(one.valid_to),
        "known_from": plain(one.known_from), "known_to": plain(one.known_to), "packaged": one.is_packaged,
    }  # fmt: skip


def edition_text(one: Edition) -> str:
    """An edition in a line."""
    days = f"{one.valid_from or '…'} – {one.valid_to or '…'}"
    known = (
        f"{one.known_from.isoformat() if one.known_from else '…'} – {one.known_to.isoformat() if one.known_to else '…'}"
    )
    return f"{one.version[:19]}  {days}  {pick('ทราบ', 'known')} {known}"
