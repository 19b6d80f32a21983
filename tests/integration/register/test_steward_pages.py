"""The steward's pages: the queue, one pair judged, look-up by name and number, one enterprise with a person's name hidden,
the bench of the script (fragments, undo), records of one enterprise, quality."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.kernel.actors import Actor, Role
from iindustry.linkage import services as linkage
from iindustry.linkage.models import ReviewPair
from iindustry.linkage.outcome import Verdict
from iindustry.register import services as register

from .conftest import DAY, JURISTIC, ROWS, frame

pytestmark = pytest.mark.django_db
OTHER = "0105558197632"
NAMESAKES = [
    {"source": "dbd", "record_key": OTHER, "juristic_id": OTHER, "id_state": "valid", "is_person": False,
     "name_raw": "บริษัท ริมโขงแปรรูปอาหาร จำกัด", "province_code": "10", "district_code": "1001", "subdistrict_code": "100101"},
    {"source": "dip", "record_key": "P2", "is_person": False, "name_raw": "บริษัท ริมโขงแปรรูปอาหาร จำกัด",
     "province_code": "49", "district_code": "4901", "subdistrict_code": "490104", "programme": "ก", "result": "passed"},
]  # fmt: skip


def waits(left, right, value=1.0, **more):
    """A pair in the queue, whatever the model of the day would say of it."""
    sides = {"left_source": left[0], "left_key": left[1], "right_source": right[0], "right_key": right[1]}
    levels = {"name": "equal", "place": "other"}
    told = {"match_weight": 4.2, "match_probability": 0.9, "reason": "same-name", "comparison": levels,
            "parts": {"name": 12.2, "place": -3.0, "prior": -5.0}, "version": "r1", "value": value}  # fmt: skip
    return str(ReviewPair.objects.create(**sides, **(told | more)).pair_id)


@pytest.fixture
def steward(client, clock, publish):
    publish(frame(ROWS + NAMESAKES))
    ReviewPair.objects.all().delete()
    waits(("dbd", OTHER), ("dip", "P2"))
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


def test_the_weights_show_after_the_answer_and_sum_up(steward):
    item = linkage.list_review(limit=1)[0]
    page = f"/steward/pairs/{item.pair_id}"
    before = body(steward.get(page))
    assert "น้ำหนักทีละข้อ" not in before
    assert "4.2" not in before.split("<main")[1]
    steward.post(page, {"verdict": "unsure"})
    assert "น้ำหนักทีละข้อ" not in body(steward.get(page)), "an unsure answer settles nothing: the next is as blind"
    steward.post(page, {"verdict": "match"})
    after = body(steward.get(page))
    assert re.findall(r'ii-number">([+–][\d.]+)<', after) == ["–5.0", "+12.2", "–3.0", "+4.2"]


def test_the_script_gets_the_panel_alone_and_undo_brings_pairs_back_in_order(steward):
    waits(("dbd", JURISTIC), ("dip", "P2"), value=0.5)
    first, second = (one.pair_id for one in linkage.list_review(limit=2))
    ask = {"headers": {"HX-Request": "true"}}
    panel = steward.get(f"/steward/pairs/{first}", **ask)
    assert "<html" not in body(panel)
    assert "HX-Request" in panel.headers["Vary"]
    assert f"/steward/pairs/{second}" in re.search(r'data-next="([^"]*)"', panel.content.decode())[1]
    judged = steward.post(
        f"/steward/pairs/{first}", {"verdict": "no-match", "why": "other-name", "reason": "ดูแล้ว"}, **ask
    )
    assert f'data-pair="{second}"' in body(judged)
    told = steward.post(
        f"/steward/pairs/{second}", {"verdict": "unsure"}, headers={"HX-Request": "true", "X-Review-Shown": "yes"}
    )
    assert "data-pair" not in body(told), "a panel was drawn that nobody looks at"
    assert "ยังไม่แน่ใจ" in told.content.decode()
    assert linkage.find_pair(first).judged_reason == "other-name: ดูแล้ว"
    for expected in (second, first):
        assert f'data-pair="{expected}"' in body(steward.post("/steward/pairs/undo", **ask))
        assert linkage.find_pair(expected).verdict is None
    assert "ไม่มีคำตอบในรอบนี้ให้ถอน" in body(steward.post("/steward/pairs/undo", **ask), 409)


def test_undo_takes_back_ones_own_answer_and_never_a_colleagues(steward, clock):
    [only] = linkage.list_review(limit=1)
    steward.post(f"/steward/pairs/{only.pair_id}", {"verdict": "match"})
    colleague = Actor(Role.STEWARD, person_id="p-other", organisation="oie")
    linkage.judge(only.pair_id, Verdict.NO_MATCH, "ดูเอกสารแล้ว", actor=colleague, clock=clock)
    assert "ไม่มีคำตอบในรอบนี้ให้ถอน" in body(steward.post("/steward/pairs/undo"), 409)
    assert linkage.find_pair(only.pair_id).verdict is Verdict.NO_MATCH


def test_an_answer_that_a_run_has_acted_on_is_still_taken_back(steward):
    """Joined by the answer, the pair waits no more: its answer has to be found without it."""
    [only] = linkage.list_review(limit=1)
    steward.post(f"/steward/pairs/{only.pair_id}", {"verdict": "match"})
    assert len(linkage.judgements_in_force()) == 1
    ReviewPair.objects.all().delete()
    answer = steward.post("/steward/pairs/undo")
    assert (answer.status_code, answer["Location"]) == (302, "/steward")
    assert linkage.judgements_in_force() == []
    assert "ไม่มีคำตอบในรอบนี้ให้ถอน" in body(steward.post("/steward/pairs/undo"), 409)


def test_an_answer_that_contradicts_keeps_its_pair_and_what_was_typed(steward):
    third = waits(("dbd", JURISTIC), ("dbd", OTHER), value=0.4)
    other = waits(("dbd", JURISTIC), ("dip", "P2"), value=0.5)
    first = linkage.list_review(limit=1)[0].pair_id
    for pair in (first, other):
        steward.post(f"/steward/pairs/{pair}", {"verdict": "match"})
    text = body(steward.post(f"/steward/pairs/{third}", {"verdict": "no-match", "reason": "พิมพ์ไว้"}), 422)
    assert "ขัดกับคำวินิจฉัยก่อนหน้า" in text
    assert 'value="พิมพ์ไว้"' in text
    assert linkage.find_pair(third).verdict is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?reason=same-name", True), ("?reason=person", False), ("?sources=dbd-dip", True), ("?sources=dbd-diw", False),
        ("?province=49", True), ("?province=96", False), ("?reason=nonsense&sources=x&province=1", True),
    ],
)  # fmt: skip
def test_the_queue_is_narrowed_and_says_what_it_left_out(steward, query, found):
    ReviewPair.objects.update(left_province="10", right_province="49")
    text = body(steward.get(f"/steward{query}"))
    assert ("เปิดดู" in text) is found
    assert ("ไม่มีคู่ที่ตรงกับตัวกรอง" in text) is not found


def test_the_records_of_one_enterprise_are_marked_and_a_split_is_seen_before_it_is_done(steward):
    found = register.find_by_juristic_id(JURISTIC)
    text = body(steward.get(f"/steward/enterprise/{found.enterprise_id}/cluster"))
    records = re.findall(r'name="record" value="([^"]+)"', text)
    assert f"dbd|{JURISTIC}" in records
    wish = {"kind": "split", "enterprise": found.enterprise_id, "record": [records[-1]]}
    seen = body(steward.post("/steward/acts/preview", wish))
    for said in ("ยังไม่มีอะไรเปลี่ยนแปลง", "รหัสใหม่", "รหัสเดิม", "ไม่ต้อง มีผลทันทีเมื่อยืนยัน"):
        assert said in seen
    assert "โปรดบอกเหตุผล" in body(steward.post("/steward/acts/do", wish | {"reason": " "}), 422)
    assert not linkage.list_acts(limit=1)


def test_two_records_of_one_enterprise_are_never_to_be_linked(steward):
    found = register.find_by_juristic_id(JURISTIC)
    page = f"/steward/enterprise/{found.enterprise_id}"
    sides = {"left": f"dbd|{JURISTIC}", "right": "diw|20499000125617"}
    body(steward.post(f"{page}/edge", sides | {"verdict": "no-match"}), 422)
    assert steward.post(f"{page}/edge", sides | {"verdict": "no-match", "why": "related-firms"}).status_code == 302
    assert [one.verdict.value for one in linkage.judgements_in_force()] == ["no-match"]
    body(steward.post(f"{page}/edge", {"left": f"dbd|{OTHER}", "right": f"dbd|{JURISTIC}", "verdict": "match"}), 404)
    body(steward.post(f"{page}/edge", {"left": "nonsense", "right": "dbd|1", "verdict": "match"}), 422)


def test_what_changed_between_two_versions_is_told_with_its_cause_and_hides_a_person(steward, publish):
    changed = [dict(row) for row in ROWS]
    changed[0]["revenue_satang"] = 5_000_000_000
    changed[3]["name_raw"] = "นายสมัย นามใหม่"
    publish(frame(changed + NAMESAKES))
    new, old = (one.version for one in register.list_versions(limit=2))
    assert "ค่าที่เปลี่ยน" not in body(steward.get("/steward/versions")), "compared before anybody asked"
    text = body(steward.get(f"/steward/versions?old={old}&new={new}"))
    for said in ("42,000,000.00", "50,000,000.00", "กิจการที่มีการส่งข้อมูลใหม่"):
        assert said in text
    assert "นามใหม่" not in text
    assert "นามสมมติ" not in text
    assert "เลือกสองรุ่นที่ต่างกัน" in body(steward.get(f"/steward/versions?old={new}&new={new}"))


def test_an_enterprise_is_shown_as_it_was_known_on_a_day(steward, clock):
    page = f"/steward/enterprise/{register.find_by_juristic_id(JURISTIC).enterprise_id}"
    today = clock.today()
    known = body(steward.get(f"{page}?day={today.day}&month={today.month}&year={today.year + 543}"))
    assert "ข้อมูลตามที่ทะเบียนรู้เมื่อ" in known
    assert "42,000,000.00" in known
    assert "ณ วันนั้นทะเบียนยังไม่รู้จักกิจการนี้" in body(steward.get(f"{page}?day=1&month=1&year=2560"), 422)
    assert "โปรดกรอกวันที่ผ่านมาแล้ว" in body(steward.get(f"{page}?day=31&month=2&year=2569"), 422)


def test_a_second_person_must_agree_and_nobody_agrees_to_their_own(steward, client, clock, monkeypatch):
    monkeypatch.setattr("iindustry.linkage.acts.RISK_RECORDS", 1)
    found = register.find_by_juristic_id(JURISTIC)
    members = re.findall(
        r'name="record" value="([^"]+)"', body(steward.get(f"/steward/enterprise/{found.enterprise_id}/cluster"))
    )
    wish = {"kind": "split", "enterprise": found.enterprise_id, "record": [members[-1]], "reason": "ทดสอบ"}
    assert "ส่งให้คนที่สองอนุมัติ" in body(steward.post("/steward/acts/preview", wish))
    act = steward.post("/steward/acts/do", wish).url
    mine = body(steward.get(act))
    assert "ท่านเป็นผู้ขอ จึงอนุมัติเองไม่ได้" in mine
    assert "อนุมัติ ให้มีผลทันที" not in mine
    body(steward.post(f"{act}/approve"), 403)
    second = accounts.enrol("second", "ดวง", "Duang", Role.STEWARD, "oie", clock=clock)
    client.force_login(Person.objects.get(id=second), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "อนุมัติ ให้มีผลทันที" in body(client.get(act))
    assert "รอผู้อนุมัติคนที่สอง" in body(client.get("/steward/acts"))
    assert client.post(f"{act}/withdraw").status_code == 302
    assert "ย้อนแล้ว" in body(client.get(act))
    assert len(register.get_enterprise(found.enterprise_id).records) == len(members)


def test_quality_tells_shares_with_intervals_and_the_data_of_each_register(steward):
    text = body(steward.get("/steward/quality"))
    for said in ("ความแม่นยำ", "ใช้อยู่", "กลุ่มที่มีสองเลขทะเบียน", "คำตอบของผู้ดูแลข้อมูล"):
        assert said in text
    assert "/steward?sources=dbd-dip" in text
    assert JURISTIC not in text
    report = settings.HOME.register / register.list_versions(limit=1)[0].version / "link_report.json"
    row = {
        "value": "dbd|dip",
        "true": 50,
        "precision": 0.98,
        "precision_95": [0.9, 0.995],
        "recall": 0.9,
        "recall_95": None,
    }
    report.write_text(json.dumps({"hidden": [{"by": "source_pair", **row}, {"by": "region", **row, "value": "4"}]}))
    text = body(steward.get("/steward/quality"))
    for said in ("98.0 %", "(90.0 % – 99.5 %)", "ภาคตะวันออกเฉียงเหนือตอนบน"):
        assert said in text


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


@pytest.mark.parametrize(
    "path", ["/steward", "/steward/search", "/steward/quality", "/steward/acts", "/steward/enterprise/ENT-0000000000A"]
)
def test_others_see_nothing(client, clock, path):
    assert client.get(path).status_code == 302
    person = accounts.enrol("kanya", "ก", "K", Role.BANK_OFFICER, "exim", clock=clock)
    client.force_login(Person.objects.get(id=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/steward", "/steward/search?q=ริมโขง", "/steward/quality", "/steward/acts"])
def test_a_page_asks_the_database_little(steward, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        steward.get(path)


def test_pair_page_asks_the_database_little(steward, django_assert_max_num_queries):
    item = linkage.list_review(limit=1)[0]
    with django_assert_max_num_queries(12):
        steward.get(f"/steward/pairs/{item.pair_id}")


def test_a_refused_merge_says_why_where_it_was_chosen_and_keeps_the_choice(steward):
    one, other = (register.find_by_juristic_id(number).enterprise_id for number in (JURISTIC, OTHER))
    wish = {"kind": "merge", "enterprise": [one, other], "q": "ริมโขง", "reason": "ชื่อเดียวกัน"}
    for address in ("/steward/acts/preview", "/steward/acts/do"):
        text = body(steward.post(address, wish), 422)
        assert "มีเลขนิติบุคคลต่างกัน" in text
        assert "เลือกกิจการที่จะรวม" in text, "the steward is not where she chose"
        assert f'value="{other}" checked' in text
        assert 'value="ริมโขง"' in text
    assert not linkage.list_acts(limit=1)


def test_a_refused_split_says_why_on_the_clusters_page_and_keeps_the_ticks(steward):
    found = register.find_by_juristic_id(JURISTIC)
    members = re.findall(
        r'name="record" value="([^"]+)"', body(steward.get(f"/steward/enterprise/{found.enterprise_id}/cluster"))
    )
    text = body(
        steward.post("/steward/acts/preview", {"kind": "split", "enterprise": found.enterprise_id, "record": members}),
        422,
    )
    assert "โปรดเลือกระเบียนที่จะแยกออก" in text
    assert text.count('type="checkbox" name="record"') == text.count(" checked>") == len(members)


def test_every_record_of_a_cluster_says_its_name_also_where_two_say_the_same(steward, publish):
    twins = [{**NAMESAKES[1], "record_key": key, "juristic_id": JURISTIC, "id_state": "valid"} for key in ("P3", "P4")]
    publish(frame([*ROWS, *NAMESAKES, *twins]))
    found = register.find_by_juristic_id(JURISTIC)
    assert {("dip", "P3"), ("dip", "P4")} <= {(one.source, one.record_key) for one in found.records}
    text = body(steward.get(f"/steward/enterprise/{found.enterprise_id}/cluster"))
    table = text.partition('id="split"')[2].partition("</form>")[0]
    names = re.findall(r'scope="row">[^<]*</th><td class="govuk-table__cell">([^<]*)</td>', table)
    assert len(names) == len(found.records)
    assert "—" not in names
    ticked = {"kind": "split", "enterprise": found.enterprise_id, "record": "dip|P4"}
    shown = body(steward.post("/steward/acts/preview", ticked))
    assert shown.count("<li>กรมส่งเสริมอุตสาหกรรม") == shown.count("<li>กรมส่งเสริมอุตสาหกรรม: บริษัท ริมโขง")


def test_the_language_switch_keeps_the_pair_and_the_reason_typed(steward):
    item = linkage.list_review(limit=1)[0]
    form = {"why": "other-name", "reason": "พิมพ์ไว้", "speak": "en"}
    text = body(steward.post(f"/steward/pairs/{item.pair_id}", form))
    assert "Are these two one enterprise?" in text
    assert 'value="พิมพ์ไว้"' in text
    assert 'value="other-name" data-digit="2" checked' in text
    assert linkage.find_pair(item.pair_id).verdict is None


@pytest.mark.parametrize("kind", ["cluster", "preview", "merge"])
def test_the_language_switch_keeps_what_the_steward_chose(steward, kind):
    one, other = (register.find_by_juristic_id(number).enterprise_id for number in (JURISTIC, OTHER))
    ticked = f"dbd|{JURISTIC}"
    asked = {
        "cluster": (f"/steward/enterprise/{one}/cluster", {"record": ticked}, (f'value="{ticked}" checked',)),
        "preview": (
            "/steward/acts/preview", {"kind": "split", "enterprise": one, "record": ticked, "reason": "พิมพ์ไว้"},
            ("before you confirm", ">พิมพ์ไว้</textarea>", f'name="record" value="{ticked}"'),
        ),
        "merge": (
            f"/steward/enterprise/{one}/merge", {"q": "ริมโขง", "enterprise": [one, other]},
            (f'value="{other}" checked', 'value="ริมโขง"'),
        ),
    }  # fmt: skip
    address, form, kept = asked[kind]
    text = body(steward.post(address, form | {"speak": "en"}))
    assert '<html lang="en">' in text
    for said in kept:
        assert said in text
    assert steward.get("/steward/acts/preview").status_code == 302


def test_what_came_is_told_apart_from_what_moved_and_the_page_asks_little(
    steward, publish, django_assert_max_num_queries
):
    new_one = {**NAMESAKES[1], "record_key": "P9", "name_raw": "บริษัท มาใหม่ทดลอง จำกัด"}
    publish(frame([*ROWS, *NAMESAKES, new_one]))
    new, old = (one.version for one in register.list_versions(limit=2))
    with django_assert_max_num_queries(12):
        text = body(steward.get(f"/steward/versions?old={old}&new={new}"))
    told = {words: count for count, words in re.findall(r"<li><b>([\d,]+)</b>([^<]+)</li>", text)}
    assert told["ระเบียนที่เพิ่มมา"] == "1"
    assert told["ระเบียนที่ย้ายกิจการ"] == "0"
    assert "ตารางระเบียนที่ย้าย" not in text


def test_only_days_that_are_new_are_said_to_be_that(steward, publish):
    later = [row | {"delivery_id": "d2", "observed_on": DAY.replace(month=11)} for row in ROWS + NAMESAKES]
    publish(frame(later))
    new, old = (one.version for one in register.list_versions(limit=2))
    text = body(steward.get(f"/steward/versions?old={old}&new={new}"))
    if not re.search(r"<li><b>0</b>กิจการที่มีการส่งข้อมูลใหม่", text):
        assert "ไม่มีค่าใดเปลี่ยน มีแต่วันที่ของข้อมูลหรือระเบียนที่มาเพิ่ม" in text


def test_how_a_value_was_worked_out_is_said_in_words(steward):
    text = body(steward.get(f"/steward/enterprise/{register.find_by_juristic_id(JURISTIC).enterprise_id}"))
    assert "นับสถานประกอบการ" in text
    for code in ("count", "sum-of-factories", "2562-revenue"):
        assert f" · {code}" not in text


def test_a_lone_record_is_said_to_be_alone(steward):
    from iindustry.register.models import Member

    found = register.search("อื่นไกล")[0]
    Member.objects.filter(enterprise_id=found.enterprise_id).update(link_ground="model", match_probability=1.0)
    text = body(steward.get(f"/steward/enterprise/{found.enterprise_id}"))
    assert "มีระเบียนเดียว" in text
    assert "100" not in text.partition("ตารางระเบียน")[2].partition("</table>")[0]


def test_a_persons_pair_tells_what_is_equal_and_who_can_read_the_rest(steward, publish):
    person = {"source": "dip", "record_key": "P7", "name_raw": "นายทดสอบ นามสมมุติ", "province_code": "49", "is_person": True,
              "programme": "ก", "result": "passed", "subdistrict_code": "490201", "district_code": "4902"}  # fmt: skip
    publish(frame([*ROWS, *NAMESAKES, person]))
    pair = waits(("diw", "20499000225615"), ("dip", "P7"), reason="person")
    text = body(steward.get(f"/steward/pairs/{pair}"))
    assert "ผู้ที่อ่านชื่อได้คือหน่วยงานเจ้าของทะเบียนแต่ละฝ่าย" in text
    assert "ชื่อตัว: ตรงกัน" in text
    assert "ชื่อสกุล: ต่างกัน" in text
    for name in ("นามสมมติ", "นามสมมุติ"):
        assert name not in text.partition("<main")[2].replace("โรงสีนามสมมติ", "")
