"""What goes into and comes out of linking, as values: judgements in; members, review, redirects, journal, quality out.

Invariant: frames are sorted by their keys, so that equal inputs give equal bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import polars as pl

    from iindustry.linkage.aside import Laid
    from iindustry.linkage.model import Model


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


MEASURED_WORDS = (
    (
        "วัดจากเลขทะเบียนที่ซ่อนไว้หนึ่งในสิบของเลขที่อยู่ในสองทะเบียนขึ้นไป จึงบอกได้เฉพาะระเบียนลักษณะเดียวกับระเบียนที่มีเลข "
        "ค่านี้ไม่เท่ากับค่าที่เทียบกับคำตอบจริงทั้งหมด (มีเฉพาะข้อมูลจำลอง) เพราะค่าหลังนับคู่ที่เลขทะเบียนเชื่อมให้แล้วด้วย "
        "และนับบุคคลธรรมดากับโรงงานที่ไม่ระบุผู้ประกอบการ ซึ่งไม่มีเลขให้ซ่อน"
    ),
    (
        "Measured on hidden numbers: a tenth of those held in two registers or more. It speaks only of records like those that have "
        "a number. It differs from a comparison with the whole truth (known of generated data only), which also counts pairs that "
        "a number has joined, natural persons, and factories that name no operator: those have no number to hide."
    ),
)
"""What measured quality is of, and why it is not what a comparison with the truth gives: Thai and English."""


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
    """A steward's answer on two records, or on two groups of records; it binds every later run.

    left, right: a record of each side. also_left, also_right: the rest of each side. `match`: the sides are one
    enterprise. `no-match`: no record of one side is ever with one of the other. What holds one side together is its own
    evidence.
    """

    left: RecordId
    right: RecordId
    verdict: Verdict
    also_left: tuple[RecordId, ...] = ()
    also_right: tuple[RecordId, ...] = ()
    said_in: str = field(default="", compare=False)
    """The judgement or act that says so, where it has a row."""

    @property
    def sides(self) -> tuple[tuple[RecordId, ...], tuple[RecordId, ...]]:
        """Every record of the left side, every record of the right."""
        return (self.left, *self.also_left), (self.right, *self.also_right)


class Part(NamedTuple):
    """What one comparison adds to a pair's weight, in bits. `comparison` is one of the model's, or `prior`."""

    comparison: str
    level: str
    bits: float


PRIOR = "prior"
"""The part of a weight that holds before anything is compared: how common matches are between two registers."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """What the next run of changes and the look-up need of a run, with its model frozen.

    laid_profiles: uid, source, first_key, record_count and the columns of `facets.facets`. laid_records: source, record_key,
    factory_id, old_factory_id, uid, follows. laid_edges: every pair at or above the review weight: left, right, match_weight, match_probability, the level reached by
    each comparison under its name, and its bits under `bits_<name>` (also `bits_prior`); the weight is their sum.
    All three may lie on the disk, from where `profiles`, `of_record`, `edges` read them each time they are asked for.
    frequencies: by column, the value and `tf_<column>`. numbered: how many enterprises had a number at the last full run;
    None straight after one: those of its profiles.
    """

    laid_profiles: Laid
    laid_records: Laid
    laid_edges: Laid
    model: Model
    frequencies: Mapping[str, pl.DataFrame]
    numbered: int | None = None

    @property
    def profiles(self) -> pl.DataFrame:
        """Every profile."""
        return self.laid_profiles.read()

    @property
    def of_record(self) -> pl.DataFrame:
        """Every record with its profile."""
        return self.laid_records.read()

    @property
    def edges(self) -> pl.DataFrame:
        """Every pair at or above the review weight."""
        return self.laid_edges.read()

    def count_numbered(self) -> int:
        """How many enterprises had a number at the last full run, among the profiles that scoring looks at."""
        import polars as pl

        if self.numbered is not None:
            return self.numbered
        told = self.laid_profiles.read("site_only", "jid")
        return told.filter(~pl.col("site_only"))["jid"].drop_nulls().n_unique()


@dataclass(frozen=True, slots=True)
class Linked:
    """What a run found.

    members: source, record_key, enterprise_id, establishment_id, link_ground, match_probability.
    review: left_source, left_key, right_source, right_key, match_weight, match_probability, reason, comparison
    (struct of level names), bits (struct of the same names and `prior`: what each adds), value (order of the queue).
    redirects: old_id, new_id. journal: what, subject_id, other_id, record_count, ground, match_weight.
    quality: ratios and counts by name; None where it could not be measured. report: the same in full, as plain values
    for JSON: hidden numbers by source pair, region, form and size with intervals, blocking rules, what was learnt.
    """

    members: pl.DataFrame
    review: pl.DataFrame
    redirects: pl.DataFrame
    journal: pl.DataFrame
    quality: Mapping[str, float | int | None]
    state: LinkState | None = None
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One pair in the queue. `comparison` names the level reached by each comparison of the model.

    parts: what each comparison adds to the weight, in bits, and last the prior; empty where the run did not keep them.
    stakes: what hangs on the answer, as it was handed in (0: nothing known).
    """

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
    parts: tuple[Part, ...] = ()
    stakes: float = 0.0
