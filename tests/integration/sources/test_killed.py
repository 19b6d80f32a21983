"""Killed before or after any SQL statement of `deliver` or `mend`, the same bytes sent again end as one delivery.

A child process does the act on the test database and kills itself with SIGKILL at one point; then the act is done again.
A seeded sample of points runs always; `IINDUSTRY_PROOF=1` runs every point.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest
from django.db import connection

from iindustry.config.environment import environment
from iindustry.kernel.home import Home
from iindustry.ledger import services as ledger
from iindustry.sources import services
from iindustry.sources.models import Delivery, FoundCell, HeldRow

pytestmark = pytest.mark.django_db(transaction=True)

CHILD = """
import json, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import FixedClock
from iindustry.kernel.home import Home
from iindustry.sources import services

point, home, file, mending = int(sys.argv[1]), Home(Path(sys.argv[2])), Path(sys.argv[3]), sys.argv[4]
settings.HOME = Home(Path(sys.argv[5]))
seen = 0

def tick():
    global seen
    seen += 1
    if seen == point:
        os.kill(os.getpid(), signal.SIGKILL)

def around(execute, sql, params, many, context):
    tick()
    result = execute(sql, params, many, context)
    tick()
    return result

def commit(self, real=BaseDatabaseWrapper._commit):
    tick()
    real(self)
    tick()

BaseDatabaseWrapper._commit = commit
clerk = Actor(Role.AGENCY_OFFICER, person_id="p-wipa", organisation="dip")
clock = FixedClock(datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
with connection.execute_wrapper(around):
    if mending:
        services.mend(mending, {3: {"name": "a"}, 4: {"province": "Tak"}}, actor=clerk, home=home, clock=clock)
    else:
        services.deliver(file, source="dip", filename="f.csv", actor=clerk, home=home, clock=clock)
print(json.dumps(seen))
"""
DIP = (
    "รหัสผู้เข้าร่วม,โครงการ,ปีงบประมาณ,ชื่อสถานประกอบการ,เลขประจำตัวผู้เสียภาษี,จังหวัด\n"
    "P-1,ก,2569,บริษัท ตัวอย่างหนึ่ง จำกัด,0105558197632,ชลบุรี\n"
    "P-2,ก,2569,,,ชลบุรี\n"
    "P-3,ก,2569,ร้าน สาม,1234567890121,เมืองทิพย์\n"
)


def act(point, home, file, mending=""):
    settings_dict = connection.settings_dict
    url = f"postgresql://{settings_dict['USER']}@/{settings_dict['NAME']}?host={settings_dict['HOST']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_"))}
    env = kept | {
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": url,
        "DJANGO_SETTINGS_MODULE": "iindustry.config.settings",
        "POLARS_MAX_THREADS": "1",
    }
    from django.conf import settings as django_settings

    command = [
        sys.executable,
        "-c",
        CHILD,
        str(point),
        str(home.root),
        str(file),
        mending,
        str(django_settings.HOME.root),
    ]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


def points(total):
    every = list(range(1, total + 1))
    return every if environment().proof else sorted(random.Random(total).sample(every, 5))


def state(home):
    folder = home.landing / "dip"
    whole = [path for path in folder.iterdir() if (path / "manifest.json").exists()] if folder.exists() else []
    return {
        "deliveries": Delivery.objects.count(),
        "entries": len(ledger.list_entries(kind="delivery.received", limit=50)),
        "held": HeldRow.objects.count(),
        "found": FoundCell.objects.count(),
        "open": HeldRow.objects.filter(mended_by=None).count(),
        "folders": len(whole),
        "in force": len(services.in_force(home=home)),
        "faults": len(ledger.verify().faults),
    }


def fresh(tmp_path, name):
    home = Home(tmp_path / name)
    home.root.mkdir()
    file = home.root / "sent.csv"
    file.write_text(DIP, encoding="utf-8")
    return home, file


def clear():
    names = [name for name in connection.introspection.table_names() if name.startswith(("sources_", "ledger_"))]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(names) + " CASCADE")


def test_a_delivery_killed_anywhere_is_one_delivery_when_sent_again(tmp_path):
    home, file = fresh(tmp_path, "whole")
    done = act(0, home, file)
    assert done.returncode == 0, done.stderr[-2000:]
    total, wanted = json.loads(done.stdout.splitlines()[-1]), state(home)
    assert (wanted["deliveries"], wanted["entries"], wanted["open"], wanted["faults"]) == (1, 1, 2, 0)
    assert total >= 12
    for point in points(total):
        clear()
        home, file = fresh(tmp_path, f"killed-{point}")
        assert act(point, home, file).returncode == -9, point
        after = state(home)
        assert after["deliveries"] == after["entries"] in {0, 1}, (point, after)
        assert act(0, home, file).returncode == 0
        assert state(home) == wanted, point


def test_a_mend_killed_anywhere_lets_each_row_leave_once(tmp_path):
    home, file = fresh(tmp_path, "whole")
    assert act(0, home, file).returncode == 0
    first = Delivery.objects.get().id
    done = act(0, home, file, first)
    assert done.returncode == 0, done.stderr[-2000:]
    total, wanted = json.loads(done.stdout.splitlines()[-1]), state(home)
    assert (wanted["deliveries"], wanted["open"], wanted["in force"]) == (2, 0, 2)
    for point in points(total):
        clear()
        home, file = fresh(tmp_path, f"killed-{point}")
        assert act(0, home, file).returncode == 0
        assert act(point, home, file, first).returncode == -9, point
        assert act(0, home, file, first).returncode == 0, point
        assert state(home) == wanted, point
