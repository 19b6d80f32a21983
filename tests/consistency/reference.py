"""Writes docs/reference from what the code says: settings, commands, refusals, registers, fields and odd values. Run it as a script."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
import yaml

from iindustry.cli.main import app
from iindustry.config.environment import Environment, Secret
from iindustry.programmes.facts import vocabulary
from iindustry.reference.fields import FIELDS
from iindustry.reference.traps import TRAPS
from iindustry.sources.contracts import contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iindustry.sources.contracts import Column, Contract

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


def sources() -> str:
    """Every register: what the absence of a record means, and its layouts with their headings."""
    said = (
        "What each register hands over, from its contract. *Complete*: no record means that there is none, on the day of the"
        " delivery. *Partial*: no record means unknown. A heading in bold is one without which a row means nothing; what is"
        " struck out is dropped on landing."
    )
    rows = [
        (f"`{one.key}`", one.title_th, one.title_en, one.coverage.kind, _scope(one)) for one in contracts().values()
    ]
    heads = ("source", "Thai", "English", "coverage", "within")
    parts = [f"# Registers\n\n{MARK}\n\n{said}\n\n{_table(heads, rows)}"]
    for one in contracts().values():
        parts.append(f"## {one.key}: {one.title_en}\n\n{one.title_th} · {one.agency_th} · {one.agency_en}")
        parts.append(f"{one.coverage.en}.\n\n{one.coverage.th}")
        for layout in one.layouts:
            keys = " : ".join(f"`{column.name}`" for column in layout.keys)
            mode = (
                f"`{layout.name}`, {layout.mode.value}, {layout.coverage.kind}, record key {keys}. {layout.description}"
            )
            cells = [
                (f"`{column.name}`", _heading(column), column.reads, column.classification) for column in layout.columns
            ]
            parts.append(f"{mode}\n\n{_table(('column', 'heading', 'read as', 'class'), cells)}")
    return "\n\n".join(parts) + "\n"


def known_fields() -> str:
    """Every field, with the registers that are believed about it, by rank."""
    said = (
        "What is known of an enterprise or one of its establishments. Sources by rank: the first that speaks is believed."
        " *Complete*: silence of the register means none. Days: a value older than that is shown as old."
    )
    rows = [
        (f"`{one.name}`", one.th, one.en, one.of, one.type, one.classification, " ".join(one.sources), one.coverage,
         one.shelf_life_days or "", f"`{one.fact}`" if one.fact else "")
        for one in FIELDS
    ]  # fmt: skip
    heads = ("field", "Thai", "English", "of", "type", "class", "sources", "coverage", "days", "fact of rules")
    return _page("Fields", said, heads, rows)


def facts() -> str:
    """Every fact that rules may ask: its values, where it comes from, how long it holds, what silence means, who may read it."""
    said = (
        "What a rule may ask of an enterprise or of an establishment. A value older than its days is not known; where the"
        " register is *complete*, the absence of a row is none, false or 0. *Answer*: people are told only whether it is met."
        " *Readable by*: whose programmes may ask it; empty is everybody's."
    )
    known = {one.fact: one for one in FIELDS if one.fact is not None}
    rows = [
        (f"`{one.name}`", one.label.th, one.label.en, one.type, " ".join(one.codes[:12]) or one.unit or "",
         " ".join(one.sources), "" if one.shelf_life_days is None else one.shelf_life_days,
         known[one.name].coverage if one.name in known else "", one.classification,
         one.disclose.value, one.mutability.value, " ".join(sorted(one.only)), f"`{one.derived_from}`" if one.derived_from else "")
        for one in vocabulary().values()
    ]  # fmt: skip
    heads = ("fact", "Thai", "English", "type", "codes or unit", "sources", "days", "coverage", "class", "told", "changes by",
             "readable by", "from")  # fmt: skip
    return _page("Facts", said, heads, rows)


def traps() -> str:
    """The 41 oddities of the real registers and what is done with each."""
    said = "What the real registers hold that a reader would stumble over, and what is done with it, as people read it."
    rows = [(one.key, one.th, one.en, " ".join(f"`{code}`" for code in one.findings)) for one in TRAPS.values()]
    return _page("Odd values and what is done with them", said, ("no.", "Thai", "English", "findings"), rows)


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings, "commands.md": commands, "refusals.md": refusals, "sources.md": sources,
    "facts.md": facts, "fields.md": known_fields, "traps.md": traps,
}  # fmt: skip


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


def _scope(one: Contract) -> str:
    return ", ".join(f"{name}: {value}" for name, value in one.coverage.scope.items())


def _heading(column: Column) -> str:
    said = f"**{column.heading}**" if column.required else column.heading
    return said if column.keep else f"~~{said}~~"


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
