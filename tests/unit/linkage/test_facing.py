"""One record's facets and keys in plain Python are those of the columns, on every text."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.linkage import blocking, facets, facing, lookup
from iindustry.linkage.comparisons import compared_columns
from iindustry.standardise.shapes import IDENTITY
from iindustry.standardise.single import standardised

_THAI = "".join(chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E5C)))
_TEXT = st.none() | st.text(max_size=20) | st.text(alphabet=_THAI + "0123456789/.- ()\nAKk", max_size=40)
_WORDS = (
    "บริษัท",
    "จำกัด",
    "(ประเทศไทย)",
    "Thailand",
    "หจก.",
    "ทองดี",
    "99/1",
    "หมู่ที่ 4",
    "ม.5",
    "ซอย ลาดพร้าว 3 ถนน",
    "ซ.",
    "12",
)
_WRITTEN = _TEXT | st.lists(st.sampled_from(_WORDS), max_size=6).map(" ".join)
_CODES = {"province_code": "10", "district_code": "1001", "subdistrict_code": "100101"}
RECORDS = st.fixed_dictionaries(
    {
        **dict.fromkeys(
            ("core", "num", "skel", "en_core", "en_skel", "xskel", "en_xskel", "address_parts", "name_raw"), _WRITTEN
        ),
        **{name: st.sampled_from([None, code]) for name, code in _CODES.items()},
        "juristic_id": st.sampled_from([None, "0105500000001"]),
        "id_state": st.sampled_from(["valid", "invalid", "none", None]),
        "form": st.sampled_from([None, "", "none", "co", "plc", "lp"]),
        "is_person": st.sampled_from([None, True, False]),
        "phones": st.none() | st.lists(st.sampled_from(["021234567", "0812345678", "038111222"]), max_size=4),
    }
)


def held_equal(record):
    row = {"source": lookup.SOURCE, "record_key": ""}
    frame = pl.DataFrame([{name: (record | row).get(name) for name in IDENTITY}], schema=IDENTITY)
    columns = blocking.keyed(facets.facets(frame)).row(0, named=True)
    own = facing.face_of(record)
    assert {*compared_columns(), *lookup.ORDER, "core", "skel", "jid", "factory_id"} <= {*own, "source"}
    for name, value in own.items():
        assert (value or None if name == "block_rare" else value) == (
            columns[name] or None if name == "block_rare" else columns[name]
        ), name
    numbers = {"juristic_id": own["jid"], "factory_id": own["factory_id"]}
    assert lookup.keys_of(own, **numbers) == lookup.keys_of(columns, **numbers)


@settings(deadline=None, max_examples=200)
@given(RECORDS)
def test_on_any_text(record):
    held_equal(record)


@settings(deadline=None, max_examples=100)
@given(
    name=_WRITTEN,
    english=_WRITTEN,
    address=_WRITTEN,
    phone=st.sampled_from([None, "02-123-4567 ต่อ 8", "081 234 5678, 038111222"]),
)
def test_on_what_somebody_wrote(name, english, address, phone):
    said = {"name_th": name, "name_en": english, "address": address, "phone": phone}
    held_equal(standardised({key: value for key, value in said.items() if value}, None))
