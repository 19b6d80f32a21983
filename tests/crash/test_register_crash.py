"""R1 over the register: link, publish, a delta, judgements, merge, split, undo and a second person's word, killed at any point.

Killed and put in order, the world is as it was before or as it is after, never between; repeated, it is what the flow leaves
when nobody kills it, to the byte. A seeded sample here; every point where IINDUSTRY_PROOF is 1: each is a kill of its own, and
what it leaves (`picture.left`) is put in order and the act repeated once for all points that leave the same.
"""

from __future__ import annotations

import json
import random
import signal
import time
from datetime import timedelta

import pytest
from django.conf import settings

from crash import invariants, staged, world
from crash.picture import TOLD, differences, left, picture
from crash.register_flows import REGISTER_FLOWS
from iindustry.kernel.clock import FixedClock, SystemClock
from iindustry.kernel.home import current_version

SEED = 20261122
SAMPLE = 2
LEAST_POINTS = 8
LATER = FixedClock(SystemClock().now() + timedelta(days=3))
# What the transaction of a publication decides; what look-ups read and what is counted of a version may come later.
DECIDED = (
    *sorted(TOLD.keys() - {"link keys", "link model"}),
    "CURRENT",
    *(f"register: {name}.parquet" for name in ("enterprises", "establishments", "members", "values")),
)
RESTORED = {"undo-merge": "published", "undo-split": "published"}


@pytest.fixture(scope="module")
def transactional_db(django_db_setup, django_db_blocker):
    """In place of the usual one, whose name tells that a database is needed: only copies of it are written to here."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def stages(transactional_db, zygote, tmp_path_factory):
    """The kept worlds, and the process that forks, for every flow of this file."""
    from iindustry.register import services as register

    plain_home, plain_enterprise = settings.HOME, register.get_enterprise
    kept = staged.Stages(tmp_path_factory.mktemp("stages"), settings)
    try:
        staged.build(kept, tmp_path_factory.mktemp("country"))
        yield kept, world.World(kept.home, zygote)
    finally:
        kept.close()
        settings.HOME, register.get_enterprise = plain_home, plain_enterprise


def tidy(home):
    """What every start of the platform and its hourly work do, days later."""
    from iindustry.config import jobs
    from iindustry.register import services as register

    register.settle(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "SystemClock", lambda: LATER)
        # The queue has connections of its own, to another database.
        patch.setattr(jobs, "_forget_old_jobs", lambda: None)
        jobs.tidy()


def left_behind(home):
    """What only a killed process leaves, and nobody takes away."""
    for path in sorted(home.root.rglob(".*")):
        if path.name != ".incoming":
            yield f"{path.relative_to(home.root).parent}/{path.name.partition('-')[0]} is left behind"


def chosen(points, *, whole):
    """All points, or a seeded sample with one of the last three: there the commit stands."""
    if whole:
        return list(range(1, points + 1))
    draw = random.Random(SEED + points)
    return sorted({points - draw.randrange(3), *draw.sample(range(1, points - 2), SAMPLE - 1)})


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", REGISTER_FLOWS)
def test_killed_at_any_point_the_register_is_the_old_one_or_the_new_one(stages, name):
    from iindustry.config.environment import environment

    kept, stage = stages
    flow, started, failures, killed = REGISTER_FLOWS[name], time.perf_counter(), [], 0
    case = kept.cases.get(flow.start, {})
    kept.enter(flow.start)
    before = picture(kept.home)
    whole = stage.run(flow, case)
    assert whole.ack is not None
    after = picture(kept.home)
    assert before != after, "the act did nothing"
    failures += [f"not killed: {fault}" for fault in (*invariants.check_invariants(stage), *left_behind(kept.home))]
    failures += restored(kept, name, after)
    points = chosen(whole.points, whole=environment().proof)
    kept.enter(flow.start)
    start, since_ns, states = left(kept.home), time.time_ns(), set()
    for point in points:
        where = f"killed at {point} ({whole.labels[point - 1]})"
        killed += stage.run(flow, case, kill_at=point, since_ns=since_ns).status == -signal.SIGKILL
        state = left(kept.home)
        if state in states:
            kept.enter(flow.start, rows=state.rows != start.rows, files=state.files != start.files)
            continue
        states.add(state)
        tidy(kept.home)
        seen = picture(kept.home)
        torn = differences(before, seen, only=DECIDED)
        if torn and (torn := differences(after, seen, only=DECIDED)):
            failures += [f"{where}: neither as before nor as after: {one}" for one in torn]
        failures += [f"{where}: {fault}" for fault in invariants.check_invariants(stage)]
        again = flow.act(case)
        if not again:
            failures.append(f"{where}: not acknowledged when repeated")
        tidy(kept.home)
        failures += [f"{where} and repeated: {one}" for one in differences(after, picture(kept.home))]
        failures += [
            f"{where} and repeated: {fault}" for fault in (*invariants.check_invariants(stage), *left_behind(kept.home))
        ]
        kept.enter(flow.start)
    gate = {"gate": f"crash: {name}", "cases": len(points), "killed": killed, "of": whole.points, "states": len(states), "failures": len(failures),
            "seed": SEED, "seconds": round(time.perf_counter() - started, 1)}  # fmt: skip
    print(json.dumps(gate))
    assert not failures, f"{len(failures)} faults\n" + "\n".join(failures[:30])
    assert killed >= len(points) * 0.9, "the hooks do not kill"
    assert whole.points >= LEAST_POINTS


def restored(kept, name, after):
    """An undone act leaves the members, enterprises and redirects that stood before it, byte for byte."""
    if name not in RESTORED:
        return
    kept.enter(RESTORED[name])
    was = picture(kept.home)
    # A split's new id stands for the one it came from ever after: somebody may have written it down.
    names = ["members", "enterprises", "establishments", "values"]
    for one in [*(f"register: {name}.parquet" for name in names), *(["redirects"] if name == "undo-merge" else [])]:
        if was[one] != after[one]:
            yield f"undone, but {one} is not what stood before"
    assert current_version(kept.home)
