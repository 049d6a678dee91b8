"""An ending as a form: the facts of `EndingCase` in the order in which HR knows them, and the case they make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guiyan.law.ending import CapAndFloor, EndingCase
from guiyan.law.grounds import Ground, Party
from guiyan.law.labels import label, labels, section_of
from guiyan.law.overage import Regime
from guiyan.law.probation import ContractKind
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.severance import RenewalOffer
from guiyan.web.law.catalogue import Fact, Kind

LAYOFF = "ground=41|41(1)|41(2)|41(3)|41(4)"
PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("理由和日期"), ("ground", "last_day", "notice_arrived", "proposed_by")),
    (
        _("员工和合同"),
        (
            "hire_date",
            "regime",
            "contract_kind",
            "contract_start",
            "contract_end",
            "in_probation",
            "probation_last_day",
            "fixed_terms",
            "employer_offer",
            "employee_refuses",
        ),
    ),
    (_("特殊保护"), ("statuses", "child_birth", "union_term_end")),
    (_("工资"), ("avg12", "last_month_wage", "cap_and_floor")),
    (
        _("程序"),
        (
            "union_exists",
            "union_told_on",
            "decision_day",
            "pay_in_lieu",
            "shorter_notice_agreed",
            "staff_told_on",
            "plan_reported_on",
        ),
    ),
)
"""The parts of the form and the facts in each."""
WHEN = {
    "pay_in_lieu": "ground=40|40(1)|40(2)|40(3)",
    "shorter_notice_agreed": "ground=37",
    "staff_told_on": LAYOFF,
    "plan_reported_on": LAYOFF,
}
VARIED = ("ground", "last_day", "notice_arrived")
"""What a column beside the first may change."""
_SHAPES: dict[str, type] = {
    "ground": Ground,
    "regime": Regime,
    "statuses": ProtectedStatus,
    "contract_kind": ContractKind,
    "proposed_by": Party,
    "employer_offer": RenewalOffer,
    "cap_and_floor": CapAndFloor,
}
_FLAGS = {"in_probation", "employee_refuses", "pay_in_lieu", "shorter_notice_agreed", "union_exists"}
_AMOUNTS = {"avg12", "last_month_wage"}


def _kind(name: str) -> Kind:
    if name == "statuses":
        return Kind.CHOICES
    if name == "fixed_terms":
        return Kind.WHOLE
    kinds = ((_SHAPES, Kind.CHOICE), (_FLAGS, Kind.YES_NO), (_AMOUNTS, Kind.NUMBER))
    return next((kind for names, kind in kinds if name in names), Kind.DAY)


def _fact(name: str) -> Fact:
    shape = _SHAPES.get(name)
    return Fact(
        key=name,
        kind=_kind(name),
        says=label(EndingCase, name),
        choices=tuple(labels()[section_of(shape)].items()) if shape else (),
        required=name == "ground",
        when=WHEN.get(name, ""),
        sure=name == "cap_and_floor",
    )


def facts() -> tuple[Fact, ...]:
    """Every fact of an ending."""
    return tuple(_fact(name) for _title, names in PARTS for name in names)


def varied() -> tuple[Fact, ...]:
    """The facts that a column beside the first may change."""
    return tuple(_fact(name) for name in VARIED)


def case_of(inputs: Mapping[str, Any]) -> EndingCase:
    """Return the case that the inputs tell; what is absent is unknown. Raises FactsRejected naming contradictions."""
    told = {fact.key: _value(fact.key, inputs.get(fact.key)) for fact in facts()}
    if told["cap_and_floor"] is None:
        told["cap_and_floor"] = CapAndFloor.REQUIRED
    return EndingCase(**told)


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    kind = _kind(name)
    if kind is Kind.CHOICES:
        return frozenset(ProtectedStatus(one) for one in value)
    readers: dict[Kind, Any] = {
        Kind.CHOICE: _SHAPES.get(name),
        Kind.DAY: date.fromisoformat,
        Kind.NUMBER: Decimal,
        Kind.WHOLE: int,
    }
    return readers[kind](value) if kind in readers else value
