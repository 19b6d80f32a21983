"""Enterprises for tests: the story's three, and any other by field."""

from __future__ import annotations

from datetime import date

from iindustry.register.enterprise import Enterprise, Establishment, Value

TODAY = date(2026, 11, 22)
SEEN = date(2026, 11, 1)

RIMKHONG = {
    "entity.legal_kind": "company", "entity.status": "active", "entity.registered_on": date(2017, 5, 1),
    "entity.sector": "manufacturing", "entity.revenue_satang": 4_200_000_000, "entity.accounts_year": 2025,
    "entity.worker_count": 38, "entity.establishment_count": 1, "participation.programmes": ("CPF 2568",),
    "obligation.open_orders_in_all": 0, "obligation.fee_overdue": False, "finance.smed_arrears": False,
    "finance.exim_arrears": False,
}  # fmt: skip
RIMKHONG_SITE = {
    "factory.factory_class": "2", "factory.factory_type": "00801", "area.eec": False, "area.sez": True,
    "area.corridor": "none", "area.s_curve_group": "food_processing", "standard.green_level": 1,
}  # fmt: skip
CHONPARTS = {
    **RIMKHONG,
    "entity.revenue_satang": 18_000_000_000,
    "entity.worker_count": 120,
    "participation.programmes": (),
}
CHONPARTS_SITE = {
    "factory.factory_class": "3", "factory.factory_type": "07702", "area.eec": True, "area.sez": False,
    "area.corridor": "none", "area.s_curve_group": "automotive", "standard.green_level": 0,
}  # fmt: skip
LANNAWOOD = {**RIMKHONG, "entity.revenue_satang": 6_500_000_000, "participation.programmes": ()}
LANNAWOOD_SITE = {
    "factory.factory_class": "3", "factory.factory_type": "03700", "area.eec": False, "area.sez": False,
    "area.corridor": "NEC", "standard.green_level": 3,
}  # fmt: skip


def enterprise(values, *sites, seen=SEEN):
    """An enterprise with these values, all seen on one day; each site is an establishment's values."""
    return Enterprise(
        "ENT-TEST", "2026-11-20.1", "กิจการทดสอบ", "Test", None, "49",
        _values(values, seen),
        tuple(Establishment(f"EST-{i}", f"โรงงานที่ {i + 1}", None, "49", _values(one, seen)) for i, one in enumerate(sites)),
    )  # fmt: skip


def _values(values, seen):
    return {name: Value(name, value, "dbd", "row-1", seen) for name, value in values.items() if value is not None}
