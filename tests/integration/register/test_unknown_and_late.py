"""What is not known is never none, and of two files of one day the later one speaks, whatever it is called."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from iindustry.kernel.progress import silent
from iindustry.linkage import services as linkage
from iindustry.register import services as register
from iindustry.register.enterprise import Rule
from iindustry.standardise.services import StandardFile

from .conftest import DAY, JURISTIC, ROWS, frame

pytestmark = pytest.mark.django_db


@pytest.fixture
def publish_files(home, clock, tmp_path):
    """Publish deliveries in their order of arrival: (delivery id, layout, rows), all of one day."""

    def run(*deliveries, partial=()):
        files, frames = [], []
        for name, layout, rows in deliveries:
            held = frame([row | {"delivery_id": name} for row in rows])
            path = tmp_path / f"{name}.parquet"
            held.write_parquet(path)
            files.append(StandardFile(rows[0]["source"], layout, name, DAY, path, is_whole=name not in partial))
            frames.append(held)
        linked = linkage.link(pl.concat(frames), earlier=None, judgements=linkage.judgements_in_force())
        return register.publish(linked, files, home=home, clock=clock, progress=silent)

    return run


@pytest.mark.parametrize(("first", "second"), [("dbd-b", "dbd-z"), ("dbd-z", "dbd-b")])
def test_of_two_files_of_one_day_the_later_one_speaks(publish_files, first, second):
    wrong, right = ROWS[0] | {"capital_satang": 100}, ROWS[0] | {"capital_satang": 500_000_000}
    publish_files((first, "monthly", [wrong]), (second, "monthly", [right]))
    found = register.find_by_juristic_id(JURISTIC)
    assert found.value_of("entity.capital_satang").value == 500_000_000
    assert [one.delivery_id for one in found.records] == [second]


@pytest.mark.parametrize(("layout", "count"), [("factories", 0), ("eec", None), ("s_curve", None), ("search", None)])
def test_a_list_of_one_area_says_nothing_of_those_outside(publish_files, layout, count):
    """The open list of the EEC alone must not say of a company elsewhere that it has no factory."""
    publish_files(("dbd-1", "juristic", [ROWS[0]]), ("diw-1", layout, [ROWS[3]]))
    found = register.find_by_juristic_id(JURISTIC)
    said = found.value_of("entity.establishment_count")
    assert (said.value if said else None) == count


def test_the_licences_of_one_province_say_nothing_of_the_others(publish_files):
    elsewhere = licence("L9", "มอก. 9", "active") | {"juristic_id": None, "id_state": "none", "name_raw": "ห้างอื่น"}
    files = ("dbd-1", "juristic", [ROWS[0]]), ("tisi-1", "licences", [elsewhere])
    publish_files(*files)
    assert register.find_by_juristic_id(JURISTIC).value_of("standard.licences").value == ()
    publish_files(*files, partial={"tisi-1"})
    assert register.find_by_juristic_id(JURISTIC).value_of("standard.licences") is None


def licence(number, standard, status):
    return ROWS[2] | {"record_key": number, "standard_no": standard, "licence_status": status}


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        (["active", None], ("มอก. 0",)),  # what is known to be held is held
        ([None], None),
        (["revoked", None], None),
        (["revoked"], ()),
        ([], ()),
    ],
)
def test_a_licence_whose_state_nobody_can_read_is_not_no_licence(publish, home, statuses, told):
    rows = [licence(f"L{place}", f"มอก. {place}", status) for place, status in enumerate(statuses)]
    stranger = licence("L9", "มอก. 9", "active") | {"juristic_id": None, "id_state": "none", "name_raw": "ห้างอื่น"}
    made = publish(frame([*ROWS[:2], *rows, stranger]))
    said = register.find_by_juristic_id(JURISTIC).value_of("standard.licences")
    assert (said.value if said else None) == told
    lake = pl.read_parquet(home.register / made.version / "enterprises.parquet")
    [held] = lake.filter(pl.col("juristic_id") == JURISTIC)["standard__licences"].to_list()
    assert (held if held is None else tuple(held)) == told, "the frames say what the pages say"


def test_silence_is_believed_again_once_the_state_can_be_read(publish):
    publish(frame([*ROWS[:2], licence("L1", "มอก. 1", None)]))
    assert register.find_by_juristic_id(JURISTIC).value_of("standard.licences") is None
    publish(frame([*ROWS[:2], licence("L1", "มอก. 1", "revoked") | {"observed_on": date(2026, 11, 1)}]))
    said = register.find_by_juristic_id(JURISTIC).value_of("standard.licences")
    assert (said.value, said.rule) == ((), Rule.NO_ROW)
