"""Rosters on their way in: handed in, read, answered, loaded in the background, or discarded.

Reading and loading take long and run outside or around the actions here: ``read_draft`` plans and then keeps the plan;
``load_draft`` plans anew, because people may have changed since, and loads only when nothing new is in question.
"""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID, uuid5

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guiyan.kernel.results import Computed
from guiyan.law.parameters import ParameterMissing, statutory_parameters
from guiyan.law.probation import ContractKind as LawKind
from guiyan.law.probation import ContractTerm, probation_max
from guiyan.people.actions.loading import load_import
from guiyan.people.enums import DraftState
from guiyan.people.importing import FileUnusable, Plan, build_plan, codec
from guiyan.people.models import ImportDraft, ImportDraftPart
from guiyan.people.queries.drafts import PARTS, RETENTION, Inputs, draft_file, own_draft, read_inputs
from guiyan.people.queries.imports import known_people
from guiyan.people.queries.standing import NotFound
from guiyan.platform import clock, crypto, queue, tenancy
from guiyan.platform.acting import Refused, Stale, action, earlier_result, keep_result, require
from guiyan.platform.ids import new_id
from guiyan.platform.models import StoredFile, SubjectKey
from guiyan.platform.permissions import Viewer

FILENAME_MAX = 200
ANSWERS_MAX = 20_000
PROGRESS_SECONDS = 0.5
MEDIA_TYPE = "application/octet-stream"
READ_JOB, LOAD_JOB = "people.read_draft", "people.load_draft"
_LAW_KINDS = {
    "fixed_term": LawKind.FIXED,
    "open_ended": LawKind.OPEN_ENDED,
    "task": LawKind.TASK,
    "part_time": LawKind.PART_TIME,
}


class Progress:
    """Writes how far a job is beside the job's own transaction, on a connection of its own, twice a second.

    Use as a context around the work; call it with rows done and rows in all.
    """

    def __init__(self, draft_id: UUID) -> None:
        self._draft_id = draft_id
        self._tenant = tenancy.required()
        self._now = (0, 0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write, name="import-progress", daemon=True)

    def __call__(self, done: int, total: int) -> None:
        self._now = (done, total)

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        written = (0, 0)
        try:
            with tenancy.session(self._tenant):
                while not self._stop.wait(PROGRESS_SECONDS):
                    if self._now != written:
                        written = self._now
                        ImportDraft.objects.filter(pk=self._draft_id).update(
                            rows_done=written[0], rows_total=written[1]
                        )
        finally:
            connection.close()


@action("people.open_draft")
def open_draft(viewer: Viewer, filename: str, data: bytes, *, request_id: UUID, now: datetime) -> UUID:
    """A roster is handed in: its bytes are kept as they came, sealed, for its owner alone. Returns the draft."""
    require(viewer, "people.load_import", object_kind="import")
    if viewer.user_id is None:
        raise Refused("no_owner", _("花名册要由一个账号导入。"), object_kind="import")
    before = earlier_result(request_id, act="people.open_draft", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["draft"])
    digest = hashlib.sha256(data)
    row = ImportDraft(
        id=new_id(),
        file_id=new_id(),
        filename=filename[-FILENAME_MAX:],
        file_sha256=digest.hexdigest(),
        file_bytes=len(data),
        created_by=viewer.user_id,
        created_at=now,
    )
    key = crypto.subject_key(row.id, RETENTION)
    place = f"platform_storedfile/{row.file_id}"
    StoredFile.objects.create(
        id=row.file_id,
        sha256=digest.digest(),
        size=len(data),
        media_type=MEDIA_TYPE,
        subject_id=row.id,
        sealed=crypto.seal(key, data, where=f"{place}/content"),
        sealed_name=crypto.seal(key, filename.encode(), where=f"{place}/name"),
        created_at=now,
    )
    row.save(force_insert=True)
    keep_result(request_id, {"draft": str(row.id)})
    return row.id


@action("people.change_draft")
def change_draft(
    viewer: Viewer,
    draft_id: UUID,
    *,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
    answers: Mapping[str, str] | None = None,
    hidden: tuple[str, ...] | None = None,
) -> int:
    """The owner said more about the file: columns, answers (an empty one is taken back), hidden sheets.

    It waits to be read anew. Returns the new revision. Raises ``Stale`` while it loads or when it is loaded.
    """
    row = _locked(viewer, draft_id)
    if row.state in {DraftState.LOADING, DraftState.LOADED}:
        raise Stale("draft_not_open", _("这份花名册正在导入或已经导入。"), object_kind="import", object_id=draft_id)
    told = read_inputs(row)
    if mapping is not None:
        told = replace(told, mapping={sheet: dict(columns) for sheet, columns in mapping.items()})
    if answers is not None:
        merged = {**told.answers, **answers}
        told = replace(told, answers={key: text for key, text in merged.items() if text})
    if hidden is not None:
        told = replace(told, hidden=hidden)
    if len(told.answers) > ANSWERS_MAX:
        raise Refused("too_many_answers", _("回答太多了。"), object_kind="import", object_id=draft_id)
    _seal_inputs(row, told)
    row.revision += 1
    row.state, row.problem, row.problem_detail = DraftState.READING, "", ""
    row.rows_done = row.rows_total = 0
    row.save()
    return row.revision


@action("people.keep_plan")
def keep_plan(viewer: Viewer, draft_id: UUID, plan: Plan, *, revision: int) -> bool:
    """The draft shows this plan; one that was made from older answers is dropped. Returns whether it was kept."""
    row = _locked(viewer, draft_id)
    if row.revision != revision or row.state not in {DraftState.READING, DraftState.LOADING}:
        return False
    key = crypto.subject_key(row.id, RETENTION)
    ImportDraftPart.objects.filter(draft=row).delete()
    ImportDraftPart.objects.bulk_create(
        ImportDraftPart(draft=row, kind=kind, sealed=crypto.seal(key, _packed(plan, kind), where=row.where(kind)))
        for kind in PARTS
    )
    figures = plan.reconciliation
    row.counts = {
        "rows": figures.rows_in,
        "accepted": figures.accepted,
        "refused": figures.refused,
        "skipped": sum(count for _kind, count in figures.skipped),
        "people": figures.people,
        "new": figures.people_new,
        "same": figures.people_same,
        "update": figures.people_update,
        "repairs": len(plan.repairs),
        "questions": len(plan.questions),
        "refusals": len(plan.refusals),
        "findings": len(plan.findings),
        "changes_nothing": int(plan.changes_nothing),
    }
    row.state = DraftState.READY
    row.save()
    return True


@action("people.fail_draft")
def fail_draft(viewer: Viewer, draft_id: UUID, problem: str, detail: str = "", *, unusable: bool = False) -> None:
    """Reading or loading stopped, and the draft says why; nothing of it was loaded."""
    row = _locked(viewer, draft_id)
    row.state = DraftState.UNUSABLE if unusable else DraftState.READY
    row.problem, row.problem_detail = problem[:60], detail[:300]
    row.save()


@action("people.start_reading")
def start_reading(viewer: Viewer, draft_id: UUID) -> None:
    """A worker will read the draft."""
    row = _locked(viewer, draft_id)
    queue.defer(READ_JOB, lock=f"draft:{row.id}", draft_id=str(row.id), user_id=str(viewer.user_id))


@action("people.start_load")
def start_load(viewer: Viewer, draft_id: UUID, *, revision: int, request_id: UUID, now: datetime) -> None:
    """A worker will load what the owner saw. Raises ``Stale`` when the draft is not as it was seen."""
    row = _locked(viewer, draft_id)
    require(viewer, "people.load_import", object_kind="import", object_id=draft_id)
    if earlier_result(request_id, act="people.start_load", viewer=viewer, now=now) is not None:
        return
    if row.state != DraftState.READY or row.revision != revision:
        raise Stale(
            "draft_not_ready", _("这份花名册刚刚有变化，请重新核对。"), object_kind="import", object_id=draft_id
        )
    if not row.counts.get("accepted"):
        raise Refused("nothing_to_load", _("没有可以导入的行。"), object_kind="import", object_id=draft_id)
    row.state, row.problem, row.problem_detail = DraftState.LOADING, "", ""
    row.rows_done, row.rows_total = 0, row.counts["rows"]
    row.save()
    queue.defer(
        LOAD_JOB,
        lock=f"draft:{row.id}",
        draft_id=str(row.id),
        user_id=str(viewer.user_id),
        request_id=str(request_id),
    )
    keep_result(request_id, {})


@action("people.discard_draft")
def discard_draft(viewer: Viewer, draft_id: UUID, *, now: datetime) -> None:
    """The draft is gone: its key is destroyed, so that file, answers and plan can be read by nobody."""
    row = _locked(viewer, draft_id)
    if row.state in {DraftState.LOADING, DraftState.LOADED}:
        raise Stale("draft_not_open", _("这份花名册正在导入或已经导入。"), object_kind="import", object_id=draft_id)
    ImportDraftPart.objects.filter(draft=row).delete()
    row.state, row.sealed_inputs = DraftState.DISCARDED, None
    row.save()
    SubjectKey.objects.filter(subject_id=row.id).update(wrapped=None, destroyed_at=now)


@action("people.finish_draft")
def _load_plan(
    viewer: Viewer, draft_id: UUID, plan: Plan, progress: Progress, *, request_id: UUID, now: datetime
) -> None:
    """Load the plan and mark the draft loaded, in one transaction."""
    inner = uuid5(request_id, "people.load_import")
    batch_id = load_import(viewer, plan, request_id=inner, now=now, progress=progress)
    row = _locked(viewer, draft_id)
    row.state, row.batch_id = DraftState.LOADED, batch_id
    row.save()


def read_draft(viewer: Viewer, draft_id: UUID, *, as_of: date, progress: Progress | None = None) -> None:
    """Plan a draft and keep the plan, or say on the draft why the file cannot be used."""
    row = own_draft(viewer, draft_id)
    if row.state != DraftState.READING:
        return
    plan = _plan(viewer, row, as_of, progress)
    if plan is not None:
        keep_plan(viewer, draft_id, plan, revision=row.revision)


def load_draft(viewer: Viewer, draft_id: UUID, *, request_id: UUID, now: datetime, progress: Progress) -> None:
    """Plan anew and load. When people changed so that more is in question than the owner saw, nothing is loaded."""
    row = own_draft(viewer, draft_id)
    if row.state != DraftState.LOADING:
        return
    plan = _plan(viewer, row, clock.legal_day(now), None)
    if plan is None:
        return
    seen = row.counts
    if len(plan.questions) > seen["questions"] or len(plan.refusals) > seen["refusals"]:
        keep_plan(viewer, draft_id, plan, revision=row.revision)
        fail_draft(viewer, draft_id, "changed_since")
        return
    try:
        _load_plan(viewer, draft_id, plan, progress, request_id=request_id, now=now)
    except Refused as refused:
        fail_draft(viewer, draft_id, refused.rule, str(refused.text))


def plan_file(
    viewer: Viewer, data: bytes, filename: str, inputs: Inputs, *, as_of: date, progress: Progress | None = None
) -> Plan:
    """Plan the load of a file over what is stored. Raises ``FileUnusable`` and ``AnswersUnusable``."""
    return build_plan(
        data,
        filename,
        as_of=as_of,
        mapping=inputs.mapping,
        answers=inputs.answers,
        known=known_people(viewer),
        probation_max=lawful_probation_months,
        include_hidden=frozenset(inputs.hidden),
        progress=progress,
    )


@lru_cache(maxsize=4096)
def lawful_probation_months(kind: str, start: date, end: date | None) -> int | None:
    """Return the longest lawful probation of a contract in months; None where the law does not say (Art. 19 LCL)."""
    law_kind = _LAW_KINDS.get(kind)
    if law_kind is None or (end is not None and end < start):
        return None
    try:
        found = probation_max(
            ContractTerm(law_kind, start, end), as_of=start, region=None, params=statutory_parameters()
        )
    except ParameterMissing:  # the contract is older than the law in force
        return None
    return found.value if isinstance(found, Computed) else None


def _plan(viewer: Viewer, row: ImportDraft, as_of: date, progress: Progress | None) -> Plan | None:
    try:
        return plan_file(
            viewer, draft_file(viewer, row.id), row.filename, read_inputs(row), as_of=as_of, progress=progress
        )
    except FileUnusable as problem:
        # A file that cannot be read stays so; a column or sheet named by hand can be named otherwise.
        told_wrong = problem.reason in {"unknown_sheet", "unknown_column"}
        fail_draft(viewer, row.id, problem.reason, problem.detail, unusable=not told_wrong)
        return None


def _locked(viewer: Viewer, draft_id: UUID) -> ImportDraft:
    row = ImportDraft.objects.select_for_update().filter(pk=draft_id, created_by=viewer.user_id or UUID(int=0)).first()
    if row is None or row.state == DraftState.DISCARDED:
        raise NotFound(str(draft_id))
    return row


def _seal_inputs(row: ImportDraft, told: Inputs) -> None:
    text = json.dumps(asdict(told), ensure_ascii=False).encode()
    row.sealed_inputs = crypto.seal(crypto.subject_key(row.id, RETENTION), text, where=row.where("inputs"))


def _packed(plan: Plan, kind: str) -> bytes:
    value = plan if kind == "plan" else getattr(plan, kind)
    return zlib.compress(codec.dump(value).encode(), 6)
