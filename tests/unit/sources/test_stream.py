"""A file read in batches says what it says when it is read whole; what must be known across batches is known."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iindustry.kernel.errors import Rejected
from iindustry.sources import rows, tables, taking
from iindustry.sources.contracts import contract_of
from iindustry.sources.seen import SeenKeys

TODAY = date(2026, 11, 22)
HEAD = "เลขทะเบียน,ชื่อนิติบุคคล,วันที่จดทะเบียน,สถานะ,ทุนจดทะเบียน (บาท)\n"
IDS = ["0105558197632", "0105553000121", "105553000121", "0105558197633", "1234567890121", "", "x"]


def take(tmp_path, text, *, source="dbd", progress=None, **options):
    path, folder = tmp_path / "sent.csv", tmp_path / "landed"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    folder.mkdir(exist_ok=True)
    taken = taking.take(
        path, "sent.csv", contract_of(source), folder=folder, today=TODAY, tag=lambda number: "tag" + number[-1],
        **options, **({"progress": progress} if progress else {}),
    )  # fmt: skip
    return taken, pl.read_parquet(folder / "accepted.parquet"), pl.read_parquet(folder / "quarantined.parquet")


_ROWS = st.lists(
    st.tuples(
        st.sampled_from(IDS),
        st.sampled_from(["บริษัท ก จำกัด", "", "-", 'ชื่อ "ใน" คำพูด', "สอง\nบรรทัด", "ก,ข"]),
        st.sampled_from(["1/1/2558", "31/2/2558", "14 ม.ค. 2559", "", "25560115"]),
        st.sampled_from(["ร้าง", "อะไรก็ไม่รู้", ""]),
        st.sampled_from(["1,000.50", " - ", "ห้า", ""]),
    ),
    min_size=1,
    max_size=60,
)


@given(_ROWS, st.integers(1, 7))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_batches_of_any_size_give_what_the_whole_gives(tmp_path_factory, monkeypatch, table, step):
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table]
    text = HEAD + "\n".join(lines) + "\n"
    whole = take(tmp_path_factory.mktemp("whole"), text)
    with monkeypatch.context() as small:
        small.setattr(tables, "BATCH_ROWS", 1)
        small.setattr(tables, "_STEP", step)
        small.setattr("iindustry.sources.encodings.CHUNK", 64)
        parts = take(tmp_path_factory.mktemp("parts"), text)
    assert parts[0] == whole[0]
    assert parts[1].equals(whole[1])
    assert parts[2].equals(whole[2])
    assert whole[0].accepted + whole[0].quarantined == len(table)


def test_a_key_seen_batches_ago_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "BATCH_ROWS", 2)
    monkeypatch.setattr(tables, "_STEP", 2)
    body = "".join(f"L{number % 50},มอก. 1,บริษัท ก จำกัด,ตาก\n" for number in range(60))
    taken, accepted, _ = take(tmp_path, "เลขที่ใบอนุญาต,มาตรฐานเลขที่,ผู้รับใบอนุญาต,จังหวัด\n" + body, source="tisi")
    assert accepted["record_key"].to_list() == [f"L{number}" for number in range(50)]
    assert [one.row for one in taken.held_back] == list(range(52, 62))
    assert {one.reasons[0].code for one in taken.held_back} == {"key-seen-before"}


@given(st.lists(st.lists(st.none() | st.text("abc", max_size=2), min_size=1, max_size=8), max_size=8))
@settings(max_examples=100, deadline=None)
def test_seen_keys_are_those_of_a_plain_set(batches):
    seen, plain = SeenKeys(), set()
    for batch in batches:
        expected = []
        for key in batch:
            expected.append(key is not None and key in plain)
            plain.add(key)
        assert seen.again(pl.Series(batch, dtype=pl.Utf8)).to_list() == expected


def test_rows_kept_one_by_one_are_capped_and_the_rest_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "MOST_HELD_BACK", 5)
    taken, _, quarantined = take(tmp_path, HEAD + "x,,,,\n" * 30)
    assert (taken.quarantined, quarantined.height, len(taken.held_back)) == (30, 30, 5)


@pytest.mark.parametrize("total", ["รวม", "รวมทั้งสิ้น", "ยอดรวม", "รวมทั้งสิ้น 2 ราย", "Grand Total", "รวม :"])
def test_lines_of_totals_at_the_end_are_no_rows_and_no_faults(tmp_path, total):
    heading = "ลำดับ,เลขทะเบียน,ชื่อนิติบุคคล,วันที่จดทะเบียน,ทุนจดทะเบียน (บาท)\n"
    body = "1,0105558197632,บริษัท ก จำกัด,1/1/2558,5\n2,0105553000121,บริษัท ข จำกัด,1/1/2558,5\n"
    taken, accepted, _ = take(tmp_path, heading + body + f"\n{total},,,,10\n,,,,\n")
    assert (accepted.height, taken.quarantined) == (2, 0)
    assert [(one.code, one.count) for one in taken.counts if one.code == "total-line"] == [("total-line", 1)]
    assert [(one.row, one.value) for one in taken.examples if one.code == "total-line"] == [(5, total)]


def test_a_total_may_count_in_the_column_of_the_key(tmp_path):
    heading = "ที่,ชื่อนิติบุคคล,เลขทะเบียน"
    assert tables.Body(heading.split(","), 2, {"name": 1, "key": 2}, (2,))._without_totals(
        [["1", "บริษัท ก จำกัด", "0105558197632"], ["", "รวมทั้งสิ้น", "1 ราย"]], 2
    ) == [["1", "บริษัท ก จำกัด", "0105558197632"]]


def test_a_company_called_total_is_a_row_and_a_total_in_the_middle_is_a_faulty_one(tmp_path):
    body = "0105558197632,รวม,1/1/2558,ร้าง,5\nรวม,,,,10\n0105553000121,รวมใจ,1/1/2558,ร้าง,5\n"
    taken, accepted, quarantined = take(tmp_path, HEAD + body)
    assert accepted["name"].to_list() == ["รวม", "รวมใจ"]
    assert quarantined["row"].to_list() == [3]
    assert not [one for one in taken.counts if one.code == "total-line"]


def test_rows_are_numbered_as_a_spreadsheet_counts_through_all_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "BATCH_ROWS", 3)
    monkeypatch.setattr(tables, "_STEP", 3)
    text = "รายชื่อ,,,,\n\n" + HEAD + "".join("\n" if n % 5 == 0 else f"{n},ชื่อ,,,\n" for n in range(40))
    _, accepted, quarantined = take(tmp_path, text)
    assert sorted([*accepted["row"], *quarantined["row"]]) == [4 + n for n in range(40) if n % 5]


def test_a_line_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "LONGEST_LINE", 1000)
    with pytest.raises(Rejected, match="file-line-too-long"):
        take(tmp_path, HEAD + "x" * 5000)


def test_progress_is_told_in_bytes_and_never_over_the_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "BATCH_ROWS", 1)
    monkeypatch.setattr(tables, "_STEP", 1)
    told = []
    take(tmp_path, HEAD + "0105558197632,ก,,,\n" * 30, progress=lambda *said: told.append(said))
    assert [one[0] for one in told] == ["deliver.read"] * len(told)
    assert [one[1] for one in told] == sorted(one[1] for one in told)
    assert all(0 < done <= total for _, done, total in told)


DIRECTORS = (
    "เลขทะเบียน,ลำดับกรรมการ,ชื่อกรรมการ,เลขประจำตัวประชาชน,วันที่เข้ารับตำแหน่ง,อำนาจกระทำการ\n"
    "0105558197632,1,นาย สมมติ ไม่มีจริง,1234567890121,1/1/2560,กรรมการสองคนลงลายมือชื่อร่วมกัน\n"
    "0105558197632,2,นาง สมมติ ไม่มีเช่นกัน,1234567890122,1/1/2560,นาย สมมติ ไม่มีจริง ลงลายมือชื่อ\n"
    "0105558197632,2,นาง ซ้ำ สมมติ,1234567890121,1/1/2560,\n"
)


def test_a_director_lands_sealed_and_tagged_and_is_shown_nowhere(tmp_path):
    def seal(pairs):
        assert all(text.startswith("นา") for text, _ in pairs)
        return [f"{person}/{len(text)}".encode() for text, person in pairs]

    taken, accepted, _ = take(tmp_path, DIRECTORS, source="dbd_directors", seal=seal)
    assert accepted["record_key"].to_list() == ["0105558197632:1", "0105558197632:2"]
    assert accepted["person_tag"].to_list() == ["tag1", None]
    shown = str(accepted.to_dicts()) + str(taken.held_back) + str(taken.examples)
    assert "สมมติ" not in shown
    assert "12345678901" not in shown
    assert [(one.row, one.reasons[0].code) for one in taken.held_back] == [(4, "key-seen-before")]
    assert taken.held_back[0].cells["director_name"] == "•••"
