"""A dry run as pages show it: totals, the map of the country, near misses, settling data, runs beside each other.

A rule may be written to single out one firm: halving its threshold would then tell the firm's figure, which only consent opens.
Invariant: an officer of a bank or an agency sees counts in tens, none below ten, and sums in two digits; the ministry's
analyst, who answers for the measure, sees the counts themselves. Nobody sees a name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from iindustry.programmes import wording
from iindustry.programmes.closures import compile_operand, context
from iindustry.programmes.describe import LINE_WORDS, WORKED_OUT
from iindustry.programmes.facts import Words, spec_of
from iindustry.programmes.tree import Op, conditions
from iindustry.reference import areas
from iindustry.web.language import is_thai

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from iindustry.programmes.dry_runs import DryRun, Impact, Tally
    from iindustry.programmes.shape import Programme

LEAST = 10
SHADES = 5
MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Shape:
    """One province on the map: its class of colour, outline and what its number says."""

    css: str
    d: str
    title: str


def shown(run: DryRun) -> dict[str, Any]:
    """What the result's template reads of one run."""
    return {
        "run": run,
        "bars": [
            ("yes", Words("ได้", "Yes"), run.yes, _share(run.yes, run.enterprises)),
            ("unknown", Words("ยังไม่ทราบ", "Unknown"), run.unknown, _share(run.unknown, run.enterprises)),
            ("no", Words("ไม่ได้", "No"), run.no, _share(run.no, run.enterprises)),
        ],
        "view_box": areas.province_view_box(),
        "shapes": shapes(run.by_province),
        "legend": legend(run.by_province),
        "provinces": _provinces(run.by_province),
        "sizes": _by_code(run.by_size, "enterprise.size_class"),
        "sectors": _by_code(run.by_sector, "enterprise.sector"),
        "by_line": [(LINE_WORDS[code], tally) for code, tally in run.by_line.items() if code in LINE_WORDS],
        "tallies": run.by_condition,
        "near_miss": run.near_miss[:MOST_ROWS],
        "settling": run.settling[:MOST_ROWS],
    }


def coarse(run: DryRun) -> DryRun:
    """A run in tens: a count below ten is 0, others are rounded; money in two digits, and none where fewer than ten say yes."""
    return replace(
        run,
        yes=_tens(run.yes),
        no=_tens(run.no),
        unknown=_tens(run.unknown),
        assumed=_tens(run.assumed),
        baht_satang=_sum_of(run.baht_satang, run.yes),
        winners=None if run.winners is None else _tens(run.winners),
        losers=None if run.losers is None else _tens(run.losers),
        by_province=_tallies(run.by_province),
        by_size=_tallies(run.by_size),
        by_sector=_tallies(run.by_sector),
        by_line=_tallies(run.by_line),
        by_condition=_tallies(run.by_condition),
        near_miss=tuple(
            replace(one, enterprises=_tens(one.enterprises), baht_satang=_sum_of(one.baht_satang, one.enterprises))
            for one in run.near_miss
            if one.enterprises >= LEAST
        ),
        settling=tuple(
            replace(one, enterprises=_tens(one.enterprises)) for one in run.settling if one.enterprises >= LEAST
        ),
    )


def coarse_impact(found: Impact) -> Impact:
    """An impact in tens; rates are public and stand as they are."""
    effects = tuple(
        replace(
            one,
            before=_tally(one.before),
            after=_tally(one.after),
            winners=_tens(one.winners),
            losers=_tens(one.losers),
        )
        for one in found.effects
    )
    return replace(found, effects=effects)


def _tens(count: int) -> int:
    return 0 if count < LEAST else (count + LEAST // 2) // LEAST * LEAST


def _sum_of(amount: int | None, count: int) -> int | None:
    if amount is None or count < LEAST:
        return None
    unit = int(10 ** max(0, len(str(abs(amount))) - len("00")))
    return round(amount / unit) * unit


def _tallies(groups: Mapping[str, Tally]) -> dict[str, Tally]:
    return {code: _tally(one) for code, one in groups.items()}


def _tally(one: Tally) -> Tally:
    return replace(one, yes=_tens(one.yes), no=_tens(one.no), unknown=_tens(one.unknown))


def in_words(rule: Programme, on: date) -> dict[str, Words]:
    """What each condition of a rule asks, by its id."""
    if rule.conditions is None:
        return {}
    constants = context(rule.parameters, on)
    found = {}
    for one in conditions(rule.conditions):
        operand = True if one.op is Op.KNOWN else compile_operand(one, constants)({}, {})
        says = (
            WORKED_OUT
            if operand is None
            else wording.threshold_words(spec_of(one.fact), one.op, operand, negated=False)
        )
        found[one.id] = says
    return found


def comparison(names: Sequence[Words], runs: Sequence[DryRun]) -> list[dict[str, Any]]:
    """Runs beside each other, each with its difference from the first."""
    return [
        {"name": name, "run": run, "is_first": number == 0, "change": run.yes - runs[0].yes}
        for number, (name, run) in enumerate(zip(names, runs, strict=True))
    ]


def shapes(by_province: Mapping[str, Tally]) -> list[Shape]:
    """The 77 provinces shaded by how many answer yes, each against the highest."""
    paths, most = areas.province_paths(), _most(by_province)
    thai = is_thai()
    found = []
    for one in areas.PROVINCES:
        tally = by_province.get(one.code)
        yes = tally.yes if tally else 0
        css = f"c{_shade(yes, most)}" if yes else ""
        found.append(Shape(css, paths[one.code], f"{one.th if thai else one.en}: {yes:,}"))
    return found


def legend(by_province: Mapping[str, Tally]) -> list[tuple[str, str]]:
    """Classes of colour with their bounds, the empty one first."""
    most = _most(by_province)
    bounds = [(most * step) // SHADES for step in range(SHADES + 1)]
    rows = [(f"c{i}", f"{low + 1:,} – {high:,}") for i, (low, high) in enumerate(pairwise(bounds), 1)
            if high > low]  # fmt: skip
    return [("", "0"), *rows]


def _most(by_province: Mapping[str, Tally]) -> int:
    return max((tally.yes for code, tally in by_province.items() if code), default=0)


def _shade(count: int, most: int) -> int:
    return min(SHADES, max(1, -(-count * SHADES // most)))


def _share(count: int, of: int) -> float:
    return round(100 * count / of, 1) if of else 0.0


def _provinces(by_province: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    thai = is_thai()
    names = {one.code: (one.th if thai else one.en) for one in areas.PROVINCES}
    names[""] = "ไม่ทราบจังหวัด" if thai else "province not known"
    rows = [(names.get(code, code), tally) for code, tally in by_province.items()]
    return sorted(rows, key=lambda row: (-row[1].yes, row[0]))


def _by_code(groups: Mapping[str, Tally], fact: str) -> list[tuple[Words, Tally]]:
    words = {**spec_of(fact).code_words, "": Words("ยังไม่ทราบ", "not known")}
    order = {code: number for number, code in enumerate(words)}
    rows = sorted(groups.items(), key=lambda row: order.get(row[0], len(order)))
    return [(words.get(code, Words(code, code)), tally) for code, tally in rows]
