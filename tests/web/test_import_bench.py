"""The import bench on the page: hand in, answer, load, look, undo; and every file that cannot be used."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guiyan.people.actions import drafts
from guiyan.people.models import ImportBatch, ImportDraft, Person
from guiyan.people.queries import viewer_for
from guiyan.people.queries.drafts import draft_file
from guiyan.platform import clock
from guiyan.platform.crypto import Erased
from guiyan.platform.ids import new_id
from guiyan.platform.models import StoredFile
from tests.people.world import row_counts
from tests.web.conftest import Firm

ROSTER = Path(__file__).parents[1] / "data" / "staff_roster.xlsx"
HEADS = ("工号", "姓名", "身份证号码", "部门", "岗位", "入职日期", "基本工资")
GOOD = ("B001", "林小满", "110105199003072848", "研发部", "工程师", "2021.6.10", "12,000")
ASKS = ("B002", "许多多", "1.10105199003072E+17", "研发部", "工程师", "2022年3月1日", 9000)


def _xlsx(*rows: tuple[Any, ...]) -> bytes:
    file = io.BytesIO()
    book: Any = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("花名册")
    for number, row in enumerate((HEADS, *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def _hand_in(client: Any, data: bytes, name: str = "花名册.xlsx", request_id: str = "") -> Any:
    return client.post(reverse("imports"), {"file": SimpleUploadedFile(name, data), "request_id": request_id})


def _draft(firm: Firm, *rows: tuple[Any, ...]) -> tuple[Any, ImportDraft]:
    client = firm.client("hr_lead")
    answer = _hand_in(client, _xlsx(*rows))
    assert answer.status_code == 302
    return client, ImportDraft.objects.latest("created_at")


def _load(firm: Firm, client: Any, draft: ImportDraft) -> ImportDraft:
    """Press the button, then do the worker's part."""
    draft.refresh_from_db()
    sent = new_id()
    told = {"request_id": str(sent), "revision": draft.revision}
    assert client.post(reverse("import_load", kwargs={"draft_id": draft.id}), told).status_code == 302
    viewer = viewer_for(firm.users["hr_lead"])
    drafts.load_draft(viewer, draft.id, request_id=sent, now=clock.now(), progress=lambda _done, _total: None)
    draft.refresh_from_db()
    return draft


def test_the_messy_roster_is_shown_in_every_view(firm: Firm) -> None:
    client = firm.client("hr")
    answer = _hand_in(client, ROSTER.read_bytes(), "staff_roster.xlsx")
    here = answer["Location"]
    assert "还要回答" in client.get(here).content.decode()
    for view, word in (
        ("questions", "采用回答并重新核对"),
        ("repairs", "去掉千分位分隔符"),
        ("refusals", "改好"),
        ("findings", "《劳动合同法》"),
        ("columns", "这张隐藏的表也导入"),
        ("reconciliation", "行数对得上"),
    ):
        seen = client.get(f"{here}{view}/")
        assert seen.status_code == 200
        assert word in seen.content.decode(), view
    repairs = client.get(f"{here}repairs/", {"field": "base_wage", "page": "999"})
    assert repairs.status_code == 200
    part = client.get(f"{here}repairs/", headers={"HX-Request": "true", "HX-Target": "import-list"}).content.decode()
    assert "<html" not in part
    book = client.get(f"{here}report.xlsx")
    names = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(book.streaming_content))).sheet_names
    assert names[:4] == ["修复", "问题", "拒绝", "对账"]


def test_a_question_is_answered_on_the_page_and_taken_back(firm: Firm) -> None:
    client, draft = _draft(firm, GOOD, ASKS)
    assert (draft.counts["accepted"], draft.counts["questions"]) == (1, 1)
    questions = reverse("import_tab", kwargs={"draft_id": draft.id, "tab": "questions"})
    seen = client.get(questions).content.decode()
    assert "许多多" in seen
    key = seen.split('name="0-id" value="')[1].split('"')[0]
    answer = reverse("import_answer", kwargs={"draft_id": draft.id})
    client.post(answer, {"0-id": key, "0-choice": "empty"})
    draft.refresh_from_db()
    assert (draft.counts["accepted"], draft.counts["questions"]) == (2, 0)
    client.post(answer, {"take_back": key})
    draft.refresh_from_db()
    assert draft.counts["questions"] == 1
    own = {"0-id": key, "0-choice": "__value", "0-value": "110105199003072848"}
    seen = client.post(answer, own, follow=True).content.decode()
    draft.refresh_from_db()
    assert draft.counts["questions"] > 0, "a number that is somebody else's is not taken"


def test_loading_brings_the_people_and_undoing_takes_them_away(firm: Firm) -> None:
    client, draft = _draft(firm, GOOD, ASKS)
    before = row_counts()
    draft = _load(firm, client, draft)
    assert draft.state == "loaded"
    assert Person.objects.filter(name="林小满").exists()
    assert not Person.objects.filter(name="许多多").exists(), "an open question keeps its row out"
    again, second = _draft(firm, GOOD)
    assert second.counts["changes_nothing"] == 1
    assert "已在册" in again.get(reverse("import_draft", kwargs={"draft_id": second.id})).content.decode()
    batch = reverse("import_batch", kwargs={"batch_id": draft.batch_id})
    undo = reverse("import_reverse", kwargs={"batch_id": draft.batch_id})
    assert client.post(undo, {}).status_code == 422, "an undoing has a reason"
    assert client.post(undo, {"reason": "选错了文件"}).status_code == 302
    assert "已撤回" in client.get(batch).content.decode()
    for table in ("people_person", "people_employmentspell", "people_unit", "people_wage"):
        assert row_counts()[table] == before[table]


def test_undoing_names_whom_somebody_acted_on(firm: Firm) -> None:
    client, draft = _draft(firm, GOOD)
    draft = _load(firm, client, draft)
    person = Person.objects.get(name="林小满")
    act = reverse("person_act", kwargs={"person_id": person.id, "key": "contract"})
    assert client.post(act, {"kind": "open_ended", "start_on": "2021-06-10"}).status_code == 302
    refused = client.post(reverse("import_reverse", kwargs={"batch_id": draft.batch_id}), {"reason": "试"})
    assert refused.status_code == 422
    assert "林小满" in refused.content.decode()
    assert "登记合同" in refused.content.decode()
    assert ImportBatch.objects.get().state == "loaded"


def test_the_same_upload_sent_twice_is_one_draft(firm: Firm, request_id: str) -> None:
    client = firm.client("hr_lead")
    first, second = (_hand_in(client, _xlsx(GOOD), request_id=request_id) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert ImportDraft.objects.count() == 1


def test_a_load_from_an_old_page_is_refused(firm: Firm) -> None:
    client, draft = _draft(firm, GOOD, ASKS)
    load = reverse("import_load", kwargs={"draft_id": draft.id})
    seen = client.post(load, {"revision": draft.revision + 1}, follow=True).content.decode()
    assert "刚刚有变化" in seen
    draft.refresh_from_db()
    assert draft.state == "ready"


def test_columns_can_be_corrected_and_hidden_sheets_taken_in(firm: Firm) -> None:
    client, draft = _draft(firm, GOOD)
    told = {f"0-{letter}": field for letter, field in zip("ABCDEFG", ("", "name", "identity_number"), strict=False)}
    told |= {"0-D": "department_1", "0-E": "", "0-F": "hire_date", "0-G": "performance_wage"}
    client.post(reverse("import_columns", kwargs={"draft_id": draft.id}), told)
    seen = client.get(reverse("import_tab", kwargs={"draft_id": draft.id, "tab": "columns"})).content.decode()
    assert "手工指定" in seen
    draft.refresh_from_db()
    assert draft.revision == 2


@pytest.mark.parametrize(
    ("name", "data", "status", "word"),
    [
        ("a.exe", b"MZ", 422, "只能导入"),
        ("a.xlsx", b"", 422, "不能导入|空"),
        ("a.xlsx", b"not a spreadsheet", 302, "不能导入"),
        ("a.csv", b"\xff\xfe\x00 nothing here", 302, "不能导入"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(firm: Firm, name: str, data: bytes, status: int, word: str) -> None:
    before = row_counts()["people_person"]
    client = firm.client("hr_lead")
    answer = _hand_in(client, data, name)
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    assert answer.status_code in {200, status}
    assert any(part in answer.content.decode() for part in word.split("|"))
    assert row_counts()["people_person"] == before


def test_an_oversized_upload_is_refused_with_413(firm: Firm, settings: Any) -> None:
    settings.UPLOAD_BYTES_MAX = 1000
    answer = _hand_in(firm.client("hr_lead"), _xlsx(GOOD))
    assert answer.status_code == 413
    assert "没有任何内容被保存" in answer.content.decode()
    assert ImportDraft.objects.count() == StoredFile.objects.count() == 0


def test_a_draft_is_its_owners_alone_and_sealed(firm: Firm) -> None:
    _client, draft = _draft(firm, GOOD)
    here = reverse("import_draft", kwargs={"draft_id": draft.id})
    other = firm.client("hr")
    assert other.get(here).status_code == 404
    assert other.post(reverse("import_discard", kwargs={"draft_id": draft.id})).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM platform_storedfile UNION ALL SELECT sealed FROM people_importdraftpart")
        stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert "林小满".encode() not in stored
    assert b"110105199003072848" not in stored


def test_a_discarded_draft_can_be_read_by_nobody(firm: Firm) -> None:
    client, draft = _draft(firm, GOOD)
    client.post(reverse("import_discard", kwargs={"draft_id": draft.id}))
    assert client.get(reverse("import_draft", kwargs={"draft_id": draft.id})).status_code == 404
    ImportDraft.objects.filter(pk=draft.id).update(state="ready")
    with pytest.raises(Erased):
        draft_file(viewer_for(firm.users["hr_lead"]), UUID(str(draft.id)))


def test_progress_leads_on_when_the_work_is_done(firm: Firm) -> None:
    client, draft = _draft(firm, GOOD)
    address = reverse("import_progress", kwargs={"draft_id": draft.id})
    ImportDraft.objects.filter(pk=draft.id).update(state="loading", rows_done=5, rows_total=10)
    assert "50%" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    ImportDraft.objects.filter(pk=draft.id).update(state="ready")
    done = client.get(address, headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == reverse("import_draft", kwargs={"draft_id": draft.id})
    assert client.get(address)["Location"] == done["HX-Redirect"]
