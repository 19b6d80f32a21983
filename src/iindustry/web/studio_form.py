"""The studio's form over a rule's text: which inputs it shows, and what a posted form changes in the text.

The text is the truth; the form is drawn from it and each change is cut into it (`programmes.drafting`). Invariant: an input
that nobody touched changes nothing, whatever the text became meanwhile.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from iindustry.kernel.errors import Rejected
from iindustry.programmes import drafting, typed_values
from iindustry.programmes.facts import FactSpec, Words, spec_of, vocabulary
from iindustry.programmes.impact import SHARED
from iindustry.programmes.language import OPERATORS
from iindustry.programmes.tree import Op
from iindustry.web.studio_inputs import INPUTS, PLAIN_SPECS, SERIES, STEP_INPUTS, Input, Plain
from iindustry.web.studio_words import DISCLOSE_WORDS, GROUP_WORDS, MISSING_WORDS, MUTABILITY_WORDS, OP_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST_CHOICES = 12
"""A fact with more codes than this is typed as text, not ticked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the rule: a group with the list that a new condition joins, or a condition with its inputs."""

    path: str
    depth: int
    id: str
    group: Words | None
    list_path: str
    inputs: tuple[Input, ...]
    label: Words | None
    may_go: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A rule's text as a form. `drawn`: what each input showed, as JSON, to tell later which of them were touched.

    `series`: the days and values of a base rate. `is_text`: a definition, which is written in its text alone.
    """

    inputs: tuple[Input, ...]
    bands: tuple[Input, ...]
    lines: tuple[Line, ...]
    series: tuple[Input, ...] = ()
    is_text: bool = False

    @property
    def drawn(self) -> str:
        """Name and shown value of each input, as JSON."""
        every = [*self.inputs, *self.bands, *self.series, *(one for line in self.lines for one in line.inputs)]
        return json.dumps({one.name: one.shown for one in every}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """A text after a posted form, and what of the form could not be read: (input, sentence facts)."""

    text: str
    problems: tuple[tuple[str, Rejected], ...]


def form_of(text: str, *, thai: bool) -> Form:
    """The form of a text, days in Thai or as written; empty where the text cannot be read as YAML."""
    document = drafting.plain(text)
    if not isinstance(document, dict):
        return Form((), (), ())
    if document.get("schema") in SHARED:
        titles = tuple(_plain_input(one, drafting.at(document, one.path), thai=thai) for one in INPUTS[:2])
        series = tuple(_series(document, thai=thai))
        return Form(titles if series else (), (), (), series, is_text=not series)
    inputs = tuple(
        _plain_input(one, drafting.at(document, one.path), thai=thai)
        for one in INPUTS
        if one.always or drafting.at(document, one.path) is not None
    )
    return Form(
        inputs, tuple(_bands(document)), tuple(_line(row, document, thai=thai) for row in drafting.outline(text))
    )


def changed(text: str, posted: Mapping[str, Sequence[str]]) -> Changed:
    """The text with every touched input's change. An input that cannot be read is named and leaves the text as it was."""
    try:
        drawn: Mapping[str, str] = json.loads((posted.get("drawn") or ["{}"])[0])
    except ValueError:
        drawn = {}
    problems: list[tuple[str, Rejected]] = []
    for name, before in drawn.items() if isinstance(drawn, dict) else ():
        values = [one for one in posted.get(name, ()) if one != ""]
        now = ", ".join(values).replace("\r\n", "\n").strip()
        if now == before or (name not in posted and not _is_ticks(name, posted)):
            continue
        try:
            text = _put(text, name.removeprefix("v:"), now)
        except Rejected as refused:
            problems.append((name, refused))
    return Changed(text, tuple(problems))


def with_condition(text: str, list_path: str) -> str:
    """The text with one more condition in a group, to be filled: the enterprise's status, which every rule may ask.

    In the series of a base rate: the last value again, from the day after its own. Raises Rejected as `drafting.added`.
    """
    if list_path == SERIES:
        return drafting.added(text, SERIES, _next_step(drafting.at(drafting.plain(text), SERIES)))
    taken = {row.id for row in drafting.outline(text)}
    number = next(n for n in range(1, len(taken) + 2) if f"c{n}" not in taken)
    fact = "establishment.factory_class" if ".some." in f"{list_path}." else "enterprise.status"
    spec = spec_of(fact)
    row = {"id": f"c{number}", "fact": fact, "op": "eq", "value": spec.codes[0], "on_missing": "ask"}
    return drafting.added(text, list_path, row)


def _is_ticks(name: str, posted: Mapping[str, Sequence[str]]) -> bool:
    """Ticks that are all taken away are not posted; a marker beside them says that they were shown."""
    return f"ticks:{name}" in posted


def _put(text: str, path: str, now: str) -> str:
    plain = {one.path: one for one in INPUTS}.get(path)
    if plain is not None:
        return _put_plain(text, plain, now)
    head, _, key = path.rpartition(".")
    if head.startswith("benefit.rates"):
        return drafting.edited(text, path, typed_values.typed(_spec("decimal"), Op.EQ, now))
    if head.startswith(f"{SERIES}[") and key in STEP_INPUTS:
        return drafting.edited(text, path, typed_values.typed(_spec(STEP_INPUTS[key][0]), Op.EQ, now))
    condition = drafting.at(drafting.plain(text), head)
    if not isinstance(condition, dict) or key not in _CONDITION:
        raise Rejected("draft-place-absent", field=path[:80])
    return _CONDITION[key](text, head, condition, now)


def _put_plain(text: str, one: Plain, now: str) -> str:
    if not now and not one.always:
        raise Rejected("draft-value", field=one.path, value="", type=one.kind, example="")
    if not now:
        return text if drafting.at(drafting.plain(text), one.path) is None else drafting.removed(text, one.path)
    if one.kind == "ticks":
        return drafting.edited(text, one.path, now.split(", "))
    if one.kind in PLAIN_SPECS:
        return drafting.edited(text, one.path, typed_values.typed(_spec(PLAIN_SPECS[one.kind]), Op.EQ, now))
    return drafting.edited(text, one.path, now)


def _put_fact(text: str, head: str, condition: Mapping[str, Any], now: str) -> str:
    """Another fact; its operator and value are kept where the new fact takes them, else the first that it takes."""
    if now not in vocabulary():
        raise Rejected("draft-fact-unknown", field=now[:60])
    old, new = vocabulary().get(str(condition.get("fact"))), spec_of(now)
    text = drafting.edited(text, f"{head}.fact", now)
    if old is not None and (old.type, old.codes) == (new.type, new.codes):
        return text
    text = drafting.edited(text, f"{head}.op", Op.EQ.value)
    first = [] if new.type == "set" else typed_values.typed(new, Op.EQ, typed_values.example(new))
    return drafting.edited(text, f"{head}.value", first)


def _put_op(text: str, head: str, condition: Mapping[str, Any], now: str) -> str:
    """Another operator; the value takes the shape that it needs: one value, a list, two ends, a number of days."""
    text = drafting.edited(text, f"{head}.op", now)
    value = condition.get("value")
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(value, dict):
        return text
    if now == Op.KNOWN:
        text = drafting.edited(text, f"{head}.value", True)  # noqa: FBT003 - a value of the document
        return drafting.removed(text, f"{head}.on_missing") if "on_missing" in condition else text
    if "on_missing" not in condition:
        text = drafting.edited(text, f"{head}.on_missing", "ask")
    if now == Op.BETWEEN:
        return drafting.edited(text, f"{head}.value", [first, first])
    if now == Op.WITHIN_DAYS:
        return drafting.edited(text, f"{head}.value", 365)
    if now in typed_values.LISTS:
        return text if isinstance(value, list) else drafting.edited(text, f"{head}.value", [first])
    return text if not isinstance(value, list) else drafting.edited(text, f"{head}.value", first)


def _put_value(text: str, head: str, condition: Mapping[str, Any], now: str) -> str:
    spec = vocabulary().get(str(condition.get("fact")))
    if spec is None:
        raise Rejected("draft-fact-unknown", field=str(condition.get("fact"))[:60])
    return drafting.edited(text, f"{head}.value", typed_values.typed(spec, str(condition.get("op")), now))


def _put_missing(text: str, head: str, condition: Mapping[str, Any], now: str) -> str:
    if now == "assume":
        if isinstance(condition.get("on_missing"), dict):
            return text
        value = condition.get("value")
        first = value[0] if isinstance(value, list) and value else value
        return drafting.edited(text, f"{head}.on_missing", {"assume": first})
    return drafting.edited(text, f"{head}.on_missing", now)


def _put_optional(key: str) -> Callable[[str, str, Mapping[str, Any], str], str]:
    def put(text: str, head: str, condition: Mapping[str, Any], now: str) -> str:
        if now:
            return drafting.edited(text, f"{head}.{key}", now)
        return drafting.removed(text, f"{head}.{key}") if key in condition else text

    return put


_CONDITION: Mapping[str, Callable[[str, str, Mapping[str, Any], str], str]] = {
    "fact": _put_fact,
    "op": _put_op,
    "value": _put_value,
    "on_missing": _put_missing,
    "mutability": _put_optional("mutability"),
    "disclose": _put_optional("disclose"),
    "cite": _put_optional("cite"),
}


def _plain_input(one: Plain, value: Any, *, thai: bool) -> Input:
    name = f"v:{one.path}"
    if one.kind == "ticks":
        held = [str(each) for each in value] if isinstance(value, list) else []
        choices = tuple((code, words, code in held) for code, words in one.choices.items())
        return Input(name, "ticks", one.words, ", ".join(code for code, _, on in choices if on), choices)
    if one.kind in PLAIN_SPECS:
        return Input(name, "line", one.words, typed_values.shown(_spec(PLAIN_SPECS[one.kind]), Op.EQ, value, thai=thai))
    return Input(name, one.kind, one.words, "" if value is None else str(value).strip())


def _bands(document: Mapping[str, Any]) -> list[Input]:
    rates = drafting.at(document, "benefit.rates")
    found: list[Input] = []
    for i, case in enumerate(rates if isinstance(rates, list) else ()):
        bands = case.get("rate_bands") if isinstance(case, dict) else None
        for j, band in enumerate(bands if isinstance(bands, list) else ()):
            if not isinstance(band, dict):
                continue
            key = "rate" if band.get("kind") == "fixed" else "spread"
            years = band.get("years")
            first, last = years if isinstance(years, list) and len(years) == len("ab") else ("?", "?")
            base = str(band.get("base_code", ""))
            words = Words(
                f"ปีที่ {first}–{last} ร้อยละต่อปี" if key == "rate" else f"ปีที่ {first}–{last} {base} บวกหรือลบ",
                f"Years {first}–{last}, percent a year"
                if key == "rate"
                else f"Years {first}–{last}, {base} plus or minus",
            )
            found.append(Input(f"v:benefit.rates[{i}].rate_bands[{j}].{key}", "line", words, str(band.get(key, ""))))
    return found


def _series(document: Mapping[str, Any], *, thai: bool) -> list[Input]:
    """A day and a value for each step of a base rate."""
    steps = document.get(SERIES)
    return [
        Input(f"v:{SERIES}[{i}].{key}", "line", words, _step_shown(kind, step.get(key), thai=thai))
        for i, step in enumerate(steps if isinstance(steps, list) else ())
        if isinstance(step, dict)
        for key, (kind, words) in STEP_INPUTS.items()
    ]


def _step_shown(kind: str, value: object, *, thai: bool) -> str:
    return typed_values.shown(_spec(kind), Op.EQ, value, thai=thai) if kind == "date" else str(value or "")


def _next_step(steps: object) -> dict[str, str]:
    last = steps[-1] if isinstance(steps, list) and steps and isinstance(steps[-1], dict) else {}
    try:
        day = date.fromisoformat(str(last.get("from"))) + timedelta(days=1)
    except ValueError:
        raise Rejected("draft-place-absent", field=SERIES) from None
    return {"from": day.isoformat(), "value": str(last.get("value"))}


def _line(row: drafting.Row, document: Mapping[str, Any], *, thai: bool) -> Line:
    if not row.fact:
        return Line(
            row.path, row.depth, row.id, GROUP_WORDS.get(row.kind), row.list_path, (), None, may_go=bool(row.depth)
        )
    spec = vocabulary().get(row.fact)
    label = None if spec is None else spec.label
    return Line(
        row.path, row.depth, row.id, None, row.list_path, tuple(_condition_inputs(row, spec, document, thai=thai)), label,
        may_go=bool(row.list_path),
    )  # fmt: skip


def _condition_inputs(
    row: drafting.Row, spec: FactSpec | None, document: Mapping[str, Any], *, thai: bool
) -> list[Input]:
    at, values = f"v:{row.path}", row.values
    inside = ("." in row.path and ".some." in row.path) or document.get("subject") == "establishment"
    facts = tuple(
        (one.name, one.label, one.name == row.fact) for one in vocabulary().values() if inside or one.of == "enterprise"
    )
    op = str(values.get("op", ""))
    found = [Input(f"{at}.fact", "pick", Words("ข้อมูล", "Fact"), row.fact, facts)]
    if spec is None:
        return found
    ops = tuple((one.value, OP_WORDS[one], one.value == op) for one in Op if one in OPERATORS[spec.type])
    found.append(Input(f"{at}.op", "pick", Words("เงื่อนไข", "Test"), op, ops))
    found.append(_value_input(f"{at}.value", spec, op, values.get("value"), thai=thai))
    if op != Op.KNOWN:
        missing = values.get("on_missing")
        code = "assume" if isinstance(missing, dict) else str(missing or "")
        picks = tuple((key, words, key == code) for key, words in MISSING_WORDS.items())
        found.append(Input(f"{at}.on_missing", "pick", Words("ถ้าไม่มีข้อมูล", "If missing"), code, picks))
    references = document.get("legal_references")
    cites = [one for one in (references if isinstance(references, list) else ()) if isinstance(one, dict)]
    cite = str(values.get("cite", ""))
    found.append(
        Input(
            f"{at}.cite", "pick", Words("อ้างอิง", "Clause"), cite,
            (("", Words("ไม่อ้าง", "none"), not cite), *(
                (str(one.get("id")), Words(*[f"{one.get('id')} {one.get('instrument', '')}"] * 2), str(one.get("id")) == cite)
                for one in cites
            )),
        )
    )  # fmt: skip
    for key, words, table in (
        ("mutability", Words("ถ้าไม่ผ่าน", "If not met"), MUTABILITY_WORDS),
        ("disclose", Words("สิ่งที่บอกเจ้าของ", "What the owner is told"), DISCLOSE_WORDS),
    ):
        code = str(values.get(key) or "")
        found.append(Input(f"{at}.{key}", "pick", words, code, tuple((k, w, k == code) for k, w in table.items())))
    return found


def _value_input(name: str, spec: FactSpec, op: str, value: Any, *, thai: bool) -> Input:
    words = Words("ค่า", "Value")
    shown = typed_values.shown(spec, op, value, thai=thai)
    codes = tuple(spec.codes)
    if codes and len(codes) <= MOST_CHOICES and not isinstance(value, dict) and op != Op.PREFIX:
        held = {str(one) for one in (value if isinstance(value, list) else [value])}
        choices = tuple((code, spec.code_words[code], code in held) for code in codes)
        kind = "ticks" if op in typed_values.LISTS else "pick"
        return Input(name, kind, words, ", ".join(code for code, _, on in choices if on), choices)
    if spec.type == "bool" or op == Op.KNOWN:
        both = (("true", Words("ใช่", "yes")), ("false", Words("ไม่ใช่", "no")))
        return Input(name, "pick", words, shown, tuple((code, text, code == shown) for code, text in both))
    unit = Words("บาท", "baht") if spec.type == "money" else None
    label = Words(f"ค่า ({unit.th})", f"Value ({unit.en})") if unit else words
    return Input(name, "line", label, shown, hint=typed_values.example(spec))


def _spec(kind: str) -> FactSpec:
    """Any fact of a type, for reading a number that is no fact's: a limit, a tenor, a rate."""
    return next(one for one in vocabulary().values() if one.type == kind)
