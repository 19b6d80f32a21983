"""What goes into and comes out of linking, as values: judgements in; members, review, redirects, journal, quality out.

Invariant: frames are sorted by their keys, so that equal inputs give equal bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import polars as pl


class Ground(StrEnum):
    """What joined a record to its enterprise."""

    ID = "id"
    MODEL = "model"
    JUDGEMENT = "judgement"
    SINGLE = "single"


GROUND_WORDS: Mapping[Ground, tuple[str, str]] = {
    Ground.ID: ("เลขทะเบียนตรงกัน", "Equal registration number"),
    Ground.MODEL: ("ชื่อ ที่ตั้ง และข้อมูลอื่นตรงกัน (แบบจำลอง)", "Name, place and other facts agree (model)"),
    Ground.JUDGEMENT: ("เจ้าหน้าที่วินิจฉัย", "Judged by an officer"),
    Ground.SINGLE: ("มีระเบียนเดียว", "The only record"),
}


class Verdict(StrEnum):
    """What a steward says of a pair."""

    MATCH = "match"
    NO_MATCH = "no-match"
    UNSURE = "unsure"


VERDICT_WORDS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.MATCH: ("กิจการเดียวกัน", "Same enterprise"),
    Verdict.NO_MATCH: ("คนละกิจการ", "Different enterprises"),
    Verdict.UNSURE: ("ยังไม่แน่ใจ", "Unsure"),
}


class Reason(StrEnum):
    """Why a pair waits for a person."""

    MIDDLE_WEIGHT = "middle-weight"
    NAME_GUARD = "name-guard"
    SAME_NAME = "same-name"
    TWO_IDS = "two-ids"
    PERSON = "person"
    SITE_MOVED = "site-moved"


REASON_WORDS: Mapping[Reason, tuple[str, str]] = {
    Reason.MIDDLE_WEIGHT: (
        "หลักฐานยังไม่พอให้ระบบเชื่อมเอง",
        "The evidence is not enough for joining by machine",
    ),
    Reason.NAME_GUARD: (
        "เลขทะเบียนตรงกัน แต่ชื่อและที่ตั้งไม่ตรงกันเลย",
        "The number is equal, but neither name nor place agrees",
    ),
    Reason.SAME_NAME: (
        "มีกิจการชื่อเดียวกันมากกว่าหนึ่งราย",
        "More than one enterprise carries this name",
    ),
    Reason.TWO_IDS: (
        "คล้ายกันมาก แต่จะทำให้เลขทะเบียนสองเลขอยู่ด้วยกัน",
        "Much alike, but joining would put two juristic ids together",
    ),
    Reason.PERSON: (
        "ผู้ประกอบการเป็นบุคคลธรรมดา ชื่อตรงกันอย่างเดียวไม่พอ",
        "The operator is a natural person: an equal name is not enough",
    ),
    Reason.SITE_MOVED: (
        "เลขทะเบียนโรงงานเดียวกัน แต่ผู้ประกอบการต่างกัน",
        "Equal factory number, different operators",
    ),
}


class RecordId(NamedTuple):
    """One record of one source."""

    source: str
    record_key: str


class Pair(NamedTuple):
    """Two records, the lesser first."""

    left: RecordId
    right: RecordId


SIDES = ("left_source", "left_key", "right_source", "right_key")
"""The columns that name a pair, in frames and in rows."""


def pair_of(one: RecordId, other: RecordId) -> Pair:
    """The pair in its one order. Raises ValueError for a record with itself."""
    if one == other:
        raise ValueError("a record is no pair with itself")
    return Pair(*sorted((one, other)))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A steward's answer on a pair of records; it binds every later run."""

    left: RecordId
    right: RecordId
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Linked:
    """What a run found.

    members: source, record_key, enterprise_id, establishment_id, link_ground, match_probability.
    review: left_source, left_key, right_source, right_key, match_weight, match_probability, reason, comparison
    (struct of level names), value (order of the queue).
    redirects: old_id, new_id. journal: what, subject_id, other_id, record_count, ground, match_weight.
    quality: ratios and counts by name; None where it could not be measured.
    """

    members: pl.DataFrame
    review: pl.DataFrame
    redirects: pl.DataFrame
    journal: pl.DataFrame
    quality: Mapping[str, float | int | None]


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One pair in the queue. `comparison` names the level reached by each comparison of the model."""

    pair_id: str
    left: RecordId
    right: RecordId
    match_weight: float
    match_probability: float
    reason: Reason
    comparison: Mapping[str, str]
    version: str
    verdict: Verdict | None
    judged_at: datetime | None
    judged_reason: str
