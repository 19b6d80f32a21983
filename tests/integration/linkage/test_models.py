"""Match models: a candidate stands beside its report, and only a steward lets later runs begin from it."""

from __future__ import annotations

import json

import pytest
from country import make
from django.conf import settings

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Conflict, Denied, NotFound
from iindustry.ledger import services as ledger
from iindustry.linkage import model
from iindustry.linkage import services as linkage

pytestmark = pytest.mark.django_db
STEWARD = Actor(Role.STEWARD, person_id="s1", organisation="oie")


@pytest.fixture(autouse=True)
def own_home(home, monkeypatch):
    monkeypatch.setattr(settings, "HOME", home)


@pytest.fixture
def candidate(home):
    return linkage.learn_model(make(300, seed=3).records, home=home)


def test_a_candidate_changes_nothing_until_a_steward_accepts_it(candidate, home, clock):
    assert candidate.name == "enterprise-th-3"
    assert set(candidate.measured) == {"before", "candidate"}
    assert linkage.model_in_force(home=home)["name"] == model.SHIPPED
    assert not candidate.in_force
    with pytest.raises(Denied, match="judging-not-yours"):
        linkage.accept_model(candidate.name, actor=Actor(Role.ANALYST, person_id="a"), home=home, clock=clock)
    if not candidate.may_be_accepted:
        pytest.fail("a model learnt from these very records is worse on them than the shipped one")
    linkage.accept_model(candidate.name, actor=STEWARD, home=home, clock=clock)
    assert linkage.model_in_force(home=home)["name"] == candidate.name
    assert [one.name for one in linkage.list_models(home=home)] == [candidate.name, model.SHIPPED]
    assert [entry.kind for entry in ledger.list_entries(limit=5)] == ["steward.acted"]
    again = linkage.link(make(100, seed=4).records, document=linkage.model_in_force(home=home))
    assert again.state.model.name == candidate.name


def test_what_hidden_numbers_speak_against_is_refused(candidate, home, clock):
    report = home.linkage / "models" / f"{candidate.name}.report.json"
    report.write_text(json.dumps(json.loads(report.read_text()) | {"may_be_accepted": False}))
    with pytest.raises(Conflict, match="model-not-better"):
        linkage.accept_model(candidate.name, actor=STEWARD, home=home, clock=clock)


def test_a_changed_or_unknown_file_is_refused(candidate, home, clock):
    path = home.linkage / "models" / f"{candidate.name}.json"
    path.write_text(path.read_text().replace('"smoothing_pairs": 200', '"smoothing_pairs": 201'))
    with pytest.raises(Conflict, match="model-file-changed"):
        linkage.accept_model(candidate.name, actor=STEWARD, home=home, clock=clock)
    for name in ("enterprise-th-99", "../escape-1"):
        with pytest.raises(NotFound, match="model-unknown"):
            linkage.accept_model(name, actor=STEWARD, home=home, clock=clock)


def test_without_hidden_numbers_nothing_is_proposed(home):
    with pytest.raises(Conflict, match="model-nothing-hidden"):
        linkage.learn_model(make(60, seed=5, missing_ids=1.0).records, home=home)
