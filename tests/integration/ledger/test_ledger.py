"""The log on a real database: written with the act, sealed once, proved, and every tampering found."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.errors import Conflict, NotFound
from iindustry.kernel.home import Home
from iindustry.kernel.ids import new_id
from iindustry.ledger import grants, proof
from iindustry.ledger import services as ledger
from iindustry.ledger.models import LedgerEntry, SealedLeaf, SignedCheckpoint, UnsealedEntry


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.HOME = Home(tmp_path)


def write(count, clock, *, subject="ENT-1", kind="test.did"):
    with transaction.atomic():
        return [ledger.append(kind, actor=SYSTEM, at=clock.now(), subject=subject, n=n) for n in range(count)]


def seal_all(clock):
    while ledger.seal(clock=clock):
        pass


def codes(report):
    return {fault.code for fault in report.faults}


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written(clock):
    with pytest.raises(RuntimeError, match="transaction"):
        ledger.append("test.did", actor=SYSTEM, at=clock.now())
    assert LedgerEntry.objects.count() == 0


@pytest.mark.django_db
def test_an_act_that_fails_leaves_no_entry(clock):
    def fails():
        with transaction.atomic():
            ledger.append("test.did", actor=SYSTEM, at=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert (LedgerEntry.objects.count(), ledger.unsealed_count()) == (0, 0)


@pytest.mark.django_db
def test_entries_are_sealed_in_order_and_each_has_its_proof(clock):
    assert ledger.seal(clock=clock) is None
    refs = write(3, clock)
    with pytest.raises(Conflict, match="receipt-not-sealed"):
        ledger.receipt(refs[0].entry_id)
    first = ledger.seal(clock=clock)
    refs += write(4, clock)
    second = ledger.seal(clock=clock)
    assert (first.size, second.size, ledger.unsealed_count()) == (3, 7, 0)
    for ref in refs:
        report = proof.verify_receipt(ledger.receipt(ref.entry_id), ledger.public_key())
        assert report.ok
        assert report.leaf["entry_id"] == str(ref.entry_id)
    assert ledger.verify(known=(first.note, second.note)).ok
    with pytest.raises(NotFound, match="entry-unknown"):
        ledger.receipt(new_id())


@pytest.mark.django_db
def test_entries_are_found_by_subject_and_kind_and_name_nobody(clock):
    malee = Actor(Role.OWNER, person_id="malee")
    with transaction.atomic():
        ledger.append("consent.changed", actor=malee, at=clock.now(), subject="ENT-1")
        ledger.append("test.did", actor=SYSTEM, at=clock.now(), subject="ENT-2")
    assert [one.kind for one in ledger.list_entries(subject="ENT-1", limit=10)] == ["consent.changed"]
    assert [one.kind for one in ledger.list_entries(kind="test.did", limit=10)] == ["test.did"]
    assert ledger.list_kinds() == ["consent.changed", "test.did"]
    page = ledger.list_entries(limit=1)
    assert len(ledger.list_entries(before=page[0].entry_id, limit=10)) == 1
    assert not any("malee" in row.leaf or "ENT-" in row.leaf for row in LedgerEntry.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("model", [LedgerEntry, SealedLeaf, SignedCheckpoint])
def test_the_database_refuses_change_and_deletion(clock, model):
    write(2, clock)
    ledger.seal(clock=clock)
    for change in (
        lambda: model.objects.all().delete(),
        lambda: (
            model.objects.update(entry_id=new_id()) if model is not SignedCheckpoint else model.objects.update(note="x")
        ),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "may_seal"), [("ii_app", False), ("ii_worker", True)])
def test_roles_may_add_and_nothing_else(role, may_seal):
    with connection.cursor() as cursor:
        cursor.execute(grants.sql())
        for table in grants.RIGHTS[role]:
            cursor.execute(
                "SELECT has_table_privilege(%s, %s, 'UPDATE'), has_table_privilege(%s, %s, 'TRUNCATE')",
                [role, table] * 2,
            )
            assert cursor.fetchone() == (False, False), table
            cursor.execute("SELECT has_table_privilege(%s, %s, 'DELETE')", [role, table])
            assert cursor.fetchone()[0] == (may_seal and table == "ledger_unsealed"), table
        cursor.execute(
            "SELECT has_table_privilege(%s, 'ledger_leaf', 'INSERT'), has_table_privilege(%s, 'ledger_entry', 'INSERT')",
            [role, role],
        )
        assert cursor.fetchone() == (may_seal, True)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_held_open_across_a_seal_lands_in_the_next(clock):
    ready, release, late = threading.Event(), threading.Event(), []

    def slow():
        try:
            with transaction.atomic():
                late.append(ledger.append("test.late", actor=SYSTEM, at=clock.now()).entry_id)
                ready.set()
                release.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert ready.wait(20)
    write(3, clock)
    assert ledger.seal(clock=clock).size == 3
    release.set()
    thread.join()
    assert ledger.seal(clock=clock).size == 4
    assert SealedLeaf.objects.get(index=3).entry_id == late[0]
    assert ledger.verify(known=ledger.known_heads()).ok


@pytest.mark.django_db(transaction=True)
def test_sealers_at_the_same_time_give_each_entry_one_place(clock):
    write(200, clock)

    def one():
        try:
            seal_all(clock)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(SealedLeaf.objects.order_by("index").values_list("index", flat=True)) == list(range(200))
    assert ledger.verify().ok


@pytest.mark.django_db
def test_ten_thousand_at_once(clock):
    write(10_000, clock)
    assert ledger.seal(clock=clock).size == 10_000
    assert ledger.verify().ok


# What an administrator of the database could do, and the fault that must be found.
# ruff: noqa: ISC004
TAMPERINGS = {
    "one sign of an entry": (
        "UPDATE ledger_entry SET leaf = replace(leaf, '\"n\":2', '\"n\":3') WHERE leaf LIKE '%%\"n\":2%%'",
        {"entry-changed", "checkpoint-root", "entry-mac"},
    ),
    "entry and its leaf hash": (
        "UPDATE ledger_entry SET leaf = replace(leaf, '\"n\":2', '\"n\":3') WHERE leaf LIKE '%%\"n\":2%%';"
        " UPDATE ledger_leaf l SET leaf_hash = sha256('\\x00'::bytea || convert_to(e.leaf, 'UTF8')) FROM ledger_entry e WHERE e.entry_id = l.entry_id",
        {"checkpoint-root", "entry-mac"},
    ),
    "a column beside the leaf": (
        "UPDATE ledger_entry SET kind = 'test.other' WHERE leaf LIKE '%%\"n\":2%%'",
        {"entry-columns"},
    ),
    "back-dated": (
        "UPDATE ledger_entry SET at = at - interval '1 day' WHERE leaf LIKE '%%\"n\":2%%'",
        {"entry-columns"},
    ),
    "an entry deleted": (
        "DELETE FROM ledger_entry WHERE leaf LIKE '%%\"n\":2%%'",
        {"entry-missing", "checkpoint-root"},
    ),
    "entry and leaf deleted": (
        "DELETE FROM ledger_leaf WHERE index = 2; DELETE FROM ledger_entry WHERE leaf LIKE '%%\"n\":2%%'",
        {"leaf-gap", "checkpoint-root", "checkpoint-size"},
    ),
    "leaf deleted, entry kept": ("DELETE FROM ledger_leaf WHERE index = 2", {"entry-lost", "leaf-gap"}),
    "two leaves swapped": (
        "UPDATE ledger_leaf SET index = index + 100 WHERE index IN (1, 2); UPDATE ledger_leaf SET index = 203 - index - 100 + 0 WHERE index IN (101, 102)",
        {"checkpoint-root"},
    ),
    "doubled": (
        "ALTER TABLE ledger_leaf DROP CONSTRAINT ledger_leaf_entry_id_key; INSERT INTO ledger_leaf SELECT 8, entry_id, leaf_hash FROM ledger_leaf WHERE index = 2",
        {"leaf-doubled", "checkpoint-missing"},
    ),
    "inserted": (
        "INSERT INTO ledger_leaf SELECT 8, gen_random_uuid(), leaf_hash FROM ledger_leaf WHERE index = 2",
        {"entry-missing", "checkpoint-missing"},
    ),
    "cut short": ("DELETE FROM ledger_leaf WHERE index >= 5", {"checkpoint-size", "entry-lost"}),
    "rolled back to an older head": (
        "DELETE FROM ledger_entry e USING ledger_leaf l WHERE l.entry_id = e.entry_id AND l.index >= 5; DELETE FROM ledger_leaf WHERE index >= 5; DELETE FROM ledger_checkpoint WHERE size > 5",
        {"head-older"},
    ),
    "everything gone": (
        "DELETE FROM ledger_entry; DELETE FROM ledger_leaf; DELETE FROM ledger_checkpoint",
        {"head-older"},
    ),
    "a checkpoint's root": (
        "UPDATE ledger_checkpoint SET note = replace(note, E'\\n8\\n', E'\\n7\\n') WHERE size = 8",
        {"checkpoint-signature"},
    ),
    "a waiting entry": (
        "UPDATE ledger_entry SET leaf = replace(leaf, 'test.wait', 'test.what'), kind = 'test.what' WHERE kind = 'test.wait'",
        {"entry-mac"},
    ),
    "a waiting entry taken off the queue": ("DELETE FROM ledger_unsealed", {"entry-lost"}),
    "a sealed entry queued again": (
        "INSERT INTO ledger_unsealed SELECT entry_id FROM ledger_leaf WHERE index = 0",
        {"queue-sealed"},
    ),
    "a stranger in the queue": ("INSERT INTO ledger_unsealed SELECT gen_random_uuid()", {"queue-stray"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found(clock, what):
    write(5, clock)
    ledger.seal(clock=clock)
    write(3, clock)
    seen = ledger.seal(clock=clock).note
    write(1, clock, kind="test.wait")
    assert ledger.verify(known=(seen,)).ok
    sql, expected = TAMPERINGS[what]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("ledger_entry", "ledger_leaf", "ledger_checkpoint", "ledger_unsealed"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in sql.split("; "):
            cursor.execute(statement.replace("%%", "%"))
    report = ledger.verify(known=(seen,))
    assert not report.ok
    assert expected <= codes(report), report.faults


@pytest.mark.django_db
def test_nothing_is_sealed_over_a_fault(clock):
    write(2, clock)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET leaf = replace(leaf, '\"n\":1', '\"n\":7')")
    with pytest.raises(Conflict, match="ledger-broken"):
        ledger.seal(clock=clock)
    assert (SealedLeaf.objects.count(), UnsealedEntry.objects.count()) == (0, 2)


@pytest.mark.django_db
def test_a_fork_signed_by_the_same_key_is_found_by_who_saw_the_other(clock):
    write(3, clock)
    seen = ledger.seal(clock=clock).note
    with connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_leaf", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables
    write(4, clock)
    ledger.seal(clock=clock)
    assert ledger.verify().ok
    assert codes(ledger.verify(known=(seen,))) == {"head-forked"}
    assert codes(ledger.verify(known=("not a note",))) == {"head-unknown"}


@pytest.mark.django_db
def test_an_export_verifies_offline_and_shows_changes(clock, tmp_path):
    write(9, clock)
    head = ledger.seal(clock=clock)
    path = tmp_path / "log.ndjson"
    assert ledger.export(path) == 9
    report = ledger.verify_file(path, public_key=ledger.public_key(), known=(head.note,))
    assert (report.ok, report.leaves, report.checkpoints) == (True, 9, 1)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    cases = {
        "a line gone": (lines[:3] + lines[4:], "leaf-gap"),
        "two swapped": ([lines[0], lines[2], lines[1], *lines[3:]], "leaf-gap"),
        "cut": (lines[:5] + lines[-1:], "checkpoint-size"),
        "nonsense": ([*lines, "{}\n"], "export-line"),
        "changed": ([line.replace('\\"n\\":4', '\\"n\\":5') for line in lines], "entry-changed"),
    }
    for name, (changed, code) in cases.items():
        path.write_text("".join(changed), encoding="utf-8")
        report = ledger.verify_file(path, public_key=ledger.public_key())
        assert code in codes(report), name


@pytest.mark.django_db
def test_a_check_is_noted(clock):
    assert ledger.last_check() is None
    write(2, clock)
    ledger.seal(clock=clock)
    assert ledger.check(clock=clock).ok
    last = ledger.last_check()
    assert (last.at, last.size, last.fault_count) == (clock.now(), 2, 0)
