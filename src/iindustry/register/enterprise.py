"""What a reader gets of the register: an enterprise, its establishments, and values that say where they come from.

Invariant: a value names source, record and day; values that lost are kept beside the one believed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

Content = str | int | Decimal | date | bool | tuple[str, ...]
"""What a value may hold, by the field's type: text and code str, int and money int (satang), decimal Decimal, set tuple."""

DERIVED = "derived"


class Standing(StrEnum):
    """Who vouches for a value: an agency's register, or the enterprise's own word."""

    VERIFIED = "verified"
    DECLARED = "declared"


class Rule(StrEnum):
    """Which step of survivorship chose a value; words in `RULE_WORDS`."""

    ONLY = "only"
    AGREED = "agreed"
    SOURCE = "source"
    NEWEST = "newest"
    VOTES = "votes"
    KEY = "key"
    UNION = "union"
    NO_ROW = "no-row"
    DERIVED = "derived"


RULE_WORDS: Mapping[Rule, tuple[str, str]] = {
    Rule.ONLY: ("มีทะเบียนเดียวที่ระบุค่านี้", "Only one register says this"),
    Rule.AGREED: ("ทุกทะเบียนระบุตรงกัน", "All registers say the same"),
    Rule.SOURCE: ("เลือกตามลำดับความน่าเชื่อถือของทะเบียน", "Chosen by the rank of the register for this field"),
    Rule.NEWEST: ("เลือกข้อมูลล่าสุด", "The newest was chosen"),
    Rule.VOTES: ("เลือกค่าที่ทะเบียนส่วนใหญ่ระบุ", "What most registers say was chosen"),
    Rule.KEY: ("ทุกเกณฑ์เท่ากัน จึงเลือกตามลำดับระเบียน", "All else equal, chosen by order of record"),
    Rule.UNION: ("รวมจากทุกระเบียนของทะเบียนนั้น", "Gathered from all records of that register"),
    Rule.NO_ROW: ("ทะเบียนนี้ครบถ้วนและไม่มีรายการของกิจการนี้", "The register is complete and has no row for this enterprise"),
    Rule.DERIVED: ("คำนวณจากข้อมูลอื่น", "Worked out from other values"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one record of one source says of one field."""

    field: str
    value: Content
    source: str
    record_key: str
    as_of: date
    delivery_id: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """The value believed, and why. `basis` tells of a derived value how it was worked out (`2562-revenue`, `inferred`)."""

    field: str
    value: Content
    source: str
    record_key: str
    as_of: date
    standing: Standing = Standing.VERIFIED
    rule: Rule = Rule.ONLY
    competing: tuple[Statement, ...] = ()
    disputed: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class RecordRef:
    """One record that belongs to an enterprise, and the ground on which it does."""

    source: str
    record_key: str
    delivery_id: str
    observed_on: date
    link_ground: str
    match_probability: float | None
    establishment_id: str | None = None


@dataclass(frozen=True, slots=True)
class RecordCard:
    """What one record says by itself, for a person who compares it with another."""

    ref: RecordRef
    enterprise_id: str
    is_person: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Establishment:
    """A place of production of one enterprise."""

    establishment_id: str
    name: str
    factory_id: str | None
    province_code: str | None
    values: Mapping[str, Value] = field(default_factory=dict)

    def value_of(self, name: str) -> Value | None:
        """The value believed for a field, None where nobody says anything."""
        return self.values.get(name)


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise as the version in force knows it. `is_person`: the operator is a natural person, whose name is masked."""

    enterprise_id: str
    version: str
    name_th: str
    name_en: str
    juristic_id: str | None
    province_code: str | None
    values: Mapping[str, Value] = field(default_factory=dict)
    establishments: tuple[Establishment, ...] = ()
    records: tuple[RecordRef, ...] = ()
    is_person: bool = False

    def value_of(self, name: str) -> Value | None:
        """The value believed for a field of the enterprise, None where nobody says anything."""
        return self.values.get(name)


@dataclass(frozen=True, slots=True)
class EnterpriseName:
    """What an enterprise is called. `en` is the Thai name where no register gives an English one.

    is_person: it is a natural person's own name, to be masked for whoever may not read it.
    """

    th: str
    en: str
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class EnterpriseHit:
    """One line of a search. `establishment_count` is None where the register of factories was not delivered."""

    enterprise_id: str
    name_th: str
    name_en: str
    juristic_id: str | None
    province_code: str | None
    establishment_count: int | None
    is_person: bool


@dataclass(frozen=True, slots=True)
class VersionReport:
    """What a publication did. `seconds` is 0.0 when the version was in force already."""

    version: str
    records: int
    enterprises: int
    establishments: int
    seconds: float


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of the register, as lists show it. `quality` holds ratios and counts by name."""

    version: str
    published_at: datetime
    records: int
    enterprises: int
    establishments: int
    is_current: bool
    quality: Mapping[str, float | int | None]


class CorrectionStatus(StrEnum):
    """Where a correction request stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """An owner says that a value is wrong; the source's agency or a steward answers."""

    correction_id: UUID
    enterprise_id: str
    establishment_id: str | None
    field: str
    source: str
    current: str
    proposed: str
    reason: str
    status: CorrectionStatus
    asked_at: datetime
    ground: str
    answered_at: datetime | None


def stale(value: Value, today: date, shelf_life_days: int | None = None) -> bool:
    """Whether a value is older than its field's shelf life (days, from `fields.yaml` unless given). Ageless: never."""
    if shelf_life_days is None:
        from iindustry.reference.fields import field_of

        shelf_life_days = field_of(value.field).shelf_life_days
    return shelf_life_days is not None and today - value.as_of > timedelta(days=shelf_life_days)


def age_months(registered_on: date, as_of: date) -> int:
    """Whole months from registration to a day; never below 0."""
    months = (as_of.year - registered_on.year) * 12 + as_of.month - registered_on.month
    return max(0, months - (as_of.day < registered_on.day))


class Cause(StrEnum):
    """Why a value is another in one version than in the one before; words in `CAUSE_WORDS`."""

    DELIVERY = "delivery"
    GONE = "gone"
    MERGE = "merge"
    SPLIT = "split"
    JUDGEMENT = "judgement"
    RULE = "rule"


CAUSE_WORDS: Mapping[Cause, tuple[str, str]] = {
    Cause.DELIVERY: ("หน่วยงานส่งมอบข้อมูลใหม่", "An agency delivered new data"),
    Cause.GONE: ("ทะเบียนไม่มีระเบียนนี้แล้ว", "The register no longer holds the record"),
    Cause.MERGE: ("ระเบียนของกิจการอื่นถูกรวมเข้ามา", "A record came from another enterprise"),
    Cause.SPLIT: ("ระเบียนถูกแยกไปเป็นของกิจการอื่น", "A record went to another enterprise"),
    Cause.JUDGEMENT: ("เจ้าหน้าที่วินิจฉัย", "An officer judged so"),
    Cause.RULE: ("ลำดับความน่าเชื่อถือให้ผลต่างไป", "The order of belief came out otherwise"),
}


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One value that differs between two versions. None: nobody said. source, record_key, delivery_id: what made it so."""

    enterprise_id: str
    establishment_id: str | None
    field: str
    before: Content | None
    after: Content | None
    cause: Cause
    source: str
    record_key: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class MovedRecord:
    """One record that is another enterprise's in the later version. None: not in the register."""

    source: str
    record_key: str
    before: str | None
    after: str | None
    link_ground: str


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """What changed from one version to another.

    added, gone: enterprise ids, the first by id. moved, changed: rows of the first enterprises that differ. counts:
    enterprises_added, enterprises_gone, enterprises_changed (a record, a day or a value of it is new), records_moved (from one
    enterprise to another), records_added, records_gone, of the whole register. persons: of the ids compared, those of natural
    persons. looked_at: how many enterprises of both versions were compared value by value.
    """

    old: str
    new: str
    added: tuple[str, ...]
    gone: tuple[str, ...]
    moved: tuple[MovedRecord, ...]
    changed: tuple[ChangedValue, ...]
    counts: Mapping[str, int]
    persons: frozenset[str] = frozenset()
    looked_at: int = 0
