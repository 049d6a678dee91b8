"""The page that lies in every pack, opened from a folder in a real browser: no network, no noise, one answer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ledger import epochs
from tests.ledger import ledger_samples as samples
from tests.ledger.test_pack_operator import logged_instead

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
VKEY = samples.KEY.verifier.text


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """verify.html, taken out of a pack and opened as a local file."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("GUIYAN_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium")
        assert os.environ.get("CI") != "true", "chromium is missing"
        pytest.skip("not run: chromium is not installed")
    (tmp_path / "verify.html").write_bytes(samples.members_of(samples.sealed()[1])["verify.html"])
    noise: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 390, "height": 800})
        opened.on("console", lambda message: noise.append(message.text))
        opened.on("pageerror", lambda error: noise.append(str(error)))
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto((tmp_path / "verify.html").as_uri())
        yield opened
        assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert noise == []
    assert asked == [(tmp_path / "verify.html").as_uri()]


def choose(page: Page, data: bytes) -> None:
    page.set_input_files("#pack", {"name": "pack.zip", "mimeType": "application/zip", "buffer": data})


def test_a_pack_is_consistent_until_its_key_is_entered(page: Page) -> None:
    choose(page, samples.sealed()[1])
    page.wait_for_selector("h2.open")
    said = page.inner_text("#answer")
    assert "公钥未确认" in said
    assert samples.KEY.verifier.fingerprint in said
    assert "2026-11-02 13:30:00.000" in said
    assert "提交辞职 / resignation submitted" in said
    assert samples.REASON.value in said
    assert "不检查时间戳" in said
    page.fill("#key", VKEY)
    page.press("#key", "Tab")
    page.wait_for_selector("h2.good")
    assert "有效 Valid" in page.inner_text("#answer")


def test_a_type_that_is_a_word_of_the_browser_is_shown_as_unknown(page: Page) -> None:
    choose(page, logged_instead(b'"type":"case.opened"', b'"type":"constructor"'))
    page.wait_for_selector("h2.open")
    said = page.inner_text("#answer")
    assert "（未知类型） / constructor" in said
    assert "导出之后的步骤不在本包中" in said, "the answer is whole"


def test_a_pack_of_two_parts_names_both_and_asks_for_both_keys(page: Page) -> None:
    choose(page, epochs.sealed(epochs.restored(lost=3)))
    page.wait_for_selector("h2.open")
    said = page.inner_text("#answer")
    assert epochs.OLD.verifier.fingerprint in said and epochs.NEW.verifier.fingerprint in said
    assert "丢失了最后 3 条" in said
    page.fill("#key", " ".join(epochs.KEYS))
    page.press("#key", "Tab")
    page.wait_for_selector("h2.good")


def test_a_changed_pack_is_refused_with_its_reason(page: Page) -> None:
    data = samples.sealed()[1]
    choose(page, data[:-1] + b"x")
    page.wait_for_selector("h2.bad")
    assert "[zip-form]" in page.inner_text("#answer")
    choose(page, data)
    page.wait_for_selector("h2.open")
    page.fill("#key", replace(samples.KEY, seed=b"\x66" * 32).verifier.text)
    page.press("#key", "Tab")
    page.wait_for_selector("h2.bad")
    assert "[other-key]" in page.inner_text("#answer")


def test_a_simulation_is_called_no_evidence(page: Page) -> None:
    choose(page, samples.sealed("sim/demo/t1")[1])
    page.wait_for_selector(".simulation")
    assert page.inner_text("#answer").startswith("模拟，不是证据")
