"""One enterprise explained, the whole register evaluated, the open check."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.kernel.progress import silent
from iindustry.programmes import published, quick
from iindustry.programmes.explain import Explanation, explainer
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
    vocabulary,
)
from iindustry.programmes.opportunities import Opportunities, Wish, group
from iindustry.programmes.published import Bundle, bundle_of
from iindustry.programmes.services.reading import get_programme, open_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.programmes.quick import QuickAnswers
    from iindustry.register.enterprise import Enterprise, Value

ELIGIBILITY = "eligibility.parquet"
AT_ONCE = 250_000
"""Enterprises evaluated at a time."""


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

    An overlay value of `asked.<name>` (satang, months) is what the applicant says of the request.
    """
    given = dict(overlay or {})
    asked = {key.removeprefix("asked."): int(str(value)) for key, value in given.items() if key.startswith("asked.")}
    readings = _readings(enterprise.values, "enterprise", as_of)
    for fact, value in given.items():
        if fact in vocabulary():
            readings[fact] = read_value(vocabulary()[fact], value, as_of, as_of, source="portal", standing="declared")
    sites = tuple(
        Site(one.establishment_id, one.name, _readings(one.values, "establishment", as_of))
        for one in enterprise.establishments
    )
    count = readings.get(COUNT, NOTHING)
    listed = count.value is not None or (enterprise.values.get("entity.establishment_count") is None and bool(sites))
    return Facts(as_of, readings, sites, listed, enterprise.enterprise_id, enterprise.version, asked)


def explain(
    enterprise: Enterprise, *, as_of: date, programme: str | None = None, overlay: Mapping[str, object] | None = None
) -> list[Explanation]:
    """The answers of one programme, or of all that are open on the day, with reasons; by programme id.

    Raises NotFound `programme-absent`, Conflict `programme-has-no-rule` for a card.
    """
    facts = facts_of(enterprise, as_of=as_of, overlay=overlay)
    if programme is None:
        return explain_facts(facts)
    if get_programme(programme).is_archive:
        raise Conflict("programme-has-no-rule", programme=programme)
    return [_explainer(programme, as_of)(facts)]


def explain_facts(facts: Facts) -> list[Explanation]:
    """The answers of all programmes open on the day of the facts, by programme id."""
    return [_explainer(one.id, facts.as_of)(facts) for one in open_rules(facts.as_of)]


def opportunities(
    enterprise: Enterprise, *, as_of: date, wish: Wish | None = None, overlay: Mapping[str, object] | None = None
) -> Opportunities:
    """All open programmes for one enterprise in three groups, in the declared order."""
    return group(explain(enterprise, as_of=as_of, overlay=overlay), as_of, published.library().order, wish)


def check(answers: QuickAnswers, *, as_of: date) -> Opportunities:
    """The open check: five answers, nothing looked up, nothing kept."""
    found = explain_facts(quick.facts_of_answers(answers, as_of))
    return group(found, as_of, published.library().order, Wish(use=answers.use))


def evaluate_all(*, home: Home, as_of: date, progress: Progress = silent) -> EvaluationReport:
    """Every open programme for every enterprise of the version in force, kept beside it; whole or not at all.

    Writes `eligibility.parquet`. Raises Conflict `register-absent` before the first version.
    """
    from time import perf_counter

    version = current_version(home)
    if version is None:
        raise Conflict("register-absent")
    started = perf_counter()
    folder = home.register / version
    bundles = [bundle_of(one) for one in open_rules(as_of)]
    progress("evaluate", 0, len(bundles))
    answers, height = _answers(bundles, folder, as_of)
    _write_whole(answers, folder / ELIGIBILITY)
    progress("evaluate", len(bundles), len(bundles))
    counts = answers.group_by("programme", "answer").len().rows()
    of = {(programme, answer): number for programme, answer, number in counts}
    return EvaluationReport(
        version,
        height,
        tuple(
            Count(one.programme.id, *(of.get((one.programme.id, answer), 0) for answer in ("yes", "no", "unknown")))
            for one in bundles
        ),
        perf_counter() - started,
    )


def _answers(bundles: Sequence[Bundle], folder: Path, as_of: date) -> tuple[pl.DataFrame, int]:
    """`columns.evaluate` of a version's whole register, a part of its enterprises at a time; and how many there are.

    Wide rows of a nation would fill the memory; its answers do not. Both files stand in the order of enterprises.
    """
    import polars as pl

    from iindustry.programmes.columns import evaluate

    enterprises = pl.scan_parquet(folder / "enterprises.parquet")
    establishments = pl.scan_parquet(folder / "establishments.parquet")
    height = int(enterprises.select(pl.len()).collect().item())
    parts = []
    for start in range(0, max(height, 1), AT_ONCE):
        part = enterprises.slice(start, AT_ONCE).collect()
        ids = part["enterprise_id"]
        own = establishments.filter(pl.col("enterprise_id").is_between(pl.lit(ids.min()), pl.lit(ids.max()))).collect()
        found = evaluate(bundles, part, own, as_of)
        parts.append([found.slice(number * part.height, part.height) for number in range(len(bundles))])
        del part, own, found
    if not bundles:
        return evaluate(bundles, enterprises.head(0).collect(), establishments.head(0).collect(), as_of), height
    return pl.concat([one[number] for number in range(len(bundles)) for one in parts]), height


def _write_whole(frame: pl.DataFrame, path: Path) -> None:
    draft = path.with_suffix(".draft")
    frame.write_parquet(draft)
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
        return Said(value.value, value.as_of, value.source, value.standing.value, until)

    return read_all(of, said, as_of)


@lru_cache(maxsize=256)
def _explainer(programme_id: str, as_of: date) -> Callable[[Facts], Explanation]:
    return explainer(_bundle(programme_id), as_of)


@lru_cache(maxsize=256)
def _bundle(programme_id: str) -> Bundle:
    return bundle_of(published.find(programme_id))
