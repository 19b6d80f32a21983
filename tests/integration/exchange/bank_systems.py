"""Banks' systems for tests: real keys, a real client, the hub's WSGI door."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import httpx
from iindustry_connector import Client, Keys

from iindustry.exchange import services as exchange
from iindustry.exchange.registration import from_jwks
from iindustry.funding.services.products import Product
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.clock import SystemClock
from iindustry.reference.fields import expand
from iindustry.register.enterprise import Enterprise, Establishment, Value

EXIM = "TH-TEST/BANK/0994000000031/loans"
SMED = "TH-TEST/BANK/0994000000022/loans"
PURPOSES = ("LOAN_UNDERWRITING", "OUTCOME_REPORTING")
FIELDS = expand(("entity.*", "factory.*", "area.*", "standard.*"))
HUB = "http://127.0.0.1:8000"


def value(field, content, source="dbd"):
    return Value(field, content, source, "R1", date(2026, 10, 1))


ENTERPRISE = Enterprise(
    "ENT-TEST", "v1", "บริษัท ตัวอย่าง จำกัด", "Example", None, "20",
    values={
        "entity.size_class": value("entity.size_class", "small"),
        "entity.capital_satang": value("entity.capital_satang", 500_000_000),
        "entity.registered_on": value("entity.registered_on", date(2018, 5, 1)),
        "person.phone": value("person.phone", "021234567", "dip"),
    },
    establishments=(
        Establishment("EST-TEST", "โรงงานตัวอย่าง", "20509999925692", "20",
                      values={"factory.worker_count": value("factory.worker_count", 38, "diw")}),
    ),
)  # fmt: skip


def product(product_id):
    lender = product_id.split("-")[0]
    return Product(product_id, "1", "สินเชื่อ", "Loan", "", "", lender, "area", None, None, (), date(2020, 1, 1), None)


@cache
def door():
    """The WSGI door, made once: what changes between tests are settings and rows."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


class Bank:
    """One bank's system: its keys, its registration, its client."""

    def __init__(self, address, organisation):
        self.address, self.organisation, self.keys = address, organisation, Keys.make()
        exchange.register_client(
            from_jwks(address, organisation, PURPOSES, self.keys.jwks()), actor=SYSTEM, clock=SystemClock()
        )

    def client(self, *, ahead_seconds=0, address=None, keys=None, spy=None):
        transport = httpx.WSGITransport(app=door())
        return Client(
            base_url=HUB, address=address or self.address, keys=keys or self.keys,
            transport=spy(transport) if spy else transport,
            now=lambda: SystemClock().now() + timedelta(seconds=ahead_seconds),
        )  # fmt: skip


ANSWERS = {
    "amount_satang": "2,000,000", "use_code": "machinery", "use_words": "ซื้อเครื่องบรรจุ", "tenor_months": "60",
    "revenue_expected_satang": "40,000,000", "collateral_code": "guarantee", "contact_phone": "021234567",
}  # fmt: skip
