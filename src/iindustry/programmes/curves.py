"""How many have a yes at every threshold of one number: exact, because it changes at the register's own values alone.

The tree is answered twice, with the condition met and not met; between the two only the value decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.kernel.errors import Rejected
from iindustry.programmes.closures import root
from iindustry.programmes.near import made
from iindustry.programmes.tree import Condition, Literal, Not, Op, ParamRef, Some, children, conditions

if TYPE_CHECKING:
    from iindustry.programmes.columns import Evaluation
    from iindustry.programmes.conditions import Asking, Constants
    from iindustry.programmes.published import Bundle
    from iindustry.programmes.tree import Node

RISING = frozenset({Op.GE, Op.GT})
"""Operators that a larger value meets; the others of a threshold are met by a smaller one."""
THRESHOLDS = RISING | {Op.LE, Op.LT}


def curve(bundle: Bundle, condition_id: str, over: Evaluation, limit: int) -> tuple[tuple[int, int], ...]:
    """(threshold, enterprises with a yes), thresholds ascending; at most `limit` of them."""
    node, constants = root(bundle), over.constants(bundle)
    with_curve = {one.id: one for one in conditions(node) if _has_curve(node, one)}
    leaf = with_curve.get(condition_id)
    if leaf is None:
        raise Rejected("curve-not-a-number", condition=condition_id, known=", ".join(with_curve) or "—")
    some = _some_of(node, leaf)
    if some is None:
        values = _values(leaf, over.enterprises, constants)
        item = leaf.id
    else:
        values = _best(some, leaf, over, constants)
        item = some.id
    known = values.is_not_null()
    base = over.truth(node, constants) if some is None else over.truth(node, constants, {leaf.id: made(value=False)})
    met = over.truth(node, constants, {item: made(value=True)}).yes & known
    unmet = over.truth(node, constants, {leaf.id: made(value=False)}).yes & known
    always = int((met & unmet).sum()) + int((base.yes & ~known).sum())
    return _steps(leaf.op, values.filter(met & ~unmet), values.filter(unmet & ~met), always, limit)


def _has_curve(node: Node, leaf: Condition) -> bool:
    if leaf.op not in THRESHOLDS or not isinstance(leaf.value, (Literal, ParamRef)):
        return False
    some = _some_of(node, leaf)
    return some is None or (some.need == 1 and not _under_not(node, leaf))


def _some_of(node: Node, leaf: Condition) -> Some | None:
    return next((one for one in _somes(node) if any(each.id == leaf.id for each in conditions(one.of))), None)


def _values(leaf: Condition, asking: Asking, constants: Constants) -> pl.Series:
    """The values that a condition compares; where one is missing, what the condition assumes."""
    values = asking.values(leaf.fact, constants)
    spare = leaf.on_missing.assume
    if spare is None:
        return values
    if isinstance(spare, Literal):
        return values.fill_null(int(spare.value))  # type: ignore[arg-type]
    return pl.select(pl.coalesce(values, asking.values(spare.fact, constants))).to_series()


def _steps(op: Op, gains: pl.Series, losses: pl.Series, always: int, limit: int) -> tuple[tuple[int, int], ...]:
    """At each value as threshold: those that meet it of `gains`, and those that do not of `losses`."""
    counts = pl.concat(
        [
            pl.DataFrame({"value": gains, "gain": pl.repeat(1, gains.len(), eager=True, dtype=pl.Int64), "loss": pl.zeros(gains.len(), pl.Int64, eager=True)}),
            pl.DataFrame({"value": losses, "gain": pl.zeros(losses.len(), pl.Int64, eager=True), "loss": pl.repeat(1, losses.len(), eager=True, dtype=pl.Int64)}),
        ]
    ).group_by("value").sum().sort("value")  # fmt: skip
    below = {name: pl.col(name).cum_sum() - (0 if op in {Op.LE, Op.GT} else pl.col(name)) for name in ("gain", "loss")}
    meets = {name: (pl.col(name).sum() - below[name]) if op in RISING else below[name] for name in below}
    found = counts.select("value", yes=always + meets["gain"] + pl.col("loss").sum() - meets["loss"])
    every = max(1, -(-found.height // limit))
    return tuple((int(value), int(yes)) for value, yes in found.gather_every(every).rows())


def _best(some: Some, leaf: Condition, over: Evaluation, constants: Constants) -> pl.Series:
    """Of each enterprise the value that meets the most thresholds, of its establishments that meet all else."""
    table = over.table
    first = _eligible(some, leaf, over.first, over, constants)
    first = pl.select(pl.when(table.present & table.listed).then(first)).to_series()
    if not table.more_row.len():
        return first
    rest = pl.DataFrame({"row": table.more_row, "value": _eligible(some, leaf, over.more, over, constants)})
    pick = pl.col("value").max() if leaf.op in RISING else pl.col("value").min()
    best = rest.group_by("row").agg(pick)
    rows = pl.DataFrame(
        {"row": pl.int_range(first.len(), dtype=pl.UInt32, eager=True), "first": first, "listed": table.listed}
    )
    joined = rows.join(best, on="row", how="left", maintain_order="left")
    fold = pl.max_horizontal if leaf.op in RISING else pl.min_horizontal
    return joined.select(pl.when("listed").then(fold("first", "value")).alias("value")).to_series()


def _eligible(some: Some, leaf: Condition, asking: Asking, over: Evaluation, constants: Constants) -> pl.Series:
    values = _values(leaf, asking, constants)
    rows = over.of_sites(some.of, asking, constants, {leaf.id: made(value=True)}).yes
    return pl.select(pl.when(rows).then(values)).to_series()


def _somes(node: Node) -> list[Some]:
    found = [node] if isinstance(node, Some) else []
    return found + [one for child in children(node) for one in _somes(child)]


def _under_not(node: Node, leaf: Condition) -> bool:
    if isinstance(node, Not):
        return any(one.id == leaf.id for one in conditions(node))
    return any(_under_not(child, leaf) for child in children(node))
