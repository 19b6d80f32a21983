"""Use cases of `ledger`: append, seal, look up, prove, verify, export.

Writers only insert; one sealer numbers what has committed and signs a checkpoint. Nothing depends on serial ids, which
commit out of order: an entry of a slow transaction lands in a later seal.
"""

from __future__ import annotations

import base64
import json
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

from django.conf import settings
from django.db import connection, transaction

from iindustry.kernel.errors import Conflict, NotFound
from iindustry.kernel.ids import new_id
from iindustry.ledger import audit, keys, leaf, merkle, note, proof
from iindustry.ledger.models import LedgerEntry, SealedLeaf, SignedCheckpoint, UnsealedEntry, Verification
from iindustry.ledger.views import Checkpoint, Entry, EntryRef, Fault, LastCheck, VerifyReport

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

SEAL_BATCH = 20_000
MAX_LIMIT = 500
_SEALER_LOCK = 0x1ED6E5
_SEEN_FILE = "ledger.seen"


def append(kind: str, *, actor: Actor, at: datetime, subject: str | None = None, **facts: leaf.Fact) -> EntryRef:
    """Write one entry in the caller's transaction: it stands if and only if the act does.

    `kind` is a dotted code (`consent.changed`). `subject` and the actor are kept as keyed tags. `facts` are ids, codes and
    digests in ASCII: ValueError for Thai letters, 13-digit numbers (system addresses excepted) and long texts.
    RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger entry is written in the transaction of the act it records")
    entry_id, folder = new_id(), settings.HOME.keys
    actor_tag = keys.tag(folder, "actor", actor.tag)
    subject_tag = keys.tag(folder, "subject", subject) if subject is not None else None
    raw = leaf.leaf_bytes(
        kind=kind, entry_id=entry_id, at=at, subject_tag=subject_tag, actor_tag=actor_tag, actor_role=actor.role.value,
        salt=secrets.token_urlsafe(16), facts=facts,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND, [entry_id, kind, at, subject_tag, actor_tag, raw.decode(), keys.mac(folder, raw), entry_id]
        )
    return EntryRef(entry_id, _b64(merkle.leaf_hash(raw)))


# One statement, one round trip: the entry and its place in the sealer's queue.
_APPEND = """
WITH written AS (
  INSERT INTO ledger_entry (entry_id, kind, at, subject_tag, actor_tag, leaf, mac) VALUES (%s, %s, %s, %s, %s, %s, %s)
)
INSERT INTO ledger_unsealed (entry_id) VALUES (%s)
"""


def seal(*, clock: Clock) -> Checkpoint | None:
    """Number what has committed, put it in the tree, sign the new head. None when nothing waits.

    One sealer at a time (advisory lock); at most 20,000 entries a call, so call again until None. Conflict `ledger-broken`:
    an entry's HMAC is wrong, or leaves and checkpoints disagree; nothing is sealed over a fault.
    """
    folder = settings.HOME.keys
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])
        waiting = _take_waiting()
        if not waiting:
            return None
        frontier = _frontier()
        hashes = [_sealable(folder, entry_id, text, mac) for entry_id, text, mac in waiting]
        grown = frontier.extended(hashes)
        _write_leaves([entry_id for entry_id, _, _ in waiting], hashes, first=frontier.size)
        row = SignedCheckpoint(
            size=grown.size, root=grown.root(), note=note.sign(grown.size, grown.root(), keys.signing_key(folder)),
            peaks=b"".join(grown.peaks), at=clock.now(),
        )  # fmt: skip
        row.save(force_insert=True)
        transaction.on_commit(lambda: _remember(folder, row.note))
    return _checkpoint(row)


def latest_checkpoint() -> Checkpoint | None:
    """The newest signed head, or None before the first seal."""
    row = SignedCheckpoint.objects.order_by("-size").first()
    return _checkpoint(row) if row else None


def unsealed_count() -> int:
    """How many committed entries wait for the sealer."""
    return UnsealedEntry.objects.count()


def list_entries(
    *, subject: str | None = None, kind: str | None = None, before: UUID | None = None, limit: int = 50
) -> list[Entry]:
    """Entries, newest first. `subject` is the plain id that was given to `append`; `before` is the last id of a page."""
    rows = LedgerEntry.objects.order_by("-entry_id")
    if subject is not None:
        rows = rows.filter(subject_tag=keys.tag(settings.HOME.keys, "subject", subject))
    if kind is not None:
        rows = rows.filter(kind=kind)
    if before is not None:
        rows = rows.filter(entry_id__lt=before)
    return _entries(list(rows[: min(limit, MAX_LIMIT)]))


def get_entry(entry_id: UUID) -> Entry:
    """One entry. NotFound `entry-unknown`."""
    row = LedgerEntry.objects.filter(entry_id=entry_id).first()
    if row is None:
        raise NotFound("entry-unknown")
    return _entries([row])[0]


def list_kinds() -> list[str]:
    """The kinds that the log holds, for a filter: at most 200."""
    kinds = LedgerEntry.objects.order_by("kind").values_list("kind", flat=True).distinct()
    return list(kinds[:200])


def receipt(entry_id: UUID) -> str:
    """The proof of one entry as `.tlog-proof` text. NotFound `entry-unknown`; Conflict `receipt-not-sealed`: wait a second.

    Reads every leaf hash under the newest head: 32 bytes an entry.
    """
    entry = LedgerEntry.objects.filter(entry_id=entry_id).first()
    if entry is None:
        raise NotFound("entry-unknown")
    place = SealedLeaf.objects.filter(entry_id=entry_id).values_list("index", flat=True).first()
    head = SignedCheckpoint.objects.order_by("-size").first()
    if place is None or head is None:
        raise Conflict("receipt-not-sealed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT leaf_hash FROM ledger_leaf WHERE index < %s ORDER BY index", [head.size])
        hashes = [bytes(row[0]) for row in cursor.fetchall()]
    return proof.receipt_text(entry.leaf, place, merkle.inclusion_path(place, hashes), head.note)


def public_key() -> str:
    """The line `name+id+key` that receipts and checkpoints are checked against."""
    return keys.verifier_text(settings.HOME.keys)


def known_heads() -> tuple[str, ...]:
    """The newest head that this installation sealed, kept outside the database: give it to `verify` as `known`."""
    path = settings.HOME.keys / _SEEN_FILE
    return (path.read_text(encoding="utf-8"),) if path.exists() else ()


def verify(*, known: tuple[str, ...] = ()) -> VerifyReport:
    """Rebuild the whole log and list every fault; `known` are checkpoints seen before, which it must continue."""
    folder = settings.HOME.keys
    key = note.verifier_key(keys.verifier_text(folder))

    def is_mac_good(entry: audit.StoredEntry) -> bool:
        return entry.mac is not None and secrets.compare_digest(entry.mac, keys.mac(folder, entry.leaf.encode()))

    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        report = audit.check(
            _stored_leaves(), list(SignedCheckpoint.objects.order_by("size").values_list("size", "note")), key=key,
            waiting=_stored_waiting(), is_mac_good=is_mac_good, known=known,
        )  # fmt: skip
        return audit.with_faults(report, _queue_faults())


def check(*, clock: Clock) -> VerifyReport:
    """Verify the whole log against the head kept outside the database, and note when that was and what it found."""
    report = verify(known=known_heads())
    Verification.objects.create(at=clock.now(), size=report.leaves, fault_count=report.fault_count)
    return report


def last_check() -> LastCheck | None:
    """The last run of `check`, or None before the first."""
    row = Verification.objects.order_by("-at", "-id").first()
    return LastCheck(row.at, row.size, row.fault_count) if row else None


def export(path: Path) -> int:
    """Write the sealed log as NDJSON: key, leaves with their entries, checkpoints. The number of leaves."""
    count = 0
    with path.open("w", encoding="utf-8") as file, transaction.atomic():
        _line(file, {"type": "key", "key": public_key()})
        for row in _stored_leaves():
            text = row.entry.leaf if row.entry else None
            _line(
                file,
                {
                    "type": "leaf",
                    "index": row.index,
                    "entry_id": str(row.entry_id),
                    "hash": _b64(row.leaf_hash),
                    "leaf": text,
                },
            )
            count += 1
        for size, text in SignedCheckpoint.objects.order_by("size").values_list("size", "note"):
            _line(file, {"type": "checkpoint", "size": size, "note": text})
    return count


def verify_file(path: Path, *, public_key: str | None = None, known: tuple[str, ...] = ()) -> VerifyReport:
    """Verify an export offline. Without `public_key` the file's own is used, which proves only that it agrees with itself."""
    from iindustry.ledger.export import read

    exported = read(path)
    text = public_key or exported.key
    if text is None:
        raise NotFound("ledger-key-unknown")
    report = audit.check(exported.leaves, exported.checkpoints, key=note.verifier_key(text), known=known)
    return audit.with_faults(report, exported.faults)


def _take_waiting() -> list[tuple[UUID, str, bytes]]:
    """The waiting entries, taken off the queue: their order in the tree is the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS (DELETE FROM ledger_unsealed WHERE entry_id IN"
            " (SELECT entry_id FROM ledger_unsealed ORDER BY entry_id LIMIT %s) RETURNING entry_id)"
            " SELECT taken.entry_id, entry.leaf, entry.mac FROM taken LEFT JOIN ledger_entry entry USING (entry_id)"
            " ORDER BY taken.entry_id",
            [SEAL_BATCH],
        )
        return [(row[0], row[1], bytes(row[2] or b"")) for row in cursor.fetchall()]


def _frontier() -> merkle.Frontier:
    head = SignedCheckpoint.objects.order_by("-size").first()
    last = SealedLeaf.objects.order_by("-index").values_list("index", flat=True).first()
    size = head.size if head else 0
    if size != (0 if last is None else last + 1):
        raise Conflict("ledger-broken", reason="checkpoint-size")
    if head is None:
        return merkle.Frontier()
    peaks = bytes(head.peaks)
    frontier = merkle.Frontier(size, tuple(peaks[at : at + 32] for at in range(0, len(peaks), 32)))
    opened = note.open_note(head.note, note.verifier_key(public_key()))
    if opened is None or opened.size != size or frontier.root() != opened.root:
        raise Conflict("ledger-broken", reason="checkpoint-root")
    return frontier


def _sealable(folder: Path, entry_id: UUID, text: str | None, mac: bytes) -> bytes:
    if text is None or not secrets.compare_digest(mac, keys.mac(folder, text.encode())):
        raise Conflict("ledger-broken", reason="entry-mac", entry=str(entry_id))
    return merkle.leaf_hash(text.encode())


def _write_leaves(ids: list[UUID], hashes: list[bytes], *, first: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_leaf (index, entry_id, leaf_hash)"
            " SELECT %s + place - 1, entry_id, leaf_hash"
            " FROM unnest(%s::uuid[], %s::bytea[]) WITH ORDINALITY AS new (entry_id, leaf_hash, place) ORDER BY place",
            [first, ids, hashes],
        )


def _remember(folder: Path, text: str) -> None:
    """Keep the newest head beside the keys. A read-only folder must not undo a seal that has committed."""
    from iindustry.ledger.export import write_whole

    with suppress(OSError):
        write_whole(folder / _SEEN_FILE, text)
        (folder / _SEEN_FILE).chmod(0o600)  # nothing among the keys is open to others, public or not


def _stored_leaves() -> Iterator[audit.StoredLeaf]:
    """Every leaf with its entry, in order, a thousand at a time."""
    after = -1
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_LEAVES, [after])
            rows = cursor.fetchall()
            for index, entry_id, hashed, *rest in rows:
                entry = _stored(entry_id, rest) if rest[0] is not None else None
                yield audit.StoredLeaf(index, entry_id, bytes(hashed), entry)
            if not rows:
                return
            after = rows[-1][0]


_LEAVES = """
SELECT leaf.index, leaf.entry_id, leaf.leaf_hash, entry.kind, entry.at, entry.subject_tag, entry.actor_tag, entry.leaf, entry.mac
FROM ledger_leaf leaf LEFT JOIN ledger_entry entry USING (entry_id)
WHERE leaf.index > %s ORDER BY leaf.index LIMIT 5000
"""


def _stored_waiting() -> list[audit.StoredEntry]:
    rows = LedgerEntry.objects.filter(entry_id__in=UnsealedEntry.objects.values("entry_id")).order_by("entry_id")
    columns = ("entry_id", "kind", "at", "subject_tag", "actor_tag", "leaf", "mac")
    return [_stored(row[0], row[1:]) for row in rows.values_list(*columns)]


def _stored(entry_id: UUID, columns: Sequence[Any]) -> audit.StoredEntry:
    kind, at, subject_tag, actor_tag, text, mac = columns
    return audit.StoredEntry(entry_id, kind, leaf.instant(at), subject_tag, actor_tag, text, bytes(mac))


# Entries that are in neither place, in both, or named by the queue alone.
_QUEUE = """
SELECT 'entry-lost', entry_id FROM ledger_entry entry
  WHERE NOT EXISTS (SELECT 1 FROM ledger_leaf WHERE entry_id = entry.entry_id)
    AND NOT EXISTS (SELECT 1 FROM ledger_unsealed WHERE entry_id = entry.entry_id)
UNION ALL
SELECT 'queue-sealed', entry_id FROM ledger_unsealed JOIN ledger_leaf USING (entry_id)
UNION ALL
SELECT 'queue-stray', entry_id FROM ledger_unsealed queue
  WHERE NOT EXISTS (SELECT 1 FROM ledger_entry WHERE entry_id = queue.entry_id)
ORDER BY 1, 2 LIMIT 1000
"""


def _queue_faults() -> list[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE)
        return [Fault(code, str(entry_id)) for code, entry_id in cursor.fetchall()]


def _entries(rows: list[LedgerEntry]) -> list[Entry]:
    found = SealedLeaf.objects.filter(entry_id__in=[row.entry_id for row in rows]).order_by("index")
    places = dict(found.values_list("entry_id", "index"))
    return [_entry(row, places.get(row.entry_id)) for row in rows]


def _entry(row: LedgerEntry, index: int | None) -> Entry:
    said = json.loads(row.leaf)
    hashed = _b64(merkle.leaf_hash(row.leaf.encode()))
    return Entry(row.entry_id, row.kind, row.at, said.get("actor_role", ""), said, hashed, index)


def _checkpoint(row: SignedCheckpoint) -> Checkpoint:
    return Checkpoint(row.size, _b64(bytes(row.root)), row.note, row.at)


def _line(file: TextIO, value: dict[str, Any]) -> None:
    file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
