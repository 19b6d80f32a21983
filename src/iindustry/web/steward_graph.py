"""The records of one enterprise as a graph: which tie is a bridge, what falls apart without it, and a picture of it all.

Ties are the scored edges, and the equal numbers that tie records of ground `id` to each other; the picture is an aid, the
tables beside it are the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

from iindustry.linkage.outcome import Ground, RecordId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iindustry.linkage.services.viewing import EdgeView, MemberView

WIDTH, HEIGHT, MARGIN = 640.0, 400.0, 34.0
DRAWN_MOST = 40
"""Members above which a picture shows nothing any more."""
_THIN, _THICK, _BITS_THICK = 1.5, 5.0, 20.0
_WEAK_PROBABILITY = 0.99


@dataclass(frozen=True, slots=True)
class Tie:
    """One scored edge. `far`: the smaller side that falls away without it; empty where the rest still holds together."""

    edge: EdgeView
    far: frozenset[RecordId]

    @property
    def is_bridge(self) -> bool:
        """Whether only this edge holds its two sides together."""
        return bool(self.far)


@dataclass(frozen=True, slots=True)
class Dot:
    """A member in the picture, by its number in the table."""

    number: int
    source: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A tie in the picture. `kind`: strong, weak or number (an equal number)."""

    x1: str
    y1: str
    x2: str
    y2: str
    width: str
    kind: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Dots and strokes in units of `WIDTH` × `HEIGHT`."""

    dots: tuple[Dot, ...]
    strokes: tuple[Stroke, ...]


def ties(members: Sequence[MemberView], edges: Sequence[EdgeView]) -> list[Tie]:
    """Every edge, bridges first, then the weakest: what a split would cut comes on top."""
    records = [record_of(one) for one in members]
    held = _by_number(members)
    found = [Tie(edge, _far_side(records, held, edges, edge)) for edge in edges]
    return sorted(found, key=lambda tie: (not tie.is_bridge, tie.edge.weight, tie.edge.left, tie.edge.right))


def picture(members: Sequence[MemberView], edges: Sequence[EdgeView]) -> Picture | None:
    """Members on an oval in the order of the table, ties between them; None for more than `DRAWN_MOST`, or for one."""
    if not 1 < len(members) <= DRAWN_MOST:
        return None
    places = [_place(number, len(members)) for number in range(len(members))]
    where = {record_of(one): place for one, place in zip(members, places, strict=True)}
    dots = tuple(
        Dot(number, one.source, f"{x:.1f}", f"{y:.1f}")
        for number, (one, (x, y)) in enumerate(zip(members, places, strict=True), start=1)
    )
    strokes = [_stroke(where[a], where[b], _THIN, "number") for a, b in _by_number(members)]
    for edge in edges:
        if edge.left in where and edge.right in where:
            width = _THIN + (_THICK - _THIN) * min(max(edge.weight, 0.0), _BITS_THICK) / _BITS_THICK
            kind = "weak" if edge.probability < _WEAK_PROBABILITY else "strong"
            strokes.append(_stroke(where[edge.left], where[edge.right], width, kind))
    return Picture(dots, tuple(strokes))


def record_of(member: MemberView) -> RecordId:
    """The record that a member is."""
    return RecordId(member.source, member.record_key)


def _by_number(members: Sequence[MemberView]) -> list[tuple[RecordId, RecordId]]:
    """Records of ground `id`, each tied to the first: they carry one number between them."""
    equal = [record_of(one) for one in members if one.ground is Ground.ID]
    return [(equal[0], one) for one in equal[1:]]


def _far_side(
    records: Sequence[RecordId], held: Iterable[tuple[RecordId, RecordId]], edges: Sequence[EdgeView], cut: EdgeView
) -> frozenset[RecordId]:
    """The smaller of the two sides that are left without one edge (the later by order where equal); empty: none falls away."""
    beside: dict[RecordId, list[RecordId]] = {one: [] for one in records}
    for left, right in (*held, *((edge.left, edge.right) for edge in edges if edge is not cut)):
        if left in beside and right in beside:
            beside[left].append(right)
            beside[right].append(left)
    sides = [_reached(cut.left, beside), _reached(cut.right, beside)]
    if cut.right in sides[0]:
        return frozenset()
    return min(sides, key=lambda side: (len(side), min(side) == min(records)))


def _reached(start: RecordId, beside: dict[RecordId, list[RecordId]]) -> frozenset[RecordId]:
    seen, waiting = {start}, [start]
    while waiting:
        for one in beside.get(waiting.pop(), ()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return frozenset(seen)


def _place(number: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * number / count - pi / 2
    return WIDTH / 2 + (WIDTH / 2 - MARGIN) * cos(angle), HEIGHT / 2 + (HEIGHT / 2 - MARGIN) * sin(angle)


def _stroke(one: tuple[float, float], other: tuple[float, float], width: float, kind: str) -> Stroke:
    x1, y1, x2, y2 = (f"{value:.1f}" for value in (*one, *other))
    return Stroke(x1, y1, x2, y2, f"{width:.1f}", kind)
