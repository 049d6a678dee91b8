"""What somebody does from end to end, with the mouse and the keyboard, on the running product."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser

ROSTER = Path(__file__).parents[1] / "data" / "staff_roster.xlsx"


def test_hr_loads_the_messy_roster_and_undoes_it(desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("linxiao")
    page = desk.page
    desk.go("/people/")
    before = page.inner_text(".w-bar__count")

    desk.go("/people/import/")
    page.set_input_files("input[type=file]", str(ROSTER))
    assert "staff_roster.xlsx" in page.inner_text(".c-drop__file")
    page.click("text=上传并识别")
    page.wait_for_selector("text=还要回答")
    here = page.url.removeprefix(desk.site)
    assert desk.overflow(390) == 0
    page.set_viewport_size({"width": 1440, "height": 900})
    assert desk.accessibility() == []

    for view in ("repairs", "refusals", "findings", "columns", "reconciliation", "questions"):
        desk.go(f"{here}{view}/")
        assert desk.overflow(390) == 0, view
        page.set_viewport_size({"width": 1440, "height": 900})
        assert desk.accessibility() == [], view

    desk.go(f"{here}questions/?field=manager")
    asked = int(page.inner_text(".c-tabs .is-now em"))
    for card in page.query_selector_all(".w-ask"):
        card.query_selector("input[type=radio]").check()  # type: ignore[union-attr]
    page.click("text=采用回答并重新核对")
    page.wait_for_selector("text=个回答已采用")
    assert int(page.inner_text(".c-tabs .is-now em")) < asked

    page.click(".c-hero__act button:has-text('导入')")
    page.click("#load button:has-text('确认导入')")
    page.wait_for_selector("text=查看这次导入", timeout=60_000)

    desk.go("/people/")
    assert page.inner_text(".w-bar__count") != before
    desk.go(here)
    page.click("text=查看这次导入")
    page.click("button:has-text('撤回这次导入')")
    page.fill("#reverse-reason", "演练")
    page.click("#reverse button:has-text('整批撤回')")
    page.wait_for_selector("text=这次导入已经整批撤回")
    desk.go("/people/")
    assert page.inner_text(".w-bar__count") == before
    assert desk.noise == []
    assert desk.foreign == []


def test_typing_narrows_the_list_and_the_address_follows(desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("linxiao")
    page = desk.page
    desk.go("/people/")
    page.type("#filter_q", "zhouyutong", delay=15)
    page.wait_for_selector(".w-bar__count:has-text('共 1 人')")
    assert page.url == f"{desk.site}/people/?q=zhouyutong"
    page.click("th a:has-text('入职日期')")
    page.wait_for_selector("th[aria-sort=ascending]:has-text('入职日期')")
    page.go_back()
    page.wait_for_selector("text=周雨桐")
    page.reload()
    assert page.input_value("#filter_q") == "zhouyutong"
    assert desk.noise == []


def test_a_look_asks_why_and_masks_itself_again(desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("linxiao")
    page = desk.page
    page.clock.install()
    desk.go("/people/?q=zhouyutong")
    page.click(".c-table__who a")
    page.wait_for_selector(".c-tabs")
    page.click("text=个人信息与送达")
    row = page.locator(".c-facts--list > div", has_text="手机号码")
    masked = row.inner_text()
    row.locator("button.c-masked__eye").click()
    row.locator("form.w-reason").wait_for()
    page.wait_for_timeout(400)  # the new form is made ready a moment after it appears
    row.locator("select[name=reason]").select_option(label="联系本人")
    row.locator("text=秒后遮蔽").wait_for()
    assert "*" not in row.locator("b").inner_text()
    page.clock.run_for(31_000)
    row.locator("button.c-masked__eye").wait_for()
    assert row.inner_text() == masked
    assert desk.noise == []


def test_somebody_is_hired_by_keyboard_alone(desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("guqingyang")
    page = desk.page
    desk.go("/people/new/")
    page.focus("#id_name")
    page.keyboard.type("康小宁")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=处需要修改")
    assert page.input_value("#id_name") == "康小宁"
    page.select_option("#id_document_type", "passport")
    page.fill("#id_id_document", "E99887766")
    page.select_option("#id_unit", index=2)
    page.select_option("#id_post", index=1)
    page.fill("#id_number", "T90001")
    page.focus("#id_number")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('康小宁')")
    assert desk.noise == ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"]
