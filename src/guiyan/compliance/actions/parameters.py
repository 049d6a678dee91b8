"""Own figures: proposed by one person, checked and so put to use by another who saw what it changes, withdrawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guiyan.compliance.enums import ImpactKind, RunState
from guiyan.compliance.models import ImpactRun, OwnParameter
from guiyan.compliance.sealing import written
from guiyan.kernel.results import Words
from guiyan.law.parameter_keys import FigureRejected, ParameterKey, parameter_keys
from guiyan.law.regions import regions
from guiyan.law.version import law_version
from guiyan.ledger.actions import record
from guiyan.people.queries import NotFound
from guiyan.platform.acting import Refused, Stale, action, earlier_result, keep_result, require, savepoint
from guiyan.platform.permissions import Viewer

PROPOSE, CHECK, WITHDRAW = (f"compliance.{act}_parameter" for act in ("propose", "check", "withdraw"))
KIND = "parameter"
YEAR_MIN, YEAR_MAX = 1995, 2100
LENGTHS = {"source_title": 200, "source_number": 100, "source_words": 300, "statistic": 100, "reason": 1000}


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A figure as somebody enters it: key, place by its short name
    ("" for a key that holds everywhere), the value as text, days, source in plain words."""

    key: str
    region: str
    value: str
    effective_from: date
    effective_to: date | None
    source_title: str
    source_number: str = ""
    source_words: str = ""
    statistic: str = ""
    reason: str = ""


@action(PROPOSE)
def propose_parameter(viewer: Viewer, figure: NewFigure, *, request_id: UUID, now: datetime) -> UUID:
    """The figure is entered and waits for somebody else to check it; nothing computes with it. Returns its id.

    Raises ``Refused`` naming what is wrong: ``key_unknown``, ``region_unknown``, ``figure_rejected``,
    ``days_reversed``, ``source_missing``, ``statistic_missing``, ``reason_missing``, ``text_too_long``.
    """
    require(viewer, PROPOSE, object_kind=KIND)
    before = earlier_result(request_id, act=PROPOSE, viewer=viewer, now=now)
    if before is not None:
        return UUID(before["parameter"])
    row = unsaved(figure, now)
    assert viewer.user_id is not None
    row.proposed_by = viewer.user_id
    row.save(force_insert=True)
    _on_record(viewer, row, "parameter.proposed", now, words=_words_of(row))
    keep_result(request_id, {"parameter": str(row.id)})
    return row.id


def unsaved(figure: NewFigure, now: datetime) -> OwnParameter:
    """Return the row of a figure, stored nowhere. Raises ``Refused`` as ``check_figure`` does."""
    amount, rows = check_figure(figure).read(figure.value)
    return OwnParameter(
        key=figure.key,
        region=figure.region,
        figure=f"{amount:f}" if amount is not None else ",".join(f"{cell:f}" for cell in rows[0]),
        effective_from=figure.effective_from,
        effective_to=figure.effective_to,
        proposed_at=now,
        **{name: getattr(figure, name).strip() for name in LENGTHS},
    )


def check_figure(figure: NewFigure) -> ParameterKey:
    """Return the key of a figure. Raises ``Refused`` for the first thing that is wrong with it."""
    known = parameter_keys().get(figure.key)
    if known is None:
        raise _refused("key_unknown", _("请选择一个参数。"))
    if figure.region not in (regions() if known.local else {""}):
        raise _refused("region_unknown", _("请选择省或者市。"))
    try:
        known.read(figure.value)
    except FigureRejected as error:
        raise _refused("figure_rejected", _said(error.problem.says)) from error
    _check_days(figure)
    if not figure.source_title.strip():
        raise _refused("source_missing", _("请填写来源的名称，例如当地人社局的通知。"))
    if known.statistic and not figure.statistic.strip():
        raise _refused("statistic_missing", _("请写明是哪一个统计口径的平均工资。"))
    if known.reason and not figure.reason.strip():
        raise _refused("reason_missing", _("这一项没有统一答案，请写明理由，例如律师的意见。"))
    if any(len(getattr(figure, name).strip()) > most for name, most in LENGTHS.items()):
        raise _refused("text_too_long", _("文字太长，请缩短。"))
    return known


def _check_days(figure: NewFigure) -> None:
    if not YEAR_MIN <= figure.effective_from.year <= YEAR_MAX:
        raise _refused("days_reversed", _("生效日应当在 1995 年到 2100 年之间。"))
    if figure.effective_to is not None and figure.effective_to < figure.effective_from:
        raise _refused("days_reversed", _("最后一天早于生效日。"))


@action(CHECK)
def check_parameter(viewer: Viewer, parameter_id: UUID, impact_id: UUID, *, request_id: UUID, now: datetime) -> None:
    """The figure counts from now on for every day from its first. Who checks it did not enter it and saw its impact.

    ``impact_id`` is a finished computation of impact that held this figure and is newer than it; none that was made
    before another figure was checked or withdrawn, or with another version of the law. Raises ``Refused``
    (``own_proposal``, ``impact_unseen``, ``impact_outdated``) or ``Stale`` (``already_checked``, ``withdrawn``,
    ``figure_there``).
    """
    require(viewer, CHECK, object_kind=KIND, object_id=parameter_id)
    row = _locked(parameter_id)
    if earlier_result(request_id, act=CHECK, viewer=viewer, now=now) is not None:
        return
    if row.proposed_by == viewer.user_id:
        raise _refused("own_proposal", _("复核人不能是录入人，请由另一位有权限的同事复核。"), row)
    if row.withdrawn_at is not None:
        raise _stale("withdrawn", _("这个参数已被撤销。"), row)
    if row.checked_at is not None:
        raise _stale("already_checked", _("这个参数已经复核过了。"), row)
    _seen(impact_id, row, "proposals")
    row.checked_by, row.checked_at, row.impact_id = viewer.user_id, now, impact_id
    try:
        with savepoint():
            row.save(update_fields=["checked_by", "checked_at", "impact_id"])
    except IntegrityError as error:
        raise _stale("figure_there", _("同一地区同一天生效的值已经有了，请先撤销原来的值。"), row) from error
    _on_record(viewer, row, "parameter.checked", now, words=_words_of(row), impact=impact_id)
    keep_result(request_id, {})


@action(WITHDRAW)
def withdraw_parameter(
    viewer: Viewer,
    parameter_id: UUID,
    reason: str,
    *,
    request_id: UUID,
    now: datetime,
    impact_id: UUID | None = None,
) -> None:
    """The figure no longer counts; it stays on record with the reason.

    One that counts is withdrawn only by who saw the impact of that (``impact_id``, as in ``check_parameter``). Raises
    ``Refused`` (``reason_missing``, ``text_too_long``, ``impact_unseen``, ``impact_outdated``) or ``Stale``
    (``withdrawn``).
    """
    require(viewer, WITHDRAW, object_kind=KIND, object_id=parameter_id)
    row = _locked(parameter_id)
    if earlier_result(request_id, act=WITHDRAW, viewer=viewer, now=now) is not None:
        return
    if row.withdrawn_at is not None:
        raise _stale("withdrawn", _("这个参数已被撤销。"), row)
    if not reason.strip():
        raise _refused("reason_missing", _("请写明撤销的理由。"), row)
    if len(reason.strip()) > LENGTHS["reason"]:
        raise _refused("text_too_long", _("文字太长，请缩短。"), row)
    if row.checked_at is not None:
        _seen(impact_id, row, "withdrawals")
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = viewer.user_id, now, reason.strip()
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    _on_record(viewer, row, "parameter.withdrawn", now, words=row.withdrawn_reason, impact=impact_id)
    keep_result(request_id, {})


def _locked(parameter_id: UUID) -> OwnParameter:
    """Lock a figure. All of one employer queue behind one another: each looks at what the others changed."""
    rows = {row.id: row for row in OwnParameter.objects.select_for_update().order_by("id")}
    if parameter_id not in rows:
        raise NotFound(str(parameter_id))
    return rows[parameter_id]


def _seen(impact_id: UUID | None, row: OwnParameter, part: str) -> None:
    runs = ImpactRun.objects.filter(kind=ImpactKind.FIGURES, state=RunState.DONE)
    run = runs.filter(pk=impact_id).first() if impact_id is not None else None
    if run is None or str(row.id) not in getattr(run, part):
        raise _refused("impact_unseen", _("请先计算并查看影响，再决定。"), row)
    moments = [row.proposed_at]
    held = [*run.proposals, *run.withdrawals]
    for other in OwnParameter.objects.exclude(pk__in=held).exclude(checked_at__isnull=True, withdrawn_at__isnull=True):
        moments += [moment for moment in (other.checked_at, other.withdrawn_at) if moment is not None]
    if run.law_version != law_version() or run.asked_at < max(moments):
        raise _refused("impact_outdated", _("影响是在参数或规则变化之前算的，请重新计算。"), row)


def _on_record(
    viewer: Viewer, row: OwnParameter, kind: str, now: datetime, *, words: str, impact: UUID | None = None
) -> None:
    record(
        viewer,
        kind,
        now=now,
        public={
            "parameter": str(row.id),
            "key": row.key,
            "region": regions()[row.region].code if row.region else None,
            "figure": row.figure,
            "from": row.effective_from.isoformat(),
            "to": row.effective_to.isoformat() if row.effective_to else None,
            "words_sha256": hashlib.sha256(words.encode()).hexdigest(),
            "impact": str(impact) if impact else None,
        },
    )


def _words_of(row: OwnParameter) -> str:
    """Return everything that was written about a figure: names of notices and reasons, nothing about a person."""
    return written({name: getattr(row, name) for name in LENGTHS})


def _said(words: Words) -> str:
    return words.en if (get_language() or "").startswith("en") else words.zh


def _refused(rule: str, text: object, row: OwnParameter | None = None) -> Refused:
    return Refused(rule, text, object_kind=KIND, object_id=row.id if row else "")  # type: ignore[arg-type]


def _stale(rule: str, text: object, row: OwnParameter) -> Stale:
    return Stale(rule, text, object_kind=KIND, object_id=row.id)  # type: ignore[arg-type]
