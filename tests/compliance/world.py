"""Figures, facts and findings in one line each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guiyan.compliance import actions
from guiyan.compliance.actions import NewFigure
from guiyan.compliance.judging import Question, ending_question
from guiyan.law.ending import CapAndFloor, EndingCase
from guiyan.law.grounds import Ground
from guiyan.law.overage import Regime
from guiyan.law.protection_table import ProtectedStatus
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import Viewer

START = date(2026, 7, 1)
AVERAGE = NewFigure(
    "wage.local_avg_month",
    "上海",
    "12307",
    START,
    None,
    "2025年度平均工资的公告",
    "沪人社〔2026〕10号",
    "市人社局网站",
    "全口径城镇单位就业人员平均工资",
)
MINIMUM = NewFigure("wage.min_month", "上海", "2690", START, None, "调整最低工资标准的通知", "沪人社规〔2026〕11号")
FACTS = EndingCase(
    ground=Ground.G40_2,
    regime=Regime.LCL,
    hire_date=date(2022, 3, 1),
    last_day=date(2026, 12, 31),
    statuses=frozenset(),
    in_probation=False,
    probation_last_day=None,
    contract_kind=None,
    contract_start=None,
    contract_end=None,
    child_birth=None,
    union_term_end=None,
    proposed_by=None,
    employer_offer=None,
    employee_refuses=None,
    fixed_terms=None,
    avg12=Decimal(50000),
    last_month_wage=Decimal(50000),
    notice_arrived=date(2026, 11, 30),
    pay_in_lieu=False,
    shorter_notice_agreed=None,
    union_exists=True,
    union_told_on=date(2026, 11, 20),
    decision_day=date(2026, 11, 27),
    staff_told_on=None,
    plan_reported_on=None,
    cap_and_floor=CapAndFloor.REQUIRED,
)
PREGNANT = frozenset({ProtectedStatus.PREGNANT})


def ending(region: str | None = "上海", as_of: date = date(2026, 11, 23), **changed: Any) -> Question:
    """May an employee of four years and ten months be dismissed under Art. 40(2)?"""
    return ending_question(replace(FACTS, **changed), as_of=as_of, region=region)


def propose(viewer: Viewer, figure: NewFigure, now: datetime, **changed: Any) -> UUID:
    return actions.propose_parameter(viewer, replace(figure, **changed), request_id=new_id(), now=now)


def in_force(proposer: Viewer, checker: Viewer, figure: NewFigure, now: datetime, **changed: Any) -> UUID:
    """Enter a figure, see its impact, and have another check it."""
    own = propose(proposer, figure, now, **changed)
    run = actions.run_impact(checker, proposals=[own], request_id=new_id(), now=now)
    actions.check_parameter(checker, own, run, request_id=new_id(), now=now)
    return own


def store(viewer: Viewer, person: UUID, question: Question, now: datetime, **more: Any) -> actions.Stored:
    return actions.store_finding(viewer, person, question, request_id=new_id(), now=now, **more)
