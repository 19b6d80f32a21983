"""Answers that somebody acted upon: kept with all they rest on, and given again on request.

An application is sent, a grant is made: from then on an auditor may ask why. Invariant: the record, its documents and its
ledger entry stand in the transaction of the act, or none of them does; a document once kept is never changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from iindustry.kernel.errors import NotFound
from iindustry.kernel.ids import new_id
from iindustry.ledger import services as ledger
from iindustry.programmes import published, records
from iindustry.programmes.models import AnswerRecord, RuleDocument
from iindustry.programmes.services.evaluating import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.programmes.published import Bundle
    from iindustry.programmes.records import Recorded
    from iindustry.register.enterprise import Enterprise

AT_ONCE = 500
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer kept: its id, the answer itself and the hash that the ledger holds."""

    record_id: UUID
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class Replay:
    """What giving answers again found. `differing`: records whose bytes are others now, at most `MOST_NAMED` of them.

    `without_path`: records of another meaning of the language, or whose documents are gone: they cannot be given again here.
    """

    asked: int
    same: int
    differing: tuple[UUID, ...]
    without_path: int

    @property
    def is_whole(self) -> bool:
        """Whether every record gave its own bytes again."""
        return self.same == self.asked


def answer_of(
    enterprise: Enterprise, programme_id: str, *, as_of: date, clock: Clock, overlay: Mapping[str, object] | None = None
) -> Recorded:
    """The answer of one programme, by its edition of the day, as it would be kept. Raises NotFound `programme-absent`."""
    facts = facts_of(enterprise, as_of=as_of, overlay=overlay)
    bundle = published.bundle_of(published.find(programme_id, as_of), published.library(as_of))
    return records.answered(bundle, facts, known_at=clock.now().isoformat())


def keep_answer(
    recorded: Recorded,
    *,
    enterprise_id: str,
    purpose: str,
    actor: Actor,
    clock: Clock,
    application_id: UUID | None = None,
) -> Answered:
    """Keep an answer that is acted upon, in the caller's transaction, with its documents and a ledger entry.

    The same answer kept twice is one record. Raises RuntimeError outside a transaction (from the ledger).
    """
    kept = AnswerRecord.objects.filter(sha256=recorded.sha256).first()
    if kept is not None:
        return Answered(kept.id, recorded)
    _keep_documents(recorded, clock)
    row = AnswerRecord.objects.create(
        id=new_id(), enterprise_id=enterprise_id, programme_id=recorded.programme, application_id=application_id,
        actor_tag=actor.tag, at=clock.now(), body=recorded.body, sha256=recorded.sha256,
    )  # fmt: skip
    ledger.append(
        "programme.answered", actor=actor, at=clock.now(), subject=enterprise_id, record=str(row.id),
        sha256=recorded.sha256, bundle=recorded.bundle, programme=recorded.programme,
        eligibility=recorded.eligibility.value, purpose=purpose,
        application=None if application_id is None else str(application_id),
    )  # fmt: skip
    return Answered(row.id, recorded)


class Verdict(StrEnum):
    """What the check of one kept answer found.

    `altered`: its bytes are not those that the ledger holds the hash of; `differs`: they are, and the same question is
    answered otherwise now; `no-path`: of another meaning of the language, or without its documents; `gone`: no such record.
    """

    SAME = "same"
    ALTERED = "altered"
    DIFFERS = "differs"
    NO_PATH = "no-path"
    GONE = "gone"


def check_answer(record_id: UUID, sha256: str) -> Verdict:
    """Check one kept answer against the hash in its ledger entry, then give it again from its own inputs and documents.

    `replay` alone believes the record: who changed its inputs and worked the answer out anew would pass.
    """
    row = AnswerRecord.objects.filter(id=record_id).first()
    if row is None:
        return Verdict.GONE
    if hashlib.sha256(bytes(row.body)).hexdigest() != sha256:
        return Verdict.ALTERED
    found = replay(record_id=record_id)
    if found.without_path:
        return Verdict.NO_PATH
    return Verdict.SAME if found.is_whole else Verdict.DIFFERS


def replay(*, record_id: UUID | None = None, limit: int | None = None) -> Replay:
    """Give kept answers again from their own inputs and documents, the newest first, and compare the bytes.

    Neither the register nor what is published now is asked. Raises NotFound `answer-absent` for an id that names none.
    """
    rows = AnswerRecord.objects.order_by("-at", "-id")
    if record_id is not None:
        rows = rows.filter(id=record_id)
        if not rows.exists():
            raise NotFound("answer-absent")
    found = rows.values_list("id", "body")[: limit or None].iterator(chunk_size=AT_ONCE)
    return _replayed((record_id, bytes(body)) for record_id, body in found)


def replay_bodies(bodies: Iterable[tuple[UUID, bytes]], documents: Mapping[str, str]) -> Replay:
    """The same for records at hand and their documents' canonical texts by version: no database."""
    made: dict[tuple[str, tuple[str, ...]], Bundle] = {}
    asked = same = without = 0
    differing: list[UUID] = []
    for record_id, body in bodies:
        asked += 1
        named = records.documents_named(body)
        if not documents.keys() >= set(named[1]):
            without += 1
            continue
        if named not in made:
            made[named] = _bundle(*named, documents)
        try:
            again = records.replayed(body, made[named]).body
        except ValueError:
            without += 1
            continue
        if again == body:
            same += 1
        elif len(differing) < MOST_NAMED:
            differing.append(record_id)
    return Replay(asked, same, tuple(differing), without)


def _replayed(rows: Iterator[tuple[UUID, bytes]]) -> Replay:
    documents: dict[str, str] = {}
    total = Replay(0, 0, (), 0)
    while bodies := list(islice(rows, AT_ONCE)):
        wanted = {version for _, body in bodies for version in records.documents_named(body)[1]} - documents.keys()
        documents |= dict(RuleDocument.objects.filter(version__in=wanted).values_list("version", "text"))
        one = replay_bodies(bodies, documents)
        named = (*total.differing, *one.differing)[:MOST_NAMED]
        total = Replay(total.asked + one.asked, total.same + one.same, named, total.without_path + one.without_path)
    return total


def _bundle(programme_id: str, versions: tuple[str, ...], documents: Mapping[str, str]) -> Bundle:
    library = published.load([documents[version] for version in versions])
    return published.bundle_of(library.programmes[programme_id], library)


def _keep_documents(recorded: Recorded, clock: Clock) -> None:
    import json

    held = set(
        RuleDocument.objects.filter(version__in=[version for version, _ in recorded.documents]).values_list(
            "version", flat=True
        )
    )
    fresh = []
    for version, text in recorded.documents:
        if version in held:
            continue
        document = json.loads(text)
        kind = str(document["schema"]).split("/")[1]
        fresh.append(
            RuleDocument(
                version=version, schema=document["schema"], name=str(document.get(kind, recorded.programme)), text=text,
                at=clock.now(),
            )
        )  # fmt: skip
    RuleDocument.objects.bulk_create(fresh, ignore_conflicts=True)
