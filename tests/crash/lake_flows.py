"""Flows that write files as well: deliver, by a mapping, by a remembered one, and mend. Polars is imported in the child alone."""

from __future__ import annotations

import itertools
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


STRANGE = (
    "ลำดับ,รหัสผู้สมัคร,ชื่อกิจการ,เลขภาษี,โครงการที่เข้าร่วม,ที่อยู่ {heading},ปีงบ\n"
    "1,A-{n}1,บริษัท ตัวอย่างหนึ่ง จำกัด,0105558197632,ยกระดับ,1 ต.ทุ่งสุขลา อ.ศรีราชา จ.ชลบุรี,2569\n"
    "2,A-{n}2,ร้านสมมติ,1234567890121,ยกระดับ,2 ต.ในเมือง อ.เมือง จ.ขอนแก่น,2569\n"
)


def receive(heading, number):
    from iindustry.sources import services as sources

    text = STRANGE.format(heading=heading, n=number).encode()
    return sources.receive(
        [text], filename="dip.csv", source="dip", actor=clerk(), home=folder_home(), clock=CLOCK
    ), text  # fmt: skip


def mapping_of(incoming):
    from iindustry.sources import services as sources

    look = sources.look_at(incoming, actor=clerk(), home=folder_home(), clock=CLOCK)
    return look.mapping.mapping().document()


class DeliverMapped(Deliver):
    """A file whose headings nobody knew, delivered by the mapping that a clerk has just confirmed."""

    name = "deliver-mapped"

    def prepare(self, world):
        import hashlib

        number = next(_NUMBER)
        incoming, text = receive(number, number)
        digest = hashlib.sha256(text).hexdigest()
        return {"incoming": incoming, "sha256": digest, "mapping": mapping_of(incoming), "source": "dip"}

    def act(self, case):
        from iindustry.kernel.errors import NotFound
        from iindustry.sources import services as sources

        try:
            report = sources.deliver_incoming(
                case["incoming"], mapping=case["mapping"], actor=clerk(), home=folder_home(), clock=CLOCK
            )
        except NotFound:  # delivered, and nothing waits any more: what the page of the work then says
            return {"delivery": None}
        return {"delivery": report.delivery_id}

    def check(self, case, ack):
        from iindustry.sources.models import Delivery, KnownMapping

        rows = list(Delivery.objects.filter(sha256=case["sha256"]))
        if [row.accepted_count for row in rows] != [2]:
            yield f"{len(rows)} deliveries of a file that waited"
        elif rows[0].mapping is None or not KnownMapping.objects.filter(document=rows[0].mapping).exists():
            yield "the mapping that was confirmed is not remembered"
        if list((folder_home().landing / ".incoming").glob(f"{case['incoming']}*")):
            yield "the file still waits"


class DeliverRemembered(DeliverMapped):
    """The next month: the same headings, no mapping named."""

    name = "deliver-remembered"

    def prepare(self, world):
        case = super().prepare(world)
        super().act(case)
        import hashlib

        number = next(_NUMBER)
        heading = number - 1
        incoming, text = receive(heading, number)
        return {"incoming": incoming, "sha256": hashlib.sha256(text).hexdigest(), "mapping": None, "source": "dip"}


LAKE_FLOWS = (Deliver, DeliverMapped, DeliverRemembered, Mend)
