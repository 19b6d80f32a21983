"""The clerk's pages: upload, see three faults beside their cells, mend them, and see the rows accepted."""

from __future__ import annotations

import io
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from iindustry.accounts import services as accounts
from iindustry.kernel.actors import Role
from iindustry.kernel.home import Home
from iindustry.sources.models import Delivery

pytestmark = pytest.mark.django_db

HEADING = "รหัสผู้เข้าร่วม,โครงการ,ปีงบประมาณ,ชื่อสถานประกอบการ,เลขประจำตัวผู้เสียภาษี,จังหวัด\n"
BROKEN = HEADING + (
    "P-1,ยกระดับผลิตภาพ,2569,บริษัท ตัวอย่างหนึ่ง จำกัด,0105558197632,ชลบุรี\n"
    "P-2,ยกระดับผลิตภาพ,2569,,,ชลบุรี\n"
    "P-3,ยกระดับผลิตภาพ,2569,ร้าน <b>สาม</b>,1234567890121,เมืองทิพย์\n"
    "P-4,ยกระดับผลิตภาพ,1569,ร้าน ตัวอย่างสี่,,ตาก\n"
)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", Home(tmp_path))


@pytest.fixture
def sign_in(client, clock):
    def run(username, organisation, role=Role.AGENCY_OFFICER):
        person = accounts.enrol(username, "ทดสอบ", "Test", role, organisation, clock=clock)
        from iindustry.accounts.models import Person

        client.force_login(Person.objects.get(id=person), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return run


def upload(client, content=BROKEN, source="dip", name="โครงการ 2569.csv"):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return client.post("/agency/upload", {"source": source, "file": file, "period": ""})


def test_a_broken_file_is_mended_in_the_page(sign_in):
    client = sign_in("wipa", "dip")
    answer = upload(client)
    assert answer.status_code == 302
    page = client.get(answer.url)
    text = page.content.decode()
    assert "รับแล้ว 1 แถว ยังต้องแก้ 3 แถว" in text
    for said in ("ยังไม่ได้กรอก “ชื่อสถานประกอบการ”", "ไม่มีจังหวัดชื่อนี้", "ปีงบประมาณต้องเป็นปี พ.ศ. สี่หลัก"):
        assert said in text
    assert "1234567890121" not in text
    assert "<b>สาม</b>" not in text
    mended = {
        "r3-name": "ร้าน สอง",
        "r4-province": "ตาก",
        "r4-juristic_id": "x-xxxx-xxxxx-xx-1",
        "r5-fiscal_year_be": "2569",
    }
    answer = client.post(answer.url + "/mend", mended, follow=True)
    text = answer.content.decode()
    assert "รับแถวที่แก้แล้ว 3 แถว" in text
    assert "แถวที่ต้องแก้" not in text
    assert sorted(Delivery.objects.values_list("row_count", "accepted_count")) == [(3, 3), (4, 1)]
    assert "ส่งล่าสุด" in client.get("/agency").content.decode()


def test_english_says_the_same(sign_in):
    client = sign_in("wipa", "dip")
    address = upload(client).url
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = client.get(address).content.decode()
    assert "There is no province of this name. Write one of the 77 provinces." in text


def test_nothing_changed_is_said_and_typed_text_stays(sign_in):
    client = sign_in("wipa", "dip")
    address = upload(client).url
    answer = client.post(address + "/mend", {"r4-province": "เมืองทิพย์"})
    assert answer.status_code == 422
    assert "ยังไม่มีแถวที่แก้" in answer.content.decode()


def test_the_workbook_goes_round(sign_in):
    from openpyxl import load_workbook

    client = sign_in("wipa", "dip")
    address = upload(client).url
    book = load_workbook(io.BytesIO(client.get(address + "/rows").content))
    sheet = book.active
    heading = [cell.value for cell in sheet[1]]
    sheet.cell(3, heading.index("จังหวัด") + 1).value = "ตาก"
    out = io.BytesIO()
    book.save(out)
    answer = client.post(
        address + "/workbook", {"workbook": SimpleUploadedFile("แก้.xlsx", out.getvalue())}, follow=True
    )
    assert "รับแถวที่แก้แล้ว 1 แถว" in answer.content.decode()
    assert "ยังต้องแก้ 2 แถว" in answer.content.decode()


def test_a_file_that_cannot_be_read_says_what_where_and_what_to_do(sign_in):
    client = sign_in("wipa", "dip")
    answer = upload(client, b"PK\x03\x04 nothing", name="x.xlsx")
    assert answer.status_code == 422
    assert 'href="#file"' in answer.content.decode()


MOVED = (
    "ลำดับ,จังหวะ,กิจการ,เลขผู้เสียภาษี,รหัสผู้เข้าร่วมฯ,ชื่อโครงการ,ปีงบ\n"
    "1,ชลบุรี,บริษัท ตัวอย่างหนึ่ง จำกัด,0105558197632,P-1,ยกระดับผลิตภาพ,2569\n2,ตาก,ร้าน สอง,,P-2,ยกระดับผลิตภาพ,2568\n"
)
CHOSEN = {
    "column-participant_id": "รหัสผู้เข้าร่วมฯ",
    "column-programme": "ชื่อโครงการ",
    "column-fiscal_year_be": "ปีงบ",
    "column-name": "กิจการ",
    "column-juristic_id": "เลขผู้เสียภาษี",
    "column-province": "จังหวะ",
}


def test_unknown_headings_are_checked_once_and_remembered(sign_in):
    client = sign_in("wipa", "dip")
    answer = upload(client, MOVED)
    assert answer.status_code == 302
    assert answer.url.startswith("/agency/incoming/")
    page = client.get(answer.url).content.decode()
    assert "ตรวจว่าระบบเข้าใจคอลัมน์ถูกต้อง" in page
    assert '<option value="จังหวะ" selected>' in page
    chosen = {name: heading for name, heading in CHOSEN.items() if f'id="{name}"' in page}
    assert len(chosen) == len(CHOSEN), "the form lacks a column"
    seen = client.post(answer.url, chosen | {"act": "look"})
    assert seen.status_code == 200
    assert Delivery.objects.count() == 0
    read = client.post(answer.url, chosen | {"act": "read"}, follow=True)
    assert "รับครบแล้วทั้ง 2 แถว" in read.content.decode()
    assert client.get(answer.url).status_code == 404
    again = upload(client, MOVED.replace("P-1", "P-8").replace("P-2", "P-9"))
    assert again.url.startswith("/agency/deliveries/"), "what was confirmed is not remembered"


def test_the_language_switch_keeps_what_was_chosen(sign_in):
    client = sign_in("wipa", "dip")
    address = upload(client, MOVED).url
    chosen = CHOSEN | {"column-name": "ลำดับ", "column-district": "จังหวะ", "split-district": "1"}
    answer = client.post(address, chosen | {"speak": "en"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Check that the columns are understood" in page
    assert page.count('<option value="ลำดับ" selected>') == 1, "the column chosen before the switch is not kept"
    assert re.search(r'name="split-district" value="1" checked', page)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert 'form="columns"' in page
    assert 'name="speak" value="th"' in page
    assert Delivery.objects.count() == 0
    incomplete = client.post(address, {"column-name": "กิจการ", "speak": "th"})
    assert "ตรวจว่าระบบเข้าใจคอลัมน์ถูกต้อง" in incomplete.content.decode()
    assert "govuk-error-summary" not in incomplete.content.decode(), "a switch is not a press of the form"


def test_the_language_switch_keeps_what_was_typed_while_mending(sign_in):
    client = sign_in("wipa", "dip")
    address = upload(client).url
    answer = client.post(address + "/mend", {"r4-province": "ตากกกก", "r3-name": "ร้าน <สอง>", "speak": "en"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="ตากกกก"' in page
    assert 'value="ร้าน &lt;สอง&gt;"' in page
    assert "Rows to mend" in page
    assert "There is no province of this name" in page
    assert Delivery.objects.count() == 1, "a switch sends no row"
    assert client.get(address + "/mend").url == address, "the page after a switch can be asked for again"


def test_the_language_switch_keeps_the_register_and_period_of_an_upload(sign_in):
    client = sign_in("tida", "dbd")
    page = client.post(
        "/agency/upload", {"source": "dbd_accounts", "period": "2569-10", "speak": "en"}
    ).content.decode()
    assert re.search(r'value="dbd_accounts" required checked', page)
    assert 'value="2569-10"' in page
    assert "govuk-error-summary" not in page


WITHOUT_YEAR = "รหัสผู้เข้าร่วมฯ,กิจการ,ชื่อโครงการ,จังหวะ\nP-1,ร้าน หนึ่ง,ยกระดับ,ตาก\nP-2,ร้าน สอง,ยกระดับ,น่าน\nรวม,,,\n"
YEAR_SAID = {
    "column-participant_id": "รหัสผู้เข้าร่วมฯ", "column-name": "กิจการ", "column-programme": "ชื่อโครงการ",
    "column-province": "จังหวะ", "column-fiscal_year_be": "", "const-fiscal_year_be": "2568", "act": "read",
}  # fmt: skip


def test_one_value_for_every_row_is_said_and_a_year_is_asked_again(sign_in):
    client = sign_in("wipa", "dip")
    address = upload(client, WITHOUT_YEAR).url
    read = client.post(address, YEAR_SAID, follow=True).content.decode()
    assert "รับครบแล้วทั้ง 2 แถว" in read
    assert "ปีงบประมาณ: 2568" in read, "the constant is not said with the delivery"
    again = upload(client, WITHOUT_YEAR.replace("P-1", "P-8"))
    assert again.url.startswith("/agency/incoming/"), "last year's year was taken without a question"
    page = client.get(again.url).content.decode()
    assert "ถามอีกครั้ง" in page
    assert "ไฟล์ก่อนเป็น “2568”" in page
    assert re.search(r'name="const-fiscal_year_be" value=""', page)
    assert '<option value="กิจการ" selected>' in page, "what is no period is remembered"
    assert client.post(again.url, YEAR_SAID | {"const-fiscal_year_be": ""}).status_code == 422
    done = client.post(again.url, YEAR_SAID | {"const-fiscal_year_be": "2569"}, follow=True).content.decode()
    assert "ปีงบประมาณ: 2569" in done


def test_a_remembered_year_is_refused_where_nobody_looks(sign_in, clock, tmp_path):
    from iindustry.kernel.actors import Actor
    from iindustry.kernel.errors import Rejected
    from iindustry.sources import services as sources

    client = sign_in("wipa", "dip")
    client.post(upload(client, WITHOUT_YEAR).url, YEAR_SAID)
    path = tmp_path / "next.csv"
    path.write_text(WITHOUT_YEAR.replace("P-1", "P-8"), encoding="utf-8")
    system = Actor(Role.AGENCY_OFFICER, organisation="dip", subsystem="TH-TEST/GOV/0994000000049/register")
    with pytest.raises(Rejected, match="constant-again") as refusal:
        sources.deliver(path, source="dip", filename="next.csv", actor=system, home=settings.HOME, clock=clock)
    assert refusal.value.facts["value"] == "2568"


def test_a_line_of_totals_is_no_row_of_the_sample(sign_in):
    client = sign_in("wipa", "dip")
    page = client.get(upload(client, WITHOUT_YEAR).url).content.decode()
    sample = page.partition("<tbody")[2].partition("</tbody>")[0]
    assert sample.count("<tr") == 2
    assert "รวม" not in sample


def test_a_required_column_left_out_is_asked_for_beside_its_field(sign_in):
    client = sign_in("wipa", "dip")
    address = upload(client, MOVED).url
    answer = client.post(address, CHOSEN | {"column-name": "", "act": "read"})
    assert answer.status_code == 422
    assert Delivery.objects.count() == 0


def test_a_waiting_file_of_another_agency_is_absent(sign_in):
    address = upload(sign_in("wipa", "dip"), MOVED).url
    other = sign_in("tida", "tisi")
    assert other.get(address).status_code == 404
    assert other.post(address, CHOSEN | {"act": "read"}).status_code == 404
    assert other.get(address + "/reading").status_code == 404


def test_another_agency_finds_nothing_there(sign_in):
    address = upload(sign_in("wipa", "dip")).url
    other = sign_in("tida", "tisi")
    made_up = "/agency/deliveries/dip-bcdfghjkmnpqrstvbcdf"
    absent = other.get(made_up)
    for path in ("", "/rows"):
        answer = other.get(address + path)
        assert answer.status_code == 404
        assert _bare(answer, address + path) == _bare(absent, made_up)
    assert other.post(address + "/mend", {"r3-name": "x"}).status_code == 404
    assert upload(other).status_code in {403, 422}
    assert other.get("/agency/templates/dip").status_code == 404
    owner = sign_in("malee2", None, Role.OWNER)
    assert owner.get("/agency").status_code == 404


def _bare(answer, address):
    """A page without what differs at every call: the form token and its own address."""
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode()).replace(address, "")


def test_pages_stay_under_twelve_statements(sign_in, django_assert_max_num_queries):
    client = sign_in("wipa", "dip")
    address = upload(client).url
    for page in ("/agency", "/agency/upload", address, "/agency/corrections"):
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200


def test_the_template_can_be_delivered_back(sign_in):
    client = sign_in("wipa", "dip")
    content = client.get("/agency/templates/dip").content
    answer = upload(client, content, name="template.xlsx")
    assert answer.status_code == 302
    assert Delivery.objects.get().accepted_count == 1


def test_the_page_says_when_her_rows_have_joined(sign_in):
    import polars as pl

    client = sign_in("wipa", "dip")
    address = upload(client).url
    assert "จะเข้าพร้อมทะเบียนกลางรุ่นแรก" in client.get(address).content.decode()
    folder = settings.HOME.register / "v1"
    folder.mkdir(parents=True)
    members = {"source": ["dip", "dbd"], "record_key": ["P-9", "0105558197632"], "enterprise_id": ["ENT-1", "ENT-1"]}
    pl.DataFrame(members).write_parquet(folder / "members.parquet")
    (settings.HOME.register / "CURRENT").write_text("v1")
    assert "1 แถวจะเข้าพร้อมทะเบียนกลางรุ่นถัดไป" in client.get(address).content.decode()
    pl.DataFrame(members | {"record_key": ["P-1", "0105558197632"]}).write_parquet(folder / "members.parquet")
    assert "1 แถวอยู่ในทะเบียนกลางรุ่น v1 แล้ว" in client.get(address).content.decode()
    assert "1 แถวเชื่อมกับทะเบียนอื่นได้" in client.get("/agency").content.decode()
