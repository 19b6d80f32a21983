"""Drafts tried on the whole register before they hold: who would be let in, who just misses, which datum would settle.

Nothing is kept. Invariant: yes + no + unknown is the number of enterprises, in the whole and in each group.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import polars as pl

from iindustry.programmes import facts_table
from iindustry.programmes.closures import root
from iindustry.programmes.columns import evaluate
from iindustry.programmes.facts import spec_of
from iindustry.programmes.published import bundle_of
from iindustry.programmes.tree import Condition, items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from iindustry.kernel.home import Home
    from iindustry.programmes.shape import Programme


@dataclass(frozen=True, slots=True)
class Tally:
    """Enterprises by answer."""

    yes: int
    no: int
    unknown: int


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One item of the rule that alone stands between enterprises and a yes. `baht_satang` None: no amount is named."""

    item: str
    th: str
    en: str
    enterprises: int
    baht_satang: int | None


@dataclass(frozen=True, slots=True)
class Settling:
    """One fact whose value alone, whatever it is, would end the unknown of so many enterprises."""

    fact: str
    source: str
    th: str
    en: str
    enterprises: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a draft would answer on a register version. Groups by code (`` is not known); `seconds` is wall time.

    `baht_satang`: the most that those with a yes could have, satang; None where the document names no amount.
    `winners`, `losers`: a yes that the rule compared with does not give, and the reverse; None where none was compared.
    """

    programme: str
    title_th: str
    title_en: str
    document_version: str
    version: str
    as_of: date
    enterprises: int
    yes: int
    no: int
    unknown: int
    assumed: int
    baht_satang: int | None
    by_province: Mapping[str, Tally]
    by_size: Mapping[str, Tally]
    by_sector: Mapping[str, Tally]
    by_line: Mapping[str, Tally]
    winners: int | None
    losers: int | None
    near_miss: tuple[NearMiss, ...]
    settling: tuple[Settling, ...]
    seconds: float

    def document(self) -> dict[str, Any]:
        """As JSON: days as text, money in satang."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


def dry_run(programme: Programme, *, home: Home, as_of: date, against: Programme | None = None) -> DryRun:
    """One draft on the register version in force, beside another rule where one is named.

    Raises Conflict `register-absent` before the first version.
    """
    began = perf_counter()
    table = facts_table.make(home=home, as_of=as_of)
    bundle = bundle_of(programme)
    answers = evaluate([bundle], table.enterprises, table.establishments, as_of)
    counts = Counter(answers["answer"].to_list())
    misses = Counter(
        answers.filter((pl.col("answer") == "no") & (pl.col("fail_bits").bitwise_count_ones() == 1))["fail_bits"]
    )
    order = items(root(bundle))
    limit = programme.amount_max_satang
    near = [
        NearMiss(one.id, *_words(one), misses[1 << i], None if limit is None else limit * misses[1 << i])
        for i, one in enumerate(order)
        if misses[1 << i]
    ]
    before = None
    if against is not None:
        before = evaluate([bundle_of(against)], table.enterprises, table.establishments, as_of)["answer"] == "yes"
    now = answers["answer"] == "yes"
    return DryRun(
        programme=programme.id,
        title_th=programme.title_th,
        title_en=programme.title_en,
        document_version=programme.version,
        version=table.version,
        as_of=as_of,
        enterprises=table.height,
        yes=counts["yes"],
        no=counts["no"],
        unknown=counts["unknown"],
        assumed=int((answers["assumed"] > 0).sum()),
        baht_satang=None if limit is None else limit * counts["yes"],
        by_province=_by(table.enterprises, "entity__province", answers),
        by_size=_by(table.enterprises, "entity__size_class", answers),
        by_sector=_by(table.enterprises, "entity__sector", answers),
        by_line={},
        winners=None if before is None else int((now & ~before).sum()),
        losers=None if before is None else int((before & ~now).sum()),
        near_miss=tuple(sorted(near, key=lambda one: (-one.enterprises, one.item))),
        settling=(),
        seconds=round(perf_counter() - began, 3),
    )


def compare(programmes: Sequence[Programme], *, home: Home, as_of: date) -> tuple[DryRun, ...]:
    """Several drafts, each against the first."""
    return tuple(
        dry_run(one, home=home, as_of=as_of, against=programmes[0] if number else None)
        for number, one in enumerate(programmes)
    )


def _words(item: object) -> tuple[str, str]:
    if isinstance(item, Condition):
        label = spec_of(item.fact).label
        return label.th, label.en
    return "สถานประกอบการ", "Establishments"


def _by(enterprises: pl.DataFrame, column: str, answers: pl.DataFrame) -> dict[str, Tally]:
    if column not in enterprises.columns:
        return {}
    frame = pl.DataFrame({"code": enterprises[column].cast(pl.String).fill_null(""), "answer": answers["answer"]})
    found = frame.group_by("code").agg(
        *[(pl.col("answer") == answer).sum().alias(answer) for answer in ("yes", "no", "unknown")]
    )
    return {row[0]: Tally(*row[1:]) for row in found.sort("code").iter_rows()}
