"""Turn the tidy extracts of public registers back into the files that agencies publish: real headings, titles, encodings.

`python tests/real/put_headings_back.py EXTRACTS FOLDER` writes into FOLDER
- `dbd_YYYYMM.csv`: a month of new juristic persons, cp874, two title lines, `ที่`, a line break inside the capital's
  heading; from 2559 a TSIC column follows the capital (DOMAIN section 3);
- `diw_search_DISTRICT.csv`: the public search of a Bangkok district, cp874, capital in baht, masked operators as they are;
- `diw_search_all.csv`: the same rows in one UTF-8 file with a byte-order mark.
Nothing that it reads or writes may be committed.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MONTHS = ("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
          "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม")  # fmt: skip
MONTHLY = ["ที่", "เลขทะเบียน", "ชื่อนิติบุคคล", "วันที่จดทะเบียน", " ทุนจดทะเบียน\n (บาท) ", "รายละเอียดวัตถุประสงค์", "ที่ตั้งสำนักงานใหญ่"]
SEARCH = ["เลขทะเบียนโรงงานเดิม", "fid", "ประเภท", "จำพวก", "ปีที่อนุญาต", "ชื่อโรงงาน", "ผู้ประกอบการ", "ประกอบกิจการ", "เลขที่", "หมู่", "ซอย", "ถนน",
          "ตำบล", "อำเภอ", "จังหวัด", "ไปรษณีย์", "โทรศัพท์", "เงินทุน", "คนงาน", "แรงม้า"]  # fmt: skip
TSIC_FROM = "2559"


def read(path: Path) -> Iterator[dict[str, str]]:
    """Rows of an extract, gzipped or not."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    yield from csv.DictReader(io.StringIO(text, newline=""))


def write(path: Path, rows: Iterable[list[str]], encoding: str) -> None:
    """A CSV as an agency's system writes it: CRLF at the ends of rows."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)


def dbd(extracts: Path, folder: Path) -> int:
    """The monthly files; how many rows they hold."""
    tsic = {row["juristic_id"]: row["tsic"] for row in read(extracts / "dbd" / "dbd_new_juristic_2016h1_tsic.csv.gz")}
    months: dict[tuple[str, int], list[dict[str, str]]] = defaultdict(list)
    for row in read(extracts / "dbd" / "dbd_new_juristic_2015_2016.csv.gz"):
        _, month, year = row["registered_on_be"].split("/")
        months[year, int(month)].append(row)
    for (year, month), rows in sorted(months.items()):
        has_tsic = year >= TSIC_FROM
        heading = [*MONTHLY[:5], *(["รหัสวัตถุประสงค์"] if has_tsic else []), *MONTHLY[5:]]
        width = len(heading)
        lines = [
            [f"นิติบุคคลจัดตั้งเดือน{MONTHS[month - 1]}  {year}", *[""] * (width - 1)],
            ["ทั่วประเทศ", *[""] * (width - 1)],
            heading,
        ]
        for number, row in enumerate(rows, 1):
            code = [tsic.get(row["juristic_id"], row["tsic"])] if has_tsic else []
            capital = f" {int(float(row['capital_thb'] or 0)):,}.00 " if row["capital_thb"] else " -   "
            lines.append(
                [
                    str(number),
                    row["juristic_id"],
                    row["name_th"],
                    row["registered_on_be"],
                    capital,
                    *code,
                    row["objective"],
                    row["address"],
                ]
            )
        name = f"dbd_{int(year) - 543}{month:02d}.csv"
        write(folder / name, lines, _encoding(lines))
    return sum(map(len, months.values()))


def _encoding(lines: list[list[str]]) -> str:
    """cp874, unless a month holds a sign that it has not."""
    try:
        for line in lines:
            "".join(line).encode("cp874")
    except UnicodeEncodeError:
        return "utf-8-sig"
    return "cp874"


def diw(extracts: Path, folder: Path) -> int:
    """The public search, a file a district and one of all; how many rows they hold."""
    districts: dict[str, list[list[str]]] = defaultdict(list)
    for row in read(extracts / "factory" / "diw_factories_bangkok.csv"):
        kind = row["factory_type"].lstrip("0")
        year = row["factory_id"].zfill(14)[9:13]
        districts[row["district"]].append(
            [row["old_reg"], row["factory_id"].lstrip("0"), kind, row["factory_class"], year, row["factory_name"], row["operator"], row["activity"],
             row["address_no"], row["moo"], row["soi"], row["road"], row["subdistrict"], row["district"], row["province"],
             row["postcode"], "", row["capital_thb"], row["workers"], row["horsepower"]]
        )  # fmt: skip
    for number, (_, rows) in enumerate(sorted(districts.items()), 1):
        lines = [SEARCH, *rows]
        write(folder / f"diw_search_{number:02d}.csv", lines, _encoding(lines))
    everything = [row for _, rows in sorted(districts.items()) for row in rows]
    write(folder / "diw_search_all.csv", [SEARCH, *everything], "utf-8-sig")
    return len(everything)


def main(extracts: str, folder: str) -> None:
    """Write every file and print what was written."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    counts = {"dbd": dbd(Path(extracts), target), "diw": diw(Path(extracts), target)}
    sys.stdout.write(f"{counts} in {len(list(target.iterdir()))} files\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
