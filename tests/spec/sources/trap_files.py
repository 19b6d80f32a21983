"""Cells put into a file under the true headings of a layout, and the file read as a delivery is read."""

from __future__ import annotations

import csv
import io
from datetime import date

from iindustry.sources import raw
from iindustry.sources.contracts import contract_of

TODAY = date(2026, 11, 22)
GOOD = {
    "dbd.juristic": {"juristic_id": "0105559999015", "name": "บริษัท ตัวอย่างหนึ่ง จำกัด"},
    "dbd.monthly": {"juristic_id": "0105559999015", "name": "บริษัท ตัวอย่างหนึ่ง จำกัด", "registered_on": "14/1/2559"},
    "dbd.open_new": {"juristic_id": "105559999015", "name": "บริษัท ตัวอย่างหนึ่ง จำกัด", "registered_on": "2559-01-14"},
    "dbd.open_closed": {"juristic_id": "105559999015", "name": "บริษัท ตัวอย่างหนึ่ง จำกัด", "closed_on": "14/1/2569"},
    "dbd.data_warehouse": {"juristic_id": "0105559999015", "name": "บริษัท ตัวอย่างหนึ่ง จำกัด", "profit_satang": "-1,000"},
    "diw.eec": {"factory_id": "20509999925536", "province": "ชลบุรี", "site_name": "โรงงานตัวอย่าง"},
    "diw.s_curve": {
        "factory_id": "20509999925536",
        "province": "ชลบุรี",
        "site_name": "โรงงานตัวอย่าง",
        "old_factory_id": "จ3-86-99999/53ชม",
        "licensed_year": "53",
        "s_curve_group": "อาหาร",
        "s_curve_code": "5",
    },
    "diw.factories": {
        "factory_id": "20509999925536",
        "province": "เชียงใหม่",
        "site_name": "โรงงานตัวอย่าง",
        "operator": "บริษัท ตัวอย่างหนึ่ง จำกัด",
    },
    "diw.search": {
        "factory_id": "20509999925536",
        "province": "เชียงใหม่",
        "site_name": "โรงงานตัวอย่าง",
        "investment_satang": "1",
    },
    "dip.participants": {
        "participant_id": "P1",
        "programme": "ยกระดับ",
        "fiscal_year_be": "2569",
        "name": "ร้าน ตัวอย่าง",
        "province": "ตาก",
    },
    "green.certificates": {"certificate_no": "G1", "green_level": "3", "factory_id": "20509999925536"},
    "tisi.licences": {"licence_no": "L1", "standard_no": "มอก. 1", "name": "บริษัท ตัวอย่างหนึ่ง จำกัด"},
}
"""Invented rows, one for each layout that the cases use."""


def file_of(where: str, *changed: dict[str, str]) -> str:
    """A CSV of one layout (`source.layout`) with all its headings; each change makes a row of the good one."""
    source, layout = where.split(".")
    columns = contract_of(source).layout(layout).columns
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.heading for column in columns)
    for cells in changed:
        whole = {**GOOD[where], **cells}
        writer.writerow(whole.get(column.name, "") for column in columns)
    return out.getvalue()


def read(folder, source, content, *, layout=None):
    """The bytes of a file as a table of numbered rows."""
    path = folder / "sent"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return raw.read(path, "file.csv", contract_of(source), only=layout)
