"""One file from its bytes to accepted and quarantined rows on disk, batch after batch, in bounded memory.

Needs no database: what must be known across batches is kept by the sorter (keys, counts, examples), and Parquet is
written a row group at a time.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iindustry.kernel.progress import Progress, silent
from iindustry.sources import raw, scopes
from iindustry.sources.headings import fingerprint
from iindustry.sources.landing import ACCEPTED, QUARANTINED
from iindustry.sources.reports import FindingCount
from iindustry.sources.rows import EXAMPLES, Found, Sorter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import pyarrow.parquet as pq

    from iindustry.sources.contracts import Contract, Layout
    from iindustry.sources.mappings import Mapping
    from iindustry.sources.rows import HeldBack, Seal, Sorted, Tag


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file became. `common_scope` is what all accepted rows have in common; `held_back` as of `rows.Sorted`.

    `mapping`: the one it was read by, if any; `headings`: the fingerprint of its heading row.
    """

    layout: Layout
    mapping: Mapping | None
    headings: str
    encoding: str
    accepted: int
    quarantined: int
    counts: tuple[FindingCount, ...]
    examples: tuple[Found, ...]
    held_back: tuple[HeldBack, ...]
    common_scope: str


def take(
    path: Path,
    filename: str,
    contract: Contract,
    *,
    folder: Path,
    today: date,
    tag: Tag,
    seal: Seal | None = None,
    only: str | None = None,
    mapping: Mapping | None = None,
    remembered: raw.Memory | None = None,
    progress: Progress = silent,
) -> Taken:
    """Read, check and write one file into `folder` as `accepted.parquet` and `quarantined.parquet`.

    `tag`, `seal` as of `rows.Sorter`. Raises Rejected with the codes of `words/sources.yaml` where the file as a whole
    cannot be read; what is in `folder` then is of no use.
    """
    total = path.stat().st_size
    opened = raw.opened(
        path, filename, contract, only=only, mapping=mapping, remembered=remembered, within=folder
    )  # fmt: skip
    with opened as reading, ExitStack() as files:
        layout = reading.match.layout
        accepted = files.enter_context(_writing(folder / ACCEPTED))
        quarantined = files.enter_context(_writing(folder / QUARANTINED))
        sorter: Sorter | None = None
        common = scopes.Common(layout)
        for frame in reading.batches:
            progress("deliver.read", min(reading.source.signs, total), total)
            sorter = sorter or Sorter(layout, frame.columns, today=today, tag=tag, seal=seal)
            batch = sorter.sort(frame)
            accepted.write(batch.accepted)
            quarantined.write(batch.quarantined)
            common.add(batch.accepted)
        assert sorter is not None  # noqa: S101 - a file without rows was refused
        absent = [FindingCount("column-absent", column.name, 1) for column in reading.match.absent]
        unknown = [FindingCount("column-unknown", heading[:60], 1) for heading in reading.match.unknown]
        totals = [Found("total-line", "", row, said[:60]) for row, said in reading.body.totals]
        summed = [FindingCount("total-line", "", len(totals))] if totals else []
    return Taken(
        layout=layout, mapping=reading.mapping, headings=fingerprint(reading.heading), encoding=reading.encoding, accepted=accepted.rows, quarantined=quarantined.rows,
        counts=(*absent, *unknown, *summed, *sorter.counts), examples=(*totals[:EXAMPLES], *sorter.examples),
        held_back=sorter.held_back, common_scope=common.scope(),
    )  # fmt: skip


def write(result: Sorted, folder: Path) -> None:
    """Write a table that was sorted out whole."""
    for name, frame in ((ACCEPTED, result.accepted), (QUARANTINED, result.quarantined)):
        with _writing(folder / name) as out:
            out.write(frame)


@dataclass(slots=True)
class _Out:
    """A Parquet file being written: a row group a batch. The first batch gives the schema, even when it has no rows."""

    path: Path
    rows: int = 0
    writer: pq.ParquetWriter | None = None

    def write(self, frame: pl.DataFrame) -> None:
        import pyarrow.parquet as pq

        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        if table.num_rows or not self.rows:
            self.writer.write_table(table)
        self.rows += table.num_rows


@contextmanager
def _writing(path: Path) -> Iterator[_Out]:
    out = _Out(path)
    try:
        yield out
    finally:
        if out.writer is not None:
            out.writer.close()
