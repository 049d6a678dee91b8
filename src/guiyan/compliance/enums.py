"""The closed vocabularies of compliance, with the words that are shown."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class FindingKind(TextChoices):
    """What was asked of the law."""

    ENDING = "ending", _("离职理由")
    MATRIX = "matrix", _("证据要件")
    TOPIC = "topic", _("专题")


class ParameterState(TextChoices):
    """Where an entered figure stands; it follows from its days and from who checked or withdrew it."""

    PROPOSED = "proposed", _("未复核")
    UPCOMING = "upcoming", _("尚未生效")
    IN_FORCE = "in_force", _("有效")
    SUPERSEDED = "superseded", _("已被接替")
    ENDED = "ended", _("已到期")
    WITHDRAWN = "withdrawn", _("已撤销")


class ImpactKind(TextChoices):
    """What changes."""

    FIGURES = "figures", _("当地参数")
    LAW = "law", _("法律规则版本")


class RunState(TextChoices):
    """How far a computation of impact is."""

    RUNNING = "running", _("正在计算")
    DONE = "done", _("已完成")


class Severity(IntegerChoices):
    """What a change means, worst first."""

    CLOSED = 1, _("原来可以，现在不可以")
    UNKNOWN = 2, _("现在判断不了或者算不出来")
    OPENED = 3, _("原来不可以，现在可以")
    VERDICT = 4, _("结论变化")
    MONEY = 5, _("金额变化")
    DAYS = 6, _("日期变化")
    CONTENT = 7, _("内容变化")
