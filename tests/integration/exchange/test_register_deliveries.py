"""An agency's system sends its register, signed; nobody else's register, no other body, and never twice."""

from __future__ import annotations

import pytest
from bank_systems import EXIM, Bank
from iindustry_connector import Refused

from iindustry.exchange import services as exchange
from iindustry.exchange.registration import from_jwks
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.ids import new_id
from iindustry.sources import services as sources
from iindustry.sources.models import Delivery

DIP = "TH-TEST/GOV/0994000000049/registers"
FILE = (
    "รหัสผู้เข้าร่วม,โครงการ,ปีงบประมาณ,ชื่อสถานประกอบการ,จังหวัด\nP-1,ก,2569,บริษัท ตัวอย่างหนึ่ง จำกัด,ชลบุรี\nP-2,ก,2569,,ชลบุรี\n"
).encode("cp874")


class Agency(Bank):
    """The same client with another name on its door and another purpose."""

    def __init__(self, address, organisation):
        super().__init__(EXIM, "exim")
        self.address, self.organisation = address, organisation
        self.keys = type(self.keys).make()
        exchange.register_client(
            from_jwks(address, organisation, ("REGISTER_DELIVERY",), self.keys.jwks()),
            actor=SYSTEM,
            clock=SystemClock(),
        )

    def send(self, body, *, query="source=dip&filename=dip.csv&period=2569-10", service="register-deliveries"):
        client = self.client()
        token = client._token(service, "REGISTER_DELIVERY")
        path = f"/r1/{client.hub.address}/register-deliveries/v1/deliveries?{query}"
        headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": str(new_id())}
        return client._call("POST", path, token, body=body, headers=headers)


@pytest.fixture
def dip(hub):
    return Agency(DIP, "dip")


def test_a_signed_file_is_delivered_and_the_answer_promises_its_ledger_leaf(dip):
    first, again = dip.send(FILE), dip.send(FILE)
    said = first.json()
    assert (first.status_code, said["accepted"], said["quarantined"], said["period"]) == (201, 1, 1, "2026-10")
    assert (again.status_code, again.json()["duplicate"], Delivery.objects.count()) == (200, True, 1)
    assert first.headers["i-industry-entry"] == again.headers["i-industry-entry"] == sources.entry_of(said["delivery"])
    row = Delivery.objects.get()
    assert (row.organisation, row.received_by, row.encoding) == ("dip", DIP, "cp874")


def test_a_file_of_several_megabytes_passes_and_a_larger_one_is_refused(dip):
    head, *_ = FILE.decode("cp874").splitlines()
    rows = "".join(f"P-{number},ก,2569,บริษัท ตัวอย่างที่ {number} จำกัด,ชลบุรี\n" for number in range(70_000))
    body = f"{head}\n{rows}".encode()
    assert len(body) > 6_000_000
    assert dip.send(body).json()["accepted"] == 70_000
    with pytest.raises(Refused, match="body-too-large"):
        dip.send(b"x" * ((32 << 20) + 1))


REFUSED = [
    ("source=tisi&filename=f.csv", FILE, "source-not-yours"),
    ("source=nothing&filename=f.csv", FILE, "source-unknown"),
    ("source=dip", FILE, "query-invalid"),
    ("source=dip&filename=f.csv&colour=red", FILE, "query-invalid"),
    ("source=dip&filename=f.csv&period=13", FILE, "period-unreadable"),
    ("source=dip&filename=f.csv", b"a,b\n1,2\n", "layout-unknown"),
    ("source=dip&filename=f.csv", b"", "file-empty"),
]


@pytest.mark.parametrize(("query", "body", "code"), REFUSED, ids=[one[2] for one in REFUSED])
def test_what_is_refused_is_refused_signed_with_its_code_and_leaves_nothing(dip, settings, query, body, code):
    with pytest.raises(Refused) as refusal:
        dip.send(body, query=query)
    assert (refusal.value.code, refusal.value.is_signed) == (code, True)
    assert Delivery.objects.count() == 0
    waiting = settings.HOME.landing / ".incoming"
    assert not waiting.exists() or list(waiting.iterdir()) == []


def test_a_token_of_another_service_opens_nothing(dip):
    with pytest.raises(Refused, match=r"token-scope|token-invalid"):
        dip.send(FILE, service="event-feed")
