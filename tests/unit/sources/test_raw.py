"""Files of any shape become numbered rows under our names; what cannot be read is refused whole with a code."""

from __future__ import annotations

import gzip
import io
import random
import zipfile

import pytest

from iindustry.kernel.errors import Rejected
from iindustry.sources import containers, limited, raw
from iindustry.sources.contracts import contract_of

MONTHLY = (
    "นิติบุคคลจัดตั้งเดือนมกราคม  2558,,,,,,\nทั่วประเทศ,,,,,,\n"
    'ที่,เลขทะเบียน,ชื่อนิติบุคคล,วันที่จดทะเบียน," ทุนจดทะเบียน\n (บาท) ",รายละเอียดวัตถุประสงค์,ที่ตั้งสำนักงานใหญ่\n'
    '1,0105558197632,"บริษัท ก\nข จำกัด",14/1/2558,"1,000,000.00",ค้าขาย,ตาก\n\n'
    "2,0105553000121,บริษัท ค จำกัด,14/1/2558,5,ค้าขาย,ตาก\n"
)


def read(tmp_path, content, *, name="file.csv", source="dbd"):
    path = tmp_path / "sent"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return raw.read(path, name, contract_of(source))


def workbook(rows, *, sheets=1):
    from openpyxl import Workbook

    book = Workbook()
    for number in range(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_title_lines_breaks_in_headings_and_blank_rows_are_normal(tmp_path):
    table = read(tmp_path, MONTHLY.encode("cp874"))
    assert (table.match.layout.name, table.match.header_row, table.encoding) == ("monthly", 3, "cp874")
    assert table.frame["row"].to_list() == [4, 6], "as a spreadsheet counts"
    assert table.frame["name"][0] == "บริษัท ก\nข จำกัด"
    assert table.match.unknown == ()
    assert [column.name for column in table.match.absent] == ["tsic"]


def test_columns_move_vanish_and_appear(tmp_path):
    table = read(tmp_path, "สี,ชื่อ นิติบุคคล,เลขทะเบียน\nแดง,บริษัท ก จำกัด,0105558197632\n")
    assert table.frame.select("juristic_id", "name").row(0) == ("0105558197632", "บริษัท ก จำกัด")
    assert table.match.unknown == ("สี",)


LAYOUTS = [
    ("dbd", "เลขทะเบียน,ชื่อนิติบุคคล,วันที่จดทะเบียน,ทุนจดทะเบียน,รหัสวัตถุประสงค์,วัตถุประสงค์,ที่ตั้งสำนักงานใหญ่,ตำบล,อำเภอ,จังหวัด,รหัสไปรษณีย์", "open_new"),
    ("dbd", "เลขทะเบียน,ชื่อนิติบุคคล,วันที่จดทะเบียนเลิก,ทุนจดทะเบียน,รหัสวัตถุประสงค์,วัตถุประสงค์,ที่ตั้งสำนักงานใหญ่,ตำบล,อำเภอ,จังหวัด,รหัสไปรษณีย์", "open_closed"),
    ("dbd", "ลำดับ,เลขทะเบียนนิติบุคคล,ชื่อนิติบุคคล,ประเภทนิติบุคคล,สถานะ,รหัสประเภทธุรกิจ,ชื่อประเภทธุรกิจ,จังหวัด,ทุนจดทะเบียน (บาท),รายได้รวม (บาท),กำไร (ขาดทุน) สุทธิ (บาท),สินทรัพย์รวม (บาท),ส่วนของผู้ถือหุ้น (บาท)", "data_warehouse"),
    ("dbd", "ลำดับ,เลขทะเบียน,ชื่อนิติบุคคล,ชื่อภาษาอังกฤษ,วันที่จดทะเบียน,สถานะ,ทุนจดทะเบียน (บาท),รหัสวัตถุประสงค์,รายละเอียดวัตถุประสงค์,ที่ตั้งสำนักงานใหญ่,รายได้รวม (บาท),สินทรัพย์รวม (บาท),ปีงบการเงิน", "juristic"),
    ("diw", "เลขทะเบียนโรงงานเดิม,fid,รหัสประเภท,ประเภทโรงงาน,จำพวก,ปีที่อนุญาต,ชื่อโรงงาน,ประกอบกิจการ,เลขที่,หมู่,ซอย,ถนน,ตำบล,อำเภอ,จังหวัด,รหัสไปรษณีย์,เงินทุนรวม (ล้านบาท),คนงานรวม,แรงม้า", "eec"),
    ("diw", "ประกอบกิจการ,อำเภอ,รหัสประเภท,ถนน,ซอย,เงินทุนรวม (ล้านบาท),FID,คนงานรวม,DESCR,SCURVE,จังหวัด,หมู่,เลขที่,แรงม้า,เลขทะเบียนโรงงาน,ปีที่อนุญาต,ตำบล,ผู้ประกอบการ,_id,ชื่อโรงงาน,จำพวก,รหัสไปรษณีย์", "s_curve"),
    ("diw", "เลขทะเบียนโรงงานเดิม,fid,รหัสประเภท,ประเภทโรงงาน,จำพวก,ปีที่อนุญาต,ชื่อโรงงาน,ผู้ประกอบการ,ประกอบกิจการ,เลขที่,หมู่,ซอย,ถนน,ตำบล,อำเภอ,จังหวัด,รหัสไปรษณีย์,โทรศัพท์,เงินทุนรวม (ล้านบาท),คนงานรวม,แรงม้า", "factories"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "heading", "layout"), LAYOUTS)
def test_each_layout_is_known_by_its_headings(tmp_path, source, heading, layout):
    names = heading.split(",")
    table = read(tmp_path, heading + "\n" + ",".join("1" for _ in names) + "\n", source=source)
    assert table.match.layout.name == layout
    assert table.match.unknown == ()


def test_in_the_s_curve_list_the_register_number_is_the_old_one(tmp_path):
    heading = LAYOUTS[5][1]
    cells = ["x"] * 22
    cells[6], cells[14] = "20500000325535", "จ3-86-3/53ชม"
    table = read(tmp_path, heading + "\n" + ",".join(cells) + "\n", source="diw")
    assert table.frame.select("factory_id", "old_factory_id").row(0) == ("20500000325535", "จ3-86-3/53ชม")


def test_a_row_with_more_or_fewer_cells_is_marked(tmp_path):
    table = read(tmp_path, "เลขทะเบียน,ชื่อนิติบุคคล,สถานะ\n1,ก,ข\n1,ก\n1,ก,ข,ค\n1,ก,ข,\n")
    assert table.frame["is_ragged"].to_list() == [False, True, True, False]


def test_a_workbook_keeps_its_numbers_whole(tmp_path):
    content = workbook([["รายชื่อ"], [], ["เลขทะเบียน", "ชื่อนิติบุคคล"], [105553000121, "บริษัท ก จำกัด"]])
    table = read(tmp_path, content, name="file.xlsx")
    assert table.frame.select("row", "juristic_id").row(0) == (4, "105553000121")


def test_a_parquet_file_is_read(tmp_path):
    import polars as pl

    out = io.BytesIO()
    pl.DataFrame({"เลขทะเบียน": [105553000121], "ชื่อนิติบุคคล": ["ก"]}).write_parquet(out)
    assert read(tmp_path, out.getvalue(), name="f.parquet").frame["juristic_id"].to_list() == ["105553000121"]


@pytest.mark.parametrize("wrap", ["zip", "gz"])
def test_one_member_is_taken_out(tmp_path, wrap):
    if wrap == "gz":
        content = gzip.compress(MONTHLY.encode())
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("เดือน.csv", MONTHLY)
        content = out.getvalue()
    assert read(tmp_path, content, name=f"file.csv.{wrap}" if wrap == "gz" else "file.zip").frame.height == 2


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("DOTDOT", ".."), content)
    return out.getvalue()


REFUSED = [
    ("empty", b"", "file.csv", "file-empty"),
    ("blank", b"\n\n , \n", "file.csv", "file-empty"),
    ("heading only", "เลขทะเบียน,ชื่อนิติบุคคล\n".encode(), "file.csv", "file-empty"),
    ("pdf", b"%PDF-1.7 ...", "file.csv", "file-type-unknown"),
    ("html as xls", b"<html><table>", "file.xls", "file-type-unknown"),
    ("png", b"\x89PNG\r\n\x1a\n", "file.csv", "file-type-unknown"),
    ("csv as xlsx", b"a,b\n1,2\n", "file.xlsx", "file-type-differs"),
    ("two members", zipped(a="1", b="2"), "file.zip", "archive-not-one-member"),
    ("bomb", zipped(a=b"0" * 60_000_000), "file.zip", "archive-too-large"),
    ("gz bomb", gzip.compress(b"0" * 60_000_000), "file.gz", "archive-too-large"),
    ("upwards", zipped(DOTDOT__a="1"), "file.zip", "archive-unsafe-name"),
    ("nested", zipped(a=zipped(b="1")), "file.zip", "archive-nested"),
    ("nested gz", gzip.compress(gzip.compress(b"a")), "file.gz", "file-type-unknown"),
    ("broken zip", b"PK\x03\x04" + b"\x00" * 60, "file.zip", "archive-broken"),
    ("broken gz", b"\x1f\x8b" + b"\x01" * 60, "file.gz", "archive-broken"),
    ("macro", zipped(**{"[Content_Types].xml": "x", "xl__workbook.xml": "x", "xl__vbaProject.bin": "x"}), "f.xlsx", "sheet-has-macro"),
    ("links", zipped(**{"[Content_Types].xml": "x", "xl__workbook.xml": "x", "xl__externalLinks__l.xml": "x"}), "f.xlsx", "sheet-has-external-link"),
    ("broken sheet", zipped(**{"[Content_Types].xml": "x", "xl__workbook.xml": "x"}), "f.xlsx", "sheet-unreadable"),
    ("old broken sheet", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "f.xls", "sheet-unreadable"),
    ("broken parquet", b"PAR1" + b"\x00" * 60, "f.parquet", "sheet-unreadable"),
    ("other table", "สี,ขนาด\nแดง,ใหญ่\n".encode(), "file.csv", "layout-unknown"),
    ("no name", "เลขทะเบียน,วันที่จดทะเบียน,สถานะ\n1,2,3\n".encode(), "file.csv", "column-missing"),
    ("open quote", ('เลขทะเบียน,ชื่อนิติบุคคล\n1,"ก\n' + "2,ข\n" * 60).encode(), "file.csv", "file-quotes-broken"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "content", "name", "code"), REFUSED, ids=[one[0] for one in REFUSED])
def test_what_cannot_be_read_is_refused_with_a_code(tmp_path, what, content, name, code):
    with pytest.raises(Rejected) as refusal:
        read(tmp_path, content, name=name)
    assert refusal.value.code == code


def test_two_sheets_with_data_are_refused(tmp_path):
    with pytest.raises(Rejected, match="sheet-several"):
        read(tmp_path, workbook([["เลขทะเบียน", "ชื่อนิติบุคคล"], ["1", "ก"]], sheets=2), name="f.xlsx")


def test_a_slow_child_is_ended(tmp_path):
    source = tmp_path / "pipe"
    import os

    os.mkfifo(source)
    with pytest.raises(Rejected, match="sheet-too-slow"):
        limited.read_sheet(source, tmp_path / "out", containers.Kind.XLSX, seconds=1)


def test_a_sheet_that_wants_all_memory_is_refused(tmp_path):
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{"x" * 20}</t></is></c><c r="XFD{n}"><v>1</v></c></row>'
        for n in range(1, 1048577, 4000)
    )
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels__.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl__workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl___rels__workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/s.xml"/></Relationships>',
        "xl__worksheets__s.xml": f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>',
    }
    with pytest.raises(Rejected, match=r"sheet-unreadable|sheet-too-slow"):
        read(tmp_path, zipped(**members), name="f.xlsx")


def test_random_bytes_are_refused_or_read_but_never_lost(tmp_path):
    chance = random.Random(20261122)
    head = "เลขทะเบียน,ชื่อนิติบุคคล\n".encode()
    refused = []
    for number in range(300):
        body = bytearray(head + "\n".join(f"{line},บริษัท {line}" for line in range(20)).encode())
        for _ in range(chance.randint(1, 6)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        try:
            table = read(tmp_path, bytes(body))
        except Rejected as refusal:
            refused.append(refusal.code)
        else:
            assert table.frame["row"].is_sorted(), number
            assert table.frame["row"].n_unique() == table.frame.height
    assert 0 < len(refused) < 300
    assert {code.split("-")[0] for code in refused} <= {"file", "layout", "column", "archive"}


def test_an_archive_with_too_many_entries_is_refused_by_its_directory():
    entries = [zipfile.ZipInfo(f"a{number}") for number in range(containers.MOST_ENTRIES + 1)]
    with pytest.raises(Rejected, match="archive-too-many-entries"):
        containers.check_entries(entries, 1000)
