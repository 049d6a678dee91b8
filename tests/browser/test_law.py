"""The law workbench in the browser: a field changes, the answer follows; nothing typed shows in the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser


def test_the_answer_follows_the_fields(desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("linxiao")
    page = desk.page
    desk.go("/law/ending/")
    page.select_option("#id_a-ground", "40(2)")
    page.wait_for_selector(".w-verdict-card__word:has-text('事实不足')")
    page.click("a[href='#id_a-statuses']")
    assert page.evaluate("document.activeElement.id") == "id_a-statuses" or page.url.endswith("#id_a-statuses")
    page.select_option("#id_a-statuses", "some")
    page.check("input[name=a-statuses_list][value=pregnant]")
    page.wait_for_selector(".w-verdict-card__word:has-text('不可以')")
    page.fill("#id_a-avg12", "-1")
    page.wait_for_selector("#err-id_a-avg12:has-text('不能为负数')")
    page.fill("#id_a-avg12", "12000")
    page.wait_for_selector("#err-id_a-avg12:not(:has(span))", state="attached")
    assert "12000" not in page.url
    for width in (390, 1440, 1920):
        assert desk.overflow(width) == 0, width
    page.set_viewport_size({"width": 1440, "height": 900})
    page.mouse.move(0, 0)
    page.evaluate("window.scrollTo(0, 0)")  # what lies under the head of the page has no contrast of its own
    for theme in ("light", "dark"):
        desk.theme(theme)
        assert desk.accessibility() == [], theme
    assert desk.noise == []
    assert desk.foreign == []
