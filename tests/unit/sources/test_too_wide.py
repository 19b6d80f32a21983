"""A table on its side is refused before anybody is asked what its two thousand columns are."""

from __future__ import annotations

import pytest

from iindustry.kernel.errors import Rejected
from iindustry.sources import headings, raw


def read(tmp_path, *rows):
    path = tmp_path / "sent.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with raw.as_text(path, "sent.csv") as text:
        return text.first


def cells(count):
    return ",".join(f"ก{number}" for number in range(count))


@pytest.mark.parametrize("row", range(headings.LOOK_AT_ROWS))
def test_more_columns_than_any_register_has_are_refused_wherever_the_heading_may_stand(tmp_path, row):
    rows = ["หนังสือเวียน,1"] * headings.LOOK_AT_ROWS
    rows[row] = cells(raw.MOST_COLUMNS + 1)
    with pytest.raises(Rejected, match="file-too-wide"):
        read(tmp_path, *rows)


def test_as_many_as_that_are_read_and_empty_ones_are_not_counted(tmp_path):
    assert len(read(tmp_path, cells(raw.MOST_COLUMNS))[0]) == raw.MOST_COLUMNS
    assert len(read(tmp_path, cells(3) + "," * 16_000)[0]) == 16_003  # a workbook's formatted, empty columns


def test_a_line_of_separators_alone_is_refused(tmp_path):
    with pytest.raises(Rejected, match="file-too-wide"):
        read(tmp_path, "ก,ข", "," * 1_000_000)
