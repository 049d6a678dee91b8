"""The story in a real browser: resigned on the phone, answered at the desk, taken back, consented to, never processed.

At every stop the page is quiet, asks no other origin, is not too wide and has nothing serious for axe.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from guiyan.simulator.company import DEMO_PASSWORD
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
REFUSED = "422"  # the browser says so when a page answers a form with a refusal


def _sound(desk: Desk, *, width: int, themes: tuple[str, ...] = ("light", "dark")) -> None:
    """Check the page as it stands."""
    for theme in themes:
        desk.theme(theme)
        desk.page.evaluate("t => document.body.setAttribute('data-weui-theme', t)", theme)
        found = desk.accessibility()
        if found:  # colours may still be on their way from one theme to the other
            desk.page.wait_for_timeout(600)
            found = desk.accessibility()
        assert found == [], f"{desk.page.url} {theme}"
    assert desk.overflow(width) <= 0, desk.page.url
    assert [said for said in desk.noise if REFUSED not in said] == [], desk.page.url
    assert desk.foreign == [], desk.page.url
    desk.theme("light")


def _sign(desk: Desk) -> None:
    """Read the preview to its end, prove to be oneself, sign and submit."""
    page = desk.page
    page.wait_for_selector(".m-sheet img")
    _sound(desk, width=390)
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_selector("[data-read-go][aria-disabled=false]")
    page.click("[data-read-go]")
    page.wait_for_load_state("networkidle")
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", DEMO_PASSWORD)
        page.press("input[name=password]", "Enter")
    page.wait_for_selector(".p-pad canvas")
    box = page.locator(".p-pad canvas").bounding_box()
    assert box is not None
    for letter in range(3):
        left, top = box["x"] + 60 + letter * 80, box["y"] + 60
        page.mouse.move(left, top)
        page.mouse.down()
        for point in range(14):
            page.mouse.move(left + point * 4, top + point * 7 % 40)
        page.mouse.up()
    page.check("input[name=agree]")
    _sound(desk, width=390)
    page.click("[data-sign-submit]")
    page.wait_for_selector(".p-receipt")
    _sound(desk, width=390)


def _act(desk: Desk, case: str, key: str, *, choose: str = "") -> None:
    """Open the case, choose an act, do it."""
    desk.go(f"/cases/{case}/")
    desk.page.wait_for_selector(".w-flow svg")
    _sound(desk, width=1440)
    desk.page.click(f".w-acts a[href$='/act/{key}/']")
    if choose:
        desk.page.check(f"input[value={choose}]")
    _sound(desk, width=1440, themes=("light",))
    desk.page.click("form.c-form button[type=submit]")
    desk.page.wait_for_selector(".c-hero")


def _hands_over(me: Desk) -> None:
    """The employee opens the step that asks them, writes a line, and says that it is done: all on the phone."""
    page = me.page
    me.go("/m/")
    page.click("a:has-text('办理工作交接')")
    page.wait_for_selector("#task-text")
    assert "/m/tasks/" in page.url
    _sound(me, width=390)
    page.fill("#task-text", "钥匙在前台。")
    page.click("button:has-text('发出留言')")
    page.wait_for_selector(".m-said")
    page.click("button:has-text('我已办好')")
    page.click("#confirm [data-yes]")
    page.wait_for_selector(".c-badge:has-text('已办好')")
    _sound(me, width=390)


def _gives_back(it: Desk, case: str) -> None:
    """IT comes from the inbox to the one list, says what does not work yet, and at last confirms."""
    page = it.page
    it.go("/inbox/")
    page.click("a:has-text('恢复账号和设备')")
    page.wait_for_selector(".w-outside")
    assert page.url.endswith(f"/cases/{case}/#outside")
    _sound(it, width=1440)
    page.click(".w-outside a:has-text('还没有成功')")
    assert page.is_checked("input[name=done][value=no]")
    page.fill("[name=reply]", "邮箱系统在维护")
    _sound(it, width=1440, themes=("light",))
    page.click("form.c-form button[type=submit]")
    page.wait_for_selector(".w-outside")
    assert "邮箱系统在维护" in page.inner_text(".w-outside")
    _sound(it, width=390)
    page.click(".w-outside button:has-text('确认已恢复')")
    page.wait_for_selector(".w-outside .c-badge:has-text('已确认恢复')")
    it.go("/inbox/")
    assert "恢复账号和设备" not in page.inner_text("main")


def test_a_resignation_is_taken_back_and_can_never_be_processed(desk_of: Callable[[str], Desk]) -> None:
    manager, hr, me = desk_of("chenliheng"), desk_of("linxiao"), desk_of("zhouyutong")
    page = me.page
    page.set_viewport_size(PHONE)
    me.go("/m/")
    _sound(me, width=390)
    page.click(".p-grid a[href='/m/resign/']")
    _sound(me, width=390)
    page.click("a[href='/m/resign/form/']")
    _sound(me, width=390)
    page.check("input[name=agree]")
    page.click("form button[type=submit]")
    page.check("input[name=basis][value='37']")
    page.locator("#id_reason").press_sequentially("想回老家照顾父母，望领导批准", delay=5)
    page.wait_for_selector("#hint .c-alert")
    _sound(me, width=390)
    page.check("input[name=meaning][value=notice]")
    page.click("form.m-letter button[type=submit]")
    _sign(me)
    page.click("a[href^='/m/cases/']:not([download])")
    found = re.search(r"/m/cases/([0-9a-f-]{36})/", page.url)
    assert found
    case = found[1]
    _sound(me, width=390)

    manager.go("/inbox/")
    _sound(manager, width=1440)
    manager.page.click("a:has-text('列出交接清单')")
    _sound(manager, width=1440, themes=("light",))
    manager.page.click("form.c-form button[type=submit]")
    manager.page.wait_for_load_state("networkidle")
    _hands_over(me)
    _act(manager, case, "know")
    _act(hr, case, "know-hr")

    page.set_viewport_size(PHONE)
    me.go(f"/m/cases/{case}/withdraw/")
    _sound(me, width=390)
    page.fill("#id_words", "家里的事解决了，想留下。")
    page.click("form.m-form button[type=submit]")
    _sign(me)

    _act(manager, case, "opinion", choose="agree")
    _act(hr, case, "consent")
    assert "继续在职" in hr.page.inner_text("main")
    me.go("/m/")
    assert "公司同意撤回，您继续在职" in page.inner_text("main")
    _sound(me, width=390)

    _gives_back(desk_of("zhaolei"), case)
    hr.go(f"/cases/{case}/act/complete/")
    hr.page.click("form.c-form button[type=submit]")
    hr.page.wait_for_selector(".c-guard--bad")
    said = hr.page.inner_text("main")
    assert "不能办理离职" in said
    assert "林晓" in said
    assert "没有任何内容被修改" in said
    _sound(hr, width=1440)
    _sound(hr, width=390, themes=("light",))
