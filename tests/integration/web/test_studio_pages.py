"""The studio without a script: a draft begins from a rule in force; form and text change it; others bring it into force."""

from __future__ import annotations

import re

import pytest

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.ledger import services as ledger
from iindustry.programmes import drafting, published, services
from iindustry.programmes.dry_runs import Effect, Impact, Tally
from iindustry.programmes.models import DraftRow, TrialRow
from iindustry.programmes.services import kept, trials
from iindustry.web.studio_figures import coarse_impact
from tests.integration.programmes.test_evaluate_all import SIZE, frame, given, site

pytestmark = pytest.mark.django_db
RULE = "SMED-D-GREEN"
TODAY = SystemClock().today()


@pytest.fixture
def register(home, settings):
    """Sixty enterprises in a register version of this home."""
    settings.HOME = home
    folder = home.register / "2026-11-22.1"
    folder.mkdir(parents=True)
    frame([given(i) for i in range(SIZE)], "enterprise").write_parquet(folder / "enterprises.parquet")
    frame([site(i) for i in range(SIZE)], "establishment").write_parquet(folder / "establishments.parquet")
    (home.register / "CURRENT").write_text(folder.name, encoding="ascii")
    return home


@pytest.fixture
def sign_in(client, register, monkeypatch):
    del register
    actors = {}
    monkeypatch.setattr(accounts, "actor_of_active", lambda person_id, **_: actors[person_id])

    def signed(name, role, organisation):
        person, _ = Person.objects.get_or_create(username=f"studio-{name}", defaults={"name_th": "ทดสอบ"})
        actors[person.pk] = Actor(role, person_id=str(person.pk), organisation=organisation)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed


@pytest.fixture
def anan(sign_in):
    return sign_in("anan", Role.BANK_OFFICER, "smed")


def begun(client):
    page = client.post("/studio/new", {"programme": RULE})
    assert page.status_code == 302
    return page["Location"]


def save(client, url, text, **more):
    draft = DraftRow.objects.get()
    return client.post(url, {"text": text, "act": "save", "version": draft.row_version, **more})


def test_a_draft_begins_with_the_text_in_force_and_is_opened_again(anan):
    url = begun(anan)
    assert begun(anan) == url
    draft = DraftRow.objects.get()
    assert draft.text == published.text_of(RULE)
    page = anan.get(url).content.decode()
    assert "ถ้าใช้ร่างนี้กับทะเบียนวันนี้" in page
    assert f"จาก {SIZE} กิจการ" in page
    assert RULE in anan.get("/studio").content.decode()


def test_the_text_is_saved_byte_for_byte_and_a_stale_page_is_refused(anan):
    url = begun(anan)
    text = published.text_of(RULE).replace("grace_months: 12", "grace_months: 6   # ตามที่ตกลง")
    assert save(anan, url, text).status_code == 302
    assert DraftRow.objects.get().text == text
    page = anan.post(url, {"text": text + "# more\n", "act": "save", "version": 1})
    assert page.status_code == 422
    assert "# more" in page.content.decode()
    assert DraftRow.objects.get().text == text


def test_conditions_are_added_and_removed_by_buttons(anan):
    url = begun(anan)
    text = DraftRow.objects.get().text
    save(anan, url, text, act="add:conditions.all")
    more = DraftRow.objects.get().text
    rows = drafting.outline(more)
    assert len(rows) == len(drafting.outline(text)) + 1
    last = [row for row in rows if row.list_path == "conditions.all" and row.fact][-1]
    save(anan, url, more, act=f"remove:{last.path}")
    assert DraftRow.objects.get().text == text


@pytest.mark.parametrize("text", ["a: [", "", "schema: i-industry/programme/1\n", "ก" * 50])
def test_a_text_with_faults_says_line_and_field_and_is_not_run(anan, text):
    url = begun(anan)
    page = anan.post(f"{url}/live", {"text": text, "seen": ""})
    words = page.content.decode()
    assert page.status_code == 200
    assert "ต้องแก้ก่อนส่ง" in words
    assert re.search(r"บรรทัด</strong> \d|บรรทัด \d", words.replace("<strong>บรรทัด</strong>", "บรรทัด")), words[:400]
    assert "พลาดเพียงข้อเดียว" not in words
    assert DraftRow.objects.get().text == published.text_of(RULE)


def test_what_is_typed_is_tried_and_nothing_is_kept(anan):
    url = begun(anan)
    text = DraftRow.objects.get().text
    easier = anan.post(f"{url}/live", {"text": text.replace("op: ge, value: 2", "op: ge, value: 1"), "seen": ""})
    assert "ได้เพิ่มจากฉบับที่ใช้อยู่" in easier.content.decode()
    assert DraftRow.objects.get().text == text


def test_its_author_never_signs_and_three_people_bring_it_into_force(sign_in, monkeypatch):
    monkeypatch.setattr(published, "_kept", kept.kept)  # this test never commits, so no file follows
    anan = sign_in("anan", Role.BANK_OFFICER, "smed")
    url = begun(anan)
    save(anan, url, DraftRow.objects.get().text.replace("grace_months: 12", "grace_months: 9"))
    version = {"version": DraftRow.objects.get().row_version}
    assert anan.post(f"{url}/decide", {"act": "submit", **version}).status_code == 302
    own = anan.post(f"{url}/decide", {"act": "publish"})
    assert own.status_code == 422
    orapin = sign_in("orapin", Role.BANK_OFFICER, "smed")
    assert "ลงนามประกาศใช้" in orapin.get(url).content.decode()
    assert orapin.post(f"{url}/decide", {"act": "publish"}).status_code == 302
    assert services.get_programme(RULE).benefit.grace_months == 12
    prasit = sign_in("prasit", Role.ANALYST, "oie")
    assert prasit.post(f"{url}/decide", {"act": "publish"}).status_code == 302
    assert services.get_programme(RULE).benefit.grace_months == 9
    assert "ประกาศแล้ว" in prasit.get(url).content.decode()


def test_a_draft_is_sent_back_with_a_reason_and_mended(sign_in):
    anan = sign_in("anan", Role.BANK_OFFICER, "smed")
    url = begun(anan)
    save(anan, url, DraftRow.objects.get().text.replace("grace_months: 12", "grace_months: 9"))
    assert anan.post(f"{url}/decide", {"act": "submit"}).status_code == 302
    orapin = sign_in("orapin", Role.BANK_OFFICER, "smed")
    assert orapin.post(f"{url}/decide", {"act": "reject", "reason": ""}).status_code == 422
    orapin.post(f"{url}/decide", {"act": "reject", "reason": "วงเงินสูงไป"})
    anan = sign_in("anan", Role.BANK_OFFICER, "smed")
    assert "วงเงินสูงไป" in anan.get(url).content.decode()
    save(anan, url, DraftRow.objects.get().text + "# mended\n")
    assert DraftRow.objects.get().status == "draft"


def test_drafts_are_compared_with_the_rule_in_force(anan):
    url = begun(anan)
    text = DraftRow.objects.get().text
    save(anan, url, text.replace("op: ge, value: 2", "op: ge, value: 1"))
    page = anan.get("/studio/compare", {"draft": url.rsplit("/", 1)[1]}).content.decode()
    assert "ที่ใช้อยู่" in page
    assert f"ร่าง {RULE}" in page
    assert anan.get("/studio/compare", {"draft": "nonsense"}).status_code == 404
    assert anan.get("/studio/compare").status_code == 200


def test_only_the_drafts_own_rule_is_run_and_an_officer_sees_tens(sign_in):
    kanya = sign_in("kanya", Role.BANK_OFFICER, "exim")
    page = kanya.post("/studio/new", {"programme": "EXIM-D-GREEN"})
    url = page["Location"]
    other = kanya.post(f"{url}/live", {"text": published.text_of(RULE), "seen": ""}).content.decode()
    assert "ถ้าใช้ร่างนี้กับทะเบียนวันนี้" not in other
    renamed = published.text_of(RULE).replace(RULE, "EXIM-D-GREEN")
    other = kanya.post(f"{url}/live", {"text": renamed, "seen": ""}).content.decode()
    assert "ถ้าใช้ร่างนี้กับทะเบียนวันนี้" not in other
    own = kanya.get(url).content.decode()
    assert "ต่ำกว่า 10 แสดงเป็น 0" in own
    counts = [int(one.replace(",", "")) for one in re.findall(r"<li><b>([\d,]+)</b>", own)]
    assert counts
    assert all(one % 10 == 0 for one in counts)


@pytest.mark.parametrize(
    "text", ["a: &a [*a]", "a: " + "1" * 5000, "- " * 3000 + "a", "[" * 3000, "a: &x [1,1]\nb: [*x,*x]"]
)
def test_a_hostile_text_is_answered_with_a_fault(anan, text):
    url = begun(anan)
    page = anan.post(f"{url}/live", {"text": text, "seen": "", "drawn": '{"v:conditions.all[0].zzz": "x"}'})
    assert page.status_code == 200
    assert "ต้องแก้ก่อนส่ง" in page.content.decode()


def test_another_banks_draft_looks_absent(sign_in):
    url = begun(sign_in("anan", Role.BANK_OFFICER, "smed"))
    kanya = sign_in("kanya", Role.BANK_OFFICER, "exim")
    assert kanya.get(url).status_code == 404
    assert kanya.post("/studio/new", {"programme": RULE}).status_code in {403, 422}
    assert RULE not in kanya.get("/studio").content.decode()


@pytest.mark.parametrize("page", ["", "/live"])
def test_a_page_asks_the_database_little(anan, page, django_assert_max_num_queries):
    url = begun(anan)
    with django_assert_max_num_queries(12):
        anan.post(url + page, {"text": DraftRow.objects.get().text, "speak": "en"} if not page else {"text": "a: 1"})


def test_the_page_turns_to_english_and_keeps_what_was_typed(anan):
    url = begun(anan)
    text = DraftRow.objects.get().text + "# typed\n"
    page = anan.post(url, {"text": text, "speak": "en"}).content.decode()
    assert "What this draft would do" in page
    assert "# typed" in page
    assert DraftRow.objects.get().text == published.text_of(RULE)


# what is tried is kept on record, and officers have a budget


def tries():
    return list(TrialRow.objects.order_by("at", "id"))


def test_each_different_rule_that_is_tried_is_one_row_and_one_entry(anan):
    url = begun(anan)
    text = DraftRow.objects.get().text
    anan.get(url)
    anan.get(url)
    anan.post(f"{url}/live", {"text": text.replace("title: {th:", "title: {th:  "), "seen": ""})
    (first,) = tries()
    easier = "\n".join(line for line in text.splitlines() if "id: orders" not in line and "id: arrears" not in line)
    anan.post(f"{url}/live", {"text": easier, "seen": ""})
    _, second = tries()
    assert (second.document, second.organisation, second.register) == (RULE, "smed", "2026-11-22.1")
    assert second.set_hash != first.set_hash
    assert second.answer["winners"] == second.answer["yes"] - first.answer["yes"] > 0
    entries = [one for one in ledger.list_entries(limit=50) if one.kind == "programme.tried"]
    assert [one.leaf["question"] for one in reversed(entries)] == [first.question, second.question]
    assert not {"yes", "no", "answer"} & entries[0].leaf.keys(), "counts are not for everybody who reads the ledger"


def test_an_officer_has_a_budget_the_analyst_has_none_and_a_draft_is_handed_over_all_the_same(sign_in, monkeypatch):
    monkeypatch.setattr(trials, "BUDGET", 2)
    anan = sign_in("anan", Role.BANK_OFFICER, "smed")
    url = begun(anan)
    text = DraftRow.objects.get().text
    assert "ได้อีก 1 แบบ" in anan.get(url).content.decode()
    variants = [text.replace("op: ge, value: 2", f"op: ge, value: {n}") for n in (1, 3, 4)]
    pages = [anan.post(f"{url}/live", {"text": one, "seen": ""}).content.decode() for one in variants]
    assert ["ถ้าใช้ร่างนี้กับทะเบียนวันนี้" in page for page in pages] == [True, False, False]
    assert "ครบ 2 แบบ" in pages[1]
    assert "ถ้าใช้ร่างนี้กับทะเบียนวันนี้" in anan.get(url).content.decode(), "what was asked before is answered again"
    save(anan, url, variants[2])
    sent = anan.post(f"{url}/decide", {"act": "submit", "version": DraftRow.objects.get().row_version})
    assert sent.status_code == 302
    assert len(tries()) == 3
    prasit = sign_in("prasit", Role.ANALYST, "oie")
    for one in variants:
        page = prasit.post(f"{url}/live", {"text": one, "seen": ""}).content.decode()
        assert "ถ้าใช้ร่างนี้กับทะเบียนวันนี้" in page
        assert "ได้อีก" not in page


def test_a_base_rate_is_drafted_by_its_bank_with_the_rates_that_change(sign_in):
    anan = sign_in("anan", Role.BANK_OFFICER, "smed")
    listed = anan.get("/studio").content.decode()
    assert "SMED-D.MLR" in listed
    assert "EXIM-D.PRIME" not in listed
    assert "sme_size@2562-revenue" not in listed
    url = anan.post("/studio/new", {"programme": "SMED-D.MLR"})["Location"]
    text = DraftRow.objects.get().text
    assert "รายการใดเปลี่ยนไปเพราะร่างนี้" in anan.get(url).content.decode(), "nothing is changed yet"
    dearer = text.replace('value: "7.000"', 'value: "8.000"')
    page = anan.post(f"{url}/live", {"text": dearer, "seen": ""}).content.decode()
    using = [one for one in services.open_rules(TODAY) if "SMED-D.MLR" in one.uses]
    assert using
    assert all(one.id in page for one in using)
    assert "จาก" in page
    assert tries()[-1].document == "SMED-D.MLR"


def test_the_analyst_sees_what_a_definition_does_to_each_programme(sign_in):
    prasit = sign_in("prasit", Role.ANALYST, "oie")
    url = prasit.post("/studio/new", {"programme": "sme_size@2562-revenue"})["Location"]
    text = DraftRow.objects.get().text.replace("medium: 50000000000", "medium: 1000000000")
    page = prasit.post(f"{url}/live", {"text": text, "seen": ""}).content.decode()
    assert "มาตรการและสินเชื่อที่เปลี่ยนตามเอกสารนี้" in page
    (row,) = [one for one in tries() if one.document.startswith("sme_size")]
    lost = {name: counts[3] for name, counts in row.answer.items() if counts[3]}
    assert lost
    for name in lost:
        assert name in page
    save(prasit, url, text)
    assert (
        prasit.post(f"{url}/decide", {"act": "submit", "version": DraftRow.objects.get().row_version}).status_code
        == 302
    )
    kept_effects = {one["programme"]: one["losers"] for one in DraftRow.objects.get().dry_run["effects"]}
    assert {name: count for name, count in kept_effects.items() if count} == lost


def test_an_officer_sees_what_a_shared_document_does_in_tens():
    tally = Tally(14, 6, 40)
    effect = Effect("X", "ก", "x", tally, Tally(5, 15, 40), 4, 13, ())
    found = coarse_impact(Impact("n", "v", "b", "r", TODAY, TODAY, 60, (effect,), 0.1))
    (one,) = found.effects
    assert (one.before, one.after, one.winners, one.losers) == (Tally(10, 0, 40), Tally(0, 20, 40), 0, 10)
