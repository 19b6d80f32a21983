"""Files on their way in: taken over whole or as a stream, looked at, and delivered at once or by a job.

A file that waits lies in `.incoming/<id>/` with `.incoming/<id>.json` beside it, which says whose it is and outlives the
folder's renaming: a job that was killed at any point is begun again from it. What nobody comes back for is swept away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from iindustry.kernel.errors import NotFound, Rejected
from iindustry.kernel.progress import Progress, silent
from iindustry.sources import landing, mappings, periods, permissions, scopes
from iindustry.sources.containers import MEBIBYTE, MOST_TEXT
from iindustry.sources.contracts import contract_of
from iindustry.sources.models import Delivery, KnownMapping
from iindustry.sources.services import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.sources.contracts import Contract
    from iindustry.sources.reports import DeliveryReport
    from iindustry.sources.suggesting import MappingDraft

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """A file that waits, as it would be read.

    `layout` is None where its headings are no layout's and no mapping is known, or where the mapping that is known says a period for
    every row, which was last time's.
    `remembered`: the mapping was confirmed by this organisation before. `mapping.sample` are the first rows as understood.
    """

    incoming_id: str
    source: str
    filename: str
    period: str | None
    layout: str | None
    remembered: bool
    mapping: MappingDraft
    size_bytes: int

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings of the file that nothing is read from."""
        return self.mapping.unknown

    @property
    def sample(self) -> tuple[dict[str, str | None], ...]:
        """The first rows as understood, by our column names."""
        return self.mapping.sample


def deliver(
    file: Path,
    *,
    source: str,
    filename: str,
    period: str | None = None,
    scope: str | None = None,
    layout: str | None = None,
    mapping: Document | None = None,
    actor: Actor,
    home: Home,
    clock: Clock,
    progress: Progress = silent,
) -> DeliveryReport:
    """Take one file of a register: land it, read it by its contract, accept or set aside each row.

    `mapping` is a mapping's document (as its YAML holds it); where it is accepted it is remembered for the organisation.
    Raises NotFound `source-unknown`; Denied `source-not-yours`; Rejected with the codes of `words/sources.yaml` where the
    file as a whole cannot be read; `constant-again` where only a mapping with last time's period is remembered. The same bytes again give the first report with `duplicate` true.
    """
    contract = contract_of(source)
    permissions.check_deliver(actor, contract)
    said = periods.normalised(period)
    confirmed = mappings.parsed(mapping, contract) if mapping is not None else None
    progress("deliver.receive")
    incoming = landing.take_in(file, home=home)
    try:
        return _taken(
            incoming, contract, filename=filename, period=said, scope=scope, layout=layout, mapping=confirmed,
            actor=actor, home=home, clock=clock, progress=progress,
        )  # fmt: skip
    finally:
        landing.discard(incoming)


def receive(
    pieces: Iterable[bytes],
    *,
    filename: str,
    source: str,
    period: str | None = None,
    scope: str | None = None,
    actor: Actor,
    home: Home,
    clock: Clock,
) -> str:
    """Keep a file that comes in pieces until it is delivered or forgotten: its incoming id.

    Raises as `deliver` does before it reads; Rejected `file-too-large` while it streams, `file-empty`.
    """
    contract = contract_of(source)
    permissions.check_deliver(actor, contract)
    said = periods.normalised(period)
    if scope:
        scopes.checked(scope)
    incoming = landing.take_pieces(pieces, home=home, most=MOST_TEXT)
    if incoming is None:
        raise Rejected("file-too-large", most_mib=MOST_TEXT // MEBIBYTE)
    if incoming.original.stat().st_size == 0:
        landing.discard(incoming)
        raise Rejected("file-empty")
    landing.write_ticket(
        incoming,
        {"source": source, "filename": filename[:200], "period": said, "scope": scope, "sha256": incoming.sha256,
         "organisation": actor.organisation, "person": actor.tag, "received_at": clock.now().isoformat()},
    )  # fmt: skip
    return incoming.folder.name


def look_at(
    incoming_id: str, *, mapping: Document | None = None, actor: Actor, home: Home, clock: Clock
) -> Look:  # fmt: skip
    """How a waiting file would be read, with a mapping that is tried or by itself.

    NotFound `incoming-unknown`; Rejected as `deliver` for what is no table, or where the mapping does not fit the file.
    """
    incoming, ticket = _waiting(incoming_id, actor, home)
    contract = contract_of(ticket["source"])
    tried = mappings.parsed(mapping, contract) if mapping is not None else None
    layout, is_remembered, draft = _drafted(
        incoming.original, ticket["filename"], contract, actor=actor, clock=clock, tried=tried
    )
    size = incoming.original.stat().st_size
    return Look(incoming_id, contract.key, ticket["filename"], ticket["period"], layout, is_remembered, draft, size)


def suggest_mapping(file: Path, *, source: str, filename: str, actor: Actor, clock: Clock) -> MappingDraft:
    """A draft of a mapping for a file, whether its headings are known or not. Rejected for what is no table."""
    return _drafted(file, filename, contract_of(source), actor=actor, clock=clock)[2]


def mapping_of(text: str, *, source: str) -> Document:
    """A mapping file's document, checked. Rejected `mapping-unreadable`, `column-unknown`; NotFound `source-unknown`."""
    return mappings.from_yaml(text, contract_of(source)).document()


def deliver_incoming(
    incoming_id: str,
    *,
    mapping: Document | None = None,
    actor: Actor,
    home: Home,
    clock: Clock,
    progress: Progress = silent,
) -> DeliveryReport:
    """Deliver a file that waits; it waits on where it is refused, so that another mapping may be tried.

    Raises as `deliver`; NotFound `incoming-unknown`.
    """
    incoming, ticket = _waiting(incoming_id, actor, home)
    contract = contract_of(ticket["source"])
    permissions.check_deliver(actor, contract)
    confirmed = mappings.parsed(mapping, contract) if mapping is not None else None
    own = landing.apart(incoming, home=home)
    if own is None:
        raise NotFound("incoming-unknown")
    try:
        report = _taken(
            own, contract, filename=ticket["filename"], period=ticket["period"], scope=ticket["scope"], layout=None,
            mapping=confirmed, actor=actor, home=home, clock=clock, progress=progress,
        )  # fmt: skip
    finally:
        landing.discard(own)
    landing.discard(incoming)
    return report


def forget_incoming(incoming_id: str, *, actor: Actor, home: Home) -> None:
    """Throw a waiting file away. NotFound `incoming-unknown`."""
    landing.discard(_waiting(incoming_id, actor, home)[0])


def sweep(*, home: Home, clock: Clock) -> int:
    """Take away what killed processes left under `.incoming`, and files that nobody came back for; how many."""
    return landing.sweep(home=home, now=clock.now())


def _taken(
    incoming: landing.Incoming, contract: Contract, *, filename: str, period: str | None, scope: str | None,
    layout: str | None, mapping: mappings.Mapping | None, actor: Actor, home: Home, clock: Clock, progress: Progress,
) -> DeliveryReport:  # fmt: skip
    known = Delivery.objects.filter(source=contract.key, sha256=incoming.sha256).first()
    if known is not None:
        return store.report_of(known, duplicate=True)
    from iindustry.sources import taking

    progress("deliver.read")
    taken = taking.take(
        incoming.original, filename, contract, folder=incoming.folder, today=clock.today(), tag=store.person_tag,
        seal=store.sealed_names, only=layout, mapping=mapping, remembered=_trusted(contract, actor), progress=progress,
    )  # fmt: skip
    row = store.row_of(
        contract, taken.layout, incoming, accepted=taken.accepted, held=taken.quarantined, filename=filename,
        encoding=taken.encoding, period=period, scope=scopes.of(taken.layout, taken.common_scope, said=scope),
        findings=taken.counts, actor=actor, clock=clock, mapping=taken.mapping,
    )  # fmt: skip
    progress("deliver.record")
    with transaction.atomic():  # a mapping is remembered with its delivery, or a repeated one would pass it by
        if mapping is not None:
            _remember(mapping, taken.headings, contract, actor=actor, clock=clock)
        return store.record(row, incoming, held_back=taken.held_back, examples=taken.examples, actor=actor, home=home)


def _drafted(
    file: Path,
    filename: str,
    contract: Contract,
    *,
    actor: Actor,
    clock: Clock,
    tried: mappings.Mapping | None = None,
) -> tuple[str | None, bool, MappingDraft]:
    """Layout, whether a mapping was remembered, and the draft; by the mapping that is tried, where one is."""
    from iindustry.sources import headings, raw, suggesting

    with raw.as_text(file, filename) as text:
        today = clock.today()
        if tried is not None:
            match = tried.match(text.first, contract)
            return match.layout.name, False, suggesting.known(text.head, contract, match, mapping=tried, today=today)
        try:
            match = headings.find(text.first, contract)
        except Rejected:
            remembered = _memory(contract, actor)(text.first)
        else:
            return match.layout.name, False, suggesting.known(text.head, contract, match, today=today)
        if remembered is not None:
            match = remembered.match(text.first, contract)
            drafted = suggesting.known(text.head, contract, match, mapping=remembered, today=today)
            asks = any(one.is_of_one_file for one in remembered.constants(contract))
            return None if asks else match.layout.name, True, drafted
        return None, False, suggesting.draft(text.head, contract, today=today)


def _owner(contract: Contract, actor: Actor) -> str:
    return actor.organisation or contract.agency


def _memory(contract: Contract, actor: Actor) -> Any:
    """What looks up the mapping that the organisation confirmed for one of these heading rows."""
    from iindustry.sources import headings

    def remembered(rows: Sequence[Sequence[str]]) -> mappings.Mapping | None:
        keys = [headings.fingerprint(row) for row in rows[: headings.LOOK_AT_ROWS]]
        found = KnownMapping.objects.filter(
            organisation=_owner(contract, actor), source=contract.key, headings__in=keys
        ).first()
        try:
            return mappings.parsed(found.document, contract) if found else None
        except Rejected:  # the contract has changed since: it is asked again
            return None

    return remembered


def _trusted(contract: Contract, actor: Actor) -> Any:
    """The same, for a file that is read without anybody's look. Rejected `constant-again` where a period of last time stands in it."""
    look_up = _memory(contract, actor)

    def remembered(rows: Sequence[Sequence[str]]) -> mappings.Mapping | None:
        found: mappings.Mapping | None = look_up(rows)
        for one in found.constants(contract) if found else ():
            if one.is_of_one_file:
                raise Rejected("constant-again", column=one.heading, name=one.name, value=one.text)
        return found

    return remembered


def _remember(mapping: mappings.Mapping, headings_key: str, contract: Contract, *, actor: Actor, clock: Clock) -> None:
    KnownMapping.objects.update_or_create(
        organisation=_owner(contract, actor), source=contract.key, headings=headings_key,
        defaults={"document": mapping.document(), "confirmed_at": clock.now(), "confirmed_by": actor.tag},
    )  # fmt: skip


def _waiting(incoming_id: str, actor: Actor, home: Home) -> tuple[landing.Incoming, Mapping[str, Any]]:
    """A waiting file and its ticket; one of another organisation is not there."""
    ticket = landing.read_ticket(incoming_id, home=home)
    if ticket is None or ticket["organisation"] != actor.organisation:
        raise NotFound("incoming-unknown")
    permissions.check_deliver(actor, contract_of(ticket["source"]))
    incoming = landing.waiting(incoming_id, home=home, source=ticket["source"], sha256=ticket["sha256"])
    if incoming is None:
        raise NotFound("incoming-unknown")
    return incoming, ticket
