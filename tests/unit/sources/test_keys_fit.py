"""A record's key fits every table that names records: one that does not is set aside, and never stops a publication."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.apps import apps

from iindustry.sources.contracts import contract_of
from iindustry.sources.rows import KEY_LONGEST, sort_out

KEYS = {"record_key", "left_key", "right_key"}


def columns_of_keys():
    models = [model for name in ("register", "linkage") for model in apps.get_app_config(name).get_models()]
    return [
        (model.__name__, one.name, one.max_length) for model in models for one in model._meta.fields if one.name in KEYS
    ]


def test_no_table_holds_shorter_keys_than_are_accepted():
    found = columns_of_keys()
    assert len(found) >= 8
    assert [one for one in found if one[2] < KEY_LONGEST] == []


@pytest.mark.parametrize(("signs", "is_accepted"), [(0, True), (1, False), (500, False)])
def test_a_product_described_at_length_waits_for_the_clerk(signs, is_accepted):
    layout = contract_of("oie").layouts[0]
    room = KEY_LONGEST - len("2026-10:20500000325535:")
    row = {
        "row": 2,
        "is_ragged": False,
        "period": "256910",
        "factory_id": "20500000325535",
        "product": "ก" * (room + signs),
    }
    result = sort_out(pl.DataFrame([row]), layout, today=date(2026, 11, 22), tag=str)
    assert (result.accepted.height, len(result.held_back)) == ((1, 0) if is_accepted else (0, 1))
    if not is_accepted:
        assert [(one.code, one.column) for one in result.held_back[0].reasons] == [("key-too-long", "product")]
