"""An enterprise is found by its whole name, however many other names begin with it."""

from __future__ import annotations

import pytest

from iindustry.kernel.ids import lasting_id
from iindustry.register import searching
from iindustry.register import services as register
from iindustry.register.models import Enterprise

pytestmark = pytest.mark.django_db


def rows(names):
    return [
        Enterprise(enterprise_id=lasting_id("ENT", number), name_th=name, is_person=False, search_text=name)
        for number, name in enumerate(names, 1)
    ]


@pytest.mark.parametrize("province", [None, "10"])
def test_the_whole_name_stands_before_a_thousand_that_begin_with_it(province):
    names = [f"แสงดาว{number:04d}" for number in range(searching._OF_THE_START * 2)]
    made = rows([*names, "แสงดาว", "แสงดาว\nsangdao"])
    for one in made:
        one.province_code = "10"
    Enterprise.objects.bulk_create(made)
    found = register.search("แสงดาว", province=province, limit=5)
    assert [one.name_th for one in found[:2]] == ["แสงดาว", "แสงดาว\nsangdao"]
    assert register.search("แสงดาว", province=province, limit=5) == found
