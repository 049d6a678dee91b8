"""Acts of the story in one line each, on the company of the process tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from guiyan.platform.acting import Refused
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import Viewer
from guiyan.separation import actions, queries, wording
from guiyan.separation.actions import Identity, Intake, Letter, Opened, Paper, Scan, Signing, Stated
from guiyan.separation.models import Case
from tests.process_db.world import World

NONCE = "5e" * 32
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
STROKES = "[[[1,2,0],[3,4,16]],[[5,6,40]]]"
SCAN = Scan(b"%PDF-1.7 a scan", "letter.pdf")
DAY = timedelta(days=1)


def signing(sha256: str, now: datetime, **changed: Any) -> Signing:
    """Return a complete signature of a document, with what the test changes."""
    told: dict[str, Any] = {
        "paper": Paper(NONCE, now),
        "sha256": sha256,
        "opened_at": now - timedelta(seconds=40),
        "reached_end": True,
        "seconds": 35,
        "strokes": STROKES,
        "png": PNG,
        "identity": Identity("password", now),
    }
    return Signing(**{**told, **changed})


def agree_form(viewer: Viewer, now: datetime) -> None:
    """Agree to the electronic form."""
    actions.agree_to_electronic_form(viewer, text_sha256=wording.ELECTRONIC_FORM_SHA256, request_id=new_id(), now=now)


def resign(viewer: Viewer, now: datetime, letter: Letter | None = None, *, request_id: UUID | None = None) -> Opened:
    """Preview, sign and submit a letter."""
    agree_form(viewer, now)
    said = letter or Letter("37")
    shown = queries.preview_resignation(viewer, said, Paper(NONCE, now))
    return actions.submit_resignation(
        viewer, said, signing(shown.sha256, now), request_id=request_id or new_id(), now=now
    )


def withdraw(viewer: Viewer, case_id: UUID, now: datetime, words: str = "", request_id: UUID | None = None) -> UUID:
    """Preview, sign and submit a withdrawal."""
    shown = queries.preview_withdrawal(viewer, case_id, words, Paper(NONCE, now))
    return actions.submit_withdrawal(
        viewer, case_id, words, signing(shown.sha256, now), request_id=request_id or new_id(), now=now
    )


def opine(world: World, case_id: UUID, now: datetime, opinion: str = "agree") -> None:
    """The manager says what they think of the withdrawal."""
    actions.give_opinion(world.chen, case_id, opinion, request_id=new_id(), now=now)


def decide(world: World, case_id: UUID, now: datetime, *, consents: bool) -> None:
    """HR answers the withdrawal."""
    actions.decide_withdrawal(world.hr, case_id, consents=consents, request_id=new_id(), now=now)


def record(world: World, now: datetime, channel: str = "paper", *, words: str = "我决定辞职。", **told: Any) -> Opened:
    """HR takes in a resignation that came otherwise."""
    stated = told.pop("stated", Stated("37"))
    return actions.record_resignation(
        world.hr, world.person(world.zhou), intake(channel, now, words, **told), stated, request_id=new_id(), now=now
    )


def intake(channel: str, now: datetime, words: str = "我不辞职了。", **told: Any) -> Intake:
    """Return what HR knows of something that came by a channel."""
    oral = channel == "oral"
    known: dict[str, Any] = {
        "arrived_at": now,
        "scan": None if oral else SCAN,
        "witness": "吴安" if oral else "",
        "identity_attested": True,
    }
    return Intake(channel, words=words, **{**known, **told})


def case_of(opened: Opened | UUID) -> Case:
    """Return the row of a case as it is now."""
    return Case.objects.get(pk=opened.case_id if isinstance(opened, Opened) else opened)


TABLES = (
    "separation_case", "separation_withdrawal", "separation_intakeproof", "separation_signature",
    "separation_conduct", "separation_takenrole", "separation_outsideeffect", "separation_casecounter",
    "separation_electronicformagreement", "people_employmentspell", "people_personchange", "process_instance",
    "process_task", "process_trailline", "notify_message", "platform_deadline", "platform_storedfile",
    "platform_requestseen", "platform_rolegrant", "ledger_entry", "platform_refusal",
)  # fmt: skip


def state() -> dict[str, tuple[int, str]]:
    """Return of each table how many rows it has and a digest of what they say."""
    found: dict[str, tuple[int, str]] = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            digest = "coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '')"
            cursor.execute(f"SELECT count(*), {digest} FROM {table} t")
            found[table] = tuple(cursor.fetchone())
    return found


def refused(act: Callable[[], object], rule: str, kind: type[Refused] = Refused) -> Refused:
    """Try an act that must be refused: it is written down who was refused what, and nothing else is touched."""
    before = state()
    with pytest.raises(kind) as caught:
        act()
    after = state()
    assert caught.value.rule == rule, (caught.value.rule, str(caught.value.text))
    changed = {table: after[table][0] - before[table][0] for table in TABLES if before[table] != after[table]}
    assert changed == {"ledger_entry": 1, "platform_refusal": 1}
    return caught.value


def day(text: str) -> date:
    """Return a civil day."""
    return date.fromisoformat(text)
