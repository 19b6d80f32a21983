"""An address that takes presses only, opened as a page: a sentence and a way back, never a blank page."""

from __future__ import annotations

import re

import pytest

from iindustry.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "up"),
    [("/demo/enter/nobody", "/"), ("/studio/new", "/studio"), ("/agency/returns/dip", "/agency")],
)
def test_it_says_so_and_leads_one_step_up(client, path, up):
    answer = client.get(path)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    text = answer.content.decode()
    assert "กดปุ่มในแบบฟอร์ม" in text
    assert f'href="{up}"' in text


def test_it_tells_the_same_whatever_the_address_names(client):
    """Nobody learns from it whether a case exists: everything but the way back is the same."""
    pages = set()
    for _ in range(2):
        case = f"/bank/applications/{new_id()}"
        text = client.get(f"{case}/ask").content.decode().replace(case, "case")
        pages.add(re.sub(r'("X-CSRFToken": |csrfmiddlewaretoken" value=)"\w+"', "token", text))
    assert len(pages) == 1
