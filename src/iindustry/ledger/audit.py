"""Pure: the check of a whole log, from rows or from an exported file.

The tree is rebuilt from the entries' own bytes and compared with every signed checkpoint. Invariant: nothing that the log
says of itself is believed; only the public key, and heads seen before, come from outside.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from iindustry.ledger import leaf as leaves
from iindustry.ledger import merkle, note
from iindustry.ledger.views import Fault, VerifyReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LISTED = 100


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry's row. `mac` is None in an export, where nobody could check it."""

    entry_id: UUID
    kind: str
    at: str
    subject_tag: str | None
    actor_tag: str
    leaf: str
    mac: bytes | None


@dataclass(frozen=True, slots=True)
class StoredLeaf:
    """A leaf's row with its entry, None where the entry is gone."""

    index: int
    entry_id: UUID
    leaf_hash: bytes
    entry: StoredEntry | None


@dataclass(slots=True)
class _Finder:
    faults: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, code: str, where: object) -> None:
        self.count += 1
        if len(self.faults) < LISTED:
            self.faults.append(Fault(code, str(where)))


def check(
    sealed: Iterable[StoredLeaf],
    checkpoints: Sequence[tuple[int, str]],
    *,
    key: note.VerifierKey,
    waiting: Sequence[StoredEntry] = (),
    is_mac_good: Callable[[StoredEntry], bool] | None = None,
    known: Sequence[str] = (),
) -> VerifyReport:
    """Rebuild the tree and list every fault.

    `sealed` comes in order of index; `checkpoints` are (size, note) in order of size; `waiting` are entries not sealed yet;
    `known` are notes of heads seen before (a witness's, an auditor's own), each of which the log must continue.
    """
    found = _Finder()
    heads = _heads(checkpoints, key, found)
    seen = _seen(known, key, found)
    wanted = sorted({size for size, _ in checkpoints} | {head.size for head in seen})
    roots, size = _rebuild(sealed, wanted, found, is_mac_good)
    for head in heads:
        _compare(head, roots, size, found, ("checkpoint-size", "checkpoint-root"))
    for head in seen:
        _compare(head, roots, size, found, ("head-older", "head-forked"))
    if size != max((head.size for head in heads), default=0):
        found.add("checkpoint-missing", f"leaf {size - 1}")
    for entry in waiting:
        _check_entry(entry, found, is_mac_good, entry.entry_id)
    return VerifyReport(size, len(checkpoints), len(waiting), found.count == 0, tuple(found.faults), found.count)


def with_faults(report: VerifyReport, more: Sequence[Fault]) -> VerifyReport:
    """The report with faults that were found elsewhere (the queue)."""
    faults = (*report.faults, *more)[:LISTED]
    count = report.fault_count + len(more)
    return VerifyReport(report.leaves, report.checkpoints, report.unsealed, count == 0, faults, count)


def _heads(checkpoints: Sequence[tuple[int, str]], key: note.VerifierKey, found: _Finder) -> list[note.Head]:
    heads: list[note.Head] = []
    before = 0
    for size, text in checkpoints:
        if size <= before:
            found.add("checkpoint-order", f"checkpoint {size}")
        before = size
        head = note.open_note(text, key)
        if head is None or head.size != size:
            found.add("checkpoint-signature", f"checkpoint {size}")
        else:
            heads.append(head)
    return heads


def _seen(known: Sequence[str], key: note.VerifierKey, found: _Finder) -> list[note.Head]:
    heads = [note.open_note(text, key) for text in known]
    for place, head in enumerate(heads):
        if head is None:
            found.add("head-unknown", f"head {place + 1}")
    return [head for head in heads if head]


def _rebuild(
    sealed: Iterable[StoredLeaf],
    sizes: Sequence[int],
    found: _Finder,
    is_mac_good: Callable[[StoredEntry], bool] | None,
) -> tuple[dict[int, bytes], int]:
    frontier, roots, entries = merkle.Frontier(), {0: merkle.EMPTY}, set[UUID]()
    wanted, pending = set(sizes), list[bytes]()
    size = 0
    for row in sealed:
        if row.index != size:
            found.add("leaf-gap", f"leaf {size}")
        if row.entry_id in entries:
            found.add("leaf-doubled", f"leaf {row.index}")
        entries.add(row.entry_id)
        pending.append(_hash_of(row, found, is_mac_good))
        size += 1
        if size in wanted:
            frontier, pending = frontier.extended(pending), []
            roots[size] = frontier.root()
    return roots, size


def _hash_of(row: StoredLeaf, found: _Finder, is_mac_good: Callable[[StoredEntry], bool] | None) -> bytes:
    """The hash of what stands there now; where the entry is gone, nothing stands there."""
    if row.entry is None:
        found.add("entry-missing", f"leaf {row.index}")
        return merkle.EMPTY
    hashed = merkle.leaf_hash(row.entry.leaf.encode())
    if hashed != row.leaf_hash:
        found.add("entry-changed", f"leaf {row.index}")
    _check_entry(row.entry, found, is_mac_good, f"leaf {row.index}")
    return hashed


def _check_entry(
    entry: StoredEntry, found: _Finder, is_mac_good: Callable[[StoredEntry], bool] | None, where: object
) -> None:
    if is_mac_good and not is_mac_good(entry):
        found.add("entry-mac", where)
    try:
        said = json.loads(entry.leaf)
        is_canonical = leaves.canonical(said).decode() == entry.leaf
    except (ValueError, TypeError, AttributeError):
        is_canonical = False
    if not is_canonical:
        found.add("entry-form", where)
        return
    columns = (said.get("entry_id"), said.get("kind"), said.get("at"), said.get("subject_tag"), said.get("actor_tag"))
    if columns != (str(entry.entry_id), entry.kind, entry.at, entry.subject_tag, entry.actor_tag):
        found.add("entry-columns", where)


def _compare(head: note.Head, roots: dict[int, bytes], size: int, found: _Finder, codes: tuple[str, str]) -> None:
    if head.size > size:
        found.add(codes[0], f"checkpoint {head.size}")
    elif roots.get(head.size) != head.root:
        found.add(codes[1], f"checkpoint {head.size}")
