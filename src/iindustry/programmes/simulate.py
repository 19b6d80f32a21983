"""Drafts tried on the whole register before they hold: who would be let in, who just misses, which datum would settle.

Nothing is kept but the answers of single conditions, so that a draft in which one number changed is answered at once.
Invariant: yes + no + unknown is the number of enterprises, in the whole and over each way of grouping.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from iindustry.programmes.closures import root
from iindustry.programmes.dry_runs import DryRun, NearMiss, Settling, Tally
from iindustry.programmes.published import bundle_of
from iindustry.programmes.tree import items

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from iindustry.kernel.home import Home
    from iindustry.programmes.shape import Programme

__all__ = ["DryRun", "NearMiss", "Settling", "Tally", "compare", "curve", "dry_run"]


def dry_run(
    programme: Programme, *, home: Home, as_of: date, against: Programme | None = None, waits: bool = True
) -> DryRun:
    """One draft on the register version in force, beside another rule where one is named.

    Its `as_of` is the day of the facts: without `waits` an earlier one, where those of the day are not laid out yet.
    Raises Conflict `register-absent` before the first version, `facts-being-made` without `waits`.
    """
    from iindustry.programmes import bitmaps, columns, facts_table, grouping, near

    began = perf_counter()
    table = facts_table.make(home=home, as_of=as_of) if waits else facts_table.at_hand(home=home, as_of=as_of)
    over = columns.evaluation(table)
    bundle = bundle_of(programme)
    found = over.answers(bundle)
    answer = found.answer
    whole = grouping.tally(answer)
    amounts = near.amounts(programme, over, over.constants(bundle))
    before = None if against is None else over.status(bundle_of(against)).answer.yes
    groups = {dimension: grouping.by(over, dimension, answer) for dimension in grouping.DIMENSIONS}
    return DryRun(
        programme=programme.id,
        programme_version=programme.version,
        bundle=bundle.version,
        title_th=programme.title_th,
        title_en=programme.title_en,
        version=table.version,
        as_of=table.as_of,
        enterprises=table.height,
        yes=whole.yes,
        no=whole.no,
        unknown=whole.unknown,
        set_hash=bitmaps.digest(answer.yes),
        assumed=grouping.any_of([flag for flag in found.assumed if flag is not None]),
        baht_satang=amounts.over(answer.yes),
        by_province=groups["province"],
        by_size=groups["size"],
        by_sector=groups["sector"],
        by_line=groups["line"],
        by_condition={
            one.id: grouping.tally(truths) for one, truths in zip(items(root(bundle)), found.items, strict=True)
        },
        against_version=None if against is None else against.version,
        winners=None if before is None else int((answer.yes & ~before).sum()),
        losers=None if before is None else int((before & ~answer.yes).sum()),
        near_miss=near.near_misses(bundle, over, answer, amounts),
        settling=near.settling(bundle, over, answer),
        seconds=round(perf_counter() - began, 3),
    )


def compare(programmes: Sequence[Programme], *, home: Home, as_of: date, waits: bool = True) -> tuple[DryRun, ...]:
    """Several drafts, each but the first against the first; `waits` as in `dry_run`."""
    return tuple(
        dry_run(one, home=home, as_of=as_of, against=programmes[0] if number else None, waits=waits)
        for number, one in enumerate(programmes)
    )


def curve(
    programme: Programme, condition_id: str, *, home: Home, as_of: date, limit: int = 500
) -> tuple[tuple[int, int], ...]:
    """How many enterprises a yes has at every threshold of one condition: (threshold in the fact's units, yes), ascending.

    The number changes at the register's own values alone, so these are all there are; of more than `limit`, every so manieth.
    Raises Rejected `curve-not-a-number` where the condition compares no number with a constant, and where it stands under `not`
    over establishments; Conflict `register-absent` before the first version.
    """
    from iindustry.programmes import columns, curves, facts_table

    over = columns.evaluation(facts_table.make(home=home, as_of=as_of))
    return curves.curve(bundle_of(programme), condition_id, over, limit)
