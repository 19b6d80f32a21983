"""Figures from snapshots: counted right, released safely, stamped, and fresh as soon as a file changes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from iindustry.funding.snapshot import SCHEMA
from iindustry.insight import services as insight
from iindustry.insight.definitions import DEFINITIONS
from iindustry.insight.tables import Mark

VERSION = "20261122-0000000000000001"
SENT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def application(number: int, **facts):
    row = dict.fromkeys(SCHEMA)
    row |= {
        "application_id": f"a{number:05d}",
        "enterprise_id": f"ENT-{number:05d}",
        "product_id": "P-AREA",
        "lender": "smed",
        "policy_line": "area",
        "province_code": "49",
        "requested_satang": 100_000_00,
        "started_at": SENT,
        "sent_at": SENT,
        "typed_count": 7,
        "prefilled_count": 28,
        "papers_spared_count": 4,
        "is_history": True,
    }
    return row | facts


def paid(number: int, **facts):
    later = {"decided_at": SENT + timedelta(days=7), "decision": "approved", "approved_satang": 100_000_00}
    return application(number, **later, disbursed_at=SENT + timedelta(days=9), disbursed_satang=90_000_00, **facts)


def declined(number: int, code: str, **facts):
    return application(number, decided_at=SENT + timedelta(days=14), decision="declined", reason_code=code, **facts)


@pytest.fixture
def country(home):
    """40 enterprises in province 49, all eligible for P-AREA; 12 in province 10, unknown; 30 past cases, 2 of today."""
    folder = home.register / VERSION
    folder.mkdir(parents=True)
    ids = [f"ENT-{number:05d}" for number in range(52)]
    provinces = ["49"] * 40 + ["10"] * 12
    pl.DataFrame({"enterprise_id": ids, "entity__province": provinces}).write_parquet(folder / "enterprises.parquet")
    pl.DataFrame({"source": ["dbd"] * 52 + ["diw"] * 10, "record_key": [str(n) for n in range(62)],
                  "enterprise_id": ids + ids[:10]}).write_parquet(folder / "members.parquet")  # fmt: skip
    answers = ["yes"] * 40 + ["unknown"] * 12
    pl.DataFrame(
        {"enterprise_id": ids * 2, "programme": ["P-AREA"] * 52 + ["P-MEASURE"] * 52, "answer": answers + ["yes"] * 52}
    ).write_parquet(folder / "eligibility.parquet")
    pl.DataFrame(
        {"programme": ["P-AREA", "P-MEASURE"], "kind": ["loan", "measure"], "policy_line": ["area", "green"],
         "lender": ["smed", "dip"], "title_th": ["ก", "ข"], "title_en": ["a", "b"], "version": ["1", "1"]}
    ).write_parquet(folder / "programmes.parquet")  # fmt: skip
    (home.register / "CURRENT").write_text(VERSION)
    (folder / "quality.json").write_text('{"precision": 0.99, "recall": 0.95}')
    home.applications.mkdir(parents=True)
    past = [paid(n) for n in range(20)] + [declined(n, "R2" if n < 26 else "R9") for n in range(20, 30)]
    write(home, "history", past)
    write(home, "live", [application(30, is_history=False), declined(31, "R4", is_history=False)])
    insight.prepare(home)
    return home


def write(home, name, rows):
    pl.DataFrame(rows, schema=SCHEMA).write_parquet(home.applications / f"{name}.parquet")


def test_the_strip_counts_every_stage_once(country):
    strip = insight.strip(country)
    assert (strip.registers, strip.records, strip.enterprises) == (2, 62, 52)
    assert (strip.precision, strip.recall) == (0.99, 0.95)
    assert (strip.eligible, strip.applied, strip.approved, strip.disbursed) == (40, 30, 20, 20)
    assert strip.disbursed_satang == 20 * 90_000_00  # 1.8 million: two figures tell it whole
    assert strip.stamp.version == VERSION


def test_working_days_leave_out_weekends_and_holidays(country):
    # Monday 2 March to Monday 9 March 2026: five working days less Makha Bucha (3 March), for most cases.
    assert insight.strip(country).median_days in {4, 5}


def test_unknown_is_not_eligible_and_a_measure_is_no_loan(country):
    rows = {(row.line, row.province_code, row.lender): row.cells for row in insight.scoreboard(country).rows}
    assert rows["area", "49", None]["eligible"].value == 40
    assert rows["area", "10", None]["eligible"].value == 0
    assert rows["green", None, None]["eligible"].value == 0


def test_an_empty_installation_knows_nothing_and_says_so(home):
    strip = insight.strip(home)
    assert strip.registers is strip.enterprises is strip.applied is None
    cells = insight.scoreboard(home).rows[0].cells
    assert {one.mark for one in cells.values()} == {Mark.NONE}
    assert insight.coverage(home).rows == ()
    assert insight.funnel(home).reasons == ()
    assert insight.smart_government(home).fields_spared is None


def test_before_the_first_version_the_strip_counts_what_was_taken_in(home):
    (home.standard / "dbd").mkdir(parents=True)
    pl.DataFrame({"row": [1, 2, 3]}).write_parquet(home.standard / "dbd" / "d1.parquet")
    assert (insight.strip(home).registers, insight.strip(home).records) == (1, 3)
    (home.standard / "diw").mkdir()
    pl.DataFrame({"row": [1]}).write_parquet(home.standard / "diw" / "d2.parquet")
    assert (insight.strip(home).registers, insight.strip(home).records) == (2, 4)


def test_one_more_payment_moves_the_funnel_by_one(country):
    before = insight.funnel(country).total.cells["disbursed"].value
    write(country, "live", [paid(30, is_history=False), declined(31, "R4", is_history=False)])
    after = insight.funnel(country)
    assert after.total.cells["disbursed"].value == before + 1
    assert after.live.cells["disbursed"].mark is Mark.SMALL


def test_the_public_strip_does_not_tell_what_one_enterprise_was_paid(country):
    before = insight.strip(country).disbursed_satang
    write(
        country,
        "live",
        [paid(30, is_history=False) | {"disbursed_satang": 1_234_567_00}, declined(31, "R4", is_history=False)],
    )
    after = insight.strip(country).disbursed_satang
    assert after - before != 1_234_567_00
    assert after % 10_000_000 == 0


def test_reasons_of_declines_come_most_frequent_first_with_shares(country):
    more = [declined(number, "R2", is_history=False) for number in range(32, 40)]
    more += [declined(number, "R9", is_history=False) for number in range(40, 48)]
    write(country, "live", more)
    reasons = insight.funnel(country).reasons
    assert [(one.code, one.count.value) for one in reasons] == [("R2", 14), ("R9", 12)]
    assert sum(one.share for one in reasons) == pytest.approx(1)


def test_a_new_version_is_shown_when_it_has_been_counted_and_not_before(country):
    import shutil

    newer = country.register / "newer"
    shutil.copytree(country.register / VERSION, newer)
    (newer / "reach.parquet").unlink()
    (country.register / "CURRENT").write_text("newer")
    assert insight.strip(country).stamp.version == VERSION
    assert insight.strip(country).eligible == 40
    insight.prepare(country)
    assert insight.strip(country).stamp.version == "newer"


def test_coverage_counts_enterprises_that_are_eligible_now(country):
    reached = insight.coverage(country)
    assert reached.total.cells["eligible"].value == 40
    assert reached.total.cells["coverage"].value == pytest.approx(20 / 40)
    assert reached.total.cells["take_up"].value == pytest.approx(32 / 40)
    assert len(reached.rows) == 77


def test_the_map_has_77_provinces_and_classes_only_where_a_number_is_shown(country):
    chart = insight.map_of_lines(country, line="area", step="eligible")
    assert len(chart.provinces) == 77
    assert chart.provinces["49"].class_number == len(chart.bounds) == 1
    assert chart.provinces["10"].class_number is None
    assert {one.line for one in chart.totals} == {"s_curve", "sme_upgrade", "area", "green"}


def test_csv_names_definition_unit_version_and_day_before_the_rows(country):
    rows = list(csv.reader(io.StringIO(insight.scoreboard_csv(country))))
    comments = [row for row in rows if row[0].startswith("#")]
    assert ["# register_version", VERSION] in comments
    assert {row[1] for row in comments if row[0] == "# definition"} == {
        DEFINITIONS[key].label for key in insight.scoreboard(country).columns
    }
    body = rows[len(comments) :]
    assert body[0][:3] == ["policy_line", "province_code", "lender"]
    assert len(body) - 1 == 5 * 78 * 3
    assert all(len(row) == len(body[0]) for row in body)


def test_the_ministrys_own_record_adds_what_is_of_today(country):
    folder = country.applications.parent / "ministry"
    folder.mkdir()
    (folder / "live.json").write_text(
        '{"corrections_asked": 3, "corrections_answered": 1, "deliveries": 5, "late_deliveries": 0}'
    )
    smart = insight.smart_government(country)
    assert (smart.fields_spared, smart.papers_spared, smart.typed_median) == (32 * 28, 32 * 4, 7)
    assert smart.prefilled_share == pytest.approx(0.8)
    assert (smart.corrections_answered, smart.corrections_asked, smart.deliveries) == (1, 3, 5)
