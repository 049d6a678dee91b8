"""A pack that was asked for is made by a job, told of, handed to the one who asked, and gone after its days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from guiyan.ledger import export, packs, ports, sequencer
from guiyan.ledger.entry import parse
from guiyan.ledger.enums import PackStage, PackState
from guiyan.ledger.models import Entry, Log, PackRequest
from guiyan.ledger.packfile import PackError
from guiyan.ledger.ports import PackNews
from guiyan.ledger.report import ReportError
from guiyan.ledger.verifier import verify
from guiyan.platform import clock, deadlines
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.models import Deadline, SubjectKey
from guiyan.platform.permissions import Viewer

from .conftest import record, viewer_of

LEAD = viewer_of("hr_lead")


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[PackNews]:
    """What the one who asked is told; jobs work for the account with its rights."""
    heard: list[PackNews] = []
    monkeypatch.setattr(ports, "_viewers", [lambda _user: LEAD])
    monkeypatch.setattr(ports, "_tellers", [lambda _viewer, news, _now: heard.append(news)])
    monkeypatch.setattr(ports, "_sources", [])
    return heard


@pytest.fixture
def case(fresh: Any) -> UUID:
    """A case of two steps."""
    found = uuid4()
    for kind in ("case.opened", "comment.made"):
        record(viewer_of(), kind, now=clock.now(), case=found)
    return found


@pytest.fixture
def signing() -> Iterator[None]:
    """A sequencer at work beside the test."""
    stop = sequencer.in_background(tick=0.02)
    yield
    stop()


def ask(case: UUID, request_id: UUID | None = None, viewer: Viewer = LEAD) -> UUID:
    return packs.ask_for_pack(viewer, case, label="LZ-1", request_id=request_id or uuid4(), now=clock.now())


def view(pack_id: UUID) -> packs.PackView:
    found = packs.pack_of(LEAD, pack_id, now=clock.now())
    assert found is not None
    return found


def test_a_pack_is_made_by_the_job_and_each_download_is_on_record(
    case: UUID, signing: None, told: list[PackNews], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack_id = ask(case)
    assert (view(pack_id).state, view(pack_id).stage) == (PackState.MAKING, PackStage.WAITING)
    seen: list[str] = []
    write = packs.note_stage
    monkeypatch.setattr(
        packs, "note_stage", lambda viewer, pack, stage: (seen.append(stage), write(viewer, pack, stage))
    )
    packs.make(pack_id)
    assert seen == ["steps", "report", "seal", "check"]
    ready = view(pack_id)
    assert (ready.state, ready.steps) == (PackState.READY, 3)
    assert [(news.case_id, news.label, news.user_id, news.ready) for news in told] == [
        (case, "LZ-1", LEAD.user_id, True)
    ]
    before = Entry.objects.count()
    for _ in range(2):
        handed = packs.hand_out(LEAD, pack_id, now=clock.now())
    made = [parse(bytes(row.entry)) for row in Entry.objects.order_by("id")[before:]]
    assert [(str(entry.type), entry.public["pack"]) for entry in made] == [("data.exported", str(pack_id))] * 2
    checked = verify.check(handed.data, [Log.objects.get(epoch=1).vkey])
    assert checked.key_confirmed and len(checked.steps) == ready.steps
    assert handed.data not in bytes(PackRequest.objects.get(pk=pack_id).sealed or b""), "kept sealed"
    packs.make(pack_id)
    assert len(told) == 1, "a job that runs twice does nothing more"


def test_the_same_click_twice_is_one_pack(case: UUID) -> None:
    sent = uuid4()
    first = ask(case, sent)
    assert ask(case, sent) == first
    assert ask(case) == first, "another page of the same account, while the pack is being made"
    assert PackRequest.objects.count() == 1
    other = viewer_of("legal")
    assert ask(case, viewer=other) != first, "each account gets its own"
    with pytest.raises(Refused):
        ask(case, sent, viewer=other)


@pytest.mark.parametrize("role", ["hr", "manager", "employee", "auditor", "system_admin"])
def test_who_may_not_export_can_neither_ask_nor_see_nor_hold(case: UUID, role: str) -> None:
    pack_id = ask(case)
    stranger = viewer_of(role)
    with pytest.raises(Forbidden):
        ask(case, viewer=stranger)
    without = Viewer(user_id=LEAD.user_id, person_id=LEAD.person_id, name="", held=stranger.held)
    assert packs.packs_of(without, case, now=clock.now()) == []
    assert packs.pack_of(without, pack_id, now=clock.now()) is None
    with pytest.raises(Forbidden):
        packs.hand_out(without, pack_id, now=clock.now())


def test_a_pack_is_only_for_the_one_who_asked(case: UUID, signing: None) -> None:
    pack_id = ask(case)
    packs.make(pack_id)
    other = viewer_of("legal")
    assert packs.pack_of(other, pack_id, now=clock.now()) is None
    assert packs.packs_of(other, case, now=clock.now()) == []
    with pytest.raises(Refused) as refused:
        packs.hand_out(other, pack_id, now=clock.now())
    assert refused.value.rule == "no_such_pack"


def test_a_case_without_steps_is_refused(fresh: Any) -> None:
    with pytest.raises(Refused) as refused:
        ask(uuid4())
    assert refused.value.rule == "no_such_case"


def failing(error: Exception) -> Any:
    def export_case(*_args: object, **_kwargs: object) -> export.Pack:
        raise error

    return export_case


@pytest.mark.parametrize(
    "failure",
    [
        (Refused("not_signed_yet", "x"), "not_signed_yet", ""),
        (Forbidden("role_table", "x"), "role_table", ""),
        (PackError("entry 3 is missing"), "would_be_refused", "entry 3 is missing"),
        (ReportError("fonts are missing"), "report", "fonts are missing"),
        (ZeroDivisionError("secret"), "fault", ""),
    ],
)
def test_a_job_that_fails_says_why_and_the_next_click_tries_again(
    case: UUID, told: list[PackNews], monkeypatch: pytest.MonkeyPatch, failure: tuple[Exception, str, str]
) -> None:
    error, problem, detail = failure
    pack_id = ask(case)
    monkeypatch.setattr(packs, "export_case", failing(error))
    packs.make(pack_id)
    shown = view(pack_id)
    assert (shown.state, str(shown.why), shown.detail) == (PackState.FAILED, str(packs.WHY[problem]), detail)
    assert [(news.ready, news.problem) for news in told] == [(False, problem)]
    with pytest.raises(Refused):
        packs.hand_out(LEAD, pack_id, now=clock.now())
    assert ask(case) != pack_id


def test_a_pack_of_which_nobody_can_be_told_does_not_hang(
    case: UUID, signing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "_tellers", [failing(ZeroDivisionError("no mail"))])
    pack_id = ask(case)
    packs.make(pack_id)
    assert str(view(pack_id).why) == str(packs.WHY["fault"])
    assert PackRequest.objects.get(pk=pack_id).sealed is None


def test_a_pack_that_is_too_large_is_not_kept(case: UUID, signing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "KEPT_BYTES_MAX", 10)
    pack_id = ask(case)
    packs.make(pack_id)
    assert str(view(pack_id).why) == str(packs.WHY["too_large"])
    assert PackRequest.objects.get(pk=pack_id).sealed is None


def test_a_worker_that_died_does_not_block_the_next_request(case: UUID) -> None:
    pack_id = ask(case)
    PackRequest.objects.filter(pk=pack_id).update(asked_at=clock.now() - packs.STALLED_AFTER - timedelta(seconds=1))
    assert str(view(pack_id).why) == str(packs.WHY["stalled"])
    again = ask(case)
    assert again != pack_id and view(again).state is PackState.MAKING


def test_after_its_days_the_pack_and_its_key_are_gone(case: UUID, signing: None) -> None:
    pack_id = ask(case)
    packs.make(pack_id)
    due = Deadline.objects.get(owner_id=pack_id)
    late = due.due_at + timedelta(seconds=1)
    shown = packs.pack_of(LEAD, pack_id, now=late)
    assert shown is not None and shown.state is PackState.EXPIRED, "also before the tick has come by"
    with pytest.raises(Refused):
        packs.hand_out(LEAD, pack_id, now=late)
    assert deadlines.fire(LEAD, due.pk, now=late)
    row = PackRequest.objects.get(pk=pack_id)
    assert (row.state, row.sealed) == ("expired", None)
    assert SubjectKey.objects.get(subject_id=pack_id).wrapped is None
    assert (due.due_at - clock.now()).days in (packs.KEPT_DAYS - 1, packs.KEPT_DAYS)
