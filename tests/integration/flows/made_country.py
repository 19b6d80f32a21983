"""A small made-up country, linked and published without deliveries: what acts and deltas are tried on."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "linkage"))

from country import make

from iindustry.kernel.progress import silent
from iindustry.linkage import services as linkage
from iindustry.register import services as register

__all__ = ["make", "publish_country"]


def publish_country(country, home, clock, monkeypatch):
    """A function that links the country anew (with what stewards said) and publishes it."""
    from iindustry.sources import services as sources
    from iindustry.standardise import services as standardise

    monkeypatch.setattr(sources, "in_force", lambda *, home=None: ())
    monkeypatch.setattr(standardise, "standard_files", lambda *_, **__: country.records)

    def run():
        linked = linkage.link(
            country.records,
            earlier=linkage.earlier_members(home),
            judgements=linkage.judgements_in_force(),
        )
        return register.publish(linked, country.records, home=home, clock=clock, progress=silent)

    return run
