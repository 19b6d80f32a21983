"""Judgements of stewards: whether they agree with each other, and what they say of the profiles of a run.

Positive answers are an equivalence: A with B and B with C says A with C. Invariant: among standing answers no negative one
lies inside a group that positive ones make.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.linkage.clusters import components
from iindustry.linkage.outcome import Pair, RecordId, Verdict, pair_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import polars as pl

    from iindustry.linkage.outcome import Judgement


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What stands against an answer: the verdict, and the judgement or act that says so (empty where none is named)."""

    verdict: Verdict
    by: Judgement


def contradiction(said: Judgement, standing: Iterable[Judgement]) -> Contradiction | None:
    """What a new answer contradicts among the standing ones, or None. An earlier answer on the same pair gives way.

    An answer on groups gives way to nobody but itself: only a pair's own earlier answer is replaced.
    """
    if said.verdict is Verdict.UNSURE:
        return None
    others = [one for one in standing if not _is_same_pair(said, one)]
    positive = [one for one in others if one.verdict is Verdict.MATCH]
    group = components(pair for one in positive for pair in _ties(one))
    left, right = ({group.get(record, record) for record in side} for side in said.sides)
    if said.verdict is Verdict.NO_MATCH:
        return _joining(positive, group, left & right)
    united = left | right
    for one in others:
        if one.verdict is Verdict.NO_MATCH:
            ends = [{group.get(record, record) for record in side} & united for side in one.sides]
            if ends[0] and ends[1]:
                return Contradiction(one.verdict, one)
    return None


def _is_same_pair(said: Judgement, other: Judgement) -> bool:
    whole = said.also_left or said.also_right or other.also_left or other.also_right
    return not whole and pair_of(said.left, said.right) == pair_of(other.left, other.right)


def _ties(one: Judgement) -> Iterable[tuple[RecordId, RecordId]]:
    left, right = one.sides
    return ((one.left, other) for other in (*left[1:], *right))


def _joining(
    positive: Sequence[Judgement], group: Mapping[RecordId, RecordId], held: Collection[RecordId]
) -> Contradiction | None:
    """The last positive answer of the group that would be parted, or None where none is."""
    if not held:
        return None
    inside = [one for one in positive if group.get(one.left, one.left) in held]
    return Contradiction(Verdict.MATCH, inside[-1]) if inside else None


def kept_apart(judgements: Iterable[Judgement]) -> pl.DataFrame:
    """source, record_key, side: records kept from others, under one name where they are kept from the very same ones.

    Equal records of one side may still be one profile; of two sides never.
    """
    import polars as pl

    against: dict[RecordId, set[RecordId]] = {}
    for one in judgements:
        if one.verdict is Verdict.NO_MATCH:
            left, right = one.sides
            for side, other in ((left, right), (right, left)):
                for record in side:
                    against.setdefault(record, set()).update(other)
    rows = [(*record, _side_name(against[record])) for record in sorted(against)]
    return pl.DataFrame(rows, schema={"source": pl.Utf8, "record_key": pl.Utf8, "side": pl.Utf8}, orient="row")


def _side_name(against: Collection[RecordId]) -> str:
    text = "\x1e".join("\x1f".join(record) for record in sorted(against))
    return "kept from " + hashlib.sha256(text.encode()).hexdigest()[:24]


def answered(judgements: Iterable[Judgement]) -> frozenset[Pair]:
    """The pairs that have a binding answer and are asked no more; of groups, the pair of their first records."""
    return frozenset(pair_of(one.left, one.right) for one in judgements)


def on_profiles(
    judgements: Sequence[Judgement], of_record: pl.DataFrame
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(pairs to join, pairs never to join) of profiles. Records that no delivery holds any more are passed over.

    Of two groups that match one profile each is joined, the least of those still there; of two that do not, every profile
    of one is barred from every profile of the other.
    """
    import polars as pl

    wanted = sorted({record for one in judgements for side in one.sides for record in side})
    if not wanted:
        return [], []
    asked = pl.DataFrame(wanted, schema={"source": pl.Utf8, "record_key": pl.Utf8}, orient="row")
    rows = of_record.join(asked, on=["source", "record_key"], how="semi").select("source", "record_key", "uid")
    uid = {RecordId(source, key): number for source, key, number in rows.iter_rows() if number is not None}
    pairs: dict[Verdict, set[tuple[int, int]]] = {Verdict.MATCH: set(), Verdict.NO_MATCH: set()}
    for one in judgements:
        if one.verdict not in pairs:
            continue
        left, right = ([uid[record] for record in side if record in uid] for side in one.sides)
        if one.verdict is Verdict.MATCH:
            left, right = left[:1], right[:1]
        pairs[one.verdict].update((min(a, b), max(a, b)) for a in left for b in right if a != b)
    return sorted(pairs[Verdict.MATCH]), sorted(pairs[Verdict.NO_MATCH])
