"""Export a case as a pack that a stranger can check.

The pack is sealed by an entry of the log itself: lay it out, append ``case.exported`` with its digest, wait until that
entry is signed, add its proof, and check the whole as a stranger would before it is handed out.
"""

from __future__ import annotations

import os
import platform as machine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from guiyan import __version__
from guiyan.ledger import packfile, ports, queries, receipts, report, sequencer
from guiyan.ledger.actions import EntryRef, record
from guiyan.ledger.entry import EntryType
from guiyan.ledger.models import Entry, Log
from guiyan.ledger.note import VerifierKey
from guiyan.ledger.packfile import Disclosure, Draft, LoggedEntry, PackContents, PackError
from guiyan.ledger.queries import Line
from guiyan.ledger.tree import StoredTree
from guiyan.platform import clock, tenancy
from guiyan.platform.acting import Refused, Stale, action, require
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.platform.tenancy import directory

WAIT_SECONDS = 30.0
ATTEMPTS_MAX = 3


@dataclass(frozen=True, slots=True)
class Pack:
    """A finished pack: its bytes, the file's name, and the number of steps in it (with the export itself)."""

    data: bytes
    filename: str
    steps: int


def export_case(viewer: Viewer, case: UUID, *, now: datetime, wait_seconds: float = WAIT_SECONDS) -> Pack:
    """Return the evidence pack of a case; the export itself becomes its last step. Outside any action.

    Raises ``Refused`` without the right ``ledger.export``, for a case without steps, and when the log is not signed
    within ``wait_seconds``; ``PackError`` when the pack would not be accepted by its own verifier.
    """
    for _attempt in range(ATTEMPTS_MAX):
        lines = _signed_steps(viewer, case, wait_seconds)
        known = ports.case_file(viewer, case) or ports.CaseFile(title=_("案件证据"))
        draft = _draft(viewer, case, lines, known, now)
        try:
            ref = seal(viewer, case, draft, now=now)
        except Stale:
            continue  # a step was added while the pack was laid out: lay it out again
        if not receipts.wait_until_sequenced(ref.id, wait_seconds):
            raise _not_signed(case)
        return _finish(case, draft, ref, now)
    raise Stale("case_moves", _("这个案件正在变化，请稍后再导出。"), object_kind="case", object_id=case)


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
    if len({line.epoch for line in lines}) != 1 or any(line.index is None for line in lines):
        raise Refused(
            "several_logs",
            _("这个案件的记录分在恢复前后的两份日志里，不能放进一个证据包。"),
            object_kind="case",
            object_id=case,
        )
    return lines


def _draft(viewer: Viewer, case: UUID, lines: list[Line], known: ports.CaseFile, now: datetime) -> Draft:
    key = VerifierKey.parse(Log.objects.get(epoch=lines[0].epoch or 0).vkey)
    index_of = {line.id: line.index for line in lines}
    openings = queries.openings(viewer, [(each.entry_id, each.field) for each in known.disclosed])
    labels = {(each.entry_id, each.field): each.label for each in known.disclosed}
    opened = {where: (labels[where], opening.value) for where, opening in openings.items() if where[0] in index_of}
    facts = report.ReportFacts(
        case=known,
        lines=lines,
        employer=tenancy.required().name,
        key=key,
        case_id=str(case),
        opened=opened,
        now=now,
    )
    return packfile.draft(
        PackContents(
            title=known.title,
            steps=tuple(LoggedEntry(line.index or 0, line.data) for line in lines),
            report=report.render(facts),
            log_key=key,
            documents={each.file: each.data for each in known.exhibits},
            disclosures=tuple(
                Disclosure(index_of[entry_id] or 0, openings[entry_id, name]) for entry_id, name in opened
            ),
            system=_system(),
            published=_published(),
        )
    )


def _finish(case: UUID, draft: Draft, ref: EntryRef, now: datetime) -> Pack:
    place = queries.sequenced(ref.id)
    assert place is not None
    epoch, index = place
    if draft.log_key.name != Log.objects.get(epoch=epoch).origin:
        raise PackError("a new log began while the pack was made: export the case again")
    log = receipts.store()
    newest = log.newest_checkpoint(epoch)
    assert newest is not None
    head, note = newest
    data = packfile.finish(
        draft,
        export=LoggedEntry(index, bytes(Entry.objects.values_list("entry", flat=True).get(pk=ref.id))),
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
