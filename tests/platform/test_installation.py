"""Keys, the embedded server, and logs: what an administrator and a privacy officer rely on."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import structlog

from guiyan.platform import database, embedded, home, logs


@pytest.fixture
def other_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIYAN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_key_is_made_once_and_only_its_owner_reads_it(other_home: Path) -> None:
    first = home.key("example")
    assert home.key("example") == first
    assert len(first) == 32
    assert stat.S_IMODE(home.key_path("example").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.keys_dir().stat().st_mode) == 0o700


def test_a_damaged_key_file_is_an_error_and_is_not_replaced(other_home: Path) -> None:
    home.key("example")
    home.key_path("example").write_text("00ff\n")
    with pytest.raises(ValueError, match="does not hold a key"):
        home.key("example")
    assert home.key_path("example").read_text() == "00ff\n"


def test_different_purposes_give_different_secrets(other_home: Path) -> None:
    assert home.derive("example", "a") != home.derive("example", "b")


@pytest.mark.parametrize(
    "url", ["mysql://u:p@h/db", "postgresql://u:p@h/", "postgresql://u:p@h/Bad-Name", "postgresql://u:p@h/x;y"]
)
def test_an_unusable_database_url_is_named(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(database.DatabaseSettingError):
        database.admin()


def test_an_outside_database_is_read_from_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss:p%40ss@db.local:6432/hr?sslmode=require")
    assert database.admin() == {
        "host": "db.local",
        "port": "6432",
        "user": "boss",
        "password": "p@ss",
        "dbname": "hr",
        "sslmode": "require",
    }
    assert database.tenant_role("acme") == "hr_t_acme"


def test_the_embedded_server_listens_on_no_network_and_asks_for_a_password(installation: Path) -> None:
    import psycopg

    server = embedded.shared()
    with psycopg.connect(**database.admin()) as conn:
        assert conn.execute("SHOW listen_addresses").fetchone() == ("",)
    wrong = {**database.admin(), "password": "guess"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**wrong)
    assert server.data.stat().st_mode & 0o077 == 0


_HOLD = """
import os, sys, time
from guiyan.platform import embedded
embedded.shared().start()
print("up", flush=True)
sys.stdin.readline()
embedded.shared().stop()
"""


def test_the_last_process_to_leave_stops_the_server(installation: Path) -> None:
    root = installation / "shared-server"
    root.mkdir(exist_ok=True)
    environment = {**os.environ, "GUIYAN_HOME": str(root)}

    def hold() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", _HOLD],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "up"
        return process

    first, second = hold(), hold()
    pid_file = embedded.Embedded(root).data / "postmaster.pid"
    assert pid_file.exists()
    first.communicate("leave\n", timeout=30)
    assert pid_file.exists(), "another process still uses the server"
    second.communicate("leave\n", timeout=30)
    assert not pid_file.exists()


def test_logs_keep_only_known_keys(capsys: pytest.CaptureFixture[str]) -> None:
    kept = logs.keep_known(None, "info", {"event": "refused", "name": "王小明", "mobile": "13800000000", "status": 403})
    assert kept == {"event": "refused", "status": 403}


def test_library_records_lose_their_arguments() -> None:
    import logging

    lines: list[dict[str, Any]] = []
    before = structlog.get_config()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            logs.keep_known,
            structlog.processors.JSONRenderer(),
            lambda _l, _m, line: lines.append(json.loads(line)) or "",  # type: ignore[arg-type,func-returns-value]
        ],
        cache_logger_on_first_use=False,
    )
    try:
        record = logging.LogRecord("django.request", logging.ERROR, "f", 1, "bad row %s", ("王小明",), None)
        logs._Forward().emit(record)
    finally:
        structlog.configure(**before)
    assert lines
    assert "王小明" not in json.dumps(lines, ensure_ascii=False)
