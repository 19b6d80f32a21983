"""Writes docs/reference from what the code says: settings, commands, refusals. `python tests/consistency/reference.py`."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
import yaml

from iindustry.cli.main import app
from iindustry.config.environment import Environment, Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
WORDS = ROOT / "src" / "iindustry" / "web" / "words"
MARK = "<!-- Written by `python tests/consistency/reference.py`; change the code, not this page. -->"


def settings() -> str:
    """Every name of the environment that anything reads."""
    rows = [
        (f"`{one.metadata.get('name', 'IINDUSTRY_' + one.name.upper())}`", _default(one.default), one.metadata["help"])
        for one in fields(Environment)
    ]
    said = "Read once at the start. A name that begins with `IINDUSTRY_` and is not here stops the start: it is a slip."
    return _page("Settings", said, ("name", "default", "what it is"), rows)


def commands() -> str:
    """Every command with its arguments and options."""
    said = (
        "`i-industry COMMAND --help` says the same. `--lang th` before or after any of them speaks Thai. Exit codes: 0 done,"
        " 1 refused with reasons, 2 used wrongly."
    )
    parts = [f"# Commands\n\n{MARK}\n\n{said}"]
    for name, command in tree():
        parts.append(f"## {name}\n\n{_sentence(command.help)}")
        if command.params:
            parts.append(_table(("argument or option", "default", "what it is"), map(_option, shown(command))))
    return "\n\n".join(parts) + "\n"


def refusals() -> str:
    """Every code that a page, the API or a command answers with, by the file of words that holds it."""
    said = "Codes are stable; words may improve. Facts in {braces} are filled in. Status is that of HTTP."
    parts = [f"# Refusals\n\n{MARK}\n\n{said}"]
    for path in sorted(WORDS.glob("*.yaml")):
        rows = [
            (f"`{code}`", words.get("status") or "", words["th"], words["en"])
            for code, words in sorted(yaml.safe_load(path.read_text(encoding="utf-8")).items())
        ]
        parts.append(f"## {path.stem}\n\n{_table(('code', 'status', 'Thai', 'English'), rows)}")
    return "\n\n".join(parts) + "\n"


PAGES: dict[str, Callable[[], str]] = {"settings.md": settings, "commands.md": commands, "refusals.md": refusals}


def tree() -> Iterator[tuple[str, Any]]:
    """Commands in full (`programme check`), by name."""
    yield from _below("", typer.main.get_command(app))


def shown(command: Any) -> list[Any]:
    """A command's parameters, --help left out."""
    return [one for one in command.params if one.name != "help"]


def _below(prefix: str, command: Any) -> Iterator[tuple[str, Any]]:
    for name, one in sorted(command.commands.items()):
        whole = f"{prefix} {name}".strip()
        if hasattr(one, "commands"):
            yield from _below(whole, one)
        else:
            yield whole, one


def _option(one: Any) -> tuple[str, str, str]:
    names = " / ".join([*one.opts, *one.secondary_opts]) if one.param_type_name == "option" else one.name.upper()
    default = "" if one.default in {None, False} else str(one.default)
    return f"`{names}`", "needed" if one.required else default, _sentence(getattr(one, "help", None))


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())


def _default(value: object) -> str:
    if isinstance(value, Path):
        return f"`{value.name and '~/' + value.name}`"
    if isinstance(value, Secret) or value in {"", False}:
        return ""
    return f"`{value}`"


def _page(title: str, said: str, heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    return f"# {title}\n\n{MARK}\n\n{said}\n\n{_table(heads, rows)}\n"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")


if __name__ == "__main__":
    main()
