"""Judgements of stewards, carried from records to the profiles of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.linkage.outcome import Pair, RecordId, Verdict, pair_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from iindustry.linkage.outcome import Judgement


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
