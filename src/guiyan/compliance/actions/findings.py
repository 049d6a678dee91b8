"""Stored findings: what the law said of somebody's facts, the same facts judged again later, and accepted risks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guiyan.compliance import sealing
from guiyan.compliance.facts import FactsUnreadable
from guiyan.compliance.judging import Question, UnknownTopic, ask, question_from
from guiyan.compliance.models import AcceptedRisk, StoredFinding
from guiyan.compliance.queries.parameters import parameters_of_tenant
from guiyan.compliance.queries.standing import of_case
from guiyan.kernel.results import Finding, Reasoned, Verdict
from guiyan.law.ending import FactsRejected, RegionMissing
from guiyan.law.explain import document
from guiyan.law.explain.document import plain
from guiyan.law.parameter_keys import parameter_keys
from guiyan.law.parameters import OwnSource, ParameterMissing, Parameters
from guiyan.law.regions import regions
from guiyan.law.version import law_version
from guiyan.ledger.actions import record
from guiyan.people.actions import touch
from guiyan.people.queries import NotFound, PersonRef
from guiyan.platform.acting import Refused, Stale, action, earlier_result, keep_result, require, savepoint
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import SYSTEM, Viewer

STORE, ACCEPT = "compliance.store_finding", "compliance.accept_risk"


@dataclass(frozen=True, slots=True)
class Stored:
    """A finding that was stored: its id and its verdict's code ("" for a calculation)."""

    finding_id: UUID
    verdict: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a finding is, of which case, and which former finding it takes the place of."""

    person_id: UUID
    case_id: UUID | None
    supersedes: StoredFinding | None


@action(STORE)
def store_finding(
    viewer: Viewer, person_id: UUID, question: Question, *, case_id: UUID | None = None, request_id: UUID, now: datetime
) -> Stored:
    """The law was asked, with the employer's checked figures, and what it said is kept, sealed under the person's key.

    The answer is computed here and never handed in, so that what is kept is what the law said of these very facts.
    Raises ``Refused``: ``figure_missing`` naming the figure and the place, ``region_unknown``, ``region_missing``,
    ``facts_rejected`` naming every contradiction, ``topic_unknown``, ``not_their_case``.
    """
    require(viewer, STORE, PersonRef(person_id, legal_day(now)), object_kind="person", object_id=person_id)
    before = earlier_result(request_id, act=STORE, viewer=viewer, now=now)
    if before is not None:
        return Stored(UUID(before["finding"]), before["verdict"])
    if case_id is not None and viewer != SYSTEM and not of_case(viewer, case_id, person_id):
        raise Refused("not_their_case", _("没有这个案件，或者它不是这个人的。"), object_kind="case", object_id=case_id)
    row = _made(viewer, Owner(person_id, case_id, None), question, now)
    keep_result(request_id, {"finding": str(row.id), "verdict": row.verdict})
    return Stored(row.id, row.verdict)


@action(STORE)
def rejudge(viewer: Viewer, finding_id: UUID, *, request_id: UUID, now: datetime, as_of: date | None = None) -> Stored:
    """The facts of a finding were judged again by the law and figures of now: a new finding that names the former one,
    which stays as it was. ``as_of``: the day whose law applies, if another one.

    Raises ``Stale`` (``finding_superseded``) when that was done already, ``Refused`` as ``store_finding`` and
    ``facts_unreadable`` when they are erased or the rule takes others now.
    """
    row = _visible(viewer, STORE, finding_id, now)
    before = earlier_result(request_id, act=STORE, viewer=viewer, now=now)
    if before is not None:
        return Stored(UUID(before["finding"]), before["verdict"])
    facts = sealing.Opened([row]).json(row, "facts")
    try:
        question = question_from(row.kind, row.topic, facts, as_of or row.as_of, row.region or None)
    except (FactsUnreadable, UnknownTopic) as error:
        raise _refused(
            "facts_unreadable", _("原来的事实已删除，或者规则要求的事实变了，请重新填写。"), row.id
        ) from error
    try:
        with savepoint():
            made = _made(viewer, Owner(row.person_id, row.case_id, row), question, now)
    except IntegrityError as error:
        raise Stale(
            "finding_superseded", _("这个判断已经重新判断过了。"), object_kind="finding", object_id=row.id
        ) from error
    keep_result(request_id, {"finding": str(made.id), "verdict": made.verdict})
    return Stored(made.id, made.verdict)


@action(ACCEPT)
def accept_risk(viewer: Viewer, finding_id: UUID, reason: str, *, request_id: UUID, now: datetime) -> None:
    """A named person lets a finding pass that could not be judged, with a reason, on the ledger.

    Raises ``Refused`` (``final``: PROHIBITED and EXTENDED can never be accepted; ``nothing_to_accept``;
    ``reason_missing``; ``reason_too_long``) or ``Stale`` (``already_accepted``, ``finding_superseded``).
    """
    row = _visible(viewer, ACCEPT, finding_id, now)
    if earlier_result(request_id, act=ACCEPT, viewer=viewer, now=now) is not None:
        return
    if row.verdict in {Verdict.PROHIBITED, Verdict.EXTENDED}:
        raise _refused("final", _("法律禁止或者合同续延的结论不能以承担风险通过。"), row.id)
    if row.verdict != Verdict.INDETERMINATE:
        raise _refused("nothing_to_accept", _("这个结论没有需要承担的风险。"), row.id)
    if not reason.strip():
        raise _refused("reason_missing", _("请写明为什么承担这个风险。"), row.id)
    if len(reason.strip()) > sealing.TEXT_MAX:
        raise _refused("reason_too_long", _("文字太长，最多 5000 字。"), row.id)
    if StoredFinding.objects.filter(supersedes=row).exists():
        raise Stale("finding_superseded", _("这个判断已经重新判断过了。"), object_kind="finding", object_id=row.id)
    assert viewer.user_id is not None
    risk = AcceptedRisk(finding=row, person_id=row.person_id, accepted_by=viewer.user_id, accepted_at=now)
    risk.sealed_reason = sealing.seal(risk, "reason", reason.strip())
    try:
        with savepoint():
            risk.save(force_insert=True)
    except IntegrityError as error:
        raise Stale(
            "already_accepted", _("这个风险已经有人承担了。"), object_kind="finding", object_id=row.id
        ) from error
    record(
        viewer,
        "risk.accepted",
        now=now,
        case=row.case_id,
        public={"finding": str(row.id)},
        committed={"reason": f"理由：{reason.strip()}"},
        subject=row.person_id,
    )
    touch(viewer, row.person_id, ACCEPT, now=now)
    keep_result(request_id, {})


def _visible(viewer: Viewer, act: str, finding_id: UUID, now: datetime) -> StoredFinding:
    """Return a finding about somebody whom ``viewer`` may do ``act`` to; an unknown id is forbidden like another's."""
    row = StoredFinding.objects.filter(pk=finding_id).first()
    person = PersonRef(row.person_id if row else finding_id, legal_day(now))
    require(viewer, act, person, object_kind="finding", object_id=finding_id)
    if row is None:
        raise NotFound(str(finding_id))
    return row


def _made(viewer: Viewer, owner: Owner, question: Question, now: datetime) -> StoredFinding:
    params = parameters_of_tenant()
    result = _asked(question, params)
    facts, answer = sealing.written(plain(question.facts)), sealing.written(document(result))
    row = StoredFinding(
        person_id=owner.person_id,
        case_id=owner.case_id,
        kind=question.kind,
        topic=question.topic,
        verdict=result.verdict.value if isinstance(result, Finding) else "",
        as_of=question.as_of,
        region=question.region or "",
        law_version=law_version(),
        parameters=_figures_used(result, params),
        made_by=viewer.user_id,
        made_at=now,
        supersedes=owner.supersedes,
    )
    row.sealed_facts = sealing.seal(row, "facts", facts)
    row.sealed_result = sealing.seal(row, "result", answer)
    row.save(force_insert=True)
    record(
        viewer,
        "finding.stored",
        now=now,
        case=owner.case_id,
        public={
            "finding": str(row.id),
            "kind": row.kind,
            "law": row.law_version,
            "supersedes": str(owner.supersedes.id) if owner.supersedes else None,
        },
        committed={
            "verdict": f"结论：{row.verdict or '计算'}（{row.topic}）",
            "facts": f"事实摘要：{hashlib.sha256(facts.encode()).hexdigest()}",
            "result": f"结果摘要：{hashlib.sha256(answer.encode()).hexdigest()}",
        },
        subject=owner.person_id,
    )
    touch(viewer, owner.person_id, STORE, now=now)
    return row


def _asked(question: Question, params: Parameters) -> Reasoned:
    if question.region is not None and question.region not in regions():
        raise _refused("region_unknown", _("请选择省或者市。"))
    try:
        return ask(question, params)
    except ParameterMissing as error:
        raise _refused("figure_missing", missing_words(error)) from error
    except RegionMissing as error:
        raise _refused("region_missing", _("需要当地参数，请先选择地区。")) from error
    except UnknownTopic as error:
        raise _refused("topic_unknown", _("没有这个专题。")) from error
    except FactsRejected as error:
        english = (get_language() or "").startswith("en")
        said = " ".join(one.says.en if english else one.says.zh for one in error.problems)
        raise _refused("facts_rejected", said) from error
    except ValueError as error:
        raise _refused("facts_rejected", _("这些事实互相矛盾，或者不可能：%(said)s") % {"said": error}) from error


def missing_words(error: ParameterMissing) -> str:
    """Return which figure is missing, where and for when, in plain words."""
    known = parameter_keys().get(error.key)
    english = (get_language() or "").startswith("en")
    name = error.key if known is None else known.name.en if english else known.name.zh
    told = {"place": error.region or _("全国"), "day": error.as_of.isoformat(), "name": name}
    return _("%(place)s在 %(day)s 没有已复核的“%(name)s”，请先在参数页补充。") % told


def _figures_used(result: Reasoned, params: Parameters) -> list[dict[str, str | None]]:
    return [
        {
            "key": use.key,
            "region": use.region,
            "from": use.effective_from.isoformat(),
            "own": "1" if _is_own(use.key, result, params) else "",
        }
        for use in result.parameters
    ]


def _is_own(key: str, result: Reasoned, params: Parameters) -> bool:
    found = params.find(key, as_of=result.as_of, region=result.region)
    return found is not None and isinstance(found.source, OwnSource)


def _refused(rule: str, text: object, finding_id: UUID | None = None) -> Refused:
    return Refused(rule, text, object_kind="finding", object_id=finding_id or "")  # type: ignore[arg-type]
