"""The use case of `generate`: one call writes a whole made-up country into a folder.

The country is made in parts of `enterprises.PART` firms, each written to every file before the next begins.
Invariant: the same arguments give the same bytes; nothing outside the folder is touched; memory does not grow with the size
but for 8 bytes a firm and the past loans.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from iindustry.generate import factories, files, months, past, places, samples
from iindustry.generate.cast import ENTERPRISES
from iindustry.generate.country import Country
from iindustry.generate.delivering import Deliveries, chosen
from iindustry.generate.enterprises import PART, Given, check_count
from iindustry.generate.enterprises import enterprises as true_enterprises
from iindustry.generate.facts import facts, true_sites
from iindustry.generate.firm_registers import dip_rows
from iindustry.generate.noise import noise_of
from iindustry.generate.registers import Scene
from iindustry.generate.setting import Setting
from iindustry.generate.words import vocabulary_of
from iindustry.kernel.errors import Rejected
from iindustry.kernel.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

AS_OF = date(2026, 11, 20)  # the country's day where the caller names none
MOST_PERIODS = 36
_PAST = ("history", "outcomes", "facts", "sites")


def make_country(
    folder: Path,
    *,
    enterprises: int,
    seed: int,
    as_of: date = AS_OF,
    periods: int = 1,
    noise: str | Path = "default",
    registers: Collection[str] | None = None,
    vocabulary: str | Path | None = None,
    progress: Progress = silent,
) -> Country:
    """Writes deliveries, truth, past and samples of `enterprises` firms (200 to 5,000,000) as they stand on `as_of`.

    `periods`: months told of, the last holding `as_of`. `noise`: a preset of `data/noise.yaml` or a file of its shape.
    `registers`: sources to deliver (`delivering.SOURCES`; None: all). `vocabulary`: `default`, `other` or a file.
    Above a million enterprises the deliveries are Parquet. Files of the same names are overwritten.
    Raises Rejected for an argument that is out of range or unknown (codes: `web/words/generate.yaml`).
    """
    check_count(enterprises)
    if not 1 <= periods <= MOST_PERIODS:
        raise Rejected("country-months-out-of-range", most=MOST_PERIODS)
    setting = Setting(seed, as_of, noise_of(noise), vocabulary_of(vocabulary), periods)
    making = _Making(
        folder, Deliveries(folder / "deliveries", chosen(registers), setting, enterprises=enterprises), setting
    )
    progress("enterprises", 0, enterprises)
    for start in range(0, enterprises, PART):
        stop = min(enterprises, start + PART)
        making.part(range(start, stop))
        progress("deliveries", stop, enterprises)
    progress("past", enterprises, enterprises)
    made = making.finish(enterprises)
    progress("done", enterprises, enterprises)
    return made


class _Making:
    """A country half made: what was given out, and the files that grow."""

    def __init__(self, folder: Path, deliveries: Deliveries, setting: Setting) -> None:
        self._folder, self._deliveries, self._setting = folder, deliveries, setting
        self._given = Given()
        self._samples: Mapping[str, Path] = {}
        for name in ("truth", "past"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._past = {name: files.Parquet(folder / "past" / f".{name}.parquet") for name in _PAST}

    def part(self, rows: range) -> None:
        """Make these firms and write them everywhere."""
        setting, first = self._setting, rows.start == 0
        firms = months.with_exporting(true_enterprises(rows, setting, self._given), setting.chance())
        sites = factories.factories(firms, setting, self._given.runs)
        firms = months.with_events(firms, setting)
        sites = months.with_transfers(sites, firms, setting)
        loans = past.applications(firms, sites, setting)
        for month in setting.months():
            standing = months.firms_at(firms, month, setting)
            scene = Scene(setting, month, standing, months.sites_at(sites, standing, month), loans, first)
            self._deliveries.add(scene)
        self._past["history"].add(past.history(loans))
        self._past["outcomes"].add(past.outcomes(firms, loans, setting))
        self._past["facts"].add(facts(scene))
        self._past["sites"].add(true_sites(scene))
        if first:
            self._samples = _samples(self._folder / "samples", scene)

    def finish(self, size: int) -> Country:
        """Close all files."""
        folder, told = self._folder, self._deliveries
        history = self._past["history"].scan().sort("sent_at", "application_id")
        made = Country(
            deliveries=told.close(),
            truth=files.join(told.truth(self._setting.months()[-1]), folder / "truth" / "records.parquet"),
            truth_at={
                month.name: files.join(told.truth(month), folder / "truth" / f"records-{month.name}.parquet")
                for month in self._setting.months()
            }
            if self._setting.periods > 1
            else {},
            facts=files.join(self._past["facts"].scan(), folder / "truth" / "facts.parquet"),
            sites=files.join(self._past["sites"].scan(), folder / "truth" / "sites.parquet"),
            effects=files.join(past.effects().lazy(), folder / "truth" / "effects.parquet"),
            history=files.join(history, folder / "past" / "history.parquet"),
            outcomes=files.join(self._past["outcomes"].scan(), folder / "past" / "outcomes.parquet"),
            ministry=files.join(past.ministry(size, self._setting).lazy(), folder / "past" / "ministry.parquet"),
            cast=ENTERPRISES,
            samples=self._samples,
        )
        told.drop()
        for parts in self._past.values():
            parts.drop()
        return made


def _samples(folder: Path, scene: Scene) -> dict[str, Path]:
    named = places.with_names(scene.firms, scene.setting.chance(), "samples", 0.0)
    met = dip_rows(scene.firms, scene.setting)["enterprise"]
    return dict(samples.write(folder, named, scene.sites, met, scene.setting.as_of))
