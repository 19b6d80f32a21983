"""`model learn`, `model list`, `model accept`: match models that runs teach and officers accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from iindustry.cli.output import AsJson, pick, plain, show
from iindustry.cli.telling import Teller
from iindustry.config.environment import environment
from iindustry.config.supervisor import connected
from iindustry.kernel.clock import SystemClock

if TYPE_CHECKING:
    from iindustry.linkage.services import ModelFile

model_app = typer.Typer(no_args_is_help=True, help="Match models: learn a candidate, list them, accept one.")


@model_app.command("learn")
def learn(*, as_json: AsJson = False) -> None:
    """Write the next candidate from the deliveries in force, beside a report; nothing takes effect."""
    with connected("worker"):
        from iindustry.linkage import services as linkage
        from iindustry.sources import services as sources
        from iindustry.standardise import services as standardise

        home, teller = environment().paths, Teller()
        files = standardise.standard_files(sources.in_force(home=home), home=home, progress=teller)
        made = linkage.learn_model(
            standardise.identities(files), home=home, judgements=linkage.judgements_in_force(), progress=teller
        )
        teller.end()
    show(made, as_json=as_json, text=_line(made))


@model_app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """The model in force and the candidates, the newest first."""
    with connected("worker"):
        from iindustry.linkage import services as linkage

        found = linkage.list_models(home=environment().paths)
    show([plain(one) for one in found], as_json=as_json, text="\n".join(map(_line, found)))


@model_app.command("accept")
def accept(
    name: Annotated[str, typer.Argument(help="The candidate, such as enterprise-th-3.")],
    *,
    officer: Annotated[str, typer.Option(help="The user name of the data steward who accepts it.")],
    as_json: AsJson = False,
) -> None:
    """Let later runs begin from a candidate that hidden numbers do not speak against."""
    with connected("worker"):
        from iindustry.accounts import services as accounts
        from iindustry.linkage import services as linkage

        clock = SystemClock()
        actor = accounts.actor_of(accounts.person_of_door(officer), clock=clock)
        found = linkage.accept_model(name, actor=actor, home=environment().paths, clock=clock)
    show(found, as_json=as_json, text=_line(found))


def _line(one: ModelFile) -> str:
    state = pick("ใช้อยู่", "in force") if one.in_force else (
        pick("รับได้", "may be accepted") if one.may_be_accepted else pick("ยังรับไม่ได้", "may not be accepted")
    )  # fmt: skip
    figures = [
        f"{side}: precision {told['precision']}, recall {told['recall']}, F1 {told['f1']}"
        for side, told in one.measured.items()
    ]
    return "\n".join([f"{one.name}  {state}  {one.sha256[:12]}", *(f"  {figure}" for figure in figures)])
