"""The report of an evidence pack: a PDF/A in Chinese, set from plain values."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import typst

from guiyan.ledger.note import VerifierKey
from guiyan.ledger.ports import CaseFile
from guiyan.ledger.queries import Line
from guiyan.platform import fonts, permissions

BEIJING = ZoneInfo("Asia/Shanghai")
CHECKING = (
    "不需要联网，也不需要本系统：用浏览器打开证据包里的 verify.html，选择证据包文件；"
    "或运行 python3 verify.py 证据包.zip。",
    "结果为“有效”时，表示每一步都在已签名的日志中、没有缺步、没有改动。核对程序本身的摘要公布在证据包之外，请先比对。",
    "请把下面的公钥指纹与单位在证据包之外公布的指纹比对；只有指纹一致，才能确认签名者是该单位的系统。",
    "您手中如果有当时领取的回执（.tlog-proof 文件），可以一并核对：回执与证据包不符，说明日志曾被改写。",
)
LIMITS = (
    "写入日志之前的内容是否属实；日志只证明何时记录了什么、之后没有改动。",
    "没有人记录的事没有发生过；日志发现不了从未写入的事。",
    "步骤的时间由本系统的时钟记录，本报告没有附第三方时间戳。",
    "操作人的身份以当时的登录和核验方式为限。",
)
RESTORED = (
    "本案跨越一次数据库恢复：恢复前后的日志各有自己的公钥和签名，后一份的第一条写明前一份结束时的条数和根。"
    "恢复时如有已签名的记录丢失，核对程序会说明丢失的条数。"
)
PUBLIC_WORDS = {
    "channel": "渠道",
    "result": "结果",
    "provider_ref": "平台回执的摘要",
    "reason": "原因",
    "manifest_sha256": "当时证据包清单的摘要",
    "head_cseq": "当时的最后一步",
    "head_leaf": "当时最后一步的摘要",
}


class ReportError(RuntimeError):
    """The report cannot be set; the message says why."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the report says. ``opened`` maps (row number, field) to label and value of what is disclosed.

    ``key`` is the newest log's, ``earlier`` those of the logs that a restore ended, oldest first.
    """

    case: CaseFile
    lines: Sequence[Line]
    employer: str
    key: VerifierKey
    case_id: str
    opened: Mapping[tuple[int, str], tuple[str, str]]
    now: datetime
    earlier: tuple[VerifierKey, ...] = ()


def render(facts: ReportFacts) -> bytes:
    """Return the report as PDF/A-2b. It carries a random number, so that nobody can guess it from its digest.

    Raises ``ReportError`` when the Chinese fonts are missing or the PDF cannot be made.
    """
    where = fonts.folder()
    if where is None or fonts.missing():
        raise ReportError(f"fonts are missing: {', '.join(fonts.missing()) or 'all'}")
    try:
        with resources.as_file(resources.files(__name__).joinpath("report.typ")) as template:
            made = typst.compile(
                template,
                root=template.parent,
                font_paths=[where],
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs={"data": json.dumps(_data(facts), ensure_ascii=False)},
                pdf_standards="a-2b",
                timestamp=int(facts.now.timestamp()),
            )
    except (RuntimeError, ValueError, typst.TypstError) as error:
        raise ReportError(f"the report could not be set: {error}") from error
    if not isinstance(made, bytes):
        raise ReportError("the report was not made in one piece")
    return made


def _data(facts: ReportFacts) -> dict[str, Any]:
    local = facts.now.astimezone(BEIJING)
    first, last = facts.lines[0], facts.lines[-1]
    return {
        "title": facts.case.title,
        "author": facts.employer,
        "nonce": secrets.token_hex(32),
        "made": {
            "year": local.year,
            "month": local.month,
            "day": local.day,
            "text": _time(facts.now),
        },
        "simulation": facts.key.name.startswith("sim/"),
        "origin": facts.key.name,
        "vkey": facts.key.text,
        "fingerprint": facts.key.fingerprint,
        "summary": [
            ["单位", facts.employer],
            ["案件", facts.case.number or facts.case_id],
            ["起止", f"{_time(first.entry.at)} 至 {_time(last.entry.at)}"],
            ["步骤", f"共 {len(facts.lines)} 步，另有一步为本次导出本身"],
            *([["日志", RESTORED]] if facts.earlier else []),
        ],
        "earlier": [[key.name, key.text, key.fingerprint] for key in facts.earlier],
        "parties": [{"part": each.part, "name": each.name, "detail": each.detail} for each in facts.case.parties],
        "exhibits": _exhibits(facts),
        "steps": [_step(line, facts.opened, many=bool(facts.earlier)) for line in facts.lines],
        "checking": CHECKING,
        "limits": LIMITS,
    }


def _exhibits(facts: ReportFacts) -> list[dict[str, str]]:
    trail = {
        "number": "1",
        "title": "操作记录",
        "file": "entries/、proofs/、checkpoint",
        "source": "单位人事系统的证据日志",
        "proves": "各步骤的内容、先后和时间，且记录后未被改动",
        "pages": "—",
    }
    return [
        trail,
        *(
            {
                "number": str(number),
                "title": each.title,
                "file": f"docs/{each.file}",
                "source": each.source,
                "proves": each.proves,
                "pages": "—" if each.pages is None else str(each.pages),
            }
            for number, each in enumerate(facts.case.exhibits, start=2)
        ),
    ]


def _step(line: Line, opened: Mapping[tuple[int, str], tuple[str, str]], *, many: bool) -> dict[str, Any]:
    shown = [list(words) for (entry_id, _field), words in opened.items() if entry_id == line.id]
    public = [
        [PUBLIC_WORDS.get(name, name), str(value)]
        for name, value in line.entry.public.items()
        if value not in (None, "")
    ]
    return {
        "cseq": line.entry.step.cseq if line.entry.step else 0,
        "time": _time(line.entry.at),
        "label": line.label[0],
        "actor": _roles(line.entry.actor.role),
        "facts": [*shown, *public],
        "files": [
            {"name": f"{each.kind}，第 {each.rev} 版，{each.length} 字节", "sha256": each.sha256}
            for each in line.entry.objects
        ],
        "leaf": line.leaf.hex(),
        "index": f"{f'e{line.epoch} ' if many else ''}{line.index}",
    }


def _roles(word: str) -> str:
    known = permissions.table().roles
    return "、".join(known[key].zh if key in known else key for key in word.split("."))


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
