"""How much is answered before and after at most two questions, on a demo country, its truth giving the answers.

`questions.py HOME [SAMPLE]`: HOME as `i-industry demo --no-serve` left it. Each enterprise answers the first question that the
engine chooses with what is true of it (the choice of the same interval), then the next. A fact of which the country holds no
truth is answered by nobody and the next question is asked. Printed: share of answers (enterprise x programme) that are definite.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import circumstances, table, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.programmes.facts import Facts

ASKED_AT_MOST = 2
TRUTH = {
    "enterprise.status": lambda row: "active" if row["status"] == "active" else "closed",
    "enterprise.revenue_satang": lambda row: row["revenue_satang"],
    "enterprise.sector": lambda row: row["sector"],
    "enterprise.accounts_year": lambda row: 2025 if row["accounts_filed"] else 2020,
    "enterprise.accounts_count": lambda row: 3 if row["accounts_filed"] else 1,
    "enterprise.exports_satang": lambda row: row["export_satang"] or 0,
    "enterprise.worker_count": lambda row: row["workers"],
    "enterprise.fixed_assets_satang": lambda row: row["revenue_satang"] // 4,
}
"""What the country knows of its firms, by fact of the vocabulary. Fixed assets: a quarter of revenue, as made accounts say."""


def main(home: Path, sample: int) -> None:
    import django

    django.setup()
    from datetime import date

    from iindustry.programmes import questions, services
    from iindustry.programmes.tree import Answer

    as_of = date(2026, 11, 22)
    firms, truth = _firms(home, sample), _truth(home)
    programmes = len(services.open_rules(as_of))
    unknown = [0] * (ASKED_AT_MOST + 1)
    asked: dict[str, int] = {}
    cannot: dict[str, int] = {}
    for firm in firms:
        facts = services.facts_of(firm, as_of=as_of)
        row = truth.get(firm.enterprise_id)
        besides: set[str] = set()
        for step in range(ASKED_AT_MOST + 1):
            unknown[step] += sum(one.answer is Answer.UNKNOWN for one in services.explain_facts(facts))
            if step < ASKED_AT_MOST:
                facts = _answer(facts, row, besides, asked, cannot, questions)
    total = len(firms) * programmes
    rows = [(f"after {step} questions", f"{1 - unknown[step] / total:.1%}") for step in range(ASKED_AT_MOST + 1)]
    table(f"Definite answers, {len(firms):,} enterprises x {programmes} programmes", ("when", "definite"), rows)
    print("asked:", ", ".join(f"{fact} {count}" for fact, count in sorted(asked.items(), key=lambda one: -one[1])))
    print(
        "no truth of:", ", ".join(f"{fact} {count}" for fact, count in sorted(cannot.items(), key=lambda one: -one[1]))
    )
    write("questions", {"definite": dict(rows), "asked": asked, "no_truth": cannot}, circumstances())


def _answer(  # noqa: PLR0917 - one step of one enterprise
    facts: Facts,
    row: Mapping[str, Any] | None,
    besides: set[str],
    asked: dict[str, int],
    cannot: dict[str, int],
    questions: Any,
) -> Facts:
    while row is not None and (found := questions.next_questions(facts, limit=1, besides=besides)):
        (question,) = found
        besides.add(question.fact)
        value = TRUTH[question.fact](row) if question.fact in TRUTH else None
        if value is None:
            cannot[question.fact] = cannot.get(question.fact, 0) + 1
            continue
        asked[question.fact] = asked.get(question.fact, 0) + 1
        return questions.answered(facts, {question.fact: value})  # type: ignore[no-any-return]
    return facts


def _truth(home: Path) -> dict[str, dict[str, Any]]:
    """What is true of each enterprise, by its id: the firm that most of its records are of."""
    import polars as pl

    from iindustry.kernel.home import Home, current_version
    from iindustry.reference import activities

    register = Home(home).register
    members = pl.read_parquet(register / (current_version(Home(home)) or "") / "members.parquet")
    folder = home / "demo/country/truth"
    records, facts = pl.read_parquet(folder / "records.parquet"), pl.read_parquet(folder / "facts.parquet")
    of = (
        members.join(records, on=["source", "record_key"])
        .group_by("enterprise_id")
        .agg(pl.col("enterprise").mode().first())
    )
    found = {}
    for row in of.join(facts, on="enterprise").to_dicts():
        found[row["enterprise_id"]] = {
            **row,
            "sector": activities.sector(row["tsic"]),
            "workers": row.get("worker_count"),
        }
    return found


def _firms(home: Path, sample: int) -> list[Any]:
    """Enterprises of the register's frames, as their pages read them."""
    import polars as pl

    from iindustry.kernel.home import Home, current_version
    from iindustry.reference.fields import FIELDS
    from iindustry.register.enterprise import Enterprise, Establishment, Value

    folder = Home(home).register / (current_version(Home(home)) or "")
    enterprises = pl.read_parquet(folder / "enterprises.parquet")
    enterprises = enterprises.sample(min(sample, enterprises.height), seed=1)
    sites = pl.read_parquet(folder / "establishments.parquet").filter(
        pl.col("enterprise_id").is_in(enterprises["enterprise_id"].implode())
    )

    def values(row: dict[str, Any], of: str) -> dict[str, Value]:
        found = {}
        for field in FIELDS:
            content = row.get(field.column) if field.of == of else None
            if content is not None:
                content = tuple(content) if isinstance(content, list) else content
                found[field.name] = Value(field.name, content, field.sources[0], "", row.get(field.column + "__as_of"))
        return found

    places: dict[str, list[Establishment]] = {}
    for row in sites.iter_rows(named=True):
        one = Establishment(row["establishment_id"], row["name"], row["factory_id"], None, values(row, "establishment"))
        places.setdefault(row["enterprise_id"], []).append(one)
    return [
        Enterprise(row["enterprise_id"], "", row["name_th"], "", None, None, values(row, "enterprise"),
                   tuple(places.get(row["enterprise_id"], ())))
        for row in enterprises.iter_rows(named=True)
    ]  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251 - a bench
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_500)  # noqa: PLR2004 - the sample's size
