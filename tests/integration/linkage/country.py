"""A small made-up country for tests of linking: enterprises with names of their own, seen by four registers through slips.

Names are put together from common words and syllables; ids are computed. Nothing here is a real firm or person.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from iindustry.kernel.ids import luhn_check_digit, thirteen_check_digit
from iindustry.reference import areas
from iindustry.standardise.records import standard

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = date(2026, 10, 1)
_FIRST = ["กิตติ", "ชัย", "ทวี", "ธนา", "นคร", "บุญ", "พร", "มงคล", "ยิ่ง", "รุ่ง", "ลาภ", "วัฒนา", "ศิริ", "สห", "สุวรรณ", "อุดม", "เจริญ", "เพชร", "แก้ว", "ไพศาล", "ทรัพย์", "ดี", "เอก", "วิไล"]  # fmt: skip
_SECOND = ["กุล", "ชัย", "ธรรม", "นันท์", "บูรณ์", "พงษ์", "มาศ", "รักษ์", "ลักษณ์", "วงศ์", "สิน", "สุข", "อนันต์", "โชค", "เกษม", "ไทย", "พัฒน์", "เลิศ", "มณี", "ภัณฑ์", "วิทย์", "ทอง"]  # fmt: skip
_TRADE = ["พลาสติก", "โลหะกิจ", "อาหาร", "การพิมพ์", "เฟอร์นิเจอร์", "ยานยนต์", "สิ่งทอ", "เคมีภัณฑ์", "บรรจุภัณฑ์", "คอนกรีต", "อิเล็กทรอนิกส์", "เครื่องหนัง", "ยางไทย", "ข้าวไทย"]  # fmt: skip
_PERSONS = ["สมชาย", "สมหญิง", "วิชัย", "มาลี", "ประเสริฐ", "อารีย์", "สุดา", "บุญมี", "ปรีชา", "กมล"]  # fmt: skip
_FAMILIES = ["ใจดี", "ทองคำ", "แสงจันทร์", "ศรีสุข", "มั่นคง", "บุญเรือง", "พูลผล", "วงษ์ทอง"]  # fmt: skip
_SLIPS = (("ณ", "น"), ("ศ", "ส"), ("์", ""), ("่", ""), ("้", ""), ("ิ", "ี"), ("ภ", "พ"), ("ร", "ล"))


@dataclass(frozen=True)
class Country:
    """records: STANDARD rows; truth: source, record_key, entity."""

    records: pl.DataFrame
    truth: pl.DataFrame


def make(enterprises: int = 300, seed: int = 1, *, missing_ids: float = 0.4, slips: float = 0.15) -> Country:
    """A country of some enterprises; about three records each."""
    chance = random.Random(seed)
    rows: dict[str, list[dict[str, object]]] = {"dbd": [], "diw": [], "dip": [], "tisi": []}
    truth: list[tuple[str, str, str]] = []
    places = [area for province in areas.PROVINCES[:12] for district in areas.list_districts(province.code)[:6]
              for area in areas.list_subdistricts(district.code)[:4]]  # fmt: skip
    used: set[str] = set()
    for number in range(enterprises):
        person = chance.random() < 0.12
        name = _person(chance) if person else _company(chance, used)
        seat = chance.choice(places)
        site = _site(seat, places, chance)
        phone = f"0{chance.randrange(800000000, 999999999)}"
        id_ = _juristic(number, seat.code[:2])
        entity = f"E{number}"

        def add(source: str, key: str, entity: str = entity, **cells: object) -> None:
            rows[source].append({**cells, "record_key": key})
            truth.append((source, key, entity))

        if not person:
            add("dbd", id_, juristic_id=id_, juristic_id_state="valid", name=f"บริษัท {name} จำกัด", **_area(seat))
        for _ in range(chance.choice((1, 1, 1, 2)) if person or chance.random() < 0.8 else 0):
            factory = _factory(len(rows["diw"]), site.code[:2])
            said = name if person else chance.choice((f"บริษัท {name} จำกัด", f"บจก.{name}", f"บจก. {name}"))
            add("diw", factory, factory_id=factory, operator=_slip(said, chance, slips), operator_is_person=person,
                site_name=name, worker_count=chance.randrange(5, 300), factory_type="00800", **_area(site))  # fmt: skip
        for source, key in (("dip", "P"), ("tisi", "L")):
            for _ in range(chance.choice((0, 1, 1, 2)) if chance.random() < 0.5 else 0):
                with_id = not person and chance.random() > missing_ids
                given = _mistyped(id_, chance) if with_id and chance.random() < 0.009 else id_
                extra = {"phone": phone, "programme": "เพิ่มผลผลิต", "result": "ผ่าน"} if source == "dip" else {
                    "standard_no": "มอก. 1", "status": "มีผล"}  # fmt: skip
                said = name if person else chance.choice((f"บริษัท {name} จำกัด", f"{name}", f"บจก. {name}"))
                add(source, f"{key}{len(rows[source])}", juristic_id=given if with_id else None,
                    juristic_id_state="valid" if with_id else "none", name_is_person=person,
                    name=_slip(said, chance, slips), **extra, **_area(seat))  # fmt: skip
    return Country(_standard(rows), _frame(truth))


def _standard(rows: dict[str, list[dict[str, object]]]) -> pl.DataFrame:
    frames = []
    for source, of_source in rows.items():
        names = sorted({name for row in of_source for name in row})
        frame = pl.DataFrame([{name: row.get(name) for name in names} for row in of_source], infer_schema_length=None)
        frame = frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
        frames.append(standard(frame, source=source, layout="", observed_on=DAY, delivery_id=f"{source}-1"))
    return pl.concat(frames)


def _frame(truth: Iterable[tuple[str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(list(truth), schema={"source": pl.Utf8, "record_key": pl.Utf8, "entity": pl.Utf8}, orient="row")


def _site(seat: areas.Subdistrict, places: list[areas.Subdistrict], chance: random.Random) -> areas.Subdistrict:
    """Seven of ten factories stand at the seat, two elsewhere in the province, one anywhere."""
    drawn = chance.random()
    if drawn < 0.7:
        return seat
    near = [place for place in places if place.code[:2] == seat.code[:2]] if drawn < 0.92 else places
    return chance.choice(near)


def _area(area: object) -> dict[str, str]:
    code = area.code  # type: ignore[attr-defined]
    names = [areas.name_of(part)[0] for part in (code, code[:4], code[:2])]  # type: ignore[index]
    return dict(zip(("subdistrict", "district", "province"), names, strict=True))


def _company(chance: random.Random, used: set[str]) -> str:
    while True:
        name = chance.choice(_FIRST) + chance.choice(_SECOND) + chance.choice(["", "", chance.choice(_SECOND)])
        name += chance.choice(_TRADE) if chance.random() < 0.8 else f" {chance.randrange(2500, 2569)}"
        if name not in used:
            used.add(name)
            return name


def _person(chance: random.Random) -> str:
    return f"นาย{chance.choice(_PERSONS)}{chance.choice(_SECOND)} {chance.choice(_FIRST)}{chance.choice(_FAMILIES)}"


def _slip(text: str, chance: random.Random, rate: float) -> str:
    if chance.random() >= rate:
        return text
    for wrong, right in chance.sample(_SLIPS, len(_SLIPS)):
        if wrong in text[6:]:
            return text[:6] + text[6:].replace(wrong, right, 1)
    return text


def _juristic(number: int, province: str) -> str:
    twelve = f"0{province}5{550 + number % 15:03d}{number:05d}"
    return twelve + thirteen_check_digit(twelve)


def _mistyped(number: str, chance: random.Random) -> str:
    place = chance.randrange(7, 12)
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 : 12]
    return wrong + thirteen_check_digit(wrong)


def _factory(number: int, province: str) -> str:
    thirteen = f"10{province}{number:05d}2560"
    return thirteen + luhn_check_digit(thirteen)
