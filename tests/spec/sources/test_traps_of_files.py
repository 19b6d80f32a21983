"""The traps of whole files: headings that move, letters of another code, the same file twice, a file that shrank."""

from __future__ import annotations

import pytest
from trap_files import GOOD, file_of, read

from iindustry.config.words import sentence
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Rejected
from iindustry.kernel.ids import thirteen_check_digit
from iindustry.sources import services

STEWARD = Actor(Role.STEWARD, person_id="p-chai", organisation="oie")
NUMBERS = [twelve + thirteen_check_digit(twelve) for twelve in (f"010559999{running:03d}" for running in range(200))]

# T8: title lines, a heading with a line break, a column that appears in a later month.
EARLY = (
    "นิติบุคคลจัดตั้งเดือนมกราคม  2558,,,,,,\nทั่วประเทศ,,,,,,\n"
    'ที่,เลขทะเบียน,ชื่อนิติบุคคล,วันที่จดทะเบียน," ทุนจดทะเบียน\n (บาท) ",รายละเอียดวัตถุประสงค์,ที่ตั้งสำนักงานใหญ่\n'
    '1,0105559999015,บริษัท ตัวอย่างหนึ่ง จำกัด,14/1/2558,"1,000,000.00",ค้าขาย,ตาก\n'
)
LATER = EARLY.replace('(บาท) "', '(บาท) ",รหัสวัตถุประสงค์').replace('"1,000,000.00"', '"1,000,000.00",46900')


@pytest.mark.parametrize(("text", "tsic"), [(EARLY, None), (LATER, "46900")])
def test_t8_columns_are_found_by_their_headings(tmp_path, text, tsic):
    table = read(tmp_path, "dbd", text.encode("cp874"))
    assert (table.match.layout.name, table.match.header_row) == ("monthly", 3)
    row = table.frame.row(0, named=True)
    assert (row["juristic_id"], row["capital_satang"], row.get("tsic")) == ("0105559999015", "1,000,000.00", tsic)


@pytest.mark.django_db
def test_t8_an_unknown_column_is_reported_and_the_file_goes_on(deliver, told):
    report = deliver("สีประจำบริษัท,ชื่อ นิติบุคคล,เลขทะเบียน\nแดง,บริษัท ก จำกัด,0105559999015\n")
    assert (report.rows, report.accepted) == (1, 1)
    assert ("column-unknown", "สีประจำบริษัท") in {(one.code, one.column) for one in report.findings}
    assert told("dbd.juristic", "column-unknown", "สีประจำบริษัท") == (
        "สัญญาข้อมูลไม่มีคอลัมน์ “สีประจำบริษัท” จึงไม่ได้อ่าน",
        "The contract has no column “สีประจำบริษัท”; it was not read",
    )
    assert told("dbd.juristic", "column-absent", "tsic")[0] == "ไฟล์ไม่มีคอลัมน์ “รหัสวัตถุประสงค์”"


def test_t8_a_file_without_a_needed_column_is_refused_with_its_name(tmp_path):
    with pytest.raises(Rejected) as refused:
        read(tmp_path, "dbd", "เลขทะเบียนฯ,ชื่อนิติบุคคล,วันที่จดทะเบียน,สถานะ\nx,บริษัท ก จำกัด,1/1/2560,เลิก\n")
    assert refused.value.code == "column-missing"
    assert sentence(refused.value, "th") == (
        "ไม่พบคอลัมน์ “เลขทะเบียน” ในหัวตาราง (แถวที่ 1) ชื่อที่ใกล้ที่สุดในไฟล์คือ “เลขทะเบียนฯ” โปรดแก้หัวตารางแล้วส่งใหม่"
    )
    assert sentence(refused.value, "en") == (
        "The heading (row 1) has no column “เลขทะเบียน”; the nearest in the file is “เลขทะเบียนฯ”."
        " Correct the heading and send it again."
    )


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
def test_t10_the_letters_of_a_file_are_told_from_its_bytes(tmp_path, code):
    table = read(tmp_path, "dbd", file_of("dbd.juristic", {}).encode(code))
    assert table.frame["name"][0] == GOOD["dbd.juristic"]["name"]


def test_t10_bytes_that_are_no_letters_are_refused_with_their_row(tmp_path):
    content = file_of("dbd.juristic", {}, {}).encode("cp874").splitlines(keepends=True)
    content[2] = content[2].replace("บริษัท".encode("cp874"), b"\xfc\xfd\xfe\xff\xdb")
    with pytest.raises(Rejected) as refused:
        read(tmp_path, "dbd", b"".join(content))
    assert (refused.value.code, refused.value.facts["row"]) == ("file-encoding-unknown", 3)
    assert sentence(refused.value, "th") == "อ่านตัวอักษรในแถวที่ 3 ไม่ได้ โปรดบันทึกไฟล์เป็น CSV UTF-8 แล้วส่งใหม่"
    assert sentence(refused.value, "en") == (
        "The letters in row 3 cannot be read. Save the file as CSV UTF-8 and send it again."
    )


@pytest.fixture
def deliver(tmp_path, home, clock):
    def run(content, source="dbd"):
        path = tmp_path / "sent.csv"
        path.write_text(content, encoding="utf-8")
        return services.deliver(path, source=source, filename="sent.csv", actor=STEWARD, home=home, clock=clock)

    return run


def whole(count):
    return file_of("dbd.juristic", *({"juristic_id": number} for number in NUMBERS[:count]))


@pytest.mark.django_db
def test_t40_the_same_file_twice_is_one_delivery(deliver, home):
    first, again = deliver(whole(5)), deliver(whole(5))
    assert (again.duplicate, again.delivery_id) == (True, first.delivery_id)
    assert len(services.in_force(home=home)) == 1


@pytest.mark.django_db
def test_t40_a_file_that_shrank_waits_and_the_register_keeps_the_earlier_one(deliver, home, clock):
    from iindustry.web.agency import STATUS_WORDS

    first, fallen = deliver(whole(200)), deliver(whole(40))
    assert (first.status, fallen.status) == ("accepted", "held")
    assert STATUS_WORDS[fallen.status][:2] == ("รอผู้ดูแลข้อมูล", "Held for a steward")
    assert [one.delivery_id for one in services.in_force(home=home)] == [first.delivery_id]
    services.release(fallen.delivery_id, accept=True, actor=STEWARD, clock=clock)
    assert [one.delivery_id for one in services.in_force(home=home)] == [fallen.delivery_id]


HERE = {"T8", "T10", "T40"}
