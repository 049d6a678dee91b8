"""Evidence packs made by a worker: asked for, made, handed out until they expire.

A pack takes seconds to minutes: it waits for signatures and sets a report. So a request only asks; a job makes the
file, seals it under a key of its own and tells the one who asked. After ``KEPT_DAYS`` that key is destroyed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.kernel.deadlines import DeadlineRule, PeriodUnit
from guiyan.ledger import ports, report
from guiyan.ledger.actions import record
from guiyan.ledger.entry import EntryType
from guiyan.ledger.enums import PackStage, PackState
from guiyan.ledger.export import Pack, export_case
from guiyan.ledger.models import CaseHead, PackRequest
from guiyan.ledger.packfile import PackError
from guiyan.platform import clock, crypto, deadlines, queue
from guiyan.platform.acting import Forbidden, Refused, action, earlier_result, keep_result, require
from guiyan.platform.models import Deadline, SubjectKey
from guiyan.platform.permissions import SYSTEM, Viewer, allowed

JOB = "ledger.make_pack"
EXPIRY = "ledger.pack_expires"
OWNER, PURPOSE = "pack", "expiry"
RETENTION = "pack"
KEPT_DAYS = 7
KEPT_BYTES_MAX = 256 << 20
STALLED_AFTER = timedelta(minutes=15)
SHOWN_MAX = 5
LOG = structlog.get_logger("guiyan.packs")

WHY: dict[str, str | Promise] = {
    "not_signed_yet": _("记录还没有签名：请确认签名程序（guiyan worker）正在运行，然后再试。"),
    "case_moves": _("这个案件正在变化，请稍后再试。"),
    "several_logs": _("这个案件的记录分在恢复前后的几份日志里，其中一份已经丢失，不能放进一个证据包。"),
    "role_table": _("您已没有导出证据包的权限。"),
    "would_be_refused": _("生成的证据包没有通过核对，因此没有交出。请把下面的说明交给系统管理员。"),
    "report": _("报告没有排成。请把下面的说明交给系统管理员。"),
    "too_large": _("证据包太大，不能在页面上生成。请系统管理员用命令 guiyan evidence export 导出。"),
    "stalled": _("生成中断了，请再试一次。"),
    "fault": _("生成时出了意外，已记入系统日志。请再试一次，仍不成功请告诉系统管理员。"),
}


@dataclass(frozen=True, slots=True)
class PackView:
    """A pack as the one who asked for it sees it: ``percent`` of the way, ``why`` and ``detail`` when it failed."""

    pack_id: UUID
    case_id: UUID
    state: PackState
    stage: PackStage
    percent: int
    asked_at: datetime
    expires_at: datetime | None
    size: int
    steps: int
    why: str | Promise
    detail: str


@dataclass(frozen=True, slots=True)
class HandedPack:
    """The bytes of a pack that is handed out."""

    case_id: UUID
    data: bytes


# --- asking -----------------------------------------------------------------------------------------------------------


@action("ledger.ask_for_pack")
def ask_for_pack(viewer: Viewer, case: UUID, *, label: str = "", request_id: UUID, now: datetime) -> UUID:
    """A worker will make the pack of a case. While one is being made for the same account it is that one.

    ``label`` is the number that people call the case by, for the message that tells of the pack.

    Raises ``Refused`` without the right ``ledger.export`` and for a case without steps.
    """
    known = CaseHead.objects.select_for_update().filter(pk=case).first()
    require(viewer, "ledger.export", object_kind="case", object_id=case)
    before = earlier_result(request_id, act="ledger.ask_for_pack", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["pack"])
    if known is None or not known.cseq or viewer.user_id is None:
        raise Refused("no_such_case", _("这个案件没有记录。"), object_kind="case", object_id=case)
    row = PackRequest.objects.filter(case_id=case, user_id=viewer.user_id, state=PackState.MAKING).first()
    if row is not None and _is_stalled(row, now):
        _close(row, "stalled")
        row = None
    if row is None:
        row = PackRequest.objects.create(case_id=case, label=label[:60], user_id=viewer.user_id, asked_at=now)
        queue.defer(JOB, lock=f"pack:{row.id}", pack_id=str(row.id))
    keep_result(request_id, {"pack": str(row.id)})
    return row.id


def _is_stalled(row: PackRequest, now: datetime) -> bool:
    """Whether the worker that made it is likely gone: a pack takes a minute, not a quarter of an hour."""
    return row.state == PackState.MAKING and now - row.asked_at > STALLED_AFTER


# --- making -----------------------------------------------------------------------------------------------------------


def make(pack_id: UUID) -> None:
    """Make a pack that was asked for, with the rights that the account has now; harmless to repeat. Outside any action.

    Whatever goes wrong is said on the request, and the account is told: nobody waits for a pack that does not come.
    """
    row = PackRequest.objects.defer("sealed").filter(pk=pack_id, state=PackState.MAKING).first()
    if row is None:
        return
    viewer = ports.viewer_of(row.user_id)
    try:
        pack = export_case(viewer, row.case_id, now=clock.now(), told=_stage_writer(viewer, pack_id))
        if len(pack.data) > KEPT_BYTES_MAX:
            fail(viewer, pack_id, "too_large", now=clock.now())
            return
        keep(viewer, pack_id, pack, now=clock.now())
    except Forbidden:
        fail(viewer, pack_id, "role_table", now=clock.now())
    except Refused as refused:
        fail(viewer, pack_id, refused.rule, str(refused.text), now=clock.now())
    except PackError as error:
        fail(viewer, pack_id, "would_be_refused", str(error), now=clock.now())
    except report.ReportError as error:
        fail(viewer, pack_id, "report", str(error), now=clock.now())
    except Exception as error:
        LOG.exception("pack failed", pack=str(pack_id), exception=type(error).__name__)
        _give_up(viewer, pack_id)


def _give_up(viewer: Viewer, pack_id: UUID) -> None:
    """Close a request after an accident, without telling when telling is what fails."""
    try:
        fail(viewer, pack_id, "fault", now=clock.now())
    except Exception as error:
        LOG.exception("nobody was told", pack=str(pack_id), exception=type(error).__name__)
        fail(viewer, pack_id, "fault", now=clock.now(), is_told=False)


def _stage_writer(viewer: Viewer, pack_id: UUID) -> Callable[[PackStage], None]:
    return lambda stage: note_stage(viewer, pack_id, stage)


@action("ledger.note_pack_stage")
def note_stage(_viewer: Viewer, pack_id: UUID, stage: PackStage) -> None:
    """The one who waits sees what is being done."""
    PackRequest.objects.filter(pk=pack_id, state=PackState.MAKING).update(stage=stage)


@action("ledger.keep_pack")
def keep(viewer: Viewer, pack_id: UUID, pack: Pack, *, now: datetime) -> None:
    """The pack lies ready, sealed, until it expires; the one who asked is told."""
    row = PackRequest.objects.select_for_update().get(pk=pack_id)
    if row.state != PackState.MAKING:
        return
    rule = DeadlineRule(PeriodUnit.CALENDAR_DAYS, KEPT_DAYS, "pack_ready", rolls=False)
    row.expires_at = deadlines.set_deadline(OWNER, row.id, PURPOSE, rule=rule, started_at=now, handler=EXPIRY).due_at
    row.sealed = crypto.seal(crypto.subject_key(row.id, RETENTION), pack.data, where=_where(row))
    row.sha256, row.size, row.steps = hashlib.sha256(pack.data).digest(), len(pack.data), pack.steps
    row.state = PackState.READY
    row.save()
    ports.tell(viewer, ports.PackNews(row.case_id, row.label, row.user_id, ready=True, expires_at=row.expires_at), now)


@action("ledger.fail_pack")
def fail(viewer: Viewer, pack_id: UUID, problem: str, detail: str = "", *, now: datetime, is_told: bool = True) -> None:
    """The pack was not made, the request says why, and the one who asked is told."""
    row = PackRequest.objects.select_for_update().get(pk=pack_id)
    if row.state != PackState.MAKING:
        return
    _close(row, problem, detail)
    news = ports.PackNews(row.case_id, row.label, row.user_id, ready=False, expires_at=None, problem=problem)
    if is_told:
        ports.tell(viewer, news, now)


def _close(row: PackRequest, problem: str, detail: str = "") -> None:
    row.state, row.problem, row.problem_detail = PackState.FAILED, problem[:60], detail[:300]
    row.save(update_fields=["state", "problem", "problem_detail"])


def _where(row: PackRequest) -> str:
    return f"ledger_packrequest/{row.id}/sealed"


# --- seeing and handing out -------------------------------------------------------------------------------------------


def packs_of(viewer: Viewer, case: UUID, *, now: datetime) -> list[PackView]:
    """Return the newest packs of a case that the viewer asked for; none without the right to export."""
    if viewer.user_id is None or not allowed(viewer, "ledger.export"):
        return []
    rows = PackRequest.objects.defer("sealed").filter(case_id=case, user_id=viewer.user_id)
    return [_view(row, now) for row in rows.order_by("-asked_at", "-id")[:SHOWN_MAX]]


def pack_of(viewer: Viewer, pack_id: UUID, *, now: datetime) -> PackView | None:
    """Return a pack that the viewer asked for, or None."""
    if viewer.user_id is None or not allowed(viewer, "ledger.export"):
        return None
    row = PackRequest.objects.defer("sealed").filter(pk=pack_id, user_id=viewer.user_id).first()
    return None if row is None else _view(row, now)


@action("ledger.hand_out_pack")
def hand_out(viewer: Viewer, pack_id: UUID, *, now: datetime) -> HandedPack:
    """The one who asked for a pack holds it, and that is on record each time.

    Raises ``Refused`` for anybody else, without the right ``ledger.export``, and for one that is not ready or expired.
    """
    require(viewer, "ledger.export", object_kind="pack", object_id=pack_id)
    row = PackRequest.objects.select_for_update().filter(pk=pack_id).first()
    if row is None or viewer.user_id is None or row.user_id != viewer.user_id:
        raise Refused("no_such_pack", _("没有这个证据包。"), object_kind="pack", object_id=pack_id)
    if row.sealed is None or row.expires_at is None or row.expires_at <= now:
        raise Refused(
            "pack_gone", _("这个证据包还没有生成或已过期，请重新生成。"), object_kind="pack", object_id=pack_id
        )
    data = crypto.unseal(crypto.subject_key(row.id, RETENTION), bytes(row.sealed), where=_where(row))
    digest = hashlib.sha256(data).hexdigest()
    record(
        viewer,
        EntryType.DATA_EXPORTED,
        now=now,
        public={"what": "evidence_pack", "pack": str(row.id), "sha256": digest},
    )
    return HandedPack(row.case_id, data)


@action("ledger.expire_pack")
def expire(_viewer: Viewer, pack_id: UUID, *, now: datetime) -> None:
    """The pack is gone: its bytes are emptied and their key is destroyed."""
    PackRequest.objects.filter(pk=pack_id, state=PackState.READY).update(state=PackState.EXPIRED, sealed=None)
    SubjectKey.objects.filter(subject_id=pack_id, retention=RETENTION).update(wrapped=None, destroyed_at=now)


def on_expiry(row: Deadline, now: datetime) -> None:
    """Run when a pack's deadline fires."""
    expire(SYSTEM, row.owner_id, now=now)


def _view(row: PackRequest, now: datetime) -> PackView:
    state, problem = PackState(row.state), row.problem
    if _is_stalled(row, now):
        state, problem = PackState.FAILED, "stalled"
    if state is PackState.READY and row.expires_at is not None and row.expires_at <= now:
        state = PackState.EXPIRED
    stages = list(PackStage)
    stage = PackStage(row.stage)
    return PackView(
        pack_id=row.id,
        case_id=row.case_id,
        state=state,
        stage=stage,
        percent=100 * (stages.index(stage) + 1) // (len(stages) + 1),
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        size=row.size,
        steps=row.steps,
        why=WHY.get(problem, row.problem_detail) if state is PackState.FAILED else "",
        detail=row.problem_detail if problem in ("would_be_refused", "report") else "",
    )
