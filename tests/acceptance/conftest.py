"""One country for all of these tests, with the extra people in it; their cases are closed when the last test is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acceptance import country as the_country

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acceptance.country import Country


@pytest.fixture(scope="package")
def country(stage) -> Iterator[Country]:
    """The running country and its visitors."""
    opened = the_country.opened(stage)
    yield opened
    opened.close()
    the_country.run(stage.home, "end")
