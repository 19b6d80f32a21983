"""The bench beside other engines: none of them is imported by the platform, and our counts are those of plain arithmetic."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "bench"))
PEERS = {"openfisca_core", "openfisca", "zen", "numpy"}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name.split(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_no_module_of_the_platform_imports_a_peer():
    paths = sorted((ROOT / "src").rglob("*.py"))
    assert len(paths) > 100
    assert not {str(path) for path in paths if PEERS & set(imported(path))}


def test_the_peers_process_imports_nothing_of_the_platform():
    assert "iindustry" not in set(imported(ROOT / "bench/rules_peers.py"))


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    import rules_data

    folder = tmp_path_factory.mktemp("peers")
    rules_data.write(folder, 4_000)
    return folder


def test_our_counts_are_those_of_plain_arithmetic(facts):
    import rules_data
    import rules_ours

    from iindustry.programmes import columns

    tests = {
        "ge": lambda value, one: value >= one, "le": lambda value, one: value <= one,
        "eq": lambda value, one: value == one, "in": lambda value, one: value in one,
    }  # fmt: skip
    rows = pl.read_parquet(facts / "facts.parquet").to_dicts()
    found = {one.programme: one for one in columns.statuses(*reversed(rules_ours.translated(facts, 4_000)))}
    for rule in rules_data.rules():
        each = [
            [
                None if row[one["fact"]] is None else tests[one["op"]](row[one["fact"]], one["value"])
                for one in rule["conditions"]
            ]
            for row in rows
        ]
        ours = found[rule["id"]]
        assert ours.yes == sum(all(answers) for answers in each)
        assert ours.no == sum(False in answers for answers in each)
        assert ours.yes + ours.no + ours.unknown == 4_000
