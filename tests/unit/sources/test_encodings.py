"""One strict rule finds the encoding, or the file is refused with its row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.kernel.errors import Rejected
from iindustry.sources import encodings, raw
from iindustry.sources.contracts import contract_of

THAI = "ที่,เลขทะเบียน,ชื่อนิติบุคคล\n1,0105558197632,บริษัท น้ำใส จำกัด\n"


def written(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp874", "cp874"), ("utf-16", "utf-16")],
)
def test_each_encoding_is_found_and_read(tmp_path, encoding, found):
    path = written(tmp_path, THAI.encode(encoding))
    assert encodings.detect(path) == found
    assert "".join(encodings.text_of(path, found)) == THAI


def test_utf_16_without_a_mark_is_found_by_its_zeros(tmp_path):
    path = written(tmp_path, "abc,def\n1,2\n".encode("utf-16-le"))
    assert encodings.detect(path) == "utf-16-le"


def test_a_byte_that_nobody_reads_is_refused_with_its_row(tmp_path):
    path = written(tmp_path, THAI.encode("cp874") + b"2,x,\xfd\xfe\n")
    with pytest.raises(Rejected, match="file-encoding-unknown") as refusal:
        encodings.detect(path)
    assert refusal.value.facts["row"] == 3


@pytest.mark.parametrize("encoding", ["latin-1", "shift_jis", "gb18030", "koi8-r"])
def test_other_scripts_never_become_a_register(tmp_path, encoding):
    """A few signs of Chinese or Russian may look like Thai bytes; their headings then belong to no layout."""
    words = {
        "latin-1": "Zürich,Café à Genève,Größe",
        "shift_jis": "日本語,工場",
        "gb18030": "中文,工厂",
        "koi8-r": "Завод,Москва",
    }
    path = written(tmp_path, (words[encoding] + "\n" + words[encoding] + "\n").encode(encoding))
    with pytest.raises(Rejected, match=r"file-encoding|layout-unknown"):
        raw.read(path, "file.csv", contract_of("dbd"))


def test_thai_that_was_saved_wrongly_before_is_refused(tmp_path):
    broken = THAI.encode("cp874").decode("latin-1").encode("utf-8")
    path = written(tmp_path, broken)
    with pytest.raises(Rejected, match="file-encoding-broken-before"):
        encodings.refuse_mojibake("".join(encodings.text_of(path, encodings.detect(path))))


def test_a_nul_is_refused_with_its_row(tmp_path):
    with pytest.raises(Rejected, match="file-holds-nul") as refusal:
        encodings.detect(written(tmp_path, b"a,b\n1,\x002\n"))
    assert refusal.value.facts["row"] == 2


@given(st.text(st.sampled_from('กขคงจเแโใไะาิีึืุู่้๊๋์ำ ,"\n0123456789abc.-'), max_size=200))
@settings(max_examples=150, deadline=None)
def test_thai_text_in_cp874_is_never_read_as_anything_else(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("encoding") / "file"
    text = THAI + text  # two letters alone may also be one of another script; a heading settles it
    path.write_bytes(text.encode("cp874"))
    found = encodings.detect(path)
    assert "".join(encodings.text_of(path, found)) == text


@pytest.mark.parametrize(("first", "second"), [("cp874", "utf-8"), ("utf-8", "cp874")])
def test_rows_pasted_in_another_encoding_refuse_the_file_with_the_row_where_they_begin(tmp_path, first, second):
    pasted = "2,0105558197632,บริษัท วางต่อท้าย จำกัด\n"
    path = written(tmp_path, (THAI + THAI).encode(first) + pasted.encode(second) + THAI.encode(first))
    with pytest.raises(Rejected, match="file-two-encodings") as refusal:
        encodings.detect(path)
    assert refusal.value.facts["row"] == 5


def test_the_second_encoding_is_found_behind_the_first_piece_that_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(encodings, "CHUNK", 64)
    path = written(tmp_path, (THAI * 40).encode("cp874") + THAI.encode())
    with pytest.raises(Rejected, match="file-two-encodings") as refusal:
        encodings.detect(path)
    assert refusal.value.facts["row"] == 81
