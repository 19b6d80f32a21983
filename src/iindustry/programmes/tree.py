"""The frozen tree of a rule: conditions, groups, amounts, definitions. Both back ends walk this and nothing else.

Invariant: a leaf answers yes, no or unknown, never both no and unknown; a missing fact is never read as zero.
Numbers are whole: satang for money, days since 1970 for dates, fixed point for decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Plain: TypeAlias = int | str | bool | frozenset[str]
"""What a fact holds inside the engine: int (also money, days, fixed point), text code, bool, or a set of codes."""


class Truth(IntEnum):
    """The three answers, as the engines count them."""

    NO = 0
    YES = 1
    UNKNOWN = 2


class Answer(StrEnum):
    """The three answers, as files and pages name them."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


ANSWERS = (Answer.NO, Answer.YES, Answer.UNKNOWN)


class Op(StrEnum):
    """The operators of a condition; `OPERATORS` in `language` says which type takes which."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    KNOWN = "known"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    BETWEEN = "between"
    PREFIX = "prefix"
    HAS_ANY = "has_any"
    HAS_ALL = "has_all"
    WITHIN_DAYS = "within_days"


class Mutability(StrEnum):
    """What can turn a failed condition: nothing, time, an act of the enterprise, or a paper."""

    FIXED = "fixed"
    TIME = "time"
    ACTION = "action"
    DATA = "data"


class Disclose(StrEnum):
    """How much of a condition is said: all, or only met and not met."""

    FULL = "full"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, code, flag or set written in the document."""

    value: Plain


@dataclass(frozen=True, slots=True)
class FactRef:
    """The value of another fact."""

    fact: str


@dataclass(frozen=True, slots=True)
class ParamRef:
    """A dated number: of this programme, or of a parameter document."""

    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the applicant says about the request: `cost_satang`, `amount_satang`, `tenor_months`."""

    name: str


@dataclass(frozen=True, slots=True)
class Fold:
    """`min`, `max`, `add` or `sub` over amounts."""

    op: str
    of: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """An amount times `numerator / denominator`, exact; rounded down once, at the end of the whole amount."""

    of: Amount
    numerator: int
    denominator: int


Amount: TypeAlias = Literal | FactRef | ParamRef | Asked | Fold | Scale
Operand: TypeAlias = Amount | tuple[Amount, ...]
"""One amount; a tuple for `in`, `not_in`, `prefix`, `has_any`, `has_all` (literals) and `between` (two amounts)."""


class Missing(StrEnum):
    """What a condition answers on a missing fact. There is no default."""

    ASK = "ask"
    FAIL = "fail"
    ASSUME = "assume"


@dataclass(frozen=True, slots=True)
class OnMissing:
    """The declared answer to a missing fact; `assume` is a literal or another fact."""

    kind: Missing
    assume: Literal | FactRef | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one fact."""

    id: str
    fact: str
    op: Op
    value: Operand
    on_missing: OnMissing
    mutability: Mutability
    cite: str = ""
    disclose: Disclose = Disclose.FULL
    set_name: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """`all` (need = number), `any` (need = 1) or `at_least` (need = n) of the children."""

    kind: str
    need: int
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Swaps yes and no."""

    of: Node


@dataclass(frozen=True, slots=True)
class Some:
    """At least `need` establishments of the enterprise meet `of`. No establishment: no. A stale list: unknown."""

    id: str
    need: int
    of: Node


Node: TypeAlias = Condition | Group | Not | Some


@dataclass(frozen=True, slots=True)
class Ladder:
    """Classes by an upper limit, included: `split` chooses the row of limits, `above` is the class over the last."""

    on: str
    split: str | None
    upto: Mapping[str, tuple[tuple[str, int], ...]]
    above: str


@dataclass(frozen=True, slots=True)
class Flag:
    """True where the tree says yes, false where it says no, missing where it is unknown."""

    node: Node


@dataclass(frozen=True, slots=True)
class CodeMap:
    """A code from another by a table; by the longest prefix where `by_prefix`. No entry: `otherwise`, or missing."""

    on: str
    table: Mapping[str, str]
    by_prefix: bool
    otherwise: str | None


Derivation: TypeAlias = Ladder | Flag | CodeMap


def items(node: Node) -> tuple[Condition | Some, ...]:
    """What has a bit: conditions and `some`, in document order, a `some` before what stands in it."""
    return tuple(_items(node))


def conditions(node: Node) -> tuple[Condition, ...]:
    """The leaves in document order."""
    return tuple(one for one in _items(node) if isinstance(one, Condition))


def facts_in(node: Node) -> frozenset[str]:
    """Every fact that the tree reads, thresholds and assumptions included."""
    return frozenset(_facts_in(node))


def depth(node: Node) -> int:
    """Levels of the tree, a single condition being 1."""
    if isinstance(node, Condition):
        return 1
    return 1 + max(depth(child) for child in children(node))


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    if isinstance(node, Condition):
        return ()
    return node.of if isinstance(node, Group) else (node.of,)


def facts_of_amount(amount: Operand | None) -> Iterator[str]:
    """The facts an amount reads."""
    if isinstance(amount, tuple):
        for one in amount:
            yield from facts_of_amount(one)
    elif isinstance(amount, FactRef):
        yield amount.fact
    elif isinstance(amount, (Fold, Scale)):
        yield from facts_of_amount(amount.of)


def _items(node: Node) -> Iterator[Condition | Some]:
    if isinstance(node, (Condition, Some)):
        yield node
    for child in children(node):
        yield from _items(child)


def _facts_in(node: Node) -> Iterator[str]:
    for leaf in conditions(node):
        yield leaf.fact
        yield from facts_of_amount(leaf.value)
        if isinstance(leaf.on_missing.assume, FactRef):
            yield leaf.on_missing.assume.fact
