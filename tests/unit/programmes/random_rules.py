"""Random rules over the whole vocabulary, and registers whose values stand at their thresholds -1, 0, +1, null and stale."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from iindustry.programmes import published, services
from iindustry.programmes.amounts import Parameter, Step, bounds
from iindustry.programmes.facts import EPOCH, Facts, FactSpec, Said, Site, read_all, vocabulary
from iindustry.programmes.frames import ENGINE_TYPES
from iindustry.programmes.language import OPERATORS
from iindustry.programmes.tree import (
    Asked,
    Condition,
    FactRef,
    Fold,
    Group,
    Literal,
    Missing,
    Mutability,
    Not,
    OnMissing,
    Op,
    ParamRef,
    Scale,
    Some,
    conditions,
    facts_in,
    facts_of_amount,
)

if TYPE_CHECKING:
    from iindustry.programmes.published import Bundle
    from iindustry.programmes.tree import Amount, Node, Plain

TODAY = date(2026, 11, 22)
MEMBERS = ("A", "B", "C", "D")
ASKED = {"cost_satang": 7_500}
PARAMETERS = {"limit": Parameter("limit", "number", 0, None, (Step(date(2026, 1, 1), 5_000),))}
NUMBERS = (0, 1, 2, 50, 5_000, 7_500)


@dataclass(frozen=True, slots=True)
class World:
    enterprises: pl.DataFrame
    establishments: pl.DataFrame
    facts: list[Facts]


def derivations():
    return published.in_order(published.library().derivations)


class Rules:
    """Draws trees; `only` fixes the operator of every condition."""

    def __init__(self, seed: int, only: Op | None = None) -> None:
        self.chance = random.Random(seed)
        self.only = only
        self.count = 0

    def bundle(self) -> Bundle:
        self.count = 0
        subject = "establishment" if self.chance.random() < 0.2 else "enterprise"
        node = self.node(3, inside=subject == "establishment")
        base = services.get_programme("SMED-D-LOCAL")
        money = vocabulary()["enterprise.revenue_satang"]
        benefit = replace(base.benefit, amount=self.amount(money, inside=False, depth=2))
        programme = replace(base, id="R", subject=subject, conditions=node, parameters=PARAMETERS, benefit=benefit)
        needed = published.bundle_of(programme).derivations
        return published.Bundle(programme, needed, "sha256:test")

    def node(self, depth: int, *, inside: bool) -> Node:
        kind = self.chance.choice(("all", "any", "at_least", "not", "some", "leaf", "leaf")) if depth else "leaf"
        if kind == "leaf" or (kind == "some" and inside):
            return self.condition(inside=inside)
        if kind == "not":
            return Not(self.node(depth - 1, inside=inside))
        if kind == "some":
            self.count += 1
            name = f"s{self.count}"
            inner = Group("all", 1, (self.node(0, inside=True),)) if depth == 1 else self.group(depth - 1, inside=True)
            return Some(name, self.chance.choice((1, 1, 2)), inner)
        return self.group(depth, inside=inside, kind=kind)

    def group(self, depth: int, *, inside: bool, kind: str | None = None) -> Group:
        chosen = kind or self.chance.choice(("all", "any"))
        of = tuple(self.node(depth - 1, inside=inside) for _ in range(self.chance.randint(1, 3)))
        need = {"all": len(of), "any": 1, "at_least": self.chance.randint(1, len(of))}[chosen]
        return Group(chosen, need, of)

    def condition(self, *, inside: bool) -> Condition:
        self.count += 1
        specs = [
            spec
            for spec in vocabulary().values()
            if (spec.of == "enterprise" or inside) and (self.only is None or self.only in OPERATORS[spec.type])
        ]
        if inside and self.chance.random() < 0.8:
            specs = [spec for spec in specs if spec.of == "establishment"] or specs
        spec = self.chance.choice(specs)
        op = self.only or self.chance.choice(sorted(OPERATORS[spec.type]))
        return Condition(
            id=f"c{self.count}",
            fact=spec.name,
            op=op,
            value=self.operand(spec, op, inside=inside),
            on_missing=OnMissing(Missing.FAIL) if op is Op.KNOWN else self.on_missing(spec, inside=inside),
            mutability=self.chance.choice(list(Mutability)),
        )

    def on_missing(self, spec: FactSpec, *, inside: bool) -> OnMissing:
        kind = self.chance.choice(list(Missing))
        if kind is not Missing.ASSUME:
            return OnMissing(kind)
        alike = [
            one.name
            for one in vocabulary().values()
            if (one.type, one.digits) == (spec.type, spec.digits)
            and one.name != spec.name
            and (one.of == "enterprise" or inside)
        ]
        if alike and self.chance.random() < 0.5:
            return OnMissing(kind, FactRef(self.chance.choice(alike)))
        return OnMissing(kind, Literal(self.value(spec)))

    def value(self, spec: FactSpec) -> Plain:
        if spec.type == "bool":
            return self.chance.random() < 0.5
        if spec.type == "set":
            return frozenset(self.chance.sample(MEMBERS, self.chance.randint(0, 2)))
        if spec.type == "date":
            return (TODAY - EPOCH).days - self.chance.choice((0, 30, 400))
        if spec.type in {"int", "money", "decimal"}:
            return self.chance.choice(NUMBERS)
        return self.chance.choice(spec.codes or MEMBERS)

    def operand(self, spec: FactSpec, op: Op, *, inside: bool):  # noqa: PLR0911 - one line an operator
        if op is Op.KNOWN:
            return Literal(self.chance.random() < 0.5)
        if op is Op.WITHIN_DAYS:
            return Literal(self.chance.choice((0, 30, 400)))
        if op in {Op.IN, Op.NOT_IN, Op.PREFIX, Op.HAS_ANY, Op.HAS_ALL}:
            if spec.type == "set":
                return tuple(Literal(one) for one in self.chance.sample(MEMBERS, self.chance.randint(1, 3)))
            drawn = {self.value(spec) for _ in range(3)}
            return tuple(Literal(one) for one in sorted(drawn, key=str))
        if op is Op.BETWEEN:
            ends = sorted((self.number(spec, inside=inside), self.number(spec, inside=inside)), key=self.low)
            return tuple(ends)
        if spec.type in {"int", "money", "decimal"}:
            return self.number(spec, inside=inside)
        return Literal(self.value(spec))

    @staticmethod
    def low(amount: Amount) -> int:
        return int(amount.value) if isinstance(amount, Literal) else 0

    def number(self, spec: FactSpec, *, inside: bool, depth: int = 2) -> Amount:
        if spec.type == "date" or self.chance.random() < 0.6:
            return Literal(self.value(spec))
        return self.amount(spec, inside=inside, depth=depth)

    def amount(self, spec: FactSpec, *, inside: bool, depth: int) -> Amount:
        kind = self.chance.choice(("fact", "param", "asked", "fold", "scale") if depth else ("fact", "param"))
        if kind == "param":
            return ParamRef("limit")
        if kind == "asked":
            return Asked("cost_satang")
        if kind == "fact":
            alike = [
                one.name
                for one in vocabulary().values()
                if (one.type, one.digits) == (spec.type, spec.digits) and (one.of == "enterprise" or inside)
            ]
            return FactRef(self.chance.choice(alike)) if alike else ParamRef("limit")
        if kind == "scale":
            up, down = self.chance.choice(((1, 2), (3, 1000), (1000, 3), (7, 4)))
            found: Amount = Scale(self.amount(spec, inside=inside, depth=depth - 1), up, down)
        else:
            of = tuple(self.amount(spec, inside=inside, depth=depth - 1) for _ in range(self.chance.randint(1, 3)))
            found = Fold(self.chance.choice(("min", "max", "add", "sub")), of)
        low, high, unit = bounds(found)
        return found if max(abs(low), abs(high)) * unit < 2**62 else ParamRef("limit")


def world(bundle: Bundle, seed: int, size: int) -> World:
    """Enterprises with none to three establishments, values drawn at the rule's own thresholds."""
    chance = random.Random(seed)
    node = bundle.programme.conditions
    near: dict[str, set[int]] = {}
    for leaf in conditions(node):
        for one in leaf.value if isinstance(leaf.value, tuple) else (leaf.value,):
            if isinstance(one, Literal) and isinstance(one.value, int) and not isinstance(one.value, bool):
                near.setdefault(leaf.fact, set()).update({one.value - 1, one.value, one.value + 1})
    wanted = set(facts_in(node)) | set(facts_of_amount(bundle.programme.benefit.amount))
    for how in bundle.derivations.values():
        wanted |= published.inputs_of(how)
    wanted |= {"enterprise.registered_on", "enterprise.establishment_count", "establishment.factory_type"}
    specs = [
        spec for spec in vocabulary().values()
        if spec.name in wanted and not spec.derived_by and spec.name not in bundle.derivations
    ]  # fmt: skip
    enterprises, establishments, facts = [], [], []
    for i in range(size):
        key = f"ENT-{i:05d}"
        row = {spec: _said(spec, near, chance) for spec in specs if spec.of == "enterprise"}
        enterprises.append({"enterprise_id": key, **_cells(row)})
        sites = []
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            place = {spec: _said(spec, near, chance) for spec in specs if spec.of == "establishment"}
            establishments.append({"enterprise_id": key, **_cells(place)})
            sites.append(Site("", "", read_all("establishment", place.get, TODAY)))
        readings = read_all("enterprise", row.get, TODAY)
        count = vocabulary()["enterprise.establishment_count"]
        listed = readings["enterprise.establishment_count"].value is not None or (
            row[count].content is None and bool(sites)
        )
        facts.append(Facts(TODAY, readings, tuple(sites), listed, key, "v", ASKED))
    return World(_frame(enterprises, specs, "enterprise"), _frame(establishments, specs, "establishment"), facts)


def _said(spec: FactSpec, near: dict[str, set[int]], chance: random.Random) -> Said:
    days = 0 if chance.random() < 0.85 else (spec.shelf_life_days or 0) + chance.choice((0, 1, 2))
    as_of = None if chance.random() < 0.02 else TODAY - timedelta(days=days)
    until = None if spec.until is None else chance.choice((None, TODAY - timedelta(days=1), TODAY))
    if chance.random() < 0.2:
        return Said(None, as_of, until=until)
    return Said(_content(spec, near, chance), as_of, until=until)


def _content(spec: FactSpec, near: dict[str, set[int]], chance: random.Random):
    values = sorted(near.get(spec.name, ())) or list(NUMBERS)
    if spec.type == "bool":
        return chance.random() < 0.5
    if spec.type == "set":
        return tuple(chance.sample(MEMBERS, chance.randint(0, 3)))
    if spec.type == "date":
        drawn = (
            chance.choice(values)
            if spec.name in near
            else (TODAY - EPOCH).days - chance.choice((-1, 0, 29, 30, 31, 400, 401))
        )
        return EPOCH + timedelta(days=drawn)
    if spec.type == "decimal":
        return chance.choice(values) / 10**spec.digits
    if spec.type in {"int", "money"}:
        return chance.choice(values)
    return chance.choice([*(spec.codes or MEMBERS), "AB"])


def _column(spec: FactSpec) -> str:
    return spec.column or spec.name


def _cells(row: dict[FactSpec, Said]) -> dict[str, object]:
    cells: dict[str, object] = {}
    for spec, said in row.items():
        cells[_column(spec)] = list(said.content) if isinstance(said.content, tuple) else said.content
        cells[_column(spec) + "__as_of"] = said.as_of
        if spec.until is not None:
            cells[spec.until.replace(".", "__")] = said.until
    return cells


def _frame(rows: list[dict[str, object]], specs: list[FactSpec], of: str) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {"enterprise_id": pl.String()}
    for spec in specs:
        if spec.of == of:
            kind = {"date": pl.Date(), "decimal": pl.Float64()}.get(spec.type, ENGINE_TYPES[spec.type])
            schema[_column(spec)] = kind
            schema[_column(spec) + "__as_of"] = pl.Date()
            if spec.until is not None:
                schema[spec.until.replace(".", "__")] = pl.Date()
    return pl.DataFrame(rows, schema=schema)
