"""Reads the matrix from its files, strictly: what is missing, unknown or mistyped is named, and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from guiyan.kernel.deadlines import PeriodUnit
from guiyan.kernel.results import Confidence, Words
from guiyan.law.citations import Cite
from guiyan.law.grounds import Ground
from guiyan.law.matrix.model import (
    Condition,
    DayRule,
    Effect,
    Element,
    Event,
    ExhibitKind,
    Fact,
    Grade,
    GroundMatrix,
    Level,
    MatrixGround,
    NoticeRule,
    PayRule,
    ProbationUse,
    Remedy,
    Stage,
    StepDeadline,
    StepKind,
    Sufficiency,
    Window,
)
from guiyan.law.parameters import statutory_parameters

E = TypeVar("E", bound=StrEnum)

FILES = {
    MatrixGround.G39_1: "39_1",
    MatrixGround.G39_2: "39_2",
    MatrixGround.G39_3: "39_3",
    MatrixGround.G39_4: "39_4",
    MatrixGround.G39_5: "39_5",
    MatrixGround.G39_6: "39_6",
    MatrixGround.G40_1: "40_1",
    MatrixGround.G40_2: "40_2",
    MatrixGround.G40_3: "40_3",
    MatrixGround.G41: "41",
    MatrixGround.G36: "36",
    MatrixGround.G37: "37",
    MatrixGround.G38: "38",
    MatrixGround.G44_1: "44_1",
    MatrixGround.G44_2: "44_2",
    MatrixGround.OA56_8: "oa56_8",
    MatrixGround.G44_3: "44_3",
    MatrixGround.G44_45: "44_45",
    MatrixGround.IR5_6: "ir5_6",
    MatrixGround.IR22: "ir22",
}
_CITE = re.compile(r"([A-Z][A-Z0-9]*)(?: (\d+)(?:\.(\d+))?(?:\((\d+)\))?)?")
_GROUND_KEYS = {
    "key", "grounds", "title", "cites", "confidence", "probation", "notice", "union_first", "pay", "gate", "collect_by",
    "exposure", "if_insufficient", "note", "elements", "sufficiency", "steps",
}  # fmt: skip
_ELEMENT_KEYS = {"id", "level", "prove", "exhibits", "missing", "cites", "confidence"}


@cache
def matrix() -> Mapping[MatrixGround, GroundMatrix]:
    """Every ground of the matrix. Raises ValueError naming the file and the key for anything not well formed."""
    return MappingProxyType({key: read_ground(key, _read(f"{name}.yaml")) for key, name in FILES.items()})


@cache
def exhibit_kinds() -> Mapping[str, ExhibitKind]:
    """The closed vocabulary of kinds of exhibit. Raises ValueError when the file is not well formed."""
    return MappingProxyType(_by_kind(_exhibit_kind(row) for row in _read("vocabulary/exhibits.yaml")))


@cache
def step_kinds() -> Mapping[str, StepKind]:
    """The closed vocabulary of kinds of step. Raises ValueError when the file is not well formed."""
    return MappingProxyType(_by_kind(_step_kind(row) for row in _read("vocabulary/steps.yaml")))


def matrix_ground(ground: Ground) -> MatrixGround:
    """The entry of the matrix that covers a ground. Raises ValueError when none does (71, 44(6), 39 without item)."""
    for key, entry in matrix().items():
        if ground in entry.grounds:
            return key
    raise ValueError(f"the evidence matrix has no entry for ground {ground}")


def read_ground(key: MatrixGround, row: object) -> GroundMatrix:
    """One ground from the content of its file. Raises ValueError naming the key for anything not well formed."""
    where = f"ground {key}"
    data = _fields(row, where, _GROUND_KEYS)
    if data["key"] != key:
        raise ValueError(f"{where}: the file says {data['key']!r}")
    notice = _fields(data["notice"], f"{where}, notice", {"rule", "zh", "en"})
    gate = _fields(data["gate"], f"{where}, gate", {"asked", "zh", "en"})
    collect = _fields(data["collect_by"], f"{where}, collect_by", {"latest", "advice"})
    elements = tuple(_element(one, where) for one in _rows(data["elements"], f"{where}, elements"))
    ids = _distinct([element.id for element in elements], where)
    return GroundMatrix(
        key=key,
        grounds=tuple(_member(Ground, one, f"{where}, grounds") for one in _rows(data["grounds"], where)),
        title=_words(data["title"], f"{where}, title"),
        cites=_cites(data["cites"], where),
        confidence=_member(Confidence, data["confidence"], where),
        probation=_member(ProbationUse, data["probation"], f"{where}, probation"),
        notice=_member(NoticeRule, notice.pop("rule"), f"{where}, notice"),
        notice_words=_words(notice, f"{where}, notice"),
        union_first=_flag(data["union_first"], f"{where}, union_first"),
        pay=_member(PayRule, data["pay"], f"{where}, pay"),
        gate_asked=_flag(gate.pop("asked"), f"{where}, gate"),
        gate_words=_words(gate, f"{where}, gate"),
        collect_latest=_day_rule(collect["latest"], f"{where}, collect_by"),
        collect_advised=_day_rule(collect["advice"], f"{where}, collect_by") if collect["advice"] else None,
        exposure=tuple(_member(Remedy, one, f"{where}, exposure") for one in _rows(data["exposure"], where)),
        if_insufficient=_words(data["if_insufficient"], f"{where}, if_insufficient"),
        note=_words(data["note"], f"{where}, note") if data["note"] is not None else None,
        elements=elements,
        sufficiency=_sufficiency(data["sufficiency"], elements, where),
        stages=tuple(_stage(one, ids, where) for one in _rows(data["steps"], f"{where}, steps")),
    )


def _element(row: object, where: str) -> Element:
    data = _fields(row, f"{where}, element", _ELEMENT_KEYS, {"clues", "dated", "when"})
    where = f"{where}, element {data['id']}"
    window = data.get("dated")
    return Element(
        id=_text(data["id"], where),
        level=_member(Level, data["level"], f"{where}, level"),
        prove=_words(data["prove"], f"{where}, prove"),
        exhibits=_kinds(data["exhibits"], f"{where}, exhibits"),
        clues=_kinds(data.get("clues", []), f"{where}, clues"),
        window=_window(window, f"{where}, dated") if window is not None else None,
        when=_condition(data.get("when"), f"{where}, when"),
        missing=_words(data["missing"], f"{where}, missing"),
        cites=_cites(data["cites"], where),
        confidence=_member(Confidence, data["confidence"], f"{where}, confidence"),
    )


def _stage(row: object, element_ids: set[str], where: str) -> Stage:
    data = _fields(row, f"{where}, step", {"stage", "kind", "deadlines"}, {"missed", "when", "serves"})
    where = f"{where}, step {data['kind']}"
    kind = step_kinds().get(_text(data["kind"], where))
    if kind is None:
        raise ValueError(f"{where}: no such kind of step")
    if not isinstance(data["stage"], int) or data["stage"] < 1:
        raise ValueError(f"{where}: not the number of a stage: {data['stage']!r}")
    if data.get("serves") is not None and data["serves"] not in element_ids:
        raise ValueError(f"{where}: serves no element of this ground: {data['serves']}")
    return Stage(
        stage=data["stage"],
        kind=kind,
        deadlines=tuple(_deadline(one, where) for one in _rows(data["deadlines"], f"{where}, deadlines")),
        missed=_words(data["missed"], f"{where}, missed") if "missed" in data else kind.missed,
        when=_condition(data.get("when"), f"{where}, when"),
        serves=data.get("serves"),
    )


def _deadline(row: object, where: str) -> StepDeadline:
    where = f"{where}, deadline"
    rule_keys = {"event", "step", "before", "after", "unit"}
    data = _fields(row, where, {"unit", "force"}, rule_keys | {"effect", "strict", "cure_until", "when"})
    force = _text(data["force"], where)
    if force not in {"legal", "advice"} or (force == "legal") != ("effect" in data):
        raise ValueError(f"{where}: a legal deadline has an effect, advice has none")
    cure = data.get("cure_until")
    return StepDeadline(
        rule=_day_rule({name: value for name, value in data.items() if name in rule_keys}, where),
        effect=_member(Effect, data["effect"], f"{where}, effect") if force == "legal" else None,
        strict=_flag(data.get("strict", False), f"{where}, strict"),
        cure_until=_member(Event, cure, f"{where}, cure_until") if cure is not None else None,
        when=_condition(data.get("when"), f"{where}, when"),
    )


def _day_rule(row: object, where: str) -> DayRule:
    data = _fields(row, where, {"unit"}, {"event", "step", "before", "after"})
    if ("event" in data) == ("step" in data) or ("before" in data) == ("after" in data):
        raise ValueError(f"{where}: one of event and step, and one of before and after")
    number = data["before"] if "before" in data else data["after"]
    counted = isinstance(number, int) and not isinstance(number, bool) and number >= 0
    if not counted and number not in _figures():
        raise ValueError(f"{where}: neither a count nor a parameter: {number!r}")
    step = data.get("step")
    if step is not None and step not in step_kinds():
        raise ValueError(f"{where}: no such kind of step: {step}")
    return DayRule(
        event=_member(Event, data["event"], f"{where}, event") if "event" in data else None,
        step=step,
        before="before" in data,
        count=number if counted else None,
        figure=None if counted else number,
        unit=_member(PeriodUnit, data["unit"], f"{where}, unit"),
    )


@cache
def _figures() -> frozenset[str]:
    return frozenset(value.key for value in statutory_parameters().values)


def _window(row: object, where: str) -> Window:
    data = _fields(row, where, set(), {"after", "by"})
    if not data:
        raise ValueError(f"{where}: neither after nor by")
    ends = {name: _day_rule(value, where) for name, value in data.items()}
    return Window(after=ends.get("after"), by=ends.get("by"))


def _condition(row: object, where: str) -> Condition | None:
    if row is None:
        return None
    if not isinstance(row, Mapping) or len(row) != 1:
        raise ValueError(f"{where}: one fact and whether it must be so")
    ((fact, wanted),) = row.items()
    return Condition(_member(Fact, fact, where), _flag(wanted, where))


def _sufficiency(row: object, elements: tuple[Element, ...], where: str) -> Sufficiency:
    where = f"{where}, sufficiency"
    data = _fields(row, where, {"all_of", "any_of"})
    all_of = tuple(_text(one, where) for one in _rows(data["all_of"], where))
    any_of = tuple(tuple(_text(one, where) for one in _rows(group, where)) for group in _rows(data["any_of"], where))
    named = {Level.REQUIRED: set(all_of), Level.ANY_OF: {one for group in any_of for one in group}}
    for level, ids in named.items():
        if ids != {element.id for element in elements if element.level is level}:
            raise ValueError(f"{where}: the {level} elements and the ids named differ")
    return Sufficiency(all_of, any_of)


def _exhibit_kind(row: object) -> ExhibitKind:
    data = _fields(row, "exhibits", {"kind", "zh", "en", "best"}, {"proves_any"})
    where = f"exhibit {data['kind']}"
    if data["best"] not in Grade.__members__:
        raise ValueError(f"{where}: no such grade: {data['best']}")
    return ExhibitKind(
        kind=_text(data["kind"], where),
        name=_words({"zh": data["zh"], "en": data["en"]}, where),
        best=Grade[data["best"]],
        proves_any=_flag(data.get("proves_any", False), where),
    )


def _step_kind(row: object) -> StepKind:
    data = _fields(row, "steps", {"kind", "zh", "en", "missed", "cites", "confidence"})
    where = f"step {data['kind']}"
    return StepKind(
        kind=_text(data["kind"], where),
        does=_words({"zh": data["zh"], "en": data["en"]}, where),
        missed=_words(data["missed"], f"{where}, missed"),
        cites=_cites(data["cites"], where),
        confidence=_member(Confidence, data["confidence"], where),
    )


K = TypeVar("K", ExhibitKind, StepKind)


def _by_kind(kinds: Iterable[K]) -> dict[str, K]:
    found: dict[str, K] = {}
    for one in kinds:
        if one.kind in found:
            raise ValueError(f"kind listed twice: {one.kind}")
        found[one.kind] = one
    return found


def _kinds(row: object, where: str) -> tuple[str, ...]:
    kinds = tuple(_text(one, where) for one in _rows(row, where))
    for kind in kinds:
        if kind not in exhibit_kinds():
            raise ValueError(f"{where}: no such kind of exhibit: {kind}")
    return kinds


def _cites(row: object, where: str) -> tuple[Cite, ...]:
    cites = tuple(read_cite(_text(one, where), where) for one in _rows(row, where))
    if not cites:
        raise ValueError(f"{where}: what cites nothing is not law")
    return cites


def read_cite(text: str, where: str) -> Cite:
    """A citation such as `LCL 47.2` (paragraph) or `LCL 39(1)` (item). Raises ValueError naming the place."""
    found = _CITE.fullmatch(text)
    if found is None:
        raise ValueError(f"{where}: not a citation: {text}")
    article, paragraph, item = (int(part) if part else None for part in found.groups()[1:])
    try:
        return Cite(found[1], article, paragraph, item)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _words(row: object, where: str) -> Words:
    data = _fields(row, where, {"zh", "en"})
    return Words(_text(data["zh"], where), _text(data["en"], where))


def _member(kind: type[E], value: object, where: str) -> E:
    try:
        return kind(_text(value, where))
    except ValueError:
        raise ValueError(f"{where}: {value!r} is none of {', '.join(kind)}") from None


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: text is needed, not {value!r}")
    return value


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{where}: true or false is needed, not {value!r}")
    return value


def _rows(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{where}: a list is needed, not {value!r}")
    return value


def _fields(row: object, where: str, required: set[str], optional: Iterable[str] = ()) -> dict[str, Any]:
    """The mapping as a new dict. Raises ValueError naming every key that is missing or unknown."""
    if not isinstance(row, Mapping):
        raise ValueError(f"{where}: named values are needed, not {row!r}")
    missing, unknown = required - set(row), set(row) - required - set(optional)
    if missing or unknown:
        raise ValueError(f"{where}: missing {sorted(missing)}, unknown {sorted(map(str, unknown))}")
    return dict(row)


def _distinct(ids: list[str], where: str) -> set[str]:
    if len(set(ids)) != len(ids):
        raise ValueError(f"{where}: an element is listed twice")
    return set(ids)


def _read(name: str) -> Any:
    return yaml.safe_load(resources.files("guiyan.law.matrix").joinpath("data", name).read_text("utf-8"))
