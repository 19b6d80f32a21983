"""Writes docs/reference/decided-cases.md and programmes.md from the cases and the documents. Run it as a script."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from decided import CASES, EXPIRES, TABLE, Case, bundle, content, practice, spec_of_key

from iindustry.kernel import thaidate
from iindustry.programmes import describe, published
from iindustry.programmes.closures import root
from iindustry.programmes.facts import Words, engine_value, spec_of
from iindustry.programmes.tree import Condition, items
from iindustry.programmes.wording import value_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iindustry.programmes.shape import Programme

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"
DAY = date.fromisoformat(TABLE["on"])
MARK = "<!-- Written by `python tests/spec/programmes/pages.py`; change the cases or documents, not this page. -->"
ANSWERS = {"yes": Words("ได้", "yes"), "no": Words("ไม่ได้", "no"), "unknown": Words("ยังไม่ทราบ", "not known")}
EXPIRY = Words("ใบรับรองหมดอายุ", "certificate ends on")


def decided_cases() -> str:
    """Every case by programme: what it differs in, the answer, why."""
    lines = [
        MARK, "# กรณีที่ตัดสินแล้ว · Decided cases", "",
        (f"{len(CASES)} กรณี เขียนจากแหล่งที่มาและถ้อยคำของเอกสารก่อนให้ระบบตอบ ระบบต้องตอบตรงทุกกรณีทั้งสองวิธีคำนวณ "
        "แต่ละกรณีบอกเฉพาะที่ต่างจากกิจการทั่วไปข้างล่าง ค่าทุกค่ามีอายุ 21 วันเว้นแต่บอกไว้ ข้อมูลสมมติทั้งหมด"), "",
        (f"{len(CASES)} cases, written from the sources and the documents' words before any engine answered; both ways of working "
        "them out must agree with each. A case says only how it differs from the usual enterprise below. All made up."), "",
        f"**กิจการทั่วไป · The usual enterprise** ({_date(DAY).th} · {_date(DAY).en})", "",
        *_both(_said(TABLE["usual"], "enterprise")), "",
        "**โรงงานทั่วไป · Its usual factory**", "",
        *_both(_said(TABLE["usual_site"], "establishment")), "",
    ]  # fmt: skip
    for programme in TABLE["cases"]:
        found = _programme(programme)
        lines += [f"## {found.title.th} · {found.title.en}", "", f"`{programme}`", ""]
        lines += [f"* {one.th} · {one.en}" for one in _rule(found)]
        lines += [
            "", "| | กรณี · case | ต่างจากทั่วไป · differs | คำตอบ · answer | ข้อที่ตัดสิน · decided by |", "| --- | --- | --- | --- | --- |",
        ]  # fmt: skip
        lines += [_row(case) for case in CASES if case.programme == programme]
        lines.append("")
    return "\n".join(lines)


def programmes() -> str:
    """Every document of the catalogue and the archive: whose it is, since when, where it comes from."""
    lines = [
        MARK, "# สินเชื่อและมาตรการ · Loans and measures", "",
        ("ฉบับสาธิตเป็นข้อมูลสมมติ เปิดเฉพาะในประเทศสาธิต ผลิตภัณฑ์จริงเป็นบัตรตามที่มีรายงาน ไม่ใช่ข้อเสนอ "
        "· Demo editions are made up and open in the demo country only. Real products are cards as reported, never an offer."), "",
    ]  # fmt: skip
    every = sorted(published.library(DAY).programmes.values(), key=lambda one: (one.owner, one.id))
    for heading, chosen in (
        ("ฉบับสาธิต · Demo editions", [one for one in every if one.is_demo]),
        ("มาตรการจริงที่สิ้นสุดแล้ว · A real measure that ended", [one for one in every if not one.is_demo and not one.is_archive]),
        ("ผลิตภัณฑ์จริงตามที่มีรายงาน · Real products as reported", [one for one in every if one.is_archive]),
    ):  # fmt: skip
        lines += [f"## {heading}", "", "| id | ชื่อ · name | เจ้าของ · owner | แนว · line | ช่วงเวลา · period | ที่มา · source |", "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
        lines += [_listed(one) for one in chosen]
        lines.append("")
    lines += ["## อัตราดอกเบี้ยอ้างอิง · Base rates", "", "| ชื่อ · name | ตั้งแต่ · from | ร้อยละต่อปี · percent a year | ใช้ได้ · counts for |", "| --- | --- | --- | --- |"]  # fmt: skip
    for name, (one, _) in sorted(published.library(DAY).shelf.parameters.items()):
        lines += [f"| `{name}` | {step.since.isoformat()} | {step.value / 10**one.digits:.3f} | {one.shelf_life_days} วัน · days |" for step in one.steps]  # fmt: skip
    return "\n".join([*lines, ""])


PAGES: dict[str, Callable[[], str]] = {"decided-cases.md": decided_cases, "programmes.md": programmes}


def _programme(name: str) -> Programme:
    return practice().programmes[name] if name.startswith("PRACTICE-") else published.find(name)


def _rule(programme: Programme) -> Iterable[Words]:
    for clause in describe.clauses(programme, max(DAY, programme.valid_from)):
        need = f" ({clause.need}/{len(clause.lines)})" if clause.is_choice else ""
        yield Words(
            "; ".join(f"{one.label.th} {one.threshold.th}" for one in clause.lines) + need,
            "; ".join(f"{one.label.en} {one.threshold.en}" for one in clause.lines) + need,
        )


def _row(case: Case) -> str:
    row = case.row
    answer = ANSWERS[row["is"]]
    told = [*_differs(case)]
    by = [_names(case, key, words) for key, words in _DECIDED.items() if row.get(key)]
    by += [Words(f"วงเงิน {row['amount_baht']:,} บาท", f"{row['amount_baht']:,} baht")] if "amount_baht" in row else []
    by += [
        Words(f"ปีที่ {key.removeprefix('rate_')}: {rate} %", f"year {key.removeprefix('rate_')}: {rate} %")
        for key, rate in row.items()
        if key.startswith("rate_")
    ]
    cells = (
        str(case.number), f"{row['th']} · {row['en']}", "; ".join(f"{one.th} · {one.en}" for one in told),
        f"**{answer.th}** · {answer.en}", "; ".join(f"{one.th} · {one.en}" for one in by),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


_DECIDED = {
    "failed": Words("ไม่ตรง", "not met"),
    "unknown": Words("ยังไม่ทราบ", "not known"),
    "assumed": Words("ถือเอา", "assumed"),
}


def _names(case: Case, key: str, words: Words) -> Words:
    named = {one.id: one for one in items(root(bundle(case.programme)))}
    labels = [
        spec_of(one.fact).label if isinstance(one, Condition) else Words("โรงงาน", "factories")
        for one in (named[name] for name in case.row[key])
    ]
    return Words(
        f"{words.th}: " + ", ".join(one.th for one in labels), f"{words.en}: " + ", ".join(one.en for one in labels)
    )


def _differs(case: Case) -> Iterable[Words]:
    row = case.row
    if "on" in row:
        yield Words(f"วันที่ {_date(case.on).th}", f"on {_date(case.on).en}")
    yield from _said(row.get("with", {}), "enterprise")
    yield from (_unknown(name, "enterprise") for name in row.get("without", []))
    for fact, value in row.get("declared", {}).items():
        shown = value_words(spec_of(fact), engine_value(spec_of(fact), value))
        yield Words(f"แจ้งเอง {spec_of(fact).label.th} {shown.th}", f"declared {spec_of(fact).label.en} {shown.en}")
    if row.get("sites") == []:
        yield Words("ไม่มีโรงงาน", "no factory")
    for number, site in enumerate(row.get("sites", []), start=1):
        said = [*_said({k: v for k, v in site.items() if v is not None}, "establishment")]
        said += [_unknown(name, "establishment") for name, value in site.items() if value is None]
        said = said or [Words("ทั่วไป", "usual")]
        yield Words(
            f"โรงงาน {number}: " + ", ".join(one.th for one in said),
            f"factory {number}: " + ", ".join(one.en for one in said),
        )
    yield from _said(row.get("site", {}), "establishment")
    yield from (_unknown(name, "establishment") for name in row.get("site_without", []))
    for of, key in (("enterprise", "seen"), ("establishment", "site_seen")):
        for name, day in row.get(key, {}).items():
            label, age = spec_of_key(name, of).label, (case.on - date.fromisoformat(day)).days
            yield Words(f"{label.th} อายุ {age} วัน", f"{label.en} {age} days old")
    if "asked_baht" in row:
        yield Words(f"ขอ {row['asked_baht']:,} บาท", f"asks for {row['asked_baht']:,} baht")


def _said(row: dict[str, Any], of: str) -> Iterable[Words]:
    for key, value in row.items():
        if key == EXPIRES:
            day = _date(date.fromisoformat(value))
            yield Words(f"{EXPIRY.th} {day.th}", f"{EXPIRY.en} {day.en}")
            continue
        spec = spec_of_key(key, of)
        plain = engine_value(spec, content(key, value, spec))
        shown = value_words(spec, plain)  # type: ignore[arg-type]
        yield Words(f"{spec.label.th} {shown.th}", f"{spec.label.en} {shown.en}")


def _unknown(name: str, of: str) -> Words:
    label = spec_of_key(name, of).label
    return Words(f"ไม่ทราบ{label.th}", f"{label.en} not known")


def _date(day: date) -> Words:
    return Words(thaidate.short_th(day), thaidate.short_en(day))


def _both(said: Iterable[Words]) -> list[str]:
    every = list(said)
    return ["; ".join(one.th for one in every), "", "; ".join(one.en for one in every)]


def _listed(one: Programme) -> str:
    lines = ", ".join(describe.LINE_WORDS[line].th for line in one.policy_lines) or "–"
    weak = " (อ่อน · weak)" if one.card is not None and one.card.line_is_weak else ""
    until = "" if one.valid_to is None else one.valid_to.isoformat()
    source = (
        "; ".join(one.card.sources)
        if one.card is not None
        else "; ".join(dict.fromkeys(reference.instrument for reference in one.legal_references))
    )
    owner = describe.OWNER_WORDS[one.owner]
    return f"| `{one.id}` | {one.title.th} · {one.title.en} | {owner.en} | {lines}{weak} | {one.valid_from.isoformat()} – {until} | {source} |"


if __name__ == "__main__":
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")
