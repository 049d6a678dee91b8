"""What a check of a log can find: stable codes, and the sentence for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LISTED_MAX = 200

TEXTS: dict[str, str | Promise] = {
    "edited": _("第 {index} 条记录（{type}）在签名之后被修改"),
    "deleted": _("第 {index} 条记录（{type}）在签名之后被删除"),
    "inserted": _("第 {index} 条记录（{type}）是在签名之后插进来的"),
    "moved": _("第 {index} 条记录（{type}）不在签名时的位置上"),
    "repointed": _("日志第 {index} 位（{type}）被改为指向另一条记录"),
    "rewritten": _("第 {index} 至 {last} 条记录中有改动，并且日志的内部副本也一起被改：{type}"),
    "place": _("第 {index} 条记录（{type}）完好，但日志中记下的摘要被改动"),
    "unplaced": _("记录 {entry_id}（{type}）不在日志里，也不在等待签名：被插入，或其等待记录被删除"),
    "waiting": _("等待签名的记录 {entry_id}（{type}）与其内容不符，或内容已不存在"),
    "uncovered": _("第 {index} 条记录（{type}）没有任何签名覆盖：签名被删除，或记录是插进来的"),
    "columns": _("第 {index} 条记录（{type}）的附注与记录内容不符"),
    "malformed": _("第 {index} 条记录（{type}）的格式不对"),
    "time": _("第 {index} 条记录（{type}）自称的时间与写入时间相差 {minutes} 分钟"),
    "backdated": _("第 {index} 条记录（{type}）的时间比排在它前面的记录早 {minutes} 分钟：时间被倒签"),
    "chain": _("第 {index} 条记录（{type}）与同一案件的上一步不衔接（第 {cseq} 步）"),
    "last_step": _("案件的最后一步（第 {cseq} 步）不在日志里"),
    "tile": _("日志的内部副本 {path} 被改动或缺失"),
    "checkpoint": _("第 {size} 条处的签名无效或被替换"),
    "key": _("数据库里写的公钥不是本系统密钥文件里的公钥（{origin}）"),
    "set_back": _("数据库被退回：外部存有 {known} 条记录的签名，数据库只有 {size} 条"),
    "forked": _("外部存有的签名（{known} 条）与数据库里的日志不是同一份"),
    "outside": _("外部存放的签名不能使用：{reason}"),
    "epoch": _("日志 {origin} 的第一条记录没有说明它接在哪一份日志之后"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was signed. ``index`` counts from 0 in the epoch's log; None when it has no place."""

    code: str
    epoch: int
    index: int | None
    type: str
    facts: dict[str, Any]

    @property
    def text(self) -> str:
        """The sentence, in the current language."""
        return str(TEXTS[self.code]).format(index=self.index, type=self.type or "?", **self.facts)


@dataclass
class Findings:
    """What was found: the first ``LISTED_MAX``, and how many there are in all."""

    listed: list[Finding] = field(default_factory=list)
    total: int = 0

    def add(self, code: str, epoch: int, index: int | None = None, type_: str = "", **facts: Any) -> None:
        """Note a finding."""
        self.total += 1
        if len(self.listed) < LISTED_MAX:
            self.listed.append(Finding(code, epoch, index, type_, facts))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.listed)


@dataclass(frozen=True, slots=True)
class Report:
    """A check of one tenant's log.

    ``entries`` are those covered by a signature, ``waiting`` those that are not yet; ``key_confirmed`` says whether the
    key came from the installation's key file (else only from the database, which proves less); ``outside`` whether a
    checkpoint kept outside the database was there to compare with; ``lost`` entries that a later epoch says were signed
    before a restore and are no longer there.
    """

    tenant: str
    origins: tuple[str, ...]
    entries: int
    checkpoints: int
    waiting: int
    key_confirmed: bool
    outside: bool
    lost: int
    findings: tuple[Finding, ...]
    findings_total: int

    @property
    def ok(self) -> bool:
        """Whether everything is as it was signed."""
        return self.findings_total == 0

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "tenant": self.tenant,
            "ok": self.ok,
            "simulation": any(origin.startswith("sim/") for origin in self.origins),
            "origins": list(self.origins),
            "entries": self.entries,
            "checkpoints": self.checkpoints,
            "waiting": self.waiting,
            "key_confirmed": self.key_confirmed,
            "outside_checkpoint": self.outside,
            "lost": self.lost,
            "findings_total": self.findings_total,
            "findings": [
                {
                    "code": each.code,
                    "tenant": self.tenant,
                    "epoch": each.epoch,
                    "index": each.index,
                    "type": each.type,
                    "text": each.text,
                    **each.facts,
                }
                for each in self.findings
            ],
        }
