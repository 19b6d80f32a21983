"""What stewards do to whole enterprises: merge, split, undo (LINKAGE section 4.7). Decisions only; rows are kept elsewhere.

An act names every record it touched, where it was and where it went, so that it can be undone exactly and binds later
runs between groups of records, never between ids. Invariant: an act that a later one stands on is not undone first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from iindustry.linkage.outcome import Ground, Judgement, RecordId, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime


class ActKind(StrEnum):
    """What an act does."""

    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"


class ActStatus(StrEnum):
    """Where an act stands."""

    PROPOSED = "proposed"
    DONE = "done"
    UNDONE = "undone"


ACT_WORDS: Mapping[ActKind, tuple[str, str]] = {
    ActKind.MERGE: ("รวมกิจการ", "Merge"),
    ActKind.SPLIT: ("แยกกิจการ", "Split"),
    ActKind.UNDO: ("ย้อนการรวมหรือแยก", "Undo"),
}

STATUS_WORDS: Mapping[ActStatus, tuple[str, str]] = {
    ActStatus.PROPOSED: ("รอผู้อนุมัติคนที่สอง", "Waits for a second person"),
    ActStatus.DONE: ("มีผลแล้ว", "Done"),
    ActStatus.UNDONE: ("ย้อนแล้ว", "Undone"),
}

RISK_RECORDS = 25
"""Records moved from which a second person is needed; anything at stake (open applications, credit) needs one at once."""

OFFICIAL = "dbd"


class MemberRow(NamedTuple):
    """One record's membership, as the version in force has it."""

    source: str
    record_key: str
    enterprise_id: str
    establishment_id: str | None
    link_ground: str
    match_probability: float | None

    @property
    def record(self) -> RecordId:
        """Which record."""
        return RecordId(self.source, self.record_key)


class Move(NamedTuple):
    """One record of an act: where it was, where it went."""

    before: MemberRow
    after: MemberRow


@dataclass(frozen=True, slots=True)
class Group:
    """One enterprise and its records, sorted."""

    enterprise_id: str
    records: tuple[RecordId, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act would do. redirects: (old id, new id). refused_by: the later act or judgement in its way, or None.

    moves: every record of the enterprises touched, where it is and where it would be. stakes: what was handed in.
    """

    kind: ActKind
    before: tuple[Group, ...]
    after: tuple[Group, ...]
    redirects: tuple[tuple[str, str], ...]
    needs_second_person: bool
    refused_by: str | None = None
    moves: tuple[Move, ...] = ()
    stakes: float = 0.0
    version: str = ""
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class ActView:
    """One act as pages list it. `enterprises`: the ids it touched, before and after, sorted."""

    act_id: str
    kind: ActKind
    status: ActStatus
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    version: str
    enterprises: tuple[str, ...]
    record_count: int
    undoes: str | None
    undone_by: str | None


def needs_second_person(moves: Iterable[Move], stakes: float) -> bool:
    """Whether a second person must agree: anything at stake, or many records change hands."""
    moved = sum(one.before.enterprise_id != one.after.enterprise_id for one in moves)
    return stakes > 0 or moved >= RISK_RECORDS


def groups(rows: Iterable[MemberRow]) -> tuple[Group, ...]:
    """Enterprises of some rows, by id."""
    held: dict[str, list[RecordId]] = {}
    for row in rows:
        held.setdefault(row.enterprise_id, []).append(row.record)
    return tuple(Group(one, tuple(sorted(records))) for one, records in sorted(held.items()))


def kept_id(rows: Sequence[MemberRow], numbers: Mapping[str, str]) -> str:
    """The id that a merge keeps: of the enterprise with a juristic id, then of most records, then the older id."""
    sizes = Counter(row.enterprise_id for row in rows)
    return min(sizes, key=lambda one: (one not in numbers, -sizes[one], one))


def merged(rows: Sequence[MemberRow], kept: str) -> tuple[Move, ...]:
    """Every record under the kept id; those that came have ground `judgement`."""
    made = []
    for row in rows:
        after = row._replace(enterprise_id=kept)
        if row.enterprise_id != kept or row.link_ground == Ground.SINGLE.value:
            after = after._replace(link_ground=Ground.JUDGEMENT.value, match_probability=1.0)
        made.append(Move(row, after))
    return tuple(made)


def parted(
    rows: Sequence[MemberRow], leaving: frozenset[RecordId], *, kept: str, fresh: str, number: str | None
) -> tuple[Move, ...]:
    """The named records apart from the rest; the id stays with the juristic id, then with more records, then with the rest."""
    going = [row for row in rows if row.record in leaving]
    staying = [row for row in rows if row.record not in leaving]
    official = any(row.source == OFFICIAL and row.record_key == number for row in going)
    rest_official = any(row.source == OFFICIAL and row.record_key == number for row in staying)
    takes_id = official or (not rest_official and len(going) > len(staying))
    ids = {True: kept if takes_id else fresh, False: fresh if takes_id else kept}
    sites = _site_sides(rows, leaving)
    made = []
    for row in rows:
        side = row.record in leaving
        alone = len(going if side else staying) == 1
        site = row.establishment_id if row.establishment_id and sites[row.establishment_id] is side else None
        after = row._replace(enterprise_id=ids[side], establishment_id=site)
        if alone:
            after = after._replace(link_ground=Ground.SINGLE.value, match_probability=None)
        elif side:
            after = after._replace(link_ground=Ground.JUDGEMENT.value, match_probability=1.0)
        made.append(Move(row, after))
    return tuple(made)


def _site_sides(rows: Sequence[MemberRow], leaving: frozenset[RecordId]) -> dict[str, bool]:
    """Which side keeps each establishment: the factory register's record, then most records, then the rest."""
    votes: dict[str, Counter[bool]] = {}
    for row in rows:
        if row.establishment_id:
            weight = 1000 if row.source == "diw" else 1
            votes.setdefault(row.establishment_id, Counter())[row.record in leaving] += weight
    return {site: said[True] > said[False] for site, said in votes.items()}


def restored(moves: Sequence[Move], now: Sequence[MemberRow], redirected: Mapping[str, str]) -> tuple[Move, ...]:
    """Every record back where an act found it, where it still is where the act put it; others stay where they are now.

    `now`: today's rows of the enterprises touched. `redirected`: later ids of the ids that the act gave.
    """
    before = {one.after.record: one for one in moves}
    made = []
    for row in now:
        act = before.get(row.record)
        then = act.after.enterprise_id if act else ""
        still = act is not None and row.enterprise_id in {then, redirected.get(then)}
        moved = act is not None and act.before.enterprise_id != then
        if act is not None and still and (moved or row.enterprise_id == then):
            made.append(Move(row, act.before))
        else:
            made.append(Move(row, row))
    return tuple(made)


def redirects(moves: Sequence[Move]) -> tuple[tuple[str, str], ...]:
    """Each id that no record carries afterwards, to the one that holds most of its records (ties: the lesser id)."""
    alive = {one.after.enterprise_id for one in moves}
    gone: dict[str, Counter[str]] = {}
    for one in moves:
        if one.before.enterprise_id not in alive:
            gone.setdefault(one.before.enterprise_id, Counter())[one.after.enterprise_id] += 1
    return tuple(
        (old, min(to, key=lambda new, to=to: (-to[new], new)))  # type: ignore[misc]
        for old, to in sorted(gone.items())
    )


def binding(
    kind: ActKind, moves: Sequence[Move], *, undoes: ActKind | None = None, said_in: str = ""
) -> list[Judgement]:
    """What an act in force says to later runs.

    A merge: the groups are one enterprise. A split: never each other's, and each side as the steward left it. An undone
    merge: the groups never again. An undone split says nothing: its records go back to their own evidence.
    """
    before, after = groups(one.before for one in moves), groups(one.after for one in moves)
    match kind, undoes:
        case ActKind.MERGE, _:
            return [_between(before[0], other, Verdict.MATCH, said_in) for other in before[1:]]
        case ActKind.SPLIT, _:
            return [*_apart(after, said_in), *(one for group in after for one in _inside(group, said_in))]
        case ActKind.UNDO, ActKind.MERGE:
            return _apart(after, said_in)
        case _:
            return []


def _apart(found: Sequence[Group], said_in: str) -> list[Judgement]:
    return [_between(one, other, Verdict.NO_MATCH, said_in) for one, other in combinations(found, 2)]


def _inside(group: Group, said_in: str) -> list[Judgement]:
    first = group.records[0]
    return [Judgement(first, other, Verdict.MATCH, said_in=said_in) for other in group.records[1:]]


def _between(one: Group, other: Group, verdict: Verdict, said_in: str) -> Judgement:
    return Judgement(
        one.records[0],
        other.records[0],
        verdict,
        also_left=one.records[1:],
        also_right=other.records[1:],
        said_in=said_in,
    )
