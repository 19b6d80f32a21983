"""The engine's weights are Splink's own, and a run's weights are the sum of their parts."""

from __future__ import annotations

import logging
import warnings

import polars as pl
import pytest
from country import make

from iindustry.linkage import blocking, comparisons, facets
from iindustry.linkage.learning import frequencies, learn
from iindustry.linkage.model import FREQUENCY_COLUMNS, settings
from iindustry.linkage.outcome import PRIOR
from iindustry.linkage.services import link, scoring


@pytest.fixture(scope="module")
def profiles():
    records = make(150, seed=6, slips=0.3).records
    told, _ = facets.profiles(facets.facets(facets.one_a_key(records)))
    return told.filter(~pl.col("site_only")).with_columns(loose=pl.lit(value=True))


def test_every_weight_is_splinks(profiles):
    """Levels, term frequencies and prior, on every pair that shares a skeleton, a place or the rest of our keys."""
    model = learn(profiles, {}, 0)
    of_columns = {column: frequencies(profiles, column) for column in FREQUENCY_COLUMNS}
    ours, looked = scoring.predicted(profiles, model, of_columns, scoring.OnDuckDB(1))
    theirs = _of_splink(profiles, model, of_columns)
    both = ours.join(theirs, on=["left", "right"], how="inner")
    assert both.height == ours.height > 300
    assert (both["match_weight"] - both["splink"]).abs().max() <= 1e-6
    assert int(looked.rules["pairs"].sum()) >= ours.height


def _of_splink(profiles, model, of_columns):
    warnings.simplefilter("ignore")
    logging.getLogger("splink").setLevel(logging.ERROR)
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    postings, _ = blocking.postings(blocking.keyed(profiles).select("uid", *blocking.KEYS))
    keyed = profiles.join(postings.group_by("uid").agg(pl.col("key")), on="uid", how="left")
    api = DuckDBAPI(connection=scoring.connection(1))
    rule = "list_has_any(l.key, r.key)"
    linker = Linker(api.register(keyed.to_arrow()), settings(model, [rule]), log_level=None)
    for column, share in of_columns.items():
        linker.table_management.register_term_frequency_lookup(api.register(share.to_arrow()), column)
    found = pl.from_arrow(linker.inference.predict(warning_mode="never").as_duckdbpyrelation().to_arrow_table())
    return found.select(
        left=pl.min_horizontal("uid_l", "uid_r"), right=pl.max_horizontal("uid_l", "uid_r"), splink="match_weight"
    )


def test_a_weight_is_the_sum_of_its_parts_and_plain_python_tells_the_same():
    state = link(make(150, seed=6).records).state
    names = [one.name for one in comparisons.COMPARISONS]
    parts = [f"bits_{name}" for name in (*names, PRIOR)]
    assert state.edges.height > 100
    summed = state.edges.select(pl.sum_horizontal(parts))["bits_name"]
    assert (summed - state.edges["match_weight"]).abs().max() < 1e-5
    values = state.profiles.select("uid", *FREQUENCY_COLUMNS)
    shares = {column: dict(frame.iter_rows()) for column, frame in state.frequencies.items()}
    for row in state.edges.head(50).join(values, left_on="left", right_on="uid").iter_rows(named=True):
        of_pair = {column: shares[column][row[column]] for column in FREQUENCY_COLUMNS if row[column] is not None}
        told = state.model.weight_of({name: row[name] for name in names}, of_pair, row[f"bits_{PRIOR}"])
        assert [part.bits for part in told] == pytest.approx([row[part] for part in parts], abs=1e-5)


def test_a_frozen_run_learns_nothing():
    records = make(200, seed=9).records
    first = link(records)
    again = link(records, frozen=first.state)
    assert again.state.model == first.state.model
    assert again.members.equals(first.members)


def test_a_model_of_another_normaliser_is_refused():
    from dataclasses import replace

    from iindustry.kernel.errors import Conflict

    first = link(make(60, seed=9).records)
    old = replace(first.state, model=replace(first.state.model, norm_version=0))
    with pytest.raises(Conflict, match="model-of-other-normaliser"):
        link(make(60, seed=9).records, frozen=old)


def test_the_report_says_how_good_by_source_and_what_blocking_made():
    linked = link(make(400, seed=3).records)
    rows = {(row["by"], row["value"]): row for row in linked.report["hidden"]}
    whole = rows["all", "all"]
    assert whole["precision"] == linked.quality["precision"]
    assert whole["precision_95"][0] <= whole["precision"] <= whole["precision_95"][1]
    pairs = [row for (by, _), row in rows.items() if by == "source_pair"]
    assert sum(row["true"] for row in pairs) == whole["true"] == linked.quality["hidden_pairs"]
    assert {row["rule"] for row in linked.report["rules"]} == set(blocking.KEYS)
    assert 0.9 < linked.report["ceiling"] <= 1
