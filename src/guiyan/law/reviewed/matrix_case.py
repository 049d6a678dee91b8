"""One case of a ground of the evidence matrix, from what its file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from guiyan.kernel.results import Verdict, Words
from guiyan.law.grounds import Ground
from guiyan.law.labels import label
from guiyan.law.matrix.given import EvidenceGiven, Exhibit
from guiyan.law.matrix.loading import exhibit_kinds, matrix, step_kinds
from guiyan.law.matrix.model import Event, Fact, Grade, GroundMatrix, MatrixGround
from guiyan.law.matrix.proving import Standing
from guiyan.law.matrix.stepping import StepState
from guiyan.law.moments import When
from guiyan.law.protection import ProtectedEnding
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.reviewed.model import CaseKind, Expectation, FactRow, MatrixGiven, ReviewedCase
from guiyan.law.reviewed.writing import NOTHING, UNKNOWN, number, plain, told
from guiyan.law.severance import SeveranceFacts, Tenure

KEYS = {
    "case",
    "name",
    "ground",
    "as_of",
    "statuses",
    "in_probation",
    "events",
    "facts",
    "exhibits",
    "steps",
    "expect",
}
EXPECTED_KEYS = {"verdict", "missing", "latest", "elements", "steps", "stake"}
OBTAINED = {
    "lawful": (True, Words("合法取得", "obtained lawfully")),
    "unlawful": (False, Words("非法取得", "obtained unlawfully")),
    "unknown": (None, Words("取得方式未知", "how it was obtained is unknown")),
}
STAKE = {
    "lawful": Words("理由成立时应付（元）", "Owed if the ground holds (yuan)"),
    "unlawful": Words("理由不成立时应付（元）", "Owed if it fails (yuan)"),
}
PAY = {
    "hire": Words("入职日", "First day of work"),
    "last": Words("劳动关系最后一日", "Last day of the employment"),
    "wage": Words("前十二个月平均工资（元）", "Average monthly wage of the last 12 months (yuan)"),
    "average": Words("当地职工月平均工资（元）", "Local average monthly wage (yuan)"),
    "last_month": Words("上月工资（元）", "Wage of the last month (yuan)"),
}


def matrix_case(content: Mapping[str, Any]) -> ReviewedCase:
    """One case. Raises ValueError or LookupError for what is missing, unknown or too much."""
    entry = matrix()[MatrixGround(content["ground"])]
    name = f"{entry.key.value}/{content.get('case')}"
    if set(content) != KEYS or set(content["expect"]) - EXPECTED_KEYS or not isinstance(content["case"], int):
        raise ValueError(f"{name} is not well formed")
    return ReviewedCase(
        id=name,
        kind=CaseKind.MATRIX,
        subject=entry.title,
        topic=entry.key.value,
        question=entry.title,
        name=Words(**content["name"]),
        facts=tuple(_rows(entry, content)),
        as_of=content["as_of"],
        region=None,
        expected=tuple(_expected(entry, content["expect"])),
        example=None,
        given=MatrixGiven(_evidence(content), _gate(entry, content)),
    )


def _evidence(content: Mapping[str, Any]) -> EvidenceGiven:
    stake = content["expect"].get("stake")
    severance = None
    if stake is not None:
        tenure = Tenure(stake["hire"], stake["last"])
        severance = SeveranceFacts(tenure, number(stake["wage"]), number(stake["average"]), None, 1)
    return EvidenceGiven(
        exhibits=tuple(_exhibit(element, row) for element, rows in content["exhibits"].items() for row in rows),
        steps={kind: When.on(day) for kind, day in content["steps"].items()},
        events={Event(name): day for name, day in content["events"].items()},
        facts={Fact(name): known for name, known in content["facts"].items()},
        gate=None,
        severance=severance,
        last_month_wage=number(stake["last_month"]) if stake is not None else None,
    )


def _exhibit(element: str, row: str) -> Exhibit:
    kind, grade, dated, source, obtained = row.split()
    return Exhibit(
        element=element,
        kind=kind,
        grade=Grade[grade],
        source=None if source == "-" else source,
        dated=None if dated == "-" else date.fromisoformat(dated),
        lawful=OBTAINED[obtained][0],
    )


def _gate(entry: GroundMatrix, content: Mapping[str, Any]) -> ProtectedEnding | None:
    if content["statuses"] is None or not entry.grounds:
        return None
    return ProtectedEnding(
        statuses=frozenset(ProtectedStatus(one) for one in content["statuses"]),
        ground=Ground(entry.grounds[0]),
        in_probation=content["in_probation"],
        child_birth=None,
        contract_end=content["events"].get("contract_end"),
        union_term_end=None,
        proposed_by=None,
    )


def _rows(entry: GroundMatrix, content: Mapping[str, Any]) -> Iterator[FactRow]:
    statuses = content["statuses"]
    protections = UNKNOWN if statuses is None else told([ProtectedStatus(one) for one in statuses])
    yield FactRow("statuses", Words("特殊保护", "Protections"), protections)
    yield FactRow("in_probation", Words("在试用期内", "Within probation"), told(content["in_probation"]))
    for name, day in content["events"].items():
        yield FactRow(f"events.{name}", label(Event(name)), told(day))
    for name, known in content["facts"].items():
        yield FactRow(f"facts.{name}", label(Fact(name)), told(known))
    for kind, day in content["steps"].items():
        yield FactRow(f"steps.{kind}", step_kinds()[kind].does, told(day))
    for element, rows in content["exhibits"].items():
        for at, row in enumerate(rows, start=1):
            yield FactRow(f"exhibits.{element}.{at}", entry.element(element).prove, _exhibit_words(row))
    for name, says in PAY.items() if "stake" in content["expect"] else ():
        yield FactRow(f"stake.{name}", says, told(content["expect"]["stake"][name]))


def _exhibit_words(row: str) -> Words:
    kind, grade, dated, source, obtained = row.split()
    name, how = exhibit_kinds()[kind].name, OBTAINED[obtained][1]
    known = [one for one in (grade, dated) if one != "-"]
    where = () if source == "-" else (Words(source, sources()[source]),)
    zh = (name.zh, *known, *(one.zh for one in where), how.zh)
    en = (name.en, *known, *(one.en for one in where), how.en)
    return Words("，".join(zh), ", ".join(en))


@cache
def sources() -> Mapping[str, str]:
    """The English name of every source of an exhibit."""
    text = resources.files("guiyan.law.reviewed").joinpath("sources.yaml").read_text("utf-8")
    names: dict[str, str] = yaml.safe_load(text)
    return MappingProxyType(names)


def _expected(entry: GroundMatrix, expect: Mapping[str, Any]) -> Iterator[Expectation]:
    missing = tuple(sorted(expect["missing"]))
    yield Expectation("verdict", Words("结论", "Verdict"), expect["verdict"], told(Verdict(expect["verdict"])))
    yield Expectation("missing", Words("还需要知道", "Still to be known"), missing, told(missing, None, Fact))
    latest = expect["latest"]
    shown = NOTHING if latest is None else told(latest)
    yield Expectation("latest", Words("最迟收集证据到", "Evidence at the latest by"), latest, shown)
    for name, standing in expect.get("elements", {}).items():
        words = label(Standing(standing))
        yield Expectation(f"elements.{name}", entry.element(name).prove, standing, words)
    for kind, state in expect.get("steps", {}).items():
        yield Expectation(f"steps.{kind}", step_kinds()[kind].does, state, label(StepState(state)))
    for name, says in STAKE.items() if "stake" in expect else ():
        amount = expect["stake"][name]
        yield Expectation(f"stake.{name}", says, plain(amount), told(amount))
