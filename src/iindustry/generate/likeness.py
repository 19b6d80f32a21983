"""How like life the made-up country is: `python -m iindustry.generate.likeness [FILE.csv.gz]` prints counts beside targets.

With a file of the real register (columns juristic_id, name_th) its names are counted too, by the same rules. No name is
printed or kept.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import calibration, factories
from iindustry.generate.enterprises import PART, Given, enterprises
from iindustry.generate.noise import noise_of
from iindustry.generate.services import AS_OF
from iindustry.generate.setting import Setting
from iindustry.generate.words import vocabulary_of
from iindustry.standardise import names as normaliser

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRMS = 110_000  # of which some 92,000 juristic persons, as many as were counted
_MILLION = 1_000_000
_CENT = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One count beside its target; `passes` when it is near enough."""

    what: str
    target: float
    found: float
    within: float

    @property
    def passes(self) -> bool:
        """Whether the count lies within its share of the target."""
        return abs(self.found - self.target) <= self.within * self.target


def names(written: pl.Series) -> dict[str, float]:
    """The counts of `likeness.yaml`, on registered names with their legal forms."""
    frame = (
        written.drop_nulls().to_frame("raw").with_columns(normaliser.normalised(pl.col("raw")).alias("_")).unnest("_")
    )
    inner = (
        frame["raw"]
        .str.replace_all(r"^(บริษัท|ห้างหุ้นส่วนจำกัด|ห้างหุ้นส่วนสามัญนิติบุคคล)\s*", "")
        .str.replace_all(r"\s*จำกัด(\s*\(มหาชน\))?\s*$", "")
        .str.strip_chars()
    )
    words = inner.str.split(" ").list.eval(pl.element().filter(pl.element() != ""))
    counts = words.explode().drop_nulls().value_counts(sort=True)["count"]

    def share(mask: pl.Series) -> float:
        return float(mask.sum()) / max(mask.len(), 1) * _CENT

    def twice(*columns: str) -> float:
        return share(frame.select(pl.struct(*columns).is_duplicated().alias("twice"))["twice"])

    def starts(length: int) -> float:
        found = frame["skel"].str.slice(0, length).value_counts()["count"].cast(pl.Float64)
        return float((found * (found - 1)).sum()) / (frame.height * (frame.height - 1)) * _MILLION

    length = frame["core"].str.len_chars()
    return {
        "same_name_and_form": twice("core", "form"),
        "same_core": twice("core"),
        "same_skeleton_and_number": twice("skel", "num"),
        "same_skeleton": twice("skel"),
        **{f"core_length_p{q}": float(length.quantile(q / _CENT) or 0) for q in (10, 50, 90)},
        "one_word": share(words.list.len() == 1),
        "two_words": share(words.list.len() == 2),  # noqa: PLR2004
        "three_words": share(words.list.len() == 3),  # noqa: PLR2004
        "with_digits": share(inner.str.contains(r"\d")),
        "with_brackets": share(inner.str.contains("(", literal=True)),
        "with_dots": share(inner.str.contains(".", literal=True)),
        "with_and": share(inner.str.contains("&|แอนด์")),
        "commonest_word": float(counts.head(1).sum()) / float(counts.sum()) * _CENT,
        "ten_commonest_words": float(counts.head(10).sum()) / float(counts.sum()) * _CENT,
        "hundred_commonest_words": float(counts.head(_CENT).sum()) / float(counts.sum()) * _CENT,
        "skeleton_starts_in_4_per_million_pairs": starts(4),
        "skeleton_starts_in_6_per_million_pairs": starts(6),
    }


def firms(enterprise: pl.DataFrame, site: pl.DataFrame) -> dict[str, float]:
    """The counts of `likeness.yaml` that are not of names; frames as `enterprises` and `factories` make them."""
    sites = site.join(enterprise.select("i", seat="subdistrict"), on="i")
    people, makers = sites.filter("person"), sites.filter(~pl.col("person"))
    per_operator = sites.group_by("i").agg(pl.col("person").first(), pl.len())
    first = makers.filter(pl.col("k") == 0)

    def share(mask: pl.Series) -> float:
        return float(mask.sum()) / max(mask.len(), 1) * _CENT

    def at(frame: pl.DataFrame, column: str, quantile: int) -> float:
        return float(frame[column].quantile(quantile / _CENT) or 0)

    return {
        "sole_traders_of_operators": share(per_operator["person"]),
        "companies_of_juristic_makers": share(
            enterprise.filter(~pl.col("person") & (pl.col("factory_count") > 0))["form"] == "co"
        ),
        "operators_with_several_factories": share(per_operator["len"] > 1),
        "class_3": share(sites["factory_class"] == "3"),
        **{f"workers_p{q}_juristic": at(makers, "site_workers", q) for q in (25, 50, 75, 90)},
        "workers_p50_person": at(people, "site_workers", 50),
        "horsepower_p50": at(sites, "horsepower", 50),
        "licences_older_than_the_firm": share(first["licence_be"] < first["registered_be"]),
        "operator_in_another_district": share(first["subdistrict"].str.slice(0, 4) != first["seat"].str.slice(0, 4)),
    }


def beside(found: Mapping[str, float], group: str) -> list[Line]:
    """The counts beside the targets of one group of `likeness.yaml`, in its order."""
    targets = calibration.document("likeness.yaml")[group]
    return [
        Line(name, float(row["target"]), found[name], float(row["within"]))
        for name, row in targets.items()
        if isinstance(row, dict)
    ]


def country(size: int, *, seed: int = 1, vocabulary: str | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises and factories of a country, whole, with the columns that are counted."""
    setting, given = Setting(seed, AS_OF, noise_of("default"), vocabulary_of(vocabulary)), Given()
    people = ["i", "person", "form", "factory_count", "subdistrict", "name_th"]
    places = [
        "i",
        "k",
        "person",
        "factory_class",
        "site_workers",
        "horsepower",
        "licence_be",
        "registered_be",
        "subdistrict",
    ]
    every, all_sites = [], []
    for start in range(0, size, PART):
        part = enterprises(range(start, min(size, start + PART)), setting, given)
        every.append(part.select(people))
        all_sites.append(factories.factories(part, setting, given.runs).select(places))
    return pl.concat(every), pl.concat(all_sites)


def report(real: Path | None) -> str:
    """The table as Markdown."""
    enterprise, site = country(_FIRMS)
    target = int(calibration.document("likeness.yaml")["names"]["at"])
    lines = beside(names(enterprise.filter(~pl.col("person")).head(target)["name_th"]), "names")
    lines += beside(firms(enterprise, site), "firms")
    counted = names(pl.read_csv(real, infer_schema_length=0)["name_th"]) if real else {}
    rows = [
        f"| {one.what.replace('_', ' ')} | {one.target:g} | {one.found:.2f} | {'yes' if one.passes else 'no'} |"
        + (f" {counted[one.what]:.2f} |" if one.what in counted else " |" if counted else "")
        for one in lines
    ]
    head = "| what | target | made up | near enough |" + (" counted now on the real file |" if counted else "")
    return "\n".join([head, "|---" * (5 if counted else 4) + "|", *rows])


if __name__ == "__main__":
    sys.stdout.write(report(Path(sys.argv[1]) if len(sys.argv) > 1 else None) + "\n")
