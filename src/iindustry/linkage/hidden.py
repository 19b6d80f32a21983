"""Hidden numbers: a fixed tenth of the numbers held in two registers is hidden, linked without, and compared.

The first profile of a hidden number keeps it, as the official register does; the others must be found by name and place.
One scoring serves both runs: pairs of the hidden are scored too and left out of the real one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iindustry.linkage.evaluate import Quality, is_hidden, measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from iindustry.linkage.clusters import Clustering
    from iindustry.linkage.passes import IdPass

_PAIRS_A_NUMBER = 20


def sample(profiles: pl.DataFrame, numbers: IdPass) -> frozenset[int]:
    """The profiles whose number is hidden: those that an id pass joined to an anchor, of the fixed tenth."""
    number = dict(profiles.select("uid", "jid").iter_rows())
    return frozenset(uid for anchor, uid in numbers.joined if is_hidden(number[anchor]))


def pairs_to_learn(profiles: pl.DataFrame, numbers: IdPass, hidden: frozenset[int]) -> pl.DataFrame:
    """Pairs across registers that a number matched, the hidden left out: columns left_uid, right_uid."""
    import polars as pl

    source = dict(profiles.select("uid", "source").iter_rows())
    groups: dict[int, list[int]] = {}
    for anchor, uid in numbers.joined:
        if uid not in hidden:
            groups.setdefault(anchor, [anchor]).append(uid)
    rows = [pair for group in groups.values() for pair in _across(group, source)]
    return pl.DataFrame(sorted(rows), schema={"left_uid": pl.Int64, "right_uid": pl.Int64}, orient="row")


def _across(group: Sequence[int], source: Mapping[int, str]) -> list[tuple[int, int]]:
    found = [
        (min(one, other), max(one, other))
        for place, one in enumerate(group)
        for other in group[place + 1 :]
        if source[one] != source[other]
    ]
    return found[:_PAIRS_A_NUMBER]


def without(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs of the real run: those that would have been scored without hiding anything."""
    return pairs.filter("real")


def masked(known: Mapping[int, str], hidden: frozenset[int]) -> dict[int, str]:
    """Numbers of profiles with the hidden ones taken away."""
    return {uid: number for uid, number in known.items() if uid not in hidden}


def left(by_id: Iterable[tuple[int, int]], hidden: frozenset[int]) -> list[tuple[int, int]]:
    """The id pairs that stand when the hidden numbers are not seen."""
    return [(anchor, uid) for anchor, uid in by_id if uid not in hidden]


def quality(found: Clustering, known: Mapping[int, str], hidden: frozenset[int]) -> Quality:
    """Pairs of numbered profiles with a hidden one among them: found in one cluster against truly one number."""
    numbered = [(uid, found.root[uid], number) for uid, number in known.items()]
    seen = [one for one in numbered if one[0] not in hidden]
    right = _pairs(numbered, (1, 2)) - _pairs(seen, (1, 2))
    together = _pairs(numbered, (1,)) - _pairs(seen, (1,))
    true = _pairs(numbered, (2,)) - _pairs(seen, (2,))
    return measured(right, together, true)


def _pairs(rows: Iterable[tuple[int, int, str]], by: tuple[int, ...]) -> int:
    sizes = Counter(tuple(row[place] for place in by) for row in rows)
    return sum(size * (size - 1) // 2 for size in sizes.values())
