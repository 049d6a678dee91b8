"""How far an evidence pack is that somebody asked for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PackState(models.TextChoices):
    """``making`` leads to ``ready`` or ``failed``; a ready one expires."""

    MAKING = "making", _("正在生成")
    READY = "ready", _("可以下载")
    FAILED = "failed", _("没有成功")
    EXPIRED = "expired", _("已过期删除")


class PackStage(models.TextChoices):
    """What a worker is doing, in this order."""

    WAITING = "waiting", _("排队等待")
    STEPS = "steps", _("收集每一步的记录，等待签名")
    REPORT = "report", _("排版报告，整理原件")
    SEAL = "seal", _("把导出本身记入日志，等待签名")
    CHECK = "check", _("按陌生人的办法核对一遍")
