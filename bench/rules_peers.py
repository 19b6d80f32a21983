"""One engine of the rules bench in a process of its own: `rules_peers.py ENGINE FOLDER ROWS`. Prints one JSON line.

Imports nothing of the platform: it runs in the peers' own environment (bench/rules_peers.in). CPU is counted from the facts
being in memory, in the engine's own form, to the yes-counts; reading, translating and compiling are not.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

_KIB = 1024


def main() -> None:
    engine, folder, rows = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    rules = json.loads((folder / "rules.json").read_text(encoding="ascii"))
    try:
        found = ENGINES[engine](rules, folder / "facts.parquet", rows)
    except ModuleNotFoundError as missing:
        found = {"not_installed": missing.name}
    found["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB
    print(json.dumps(found))


def openfisca(rules: list[dict[str, Any]], path: Path, rows: int) -> dict[str, Any]:
    """Every programme a variable over the facts as variables; what is missing is the engine's default, 0."""
    import numpy as np
    import pyarrow.parquet as pq
    from openfisca_core.entities import Entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    table = pq.read_table(path).slice(0, rows)
    firm = Entity("firm", "firms", "", "")
    system = TaxBenefitSystem([firm])
    common = {"entity": firm, "definition_period": DateUnit.YEAR, "label": ""}
    for fact in table.column_names:
        system.add_variable(type(fact, (Variable,), {**common, "value_type": int}))

    tests = {
        "ge": lambda values, one: values >= one,
        "le": lambda values, one: values <= one,
        "eq": lambda values, one: values == one,
        "in": np.isin,
    }

    def formula_of(conditions: list[dict[str, Any]]) -> Any:
        def formula(entity: Any, period: Any) -> Any:
            met = None
            for one in conditions:
                answer = tests[one["op"]](entity(one["fact"], period), one["value"])
                met = answer if met is None else met & answer
            return met

        return formula

    for rule in rules:
        made = {**common, "value_type": bool, "formula": formula_of(rule["conditions"])}
        system.add_variable(type(rule["id"], (Variable,), made))
    simulation = SimulationBuilder().build_default_simulation(system, rows)
    absent = {}
    for fact in table.column_names:
        column = table[fact].combine_chunks()
        absent[fact] = np.asarray(column.is_null())
        simulation.set_input(fact, "2026", np.asarray(column.fill_null(0)))
    began, cpu = time.perf_counter(), time.process_time()
    answers = {rule["id"]: simulation.calculate(rule["id"], "2026") for rule in rules}
    yes = {name: int(one.sum()) for name, one in answers.items()}
    wall, spent = time.perf_counter() - began, time.process_time() - cpu
    resting = 0
    sure = {}
    for rule in rules:
        missing = np.zeros(rows, dtype=bool)
        for one in rule["conditions"]:
            missing |= absent[one["fact"]]
        resting += int((answers[rule["id"]] & missing).sum())
        sure[rule["id"]] = int((answers[rule["id"]] & ~missing).sum())
    return {"engine": "OpenFisca", "version": version("OpenFisca-Core"), "rows": rows, "wall": wall, "cpu": spent,
            "yes": sure, "yes_on_missing": resting, "yes_in_all": sum(yes.values())}  # fmt: skip


def zen(rules: list[dict[str, Any]], path: Path, rows: int) -> dict[str, Any]:
    """One decision of twenty expressions, each with a guard against null, evaluated row by row."""
    import pyarrow.parquet as pq
    from zen import ZenEngine

    words = {"ge": "{f} >= {v}", "le": "{f} <= {v}", "eq": "{f} == {v}", "in": "{f} in {v}"}
    expressions = []
    for rule in rules:
        each = [
            f"({one['fact']} != null and " + words[one["op"]].format(f=one["fact"], v=json.dumps(one["value"])) + ")"
            for one in rule["conditions"]
        ]
        expressions.append({"id": rule["id"], "key": rule["id"], "value": " and ".join(each)})
    content = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {"id": "x", "name": "x", "type": "expressionNode", "position": {"x": 0, "y": 0}, "content": {"expressions": expressions}},
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "x", "type": "edge"},
            {"id": "2", "sourceId": "x", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip
    decision = ZenEngine().create_decision(json.dumps(content))
    facts = pq.read_table(path).slice(0, rows).to_pylist()
    yes = {rule["id"]: 0 for rule in rules}
    began, cpu = time.perf_counter(), time.process_time()
    for row in facts:
        for name, answer in decision.evaluate(row)["result"].items():
            if answer is True:
                yes[name] += 1
    return {"engine": "zen-engine", "version": version("zen-engine"), "rows": rows,
            "wall": time.perf_counter() - began, "cpu": time.process_time() - cpu, "yes": yes}  # fmt: skip


ENGINES = {"openfisca": openfisca, "zen": zen}

if __name__ == "__main__":
    main()
