"""What must hold after every case, whatever was killed (ASSURANCE section 2): one function for all harnesses.

Every fault found is a sentence. Nothing is repaired here.
"""

from __future__ import annotations

import json
from collections import Counter

from iindustry.kernel.home import current_version
from iindustry.ledger import services as ledger


def check_invariants(world) -> list[str]:
    """Every fault in the world as it stands: ledger, consents, disclosures, deliveries, register, applications."""
    found = [*_ledger(), *_protection(), *_deliveries(world.home), *_register(world.home), *_applications()]
    return [*found, *_outbox()]


def _ledger():
    report = ledger.verify(known=ledger.known_heads())
    yield from (f"ledger: {fault.code} at {fault.where}" for fault in report.faults)


def _facts(kind):
    from iindustry.ledger.models import LedgerEntry

    rows = LedgerEntry.objects.filter(kind=kind).order_by("entry_id")
    return {str(row.entry_id): json.loads(row.leaf) for row in rows}


def _protection():
    from iindustry.protection.models import ConsentState, ConsentVersion, Disclosure

    entries, versions = _facts("consent.changed"), list(ConsentVersion.objects.order_by("consent_id", "version"))
    if {str(one.entry_id) for one in versions} != set(entries):
        yield "consents: versions and ledger entries are not one to one"
    if any(entries.get(str(one.entry_id), {}).get("document_digest") != one.sha256 for one in versions):
        yield "consents: a version is not what its ledger entry says"
    numbers: dict[object, list[int]] = {}
    for one in versions:
        numbers.setdefault(one.consent_id, []).append(one.version)
    for state in ConsentState.objects.order_by("consent_id"):
        if numbers.get(state.consent_id) != list(range(1, state.version + 1)):
            yield f"consent {state.consent_id}: versions have a gap, or the state is behind"
    looks = Counter(Disclosure.objects.order_by("entry_id").values_list("consent_id", flat=True))
    answers = {entry: leaf for entry, leaf in _facts("exchange.answer").items() if "fields_hash" in leaf}
    if {str(one) for one in Disclosure.objects.order_by("entry_id").values_list("entry_id", flat=True)} != set(answers):
        yield "disclosures: rows and ledger entries are not one to one"
    uses = dict(ConsentState.objects.order_by("consent_id").values_list("consent_id", "uses"))
    for one in sorted(uses.keys() | looks.keys() - {None}):
        if uses.get(one, 0) != looks[one]:
            yield f"consent {one}: {uses.get(one, 0)} uses for {looks[one]} looks"


def _deliveries(home):
    import polars as pl

    from iindustry.sources.models import Delivery, HeldRow

    rows = list(Delivery.objects.order_by("id"))
    entries = _facts("delivery.received")
    if {str(one.ledger_entry_id) for one in rows} != set(entries):
        yield "deliveries: rows and ledger entries are not one to one"
    for row in rows:
        folder = home.landing / row.source / row.id
        missing = [
            name
            for name in ("original", "manifest.json", "accepted.parquet", "quarantined.parquet")
            if not (folder / name).exists()
        ]
        if missing:
            yield f"delivery {row.id}: {missing} not in its folder"
            continue
        if row.row_count != row.accepted_count + row.quarantined_count:
            yield f"delivery {row.id}: rows in are not accepted plus quarantined"
        if pl.scan_parquet(folder / "accepted.parquet").select(pl.len()).collect().item() != row.accepted_count:
            yield f"delivery {row.id}: accepted rows in the file and in the report differ"
        if HeldRow.objects.filter(delivery=row).count() != row.quarantined_count:
            yield f"delivery {row.id}: rows set aside and the report differ"


def _register(home):
    import polars as pl

    from iindustry.register.models import Enterprise, Member, Version

    current = list(Version.objects.filter(is_current=True).order_by("version"))
    if not Version.objects.exists():
        return
    if len(current) != 1:
        yield f"register: {len(current)} current versions"
        return
    row, named = current[0], current_version(home)
    # Between the commit and the renaming of CURRENT the lake is one version behind; `settle` brings it up.
    for version in {row.version, named} - {None}:
        folder = home.register / version
        if any(
            not (folder / f"{name}.parquet").exists() for name in ("enterprises", "establishments", "members", "values")
        ):
            yield f"register: version {version} is not whole"
            return
    members = pl.read_parquet(home.register / row.version / "members.parquet", columns=["source", "record_key"])
    if (Member.objects.count(), members.height) != (row.record_count, row.record_count):
        yield "register: serving members, file and version row differ"
    if Enterprise.objects.count() != row.enterprise_count:
        yield "register: serving enterprises and version row differ"
    if row.version not in {one["version"] for one in _facts("register.published").values()}:
        yield "register: the version in force has no ledger entry"


def _applications():
    from iindustry.funding.models import ApplicationRow, DecisionRow, EventRow
    from iindustry.ledger.models import LedgerEntry
    from iindustry.protection.models import ConsentState

    of_ledger: Counter[str] = Counter()
    for leaf in (
        LedgerEntry.objects.filter(kind__startswith="application.").order_by("entry_id").values_list("leaf", flat=True)
    ):
        of_ledger[json.loads(leaf)["application"]] += 1
    for row in ApplicationRow.objects.order_by("id"):
        events = list(EventRow.objects.filter(application=row).order_by("sequence"))
        if [one.sequence for one in events] != list(range(1, len(events) + 1)):
            yield f"application {row.reference}: events have a gap"
        if not events or events[-1].status != row.status:
            yield f"application {row.reference}: its status is not that of its last event"
        if of_ledger[str(row.id)] != len(events):
            yield f"application {row.reference}: {of_ledger[str(row.id)]} ledger entries for {len(events)} events"
        decided = DecisionRow.objects.filter(application=row).count()
        if decided != int(row.status in {"approved", "declined", "contracted", "disbursed"}):
            yield f"application {row.reference}: {decided} decisions at status {row.status}"
        if (
            row.consent_id
            and not ConsentState.objects.filter(consent_id=row.consent_id, application_id=row.id).exists()
        ):
            yield f"application {row.reference}: its consent is not there"


def _outbox():
    from iindustry.exchange.models import Outbox

    told = Counter(
        (row.kind, row.subject, json.dumps(row.facts, sort_keys=True)) for row in Outbox.objects.order_by("id")
    )
    yield from (
        f"outbox: {kind} of {subject} is told {count} times" for (kind, subject, _), count in told.items() if count > 1
    )
