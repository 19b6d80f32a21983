"""The organisations that take part: the office, its agencies, the two banks, the auditor.

Invariant: a key is lasting; everything that names an organisation names its key. Member addresses are those of the
test instance (EXCHANGE section 1) and made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is in the exchange of data."""

    MINISTRY = "ministry"
    AGENCY = "agency"
    BANK = "bank"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation. `address` is its member address; a subsystem adds one more part (`…/loans`)."""

    key: str
    kind: OrganisationKind
    name_th: str
    name_en: str
    short_th: str
    short_en: str
    address: str


ORGANISATIONS: dict[str, Organisation] = {
    one.key: one
    for one in (
        Organisation(
            "oie",
            OrganisationKind.MINISTRY,
            "สำนักงานเศรษฐกิจอุตสาหกรรม",
            "Office of Industrial Economics",
            "สศอ.",
            "OIE",
            "TH-TEST/GOV/0994000000014",
        ),
        Organisation(
            "smed",
            OrganisationKind.BANK,
            "ธนาคารพัฒนาวิสาหกิจขนาดกลางและขนาดย่อมแห่งประเทศไทย",
            "SME Development Bank",
            "ธพว.",
            "SME D Bank",
            "TH-TEST/BANK/0994000000022",
        ),
        Organisation(
            "exim",
            OrganisationKind.BANK,
            "ธนาคารเพื่อการส่งออกและนำเข้าแห่งประเทศไทย",
            "Export-Import Bank of Thailand",
            "ธสน.",
            "EXIM Bank",
            "TH-TEST/BANK/0994000000031",
        ),
        Organisation(
            "dip",
            OrganisationKind.AGENCY,
            "กรมส่งเสริมอุตสาหกรรม",
            "Department of Industrial Promotion",
            "กสอ.",
            "DIP",
            "TH-TEST/GOV/0994000000049",
        ),
        Organisation(
            "diw",
            OrganisationKind.AGENCY,
            "กรมโรงงานอุตสาหกรรม",
            "Department of Industrial Works",
            "กรอ.",
            "DIW",
            "TH-TEST/GOV/0994000000057",
        ),
        Organisation(
            "dbd",
            OrganisationKind.AGENCY,
            "กรมพัฒนาธุรกิจการค้า",
            "Department of Business Development",
            "DBD",
            "DBD",
            "TH-TEST/GOV/0994000000065",
        ),
        Organisation(
            "tisi",
            OrganisationKind.AGENCY,
            "สำนักงานมาตรฐานผลิตภัณฑ์อุตสาหกรรม",
            "Thai Industrial Standards Institute",
            "สมอ.",
            "TISI",
            "TH-TEST/GOV/0994000000073",
        ),
        Organisation(
            "ieat",
            OrganisationKind.AGENCY,
            "การนิคมอุตสาหกรรมแห่งประเทศไทย",
            "Industrial Estate Authority of Thailand",
            "กนอ.",
            "IEAT",
            "TH-TEST/GOV/0994000000090",
        ),
        Organisation(
            "dpim",
            OrganisationKind.AGENCY,
            "กรมอุตสาหกรรมพื้นฐานและการเหมืองแร่",
            "Department of Primary Industries and Mines",
            "กพร.",
            "DPIM",
            "TH-TEST/GOV/0994000000103",
        ),
        Organisation(
            "ocsb",
            OrganisationKind.AGENCY,
            "สำนักงานคณะกรรมการอ้อยและน้ำตาลทราย",
            "Office of the Cane and Sugar Board",
            "สอน.",
            "OCSB",
            "TH-TEST/GOV/0994000000111",
        ),
        Organisation(
            "auditor",
            OrganisationKind.AUDITOR,
            "ผู้ตรวจสอบอิสระ",
            "Independent auditor",
            "ผู้ตรวจสอบ",
            "Auditor",
            "TH-TEST/AUD/0994000000081",
        ),
    )
}
