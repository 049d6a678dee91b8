"""The real thing for a browser: `guiyan up --demo` on a free port, and Debian's chromium with fonts of our own.

Without chromium the tests are named as not run; with CI=true that is a failure.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from guiyan.platform import catalogs, fonts
from guiyan.simulator.company import DEMO_PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

UP_SECONDS_MAX = 240
FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
SERIOUS = {"serious", "critical"}
AXE_RUN = """() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
    .map(v => ({id: v.id, impact: v.impact, nodes: v.nodes.slice(0, 4).map(n => n.target.join(' '))})))"""


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where chromium is."""
    found = os.environ.get("GUIYAN_CHROMIUM") or shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed")
        pytest.skip("not run: chromium is not installed")
    return found


@pytest.fixture(scope="session")
def site(chromium: str) -> Iterator[str]:
    """The address of a running demonstration: web server, worker and database of its own in a fresh folder."""
    catalogs.compile_all()
    home = Path(tempfile.mkdtemp(prefix="guiyan-browser-", dir="/tmp"))
    home.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "GUIYAN_DEMO"}}
    environment = {**kept, "GUIYAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "guiyan.config.settings"}
    words = [sys.executable, "-m", "guiyan", "up", "--demo", "--port", str(port)]
    with (home / "up.log").open("wb") as log:
        process = subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", process, home / "up.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            shutil.rmtree(home, ignore_errors=True)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + UP_SECONDS_MAX
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urlopen(address, timeout=5) as answer:
            if answer.status == 200:
                return
        if process.poll() is not None:
            break
        time.sleep(0.3)
    pytest.fail("the product did not start:\n" + log.read_text(encoding="utf-8", errors="replace")[-3000:])


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, with the product's Chinese fonts and no others."""
    from playwright.sync_api import sync_playwright

    folder = Path(tempfile.mkdtemp(prefix="guiyan-fonts-", dir="/tmp"))
    conf = folder / "fonts.conf"
    conf.write_text(FONTS_CONF.format(fonts=fonts.folder(), cache=folder / "cache"), encoding="utf-8")
    environment = {**os.environ, "FONTCONFIG_FILE": str(conf), "HOME": str(folder)}
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments, env=environment)
        yield opened
        opened.close()
    shutil.rmtree(folder, ignore_errors=True)


class Desk:
    """A page on which somebody is signed in, and everything that it said or asked for."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context = context
        self.site = site
        self.noise: list[str] = []
        self.foreign: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message: object) -> None:
        if getattr(message, "type", "") in {"error", "warning"}:
            self.noise.append(getattr(message, "text", ""))

    def _asked(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((self.site, "data:", "blob:")):
            self.foreign.append(url)

    def sign_in(self, username: str) -> None:
        """Sign in as a demonstration account."""
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", DEMO_PASSWORD)
        self.page.click(".auth__box button.c-btn--primary")
        self.page.wait_for_selector(".side__nav")

    def go(self, path: str) -> None:
        """Open a path and wait until it is quiet."""
        answer = self.page.goto(f"{self.site}{path}", wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    def overflow(self, width: int) -> int:
        """Return by how many pixels the page is wider than the window."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.wait_for_timeout(120)  # charts draw themselves anew
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def theme(self, name: str) -> None:
        """Show the page in light or dark, without the passage between the two."""
        self.page.emulate_media(reduced_motion="reduce")
        self.page.evaluate("name => document.documentElement.setAttribute('data-bs-theme', name)", name)
        self.page.wait_for_timeout(120)

    def accessibility(self) -> list[str]:
        """Return what axe finds serious."""
        source = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        self.page.evaluate(source)
        found = self.page.evaluate(AXE_RUN)
        return [f"{item['id']}: {item['nodes']}" for item in found if item["impact"] in SERIOUS]


@pytest.fixture(scope="session")
def desk_of(browser: Browser, site: str) -> Iterator[Callable[[str], Desk]]:
    """Return the desk of an account; it stays signed in for the whole session."""
    desks: dict[str, Desk] = {}

    def sit(username: str) -> Desk:
        if username not in desks:
            context = browser.new_context(
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport={"width": 1440, "height": 900},
                reduced_motion="reduce",  # a colour half-way between two themes is nobody's contrast
            )
            desks[username] = Desk(context, site)
            desks[username].sign_in(username)
        desk = desks[username]
        desk.noise.clear()
        desk.foreign.clear()
        desk.page.set_viewport_size({"width": 1440, "height": 900})
        return desk

    yield sit
    for desk in desks.values():
        desk.context.close()
