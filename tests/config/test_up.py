"""`guiyan up` as a new user would start it: from the tree, and from the built wheel on a machine without anything."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.config.conftest import Installation

ROOT = Path(__file__).parents[2]
INIT = """
company: 海岳云科技（上海）有限公司
code: haiyue
admin_username: admin
admin_name: 王敏
admin_password: a-long-password-7
"""
START_SECONDS_MAX = 120


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _up(here: Installation, *words: str, python: str = sys.executable, path: str = "") -> Iterator[httpx.Client]:
    """Start ``guiyan up``, wait until it serves, and stop it by SIGTERM as a service manager would."""
    port = _free_port()
    environment = here.environment | ({"PATH": path} if path else {})
    log = here.home / "up.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [python, "-m", "guiyan", "up", "--port", str(port), *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=20)
    try:
        _wait(client, process, log)
        yield client
    finally:
        client.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0, log.read_text()[-2000:]
    assert not (here.home / "postgres" / "data" / "postmaster.pid").exists(), "nothing is left running"


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-3000:])


def _sign_in(client: httpx.Client, username: str, password: str) -> httpx.Response:
    page = client.get("/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    told = {"login": username, "password": password, "csrfmiddlewaretoken": token[1]}
    return client.post("/accounts/login/", data=told, headers={"Referer": str(page.url)})


def _init(here: Installation) -> Path:
    path = here.home / "company.yaml"
    path.write_text(INIT)
    return path


def test_a_company_starts_signs_in_and_starts_again(here: Installation) -> None:
    with _up(here, "--init", str(_init(here))) as client:
        page = client.get("/")
        assert page.url.path == "/accounts/login/"
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
        assert addresses
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert "immutable" in answer.headers["Cache-Control"]
        assert _sign_in(client, "admin", "wrong").url.path == "/accounts/login/"
        welcomed = _sign_in(client, "admin", "a-long-password-7")
        assert welcomed.status_code == 200
        assert welcomed.url.path.startswith("/accounts/2fa"), "an administrator sets a second factor first"
    start = time.monotonic()
    with _up(here) as client:
        assert _sign_in(client, "admin", "a-long-password-7").status_code == 200
    assert "asks" not in (here.home / "up.log").read_text()
    assert time.monotonic() - start < START_SECONDS_MAX


def test_a_weak_password_is_refused_before_anything_is_made(here: Installation) -> None:
    path = _init(here)
    path.write_text(INIT.replace("a-long-password-7", "123"))
    refused = here.run("up", "--init", str(path), "--port", str(_free_port()))
    assert refused.returncode == 1
    assert "Error" in refused.stderr
    assert here.run("tenant", "list").stdout == ""


@pytest.mark.parametrize("content", ["company: x", "- a\n- b", "company: [", "{}"])
def test_an_unusable_init_file_is_named(here: Installation, content: str) -> None:
    path = here.home / "company.yaml"
    path.write_text(content)
    refused = here.run("up", "--init", str(path), "--port", str(_free_port()))
    assert refused.returncode == 1
    assert "company.yaml" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_port_in_use_is_named_before_anything_is_made(here: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = here.run("up", "--demo", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "--port" in refused.stderr
    assert not (here.home / "postgres").exists()


def test_the_wheel_runs_where_nothing_else_is(here: Installation, tmp_path: Path) -> None:
    """Installed by pip alone from a folder of packages, without node, make or an index."""
    packages, clean = tmp_path / "packages", Path(f"/tmp/guiyan-wheel-{os.getpid()}")
    _run(
        sys.executable, "-m", "pip", "download", "-q", "--require-hashes", "-r", "requirements.txt", "-d", str(packages)
    )
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(packages), ".")
    (wheel,) = packages.glob("guiyan-*.whl")
    try:
        _run(sys.executable, "-m", "venv", str(clean))
        python = str(clean / "bin" / "python")
        _run(python, "-m", "pip", "install", "-q", "--no-index", "--find-links", str(packages), str(wheel), index=False)
        with _up(here, "--init", str(_init(here)), python=python, path="/usr/sbin:/usr/bin:/bin") as client:
            page = client.get("/accounts/login/")
            assert all(
                client.get(address).status_code == 200
                for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
            )
            english = client.get("/accounts/login/", headers={"Accept-Language": "en"})
            assert 'lang="en"' in english.text
            assert "登录" not in re.sub(r"<script.*?</script>", "", english.text.split("<main", 1)[-1])
    finally:
        shutil.rmtree(clean, ignore_errors=True)


def _run(*words: str, index: bool = True) -> None:
    environment = dict(os.environ) if index else {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    done = subprocess.run(
        list(words), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-2500:]
