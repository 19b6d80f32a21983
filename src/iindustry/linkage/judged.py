"""Judgements of stewards: whether they agree with each other, and what they say of the profiles of a run.

Positive answers are an equivalence: A with B and B with C says A with C. Invariant: among standing answers no negative one
lies inside a group that positive ones make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.linkage.clusters import components
from iindustry.linkage.outcome import Pair, RecordId, Verdict, pair_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from iindustry.linkage.outcome import Judgement


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What stands against an answer: the verdict, and its pair; None where several positive answers together do."""

    verdict: Verdict
    by: Pair | None


def contradiction(said: Judgement, standing: Iterable[Judgement]) -> Contradiction | None:
    """What a new answer contradicts among the standing ones, or None. An earlier answer on the same pair gives way."""
    if said.verdict is Verdict.UNSURE:
        return None
    pair = pair_of(said.left, said.right)
    others = [one for one in standing if pair_of(one.left, one.right) != pair]
    group = components((one.left, one.right) for one in others if one.verdict is Verdict.MATCH)
    left, right = group.get(said.left, said.left), group.get(said.right, said.right)
    if said.verdict is Verdict.NO_MATCH:
        return Contradiction(Verdict.MATCH, None) if left == right else None
    for one in others:
        if one.verdict is Verdict.NO_MATCH:
            ends = {group.get(one.left, one.left), group.get(one.right, one.right)}
            if ends == {left, right}:
                return Contradiction(one.verdict, pair_of(one.left, one.right))
    return None


def kept_apart(judgements: Iterable[Judgement]) -> list[RecordId]:
    """Records that some answer keeps from another: they are never folded into a profile."""
    apart = [one for one in judgements if one.verdict is Verdict.NO_MATCH]
    return sorted({side for one in apart for side in (one.left, one.right)})


def answered(judgements: Iterable[Judgement]) -> frozenset[Pair]:
    """The pairs that have a binding answer and are asked no more."""
    return frozenset(pair_of(one.left, one.right) for one in judgements)


def on_profiles(
    judgements: Sequence[Judgement], of_record: pl.DataFrame
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(pairs to join, pairs never to join) of profiles. Records that no delivery holds any more are passed over."""
    import polars as pl

    wanted = sorted({side for one in judgements for side in (one.left, one.right)})
    if not wanted:
        return [], []
    asked = pl.DataFrame(wanted, schema={"source": pl.Utf8, "record_key": pl.Utf8}, orient="row")
    rows = of_record.join(asked, on=["source", "record_key"], how="semi").select("source", "record_key", "uid")
    uid = {RecordId(source, key): number for source, key, number in rows.iter_rows()}
    pairs: dict[Verdict, set[tuple[int, int]]] = {Verdict.MATCH: set(), Verdict.NO_MATCH: set()}
    for one in judgements:
        if one.left in uid and one.right in uid and one.verdict in pairs and uid[one.left] != uid[one.right]:
            low, high = sorted((uid[one.left], uid[one.right]))
            pairs[one.verdict].add((low, high))
    return sorted(pairs[Verdict.MATCH]), sorted(pairs[Verdict.NO_MATCH])
