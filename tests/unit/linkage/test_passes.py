"""Equal numbers join, under a guard of likeness; a factory's number joins whoever names it to who runs it."""

from __future__ import annotations

import polars as pl
import pytest

from iindustry.linkage import passes

SAID = {"core": pl.Utf8, "skel": pl.Utf8, "phone": pl.Utf8, "sub": pl.Utf8, "form": pl.Utf8, "site_only": pl.Boolean}


def told(*rows, column="jid"):
    """Profiles of one number, numbered in their order."""
    made = [
        dict.fromkeys(SAID)
        | {"uid": uid, column: "1", "source": "dip", "first_key": str(uid), "site_only": False}
        | row
        for uid, row in enumerate(rows)
    ]
    return pl.DataFrame(made, schema_overrides=SAID)


def joined(profiles, column="jid"):
    found = passes.by_number(profiles, column)
    return found.joined["uid"].to_list(), found.doubted["uid"].to_list()


def test_who_is_like_one_let_in_later_is_let_in_too():
    anchor, odd = {"source": "dbd", "core": "กกกก"}, {"core": "ขขขข", "sub": "100101"}
    bridge = {"core": "กกกก", "sub": "100101"}
    assert joined(told(anchor, odd, bridge)) == ([1, 2], [])
    assert joined(told(anchor, odd)) == ([], [1])


@pytest.mark.parametrize(
    ("forms", "doubted"), [(("person", None), []), ((None, None), []), (("person", "co"), [1]), (("co", None), [1])]
)
def test_a_person_and_his_shop_need_no_likeness_under_one_citizen_id(forms, doubted):
    rows = [{"core": core, "form": form} for core, form in zip(("สมมติไม่มีจริง", "ตัวอย่าง"), forms, strict=True)]
    assert joined(told(*rows, column="person_tag"), "person_tag")[1] == doubted
    assert joined(told(*rows), "jid")[1] == [1]


def test_a_citizen_id_under_many_names_is_held_to_the_guard():
    rows = [{"core": sign * 4} for sign in "กขคงจ"]
    assert joined(told(*rows, column="person_tag"), "person_tag")[1] == [1, 2, 3, 4]
    assert joined(told(*rows[:4], column="person_tag"), "person_tag")[1] == []


def factories(*rows):
    """(profiles, records): each row is source, name, whether it names only a site; all of one factory."""
    sources, cores, only = zip(*rows, strict=True)
    uids = list(range(len(rows)))
    profiles = pl.DataFrame(
        {"uid": uids, "core": cores, "skel": None, "phone": None, "sub": None, "site_only": only},
        schema_overrides={name: SAID[name] for name in ("core", "skel", "phone", "sub")},
    )
    of_record = pl.DataFrame(
        {
            "source": sources,
            "record_key": [str(uid) for uid in uids],
            "factory_id": "9",
            "old_factory_id": None,
            "uid": uids,
        },
        schema_overrides={"old_factory_id": pl.Utf8},
    )
    return passes.by_factory(of_record, profiles)


def test_a_certificate_goes_with_the_estates_tenant_where_the_factory_register_holds_none():
    found = factories(("green", None, True), ("ieat", "ตัวอย่าง", False))
    assert found.joined.rows() == [(1, 0)]
    found = factories(("green", None, True), ("ieat", "ตัวอย่าง", False), ("diw", "คนอื่น", False))
    assert found.joined.rows() == [(2, 0)]
    assert found.doubted.rows() == [(2, 1)]


def test_the_name_on_a_certificate_is_no_operators_and_keeps_nothing_apart():
    assert factories(("diw", "คนหนึ่งคน", False), ("green", "ตัวอย่าง", False)).joined.rows() == [(0, 1)]
    assert factories(("diw", "คนหนึ่งคน", False), ("ieat", "ตัวอย่าง", False)).doubted.rows() == [(0, 1)]


def test_certificates_of_a_factory_that_nobody_runs_are_one():
    assert factories(("green", None, True), ("green", None, True)).joined.rows() == [(0, 1)]
    assert factories(("green", "ตัวอย่าง", False), ("green", None, True)).joined.rows() == [(0, 1)]
