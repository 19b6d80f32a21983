"""The command `i-industry`: the use cases translated into a terminal, in English or, with --lang th, in Thai."""

from __future__ import annotations

import sys
import traceback

import typer

from iindustry.cli import country, doctor, generating, linking, lookups, programmes, proofs, registers, rules, versions
from iindustry.cli.output import DONE, REFUSED, Language, refuse
from iindustry.config.environment import UnknownSetting, environment
from iindustry.kernel.errors import Conflict, DomainError, Rejected

LANGUAGES = ("th", "en")

app = typer.Typer(
    name="i-industry",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="One linked register of Thai enterprises, and the loans and measures that reach them. --lang th speaks Thai.",
)
for act in (
    country.demo, country.up, generating.generate, registers.deliver, registers.link, registers.export,
    registers.enterprise, lookups.look_up, lookups.link_delta, rules.explain, rules.evaluate, doctor.doctor,
):  # fmt: skip
    app.command()(act)
app.add_typer(programmes.programme_app, name="programme")
app.add_typer(linking.model_app, name="model")
app.add_typer(versions.register_app, name="register")
app.add_typer(proofs.ledger_app, name="ledger")
app.add_typer(proofs.receipt_app, name="receipt")


def main() -> None:
    """Run the command; leave with 0 done, 1 refused with reasons, 2 misuse."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of a command with these arguments. `--lang` may stand anywhere."""
    arguments, language = spoken(arguments)
    Language.code = language
    command = next((one for one in arguments if not one.startswith("-")), "")
    as_json = "--json" in arguments
    try:
        app(arguments, prog_name="i-industry")
    except DomainError as error:
        return refuse(error, command=command, as_json=as_json)
    except UnknownSetting as error:
        return refuse(Rejected("setting-unknown", names=str(error)), command=command, as_json=as_json)
    except Exception:  # noqa: BLE001 - a fault of ours: its trace goes to the log, a sentence to the person
        return refuse(Conflict("command-broke", log=_logged()), command=command, as_json=as_json)
    except SystemExit as leaving:  # how Typer ends: 0, 2 for misuse, or what a command asked for
        return leaving.code if isinstance(leaving.code, int) else (REFUSED if leaving.code else DONE)
    return DONE


def spoken(arguments: list[str]) -> tuple[list[str], str]:
    """The arguments without `--lang`, and the language; English for one that is not spoken."""
    rest, language = [], "en"
    waiting = False
    for one in arguments:
        if waiting:
            language, waiting = one, False
        elif one == "--lang":
            waiting = True
        elif one.startswith("--lang="):
            language = one.removeprefix("--lang=")
        else:
            rest.append(one)
    return rest, language if language in LANGUAGES else "en"


def _logged() -> str:
    """Keep the trace of the present fault; the file it stands in."""
    logs = environment().home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    path = logs / "command.log"
    with path.open("a", encoding="utf-8") as log:
        traceback.print_exc(file=log)
    return str(path)


if __name__ == "__main__":
    main()
