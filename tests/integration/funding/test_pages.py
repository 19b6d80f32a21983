"""The owner's and the officer's pages play one loan by form posts alone, with no JavaScript."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from funding_world import ANSWERS, OURS

from iindustry.funding import services as funding
from iindustry.kernel.clock import FixedClock, SystemClock
from iindustry.kernel.errors import Rejected
from iindustry.kernel.ids import new_id
from iindustry.protection import services as protection

THAI = re.compile(r"[ก-๙]")
PDF = b"%PDF-1.7\nmade up\n"


@pytest.fixture
def clock():
    return FixedClock(SystemClock().now())


@pytest.fixture(autouse=True)
def home_of_pages(monkeypatch, home):
    monkeypatch.setattr(settings, "HOME", home)
    (home.root / "keys").mkdir(parents=True, exist_ok=True)


def browser(username, language="th"):
    client = Client()
    client.force_login(
        get_user_model().objects.get(username=username), "allauth.account.auth_backends.AuthenticationBackend"
    )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def hidden(response):
    return dict(re.findall(r'<input type="hidden" name="(version|key)" value="([^"]*)">', response.content.decode()))


class Shape(HTMLParser):
    """What must hold of every page: one h1, a label for every field, no id twice, no 13-digit number in an address."""

    def __init__(self):
        super().__init__()
        self.h1, self.ids, self.labels, self.fields, self.addresses, self.inline = 0, [], set(), [], [], []

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        self.h1 += tag == "h1"
        if "id" in at:
            self.ids.append(at["id"])
        if tag == "label":
            self.labels.add(at.get("for"))
        if tag in {"input", "select", "textarea"} and at.get("type") != "hidden":
            self.fields.append(at.get("id"))
        self.addresses += [at[name] for name in ("href", "action") if name in at]
        self.inline += [name for name in at if name == "style" or name.startswith("on")]


def well_made(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    shape = Shape()
    text = response.content.decode()
    shape.feed(text)
    assert shape.h1 == 1
    assert len(shape.ids) == len(set(shape.ids)), [one for one in shape.ids if shape.ids.count(one) > 1]
    assert set(shape.fields) <= shape.labels, set(shape.fields) - shape.labels
    assert not [one for one in shape.addresses if re.search(r"\d{13}", one)]
    assert not shape.inline
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL).group(1)
    assert not re.search(r"\d{13}|ทดสอบ", title)
    return text


def test_one_loan_from_home_to_payment_by_forms_alone(world):
    malee, anan = browser("owner"), browser("smed-officer")
    well_made(malee.get("/my"))
    well_made(malee.get("/my/enterprise"))
    well_made(malee.get("/my/apply/SMED-D-LOCAL"))
    place = malee.post("/my/apply/SMED-D-LOCAL").headers["Location"]
    assert "ยังเริ่มไม่ได้" in well_made(malee.get(place))
    form = malee.get(f"{place}/form")
    well_made(form)
    saved = malee.post(f"{place}/form", ANSWERS | hidden(form))
    assert saved.status_code == 302
    assert "1,500,000" in well_made(malee.get(f"{place}/check"))
    consent = malee.get(f"{place}/consent")
    well_made(consent)
    again = malee.post(f"{place}/consent", hidden(consent))
    assert "govuk-error-summary" in well_made(again, 422)
    sent = malee.post(f"{place}/consent", hidden(consent) | {"agree": "yes"}, follow=True)
    assert "ส่งคำขอแล้ว" in well_made(sent)
    [case] = funding.list_for_lender(actor=world.smed)
    desk = f"/bank/applications/{case.id}"

    assert case.reference in well_made(anan.get("/bank"))
    page = anan.get(desk)
    text = well_made(page)
    assert "บริษัท ทดสอบ จำกัด" in text
    anan.post(f"{desk}/claim", hidden(page))
    page = anan.get(desk)
    asked = {"code": "investment_plan", "words": "ขอแผน 1 หน้า", "due_day": "1", "due_month": "12", "due_year": "2599"}
    assert anan.post(f"{desk}/ask", hidden(page) | asked).status_code == 302

    home = well_made(malee.get("/my"))
    paper = re.search(r"/my/applications/[-0-9a-f]+/papers/[-0-9a-f]+", home).group(0)
    well_made(malee.get(paper))
    wrong = malee.post(paper, {"file": SimpleUploadedFile("plan.pdf", b"MZ not a pdf")})
    assert "PDF, JPG" in well_made(wrong, 422)
    assert malee.post(paper, {"file": SimpleUploadedFile("plan.pdf", PDF)}).status_code == 302

    page = anan.get(desk)
    file = re.search(rf"{desk}/papers/[-0-9a-f]+", well_made(page)).group(0)
    served = anan.get(file)
    assert b"".join(served.streaming_content) == PDF
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    bad = anan.post(f"{desk}/approve", hidden(page) | {"amount": "9,000,000", "tenor": "60"})
    assert re.search("govuk-error-summary(?!.*>—</strong>)", well_made(bad, 422), re.DOTALL), (
        "no fault told, or its state lost"
    )
    good = hidden(page) | {"amount": "1,200,000", "tenor": "60", "rate": "3 % ต่อปี", "conditions": "ตามสัญญา"}
    assert anan.post(f"{desk}/approve", good).status_code == 302
    page = anan.get(desk)
    today = world.clock.today()
    paid = {"amount": "1,200,000", "paid_day": today.day, "paid_month": today.month, "paid_year": today.year + 543}
    assert anan.post(f"{desk}/disburse", hidden(page) | paid).status_code == 302
    assert "1,200,000.00 บาท" in well_made(malee.get(place))
    closed = well_made(anan.get(desk))
    assert "บริษัท ทดสอบ จำกัด" not in closed


def test_the_queue_says_where_a_business_is_only_while_its_consent_lives(world):
    case, anan = world.sent(), browser("smed-officer")
    assert {"มุกดาหาร", "1.50"} <= set(re.findall(r"มุกดาหาร|1\.50", well_made(anan.get("/bank"))))
    assert case.reference in well_made(anan.get("/bank?province=49"))
    protection.withdraw_consent(case.consent_id, actor=world.owner, clock=world.clock)
    queue = well_made(anan.get("/bank"))
    assert case.reference in queue
    assert not re.search(r"มุกดาหาร|1\.50", queue)  # nor what the owner asked for
    assert case.reference not in well_made(anan.get("/bank?province=49"))


def test_a_decline_is_previewed_in_the_words_the_owner_reads(world):
    case = world.sent()
    anan, malee = browser("smed-officer"), browser("owner")
    desk = f"/bank/applications/{case.id}/decline"
    page = anan.get(desk)
    well_made(page)
    assert "โปรดเลือกเหตุผล" in well_made(anan.post(desk, hidden(page)), 422)
    chosen = hidden(page) | {"reason_1": "R2", "reason_2": "R4", "words": "ลดวงเงินได้"}
    preview = well_made(anan.post(desk, chosen))
    assert funding.get_application(case.id, actor=world.smed).decided_at is None
    assert anan.post(desk, chosen | {"sure": "yes"}).status_code == 302
    read = well_made(malee.get(f"/my/applications/{case.id}"))
    for sentence in ("หลักประกันยังไม่พอสำหรับวงเงินที่ขอ", "ให้ บสย. ค้ำประกัน", "ลดวงเงินได้"):
        assert sentence in preview
        assert sentence in read


def test_after_a_withdrawn_consent_the_case_page_says_so_and_shows_no_value(world):
    case = world.sent()
    anan = browser("smed-officer")
    assert "42,000,000.00" in well_made(anan.get(f"/bank/applications/{case.id}"))
    protection.withdraw_consent(case.consent_id, actor=world.owner, clock=world.clock)
    text = well_made(anan.get(f"/bank/applications/{case.id}"), 403)
    assert "ข้อมูลของกิจการปิดแล้ว" in text
    assert "42,000,000.00" not in text
    assert "0812345678" not in text


def test_after_a_withdrawn_consent_the_desk_offers_only_to_end_the_case(world):
    case, anan = world.sent(), browser("smed-officer")
    desk = f"/bank/applications/{case.id}"
    acts = ("claim", "ask", "approve", "disburse")
    shown = well_made(anan.get(desk))
    assert [f'action="{desk}/{act}"' in shown for act in acts] == [True, True, True, False]
    protection.withdraw_consent(case.consent_id, actor=world.owner, clock=world.clock)
    closed = well_made(anan.get(desk), 403)
    assert not any(f'action="{desk}/{act}"' in closed for act in acts)
    assert f'href="{desk}/decline?reason_1=R0"' in closed
    assert anan.post(f"{desk}/claim", hidden(anan.get(f"{desk}/decline"))).status_code == 403
    told = hidden(anan.get(f"{desk}/decline?reason_1=R0")) | {"reason_1": "R4", "words": "", "sure": "yes"}
    assert "กิจการถอนความยินยอมแล้ว" in well_made(anan.post(f"{desk}/decline", told), 403)
    assert anan.post(f"{desk}/decline", told | {"reason_1": "R0"}).status_code == 302
    assert funding.get_application(case.id, actor=world.smed).status.value == "declined"


@pytest.mark.parametrize("username", ["exim-officer", "other", "owner"])
def test_who_may_not_know_of_a_case_sees_an_absent_page(world, username):
    case = world.sent()
    client = browser(username)
    for kind in ("bank", "my"):
        if (username, kind) == ("owner", "my"):
            continue
        there = client.get(f"/{kind}/applications/{case.id}")
        absent = client.get(f"/{kind}/applications/{new_id()}")
        assert there.status_code == absent.status_code == 404
        assert len(there.content) == len(absent.content)


def test_a_stale_form_changes_nothing_and_says_so(world):
    case = world.sent()
    anan, other = browser("smed-officer"), browser("smed-officer-2")
    page = anan.get(f"/bank/applications/{case.id}")
    other.post(f"/bank/applications/{case.id}/claim", hidden(other.get(f"/bank/applications/{case.id}")))
    typed = {"amount": "900,000", "tenor": "48", "rate": "MLR - 1", "conditions": "จดจำนองก่อนเบิก"}
    answer = anan.post(f"/bank/applications/{case.id}/approve", hidden(page) | typed)
    text = well_made(answer, 409)
    assert funding.get_application(case.id, actor=world.smed).approved_satang is None
    assert all(one in text for one in typed.values())  # nothing typed is lost: the next press sends it
    assert anan.post(f"/bank/applications/{case.id}/approve", hidden(answer) | typed).status_code == 302
    assert funding.get_application(case.id, actor=world.smed).approved_satang == 90_000_000


def test_a_stale_decline_keeps_the_words_that_were_typed(world):
    case = world.sent()
    anan, desk = browser("smed-officer"), f"/bank/applications/{case.id}/decline"
    seen = hidden(anan.get(desk))
    funding.claim(case.id, actor=world.smed_two, clock=world.clock)
    typed = {"reason_1": "R2", "words": "ลดวงเงินได้", "sure": "yes"}
    answer = anan.post(desk, seen | typed)
    assert "ลดวงเงินได้" in well_made(answer, 409)
    assert anan.post(desk, hidden(answer) | typed).status_code == 302


def test_a_day_that_is_wrong_stays_as_it_was_typed(world):
    case = world.sent()
    anan, desk = browser("smed-officer"), f"/bank/applications/{case.id}"
    asked = {"code": "accounts", "words": "", "due_day": "31", "due_month": "2", "due_year": "2570"}
    text = well_made(anan.post(f"{desk}/ask", hidden(anan.get(desk)) | asked), 422)
    for part in ("day", "month", "year"):
        assert re.search(rf'name="due_{part}" inputmode="numeric" value="{asked["due_" + part]}"', text)


def test_the_summary_says_which_field_each_sentence_is_of(world):
    draft, malee = world.draft(), browser("owner", "en")
    wrong = {"amount_satang": "a lot", "revenue_expected_satang": "more"}
    text = well_made(malee.post(f"/my/applications/{draft.id}/form", ANSWERS | wrong), 422)
    told = re.findall(r'<li><a href="#f-\w+">([^<]*)</a></li>', text)
    assert [one.split(":")[0] for one in told] == [
        "Amount asked for (baht)", "Revenue expected in the next 12 months (baht)",
    ]  # fmt: skip


def test_an_owners_stale_form_keeps_what_was_typed(world):
    draft = world.draft()
    malee, place = browser("owner"), f"/my/applications/{draft.id}/form"
    seen = hidden(malee.get(place))
    funding.save_answers(draft.id, {"tenor_months": "36"}, actor=world.owner, clock=world.clock)
    typed = ANSWERS | world.use_of("SMED-D-LOCAL") | {"use_words": "เครื่องซีลสุญญากาศ 2 เครื่อง"}
    answer = malee.post(place, typed | seen)
    assert typed["use_words"] in well_made(answer, 409)
    assert funding.get_application(draft.id, actor=world.owner).answers["tenor_months"] == 36
    assert malee.post(place, typed | hidden(answer)).status_code == 302
    assert funding.get_application(draft.id, actor=world.owner).answers["use_words"] == typed["use_words"]


@pytest.mark.parametrize(
    ("username", "path", "status"),
    [
        ("owner", f"/my/applications/{new_id()}", 404), ("owner", "/nowhere", 404), ("owner", "/my", 200),
        ("smed-officer", f"/bank/applications/{new_id()}/claim", 404),
    ],
)  # fmt: skip
def test_no_cache_keeps_a_page_that_names_who_asks(world, username, path, status):
    client = browser(username)
    answer = client.post(path) if path.endswith("claim") else client.get(path)
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "no-store" not in Client().get("/nowhere").headers.get("Cache-Control", "")


def test_a_wrong_value_is_disputed_from_beside_it(world, monkeypatch):
    client = browser("owner")
    address = "/my/enterprise/correct/entity.revenue_satang"
    assert address in well_made(client.get("/my/enterprise"))
    well_made(client.get(address))

    def refused(*_, **__):
        raise Rejected("correction-empty", field="proposed")

    monkeypatch.setattr("iindustry.register.services.request_correction", refused)
    assert "govuk-error-summary" in well_made(client.post(address, {"proposed": "", "reason": ""}), 422)
    asked = []
    monkeypatch.setattr(
        "iindustry.register.services.request_correction", lambda *given, **how: asked.append((given, how))
    )
    assert client.post(address, {"proposed": "50000000", "reason": "งบปี 2568"}).status_code == 302
    assert asked[0][0] == (OURS, "entity.revenue_satang", "50000000", "งบปี 2568")
    assert client.get("/my/enterprise/correct/entity.capital_satang").status_code == 404


def test_adding_a_business_waits_to_be_checked(world, monkeypatch):
    client = browser("owner")
    well_made(client.get("/my/enterprises/add"))
    typed = {"number": "0495560900011", "kind": "director", "evidence": "หนังสือรับรอง"}
    assert "govuk-error-summary" in well_made(client.post("/my/enterprises/add", typed), 422)
    from funding_world import THEIRS, enterprise

    from iindustry.kernel.ids import thirteen_check_digit

    monkeypatch.setattr("iindustry.register.services.find_by_juristic_id", lambda _: enterprise(THEIRS))
    typed["number"] = "049556090001" + thirteen_check_digit("049556090001")
    page = client.post("/my/enterprises/add", typed, follow=True)
    assert "รอตรวจสอบ" in well_made(page)
    assert client.post("/my/enterprises/choose", {"enterprise": THEIRS}).status_code == 404


@pytest.mark.parametrize("where", ["/my", "/my/enterprise", "/my/apply/SMED-D-LOCAL", "{my}", "{my}/withdraw"])
def test_english_pages_hold_no_thai_but_data(world, where):
    case = world.sent()
    text = browser("owner", "en").get(where.format(my=f"/my/applications/{case.id}")).content.decode()
    body = re.sub(
        r'<(\w+)[^>]*lang="th"[^>]*>.*?</\1>', "", text.split("<main")[1].split("</main>")[0], flags=re.DOTALL
    )
    body = body.replace("บริษัท ทดสอบ จำกัด", "").replace("มอก. 1", "").replace("โรงงาน ก", "")
    assert not THAI.search(body), THAI.search(body) and body[max(0, THAI.search(body).start() - 80) :][:200]


@pytest.mark.parametrize("where", ["/bank", "{desk}", "{desk}/decline"])
def test_the_desk_in_english_holds_no_thai_but_data(world, where):
    case = world.sent()
    text = browser("smed-officer", "en").get(where.format(desk=f"/bank/applications/{case.id}")).content.decode()
    body = re.sub(
        r'<(\w+)[^>]*lang="th"[^>]*>.*?</\1>', "", text.split("<main")[1].split("</main>")[0], flags=re.DOTALL
    )
    for data in ("บริษัท ทดสอบ จำกัด", "มอก. 1", "โรงงาน ก", ANSWERS["use_words"]):
        body = body.replace(data, "")
    assert not THAI.search(body), THAI.search(body) and body[max(0, THAI.search(body).start() - 80) :][:200]


@pytest.mark.parametrize(
    ("username", "where"),
    [("owner", "/my"), ("owner", "/my/enterprise"), ("owner", "{my}"), ("smed-officer", "/bank")],
)
def test_a_page_asks_the_database_little(world, django_assert_max_num_queries, username, where):
    case = world.sent()
    world.draft("EXIM-D-EXPORT")
    client = browser(username)
    with django_assert_max_num_queries(12):
        assert client.get(where.format(my=f"/my/applications/{case.id}")).status_code == 200
