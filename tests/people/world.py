"""A small company for tests, made through the actions: one subject, and people who stand to them in every way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from guiyan.people import actions
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import SYSTEM, Held, Viewer

OPENED = date(2018, 1, 1)
HIRED = date(2022, 3, 1)
DOCUMENT = "310000199003070018"
MOBILE = "14200006021"
BANK = "6200000000001234567"
ADDRESS = "上海市浦东新区示例路8号801室"
SENSITIVE = {
    "id_document": DOCUMENT,
    "birth_date": "1990-03-07",
    "mobile": MOBILE,
    "personal_email": "yutong@example.com",
    "home_address": ADDRESS,
    "bank_account": BANK,
    "emergency_name": "周大山",
    "emergency_phone": "14200007777",
}
SITUATIONS = ("other", "self", "manages", "serves", "serves_all")
"""How a viewer stands to the subject: not at all, and in each way of the role table."""


@dataclass(frozen=True)
class World:
    """The ids of what was made. ``subject`` works in ``team``, below ``left``, which ``boss`` heads."""

    now: datetime
    company: UUID
    left: UUID
    team: UUID
    right: UUID
    post: UUID
    other_post: UUID
    subject: UUID
    spell: UUID
    boss: UUID
    outsider: UUID
    protection: UUID
    gone: UUID
    gone_spell: UUID
    leaving_spell: UUID
    extra: dict[str, Any] = field(default_factory=dict)

    def viewer(self, role: str, situation: str) -> Viewer:
        """Return an account that holds one role and stands to the subject in exactly one way."""
        person = {"self": self.subject, "manages": self.boss}.get(situation, self.outsider)
        units = {"serves": frozenset({self.left, self.team}), "serves_all": None}
        held = Held(role, units.get(situation, frozenset({self.right})))
        return Viewer(new_id(), person, role, (held,), auth="password")


def hire(
    name: str, number: str, unit: UUID, post: UUID, now: datetime, *, hired_on: date = HIRED, **more: Any
) -> actions.Hired:
    """Hire somebody in one line."""
    engagement = actions.Engagement(number, hired_on, unit, post, more.pop("manager", None), more.pop("months", 3))
    return actions.hire(SYSTEM, actions.NewPerson(name, **more), engagement, request_id=new_id(), now=now)


def unit(code: str, name: str, parent: UUID | None, now: datetime) -> UUID:
    """Open a unit in one line."""
    return actions.open_unit(
        SYSTEM, code=code, name=name, parent_id=parent, opened_on=OPENED, request_id=new_id(), now=now
    )


def build(now: datetime) -> World:
    """Make the company."""
    company = unit("CO", "示例公司", None, now)
    left, right = unit("LEFT", "客户成功部", company, now), unit("RIGHT", "研发部", company, now)
    team = unit("TEAM", "客户成功一组", left, now)
    post = actions.open_post(SYSTEM, name="客户成功经理", family="客户", request_id=new_id(), now=now)
    other_post = actions.open_post(SYSTEM, name="工程师", family="技术", request_id=new_id(), now=now)
    boss = hire("陈立衡", "A001", left, post, now)
    actions.set_unit_manager(SYSTEM, left, boss.person_id, HIRED, request_id=new_id(), now=now)
    subject = hire("周雨桐", "A002", team, post, now, sex="female", sensitive=SENSITIVE)
    outsider = hire("何佳宁", "A003", right, other_post, now)
    gone = hire("罗文博", "A004", team, post, now)
    actions.end_spell(
        SYSTEM, gone.spell_id, date(2024, 6, 30), "resignation", ground="37", request_id=new_id(), now=now
    )
    leaving = hire("顾清扬", "A005", team, post, now)
    actions.plan_end(SYSTEM, leaving.spell_id, now.date() + timedelta(days=20), request_id=new_id(), now=now)
    lead = Viewer(new_id(), None, "lead", (Held("hr_lead"),), auth="password")
    contract = actions.ContractTerms("fixed_term", HIRED, date(2027, 2, 28), HIRED, "HT-1")
    actions.record_contract(lead, subject.spell_id, contract, request_id=new_id(), now=now)
    wage = actions.WageTerms(Decimal("12345.67"), HIRED, "percent", Decimal(20))
    actions.record_wage(lead, subject.spell_id, wage, request_id=new_id(), now=now)
    facts = actions.ProtectionFacts("pregnancy", date(2026, 10, 1), None, detail="孕十二周")
    protection = actions.record_protection(lead, subject.person_id, facts, request_id=new_id(), now=now)
    own = Viewer(new_id(), subject.person_id, "周雨桐", (Held("employee"),), auth="password")
    actions.confirm_address(own, "postal", ADDRESS, request_id=new_id(), now=now - timedelta(days=1))
    return World(
        now, company, left, team, right, post, other_post, subject.person_id, subject.spell_id, boss.person_id,
        outsider.person_id, protection, gone.person_id, gone.spell_id, leaving.spell_id,
    )  # fmt: skip


_COUNTED = (
    "people_unit", "people_post", "people_person", "people_personchange", "people_sensitivevalue",
    "people_employmentspell", "people_assignment", "people_unitmanager", "people_contractbrief", "people_wage",
    "people_protection", "people_deliveryaddress", "people_importbatch", "people_importedrow", "platform_user",
    "platform_rolegrant", "platform_requestseen", "platform_subjectkey", "platform_refusal", "ledger_entry",
)  # fmt: skip


def row_counts() -> dict[str, int]:
    """Return how many rows each table holds that an act on people could touch. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in _COUNTED))
        return dict(zip(_COUNTED, cursor.fetchone(), strict=True))


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Return the tables whose number of rows changed, and by how many."""
    return {table: after[table] - before[table] for table in before if after[table] != before[table]}
