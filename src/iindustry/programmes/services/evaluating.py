"""One enterprise explained, the whole register evaluated, the open check."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Conflict
from iindustry.kernel.progress import silent
from iindustry.programmes import published, quick
from iindustry.programmes.explain import Explanation, explainer, explainers
from iindustry.programmes.facts import (
    COUNT,
    NOTHING,
    Facts,
    FactSpec,
    Reading,
    Said,
    Site,
    read_all,
    read_value,
    spec_of,
    vocabulary,
    with_derived,
)
from iindustry.programmes.opportunities import Opportunities, Wish, group
from iindustry.programmes.published import bundle_of
from iindustry.programmes.services.reading import open_rules
from iindustry.programmes.tree import ANSWERS, Answer
from iindustry.register.enterprise import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.programmes.columns import Matrix
    from iindustry.programmes.published import Library
    from iindustry.programmes.quick import QuickAnswers
    from iindustry.register.enterprise import Enterprise, Value

ELIGIBILITY = "eligibility.parquet"
DECLARED = "portal"


@dataclass(frozen=True, slots=True)
class Count:
    """How one programme answered over the register."""

    id: str
    yes: int
    no: int
    unknown: int


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What an evaluation of the register gave."""

    version: str
    enterprises: int
    programmes: tuple[Count, ...]
    seconds: float


def facts_of(enterprise: Enterprise, *, as_of: date, overlay: Mapping[str, object] | None = None) -> Facts:
    """What is known of an enterprise on a day; `overlay` hands in facts that live above this package, by name.

    It fills what no register holds, of the enterprise and of each of its establishments, and never replaces what one does.
    An overlay value of `asked.<name>` (satang, months) is what the applicant says of the request.
    """
    given = dict(overlay or {})
    asked = {key.removeprefix("asked."): int(str(value)) for key, value in given.items() if key.startswith("asked.")}
    declared = {
        fact: read_value(vocabulary()[fact], value, as_of, as_of, source=DECLARED, standing="declared")
        for fact, value in given.items()
        if fact in vocabulary()
    }
    readings = _filled(_readings(enterprise.values, "enterprise", as_of), declared, "enterprise", as_of)
    sites = tuple(
        Site(
            one.establishment_id,
            one.name,
            _filled(_readings(one.values, "establishment", as_of), declared, "establishment", as_of),
        )
        for one in enterprise.establishments
    )
    count = readings.get(COUNT, NOTHING)
    listed = count.value is not None or (enterprise.values.get("entity.establishment_count") is None and bool(sites))
    return Facts(as_of, readings, sites, listed, enterprise.enterprise_id, enterprise.version, asked)


def _filled(readings: dict[str, Reading], declared: Mapping[str, Reading], of: str, as_of: date) -> dict[str, Reading]:
    """What was declared fills what no register holds; it never stands over what one does."""
    fills = {
        fact: one
        for fact, one in declared.items()
        if spec_of(fact).of == of and readings.get(fact, NOTHING).value is None
    }
    return with_derived({**readings, **fills}, of, as_of) if fills else readings


def explain(
    enterprise: Enterprise, *, as_of: date, programme: str | None = None, overlay: Mapping[str, object] | None = None
) -> list[Explanation]:
    """The answers of one programme, or of all that are open on the day, with reasons; by programme id.

    Raises NotFound `programme-absent`, Conflict `programme-has-no-rule` for a card.
    """
    facts = facts_of(enterprise, as_of=as_of, overlay=overlay)
    if programme is None:
        return explain_facts(facts)
    if published.find(programme, as_of).is_archive:
        raise Conflict("programme-has-no-rule", programme=programme)
    return [_explainer(programme, as_of)(facts)]


def explain_facts(facts: Facts) -> list[Explanation]:
    """The answers of all programmes open on the day of the facts, by programme id."""
    return _compiled(facts.as_of).every(facts)


def opportunities(
    enterprise: Enterprise, *, as_of: date, wish: Wish | None = None, overlay: Mapping[str, object] | None = None
) -> Opportunities:
    """All open programmes for one enterprise in three groups, in the declared order."""
    return group(explain(enterprise, as_of=as_of, overlay=overlay), as_of, published.library(as_of).order, wish)


def check(answers: QuickAnswers, *, as_of: date) -> Opportunities:
    """The open check: five answers, nothing looked up, nothing kept."""
    found = explain_facts(quick.facts_of_answers(answers, as_of))
    return group(found, as_of, published.library(as_of).order, Wish(use=answers.use))


def evaluate_all(*, home: Home, as_of: date, progress: Progress = silent) -> EvaluationReport:
    """Every open programme for every enterprise of the version in force, kept beside it; whole or not at all.

    Writes `eligibility.parquet`. Raises Conflict `register-absent` before the first version.
    """
    from time import perf_counter

    from iindustry.programmes import columns, facts_table

    started = perf_counter()
    table = facts_table.make(home=home, as_of=as_of, progress=progress)
    within = published.library(as_of)
    bundles = [bundle_of(one, within) for one in open_rules(as_of)]
    progress("evaluate", 0, len(bundles))
    found: list[columns.Matrix] = []
    counts: list[Count] = []
    for number, bundle in enumerate(bundles):
        found += columns.matrix([bundle], table)
        of = dict(found[-1].answer.value_counts().rows())
        counts.append(Count(bundle.programme.id, *(of.get(ANSWERS.index(one), 0) for one in _IN_ORDER)))
        progress("evaluate", number + 1, len(bundles))
    _write_whole(found, table.ids(), home.register / table.version / ELIGIBILITY)
    return EvaluationReport(table.version, table.height, tuple(counts), perf_counter() - started)


_IN_ORDER = (Answer.YES, Answer.NO, Answer.UNKNOWN)


def _write_whole(found: Sequence[Matrix], ids: pl.Series, path: Path) -> None:
    """The answers as rows, a programme after the other, streamed to a draft that takes the file's place when it is whole."""
    import polars as pl

    from iindustry.programmes.columns import EMPTY, as_rows

    draft = path.with_suffix(".draft")
    rows = pl.concat([as_rows(one, ids) for one in found]) if found else EMPTY
    rows.lazy().sink_parquet(draft)
    with draft.open("rb+") as written:
        os.fsync(written.fileno())
    draft.replace(path)


def _readings(values: Mapping[str, Value], of: str, as_of: date) -> dict[str, Reading]:
    def said(spec: FactSpec) -> Said | None:
        value = values.get(spec.field) if spec.field is not None else None
        if value is None:
            return None
        last = values.get(spec.until) if spec.until is not None else None
        until = last.value if last is not None and isinstance(last.value, date) else None
        return Said(value.value, value.as_of, value.source, value.standing.value, until, value.rule is Rule.KEY)

    return read_all(of, said, as_of)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The open rules of a library on a day, ready to explain: all at once, and by programme as they are asked for."""

    library: Library
    every: Callable[[Facts], list[Explanation]]
    one: dict[str, Callable[[Facts], Explanation]]


_COMPILED: dict[date, _Compiled] = {}
_DAYS_KEPT = 8


def _compiled(as_of: date) -> _Compiled:
    """What is compiled of the library in force; made anew when another one holds."""
    library = published.library(as_of)
    found = _COMPILED.get(as_of)
    if found is None or found.library is not library:
        found = _Compiled(library, explainers([bundle_of(one, library) for one in open_rules(as_of)], as_of), {})
        while len(_COMPILED) >= _DAYS_KEPT:
            _COMPILED.pop(next(iter(_COMPILED)), None)
        _COMPILED[as_of] = found
    return found


def _explainer(programme_id: str, as_of: date) -> Callable[[Facts], Explanation]:
    compiled = _compiled(as_of)
    found = compiled.one.get(programme_id)
    if found is None:
        found = compiled.one[programme_id] = explainer(
            bundle_of(compiled.library.programmes[programme_id], compiled.library), as_of
        )
    return found
