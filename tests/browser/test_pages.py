"""Every desktop page: quiet, ours alone, readable by everybody, and never wider than the window."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser

WIDTHS = (390, 1440, 1920)
PAGES = [
    ("linxiao", "/"),
    ("linxiao", "/people/"),
    ("linxiao", "/people/?q=zhouyutong&status=all&probation=no"),
    ("linxiao", "/people/?q=nobody"),
    ("linxiao", "/people/PERSON/"),
    ("linxiao", "/people/PERSON/employment/"),
    ("linxiao", "/people/PERSON/personal/"),
    ("linxiao", "/people/PERSON/act/transfer/"),
    ("linxiao", "/people/PERSON/act/contract/"),
    ("linxiao", "/people/PERSON/act/protection/"),
    ("linxiao", "/people/PERSON/act/address/"),
    ("linxiao", "/people/PERSON/act/correct/"),
    ("linxiao", "/people/new/"),
    ("linxiao", "/people/import/"),
    ("linxiao", "/calendar/"),
    ("guqingyang", "/organisation/"),
    ("guqingyang", "/organisation/?closed=1"),
    ("guqingyang", "/organisation/new/open/"),
    ("chenliheng", "/"),
    ("chenliheng", "/people/"),
    ("chenliheng", "/people/PERSON/"),
    ("zhouyutong", "/"),
    ("zhouyutong", "/people/PERSON/personal/"),
    ("luowenbo", "/"),
    ("luowenbo", "/ledger/"),
    ("luowenbo", "/ledger/?kind=person."),
    ("luowenbo", "/refusals/"),
    ("luowenbo", "/rights/"),
    ("qinlang", "/"),
    ("qinlang", "/admin/accounts/"),
    ("qinlang", "/admin/accounts/new/"),
]


@pytest.fixture(scope="session")
def person(desk_of: Callable[[str], Desk]) -> str:
    """The id of 周雨桐, as the list links to her."""
    desk = desk_of("linxiao")
    desk.go("/people/?q=zhouyutong&status=all")
    link = desk.page.get_attribute(".c-table__who a", "href") or ""
    return re.findall(r"[0-9a-f-]{36}", link)[0]


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_a_page_is_quiet_accessible_and_fits(
    desk_of: Callable[[str], Desk], person: str, username: str, path: str
) -> None:
    desk = desk_of(username)
    desk.go(path.replace("PERSON", person))
    assert {width: desk.overflow(width) for width in WIDTHS} == dict.fromkeys(WIDTHS, 0)
    desk.page.set_viewport_size({"width": 1440, "height": 900})
    for theme in ("light", "dark"):
        desk.theme(theme)
        assert desk.accessibility() == [], theme
    desk.theme("light")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    assert desk.accessibility() == [], "phone"
    assert desk.noise == []
    assert desk.foreign == []


def test_every_word_has_its_english(desk_of: Callable[[str], Desk], person: str) -> None:
    desk = desk_of("guqingyang")
    desk.go("/")
    desk.page.click(".top__lang:visible")
    try:
        for path in ("/", "/people/", f"/people/{person}/", "/people/new/", "/organisation/", "/people/import/"):
            desk.go(path)
            assert desk.page.get_attribute("html", "lang") == "en"
            labels = desk.page.eval_on_selector_all(
                "main h1, main h2, main th, main label, main .c-btn, .side__nav a",
                "found => found.map(each => each.innerText)",
            )
            known = _names(desk)
            bare = {text.replace("顾清扬", "").replace("周雨桐", "") for text in labels if text not in known}
            untranslated = {text for text in bare if re.search(r"[一-鿿]", text)}
            assert untranslated == set(), path
    finally:
        desk.go("/")
        desk.page.click(".top__lang:visible")


def _names(desk: Desk) -> set[str]:
    """Texts that are data: names of people and units."""
    return set(desk.page.eval_on_selector_all(".c-hero h1, .w-tree *", "found => found.map(each => each.innerText)"))
