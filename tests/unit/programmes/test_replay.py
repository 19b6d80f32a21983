"""Past answers given again bit for bit, after every rule that they rested on has been replaced: 300 here, 10,000 in the long run.

The facts stand at the rules' own thresholds, one below, one above, missing and too old. After the answers are kept, the
catalogue in force is another one: limits, sizes and base rates are changed. Only what the record itself holds may be used.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from iindustry.config.environment import environment
from iindustry.programmes import published, records, services
from iindustry.programmes.facts import Facts
from iindustry.programmes.published import bundle_of
from iindustry.programmes.services.answering import replay_bodies
from tests.unit.programmes.random_rules import world

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN_AT = "2026-11-22T03:00:00+00:00"
COUNT = 10_000 if environment().proof else 300
LARGE = 100_000
RULES = [one for one in services.catalogue() if not one.is_archive]


def kept(count: int) -> tuple[list[tuple[object, bytes]], dict[str, str]]:
    """So many answers spread over all programmes, and the documents they name."""
    bodies, documents = [], {}
    each = -(-count // len(RULES))
    for number, rule in enumerate(RULES):
        bundle = bundle_of(rule)
        documents |= dict(bundle.documents)
        for place, facts in enumerate(world(bundle, seed=number, size=each).facts):
            named = Facts(
                facts.as_of, facts.readings, facts.sites, facts.listed, f"ENT-{number}-{place}", "2026-11-20.1", facts.asked
            )  # fmt: skip
            bodies.append((uuid4(), records.answered(bundle, named, known_at=KNOWN_AT).body))
    random.Random(5).shuffle(bodies)
    return bodies[:count], documents


def harder(value: Any) -> Any:
    """A document with every large number a tenth of what it was, and where a missing fact was asked for it is a no."""
    if isinstance(value, dict):
        return {key: "fail" if key == "on_missing" and one == "ask" else harder(one) for key, one in value.items()}
    if isinstance(value, list):
        return [harder(one) for one in value]
    return value // 10 if isinstance(value, int) and value >= LARGE else value


@pytest.fixture
def moved_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[], published.Library]:
    """Another catalogue comes into force when it is called."""

    def move() -> published.Library:
        texts = dict.fromkeys(text for rule in RULES for _, text in bundle_of(rule).documents)
        other = published.load([json.dumps(harder(json.loads(text)), ensure_ascii=False) for text in texts])
        monkeypatch.setattr(published, "library", lambda *_, **__: other)
        return other

    return move


def test_past_answers_are_given_again_bit_for_bit(moved_on: Callable[[], published.Library]) -> None:
    bodies, documents = kept(COUNT)
    answers = Counter(json.loads(body)["eligibility"] for _, body in bodies)
    assert min(answers[one] for one in ("yes", "no", "unknown")) > COUNT // 100, answers
    other = moved_on()
    found = replay_bodies(bodies, documents)
    assert (found.asked, found.same, found.differing, found.without_path) == (COUNT, COUNT, (), 0)
    now = [
        records.replayed(body, bundle_of(other.programmes[records.documents_named(body)[0]], other))
        for _, body in bodies[:100]
    ]
    assert any(one.eligibility != json.loads(body)["eligibility"] for one, (_, body) in zip(now, bodies, strict=False))


def test_an_answer_whose_documents_are_gone_is_counted_and_stops_nothing() -> None:
    bodies, documents = kept(60)
    gone = records.documents_named(bodies[0][1])[1][0]
    left = {version: text for version, text in documents.items() if version != gone}
    found = replay_bodies(bodies, left)
    assert 0 < found.without_path < found.asked
    assert found.same + found.without_path == found.asked


def test_a_document_that_differs_by_one_number_is_noticed() -> None:
    bodies, documents = kept(60)
    changed = {version: text.replace(":1", ":2", 1) for version, text in documents.items()}
    found = replay_bodies(bodies, changed)
    assert found.same < found.asked
