"""The command `i-industry`: the use cases translated into a terminal, in English or, with --lang th, in Thai."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from iindustry.cli import country, doctor, drafting, generating, linking, lookups, proofs, registers, rules, versions
from iindustry.cli.faults import of_machine
from iindustry.cli.output import DONE, MISUSE, REFUSED, Language, refuse
from iindustry.cli.programmes import programme_app
from iindustry.config.environment import UnknownSetting, environment
from iindustry.kernel.errors import Conflict, DomainError, Rejected
from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from io import TextIOWrapper

LANGUAGES = ("th", "en")
_GROUPS = frozenset({"programme", "model", "register", "ledger", "receipt"})

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
for step in drafting.ACTS:
    programme_app.command()(step)
app.add_typer(programme_app, name="programme")
app.add_typer(linking.model_app, name="model")
app.add_typer(versions.register_app, name="register")
app.add_typer(proofs.ledger_app, name="ledger")
app.add_typer(proofs.receipt_app, name="receipt")


def main() -> None:
    """Run the command; leave with 0 done, 1 refused with reasons, 2 misuse."""
    for stream in (sys.stdout, sys.stderr):
        _speak_thai(cast("TextIOWrapper", stream))
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of a command with these arguments. `--lang` may stand anywhere."""
    arguments, language = spoken(arguments)
    command, as_json = named(arguments), "--json" in arguments
    if language not in LANGUAGES:
        refuse(Rejected("language-unknown", asked=language), command=command, as_json=as_json)
        return MISUSE
    Language.code = language
    try:
        app(arguments, prog_name="i-industry")
    except DomainError as error:
        return refuse(error, command=command, as_json=as_json)
    except UnknownSetting as error:
        return refuse(Rejected("setting-unknown", names=str(error)), command=command, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - its trace goes to the log, a sentence to the person
        log = _logged()
        said = of_machine(error, home=environment().home, log=log) or Conflict("command-broke", log=str(log))
        return refuse(said, command=command, as_json=as_json)
    except SystemExit as leaving:  # how Typer ends: 0, 2 for misuse, or what a command asked for
        return leaving.code if isinstance(leaving.code, int) else (REFUSED if leaving.code else DONE)
    return DONE


def spoken(arguments: list[str]) -> tuple[list[str], str]:
    """The arguments without `--lang`, and the language that was asked for, spoken here or not; English where none was."""
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
    return rest, "" if waiting else language


def named(arguments: list[str]) -> str:
    """The command that was meant, with its group: `evaluate`, `programme check`."""
    words = [one for one in arguments if not one.startswith("-")]
    return " ".join(words[: 2 if words and words[0] in _GROUPS else 1])


def _speak_thai(stream: TextIOWrapper) -> None:
    """A terminal without a locale is told UTF-8; one whose letters lack a sign gets a mark for it, never a fault."""
    is_plain = (stream.encoding or "ascii").lower().replace("_", "-") in {"ascii", "us-ascii", "ansi-x3.4-1968"}
    stream.reconfigure(encoding="utf-8" if is_plain else None, errors="replace")


def _logged() -> Path:
    """Keep the trace of the present fault; the file it stands in. Where the home takes no more, one among the temporary."""
    told = traceback.format_exc() + str(getattr(sys.exc_info()[1], "stderr", None) or "")
    kept = environment().home / "logs" / "command.log"
    for place in (kept, Path(tempfile.gettempdir()) / f"i-industry-{new_id()}.log"):
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as log:
                log.write(told)
        except OSError:
            continue
        return place
    return kept  # nothing takes it: the refusal says why


if __name__ == "__main__":
    main()
