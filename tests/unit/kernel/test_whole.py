"""A file that others read is whole at any moment, whoever writes it, and however often at once."""

from __future__ import annotations

import pytest

from iindustry.kernel.whole import whole


def test_two_who_write_at_once_share_no_page_and_the_last_one_stands(tmp_path):
    path = tmp_path / "deep" / "live.json"
    with whole(path) as first:
        first.write_text("first, half", encoding="ascii")
        with whole(path) as second:
            second.write_text("second", encoding="ascii")
        assert path.read_text(encoding="ascii") == "second"
        first.write_text("first", encoding="ascii")
    assert path.read_text(encoding="ascii") == "first"
    assert list(path.parent.iterdir()) == [path]


def test_until_it_is_whole_the_old_one_stands_and_its_place_is_hidden(tmp_path):
    path = tmp_path / "live.json"
    path.write_text("old", encoding="ascii")
    with whole(path) as fresh:
        fresh.write_text("new", encoding="ascii")
        assert path.read_text(encoding="ascii") == "old"
        assert fresh.name.startswith(".")
        assert fresh.parent == path.parent


def test_a_writing_that_broke_off_leaves_the_old_one_and_nothing_beside_it(tmp_path):
    path = tmp_path / "live.json"
    path.write_text("old", encoding="ascii")

    def broken_off():
        with whole(path) as fresh:
            fresh.write_text("ne", encoding="ascii")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        broken_off()
    assert path.read_text(encoding="ascii") == "old"
    assert list(tmp_path.iterdir()) == [path]
