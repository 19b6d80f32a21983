"""What somebody reads when something is wrong: what, where and what to do, in Thai and in English; and nothing is lost."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from iindustry_connector import Client, ConnectorError, Keys

from acceptance.country import words_of
from acceptance.matrix import ABSENT_ID
from iindustry.kernel.ids import thirteen_check_digit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acceptance.country import Country, Visitor

LANGUAGES = ("th", "en")
EXIM = "TH-TEST/BANK/0994000000031/loans"
PURPOSE = "LOAN_UNDERWRITING"
ABSENT = {
    "th": "ไม่พบหน้านี้ ที่อยู่อาจพิมพ์ไม่ครบ หรือเป็นเรื่องที่ท่านยังไม่ได้รับสิทธิ์ให้เห็น กลับไปหน้าหลักของท่าน",
    "en": "Page not found The address may be incomplete, or it is a matter that you have not been given sight of.",
}


@contextmanager
def speaking(visitor: Visitor, language: str) -> Iterator[Visitor]:
    """A visitor who reads in a language, and in Thai again afterwards."""
    visitor.speak(language)
    try:
        yield visitor
    finally:
        visitor.speak("th")


def case_of(country: Country, name: str) -> dict[str, str]:
    return country.made["objects"]["application"][name]


def consent_of(country: Country, name: str) -> str:
    return country.made["objects"]["consent"][name]["consent_id"]


def standing(country: Country, name: str, owner: str = "owner_ours") -> str:
    """Where a case stands, as its owner reads it."""
    return words_of(country.visitors[owner].get(f"/my/applications/{case_of(country, name)['application_id']}"))


# -- a wrong file


UPLOADS = {
    "a PDF that is called CSV": (
        "dip.csv", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
        {"th": "ไม่รู้จักชนิดไฟล์นี้ โปรดส่งเป็น CSV, XLSX, XLS หรือ Parquet",
         "en": "This type of file is not known. Send CSV, XLSX, XLS or Parquet"},
    ),
    "two encodings pasted together": (
        "dip.csv", "รหัสผู้เข้าร่วม,โครงการ\nA1,ก\n".encode() + "A2,ข\n".encode("cp874"),
        {"th": "มีตัวอักษรสองแบบปนกัน แบบที่สองเริ่มที่แถวที่ 3", "en": "mixes two encodings; the second begins in row 3"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", UPLOADS)
def test_a_wrong_file_says_what_it_is_and_what_to_send(country, fault, language):
    name, content, words = UPLOADS[fault]
    clerk = country.visitors["clerk_dip"]
    before = re.findall(r"dip-[a-z]{20}", clerk.get("/agency").text)
    with speaking(clerk, language):
        answer = clerk.post(
            "/agency/upload", {"source": "dip", "period": "2569-12"}, files={"file": (name, content, "text/csv")}
        )
    assert answer.status_code == 422
    assert words[language] in words_of(answer)
    assert "None" not in words_of(answer)
    assert 'href="#file"' in answer.text, "the summary does not lead to the field"
    assert 'value="2569-12"' in answer.text, "the period that was typed is lost"
    assert before
    assert re.findall(r"dip-[a-z]{20}", clerk.get("/agency").text) == before, "deliveries changed"


OTHER_HEADINGS = {
    "headings of another register": ("สี,ขนาด\nแดง,ใหญ่\n", "ไม่มีในไฟล์นี้", "Not in this file"),
    "a column left out": ("รหัสผู้เข้าร่วม,โครงการ,ปีงบประมาณ,ชื่อสถานประกอบการ,จว.\nA1,ก,2569,ร้าน ก,ตาก\n", "จว.", "จว."),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", OTHER_HEADINGS)
def test_a_file_under_other_headings_is_shown_beside_ours_and_nothing_is_taken(country, fault, language):
    content, *shown = OTHER_HEADINGS[fault]
    clerk = country.visitors["clerk_dip"]
    before = re.findall(r"dip-[a-z]{20}", clerk.get("/agency").text)
    files = {"file": ("dip.csv", content.encode(), "text/csv")}
    with speaking(clerk, language):
        sent = clerk.post("/agency/upload", {"source": "dip"}, files=files)
        answer = clerk.get(sent.headers["location"])
    said = {"th": "หัวตารางของไฟล์ไม่ตรงกับแบบที่ตกลงไว้", "en": "The headings are not those agreed"}
    assert said[language] in words_of(answer)
    assert shown[LANGUAGES.index(language)] in answer.text
    assert re.findall(r"dip-[a-z]{20}", clerk.get("/agency").text) == before, "deliveries changed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_register_of_another_agency_is_refused_and_nothing_is_taken(country, language):
    words = {
        "th": "ส่งข้อมูลของทะเบียนนี้ได้เฉพาะหน่วยงานเจ้าของ โปรดเลือกทะเบียนของหน่วยงานท่าน",
        "en": "Only the agency that owns this register may deliver it. Choose a register of your own agency.",
    }
    clerk = country.visitors["clerk_dip"]
    with speaking(clerk, language):
        answer = clerk.post("/agency/upload", {"source": "diw"}, files={"file": ("a.csv", b"a,b\n1,2\n", "text/csv")})
    assert answer.status_code == 403
    assert words[language] in words_of(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mending_nothing_keeps_the_delivery_and_says_so(country, language):
    words = {"th": "ยังไม่มีแถวที่แก้ โปรดแก้อย่างน้อยหนึ่งแถว", "en": "No row has been mended. Mend at least one."}
    clerk, delivery = country.visitors["clerk_dip"], country.made["objects"]["delivery"]["of_dip"]["delivery_id"]
    before = words_of(clerk.get(f"/agency/deliveries/{delivery}"))
    with speaking(clerk, language):
        answer = clerk.post(f"/agency/deliveries/{delivery}/mend", {})
    assert answer.status_code == 422
    assert words[language] in words_of(answer)
    assert words_of(clerk.get(f"/agency/deliveries/{delivery}")) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_must_be_what_its_name_says(country, language):
    words = {
        "th": "รับเฉพาะไฟล์ PDF, JPG หรือ PNG และเนื้อไฟล์ต้องเป็นชนิดนั้นจริง",
        "en": "Only PDF, JPG or PNG files are taken, and the content must be what the name says.",
    }
    paper, before = country.made["objects"]["paper"]["ours"], standing(country, "ours_sent")
    with speaking(country.visitors["owner_ours"], language) as owner:
        answer = owner.post(
            f"/my/applications/{paper['application_id']}/papers/{paper['paper_id']}",
            files={"file": ("quotation.pdf", b"just words", "application/pdf")},
        )
    assert answer.status_code == 422
    assert words[language] in words_of(answer)
    assert standing(country, "ours_sent") == before


# -- a wrong id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0105564900128", {"th": "ต้องมี 13 หลัก ขึ้นต้นด้วย 0 และเลขตรวจสอบต้องตรง โปรดดูจากหนังสือรับรอง",
                           "en": "has 13 digits, begins with 0 and carries a check digit. See the company affidavit."}),
        ("010556490", {"th": "ต้องมี 13 หลัก", "en": "has 13 digits"}),
        ("010559999999" + thirteen_check_digit("010559999999"),
         {"th": "ยังไม่พบกิจการของเลขนี้ในทะเบียน หากเพิ่งจดทะเบียน ทะเบียนจะตามมาในรอบถัดไป",
          "en": "No business with this number is in the register yet. A new company follows with the next delivery."}),
    ],
)  # fmt: skip
def test_a_wrong_number_is_explained_and_what_was_typed_stays(country, number, words, language):
    owner = country.visitors["owner_ours"]
    form = {"number": number, "kind": "director", "evidence": "หนังสือรับรองลงวันที่ 1 ต.ค. 2569"}
    with speaking(owner, language):
        answer = owner.post("/my/enterprises/add", form)
    assert answer.status_code == 422
    assert words[language] in words_of(answer)
    assert 'href="#number"' in answer.text
    assert f'value="{number}"' in answer.text
    assert form["evidence"] in answer.text
    assert number not in str(answer.url), "a number of 13 digits stands in an address"


@pytest.mark.parametrize("language", LANGUAGES)
def test_typed_answers_stay_when_one_of_them_is_wrong(country, language):
    words = {"th": "โปรดกรอกจำนวนเงินเป็นบาท เช่น 1,500,000", "en": "Give an amount in baht, such as 1,500,000."}
    path = f"/my/applications/{case_of(country, 'ours_draft')['application_id']}/form"
    typed = {"amount_satang": "หนึ่งล้าน", "use_words": f"เครื่องบรรจุสองเครื่อง {language}", "tenor_months": "48"}
    owner = country.visitors["owner_ours"]
    with speaking(owner, language):
        answer = owner.post(path, typed)
    assert answer.status_code == 422
    assert words[language] in words_of(answer)
    assert 'href="#f-amount_satang"' in answer.text
    assert all(text in answer.text for text in typed.values())


# -- an ended or withdrawn consent, at the desk and by machine


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawn_consent_closes_the_case_file_at_the_desk(country, language):
    words = {
        "th": "กิจการถอนความยินยอมแล้ว จึงดูข้อมูลไม่ได้ หากจำเป็นโปรดขอความยินยอมใหม่",
        "en": "The enterprise has withdrawn its consent, so the data is closed. Ask for a new consent if it is needed.",
    }
    case = case_of(country, "ours_withdrawn_consent")
    officer = country.visitors["officer_smed"]
    with speaking(officer, language):
        answer = officer.get(f"/bank/applications/{case['application_id']}")
    assert answer.status_code == 403
    assert words[language] in words_of(answer)
    assert case["reference"] in words_of(answer), "the case itself is no longer there"
    assert country.made["numbers"]["ours"] not in answer.text
    assert "1,000,000" not in answer.text, "what the enterprise declared still shows"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_closed_case_says_that_its_consent_has_ended(country, language):
    words = {
        "th": "คำขอนี้จบแล้ว ความยินยอมจึงสิ้นสุด และข้อมูลของกิจการไม่แสดงอีก",
        "en": "The case is closed, so its consent has ended and the data of the business no longer shows.",
    }
    officer = country.visitors["officer_smed"]
    with speaking(officer, language):
        answer = officer.get(f"/bank/applications/{case_of(country, 'ours_closed')['application_id']}")
    assert answer.status_code == 200
    assert words[language] in words_of(answer)
    assert country.made["numbers"]["ours"] not in answer.text


@pytest.fixture
def exim(country):
    """EXIM's own system, with its own keys."""
    with Client(base_url=country.base, address=EXIM, keys=Keys.load(country.home / "demo" / "exim" / "keys")) as client:
        yield client


def test_a_live_consent_opens_the_profile_to_the_machine_it_names(country, exim):
    profile = exim.get_profile(consent_of(country, "theirs"), purpose=PURPOSE)
    assert profile.first("entity.juristic_id") == country.made["numbers"]["theirs"]


def test_a_withdrawn_consent_closes_the_profile_to_the_machine(country, exim):
    with pytest.raises(ConnectorError) as refused:
        exim.get_profile(consent_of(country, "theirs_withdrawn"), purpose=PURPOSE)
    assert refused.value.code == "consent-revoked"
    assert refused.value.th == "กิจการถอนความยินยอมแล้ว จึงดูข้อมูลไม่ได้ หากจำเป็นโปรดขอความยินยอมใหม่"
    assert refused.value.en.endswith("so the data is closed. Ask for a new consent if it is needed.")


def test_the_consent_of_a_closed_case_opens_nothing_to_the_machine(country, exim):
    with pytest.raises(ConnectorError) as refused:
        exim.get_profile(consent_of(country, "theirs_closed"), purpose=PURPOSE)
    assert refused.value.code in {"consent-expired", "consent-used", "consent-revoked"}
    assert "ความยินยอม" in refused.value.th
    assert "consent" in refused.value.en


# -- a second bank


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_bank_finds_no_such_case(country, language):
    case = case_of(country, "ours_sent")
    before = standing(country, "ours_sent")
    with speaking(country.visitors["officer_exim"], language) as kanya:
        looked = kanya.get(f"/bank/applications/{case['application_id']}")
        declined = kanya.post(f"/bank/applications/{case['application_id']}/decline", {"reason_1": "R3", "sure": "yes"})
    for answer in (looked, declined):
        assert answer.status_code == 404
        assert ABSENT[language] in words_of(answer)
        assert case["reference"] not in answer.text
    assert standing(country, "ours_sent") == before


def test_a_second_banks_key_learns_nothing_of_a_case_and_changes_nothing(country, exim):
    before = standing(country, "ours_sent")
    now = exim._now().isoformat()
    decided = {"decision": "declined", "reason_codes": ["R3"], "decided_at": now}
    theirs, absent = (
        exim.send_events([exim.event("loan.application.decided", one, decided)])[0]
        for one in (case_of(country, "ours_sent")["application_id"], ABSENT_ID)
    )
    assert not theirs.is_accepted
    assert (theirs.code, theirs.th, theirs.en) == (absent.code, absent.th, absent.en)
    assert theirs.th
    assert theirs.en
    assert standing(country, "ours_sent") == before
    for name in ("ours", "ours_withdrawn"):
        with pytest.raises(ConnectorError) as refused:
            exim.get_profile(consent_of(country, name), purpose=PURPOSE)
        with pytest.raises(ConnectorError) as nothing:
            exim.get_profile(ABSENT_ID, purpose=PURPOSE)
        said, known = refused.value.as_json()["problem"], nothing.value.as_json()["problem"]
        assert {**said, "request_id": ""} == {**known, "request_id": ""}
        assert "โปรดขอความยินยอมจากกิจการ" in refused.value.th
        assert "Ask the enterprise" in refused.value.en


# -- a wrong key and a wrong token


def test_a_strange_key_is_told_where_to_look_and_whom_to_ask(country):
    stranger = Client(base_url=country.base, address=EXIM, keys=Keys.make())
    with stranger, pytest.raises(ConnectorError) as refused:
        stranger.list_news()
    assert refused.value.code == "party-unknown"
    assert "โปรดตรวจ X-Road-Client และรหัสกุญแจ หรือลงทะเบียนกับสำนักงาน" in refused.value.th
    assert "Check X-Road-Client and the key id, or register with the office." in refused.value.en


def test_a_wrong_token_is_told_to_get_a_new_one(exim, monkeypatch):
    monkeypatch.setattr(exim, "_token", lambda *_, **__: "eyJhbGciOiJFZERTQSJ9.e30.AAAA")
    with pytest.raises(ConnectorError) as refused:
        exim.list_news()
    assert refused.value.code == "token-invalid"
    assert "โปรดขอโทเคนใหม่" in refused.value.th
    assert "Get a new one." in refused.value.en


def test_a_call_without_a_token_is_a_problem_in_both_languages(country):
    consent = consent_of(country, "theirs")
    path = f"/r1/TH-TEST/GOV/0994000000000/hub/enterprise-profile/v1/consents/{consent}/enterprise"
    answer = country.visitors["anonymous"].get(path)
    problem = answer.json()
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert problem["title"]
    assert problem["title_th"]
    assert problem["next"]
    assert problem["next_th"]
    assert country.visitors["anonymous"].get(problem["type"].removeprefix(country.base)).status_code == 200


# -- a missing datum


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_datum_is_named_and_so_is_what_would_settle_it(country, language):
    words = {
        "th": ("ยังตอบไม่ได้ ขาดข้อมูล", "ข้อมูลที่จะชี้ขาด ส่งออกใน 12 เดือนที่ผ่านมามูลค่าเท่าใด (ต้องมี) แนบใบขนสินค้าขาออก",
               "มูลค่าส่งออก 12 เดือนล่าสุด: ยังไม่มีทะเบียนใดระบุ"),
        "en": ("Cannot be answered yet: data is missing",
               "What would settle it What were the exports of the last 12 months? (must have some) Attach 12 months of export declarations",
               "Exports of the last 12 months: no register says"),
    }  # fmt: skip
    owner = country.visitors["owner_ours"]
    with speaking(owner, language):
        shown = words_of(owner.get("/my/opportunities/EXIM-D-EXPORT"))
    for sentence in words[language]:
        assert sentence in shown
