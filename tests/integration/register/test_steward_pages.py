"""The steward's pages: the queue, one pair judged, look-up by name and number, one enterprise with a person's name hidden."""

from __future__ import annotations

import re

import pytest

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.kernel.actors import Actor, Role
from iindustry.linkage import services as linkage
from iindustry.register import services as register

from .conftest import JURISTIC, ROWS, frame

pytestmark = pytest.mark.django_db
OTHER = "0105558197632"
NAMESAKES = [
    {"source": "dbd", "record_key": OTHER, "juristic_id": OTHER, "id_state": "valid", "is_person": False,
     "name_raw": "บริษัท ริมโขงแปรรูปอาหาร จำกัด", "province_code": "10", "district_code": "1001", "subdistrict_code": "100101"},
    {"source": "dip", "record_key": "P2", "is_person": False, "name_raw": "บริษัท ริมโขงแปรรูปอาหาร จำกัด",
     "province_code": "49", "district_code": "4901", "subdistrict_code": "490104", "programme": "ก", "result": "passed"},
]  # fmt: skip


@pytest.fixture
def steward(client, clock, publish):
    publish(frame(ROWS + NAMESAKES))
    person = accounts.enrol("chai", "ชัย", "Chai", Role.STEWARD, "oie", clock=clock)
    client.force_login(Person.objects.get(id=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def body(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_the_queue_tells_what_waits_and_how_good_the_version_is(steward):
    text = body(steward.get("/steward"))
    assert text.count("<h1") == 1
    assert "มีกิจการชื่อเดียวกันมากกว่าหนึ่งราย" in text
    assert "ใช้อยู่" in text
    assert "ความแม่นยำ" in text
    assert JURISTIC not in text
    english = body(
        steward.get("/steward", headers={"cookie": steward.cookies.output(header="", sep=";") + "; django_language=en"})
    )
    assert "More than one enterprise carries this name" in english


def test_a_pair_is_seen_in_words_and_judged(steward):
    item = next(one for one in linkage.list_review(limit=9) if one.left.source == "dbd")
    text = body(steward.get(f"/steward/pairs/{item.pair_id}"))
    for said in ("กรมพัฒนาธุรกิจการค้า", "กรมส่งเสริมอุตสาหกรรม", "ชื่อกิจการ", "ไม่แสดงคะแนนของระบบก่อนตอบ"):
        assert said in text
    assert str(round(item.match_weight, 1)) + " บิต" not in text
    refused = body(steward.post(f"/steward/pairs/{item.pair_id}", {"verdict": "no-match", "reason": ""}), 422)
    assert "โปรดบอกเหตุผล" in refused
    assert "โปรดเลือกคำตอบ" in body(steward.post(f"/steward/pairs/{item.pair_id}", {"reason": "พิมพ์ไว้แล้ว"}), 422)
    done = steward.post(f"/steward/pairs/{item.pair_id}", {"verdict": "no-match", "reason": "คนละจังหวัด"})
    assert done.status_code == 302
    assert "คนละจังหวัด" in body(steward.get(f"/steward/pairs/{item.pair_id}"))
    assert linkage.judgements_in_force()
    steward.post(f"/steward/pairs/{item.pair_id}/withdraw")
    assert not linkage.judgements_in_force()


def test_looking_up_by_number_never_puts_it_in_the_address(steward):
    answer = steward.post("/steward/search", {"q": JURISTIC})
    assert answer.status_code == 302
    assert JURISTIC not in answer.url
    assert "/steward/enterprise/ENT-" in answer.url
    named = steward.post("/steward/search", {"q": "อื่นไกล"})
    assert named.status_code == 302
    assert "ห้างหุ้นส่วนจำกัด อื่นไกล" in body(steward.get(named.url))
    assert "ไม่พบกิจการ" in body(steward.get("/steward/search?q=ไม่มีชื่อนี้เลย"))
    assert JURISTIC not in body(steward.post("/steward/search", {"q": "0495560900024"}))


def test_the_whole_register_is_browsed_page_by_page(steward):
    whole = body(steward.get("/steward/search"))
    names = re.findall(r"/steward/enterprise/(ENT-[0-9A-Z]+)", whole)
    assert names and names == sorted(set(names))
    after = body(steward.get(f"/steward/search?after={names[0]}"))
    assert names[0] not in re.findall(r"/steward/enterprise/(ENT-[0-9A-Z]+)", after)
    assert "ไม่มีกิจการ" not in after or len(names) == 1
    elsewhere = body(steward.get("/steward/search?province=96"))
    assert len(re.findall(r"/steward/enterprise/ENT-", elsewhere)) < len(names)
    assert body(steward.get("/steward/search?province=xx&after=ENT-1")).count("/steward/enterprise/") == len(names)


def test_an_enterprise_shows_every_word_and_the_rule(steward):
    found = register.find_by_juristic_id(JURISTIC)
    text = body(steward.get(f"/steward/enterprise/{found.enterprise_id}"))
    for said in ("เลือกตามลำดับความน่าเชื่อถือ", "คำนวณจากข้อมูลอื่น", "เลขทะเบียนตรงกัน", "42,000,000.00"):
        assert said in text
    assert body(steward.get("/steward/enterprise/ENT-0000000000A"), 404)


def test_a_natural_person_is_hidden(steward):
    hit = next(one for one in register.list_enterprises(limit=20) if one.is_person)
    text = body(steward.get(f"/steward/enterprise/{hit.enterprise_id}"))
    assert "นามสมมติ" not in text
    assert "1 หมู่ 1" not in text
    assert "นายท•••" in text
    assert "นามสมมติ" not in body(steward.get("/steward/search?q=นามสมม")).split("<main")[1].split("</form>")[1]
    phone = register.search("อื่นไกล")[0].enterprise_id
    assert "021234567" not in body(steward.get(f"/steward/enterprise/{phone}"))


@pytest.mark.parametrize("field", ["factory.operator", "factory.name"])
def test_the_new_name_that_a_natural_person_asks_for_is_hidden_too(steward, clock, field):
    hit = next(one for one in register.list_enterprises(limit=20) if one.is_person)
    site = register.get_enterprise(hit.enterprise_id).establishments[0]
    assert site.value_of(field) is not None
    owner = Actor(Role.OWNER, person_id="p1", enterprise_id=hit.enterprise_id)
    register.request_correction(
        hit.enterprise_id, field, "นายสมัย นามใหม่", "สะกดผิด", actor=owner, clock=clock, establishment_id=site.establishment_id
    )  # fmt: skip
    text = body(steward.get(f"/steward/enterprise/{hit.enterprise_id}"))
    assert "นามใหม่" not in text
    assert "นายส•••" in text


def test_a_correction_is_answered(steward, clock):
    found = register.find_by_juristic_id(JURISTIC)
    owner = Actor(Role.OWNER, person_id="p1", enterprise_id=found.enterprise_id)
    asked = register.request_correction(
        found.enterprise_id, "entity.seat_address", "200 หมู่ 6", "ย้ายแล้ว", actor=owner, clock=clock
    )
    page = f"/steward/enterprise/{found.enterprise_id}"
    text = body(steward.get(page))
    assert "อยู่ระหว่างขอแก้ไข" in text
    assert "200 หมู่ 6" in text
    steward.post(f"/steward/corrections/{asked.correction_id}", {"answer": "accept", "ground": "มีหนังสือรับรอง"})
    assert "รับแก้ไขแล้ว" in body(steward.get(page))


@pytest.mark.parametrize("path", ["/steward", "/steward/search", "/steward/enterprise/ENT-0000000000A"])
def test_others_see_nothing(client, clock, path):
    assert client.get(path).status_code == 302
    person = accounts.enrol("kanya", "ก", "K", Role.BANK_OFFICER, "exim", clock=clock)
    client.force_login(Person.objects.get(id=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/steward", "/steward/search?q=ริมโขง"])
def test_a_page_asks_the_database_little(steward, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        steward.get(path)


def test_pair_page_asks_the_database_little(steward, django_assert_max_num_queries):
    item = linkage.list_review(limit=1)[0]
    with django_assert_max_num_queries(12):
        steward.get(f"/steward/pairs/{item.pair_id}")
