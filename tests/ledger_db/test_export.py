"""Trails, receipts and packs: what leaves the house verifies without it, and only who may gets it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test.utils import CaptureQueriesContext

from guiyan.ledger import actions, export, keys, ports, queries, receipts, sequencer
from guiyan.ledger.entry import ObjectRef, parse
from guiyan.ledger.models import Entry, Log, Receipt
from guiyan.ledger.packfile import PackError
from guiyan.ledger.proof import ProofError, open_receipt
from guiyan.ledger.queries import EntryFilter
from guiyan.ledger.verifier import verify
from guiyan.platform import clock, permissions
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import SYSTEM, Viewer

from .conftest import record, record_many, viewer_of

LETTER = b"%PDF-1.7 the letter"
REASON = "回老家照顾父母"
HR, AUDITOR, MANAGER = "hr_lead", "auditor", "manager"


@pytest.fixture(autouse=True)
def rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two rights of this context, as the role table has them."""
    table = permissions.table()
    both = {HR: ("any",), "legal": ("any",), "system": ("any",)}
    acts = {
        "ledger.view": permissions.Act("ledger.view", "查看证据日志", "See the ledger", both | {AUDITOR: ("any",)}),
        "ledger.export": permissions.Act("ledger.export", "导出证据包", "Export packs", both),
    }
    changed = permissions.Table(table.roles, table.relations, {**table.acts, **acts})
    monkeypatch.setattr(permissions, "table", lambda: changed)


@pytest.fixture
def signing() -> Iterator[None]:
    """A sequencer at work beside the test."""
    stop = sequencer.in_background(tick=0.02)
    yield
    stop()


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A case of a context that knows its parties, one exhibit and one value to open."""
    found = uuid4()
    monkeypatch.setattr(ports, "_sources", [])
    monkeypatch.setattr(ports, "_accesses", [])
    monkeypatch.setattr(ports, "_finders", [])

    def source(_viewer: Viewer, asked: UUID) -> ports.CaseFile | None:
        if asked != found:
            return None
        first = Entry.objects.filter(type="resign.submitted").latest("id")
        return ports.CaseFile(
            title="辞职与撤回",
            number="LZ-2026-001",
            parties=(ports.Party("员工", "欧阳雪", "工号 1042"), ports.Party("用人单位", "新公司")),
            exhibits=(ports.Exhibit("letter.pdf", LETTER, "辞职信", "员工本人提交", "本人提出辞职", pages=1),),
            disclosed=(ports.Disclosed(first.pk, "reason", "辞职原因"),),
        )

    ports.register_cases(source=source, access=lambda viewer, asked: asked == found and MANAGER in viewer.roles)
    return found


def exported_by_hand(case: UUID) -> export.Pack:
    """A pack, with a sequencer that runs only while it is made: none may run while an epoch begins."""
    stop = sequencer.in_background(tick=0.02)
    try:
        return export.export_case(viewer_of(HR), case, now=clock.now(), wait_seconds=20)
    finally:
        stop()


def steps_of(case: UUID) -> list[actions.EntryRef]:
    employee, subject = viewer_of("employee"), uuid4()
    letter = (ObjectRef.of("letter", LETTER),)
    return [
        record(
            employee,
            "resign.submitted",
            now=clock.now(),
            case=case,
            objects=letter,
            committed={"reason": REASON, "mobile": "13812345678"},
            subject=subject,
        ),
        record(SYSTEM, "resign.arrived", now=clock.now(), case=case, public={"channel": "wecom"}),
        record(viewer_of(MANAGER), "approve.acknowledged", now=clock.now(), case=case),
    ]


def test_a_pack_verifies_where_this_system_is_not(fresh: Any, signing: None, case: UUID, tmp_path: Path) -> None:
    steps_of(case)
    pack = export.export_case(viewer_of(HR), case, now=clock.now(), wait_seconds=20)
    file = tmp_path / pack.filename
    file.write_bytes(pack.data)
    with zipfile.ZipFile(io.BytesIO(pack.data)) as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
        disclosed = json.loads(archive.read("disclosed.json"))["items"]
        told = archive.read("case.json").decode()
        report = archive.read("00-报告.pdf")
        entries = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("entries/"))
    assert pack.steps == 4
    command = [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), str(file)]
    key = Log.objects.get(epoch=1).vkey
    given = subprocess.run([*command, "--log-key", key], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert given.returncode == 0, given.stdout + given.stderr
    (tmp_path / "pins").touch()
    alone = subprocess.run([*command, "--pins", "pins"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert alone.returncode == 2, alone.stdout + alone.stderr
    assert [(item["field"], item["value"]) for item in disclosed] == [("reason", REASON)]
    assert "13812345678" not in told and REASON.encode() not in entries
    assert report.startswith(b"%PDF-") and b"pdfaid" in report


def test_two_packs_of_one_case_carry_reports_that_cannot_be_guessed(fresh: Any, signing: None, case: UUID) -> None:
    steps_of(case)
    moment = clock.now()
    packs = [export.export_case(viewer_of(HR), case, now=moment, wait_seconds=20) for _ in range(2)]
    assert [pack.steps for pack in packs] == [4, 5], "the first export is a step of the second"
    reports = []
    for pack in packs:
        with zipfile.ZipFile(io.BytesIO(pack.data)) as archive:
            reports.append(archive.read("00-报告.pdf"))
    assert reports[0] != reports[1]


def test_a_document_that_no_step_recorded_stops_the_export_before_anything_is_logged(
    fresh: Any, signing: None, case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps_of(case)
    monkeypatch.setattr("tests.ledger_db.test_export.LETTER", b"%PDF-1.7 another letter")
    before = Entry.objects.count()
    with pytest.raises(PackError, match=r"letter\.pdf"):
        export.export_case(viewer_of(HR), case, now=clock.now(), wait_seconds=20)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("role", ["employee", MANAGER, AUDITOR, "it"])
def test_who_may_not_export_gets_nothing_and_the_attempt_is_recorded(fresh: Any, case: UUID, role: str) -> None:
    steps_of(case)
    before = Entry.objects.count()
    with pytest.raises(Refused):
        export.export_case(viewer_of(role), case, now=clock.now())
    (made,) = (parse(bytes(row.entry)) for row in Entry.objects.order_by("id")[before:])
    assert (str(made.type), made.public["act"], made.public["object_id"]) == (
        "access.refused",
        "ledger.export",
        str(case),
    )


def test_a_case_nobody_opened_and_a_log_nobody_signs_are_refused(fresh: Any, case: UUID) -> None:
    with pytest.raises(Refused) as empty:
        export.export_case(viewer_of(HR), uuid4(), now=clock.now())
    assert empty.value.rule == "no_such_case"
    steps_of(case)
    with pytest.raises(Refused) as unsigned:
        export.export_case(viewer_of(HR), case, now=clock.now(), wait_seconds=0.1)
    assert unsigned.value.rule == "not_signed_yet"


def test_a_case_that_spans_a_restore_goes_into_one_pack(fresh: Any, case: UUID) -> None:
    steps_of(case)
    sequencer.run_once()
    sequencer.begin_epoch(fresh.schema_name, "restored")
    wholly_before = exported_by_hand(case)
    assert wholly_before.steps == 4, "the export lies in the new log"
    record(viewer_of(), "case.closed", now=clock.now(), case=case)
    pack = exported_by_hand(case)
    known = list(Log.objects.order_by("epoch").values_list("vkey", flat=True))
    checked = verify.check(pack.data, known)
    assert checked.key_confirmed and len(checked.logs) == 2
    assert [step.log for step in checked.steps] == [checked.logs[0].origin] * 3 + [checked.logs[1].origin] * 3
    assert [item["value"] for item in checked.disclosed] == [REASON] and checked.remarks == []
    assert not verify.check(pack.data, known[1:]).key_confirmed


def test_what_waited_when_the_new_log_began_keeps_its_old_name_in_the_pack(fresh: Any, case: UUID) -> None:
    record(viewer_of(), now=clock.now())
    sequencer.run_once()
    steps_of(case)
    sequencer.begin_epoch(fresh.schema_name, "restored")
    pack = exported_by_hand(case)
    checked = verify.check(pack.data, list(Log.objects.values_list("vkey", flat=True)))
    old, new = checked.logs
    assert {step.log for step in checked.steps} == {new.origin}
    assert [step.fields["log"] for step in checked.steps] == [old.origin] * 3 + [new.origin]


def test_a_log_whose_part_between_was_lost_is_refused_by_name(
    fresh: Any, case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps_of(case)
    sequencer.run_once()
    sequencer.begin_epoch(fresh.schema_name, "restored")
    monkeypatch.setattr(export, "_opening", lambda _epoch: None)
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        exported_by_hand(case)
    assert refused.value.rule == "several_logs"
    assert [row.type for row in Entry.objects.order_by("id")[before:]] == [], "nothing was sealed"


def test_the_command_writes_a_pack_and_signs_by_itself(
    fresh: Any, case: UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps_of(case)
    out = tmp_path / "case.zip"
    assert export.export_command(fresh.schema_name, str(case), out, now=clock.now()) == 0
    assert zipfile.is_zipfile(out) and str(out) in capsys.readouterr().out
    assert export.export_command("nobody", str(case), out, now=clock.now()) == 1
    assert export.export_command(fresh.schema_name, "LZ-404", out, now=clock.now()) == 1


# --- receipts ---------------------------------------------------------------------------------------------------------


def test_the_one_who_acted_holds_a_receipt_that_proves_it(fresh: Any) -> None:
    employee = viewer_of("employee")
    record_many(viewer_of(), [actions.Event("fact.recorded")] * 300, clock.now())
    ref = record(employee, "resign.submitted", now=clock.now())
    with pytest.raises(receipts.NotSignedYetError):
        receipts.hand_out(employee, ref.id, now=clock.now())
    assert not receipts.wait_until_sequenced(ref.id, 0)
    sequencer.run_once()
    assert receipts.wait_until_sequenced(ref.id, 0)
    held = receipts.hand_out(employee, ref.id, now=clock.now())
    key = keys.signing_key(fresh.schema_name, Log.objects.get(epoch=1).origin).verifier
    data, checkpoint = open_receipt(held.data, key)
    assert parse(data).entry_id == str(ref.entry_id) and checkpoint.head.size == 301
    assert Receipt.objects.get().entry_id == ref.id
    spoiled = held.data.replace(b"index 300", b"index 299")
    with pytest.raises(ProofError):
        open_receipt(spoiled, key)


def test_nobody_gets_the_receipt_of_somebody_elses_act(fresh: Any) -> None:
    ref = record(viewer_of("employee"), "resign.submitted", now=clock.now())
    sequencer.run_once()
    with pytest.raises(Refused) as refused:
        receipts.hand_out(viewer_of("employee"), ref.id, now=clock.now())
    assert refused.value.rule == "not_your_act" and not Receipt.objects.exists()
    assert receipts.hand_out(viewer_of(AUDITOR), ref.id, now=clock.now()).index == 0


# --- reading ----------------------------------------------------------------------------------------------------------


def test_the_trail_of_a_case_is_for_who_may_see_it(fresh: Any, case: UUID) -> None:
    refs = steps_of(case)
    record(viewer_of(), now=clock.now(), case=uuid4())
    for role in (AUDITOR, MANAGER):
        assert [line.id for line in queries.trail(viewer_of(role), case)] == [ref.id for ref in refs]
    for role in ("employee", "it"):
        with pytest.raises(Forbidden):
            queries.trail(viewer_of(role), case)
    with pytest.raises(Forbidden):
        queries.trail(viewer_of(MANAGER), uuid4())


def test_a_line_says_who_acted_until_that_is_erased(fresh: Any) -> None:
    viewer = viewer_of()
    ref = record(viewer, now=clock.now())
    line = queries.entry(viewer_of(AUDITOR), ref.id)
    assert line is not None and line.actor == ("user", viewer.user_id) and line.label == ("留言", "comment made")
    from guiyan.ledger.models import Pseudonym

    Pseudonym.objects.update(lookup=None, sealed=None)
    line = queries.entry(viewer_of(AUDITOR), ref.id)
    assert line is not None and line.actor is None


def test_the_ledger_page_filters_and_turns_pages(fresh: Any) -> None:
    kinds = ["notice.issued", "notice.read", "wage.recorded"] * 3
    refs = record_many(viewer_of(), [actions.Event(kind) for kind in kinds], clock.now())
    auditor = viewer_of(AUDITOR)
    first = queries.entries(auditor, limit=4)
    second = queries.entries(auditor, limit=4, before=first.before)
    third = queries.entries(auditor, limit=4, before=second.before)
    assert [line.id for page in (first, second, third) for line in page.lines] == [ref.id for ref in reversed(refs)]
    assert third.before is None
    assert {str(line.entry.type) for line in queries.entries(auditor, EntryFilter(kind="notice.")).lines} == {
        "notice.issued",
        "notice.read",
    }
    assert len(queries.entries(auditor, EntryFilter(kind="wage.recorded")).lines) == 3
    assert queries.entries(auditor, EntryFilter(until=clock.now().replace(year=2000))).lines == ()
    with pytest.raises(Forbidden):
        queries.entries(viewer_of("hr"), limit=4)


def test_the_ledger_is_narrowed_to_what_somebody_did_and_what_concerns_them(fresh: Any) -> None:
    auditor, employee, colleague = viewer_of(AUDITOR), viewer_of("employee", auth=""), viewer_of("employee")
    assert employee.person_id is not None and colleague.person_id is not None
    theirs, other = uuid4(), uuid4()
    did = record(employee, now=clock.now())
    about = record(viewer_of(), now=clock.now(), committed={"reason": REASON}, subject=employee.person_id)
    step = record(SYSTEM, "case.opened", now=clock.now(), case=theirs)
    for stranger in (
        record(colleague, now=clock.now()),
        record(viewer_of(), now=clock.now(), committed={"reason": REASON}, subject=colleague.person_id),
        record(SYSTEM, "case.opened", now=clock.now(), case=other),
    ):
        assert stranger.id

    def found(**told: Any) -> list[int]:
        return [line.id for line in queries.entries(auditor, EntryFilter(**told)).lines]

    assert found(subjects=[employee.person_id]) == [about.id, did.id]
    assert found(subjects=[employee.person_id], their_cases=[theirs]) == [step.id, about.id, did.id]
    assert found(subjects=[employee.person_id], kind="case.", their_cases=[theirs]) == [step.id]
    assert found(case=theirs) == [step.id]
    assert found(subjects=[]) == found(subjects=[uuid4()]) == [], "nobody is not everybody"
    with pytest.raises(Forbidden):
        queries.entries(viewer_of("hr"), EntryFilter(subjects=[employee.person_id]))


def test_a_list_taken_out_is_on_record_and_what_was_sought_is_not_in_the_open(
    fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = viewer_of(AUDITOR)
    refs = record_many(viewer_of(), [actions.Event("notice.read")] * 3, clock.now())
    told = EntryFilter(kind="notice.", since=clock.now().replace(hour=0) - timedelta(days=1))
    lines = actions.export_entries(auditor, told, sought="欧阳雪", reason="年度审计", now=clock.now())
    assert [line.id for line in lines] == [ref.id for ref in reversed(refs)]
    made = parse(bytes(Entry.objects.latest("id").entry))
    assert (str(made.type), made.public["what"], made.public["rows"]) == ("data.exported", "ledger", 3)
    assert {"reason", "sought"} <= set(made.commitments)
    assert "欧阳雪".encode() not in bytes(Entry.objects.latest("id").entry)
    monkeypatch.setattr(actions, "EXPORT_ROWS_MAX", 2)
    for reason, rule in ((" ", "reason_missing"), ("年度审计", "too_many_rows")):
        with pytest.raises(Refused) as refused:
            actions.export_entries(auditor, told, reason=reason, now=clock.now())
        assert refused.value.rule == rule
    with pytest.raises(Forbidden):
        actions.export_entries(viewer_of("hr"), told, reason="x", now=clock.now())


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_queries_at_any_length(fresh: Any, count: int) -> None:
    from django.db import connection

    for _ in range(count):
        record(viewer_of(), now=clock.now())
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        assert len(queries.entries(viewer_of(AUDITOR)).lines) == count
    assert len(seen) == 4


def test_the_head_is_what_was_signed(fresh: Any) -> None:
    auditor = viewer_of(AUDITOR)
    assert queries.head(auditor).head.size == 0
    record(viewer_of(), now=clock.now())
    assert (queries.head(auditor).head.size, queries.head(auditor).waiting) == (0, 1)
    sequencer.run_once()
    found = queries.head(auditor)
    assert (found.head.size, found.waiting, found.simulation) == (1, 0, False)
    with pytest.raises(Forbidden):
        queries.head(viewer_of("employee"))


def test_what_was_committed_opens_only_for_who_may_export(fresh: Any) -> None:
    ref = record(viewer_of(), now=clock.now(), committed={"reason": REASON}, subject=uuid4())
    found = queries.openings(viewer_of(HR), [(ref.id, "reason"), (ref.id, "nothing")])
    entry = parse(bytes(Entry.objects.get(pk=ref.id).entry))
    assert {where: each.value for where, each in found.items()} == {(ref.id, "reason"): REASON}
    assert found[ref.id, "reason"].commitment == entry.commitments["reason"]
    with pytest.raises(Forbidden):
        queries.openings(viewer_of(AUDITOR), [(ref.id, "reason")])


def test_a_simulation_is_narrowed_by_the_time_that_it_plays(simulation: Any) -> None:
    moment = clock.now() - timedelta(days=400)
    refs = [record(viewer_of(), now=moment + timedelta(days=day)) for day in range(3)]
    told = EntryFilter(since=moment + timedelta(days=1), until=moment + timedelta(days=2))
    assert [line.id for line in queries.entries(viewer_of(AUDITOR), told).lines] == [refs[1].id]
