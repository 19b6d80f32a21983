"""R1: killed before or after any statement, COPY, commit or rename, then repeated: nothing acknowledged is lost or doubled.

A seeded sample here; every point where IINDUSTRY_PROOF is 1.
"""

from __future__ import annotations

import json
import random
import signal
import time

import pytest

from crash import flows, invariants, world
from iindustry.kernel.home import Home

SEED = 20261122
SAMPLE = 40
FLOOR_OF_PROOF = 200


@pytest.fixture
def stage(transactional_db, zygote, settings, tmp_path):
    """A world on the test's database, its rows committed, with a process that forks."""
    from iindustry.kernel.actors import SYSTEM
    from iindustry.protection import services as protection
    from iindustry.register import services as register

    settings.HOME = Home(tmp_path)
    plain = register.get_enterprise
    protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=world.CLOCK)
    yield world.World(settings.HOME, zygote)
    register.get_enterprise = plain


def chosen(counts, *, whole):
    """The points to try: all, or a seeded sample with at least `least` of each flow."""
    if whole:
        return [(name, point) for name, count in counts.items() for point in range(1, count + 1)]
    draw = random.Random(SEED)
    some = {
        name: sorted(draw.sample(range(1, count + 1), min(count, flows.FLOWS[name].least)))
        for name, count in counts.items()
    }
    taken = [(name, point) for name, points in some.items() for point in points]
    rest = [(name, point) for name, count in counts.items() for point in range(1, count + 1) if point not in some[name]]
    return taken + draw.sample(rest, min(len(rest), max(0, SAMPLE - len(taken))))


@pytest.mark.timeout(3600)
def test_killed_at_any_point_nothing_is_lost_or_doubled(stage):
    from iindustry.config.environment import environment

    started, failures, killed = time.perf_counter(), [], 0
    counts = {}
    for name, flow in flows.FLOWS.items():
        case = flow.prepare(stage)
        dry = stage.run(flow, case)
        assert dry.ack is not None
        counts[name] = dry.points
        failures += [
            f"{name}, not killed: {fault}"
            for fault in (*flow.check(case, dry.ack), *invariants.check_invariants(stage))
        ]
    assert all(count >= 6 for count in counts.values()), counts
    points = chosen(counts, whole=environment().proof)
    for name, point in points:
        flow = flows.FLOWS[name]
        case = flow.prepare(stage)
        first = stage.run(flow, case, kill_at=point)
        killed += first.status == -signal.SIGKILL
        flow.tidy(stage)
        failures += [f"{name} killed at {point}: {fault}" for fault in invariants.check_invariants(stage)]
        again = stage.run(flow, case)
        ack = first.ack or again.ack
        found = (*flow.check(case, ack), *flow.check(case, again.ack), *invariants.check_invariants(stage))
        failures += [f"{name} killed at {point} and repeated: {fault}" for fault in found]
    gate = {"gate": "crash", "cases": len(points), "killed": killed, "of": sum(counts.values()), "failures": len(failures),
            "seed": SEED, "seconds": round(time.perf_counter() - started, 1), "points": counts}  # fmt: skip
    print(json.dumps(gate))
    assert not failures, "\n".join(failures[:20])
    assert killed >= len(points) * 0.9, "the hooks do not kill"
    assert len(points) >= (FLOOR_OF_PROOF if environment().proof else 40)


def test_the_harness_finds_a_flow_that_is_not_safe(stage):
    """A known-bad sample turns the gate red: an act whose two halves commit apart, killed between them."""
    flow = flows.KNOWN_BAD
    labels = stage.run(flow, flow.prepare(stage)).labels
    assert invariants.check_invariants(stage) == []
    between = 1 + next(place for place, label in enumerate(labels) if label.startswith("after UPDATE"))
    assert stage.run(flow, flow.prepare(stage), kill_at=between).status == -signal.SIGKILL
    assert any("1 uses for 0 looks" in fault for fault in invariants.check_invariants(stage))


def test_points_are_counted_before_and_after_each_statement_and_commit(stage):
    flow = flows.FLOWS["seal"]
    labels = stage.run(flow, flow.prepare(stage)).labels
    assert len(labels) % 2 == 0
    assert {"before COMMIT", "after COMMIT"} <= set(labels)
    assert any(label.startswith("before INSERT INTO ledger_leaf") for label in labels)
    assert any(label.startswith("before replace") for label in labels)
