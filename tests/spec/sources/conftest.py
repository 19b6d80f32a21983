"""From the cells of a file to what lands, to the standard record, and to the words beside a cell."""

from __future__ import annotations

import pytest
from trap_files import TODAY, file_of, read

from iindustry.sources import reasons, rows
from iindustry.sources.contracts import contract_of
from iindustry.standardise import records


@pytest.fixture
def landed(tmp_path):
    """Reads a row, or several, of a layout: `landed("diw.factories", {"moo": "0"})` gives `rows.Sorted`."""

    def run(where, *changed, encoding="utf-8"):
        source, layout = where.split(".")
        table = read(tmp_path, source, file_of(where, *changed).encode(encoding), layout=layout)
        return rows.sort_out(
            table.frame, table.match.layout, today=TODAY, tag=lambda number: f"tag-{number[-2:]}",
            seal=lambda pairs: [f"{person} {len(name)}".encode() for name, person in pairs],
        )  # fmt: skip

    return run


@pytest.fixture
def standard(landed):
    """The first row of a layout as a standard record, as a dict."""

    def run(where, cells):
        source, layout = where.split(".")
        accepted = landed(where, cells).accepted
        return records.standard_of(accepted, source=source, layout=layout, observed_on=TODAY).row(0, named=True)

    return run


@pytest.fixture
def told():
    """What a finding says beside a cell: (Thai, English)."""

    def run(where, code, column):
        source, layout = where.split(".")
        words = reasons.sentence(code, contract_of(source).layout(layout), column)
        return words.th, words.en

    return run
