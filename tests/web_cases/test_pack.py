"""The evidence pack at the desk: pressed, watched, told of, downloaded by the one who asked and nobody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from guiyan.ledger import packs
from guiyan.ledger.enums import PackStage
from guiyan.ledger.export import Pack
from guiyan.ledger.models import Entry, PackRequest
from guiyan.notify import queries as notify
from guiyan.people.queries import viewer_for
from guiyan.platform import clock
from guiyan.platform.acting import Refused
from tests.mobile.steps import resign
from tests.web.conftest import Firm


def address(case_id: UUID, name: str = "case_pack", **more: UUID) -> str:
    return reverse(name, kwargs={"case_id": case_id, **more})


def asked(firm: Firm, case_id: UUID, request_id: str, role: str = "hr_lead") -> PackRequest:
    answer = firm.client(role).post(address(case_id), {"request_id": request_id})
    assert (answer.status_code, answer["Location"]) == (302, address(case_id))
    return PackRequest.objects.get()


@pytest.fixture
def exporting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Export at once: nothing is signed in a transaction that is rolled back; what is in a pack is tested elsewhere."""
    monkeypatch.setattr(packs, "export_case", lambda *_a, **_k: Pack(b"PK the pack", "x.zip", 9))


def test_a_pack_is_asked_for_watched_told_of_and_downloaded(firm: Firm, request_id: str, exporting: None) -> None:
    _me, case_id = resign(firm)
    lead = firm.client("hr_lead")
    assert "生成证据包" in lead.get(address(case_id)).content.decode()
    row = asked(firm, case_id, request_id)
    asked(firm, case_id, request_id)
    page = lead.get(address(case_id)).content.decode()
    assert "正在生成证据包" in page and "可以离开本页" in page
    assert 'name="request_id"' not in page, "there is no second button while one is being made"
    packs.note_stage(viewer_for(firm.users["hr_lead"]), row.pk, PackStage.SEAL)
    watching = address(case_id, "case_pack_progress", pack_id=row.pk)
    part = lead.get(watching, headers={"HX-Request": "true"}).content.decode()
    assert "把导出本身记入日志" in part
    packs.make(row.pk)
    assert lead.get(watching, headers={"HX-Request": "true"})["HX-Redirect"] == address(case_id)
    (letter, *_rest) = notify.messages(viewer_for(firm.users["hr_lead"])).object_list
    assert "证据包已生成" in letter.title and letter.link == address(case_id)
    assert f"保留 {packs.KEPT_DAYS} 天" in letter.body
    before = Entry.objects.filter(type="data.exported").count()
    download = address(case_id, "case_pack_download", pack_id=row.pk)
    for _ in range(2):
        answer = lead.post(download)
        assert answer.content == b"PK the pack" and ".zip" in answer["Content-Disposition"]
    assert Entry.objects.filter(type="data.exported").count() == before + 2
    assert lead.get(download).status_code == 405


def test_a_pack_that_failed_says_why_and_can_be_asked_for_again(
    firm: Firm, request_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _me, case_id = resign(firm)
    row = asked(firm, case_id, request_id)

    def unsigned(*_args: Any, **_kwargs: Any) -> Pack:
        raise Refused("not_signed_yet", "x")

    monkeypatch.setattr(packs, "export_case", unsigned)
    packs.make(row.pk)
    page = firm.client("hr_lead").get(address(case_id)).content.decode()
    assert "没有成功" in page and "guiyan worker" in page and "重新生成" in page
    (letter, *_rest) = notify.messages(viewer_for(firm.users["hr_lead"])).object_list
    assert "证据包没有生成" in letter.title and "还没有签名" in letter.body


@pytest.mark.parametrize("role", ["legal", "hr", "manager", "auditor", "hr_elsewhere", "system_admin"])
def test_nobody_else_watches_or_downloads_a_pack(firm: Firm, request_id: str, exporting: None, role: str) -> None:
    _me, case_id = resign(firm)
    row = asked(firm, case_id, request_id)
    packs.make(row.pk)
    client = firm.client(role)
    assert client.get(address(case_id, "case_pack_progress", pack_id=row.pk)).status_code == 404
    assert client.post(address(case_id, "case_pack_download", pack_id=row.pk)).status_code == 404
    if role != "legal":
        assert client.post(address(case_id), {"request_id": request_id}).status_code == 404
    assert PackRequest.objects.count() == 1


def test_a_pack_of_another_case_is_not_found_here(firm: Firm, request_id: str, exporting: None) -> None:
    _me, case_id = resign(firm)
    row = asked(firm, case_id, request_id)
    packs.make(row.pk)
    PackRequest.objects.filter(pk=row.pk).update(case_id=row.pk)
    client = firm.client("hr_lead")
    assert client.post(address(case_id, "case_pack_download", pack_id=row.pk)).status_code == 404


def test_an_expired_pack_is_named_and_not_handed_out(firm: Firm, request_id: str, exporting: None) -> None:
    _me, case_id = resign(firm)
    row = asked(firm, case_id, request_id)
    packs.make(row.pk)
    PackRequest.objects.filter(pk=row.pk).update(expires_at=clock.now())
    client = firm.client("hr_lead")
    assert "已过期删除" in client.get(address(case_id)).content.decode()
    answer = client.post(address(case_id, "case_pack_download", pack_id=row.pk), follow=True)
    assert "已过期" in answer.content.decode() and answer["Content-Type"].startswith("text/html")


def test_the_pages_cost_the_same_with_one_pack_and_three(firm: Firm, exporting: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _me, case_id = resign(firm)
    client = firm.client("hr_lead")
    counts = []
    for number in (1, 3):
        while PackRequest.objects.count() < number:
            client.post(address(case_id), {})
            packs.make(PackRequest.objects.latest("asked_at").pk)
        client.get(address(case_id))
        with CaptureQueriesContext(connection) as seen:
            client.get(address(case_id))
        counts.append(len(seen))
    assert counts[0] == counts[1]
