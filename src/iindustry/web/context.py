"""What every page knows: who acts, for whom, which doors the header shows, whether this is the demo country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from iindustry.kernel.actors import Role
from iindustry.web.access import actor_of_request
from iindustry.web.language import is_thai

if TYPE_CHECKING:
    from django.http import HttpRequest

# role -> the pages its header offers: (address, Thai, English)
MENU: dict[Role, tuple[tuple[str, str, str], ...]] = {
    Role.ANONYMOUS: (
        ("/check", "ตรวจสิทธิ์ธุรกิจของฉัน", "Check my business"),
        ("/programmes", "สินเชื่อและมาตรการ", "Loans and measures"),
        ("/scoreboard", "ผลการดำเนินงาน", "Scoreboard"),
        ("/agreements", "ข้อตกลงแบ่งปันข้อมูล", "Agreements"),
    ),
    Role.OWNER: (
        ("/my", "หน้าหลัก", "Home"),
        ("/my/enterprise", "กิจการของฉัน", "My enterprise"),
        ("/my/opportunities", "โอกาสของฉัน", "Opportunities"),
        ("/my/consents", "ความยินยอม", "Consents"),
        ("/my/seen", "ใครดูข้อมูลของฉัน", "Who saw my data"),
    ),
    Role.BANK_OFFICER: (
        ("/bank", "คำขอที่รอ", "Queue"),
        ("/programmes", "ผลิตภัณฑ์", "Products"),
        ("/studio", "ร่างหลักเกณฑ์", "Studio"),
    ),
    Role.AGENCY_OFFICER: (
        ("/agency", "ทะเบียนของหน่วยงาน", "Our registers"),
        ("/agency/upload", "ส่งมอบข้อมูล", "Deliver"),
        ("/studio", "ร่างหลักเกณฑ์", "Studio"),
    ),
    Role.STEWARD: (
        ("/steward", "คู่ที่รอตรวจ", "Pairs to review"),
        ("/steward/acts", "การรวมและการแยก", "Mergers and splits"),
        ("/steward/deliveries", "การส่งมอบ", "Deliveries"),
        ("/steward/claims", "คำขอทำการแทน", "Claims"),
        ("/steward/quality", "คุณภาพ", "Quality"),
        ("/steward/search", "ค้นหาทะเบียน", "Search the register"),
    ),
    Role.ANALYST: (
        ("/policy", "ลำดับขั้นคำขอ", "Funnel"),
        ("/studio", "ร่างหลักเกณฑ์", "Studio"),
        ("/scoreboard", "ผลการดำเนินงาน", "Scoreboard"),
    ),
    Role.AUDITOR: (
        ("/audit", "บัญชีเหตุการณ์", "Ledger"),
        ("/audit/agreements", "ข้อตกลง", "Agreements"),
        ("/audit/consents", "ความยินยอม", "Consents"),
        ("/audit/verify", "ตรวจหลักฐาน", "Verify"),
    ),
}
MENU[Role.DELEGATE] = MENU[Role.OWNER]


def page(request: HttpRequest) -> dict[str, Any]:
    """The names that `base.html` reads."""
    actor = actor_of_request(request)
    return {
        "demo": settings.DEMO,
        "thai": is_thai(request),
        "actor": actor,
        "menu": MENU.get(actor.role, ()),
        "here": request.path,
        "return_to": request.get_full_path(),  # where the language switch leads; a page at an address of presses gives another
        "acting_for": SimpleLazyObject(lambda: _acting_for(actor.enterprise_id, actor.organisation)),
    }


def _acting_for(enterprise_id: str | None, organisation: str | None) -> Any:
    """The enterprise's or the organisation's name in both languages, or None. Asked only by pages that have a header."""
    if organisation:
        from iindustry.accounts.services import organisation as organisation_of

        return organisation_of(organisation)
    if enterprise_id:
        from iindustry.kernel.errors import NotFound
        from iindustry.register.services import name_of

        try:
            return name_of(enterprise_id)
        except NotFound:
            return None
    return None
