"""The 41 traps of DOMAIN section 4: each has a case in a file beside this one, and words in both languages."""

from __future__ import annotations

import re

import test_traps
import test_traps_of_files
import test_traps_of_names
import test_traps_of_registers

from iindustry.reference.traps import TRAPS
from iindustry.sources import reasons

FILES = (test_traps, test_traps_of_files, test_traps_of_names, test_traps_of_registers)


def test_every_trap_from_1_to_41_has_a_case():
    assert set().union(*(one.HERE for one in FILES)) == {f"T{number}" for number in range(1, 42)} == set(TRAPS)


def test_every_trap_is_told_in_thai_and_in_english():
    for trap in TRAPS.values():
        assert re.search("[ก-ฮ]", trap.th)
        assert len(trap.th) > 15
        assert not re.search("[ก-ฮ]", trap.en)
        assert trap.en[0].isupper()
    assert len({trap.th for trap in TRAPS.values()}) == len({trap.en for trap in TRAPS.values()}) == 41


def test_every_finding_that_a_trap_names_has_words_beside_the_cell_and_a_case():
    named = {code for trap in TRAPS.values() for code in trap.findings}
    assert named <= reasons.codes()
    of_files = {"column-unknown", "column-absent"}
    assert named - of_files <= set(test_traps.SAYS)
