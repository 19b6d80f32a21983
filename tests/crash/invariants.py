"""What must hold after every case, whatever was killed (ASSURANCE section 2): one function for all harnesses.

Every fault found is a sentence. Nothing is repaired here.
"""

from __future__ import annotations

import json
from collections import Counter

from iindustry.kernel.home import current_version
from iindustry.ledger import services as ledger


def check_invariants(world) -> list[str]:
    """Every fault in the world as it stands: ledger, consents, deliveries, register and its past, stewardship, applications."""
    found = [*_ledger(), *_protection(), *_deliveries(world.home), *_register(world.home), *_applications()]
    return [*found, *_outbox(), *_stewardship(), *_served(world.home), *_past()]


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


def _stewardship():
    yield from _judgements()
    yield from _acts()
    yield from _redirects()


def _judgements():
    from iindustry.linkage.models import Judgement

    said = [leaf["judgement"] for leaf in _facts("pair.judged").values()]
    if sorted(said) != sorted(str(one) for one in Judgement.objects.values_list("judgement_id", flat=True)):
        yield "judgements: rows and ledger entries are not one to one"
    gone = Judgement.objects.exclude(withdrawn_at=None).values_list("judgement_id", flat=True)
    if not {leaf["judgement"] for leaf in _facts("judgement.withdrawn").values()} <= {str(one) for one in gone}:
        yield "judgements: one that was withdrawn stands"


def _acts():
    from iindustry.linkage.models import LinkAct
    from iindustry.register.models import Version

    told = Counter((leaf["act"], leaf["what"].split(".")[1]) for leaf in _facts("steward.acted").values())
    acts = list(LinkAct.objects.order_by("act_id"))
    if {act for act, _ in told} != {str(one.act_id) for one in acts}:
        yield "acts: rows and ledger entries are not one to one"
    for act in acts:
        was_done = bool(act.version)
        if (told[str(act.act_id), "asked"], told[str(act.act_id), "done"]) != (1, int(was_done)):
            yield f"act {act.act_id}: its ledger entries are not those of {act.status}"
        if was_done and not Version.objects.filter(version=act.version).exists():
            yield f"act {act.act_id}: its version was never published"
        if not act.records.exists():
            yield f"act {act.act_id}: it names no record"


def _redirects():
    from iindustry.linkage.models import LinkKey, LinkModel, Redirect
    from iindustry.register.models import Enterprise, Version

    living = set(Enterprise.objects.values_list("enterprise_id", flat=True))
    redirects = dict(Redirect.objects.values_list("old_id", "new_id"))
    if redirects.keys() & set(redirects.values()):
        yield "redirects: one takes two hops"
    if not set(redirects.values()) <= living or redirects.keys() & living:
        yield "redirects: one leads nowhere, or away from an enterprise that lives"
    # The rows of look-ups follow a run: until then they are those of the version before.
    made_for = LinkModel.objects.values_list("version", flat=True).first()
    if Version.objects.filter(version=made_for, is_current=True).exists():
        keys = set(LinkKey.objects.values_list("enterprise_id", flat=True))
        if not keys <= living:
            yield "look-up: a key belongs to an enterprise that is not there"


def _served(home):
    """The serving copy holds the rows of the version in force, record by record and enterprise by enterprise."""
    import polars as pl

    from iindustry.register.models import Enterprise, Member, Version

    row = Version.objects.filter(is_current=True).first()
    if row is None:
        return
    folder = home.register / row.version
    for model, name, columns in (
        (
            Member,
            "members",
            ("source", "record_key", "enterprise_id", "establishment_id", "link_ground", "match_probability"),
        ),
        (Enterprise, "enterprises", ("enterprise_id", "juristic_id", "name_th", "province_code")),
    ):
        there = set(pl.read_parquet(folder / f"{name}.parquet", columns=list(columns)).select(columns).iter_rows())
        if set(model.objects.values_list(*columns)) != there:
            yield f"register: {name} served are not those of the version in force"


def _past():
    """Every row that stood did so for one stretch of publications, and no two of one key at once."""
    from django.db import connection

    from iindustry.register.models import Publication, Version

    numbers = list(Publication.objects.order_by("number").values_list("number", "version"))
    if [number for number, _ in numbers] != list(range(1, len(numbers) + 1)):
        yield "history: publications have a gap"
    current = Version.objects.filter(is_current=True).values_list("version", flat=True).first()
    if numbers and numbers[-1][1] != current:
        yield "history: the last publication is not the version in force"
    if len(numbers) != len(_facts("register.published")):
        yield "history: publications and ledger entries are not one to one"
    with connection.cursor() as cursor:
        for name, key in _KEYS_OF_THE_PAST.items():
            cursor.execute(_OVERLAPS.format(name=name, key=key), {"last": len(numbers)})
            (count,) = cursor.fetchone()
            if count:
                yield f"history: {count} rows of {name} stood at once, or at no time"


_KEYS_OF_THE_PAST = {"enterprise": "enterprise_id", "establishment": "establishment_id", "member": "source, record_key"}
_OVERLAPS = """WITH stood AS (
    SELECT {key}, since, until FROM register_past{name} UNION ALL SELECT {key}, since, NULL FROM register_{name}
), told AS (SELECT *, lead(since) OVER (PARTITION BY {key} ORDER BY since, until NULLS LAST) AS following FROM stood)
SELECT count(*) FROM told WHERE since > %(last)s OR until > %(last)s OR until <= since OR following < coalesce(until, following + 1)"""
