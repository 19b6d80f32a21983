"""The whole register at once: kept beside its version, whole or not at all, and equal to one enterprise at a time."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from iindustry.kernel.errors import Conflict
from iindustry.programmes import coding, columns, facts_table, published, services
from iindustry.programmes.frames import ENGINE_TYPES
from iindustry.reference.fields import FIELDS
from iindustry.register.enterprise import Enterprise, Establishment, Value

TODAY = date(2026, 11, 22)
SIZE = 60


def given(i):
    return {
        "entity.legal_kind": "company", "entity.status": ("active", "closed", None)[i % 3],
        "entity.registered_on": TODAY - timedelta(days=100 * i), "entity.sector": "manufacturing",
        "entity.revenue_satang": None if i % 7 == 0 else i * 1_000_000_000, "entity.worker_count": i * 5,
        "entity.establishment_count": 1, "entity.accounts_year": 2025, "participation.programmes": ("CPF",) if i % 2 else (),
    }  # fmt: skip


def site(i):
    return {
        "factory.factory_class": "3", "factory.factory_type": "00801", "area.eec": i % 4 == 0,
        "area.sez": None if i % 5 == 0 else i % 5 == 1, "area.corridor": "none", "standard.green_level": i % 4,
        "area.s_curve_group": "food_processing" if i % 2 else None,
    }  # fmt: skip


def frame(rows, of):
    columns = {"enterprise_id": pl.String()}
    for field in FIELDS:
        if field.of == of and field.fact is not None:
            kind = {"date": pl.Date(), "decimal": pl.Float64()}.get(field.type, ENGINE_TYPES[field.type])
            columns |= {field.column: kind, field.column + "__as_of": pl.Date()}
    data = []
    for i, row in enumerate(rows):
        cells = {"enterprise_id": f"ENT-{i:03d}"}
        for name, value in row.items():
            cells[name.replace(".", "__")] = list(value) if isinstance(value, tuple) else value
            cells[name.replace(".", "__") + "__as_of"] = TODAY
        data.append(cells)
    return pl.DataFrame(data, schema=columns)


@pytest.fixture
def register(home):
    folder = home.register / "2026-11-22.1"
    folder.mkdir(parents=True)
    frame([given(i) for i in range(SIZE)], "enterprise").write_parquet(folder / "enterprises.parquet")
    frame([site(i) for i in range(SIZE)], "establishment").write_parquet(folder / "establishments.parquet")
    (home.register / "CURRENT").write_text(folder.name, encoding="ascii")
    return home


def test_every_open_programme_is_answered_for_every_enterprise_and_kept(register):
    told = []
    report = services.evaluate_all(home=register, as_of=TODAY, progress=lambda *args: told.append(args))
    kept = pl.read_parquet(register.register / report.version / "eligibility.parquet")
    assert (report.version, report.enterprises) == ("2026-11-22.1", SIZE)
    assert kept.height == SIZE * len(services.open_rules(TODAY))
    assert kept.columns == ["enterprise_id", "programme", "answer", "fail_bits", "unknown_bits", "assumed"]
    assert all(one.yes + one.no + one.unknown == SIZE for one in report.programmes)
    assert told[-1] == ("evaluate", len(report.programmes), len(report.programmes))
    assert not list((register.register / report.version).glob("*.draft"))


def test_the_register_answers_as_each_enterprise_alone_does(register):
    services.evaluate_all(home=register, as_of=TODAY)
    kept = pl.read_parquet(register.register / "2026-11-22.1" / "eligibility.parquet")
    answers = {(row["enterprise_id"], row["programme"]): row for row in kept.iter_rows(named=True)}
    for i in range(SIZE):
        one = Enterprise(
            f"ENT-{i:03d}",
            "v",
            "",
            "",
            None,
            None,
            _values(given(i)),
            (Establishment("E", "", None, None, _values(site(i))),),
        )
        for explanation in services.explain(one, as_of=TODAY):
            row = answers[one.enterprise_id, explanation.programme.id]
            assert (row["answer"], row["fail_bits"], row["unknown_bits"]) == (
                explanation.answer.value, explanation.fail_bits, explanation.unknown_bits,
            )  # fmt: skip


def _values(row):
    return {name: Value(name, value, "dbd", "", TODAY) for name, value in row.items() if value is not None}


def test_before_the_first_version_there_is_nothing_to_evaluate(home):
    with pytest.raises(Conflict, match="register-absent"):
        services.evaluate_all(home=home, as_of=TODAY)


def test_a_failed_run_leaves_the_earlier_answers(register, monkeypatch):
    services.evaluate_all(home=register, as_of=TODAY)
    path = register.register / "2026-11-22.1" / "eligibility.parquet"
    before = path.read_bytes()
    (path.parent / "enterprises.parquet").write_bytes(b"torn")
    with pytest.raises(pl.exceptions.PolarsError):
        services.evaluate_all(home=register, as_of=TODAY)
    assert path.read_bytes() == before


def test_the_facts_of_a_day_are_made_once_and_found_again(register, monkeypatch):
    services.evaluate_all(home=register, as_of=TODAY)
    kept = register.register / "2026-11-22.1"
    (place,) = kept.glob("facts-*")
    monkeypatch.setattr(facts_table, "_OPEN", {})
    monkeypatch.setattr(facts_table, "_write", lambda *args: pytest.fail("made again"))
    before = (kept / services.ELIGIBILITY).read_bytes()
    services.evaluate_all(home=register, as_of=TODAY)
    assert (kept / services.ELIGIBILITY).read_bytes() == before
    assert list(kept.glob("facts-*")) == [place]


def test_another_day_has_other_facts_and_only_they_are_kept(register):
    first = facts_table.make(home=register, as_of=TODAY)
    later = facts_table.make(home=register, as_of=TODAY + timedelta(days=600))
    (place,) = (register.register / "2026-11-22.1").glob("facts-*")
    assert "2028-07-14" in place.name
    assert first.enterprises.columns["enterprise.revenue_satang"].null_count() < SIZE
    assert later.enterprises.columns["enterprise.revenue_satang"].null_count() == SIZE


def test_every_null_has_its_reason(register):
    table = facts_table.make(home=register, as_of=TODAY + timedelta(days=600))
    notes = facts_table.notes(table, register.register / table.version, "enterprise").collect()
    for fact in ("enterprise.status", "enterprise.revenue_satang", "enterprise.registered_on"):
        why = notes[fact + "·why"]
        assert (why == 0).to_list() == table.enterprises.columns[fact].is_not_null().to_list()
    said = [given(i)["entity.status"] is not None for i in range(SIZE)]
    assert [one == coding.Reason.STALE for one in notes["enterprise.status·why"]] == said
    assert [one == coding.Reason.MISSING for one in notes["enterprise.status·why"]] == [not one for one in said]


def test_facts_kept_and_read_back_are_the_facts_of_the_frames(register):
    folder = register.register / "2026-11-22.1"
    kept = facts_table.make(home=register, as_of=TODAY)
    fresh = facts_table.of_frames(
        pl.read_parquet(folder / "enterprises.parquet"), pl.read_parquet(folder / "establishments.parquet"), TODAY
    )
    for one, other in ((kept.enterprises, fresh.enterprises), (kept.first, fresh.first), (kept.more, fresh.more)):
        assert one.columns.keys() == other.columns.keys()
        assert all(one.columns[fact].equals(other.columns[fact], check_dtypes=True) for fact in one.columns)
        assert {fact: one.dictionaries[fact].to_list() for fact in one.dictionaries} == {
            fact: other.dictionaries[fact].to_list() for fact in other.dictionaries
        }
    assert kept.present.equals(fresh.present)
    assert kept.listed.equals(fresh.listed)


def test_where_sources_disagree_and_nothing_decides_the_fact_is_unknown(register):
    folder = register.register / "2026-11-22.1"
    pl.DataFrame({"subject": ["ENT-001"], "field": ["entity.revenue_satang"], "rule": ["key"]}).write_parquet(
        folder / "values.parquet"
    )
    table = facts_table.make(home=register, as_of=TODAY)
    assert table.enterprises.columns["enterprise.revenue_satang"][1] is None
    assert table.enterprises.columns["enterprise.revenue_satang"][2] == 2_000_000_000
    notes = facts_table.notes(table, folder, "enterprise").collect()
    assert notes["enterprise.revenue_satang·why"][1] == coding.Reason.CONFLICT


WHOLE = {of: frame([row(i) for i in range(SIZE)], of) for of, row in (("enterprise", given), ("establishment", site))}
POOR = {
    "no sector is known": {"enterprise": WHOLE["enterprise"].with_columns(pl.lit(None, pl.String).alias("entity__sector"))},
    "nothing of enterprises": {"enterprise": WHOLE["enterprise"].select("enterprise_id")},
    "nothing of establishments": {"establishment": WHOLE["establishment"].select("enterprise_id")},
    "nothing at all": {of: one.select("enterprise_id") for of, one in WHOLE.items()},
    "values without their days": {
        of: one.drop([name for name in one.columns if name.endswith("__as_of")]) for of, one in WHOLE.items()
    },
}  # fmt: skip


@pytest.mark.parametrize("case", POOR)
def test_what_a_frame_lacks_is_unknown_for_every_enterprise(case):
    frames = WHOLE | POOR[case]
    bundles = [published.bundle_of(one) for one in services.open_rules(TODAY)]
    found = columns.evaluate(bundles, frames["enterprise"], frames["establishment"], TODAY)
    assert found["enterprise_id"].to_list() == WHOLE["enterprise"]["enterprise_id"].to_list() * len(bundles)
    whole = columns.evaluate(bundles, WHOLE["enterprise"], WHOLE["establishment"], TODAY)
    assert (found["answer"] == "unknown").sum() > (whole["answer"] == "unknown").sum()
