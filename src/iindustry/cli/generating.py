"""`generate`: the deliveries of a made-up country as files, and the truth about it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads annotations when it runs
from typing import Annotated

import typer

from iindustry.cli.country import ENTERPRISES, SEED, Enterprises, Seed
from iindustry.cli.output import AsJson, show
from iindustry.cli.telling import Teller
from iindustry.kernel.errors import Conflict

Noise = Annotated[str, typer.Option(help="half, default, double, no-ids, fewer-columns, or a file of rates.")]
Registers = Annotated[str | None, typer.Option(help="Sources to deliver, joined by commas; all where not said.")]
Words = Annotated[str | None, typer.Option(help="Words that firms are named with: default, other, or a file.")]


def generate(
    folder: Annotated[Path, typer.Argument(help="An empty folder.")],
    enterprises: Enterprises = ENTERPRISES,
    seed: Seed = SEED,
    *,
    periods: Annotated[int, typer.Option(help="Months told of, up to today.", min=1, max=36)] = 1,
    noise: Noise = "default",
    registers: Registers = None,
    vocabulary: Words = None,
    as_json: AsJson = False,
) -> None:
    """Write the deliveries of a made-up country, and the truth about it."""
    from iindustry.generate.services import make_country

    if folder.exists() and any(folder.iterdir()):
        raise Conflict("folder-not-empty", folder=folder.name)
    teller = Teller()
    chosen = [name.strip() for name in registers.split(",")] if registers else None
    made = make_country(
        folder, enterprises=enterprises, seed=seed, periods=periods, noise=noise, registers=chosen, vocabulary=vocabulary,
        progress=lambda _, done=0, total=0: teller("generate", done, total),
    )  # fmt: skip
    teller.end()
    facts = {"folder": str(folder), "deliveries": [str(one.path.relative_to(folder)) for one in made.deliveries]}
    show(facts, as_json=as_json, text="\n".join(facts["deliveries"]))
