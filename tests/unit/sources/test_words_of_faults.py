"""Every fault has words, and every word has a fault."""

from __future__ import annotations

import re
from pathlib import Path

import iindustry.sources
from iindustry.sources import reasons
from iindustry.sources.contracts import contracts

FOLDER = Path(iindustry.sources.__file__).parent


def test_fault_codes_and_words_are_the_same_set():
    source = "\n".join(path.read_text() for path in sorted(FOLDER.rglob("*.py")))
    raised = set(re.findall(r'(?:Fault|FindingCount)\(\s*"([a-z-]+)"', source))
    raised |= set(re.findall(r'_Check\([^"]*?"(?:"?,?\s*"?)?([a-z]+-[a-z-]+)"', source))
    assert raised == set(reasons.codes())


def test_every_fault_says_what_and_what_to_do_in_both_languages():
    layout = contracts()["dip"].layouts[0]
    for code in sorted(reasons.codes()):
        words = reasons.sentence(code, layout, "province")
        assert all((words.th, words.en, words.do_th, words.do_en))
        assert re.search("[ก-ฮ]", words.th)
        assert not re.search("[ก-ฮ]", words.en.replace("จังหวัด", ""))
