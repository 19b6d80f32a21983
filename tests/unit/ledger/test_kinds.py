"""Every kind of entry that the code writes has its words: the auditor reads no codes."""

from __future__ import annotations

import re
from pathlib import Path

from iindustry.funding.moves import Step
from iindustry.ledger.kinds import KINDS

SOURCE = Path(__file__).resolve().parents[3] / "src" / "iindustry"
WRITTEN = re.compile(r"""ledger\.append\(\s*["']([a-z.-]+)["']""")
NOTED = re.compile(r"""\bnoted\(row, ["']([a-z_]+)["']""")


def test_every_kind_has_words_in_both_languages():
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")))
    steps = {*NOTED.findall(text), *(step.value for step in Step)}
    kinds = {*WRITTEN.findall(text), *(f"application.{step.replace('_', '-')}" for step in steps)}
    assert {"exchange.answer", "application.send", "application.start"} <= kinds
    assert kinds <= set(KINDS), f"no words for {sorted(kinds - set(KINDS))}"
    assert all(words.th and words.en for words in KINDS.values())
