"""Answers counted by province, size, sector and policy line: a bitmap a group, made once for a table.

Invariant: over a dimension but that of lines, every enterprise stands in one group; `` is where the fact is not known.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from iindustry.programmes.dry_runs import Tally
from iindustry.programmes.facts import spec_of
from iindustry.programmes.published import in_order, library
from iindustry.programmes.terms import LINES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from iindustry.programmes.bitmaps import Truths
    from iindustry.programmes.columns import Evaluation

UNKNOWN = ""
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "province": ("enterprise.province",),
    "size": ("enterprise.size_class",),
    "sector": ("enterprise.sector",),
    "line": tuple(f"policy.{line}" for line in LINES),
}


def tally(answer: Truths, rows: pl.Series | None = None) -> Tally:
    """How many answers there are of each, in `rows`."""
    yes = answer.yes if rows is None else answer.yes & rows
    possible = answer.not_no if rows is None else answer.not_no & rows
    height = answer.yes.len() if rows is None else int(rows.sum())
    sure, open_ = int(yes.sum()), int(possible.sum())
    return Tally(sure, height - open_, open_ - sure)


def by(over: Evaluation, dimension: str, answer: Truths) -> dict[str, Tally]:
    """The answers of each group of a dimension, by code; groups without an enterprise are left out."""
    return {code: tally(answer, rows) for code, rows in _groups(over, dimension)}


def any_of(flags: Sequence[pl.Series]) -> int:
    """How many rows have any of the bitmaps set."""
    return int(reduce(or_, flags).sum()) if flags else 0


def _groups(over: Evaluation, dimension: str) -> list[tuple[str, pl.Series]]:
    from iindustry.programmes.closures import Context
    from iindustry.programmes.conditions import Constants

    names = over.derive(in_order(library().derivations))
    key = ("groups", dimension, tuple(names.get(fact, fact) for fact in DIMENSIONS[dimension]))
    found: list[tuple[str, pl.Series]] | None = over.kept.get(key)
    if found is None:
        constants = Constants(Context({}, 0), {}, names)
        if dimension == "line":
            found = [
                (
                    fact.removeprefix("policy."),
                    over.enterprises.column(names.get(fact, fact), fact).fill_null(value=False),
                )
                for fact in DIMENSIONS[dimension]
            ]
        else:
            (fact,) = DIMENSIONS[dimension]
            column = over.enterprises.column(constants.column(fact), fact)
            codes = over.enterprises.meaning(constants.column(fact), fact).to_list()
            ordered = sorted(range(len(codes)), key=lambda i: _place(fact, codes[i]))
            found = [(codes[i], (column == i).fill_null(value=False)) for i in ordered]
            found.append((UNKNOWN, column.is_null()))
        over.kept[key] = found = [(code, rows) for code, rows in found if rows.any()]
    return found


def _place(fact: str, code: str) -> tuple[int, str]:
    codes = spec_of(fact).codes
    return (codes.index(code) if code in codes else len(codes), code)
