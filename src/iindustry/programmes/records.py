"""An answer acted upon, kept so that it can be given again: canonical JSON of the answer and of every input it rests on.

A rule's answer decides what an owner may send and what an auditor later asks about, so it must be repeatable when the
register and the rules have moved on (PROGRAMMES section 6, Replay). Invariant: `answered(bundle, facts)` depends on the
documents of the bundle and the inputs of the record alone; the same two give the same bytes, whatever the day. Names of
people and enterprises are no part of a record: ids, codes, amounts and days are.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from iindustry.programmes.documents import canonical
from iindustry.programmes.explain import explainer
from iindustry.programmes.facts import Facts, Reading, Site, Why
from iindustry.programmes.published import SEMANTICS, Bundle
from iindustry.programmes.tree import Answer, Disclose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iindustry.programmes.counterfactual import Change
    from iindustry.programmes.explain import ConditionResult, Explanation
    from iindustry.programmes.offer import Offer
    from iindustry.programmes.tree import Plain

SCHEMA = "i-industry/answer/1"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer as kept. `body` is canonical JSON (RFC 8785); `sha256` its hash, which the ledger holds.

    `documents`: version and canonical text of each document it was made with, to be kept beside it.
    """

    programme: str
    bundle: str
    eligibility: Answer
    body: bytes
    documents: tuple[tuple[str, str], ...]

    @property
    def sha256(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


def answered(bundle: Bundle, facts: Facts, *, known_at: str) -> Recorded:
    """The answer of a bundle to an enterprise's facts, with all it rests on.

    `known_at` is the moment (ISO 8601, UTC) whose knowledge of the rules was used: the second of the two time axes.
    """
    own = only(facts, bundle.facts)
    found = explainer(bundle, facts.as_of)(own)
    body = canonical(_document(found, bundle, own, known_at))
    return Recorded(bundle.programme.id, bundle.version, found.answer, body, bundle.documents)


def replayed(body: bytes, bundle: Bundle) -> Recorded:
    """The same question asked again: the record's inputs under the bundle made of the record's documents.

    Raises ValueError for a record of another schema or another meaning of the language (`semantics`).
    """
    document = json.loads(body)
    if document.get("schema") != SCHEMA or document.get("semantics") != SEMANTICS:
        raise ValueError(f"no path for {document.get('schema')} with semantics {document.get('semantics')}")
    return answered(bundle, inputs_of(document), known_at=document["known_at"])


def documents_named(body: bytes) -> tuple[str, tuple[str, ...]]:
    """The programme's id, and the versions of the documents that a record was made with, in their order."""
    document = json.loads(body)
    return document["programme"], tuple(document["documents"])


def inputs_of(document: Mapping[str, Any]) -> Facts:
    """The facts of a record, as they were read on its day."""
    inputs = document["inputs"]
    return Facts(
        as_of=date.fromisoformat(document["as_of"]),
        readings={name: _reading_of(one) for name, one in inputs["enterprise"].items()},
        sites=tuple(
            Site(one["establishment_id"], "", {name: _reading_of(row) for name, row in one["facts"].items()})
            for one in inputs["establishments"]
        ),
        listed=inputs["establishments_known"],
        enterprise_id=document["enterprise_id"],
        register_version=document["register_version"],
        asked=dict(inputs["asked"]),
    )


def only(facts: Facts, needed: frozenset[str]) -> Facts:
    """The facts without those that a bundle does not read, and without names."""
    return Facts(
        as_of=facts.as_of,
        readings={name: one for name, one in sorted(facts.readings.items()) if name in needed},
        sites=tuple(
            Site(
                site.establishment_id, "", {name: one for name, one in sorted(site.readings.items()) if name in needed}
            )
            for site in facts.sites
        ),
        listed=facts.listed,
        enterprise_id=facts.enterprise_id,
        register_version=facts.register_version,
        asked=dict(sorted(facts.asked.items())),
    )


def _document(found: Explanation, bundle: Bundle, facts: Facts, known_at: str) -> Any:
    return {
        "schema": SCHEMA,
        "semantics": SEMANTICS,
        "programme": found.programme.id,
        "version": found.programme.version,
        "bundle": bundle.version,
        "documents": [version for version, _ in bundle.documents],
        "register_version": facts.register_version,
        "enterprise_id": facts.enterprise_id,
        "as_of": facts.as_of.isoformat(),
        "known_at": known_at,
        "eligibility": found.answer.value,
        "fail_bits": str(found.fail_bits),
        "unknown_bits": str(found.unknown_bits),
        "assumed": sorted(found.assumed),
        "conditions": [_condition(one) for one in found.conditions],
        "needed_for_yes": sorted(sorted(one) for one in found.needed_for_yes),
        "decisive_alone": sorted(found.decisive_alone),
        "change": [_change(one) for one in found.changes],
        "offer": _offer(found.offer),
        "inputs": {
            "enterprise": _readings(facts.readings),
            "establishments_known": facts.listed,
            "establishments": [
                {"establishment_id": site.establishment_id, "facts": _readings(site.readings)} for site in facts.sites
            ],
            "asked": dict(facts.asked),
        },
    }


def _condition(one: ConditionResult) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": one.id,
        "answer": one.answer.value,
        "fact": one.fact,
        "cite": None if one.cite is None else one.cite.id,
        "establishment_id": one.establishment_id,
        "source": one.source,
        "observed_on": None if one.as_of is None else one.as_of.isoformat(),
        "standing": one.standing,
        "why": None if one.why is None else one.why.value,
        "via": one.via,
        "assumed": one.is_assumed,
        "disclose": one.disclose.value,
    }
    if one.disclose is Disclose.FULL:
        row |= {"value": _plain(one.value), "threshold": _plain(one.threshold), "gap": one.gap, "unit": one.unit}
    return row


def _change(one: Change) -> dict[str, Any]:
    return {
        "do": [{"condition": step.condition, "fact": step.fact, "site": step.site} for step in one.do],
        "kind": one.kind.value,
        "months": one.months,
    }


def _offer(one: Offer) -> dict[str, Any]:
    return {
        "amount_max_satang": one.amount_max_satang,
        "tenor_months": one.tenor_months,
        "grace_months": one.grace_months,
        "rates": [
            {"years": [rate.first, rate.last], "percent": None if rate.percent is None else str(rate.percent)}
            for rate in one.rates
        ],
        "guarantees": list(one.guarantees),
    }


def _readings(readings: Mapping[str, Reading]) -> dict[str, Any]:
    return {name: _reading(one) for name, one in readings.items()}


def _reading(one: Reading) -> dict[str, Any]:
    return {
        "value": _plain(one.value),
        "why": None if one.why is None else one.why.value,
        "source": one.source,
        "observed_on": None if one.as_of is None else one.as_of.isoformat(),
        "standing": one.standing,
        "via": one.via,
    }


def _reading_of(row: Mapping[str, Any]) -> Reading:
    return Reading(
        value=_value_of(row["value"]),
        why=None if row["why"] is None else Why(row["why"]),
        source=row["source"],
        as_of=None if row["observed_on"] is None else date.fromisoformat(row["observed_on"]),
        standing=row["standing"],
        via=row["via"],
    )


def _plain(value: object) -> Any:
    """A value as JSON holds it: sets as a map of one key, so that a set of codes is never read back as a list."""
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(str(one) for one in value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _value_of(value: Any) -> Plain | None:
    if isinstance(value, dict):
        members: Iterable[str] = value["set"]
        return frozenset(members)
    found: Plain | None = value
    return found
