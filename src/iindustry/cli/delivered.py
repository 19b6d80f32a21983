"""What became of a delivery, for the one who sent it by the command: what, in which rows, what to do, and where to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iindustry.cli.output import pick, plain
from iindustry.sources import reasons
from iindustry.sources import services as sources
from iindustry.sources.contracts import contract_of

if TYPE_CHECKING:
    from iindustry.sources.contracts import Layout
    from iindustry.sources.reports import DeliveryReport, FindingCount

ROWS_NAMED = 5
LOOKED_AT = 1000
_HELD_TH = "ไฟล์นี้มีแถวน้อยกว่าครั้งก่อนมาก จึงรอผู้ดูแลข้อมูลกลางยืนยัน ชุดก่อนยังมีผลอยู่ ถ้าส่งผิดไฟล์ ส่งไฟล์ที่ถูกได้เลย"
_HELD_EN = (
    "This file has far fewer rows than the one before, so a data steward confirms it first; the earlier one stays in force. "
    "If it was the wrong file, deliver the right one."
)


def facts(report: DeliveryReport) -> dict[str, Any]:
    """A report as JSON: every finding with its heading, its words in both languages, its rows, and whether rows wait for it."""
    layout = contract_of(report.source).layout(report.layout)
    waiting = _waiting(report)
    rows = _rows(report, waiting)
    found = [_finding(one, layout, rows.get((one.code, one.column), []), waiting) for one in report.findings]
    said = {"source": report.source, "delivery": report.delivery_id, **plain(report), "findings": found}
    return said | {"mend_at": _page(report) if report.quarantined else None}


def text(report: DeliveryReport, said: dict[str, Any]) -> str:
    """The same for a person, in the language of the call."""
    lines = [
        pick(
            f"{report.source} {report.delivery_id}: {report.rows:,} แถว รับ {report.accepted:,} กัก {report.quarantined:,}",
            f"{report.source} {report.delivery_id}: {report.rows:,} rows, {report.accepted:,} accepted, "
            f"{report.quarantined:,} set aside",
        )
    ]
    if report.duplicate:
        lines.append(pick("ไฟล์นี้เคยส่งแล้ว จึงไม่ได้ทำซ้ำ", "The same file was here before; nothing was done."))
    if report.status == "held":
        lines.append(pick(_HELD_TH, _HELD_EN))
    for name, value in report.constants:
        heading = _heading(contract_of(report.source).layout(report.layout), name)
        lines.append(
            pick(
                f"ทุกแถวใช้ “{heading}” = {value} ตามการจับคู่คอลัมน์", f"“{heading}” is {value} in every row, by the mapping"
            )
        )
    first = [one for one in said["findings"] if one["is_waiting"]]
    rest = [one for one in said["findings"] if not one["is_waiting"]]
    if first:
        lines += [pick("ต้องแก้:", "To mend:"), *map(_line, first)]
    if rest:
        lines += [pick("รับไว้แล้ว มีข้อสังเกต:", "Accepted, with remarks:"), *map(_line, rest)]
    if said["mend_at"]:
        lines.append(
            pick(
                f"แก้ได้ที่หน้า {said['mend_at']} (แก้ในหน้า หรือดาวน์โหลดเฉพาะแถวที่ต้องแก้) เปิดระบบด้วย i-industry up ไม่ต้องส่งทั้งไฟล์ใหม่",
                f"Mend them on the page {said['mend_at']}, in the page or in a spreadsheet of those rows alone (i-industry up opens the "
                "pages); the whole file need not be sent again.",
            )
        )
    return "\n".join(lines)


def _line(one: dict[str, Any]) -> str:
    words = pick(f"{one['th']} – {one['do_th']}", f"{one['en']}. {one['do_en']}.")
    rows = ", ".join(f"{row:,}" for row in one["rows"])
    more = one["count"] - len(one["rows"])
    where = f"{rows} …" if rows and more > 0 else rows
    place = pick(f"แถว {where}", f"rows {where}") if where else pick("ทั้งไฟล์", "the whole file")
    return f"  {one['heading']}: {words} ({one['count']:,}; {place})"


def _finding(
    one: FindingCount, layout: Layout, rows: list[int], waiting: dict[tuple[str, str], list[int]]
) -> dict[str, Any]:
    words = reasons.sentence(one.code, layout, one.column)
    return {
        **plain(one), "heading": _heading(layout, one.column), "rows": rows[:ROWS_NAMED],
        "is_waiting": (one.code, one.column) in waiting,
        "th": words.th, "en": words.en, "do_th": words.do_th, "do_en": words.do_en,
    }  # fmt: skip


def _waiting(report: DeliveryReport) -> dict[tuple[str, str], list[int]]:
    """(code, column) of the rows that wait, with those rows."""
    found: dict[tuple[str, str], list[int]] = {}
    if report.quarantined:
        for row in sources.list_quarantined(report.delivery_id, limit=LOOKED_AT):
            for reason in row.reasons:
                found.setdefault((reason.code, reason.column), []).append(row.row)
    return found


def _rows(report: DeliveryReport, waiting: dict[tuple[str, str], list[int]]) -> dict[tuple[str, str], list[int]]:
    """Row numbers of each finding: those that wait first, else examples."""
    found: dict[tuple[str, str], list[int]] = {}
    for one in sources.list_findings(report.delivery_id, limit=LOOKED_AT):
        if one.row:
            found.setdefault((one.code, one.column), []).append(one.row)
    return found | waiting


def _heading(layout: Layout, column: str) -> str:
    return next((one.heading for one in layout.columns if one.name == column), column)


def _page(report: DeliveryReport) -> str:
    return f"/agency/deliveries/{report.mends or report.delivery_id}#mend"
