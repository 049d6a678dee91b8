"""Read the ledger: the trail of a case, the ledger page, the head of the log. Who reads is always named."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from guiyan.ledger import ports
from guiyan.ledger.entry import Entry as Parsed
from guiyan.ledger.entry import EntryType, Opening, case_tag, is_simulation, parse
from guiyan.ledger.models import CaseHead, Checkpoint, CommittedValue, Entry, Log, Pending, Pseudonym, Seq
from guiyan.ledger.note import VerifierKey
from guiyan.ledger.tree import EMPTY, Head
from guiyan.ledger.verifier import verify
from guiyan.platform import crypto, home, tenancy
from guiyan.platform.acting import Forbidden
from guiyan.platform.permissions import Viewer, allowed

PAGE_MAX = 200
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a page shows it.

    ``index`` is its place in the log of ``epoch`` (None while it waits for its signature), ``actor`` the account or
    person behind the pseudonym ("user" or "person", id; None for the system and once erased).
    """

    id: int
    entry: Parsed
    data: bytes
    leaf: bytes
    stored_at: datetime
    epoch: int | None = None
    index: int | None = None
    actor: tuple[str, UUID] | None = None

    @property
    def label(self) -> tuple[str, str]:
        """What happened, in Chinese and in English."""
        return label(self.entry.type)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the ledger, newest first; ``before`` is where the next one begins (None on the last)."""

    lines: tuple[Line, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What a list of entries is narrowed to; empty means everything.

    ``kind`` is a type or the beginning of one (``notice.``); ``case`` one case; ``subjects`` the people who did it or
    whom it concerns (none: nothing is found), with ``their_cases``; ``since`` and ``until`` bound the time of storing,
    in a simulation the time that the entry states.
    """

    kind: str = ""
    case: UUID | None = None
    subjects: Collection[UUID] | None = None
    their_cases: Collection[UUID] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogHead:
    """The newest signed head of the tenant's log: ``note`` are the checkpoint's bytes ("" when nothing was signed)."""

    origin: str
    head: Head
    note: bytes
    key: VerifierKey
    signed_at: datetime | None
    waiting: int

    @property
    def simulation(self) -> bool:
        """Whether what stands on this log is no evidence."""
        return is_simulation(self.origin)


def label(kind: EntryType) -> tuple[str, str]:
    """Return what a type of entry means, in Chinese and in English."""
    words: tuple[str, str] = verify.TYPES.get(str(kind), (str(kind), str(kind)))
    return words


def tag_of(case: UUID) -> bytes:
    """Return the pseudonym (32 bytes) under which a case of the current tenant stands on its log."""
    key = home.derive(home.MASTER_KEY, f"tenant:{tenancy.required().schema_name}:case-tag")
    return bytes.fromhex(case_tag(key, str(case)))


def trail(viewer: Viewer, case: UUID) -> list[Line]:
    """Return all steps of a case, first to last. Raises ``Forbidden`` for who may see neither it nor the ledger."""
    if not (allowed(viewer, "ledger.view") or ports.may_see(viewer, case)):
        raise _forbidden("ledger.view", "case", case)
    return _lines(Entry.objects.filter(tag=tag_of(case)).order_by("cseq"))


def entries(viewer: Viewer, told: EntryFilter | None = None, *, before: int | None = None, limit: int = 50) -> Page:
    """Return a page of the ledger, newest first. Raises ``Forbidden`` without ``ledger.view``.

    ``before`` is the ``before`` of the page before; ``limit`` is cut to ``PAGE_MAX``.
    """
    rows = _narrowed(viewer, told or EntryFilter())
    if before is not None:
        rows = rows.filter(pk__lt=before)
    size = max(1, min(limit, PAGE_MAX))
    found = _lines(rows[: size + 1])
    more = len(found) > size
    return Page(tuple(found[:size]), found[size - 1].id if more else None)


def all_entries(viewer: Viewer, told: EntryFilter, *, limit: int) -> list[Line]:
    """Return up to ``limit`` entries, newest first, for ``actions.export_entries``. Raises as ``entries`` does."""
    return _lines(_narrowed(viewer, told)[:limit])


def _narrowed(viewer: Viewer, told: EntryFilter) -> QuerySet[Entry]:
    if not allowed(viewer, "ledger.view"):
        raise _forbidden("ledger.view", "ledger", "")
    rows = Entry.objects.order_by("-id")
    if told.kind:
        rows = rows.filter(type__startswith=told.kind) if told.kind.endswith(".") else rows.filter(type=told.kind)
    if told.case is not None:
        rows = rows.filter(tag=tag_of(told.case))
    if told.subjects is not None:
        rows = rows.filter(_concerns(told.subjects, told.their_cases))
    # The rows of a simulation are all stored today; what it plays happens at the times that its entries state.
    simulated = tenancy.required().simulation
    for moment, lookup, mark in ((told.since, "at__gte", ">="), (told.until, "at__lt", "<")):
        if moment is not None and simulated:
            rows = rows.filter(RawSQL(f"{_STATED} {mark} %s", [_stated(moment)], output_field=BooleanField()))  # noqa: S611
        elif moment is not None:
            rows = rows.filter(**{lookup: moment})
    return rows


_STATED = "convert_from(ledger_entry.entry, 'UTF8')::jsonb ->> 't'"


def _stated(moment: datetime) -> str:
    """Return a moment as entries state it; such texts sort as the moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _concerns(subjects: Collection[UUID], their_cases: Collection[UUID]) -> Q:
    """What these people did, what was committed about them, and the steps of their cases.

    Who did it stands only in the entry's bytes, as a pseudonym: those are searched, newest first.
    """
    told = Q(tag__in=[tag_of(case) for case in their_cases])
    told |= Q(pk__in=CommittedValue.objects.filter(subject_id__in=subjects).values("entry_id"))
    for sid in Pseudonym.objects.filter(subject_id__in=subjects).values_list("sid", flat=True):
        mark = f'"sid":"{sid}"'.encode()
        told |= Q(RawSQL("position(%s in ledger_entry.entry) > 0", [mark], output_field=BooleanField()))
    return told


def entry(viewer: Viewer, entry_id: int) -> Line | None:
    """Return one entry by row number, or None. Raises ``Forbidden`` without ``ledger.view``."""
    if not allowed(viewer, "ledger.view"):
        raise _forbidden("ledger.view", "entry", entry_id)
    return next(iter(_lines(Entry.objects.filter(pk=entry_id))), None)


def head(viewer: Viewer) -> LogHead:
    """Return the newest head of the log. Raises ``Forbidden`` without ``ledger.view``."""
    if not allowed(viewer, "ledger.view"):
        raise _forbidden("ledger.view", "ledger", "")
    log = Log.objects.order_by("-epoch")[0]
    row = Checkpoint.objects.filter(epoch=log.epoch).order_by("-size").first()
    return LogHead(
        origin=log.origin,
        head=EMPTY if row is None else Head(row.size, bytes(row.root)),
        note=b"" if row is None else bytes(row.note),
        key=VerifierKey.parse(log.vkey),
        signed_at=None if row is None else row.at,
        waiting=Pending.objects.count(),
    )


def openings(viewer: Viewer, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Opening]:
    """Return what opens these commitments (row number of the entry, field); erased ones are left out.

    Raises ``Forbidden`` without ``ledger.export``: it is personal data in the clear.
    """
    if not allowed(viewer, "ledger.export"):
        raise _forbidden("ledger.export", "entry", "")
    asked = set(wanted)
    rows = [
        row
        for row in CommittedValue.objects.filter(entry_id__in={entry_id for entry_id, _field in asked})
        if (row.entry_id, row.field) in asked and row.sealed is not None
    ]
    keys: dict[tuple[UUID, str], bytes] = {}
    for retention in {row.retention for row in rows}:
        subjects = [row.subject_id for row in rows if row.retention == retention]
        keys |= {
            (subject, retention): key for subject, key in crypto.subject_keys(list(set(subjects)), retention).items()
        }
    found = {}
    for row in rows:
        key = keys.get((row.subject_id, row.retention))
        if key is not None and row.sealed is not None:
            where = f"ledger_committedvalue/{row.entry_id}/{row.field}"
            opened = crypto.unseal(key, bytes(row.sealed), where=where)
            found[row.entry_id, row.field] = Opening(row.field, opened[:SALT_BYTES], opened[SALT_BYTES:].decode())
    return found


def case_head(case: UUID) -> tuple[int, bytes] | None:
    """Return number and leaf of a case's last step, or None for a case without steps. For actions of this context."""
    row = CaseHead.objects.filter(pk=case).first()
    return None if row is None or not row.cseq else (row.cseq, bytes(row.leaf))


def sequenced(entry_id: int) -> tuple[int, int] | None:
    """Return epoch and index of an entry, or None while it waits."""
    row = Seq.objects.filter(entry_id=entry_id).values_list("epoch", "seq").first()
    return None if row is None else (row[0], row[1])


def _lines(rows: Iterable[Entry]) -> list[Line]:
    """Turn rows into lines with three queries more, however many there are."""
    lines = [Line(row.pk, parse(bytes(row.entry)), bytes(row.entry), bytes(row.leaf), row.at) for row in rows]
    places = {
        entry_id: (epoch, seq)
        for entry_id, epoch, seq in Seq.objects.filter(entry_id__in=[line.id for line in lines]).values_list(
            "entry_id", "epoch", "seq"
        )
    }
    actors = _actors({line.entry.actor.sid for line in lines})
    return [
        replace(
            line,
            epoch=places[line.id][0] if line.id in places else None,
            index=places[line.id][1] if line.id in places else None,
            actor=actors.get(line.entry.actor.sid),
        )
        for line in lines
    ]


def _actors(sids: set[str]) -> dict[str, tuple[str, UUID]]:
    rows = [row for row in Pseudonym.objects.filter(sid__in=sids) if row.sealed is not None]
    keys = crypto.subject_keys([row.subject_id for row in rows], "contract") if rows else {}
    found = {}
    for row in rows:
        key = keys.get(row.subject_id)
        if key is not None and row.sealed is not None:
            opened = crypto.unseal(key, bytes(row.sealed), where=f"ledger_pseudonym/{row.sid}").decode()
            kind, _colon, identity = opened.partition(":")
            found[row.sid] = (kind, UUID(identity))
    return found


def _forbidden(act: str, object_kind: str, object_id: object) -> Forbidden:
    refusal = Forbidden("role_table", _("您的角色不能做这件事。"), object_kind=object_kind, object_id=object_id)
    refusal.act = act
    return refusal
