"""The whole register at once: kept beside its version, whole or not at all, and equal to one enterprise at a time."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from iindustry.kernel.errors import Conflict
from iindustry.programmes import services
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
    assert told[-1] == ("evaluate", 10, 10)
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


@pytest.mark.parametrize("at_once", [1, 7, SIZE - 1])
def test_a_register_in_parts_is_answered_as_whole(register, monkeypatch, at_once):
    kept = register.register / "2026-11-22.1" / services.ELIGIBILITY
    services.evaluate_all(home=register, as_of=TODAY)
    whole = kept.read_bytes()
    monkeypatch.setattr(services.evaluating, "AT_ONCE", at_once)
    services.evaluate_all(home=register, as_of=TODAY)
    assert kept.read_bytes() == whole
