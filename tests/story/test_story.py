"""The whole line, played in a browser on the demo country: the one test that must never go red."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from story.browser import chromium
from story.play import perform

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


@pytest.mark.browser
@pytest.mark.timeout(900)
def test_the_story(stage, tmp_path, capsys):
    assert chromium(), "the story is played in Chromium, which is not here: apt-get install chromium"

    def tell(line: str) -> None:
        with capsys.disabled():
            print(line)

    tell(f"\n  answered after {stage.answered_after:.1f} s, complete after {stage.complete_after:.1f} s")
    pictures = PICTURES if os.environ.get("STORY_PICTURES") else None
    play = perform(stage, tmp_path, pictures, tell)
    faults = list(play.theatre.faults())
    pages = {(look.address, look.language) for look in play.theatre.looks}
    tell(f"  {len(play.theatre.looks)} looks at {len(pages)} pages in two languages: {len(faults)} faults; "
         f"{play.seen['prefilled']} % of her form was filled by the registers")  # fmt: skip
    assert not faults, "\n".join(faults)
    assert len(pages) >= 60
