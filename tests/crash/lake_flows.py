"""Flows that write files as well: deliver, mend, and link with publish. Polars is imported in the child alone."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from crash.world import CLOCK

_NUMBER = itertools.count(1)
HEADING = "รหัสผู้เข้าร่วม,โครงการ,ปีงบประมาณ,ชื่อสถานประกอบการ,ชื่อภาษาอังกฤษ,เลขประจำตัวผู้เสียภาษี,ชื่อผู้ติดต่อ,โทรศัพท์,อีเมล,จังหวัด,อำเภอ,ตำบล,ผลลัพธ์\n"
ROWS = (
    "P-{n}-1,ยกระดับผลิตภาพ,2569,บริษัท ตัวอย่างหนึ่ง จำกัด,,0105558197632,สมศรี,0812345678,,ชลบุรี,ศรีราชา,ทุ่งสุขลา,ผ่าน\n"
    "P-{n}-2,ยกระดับผลิตภาพ,2569,,,,,,,ชลบุรี,,,ผ่าน\n"
    "P-{n}-3,ยกระดับผลิตภาพ,2569,ร้าน ตัวอย่างสาม,,,,,,เมืองทิพย์,,,ผ่าน\n"
    "P-{n}-4,ยกระดับผลิตภาพ,2568,ร้าน ตัวอย่างสี่,,,,,,จ.ตาก,,,ผ่าน\n"
)


def clerk():
    from iindustry.kernel.actors import Actor, Role

    return Actor(Role.AGENCY_OFFICER, person_id="0190c0de-0000-7000-8000-0000000000cc", organisation="dip")


def folder_home():
    from django.conf import settings

    return settings.HOME


def send_file(path):
    from iindustry.sources import services as sources

    return sources.deliver(Path(path), source="dip", filename="dip.csv", actor=clerk(), home=folder_home(), clock=CLOCK)


class Deliver:
    name = "deliver"
    least = 5

    def warm(self):
        import iindustry.ledger.services  # noqa: F401

    def ready(self):
        import polars  # noqa: F401, ICN001

        import iindustry.sources.raw
        import iindustry.sources.services  # noqa: F401

    def tidy(self, world):
        """Nothing: the same bytes delivered again are the remedy."""

    def prepare(self, world):
        number = next(_NUMBER)
        path = world.home.root / f"dip-{number}.csv"
        path.write_text(HEADING + ROWS.format(n=number), encoding="utf-8")
        return {"path": str(path)}

    def act(self, case):
        report = send_file(case["path"])
        return {"delivery": report.delivery_id, "accepted": report.accepted, "quarantined": report.quarantined}

    def check(self, case, ack):
        import hashlib

        from iindustry.sources.models import Delivery

        digest = hashlib.sha256(Path(case["path"]).read_bytes()).hexdigest()
        rows = list(Delivery.objects.filter(sha256=digest))
        if len(rows) != 1:
            yield f"{len(rows)} deliveries of the same bytes"
        elif (rows[0].accepted_count, rows[0].quarantined_count) != (2, 2):
            yield "rows in are not accepted plus quarantined"
        elif ack and rows[0].id != ack["delivery"]:
            yield "the delivery that was acknowledged is not the one that stands"


class Mend(Deliver):
    name = "mend"

    def prepare(self, world):
        case = super().prepare(world)
        return case | {"delivery": send_file(case["path"]).delivery_id}

    def act(self, case):
        from iindustry.sources import services as sources

        cells = {3: {"name": "บริษัท ตัวอย่างสอง จำกัด"}, 4: {"province": "ตาก"}}
        report = sources.mend(case["delivery"], cells, actor=clerk(), home=folder_home(), clock=CLOCK)
        return {"delivery": report.delivery_id, "accepted": report.accepted}

    def check(self, case, ack):
        from iindustry.sources.models import Delivery, HeldRow

        mends = list(Delivery.objects.filter(mends=case["delivery"]))
        if len(mends) != 1 or mends[0].accepted_count != 2:
            yield f"{len(mends)} mending deliveries for one"
        if HeldRow.objects.filter(delivery_id=case["delivery"], mended_by=None).exists():
            yield "a mended row still waits"


class Publish:
    """Link the records of a small country and publish: two countries take turns, so that each case changes the register."""

    name = "publish"
    least = 4
    countries = ((24, 1), (26, 2))

    def warm(self):
        import iindustry.ledger.services  # noqa: F401

    def ready(self):
        import polars  # noqa: F401, ICN001

        import iindustry.linkage.services
        import iindustry.register.assemble
        import iindustry.register.services  # noqa: F401

    def prepare(self, world):
        from iindustry.kernel.home import current_version
        from iindustry.register import services as register

        register.settle(world.home)
        number = next(_NUMBER) % 2
        path = world.home.root / f"records-{number}.parquet"
        if not path.exists():
            _country(path, *self.countries[number])
        kept = current_version(world.home)
        for folder in world.home.register.glob("r*"):
            if folder.name != kept:
                shutil.rmtree(folder)
        return {"records": str(path), "before": kept}

    def act(self, case):
        import polars as pl

        from iindustry.kernel.progress import silent
        from iindustry.linkage import services as linkage
        from iindustry.register import services as register

        home, records = folder_home(), pl.read_parquet(case["records"])
        linked = linkage.link(
            records,
            earlier=linkage.earlier_members(home),
            judgements=linkage.judgements_in_force(),
            seed=1,
            threads=1,
            progress=silent,
        )
        report = register.publish(linked, records, home=home, clock=CLOCK, progress=silent)
        return {"version": report.version, "records": report.records}

    def tidy(self, world):
        """What every start does: CURRENT follows the serving copy."""
        from iindustry.register import services as register

        register.settle(world.home)

    def check(self, case, ack):
        import polars as pl

        from iindustry.kernel.home import current_version
        from iindustry.register.models import Member

        current = current_version(folder_home())
        if ack and current != ack["version"]:
            yield "the version that was acknowledged is not in force"
        if current == case["before"]:
            yield "the new version never came into force"
        wanted = pl.read_parquet(case["records"]).select("source", "record_key").unique().height
        if Member.objects.count() != wanted:
            yield f"{Member.objects.count()} members for {wanted} records"


def _country(path, enterprises, seed):
    import importlib.util

    place = Path(__file__).resolve().parents[1] / "integration" / "linkage" / "country.py"
    spec = importlib.util.spec_from_file_location("small_country", place)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["small_country"] = module
    spec.loader.exec_module(module)
    module.make(enterprises, seed=seed).records.write_parquet(path)


LAKE_FLOWS = (Deliver, Mend, Publish)
