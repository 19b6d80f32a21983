"""Receipts and signed notes: good ones verify with the public key alone, any changed bit does not."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.ledger import leaf, merkle, note, proof

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = note.verifier_of(KEY).text()
LEAVES = [leaf.canonical({"v": 1, "n": n}).decode() for n in range(11)]


def receipt(index, *, key=KEY, leaves=LEAVES):
    hashes = [merkle.leaf_hash(one.encode()) for one in leaves]
    head = note.sign(len(hashes), merkle.root(hashes), key)
    return proof.receipt_text(leaves[index], index, merkle.inclusion_path(index, hashes), head)


@pytest.mark.parametrize("index", range(11))
def test_every_leaf_has_a_receipt_that_verifies(index):
    report = proof.verify_receipt(receipt(index), PUBLIC)
    assert (report.ok, report.verdict, report.index, report.size) == (True, "in-log", index, 11)
    assert report.leaf == {"v": 1, "n": index}


def test_another_key_is_not_believed():
    assert proof.verify_receipt(receipt(3, key=OTHER), PUBLIC).verdict == "signature-wrong"


def test_a_leaf_that_was_changed_is_not_in_the_log():
    forged = base64.b64encode(LEAVES[3].replace("3", "4").encode()).decode()
    lines = receipt(3).split("\n")
    lines[1] = f"extra {forged}"
    assert proof.verify_receipt("\n".join(lines), PUBLIC).verdict == "not-in-log"


def test_a_leaf_moved_to_another_place_is_not_in_the_log():
    assert proof.verify_receipt(receipt(3).replace("index 3", "index 4"), PUBLIC).verdict == "not-in-log"


@pytest.mark.parametrize(
    "text", ["", "hello", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nextra !!\nindex 0\n\nx", "x" * 70_000]
)
def test_other_texts_are_no_receipts(text):
    assert proof.verify_receipt(text, PUBLIC).verdict == "not-a-receipt"


@settings(max_examples=400)
@given(st.integers(0, len(receipt(5).encode()) * 8 - 1))
def test_no_single_bit_is_free(bit):
    raw = bytearray(receipt(5).encode())
    raw[bit // 8] ^= 1 << bit % 8
    assert not proof.verify_receipt(raw.decode(errors="replace"), PUBLIC).ok


@given(st.text(max_size=300))
def test_no_text_makes_it_stumble(text):
    assert not proof.verify_receipt(text, PUBLIC).ok
    assert note.open_note(text, note.verifier_of(KEY)) is None


def test_a_note_with_a_witness_beside_still_opens():
    text = note.sign(11, merkle.leaf_hash(b"r"), KEY)
    cosigned = text + "— witness.example " + base64.b64encode(b"abcdefgh").decode() + "\n"
    assert note.open_note(cosigned, note.verifier_of(KEY)).size == 11
    assert note.open_note(text.replace("11", "12"), note.verifier_of(KEY)) is None


@pytest.mark.parametrize("text", ["", "a+b+c", PUBLIC[:-2] + "A=", PUBLIC.replace("ledger", "ledgex")])
def test_a_key_with_a_wrong_sign_is_refused(text):
    with pytest.raises(ValueError, match=r"key|base 64"):
        note.verifier_key(text)
