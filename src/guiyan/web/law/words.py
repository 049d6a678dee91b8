"""How the workbench says amounts, days, codes and steps."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.kernel.results import Authority, Verdict, Words
from guiyan.law.ending import StepKind
from guiyan.law.protection_table import Decision, ExtensionEnd
from guiyan.web.law.catalogue import Told
from guiyan.web.law.fields import told

VERDICT_LOOKS = {
    Verdict.ALLOWED: ("ok", "circle-check"),
    Verdict.ALLOWED_WITH_CONDITIONS: ("warn", "checklist"),
    Verdict.EXTENDED: ("violet", "clock-pause"),
    Verdict.PROHIBITED: ("bad", "ban"),
    Verdict.INDETERMINATE: ("neutral", "help-circle"),
}
"""Tone and icon of a verdict: never the colour alone."""
STEPS = {
    StepKind.STAFF_EXPLAINED: gettext_lazy("向工会或者全体职工说明情况"),
    StepKind.PLAN_REPORTED: gettext_lazy("裁减方案报告劳动行政部门"),
    StepKind.UNION_TOLD: gettext_lazy("理由通知工会"),
    StepKind.UNION_ANSWERED: gettext_lazy("研究工会意见并书面回复"),
    StepKind.AGREEMENT_SIGNED: gettext_lazy("签订解除协议"),
    StepKind.RECEIPT_GIVEN: gettext_lazy("确认收到辞职"),
    StepKind.NOTICE_SERVED: gettext_lazy("通知送达"),
    StepKind.CERTIFICATE: gettext_lazy("出具离职证明"),
    StepKind.WAGES_PAID: gettext_lazy("结清工资"),
    StepKind.SEVERANCE_PAID: gettext_lazy("支付经济补偿"),
    StepKind.UNEMPLOYMENT_LIST: gettext_lazy("报送失业人员名单"),
    StepKind.TRANSFER: gettext_lazy("转移档案和社会保险"),
    StepKind.REGISTERED: gettext_lazy("办理登记"),
    StepKind.RETENTION: gettext_lazy("保存合同文本"),
}
DECISIONS = {
    Decision.NOT_BARRED_BY_42: gettext_lazy("不在第四十二条限制之列"),
    Decision.ALLOWED_WITH_BENEFITS: gettext_lazy("可以，须支付一次性补助金"),
    Decision.RISK_REINSTATEMENT: gettext_lazy("有被判恢复劳动关系的风险"),
    Decision.EXTEND_UNTIL: gettext_lazy("合同续延到"),
    Decision.UNLESS_EMPLOYEE_PROPOSES: gettext_lazy("不可以，员工本人提出的除外"),
    Decision.KEEP_RELATION: gettext_lazy("保留劳动关系"),
    Decision.PROHIBITED: gettext_lazy("不可以"),
}
INVALID = "INVALID"


def money(amount: Decimal | str | None) -> str:
    """An amount in yuan, or a dash for none."""
    return "—" if amount is None else _("%(amount)s 元") % {"amount": f"{Decimal(amount):,.2f}"}


def day(value: date | str | None) -> str:
    """A day in ISO form, or a dash."""
    return "—" if value is None else str(value)


def cited(authority: Authority) -> str:
    """An authority in the language of the reader."""
    return told(Words(str(authority), authority.english))


def truth(value: bool | None) -> str:
    """Yes, no, or not known."""
    return _("尚不清楚") if value is None else _("是") if value else _("否")


def decision(value: str | None) -> str:
    """The decision of the protections, with the day or event an extension runs to."""
    if value is None:
        return "—"
    code, _colon, until = value.partition(":")
    said = str(DECISIONS[Decision(code)])
    if not until:
        return said
    ends = {end.value: Words(end.zh, end.en) for end in ExtensionEnd}
    return f"{said} {told(ends[until]) if until in ends else until}"


def _age(value: str) -> str:
    years, months = re.findall(r"\d+", value)
    return _("%(years)s 岁 %(months)s 个月") % {"years": years, "months": months}


def value_of(result: Told, value: Any) -> str:
    """One part of a result as the page shows it."""
    if result.kind == "yes_no":
        return truth(value)
    if value is None:
        return "—"
    if result.kind == "list":
        return _("、").join(money(one) for one in value)
    if result.kind == "grade":
        return _("不是有效的送达方式") if value == INVALID else str(value)
    if result.kind == "code":
        return told(result.words[value])
    writers: dict[str, Any] = {"money": money, "decision": decision, "age": _age}
    return str(writers.get(result.kind, str)(value))
