"""All enterprises, all programmes: the tree over bitmaps of the facts table.

Same tree, same three values and same rounding as `closures`. `some` looks at the first establishments row by row with the
enterprises, and counts the few further ones. Invariant: an error in one condition goes up; no answer is written without it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from iindustry.programmes import bitmaps, facts_table
from iindustry.programmes.bitmaps import Truths, packed
from iindustry.programmes.closures import Context, context, root
from iindustry.programmes.conditions import TESTS, Asking, Constants
from iindustry.programmes.facts import EPOCH
from iindustry.programmes.frames import KEY
from iindustry.programmes.published import inputs_of
from iindustry.programmes.tree import ANSWERS, Condition, Flag, Ladder, Not, Some, items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from iindustry.programmes.facts_table import FactsTable
    from iindustry.programmes.published import Bundle
    from iindustry.programmes.tree import CodeMap, Derivation, Node

__all__ = ["TESTS", "Answers", "Evaluation", "Matrix", "Put", "Status", "evaluate", "evaluation", "matrix", "statuses"]

WORDS = pl.Enum([one.value for one in ANSWERS])
BITS: tuple[tuple[int, pl.DataType], ...] = ((8, pl.UInt8()), (16, pl.UInt16()), (32, pl.UInt32()))


@dataclass(frozen=True, slots=True)
class Status:
    """How one programme answers over the table."""

    programme: str
    yes: int
    no: int
    unknown: int
    answer: Truths


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Every item of one programme over the table: answers, and bitmaps by item, in the order of `items(root(bundle))`."""

    programme: str
    answer: Truths
    items: tuple[Truths, ...]
    assumed: tuple[pl.Series | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """One programme as columns: answer (0 no, 1 yes, 2 unknown: the order of `ANSWERS`), and a bit an item."""

    programme: str
    answer: pl.Series
    fail_bits: pl.Series
    unknown_bits: pl.Series
    assumed: pl.Series


def evaluation(table: FactsTable) -> Evaluation:
    """The evaluation of a table, one for all who ask: what one draft tested need not be tested for the next."""
    found = table.kept.get("evaluation")
    if found is None:
        found = table.kept["evaluation"] = Evaluation(table)
    assert isinstance(found, Evaluation)  # noqa: S101 - nobody else writes under that name
    return found


def statuses(bundles: Sequence[Bundle], table: FactsTable) -> tuple[Status, ...]:
    """The answer of every programme for every enterprise, and how many there are of each; in the order given."""
    over = evaluation(table)
    return tuple(over.status(bundle) for bundle in bundles)


def matrix(bundles: Sequence[Bundle], table: FactsTable, asked: Mapping[str, int] | None = None) -> tuple[Matrix, ...]:
    """Answers with the bits of every item that fails, is unknown or is assumed; in the order given."""
    over = evaluation(table)
    return tuple(_packed(over.answers(bundle, asked)) for bundle in bundles)


def evaluate(
    bundles: Sequence[Bundle],
    enterprises: pl.DataFrame,
    establishments: pl.DataFrame,
    as_of: date,
    *,
    asked: Mapping[str, int] | None = None,
) -> pl.DataFrame:
    """The answer of every programme for every enterprise of frames as the register writes them.

    A field that a frame lacks is unknown. Result, ordered by programme as given and enterprise as in the frame:
    enterprise_id, programme, answer (yes, no, unknown), fail_bits, unknown_bits, assumed (UInt32, a bit an item of the tree).
    """
    table = facts_table.of_frames(enterprises, establishments, as_of)
    parts = [as_rows(one, enterprises[KEY]) for one in matrix(bundles, table, asked)]
    return pl.concat(parts) if parts else EMPTY.clone()


EMPTY = pl.DataFrame(
    schema={
        KEY: pl.String, "programme": pl.String, "answer": WORDS,
        "fail_bits": pl.UInt32, "unknown_bits": pl.UInt32, "assumed": pl.UInt32,
    }
)  # fmt: skip


def as_rows(one: Matrix, ids: pl.Series) -> pl.DataFrame:
    """A programme's columns as rows with the enterprise's id, shaped as they are kept."""
    return pl.DataFrame(
        [
            ids.rename(KEY),
            pl.repeat(one.programme, ids.len(), dtype=pl.String, eager=True).rename("programme"),
            one.answer.cat.to(WORDS).rename("answer"),
            one.fail_bits.cast(pl.UInt32).rename("fail_bits"),
            one.unknown_bits.cast(pl.UInt32).rename("unknown_bits"),
            one.assumed.cast(pl.UInt32).rename("assumed"),
        ]
    )


Put: TypeAlias = Callable[[Asking, Truths], Truths]
"""What an item is made to answer: from its rows and its own answer."""


class Evaluation:
    """A facts table with what was tested on it."""

    def __init__(self, table: FactsTable) -> None:
        """Over a table."""
        self.table = table
        self.enterprises = Asking(table.enterprises)
        self.first = Asking(table.first, (self.enterprises, None))
        self.more = Asking(table.more, (self.enterprises, table.more_row))
        self.kept: dict[object, Any] = {}

    def constants(self, bundle: Bundle, asked: Mapping[str, int] | None = None) -> Constants:
        """A programme's constants, its derived facts worked out."""
        today = context(bundle.programme.parameters, self.table.as_of)
        return Constants(today, dict(asked or {}), self.derive(bundle.derivations))

    def status(self, bundle: Bundle) -> Status:
        """One programme's answer and its counts."""
        answer = self.truth(root(bundle), self.constants(bundle))
        yes, possible = int(answer.yes.sum()), int(answer.not_no.sum())
        return Status(bundle.programme.id, yes, self.table.height - possible, possible - yes, answer)

    def answers(self, bundle: Bundle, asked: Mapping[str, int] | None = None) -> Answers:
        """One programme's answer and the answer of every item of its tree."""
        constants = self.constants(bundle, asked)
        node = root(bundle)
        found: dict[str, Truths] = {}
        assumed: dict[str, pl.Series] = {}
        answer = _Walk(self, constants, found, assumed, {}).truth(node)
        order = items(node)
        return Answers(
            bundle.programme.id,
            answer,
            tuple(found[one.id] for one in order),
            tuple(assumed.get(one.id) for one in order),
        )

    def truth(self, node: Node, constants: Constants, put: Mapping[str, Put] | None = None) -> Truths:
        """A tree's answer; the items in `put` answered as it says instead of as they would be."""
        return _Walk(self, constants, None, None, put or {}).truth(node)

    def of_sites(self, node: Node, asking: Asking, constants: Constants, put: Mapping[str, Put]) -> Truths:
        """What a `some` asks of an establishment, answered for each of `asking` (`first` or `more`)."""
        return _Walk(self, constants, None, None, put).of_sites(node, asking, {})

    def derive(self, derivations: Mapping[str, Derivation]) -> dict[str, str]:
        """The columns of derived facts, made at first use and named by what they are made of."""
        columns: dict[str, str] = {}
        for fact, how in derivations.items():
            made_of = [columns.get(one, one) for one in sorted(inputs_of(how))]
            digest = hashlib.sha256(repr((how, made_of)).encode()).hexdigest()[:16]
            name = f"{fact}·{digest}"
            if not self.enterprises.has(name):
                self._make(name, how, Constants(Context({}, (self.table.as_of - EPOCH).days), {}, dict(columns)))
            columns[fact] = name
        return columns

    def _make(self, name: str, how: Derivation, constants: Constants) -> None:
        if isinstance(how, Flag):
            truth = self.truth(how.node, constants)
            flag = pl.select(pl.when(truth.yes | truth.no).then(truth.yes)).to_series()
            self.enterprises.add(name, flag, None)
        elif isinstance(how, Ladder):
            self.enterprises.add(name, *_rung(self.enterprises, how, constants))
        else:
            self.enterprises.add(name, *_mapped(self.enterprises, how, constants))


@dataclass(frozen=True, slots=True, eq=False)
class _Walk:
    """One walk over a tree: what each item answers is noted where it is asked for."""

    over: Evaluation
    constants: Constants
    found: dict[str, Truths] | None
    assumed: dict[str, pl.Series] | None
    put: Mapping[str, Put]

    def truth(self, node: Node) -> Truths:
        if isinstance(node, Condition):
            answer = self._leaf(node, self.over.enterprises)
            if self.found is not None:
                self.found[node.id] = answer
            if self.assumed is not None and (flag := self.over.enterprises.assumed(node, self.constants)) is not None:
                self.assumed[node.id] = flag
            return answer
        if isinstance(node, Some):
            return self._some(node)
        if isinstance(node, Not):
            return self.truth(node.of).opposite
        return bitmaps.at_least(node.need, [self.truth(child) for child in node.of])

    def _leaf(self, node: Condition, asking: Asking) -> Truths:
        own = asking.truths(node, self.constants)
        return self.put[node.id](asking, own) if node.id in self.put else own

    def _some(self, node: Some) -> Truths:
        of_first: dict[str, Truths] = {}
        of_more: dict[str, Truths] = {}
        whole = self.of_sites(node.of, self.over.first, of_first)
        further = self.of_sites(node.of, self.over.more, of_more) if self.over.more.height else whole
        answer = self._over_sites(whole, further, node.need)
        if self.found is not None:
            self.found[node.id] = answer
            for one in items(node.of):
                below = of_more[one.id] if self.over.more.height else of_first[one.id]
                self.found[one.id] = self._over_sites(of_first[one.id], below, 1)
        if self.assumed is not None:
            self._note_assumed(node)
        return self.put[node.id](self.over.enterprises, answer) if node.id in self.put else answer

    def of_sites(self, node: Node, asking: Asking, found: dict[str, Truths]) -> Truths:
        if isinstance(node, (Condition, Some)):
            if isinstance(node, Some):
                raise TypeError("a `some` stands in no other")
            found[node.id] = self._leaf(node, asking)
            return found[node.id]
        if isinstance(node, Not):
            return self.of_sites(node.of, asking, found).opposite
        return bitmaps.at_least(node.need, [self.of_sites(child, asking, found) for child in node.of])

    def _over_sites(self, first: Truths, further: Truths, need: int) -> Truths:
        """At least `need` establishments; no where there are none; unknown where the list of them is not known."""
        table = self.over.table
        here = first.within(table.present)
        if table.more_row.len():
            here = Truths(self._joined(here.yes, further.yes, need), self._joined(here.not_no, further.not_no, need))
        elif need > 1:
            here = bitmaps.constant(table.height, value=False)
        return here.known_where(table.listed)

    def _joined(self, first: pl.Series, further: pl.Series, need: int) -> pl.Series:
        rows = self.over.table.more_row.filter(further)
        if need == 1:
            return first.clone().scatter(rows, True) if rows.len() else first  # noqa: FBT003 - the value put
        counts = rows.value_counts().rename({rows.name: "row", "count": "n"})
        more = pl.zeros(first.len(), pl.UInt32, eager=True).scatter(counts["row"], counts["n"])
        return (first.cast(pl.UInt32) + more) >= need

    def _note_assumed(self, node: Some) -> None:
        assert self.assumed is not None  # noqa: S101 - the caller looked
        table = self.over.table
        for one in items(node.of):
            flag = self.over.first.assumed(one, self.constants) if isinstance(one, Condition) else None
            if flag is None or not isinstance(one, Condition):
                continue
            here = flag & table.present
            if self.over.more.height:
                further = self.over.more.assumed(one, self.constants)
                assert further is not None  # noqa: S101 - the same condition
                here = self._joined(here, further, 1)
            self.assumed[one.id] = here


def _packed(one: Answers) -> Matrix:
    kind = next(kind for width, kind in BITS if len(one.items) <= width)
    answer = packed([one.answer.yes, one.answer.unknown], pl.UInt8())
    assumed = [flag for flag in one.assumed if flag is not None]
    height = one.answer.yes.len()
    none = pl.zeros(height, pl.Boolean, eager=True) if assumed else None
    return Matrix(
        one.programme,
        answer,
        packed([item.no for item in one.items], kind),
        packed([item.unknown for item in one.items], kind),
        pl.zeros(height, kind, eager=True)
        if none is None
        else packed([none if flag is None else flag for flag in one.assumed], kind),
    )


def _rung(asking: Asking, how: Ladder, constants: Constants) -> tuple[pl.Series, pl.Series]:
    """The class of a number by a ladder, by number; null where the number or its row of limits is missing."""
    names = sorted({how.above, *(name for limits in how.upto.values() for name, _ in limits)})
    number = {name: pl.lit(names.index(name), pl.UInt8) for name in names}
    frame = pl.DataFrame([asking.values(how.on, constants).rename("value")])
    if how.split is not None:
        frame = frame.with_columns(asking.column(constants.column(how.split), how.split).rename("split"))
        meaning = asking.meaning(constants.column(how.split), how.split).to_list()
    found: pl.Expr = pl.lit(None, pl.UInt8)
    for split, limits in how.upto.items():
        named: pl.Expr = number[how.above]
        for name, limit in reversed(limits):
            named = pl.when(pl.col("value") <= limit).then(number[name]).otherwise(named)
        if how.split is None:
            here = pl.lit(value=True)
        elif split in meaning:
            here = pl.col("split") == meaning.index(split)
        else:
            continue
        found = pl.when(here & pl.col("value").is_not_null()).then(named).otherwise(found)
    # Not `select`: where no row of limits fits, the expression is one null, and it stands for every row.
    return frame.with_columns(found.alias("rung"))["rung"], pl.Series(names, dtype=pl.String)


def _mapped(asking: Asking, how: CodeMap, constants: Constants) -> tuple[pl.Series, pl.Series]:
    """The code that another stands for, by number; by the longest prefix where the map says so."""
    from iindustry.programmes.closures import mapped

    column = constants.column(how.on)
    answers = [mapped(how, str(code)) for code in asking.meaning(column, how.on)]
    names = sorted({one for one in answers if one is not None})
    numbers = pl.Series([None if one is None else names.index(one) for one in answers], dtype=pl.UInt16)
    return numbers.gather(asking.column(column, how.on).cast(pl.UInt32)), pl.Series(names, dtype=pl.String)
