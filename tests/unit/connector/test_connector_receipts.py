"""The second verifier of receipts agrees with the platform's own, and no changed receipt passes it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import iindustry_connector
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from iindustry_connector import receipts, verify_receipt
from iindustry_connector.receipts import VERDICTS

from iindustry.ledger import leaf, merkle, note, proof

KEY = Ed25519PrivateKey.generate()
LINE = note.verifier_of(KEY).text()
FOLDER = Path(iindustry_connector.__file__).parent


def leaf_of(number):
    return leaf.canonical({"v": 1, "kind": "exchange.answer", "n": number})


def receipt(index, size):
    leaves = [leaf_of(number) for number in range(size)]
    hashes = [merkle.leaf_hash(one) for one in leaves]
    path = merkle.inclusion_path(index, hashes)
    return proof.receipt_text(leaves[index].decode(), index, path, note.sign(size, merkle.root(hashes), KEY))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 65])
def test_every_leaf_of_trees_of_all_shapes(size):
    for index in range(size):
        text = receipt(index, size)
        report = verify_receipt(text, LINE)
        assert (report.verdict, report.index, report.size, report.leaf["n"]) == ("good", index, size, index)
        assert proof.verify_receipt(text, LINE).ok


GOOD = receipt(11, 21)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 6))
@settings(max_examples=400, deadline=None)
def test_no_bit_of_a_receipt_is_free(place, bit):
    changed = GOOD[:place] + chr(ord(GOOD[place]) ^ (1 << bit)) + GOOD[place + 1 :]
    mine, theirs = verify_receipt(changed, LINE), proof.verify_receipt(changed, LINE)
    assert not mine.is_good
    assert not theirs.ok
    assert mine.verdict in VERDICTS


@given(st.text(max_size=300))
def test_any_text_gets_a_verdict(text):
    assert verify_receipt(text, LINE).verdict == "form"
    assert verify_receipt(GOOD, text).verdict == "key"


def test_another_logs_key_and_another_answers_entry():
    other = note.verifier_of(Ed25519PrivateKey.generate()).text()
    assert verify_receipt(GOOD, other).verdict == "signature"
    assert verify_receipt(GOOD, LINE, entry=verify_receipt(GOOD, LINE).leaf_hash).is_good
    assert verify_receipt(GOOD, LINE, entry="AAAA").verdict == "path"


def test_a_path_too_long_or_too_short():
    head, _, rest = GOOD.partition("\n\n")
    lines = head.split("\n")
    for changed in (lines[:-1], [*lines, lines[-1]]):
        assert verify_receipt("\n".join(changed) + "\n\n" + rest, LINE).verdict == "path"


def test_the_verifier_is_small_and_uses_little():
    source = (FOLDER / "receipts.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 300
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        for name in names:
            assert name.split(".")[0] in {*sys.stdlib_module_names, "cryptography"}, name


def test_the_connector_imports_nothing_of_the_platform():
    for path in FOLDER.rglob("*.py"):
        assert "iindustry." not in path.read_text(encoding="utf-8").replace("iindustry_connector.", ""), path.name
        assert "import iindustry\n" not in path.read_text(encoding="utf-8"), path.name


def test_each_verdict_speaks_both_languages():
    for th, en in receipts.VERDICTS.values():
        assert any("\u0e01" <= sign <= "\u0e5b" for sign in th)
        assert en.isascii()
