"""What the evidence pack of a case holds beside its steps: the papers, and the few spoken words that no paper holds."""

from __future__ import annotations

from collections import Counter
from typing import Final
from uuid import UUID

from guiyan.ledger import queries as ledger
from guiyan.ledger.models import Entry
from guiyan.ledger.ports import CaseFile, Disclosed, Exhibit, Party
from guiyan.people.queries import PersonRef
from guiyan.platform import crypto, tenancy
from guiyan.platform.clock import today
from guiyan.platform.models import StoredFile
from guiyan.platform.permissions import Viewer
from guiyan.separation import sealing, uploads
from guiyan.separation.enums import Channel
from guiyan.separation.models import Case
from guiyan.separation.queries.people import writer_of
from guiyan.separation.queries.rows import Sight, files_of, rows_of, sight_of

_TITLES: Final = {
    "letter": ("辞职文件", "员工提出", "员工提出辞职的内容"),
    "receipt": ("辞职收讫回执", "单位人事系统出具", "辞职到达的时间和编号"),
    "withdrawal": ("撤回通知", "员工提出", "员工撤回辞职的内容"),
    "withdrawal_receipt": ("撤回收讫回执", "单位人事系统出具", "撤回到达的时间"),
    "scan": ("登记时的原件扫描或截图", "人力资源登记", "系统外收到的内容和方式"),
    "agreement": ("提前结束的约定", "双方签署", "双方约定的最后工作日"),
}
_SPOKEN: Final = {
    "resign.recorded": "口头辞职的原话",
    "withdraw.recorded": "口头撤回的原话",
    "withdraw.approved": "口头同意的原话",
}


def case_file(_viewer: Viewer, case_id: UUID) -> CaseFile | None:
    """Return what separation knows of a case for its evidence pack, or None for a case that is not its own.

    The ledger has checked that the viewer may export. Only what was spoken is opened; all else stands in the papers.
    """
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        return None
    writer = writer_of(case.person_id)
    return CaseFile(
        title="辞职案件",
        number=case.number,
        parties=(
            Party("员工", writer.name, f"工号 {writer.number}" if writer.number else ""),
            Party("用人单位", tenancy.required().name),
        ),
        exhibits=tuple(_exhibits(case)),
        disclosed=tuple(_spoken(case)),
    )


def _exhibits(case: Case) -> list[Exhibit]:
    kinds = files_of(rows_of(case))
    seen: Counter[str] = Counter()
    found = []
    for row in StoredFile.objects.filter(pk__in=list(kinds)).order_by("created_at", "id"):
        kind = kinds[row.id]
        seen[kind] += 1
        title, source, proves = _TITLES[kind]
        name = f"{kind.replace('_', '-')}-{seen[kind]}.{uploads.ending(row.media_type)}"
        try:
            data = sealing.file_bytes(row)
        except crypto.Erased:
            continue
        found.append(Exhibit(name, data, title, source, proves))
    return found


def _spoken(case: Case) -> list[Disclosed]:
    oral = case.channel == Channel.ORAL or case.withdrawals.filter(channel=Channel.ORAL).exists()
    oral = oral or case.withdrawals.filter(consent_form="oral").exists()
    if not oral:
        return []
    rows = Entry.objects.filter(tag=ledger.tag_of(case.id), type__in=list(_SPOKEN)).order_by("cseq")
    return [Disclosed(pk, "words", _SPOKEN[kind]) for pk, kind in rows.values_list("pk", "type")]


def may_see_trail(viewer: Viewer, case_id: UUID) -> bool:
    """Return whether ``viewer`` may see the steps of a case of ours."""
    person_id = Case.objects.filter(pk=case_id).values_list("person_id", flat=True).first()
    return person_id is not None and sight_of(viewer, PersonRef(person_id, today())) not in {None, Sight.BRIEF}


def find(number: str) -> UUID | None:
    """Return the case of a number that people use, or None."""
    return Case.objects.filter(number__iexact=number.strip()).values_list("id", flat=True).first()
