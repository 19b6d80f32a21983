"""Contestant A: Splink 5 as a careful user without knowledge of Thai sets it up (design, LINKAGE section 7).

Raw names, Jaro-Winkler, term frequencies, six blocking rules, EM on the juristic id and on the phone. A+ is the same with
the factory number besides, which the design's A lacks though two of the demo's registers carry little else.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

_PRIOR_RECALL = 0.6
_U_PAIRS = 1e6
_SEED = 1
_LEAST = 0.1


def predicted(flat: Path, *, with_factory: bool) -> tuple[Any, Any]:
    """(linker, predictions from probability .1) of a flat file of raw columns."""
    warnings.simplefilter("ignore")
    logging.getLogger("splink").setLevel(logging.ERROR)
    import duckdb
    import polars as pl
    from splink import Linker, block_on
    from splink.backends.duckdb import DuckDBAPI

    connection = duckdb.connect(":memory:", config={"threads": 2})
    api = DuckDBAPI(connection=connection)
    linker = Linker(
        api.register(pl.read_parquet(flat).to_arrow()), _settings(with_factory=with_factory), log_level=None
    )
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("jid"), block_on("name_th", "phone")], recall=_PRIOR_RECALL
    )
    training.estimate_u_using_random_sampling(max_pairs=_U_PAIRS, seed=_SEED)
    for column in ("jid", "phone"):
        try:
            training.estimate_parameters_using_expectation_maximisation(block_on(column))
        except Exception as error:  # noqa: BLE001 - too few pairs of this key to learn from: the careful user goes on
            print(f"  (EM on {column} had nothing to learn from: {type(error).__name__})")
    return linker, linker.inference.predict(threshold_match_probability=_LEAST, warning_mode="never")


def clusters(linker: Any, predictions: Any, weight: float) -> pl.DataFrame:
    """unique_id and cluster at a threshold of match weight, by Splink's own connected components."""
    import polars as pl

    found = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold_match_weight=weight)
    frame = pl.from_arrow(found.as_duckdbpyrelation().project("cluster_id, unique_id").to_arrow_table())
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - for the reader
    return frame


def _settings(*, with_factory: bool) -> Any:
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    def like(column: str, steps: Sequence[float], *, tf: bool = False) -> Any:
        return cl.JaroWinklerAtThresholds(column, list(steps)).configure(term_frequency_adjustments=tf)

    comparisons = [
        cl.ExactMatch("jid"),
        like("name_th", (0.95, 0.9, 0.8), tf=True),
        like("name_en", (0.95, 0.88), tf=True),
        cl.ExactMatch("province").configure(term_frequency_adjustments=True),
        like("district", (0.9,)),
        like("subdistrict", (0.9,)),
        cl.ExactMatch("phone"),
        cl.ExactMatch("date"),
        cl.ExactMatch("tsic"),
    ]
    blocks = [
        block_on("jid"), block_on("phone"), block_on("name_th"), block_on("name_en"),
        block_on("district", "subdistrict", "tsic"), block_on("date", "province"),
    ]  # fmt: skip
    if with_factory:
        comparisons.append(cl.ExactMatch("factory"))
        blocks.append(block_on("factory"))
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocks,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
