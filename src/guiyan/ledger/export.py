"""Export a case as a pack that a stranger can check.

The pack is sealed by an entry of the log itself: lay it out, append ``case.exported`` with its digest, wait until that
entry is signed, add its proof, and check the whole as a stranger would before it is handed out.
"""

from __future__ import annotations

import os
import platform as machine
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from guiyan import __version__
from guiyan.ledger import packfile, ports, queries, receipts, report, sequencer
from guiyan.ledger.actions import EntryRef, record
from guiyan.ledger.entry import EntryType, parse
from guiyan.ledger.enums import PackStage
from guiyan.ledger.models import Entry, Log, Seq
from guiyan.ledger.note import VerifierKey
from guiyan.ledger.packfile import Disclosure, Draft, EarlierLog, LoggedEntry, PackContents, PackError
from guiyan.ledger.queries import Line
from guiyan.ledger.tree import EMPTY, StoredTree
from guiyan.platform import clock, tenancy
from guiyan.platform.acting import Refused, Stale, action, require
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.platform.tenancy import directory

WAIT_SECONDS = 30.0
ATTEMPTS_MAX = 3
Told = Callable[[PackStage], None]


@dataclass(frozen=True, slots=True)
class Pack:
    """A finished pack: its bytes, the file's name, and the number of steps in it (with the export itself)."""

    data: bytes
    filename: str
    steps: int


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the log: its number, key, the case's steps in it, and its entry 0 where another lies before it."""

    epoch: int
    key: VerifierKey
    steps: tuple[LoggedEntry, ...]
    opening: LoggedEntry | None


def export_case(
    viewer: Viewer, case: UUID, *, now: datetime, wait_seconds: float = WAIT_SECONDS, told: Told | None = None
) -> Pack:
    """Return the evidence pack of a case; the export itself becomes its last step. Outside any action.

    ``told`` hears of each stage as it begins.

    Raises ``Refused`` without the right ``ledger.export``, for a case without steps, and when the log is not signed
    within ``wait_seconds``; ``PackError`` when the pack would not be accepted by its own verifier.
    """
    say = told or _nobody
    for _attempt in range(ATTEMPTS_MAX):
        say(PackStage.STEPS)
        lines = _signed_steps(viewer, case, wait_seconds)
        known = ports.case_file(viewer, case) or ports.CaseFile(title=_("案件证据"))
        say(PackStage.REPORT)
        draft = _draft(viewer, case, lines, known, now)
        say(PackStage.SEAL)
        try:
            ref = seal(viewer, case, draft, now=now)
        except Stale:
            continue  # a step was added while the pack was laid out: lay it out again
        if not receipts.wait_until_sequenced(ref.id, wait_seconds):
            raise _not_signed(case)
        say(PackStage.CHECK)
        return _finish(case, draft, ref, now)
    raise Stale("case_moves", _("这个案件正在变化，请稍后再导出。"), object_kind="case", object_id=case)


def _nobody(_stage: PackStage) -> None:
    """Hear of a stage when nobody wants to."""


@action("ledger.export")
def seal(viewer: Viewer, case: UUID, draft: Draft, *, now: datetime) -> EntryRef:
    """The export stands on the log with the digest of the pack. Raises ``Stale`` when the case went on meanwhile."""
    require(viewer, "ledger.export", object_kind="case", object_id=case)
    ref = record(viewer, EntryType.CASE_EXPORTED, now=now, case=case, public=dict(draft.public))
    if queries.case_head(case) != (draft.step.cseq, ref.leaf):
        raise Stale("case_moves", _("这个案件正在变化，请稍后再导出。"), object_kind="case", object_id=case)
    return ref


@action("ledger.export")
def _steps(viewer: Viewer, case: UUID) -> list[Line]:
    """Check the right, as an action so that a refusal is recorded, and read the steps."""
    require(viewer, "ledger.export", object_kind="case", object_id=case)
    lines = queries.trail(viewer, case)
    if not lines:
        raise Refused("no_such_case", _("这个案件没有记录。"), object_kind="case", object_id=case)
    return lines


def _signed_steps(viewer: Viewer, case: UUID, wait_seconds: float) -> list[Line]:
    lines = _steps(viewer, case)
    if lines[-1].index is None:
        if not receipts.wait_until_sequenced(lines[-1].id, wait_seconds):
            raise _not_signed(case)
        lines = _steps(viewer, case)
    return lines


def _parts(case: UUID, lines: list[Line]) -> list[_Part]:
    """Return the parts of the log that the case needs, oldest first, up to the newest, in which the export will lie.

    What waited when a log was continued keeps the old name, so that part is needed, too. Raises ``Refused`` when a
    part does not quote the one before: the one between was lost with the database.
    """
    logs = list(Log.objects.order_by("epoch"))
    named = {row.origin: row.epoch for row in logs}
    first = min(min(line.epoch or 1, named.get(line.entry.log, 1)) for line in lines)
    parts: list[_Part] = []
    for row in (row for row in logs if row.epoch >= first):
        opening = None
        if parts:
            opening = _opening(row.epoch)
            if opening is None or parse(opening.data).public.get("origin") != parts[-1].key.name:
                raise Refused(
                    "several_logs",
                    _("这个案件的记录分在恢复前后的几份日志里，其中一份已经丢失，不能放进一个证据包。"),
                    object_kind="case",
                    object_id=case,
                )
        steps = tuple(LoggedEntry(line.index or 0, line.data) for line in lines if line.epoch == row.epoch)
        parts.append(_Part(row.epoch, VerifierKey.parse(row.vkey), steps, opening))
    return parts


def _opening(epoch: int) -> LoggedEntry | None:
    found = Seq.objects.filter(epoch=epoch, seq=0).values_list("entry_id", flat=True).first()
    return None if found is None else LoggedEntry(0, _bytes_of(found))


def _bytes_of(entry_id: int) -> bytes:
    return bytes(Entry.objects.values_list("entry", flat=True).get(pk=entry_id))


def _earlier(part: _Part) -> EarlierLog:
    log = receipts.store()
    newest = log.newest_checkpoint(part.epoch)
    head, note = newest if newest is not None else (EMPTY, b"")
    return EarlierLog(
        part.epoch, part.key, note, StoredTree(log.tiles(part.epoch), head.size), part.steps, part.opening
    )


def _draft(viewer: Viewer, case: UUID, lines: list[Line], known: ports.CaseFile, now: datetime) -> Draft:
    *before, newest = _parts(case, lines)
    key = newest.key
    keys = {part.epoch: part.key for part in (*before, newest)}
    line_of = {line.id: line for line in lines}
    openings = queries.openings(viewer, [(each.entry_id, each.field) for each in known.disclosed])
    labels = {(each.entry_id, each.field): each.label for each in known.disclosed}
    opened = {where: (labels[where], opening.value) for where, opening in openings.items() if where[0] in line_of}
    facts = report.ReportFacts(
        case=known,
        lines=lines,
        employer=tenancy.required().name,
        key=key,
        case_id=str(case),
        opened=opened,
        now=now,
        earlier=tuple(part.key for part in before),
    )
    return packfile.draft(
        PackContents(
            title=known.title,
            steps=newest.steps,
            report=report.render(facts),
            log_key=key,
            documents={each.file: each.data for each in known.exhibits},
            disclosures=tuple(
                Disclosure(
                    line_of[entry_id].index or 0,
                    openings[entry_id, name],
                    keys[line_of[entry_id].epoch or newest.epoch].name,
                )
                for entry_id, name in opened
            ),
            system=_system(),
            published=_published(),
            earlier=tuple(_earlier(part) for part in before),
            opening=newest.opening,
        )
    )


def _finish(case: UUID, draft: Draft, ref: EntryRef, now: datetime) -> Pack:
    place = queries.sequenced(ref.id)
    assert place is not None
    epoch, index = place
    if draft.log_keys[-1].name != Log.objects.get(epoch=epoch).origin:
        raise PackError("a new log began while the pack was made: export the case again")
    log = receipts.store()
    newest = log.newest_checkpoint(epoch)
    assert newest is not None
    head, note = newest
    data = packfile.finish(
        draft,
        export=LoggedEntry(index, _bytes_of(ref.id)),
        tree=StoredTree(log.tiles(epoch), head.size),
        checkpoint=note,
    )
    return Pack(data, f"{str(case)[:8]}-{clock.legal_day(now):%Y%m%d}.zip", draft.step.cseq)


def _system() -> dict[str, str]:
    """What runs here, as 证据规定 93 asks: software, its version, clock and custody."""
    return {
        "software": f"Guiyan {__version__}",
        "platform": f"{machine.system()} {machine.machine()}, Python {machine.python_version()}",
        "database": "PostgreSQL, append-only tables owned by a role that cannot log in",
        "clock": "simulated" if tenancy.required().simulation else "system clock of the server",
        "custody": "signing key in a file outside the database, used by one sequencer",
    }


def _published() -> tuple[str, ...]:
    """Where this installation publishes its log keys outside its packs."""
    return tuple(each.strip() for each in os.environ.get("GUIYAN_LOG_KEY_PUBLISHED", "").split(";") if each.strip())


def _not_signed(case: UUID) -> Refused:
    return Refused(
        "not_signed_yet",
        _("记录还没有签名：请确认签名程序（guiyan worker）正在运行。"),
        object_kind="case",
        object_id=case,
    )


# --- the command ------------------------------------------------------------------------------------------------------


def export_command(tenant: str, case: str, out: Path, *, now: datetime) -> int:
    """Write the pack of a case to ``out``. Returns 0, or 1 with a sentence when it cannot be made.

    Signs what waits itself when no worker runs. ``case`` is a case's id or the number that people use; ``now`` counts
    for a real tenant, a simulation has its own clock.
    """
    found = directory.by_code(tenant)
    if found is None:
        print(_("没有这个租户：{tenant}").format(tenant=tenant))  # noqa: T201  a command speaks
        return 1
    with tenancy.session(found):
        wanted = ports.find_case(case)
        if wanted is None:
            print(_("没有这个案件：{case}").format(case=case))  # noqa: T201  a command speaks
            return 1
        moment = clock.now() if found.simulation else now
        stop = sequencer.in_background()
        try:
            pack = export_case(SYSTEM, wanted, now=moment)
        except (Refused, PackError, report.ReportError) as error:
            print(str(error.text) if isinstance(error, Refused) else str(error))  # noqa: T201  a command speaks
            return 1
        finally:
            stop()
    out.write_bytes(pack.data)
    print(_("已导出 {steps} 步到 {out}").format(steps=pack.steps, out=out))  # noqa: T201  a command speaks
    return 0
