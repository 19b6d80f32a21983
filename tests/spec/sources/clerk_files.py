"""The files of `clerk_files.yaml`, row by row: kinds of cells, all of them made up and none of them anybody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROWS = 12
FILES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("clerk_files.yaml").read_text(encoding="utf-8"))
PLACES = (
    ("ทุ่งสุขลา", "ศรีราชา", "ชลบุรี", "20230"), ("ในเมือง", "เมืองขอนแก่น", "ขอนแก่น", "40000"),
    ("สีลม", "บางรัก", "กรุงเทพมหานคร", "10500"), ("แม่สอด", "แม่สอด", "ตาก", "63110"),
    ("ท่าวังผา", "ท่าวังผา", "น่าน", "55140"),
)  # fmt: skip
TSICS = ("10304", "46101", "56101", "25922", "62011")


def rows_of(file: dict[str, Any]) -> list[list[str]]:
    """Heading row and twelve rows."""
    heading = [one["heading"] for one in file["columns"]]
    return [heading, *([_cell(one["cells"], number) for one in file["columns"]] for number in range(ROWS))]


def juristic(number: int) -> str:
    """Thirteen digits with their check digit."""
    twelve = f"0{105 + number % 9:03d}5{60 + number % 9:02d}{90000 + number * 37:05d}"
    return twelve + str((11 - sum(int(digit) * (13 - place) for place, digit in enumerate(twelve)) % 11) % 10)


def factory(number: int) -> str:
    """Fourteen digits with their Luhn digit."""
    thirteen = f"2{number % 9}49{1000 + number * 3:05d}2560"[:13]
    doubled = (int(one) * (2 if place % 2 == 0 else 1) for place, one in enumerate(reversed(thirteen)))
    return thirteen + str(-sum(one // 10 + one % 10 for one in doubled) % 10)


def _cell(kind: str | list[str], number: int) -> str:
    if isinstance(kind, list):
        return str(kind[number % len(kind)])
    return _KINDS[kind](number)


_KINDS = {
    "seq": lambda n: str(n + 1),
    "code": lambda n: f"AB-{n + 1:03d}/69",
    "company": lambda n: f"บริษัท ทดลองเฮือน {n + 1} จำกัด" if n % 4 else f"ร้านทดลอง {n + 1}",
    "company_en": lambda n: f"Thotlong Huean {n + 1} Co., Ltd.",
    "site": lambda n: f"โรงงานทดลองเฮือน {n + 1}" if n % 3 else f"ทดลองการช่าง {n + 1}",
    "person": lambda n: f"{('นาย', 'นาง', 'น.ส.')[n % 3]}สมมติ นามทดลอง{n + 1}",
    "juristic": lambda n: "" if n == 5 else juristic(n),
    "factory": factory,
    "old_factory": lambda n: f"จ3-{n + 1}({n % 4 + 1})-{n + 1}/{n + 30}ชบ",
    "factory_type": lambda n: ("00901", "01401", "09501")[n % 3],
    "province": lambda n: PLACES[n % 5][2],
    "district": lambda n: PLACES[n % 5][1],
    "subdistrict": lambda n: PLACES[n % 5][0],
    "postcode": lambda n: PLACES[n % 5][3],
    "address": lambda n: f"{n + 1} หมู่ {n % 9 + 1} ต.{PLACES[n % 5][0]} อ.{PLACES[n % 5][1]} จ.{PLACES[n % 5][2]}",
    "phone": lambda n: f"08{n % 9}-123-45{n:02d}" if n % 2 else f"0 2123 45{n:02d}",
    "email": lambda n: f"tot{n}@example.com",
    "fiscal": lambda n: ("2568", "2569")[n % 2],
    "tsic": lambda n: TSICS[n % 5],
    "date_be": lambda n: f"{n + 1}/{n % 12 + 1}/256{n % 9}",
    "date_later": lambda n: f"{n + 1}/{n % 12 + 1}/257{n % 3}",
    "date_iso": lambda n: f"2025-0{n % 9 + 1}-1{n % 9}",
    "money": lambda n: f"{(n + 1) * 1_000_000:,}.00",
    "million": lambda n: f"{(n + 1) * 1.5:.2f}",
    "workers": lambda n: str(n * 7 + 3),
    "horsepower": lambda n: f"{n * 12.5 + 20:.2f}",
}
