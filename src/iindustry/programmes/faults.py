"""What each fault of a document is called: why it is one, and what to write instead, in Thai and English, from `faults.yaml`.

The sentences of refusals (`web/words/rules.yaml`) are printed from the same table. Invariant: every code that the reader
or a check raises about a document has its words there.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.kernel.errors import Fact

STATUS = 422


@cache
def table() -> Mapping[str, Any]:
    """The whole table: `faults` by code, `wanted` by kind of value."""
    text = files("iindustry.programmes").joinpath("faults.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def wanted(kind: str) -> tuple[str, str]:
    """What a value must be, in Thai and English; the text itself where the table has none."""
    row = table()["wanted"].get(kind)
    return (kind, kind) if row is None else (row["th"], row["en"])


def said(code: str, facts: Mapping[str, Fact]) -> tuple[str, str, str, str]:
    """Why and what to do, each in Thai and English: th, en, fix_th, fix_en."""
    row = table()["faults"].get(code, table()["faults"]["rule-unnamed"])
    known = _Known({**facts, "code": code})
    return tuple(str(row[part]).format_map(known) for part in ("th", "en", "fix_th", "fix_en"))  # type: ignore[return-value]


def refusals() -> str:
    """The table of refusals as `web/words/rules.yaml` holds it: where, why, and what to do in one sentence of each language."""
    lines = [
        "# Printed from programmes/faults.yaml by `python -m iindustry.programmes.faults`; edit that and print again."
    ]
    for code, row in table()["faults"].items():
        th = f"บรรทัด {{line}} ช่อง {{field}}: {row['th']} {row['fix_th']}"
        en = f"Line {{line}}, {{field}}: {row['en']}. {row['fix_en']}."
        lines.append(f"{code}: {{status: {STATUS}, th: {_quoted(th)}, en: {_quoted(en)}}}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Known(dict[str, "Fact"]):
    def __missing__(self, key: str) -> str:
        return "–"


if __name__ == "__main__":
    import sys

    sys.stdout.write(refusals())
