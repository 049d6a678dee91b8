"""Append evidence, inside the transaction of the change that it proves.

``record`` is called by every other context's actions. What it appends names nobody: the actor is a random pseudonym,
personal data are salted commitments whose openings are sealed under their subject's key and die with it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guiyan.ledger import queries
from guiyan.ledger.entry import (
    Actor,
    CaseStep,
    Clock,
    Entry,
    EntryError,
    EntryType,
    ObjectRef,
    Opening,
    encode,
    new_entry_id,
    new_opening,
)
from guiyan.ledger.models import CaseHead, CommittedValue, Log, Pseudonym
from guiyan.ledger.queries import EntryFilter, Line, tag_of
from guiyan.ledger.tree import leaf_hash
from guiyan.platform import acting, crypto, tenancy
from guiyan.platform.permissions import Viewer

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SYSTEM_SID = "system"
RETENTION = "contract"
BATCH_MAX = 1000
EXPORT_ROWS_MAX = 20_000
REASON_MAX = 200

Public = Mapping[str, str | int | bool | None]


class AppendError(RuntimeError):
    """The database did not store what was given to it; nothing may be committed."""


@dataclass(frozen=True, slots=True)
class EntryRef:
    """An appended entry: its row number, its own id (UUID v7, stands in its bytes) and its leaf (32 bytes)."""

    id: int
    entry_id: UUID
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """What ``record_many`` appends: see ``record`` for the fields."""

    type: str
    objects: Sequence[ObjectRef] = ()
    public: Public = field(default_factory=dict)
    committed: Mapping[str, str] = field(default_factory=dict)
    subject: UUID | None = None
    retention: str = RETENTION


def record(
    viewer: Viewer,
    type: str,  # noqa: A002  the field's own name
    *,
    now: datetime,
    case: UUID | None = None,
    objects: Sequence[ObjectRef] = (),
    public: Public | None = None,
    committed: Mapping[str, str] | None = None,
    subject: UUID | None = None,
    retention: str = RETENTION,
) -> EntryRef:
    """Append one entry in the open transaction of an action.

    ``type`` is one of ``entry.EntryType``; ``now`` the tenant's time (aware); ``case`` chains the entry to the steps of
    that case before it (its row stays locked until the commit); ``objects`` are files by digest; ``public`` holds codes
    without personal data (ASCII, no spaces); ``committed`` personal data, of which the entry holds salted commitments
    only, sealed under the key of ``subject`` (default: the viewer) and ``retention``.

    Raises ``EntryError`` for a value that may not stand in an entry, ``AssertionError`` outside an action.
    """
    event = Event(type, tuple(objects), public or {}, committed or {}, subject, retention)
    assert acting.inside_action(), "evidence is appended inside an action"
    with connection.cursor() as cursor:
        step, head = _next_step(cursor, case)
        draft = _draft(event, _actor(viewer), _origin(), now, step)
        tag = bytes.fromhex(step.tag) if step else None
        cursor.execute(
            "SELECT ledger_append(%s, %s, %s, %s, %s)",
            [draft.data, draft.leaf, event.type, tag, step.cseq if step else None],
        )
        ref = _refs(cursor.fetchall(), [draft])[0]
        if head is not None:
            CaseHead.objects.filter(pk=head).update(cseq=step.cseq if step else 0, leaf=ref.leaf)
    _keep_openings(viewer, [(ref, event, draft.openings)])
    return ref


def record_many(viewer: Viewer, events: Iterable[Event], *, now: datetime) -> list[EntryRef]:
    """Append many entries that belong to no case, in order, in the open transaction of an action.

    Made for imports: about 1,000 entries per database round trip. Raises as ``record`` does.
    """
    assert acting.inside_action(), "evidence is appended inside an action"
    listed = list(events)
    actor, origin = _actor(viewer), _origin()
    refs: list[EntryRef] = []
    for start in range(0, len(listed), BATCH_MAX):
        batch = listed[start : start + BATCH_MAX]
        drafts = [_draft(event, actor, origin, now, None) for event in batch]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ledger_append_many(%s::bytea[], %s::bytea[], %s::text[])",
                [[draft.data for draft in drafts], [draft.leaf for draft in drafts], [event.type for event in batch]],
            )
            made = _refs(cursor.fetchall(), drafts)
        _keep_openings(
            viewer,
            [(ref, event, draft.openings) for ref, event, draft in zip(made, batch, drafts, strict=True)],
        )
        refs += made
    return refs


def record_refusal(viewer: Viewer, refusal: acting.Refused, now: datetime) -> None:
    """Append that an act was refused; called by the platform in the transaction that records refusals."""
    with connection.cursor() as cursor:
        event = Event(
            EntryType.ACCESS_REFUSED,
            public={
                "act": _code(refusal.act),
                "rule": _code(refusal.rule),
                "object_kind": _code(refusal.object_kind),
                "object_id": _code(refusal.object_id),
            },
        )
        draft = _draft(event, _actor(viewer), _origin(), now, None)
        cursor.execute("SELECT ledger_append(%s, %s, %s, NULL, NULL)", [draft.data, draft.leaf, event.type])
        refs = _refs(cursor.fetchall(), [draft])
    _keep_openings(viewer, [(refs[0], event, draft.openings)])


@acting.action("ledger.export_entries")
def export_entries(
    viewer: Viewer, told: EntryFilter, *, sought: str = "", reason: str, now: datetime
) -> tuple[Line, ...]:
    """The viewer has taken a list of entries out of the house, and that is on record. Returns them, newest first.

    ``sought`` is what the viewer typed to find somebody; it and the reason are commitments. Raises ``Forbidden``
    without ``ledger.view``, ``Refused`` without a reason and above ``EXPORT_ROWS_MAX`` entries.
    """
    acting.require(viewer, "ledger.view", object_kind="ledger")
    if not reason.strip():
        raise acting.Refused("reason_missing", _("请填写导出的用途。"), object_kind="ledger")
    lines = queries.all_entries(viewer, told, limit=EXPORT_ROWS_MAX + 1)
    if len(lines) > EXPORT_ROWS_MAX:
        text = _("一次最多导出 %(n)d 条，请缩小筛选范围。") % {"n": EXPORT_ROWS_MAX}
        raise acting.Refused("too_many_rows", text, object_kind="ledger")
    public: dict[str, Any] = {"what": "ledger", "rows": len(lines)}
    public |= {"kind": told.kind} if told.kind else {}
    public |= {name: f"{at:%Y-%m-%d}" for name, at in (("since", told.since), ("until", told.until)) if at is not None}
    committed = {"reason": f"事由：{reason.strip()[:REASON_MAX]}"}
    committed |= {"sought": f"查找：{sought.strip()[:REASON_MAX]}"} if sought.strip() else {}
    record(
        viewer,
        EntryType.DATA_EXPORTED,
        now=now,
        public=public,
        committed=committed,
        subject=viewer.person_id or viewer.user_id,
    )
    return tuple(lines)


# --- the entry --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Draft:
    entry_id: UUID
    data: bytes
    leaf: bytes
    openings: tuple[Opening, ...]


def _draft(event: Event, actor: tuple[str, str, str], origin: str, now: datetime, step: CaseStep | None) -> _Draft:
    sid, role, auth = actor
    openings = [new_opening(name, value) for name, value in event.committed.items()]
    signed_in = [new_opening("actor.auth", auth)] if auth else []
    _refuse_open_values(event)
    entry_id = new_entry_id(now)
    entry = Entry(
        log=origin,
        entry_id=entry_id,
        type=_known_type(event.type),
        actor=Actor(sid, role, signed_in[0].commitment if signed_in else None),
        at=now,
        step=step,
        clock=Clock("sim" if tenancy.required().simulation else "system"),
        objects=tuple(event.objects),
        public=dict(event.public),
        commitments={each.name: each.commitment for each in openings},
    )
    data = encode(entry)
    return _Draft(UUID(entry_id), data, leaf_hash(data), (*openings, *signed_in))


def _known_type(name: str) -> EntryType:
    try:
        return EntryType(name)
    except ValueError:
        raise EntryError(f"unknown type: {name!r}; the list is entry.EntryType") from None


def _refuse_open_values(event: Event) -> None:
    """Raise ``EntryError`` when something that is committed to also stands in the open."""
    if "actor.auth" in event.committed:
        raise EntryError("actor.auth is committed to by the ledger itself")
    words = (str(value).casefold() for value in event.public.values() if value is not None)
    shown = [word for word in words if not _UUID.fullmatch(word)]  # random: a number inside one is chance
    for name, value in event.committed.items():
        secret = value.strip().casefold()
        if secret and any(secret == each or (len(secret) >= 4 and secret in each) for each in shown):
            raise EntryError(f"the value of {name} is committed to and also stands in pub")


def _origin() -> str:
    """Return the name of the tenant's newest log."""
    name = Log.objects.order_by("-epoch").values_list("origin", flat=True).first()
    if name is None:
        raise AppendError("the tenant's log was not opened: run the set-up again")
    return name


def _refs(rows: list[Any], drafts: list[_Draft]) -> list[EntryRef]:
    """Pair the numbers of the rows made with their drafts. The database has held our leaves against its own."""
    if len(rows) != len(drafts):
        raise AppendError(f"{len(drafts)} entries were given, {len(rows)} stored as they are")
    return [EntryRef(int(row_id), draft.entry_id, draft.leaf) for (row_id,), draft in zip(rows, drafts, strict=True)]


def _code(text: str) -> str:
    """Return ``text`` fit for an entry: what is not printable ASCII becomes ``_``, the rest is cut."""
    return "".join(each if "!" <= each <= "~" else "_" for each in text)[:120]


# --- cases ------------------------------------------------------------------------------------------------------------


def _next_step(cursor: Any, case: UUID | None) -> tuple[CaseStep | None, UUID | None]:
    """Lock the case's row, making it when there is none, and return its next step."""
    if case is None:
        return None, None
    tag = tag_of(case)
    # Any conflict will do: of two who begin a case at once, the second may meet the tag's index before the id's.
    cursor.execute(
        "INSERT INTO ledger_casehead (case_id, tag, cseq, leaf) VALUES (%s, %s, 0, '') ON CONFLICT DO NOTHING",
        [case, tag],
    )
    cursor.execute("SELECT cseq, leaf FROM ledger_casehead WHERE case_id = %s FOR UPDATE", [case])
    cseq, leaf = cursor.fetchone()
    return CaseStep(tag.hex(), cseq + 1, bytes(leaf).hex()), case


# --- who ------------------------------------------------------------------------------------------------------------


def pseudonym(viewer: Viewer) -> str:
    """Return the random name of the viewer on the log, making it at first; ``system`` for jobs nobody started."""
    subject = viewer.user_id or viewer.person_id
    if subject is None:
        return SYSTEM_SID
    kind = "user" if viewer.user_id else "person"
    lookup = crypto.blind_index("ledger.sid", f"{kind}:{subject}")
    found = Pseudonym.objects.filter(lookup=lookup).values_list("sid", flat=True).first()
    if found is not None:
        return found
    sid = secrets.token_urlsafe(18)
    owner = viewer.person_id or subject
    sealed = crypto.seal(
        crypto.subject_key(owner, RETENTION), f"{kind}:{subject}".encode(), where=f"ledger_pseudonym/{sid}"
    )
    Pseudonym.objects.bulk_create(
        [Pseudonym(sid=sid, lookup=lookup, subject_id=owner, sealed=sealed)], ignore_conflicts=True
    )
    return Pseudonym.objects.values_list("sid", flat=True).get(lookup=lookup)


def _actor(viewer: Viewer) -> tuple[str, str, str]:
    """Return pseudonym, roles held (one word) and how the viewer signed in ("" when nobody did)."""
    roles = ".".join(sorted(viewer.roles))[:64].strip(".") or "none"
    sid = pseudonym(viewer)
    return sid, roles, "" if sid == SYSTEM_SID else viewer.auth


# --- openings ---------------------------------------------------------------------------------------------------------


def _keep_openings(viewer: Viewer, made: list[tuple[EntryRef, Event, tuple[Opening, ...]]]) -> None:
    """Seal salts and values under their subjects' keys."""
    wanted: dict[tuple[UUID, str], list[tuple[int, Opening]]] = {}
    for ref, event, openings in made:
        for opening in openings:
            own = opening.name == "actor.auth"
            subject = None if own else event.subject
            subject = subject or viewer.person_id or viewer.user_id
            if subject is None:
                raise EntryError(f"whose is {opening.name}? A committed value needs a subject")
            wanted.setdefault((subject, RETENTION if own else event.retention), []).append((ref.id, opening))
    by_class: dict[str, list[UUID]] = {}
    for subject, retention in wanted:
        by_class.setdefault(retention, []).append(subject)
    keys = {
        (subject, retention): key
        for retention, subjects in by_class.items()
        for subject, key in crypto.subject_keys(subjects, retention).items()
    }
    rows = []
    for (subject, retention), openings_of in wanted.items():
        key = keys.get((subject, retention))
        if key is None:
            raise crypto.Erased(str(subject))
        for row_id, opening in openings_of:
            sealed = crypto.seal(
                key, opening.salt + opening.value.encode(), where=f"ledger_committedvalue/{row_id}/{opening.name}"
            )
            rows.append(
                CommittedValue(
                    entry_id=row_id, field=opening.name, subject_id=subject, retention=retention, sealed=sealed
                )
            )
    CommittedValue.objects.bulk_create(rows, batch_size=BATCH_MAX)
