"""Papers a lender may ask for, and what an uploaded file must be (DOMAIN section 10, ASSURANCE section 7).

Invariant: a paper the registers can supply is not on the list of those that are asked. A file is what its first bytes
say, and its extension agrees.
"""

from __future__ import annotations

from dataclasses import dataclass

from iindustry.kernel.errors import Rejected

LARGEST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the standard list: its name, and why it is asked."""

    code: str
    th: str
    en: str
    why_th: str
    why_en: str


ASKED: dict[str, Paper] = {
    one.code: one
    for one in (
        Paper("accounts", "งบการเงิน 2 ปีล่าสุด", "Accounts of the last two years",
              "ใช้ดูรายได้ กำไร และส่วนของเจ้าของ", "To see income, profit and equity"),
        Paper("vat_returns", "แบบแสดงรายการภาษีมูลค่าเพิ่ม (ภ.พ.30)", "VAT returns (P.P. 30)",
              "ใช้เทียบกับยอดขายที่แจ้ง", "To compare with the sales declared"),
        Paper("bank_statement", "รายการเดินบัญชีธนาคาร 6 เดือน", "Bank statements of six months",
              "ใช้ดูกระแสเงินสด", "To see the cash flow"),
        Paper("quotation", "ใบเสนอราคาเครื่องจักรหรือวัสดุ", "Quotations for machines or material",
              "ใช้ยืนยันวงเงินและการใช้เงิน", "To confirm the amount and its use"),
        Paper("investment_plan", "แผนการลงทุนหรือแผนการใช้เงิน", "Investment plan or plan for the funds",
              "ใช้ดูว่าเงินก้อนนี้จะสร้างรายได้อย่างไร", "To see how the money will earn"),
        Paper("title_deed", "โฉนดหรือเอกสารหลักประกัน", "Title deed or papers of the collateral",
              "ใช้ประเมินหลักประกัน", "To value the collateral"),
        Paper("orders", "คำสั่งซื้อหรือสัญญาซื้อขาย", "Orders or sales contracts",
              "ใช้ยืนยันรายได้ที่คาด", "To confirm the income expected"),
        Paper("machine_list", "บัญชีเครื่องจักร", "Machine list",
              "ใช้ดูกำลังการผลิตและหลักประกัน", "To see capacity and collateral"),
        Paper("export_documents", "เอกสารการส่งออก", "Export documents",
              "ใช้ยืนยันยอดส่งออก", "To confirm exports"),
        Paper("shareholders", "บัญชีรายชื่อผู้ถือหุ้น (บอจ.5)", "List of shareholders (Bor.Or.Jor. 5)",
              "ใช้ดูสัดส่วนผู้ถือหุ้นไทย", "To see the Thai share of ownership"),
    )
}  # fmt: skip

# Papers the lender used to ask for that a value of a register now stands for: paper -> any of these fields.
SPARED: dict[str, tuple[str, ...]] = {
    "dbd_affidavit": ("entity.juristic_id",),
    "factory_licence": ("factory.factory_id",),
    "workers_and_power": ("factory.worker_count", "factory.horsepower"),
    "product_licences": ("standard.licences",),
    "green_certificate": ("standard.green_level",),
    "dip_certificate": ("participation.programmes",),
    "area_certificate": ("area.sez", "area.eec", "area.corridor"),
    "accounts_totals": ("entity.revenue_satang", "entity.assets_satang"),
}


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is taken: its first bytes and the extensions that agree."""

    media_type: str
    first_bytes: bytes
    extensions: tuple[str, ...]


KINDS = (
    FileKind("application/pdf", b"%PDF-", (".pdf",)),
    FileKind("image/jpeg", b"\xff\xd8\xff", (".jpg", ".jpeg")),
    FileKind("image/png", b"\x89PNG\r\n\x1a\n", (".png",)),
)


def kind_of(first: bytes, filename: str, size_bytes: int) -> FileKind:
    """What an uploaded file is. Rejected: `paper-empty`, `paper-too-large`, `paper-type`, `paper-extension`."""
    if size_bytes == 0:
        raise Rejected("paper-empty", field="file")
    if size_bytes > LARGEST_BYTES:
        raise Rejected("paper-too-large", field="file", megabytes=LARGEST_BYTES // 1024 // 1024)
    kind = next((one for one in KINDS if first.startswith(one.first_bytes)), None)
    if kind is None:
        raise Rejected("paper-type", field="file")
    if not filename.lower().endswith(kind.extensions):
        raise Rejected("paper-extension", field="file", expected=kind.extensions[0])
    return kind


def spared(fields: frozenset[str]) -> tuple[str, ...]:
    """The papers that known register fields make unnecessary."""
    return tuple(code for code, any_of in SPARED.items() if any(name in fields for name in any_of))
