"""What an administrator does: set up, back up, restore, examine. A backup that cannot be restored is no backup."""

from __future__ import annotations

import json
import stat
import tarfile

import pytest

from tests.config.conftest import Installation

FILL = """
from guiyan.config.cli import start
start.database_ready()
from django.db import connection
from guiyan.platform import clock, crypto, tenancy
from guiyan.platform.acting import action
from guiyan.platform.actions import create_account
from guiyan.platform.permissions import SYSTEM
from guiyan.platform.tenancy import directory
from uuid import UUID
SUBJECT = UUID(int=7)
with tenancy.session(directory.by_code("acme")):
    create_account(SYSTEM, username="wang", display_name="王小明", password="a-long-password-7", now=clock.now())
    key = crypto.subject_key(SUBJECT, "contract")
    print(crypto.seal(key, "沪A12345".encode(), where="w").hex())
"""

READ = """
import sys
from guiyan.config.cli import start
start.database_ready()
from guiyan.platform import crypto, tenancy
from guiyan.platform.models import User
from guiyan.platform.tenancy import directory
from uuid import UUID
with tenancy.session(directory.by_code("acme")):
    user = User.objects.get(username="wang")
    print(user.display_name, user.check_password("a-long-password-7"))
    print(crypto.unseal(crypto.subject_key(UUID(int=7), "contract"), bytes.fromhex("{sealed}"), where="w").decode())
"""


def test_a_backup_restores_everything_into_an_empty_installation(here: Installation, elsewhere: Installation) -> None:
    assert here.run("tenant", "create", "acme", "海岳云科技", "--host", "acme.localhost").returncode == 0
    sealed = here.script(FILL).strip()
    out = here.home / "backup.tar"
    done = here.run("backup", "--out", str(out))
    assert done.returncode == 0, done.stderr
    keys = out.with_name("backup.tar.keys")
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "沪A12345".encode() not in out.read_bytes()

    again = elsewhere.run("restore", str(out), "--keys", str(keys))
    assert again.returncode == 0, again.stderr
    assert elsewhere.script(READ.replace("{sealed}", sealed)).split() == ["王小明", "True", "沪A12345"]
    examined = elsewhere.run("doctor", "--json")
    assert examined.returncode == 0, examined.stdout
    assert any(item["name"].endswith("acme") and item["level"] == "fine" for item in json.loads(examined.stdout))

    over = here.run("restore", str(out), "--keys", str(keys))
    assert over.returncode == 1
    assert "not empty" in over.stderr
    assert here.script(READ.replace("{sealed}", sealed)).split()[0] == "王小明", "nothing was lost"


def test_a_damaged_backup_is_refused_and_changes_nothing(here: Installation, elsewhere: Installation) -> None:
    assert here.run("tenant", "create", "acme", "海岳云科技").returncode == 0
    out = here.home / "backup.tar"
    assert here.run("backup", "--out", str(out)).returncode == 0
    content = bytearray(out.read_bytes())
    content[len(content) // 2] ^= 1
    out.write_bytes(bytes(content))
    refused = elsewhere.run("restore", str(out), "--keys", str(out) + ".keys")
    assert refused.returncode == 1
    assert "damaged" in refused.stderr or "not a Guiyan backup" in refused.stderr
    assert not (elsewhere.home / "postgres").exists()
    assert not (elsewhere.home / "keys").exists()


@pytest.mark.parametrize(("name", "kind"), [("../out", "file"), ("/tmp/guiyan-out", "file"), ("link", "link")])
def test_a_backup_that_names_a_place_outside_is_refused(here: Installation, name: str, kind: str) -> None:
    archive, keys = here.home / "b.tar", here.home / "k"
    keys.write_text('{"format": "guiyan-keys/1", "keys": {}}')
    with tarfile.open(archive, "w") as tar:
        entry = tarfile.TarInfo(name)
        if kind == "link":
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    refused = here.run("restore", str(archive), "--keys", str(keys))
    assert refused.returncode == 1
    assert "no part of a backup" in refused.stderr
    assert not (here.home / "postgres").exists()


def test_a_backup_never_overwrites(here: Installation) -> None:
    assert here.run("tenant", "create", "acme", "海岳云科技").returncode == 0
    out = here.home / "backup.tar"
    out.write_text("something dear")
    assert here.run("backup", "--out", str(out)).returncode == 1
    assert out.read_text() == "something dear"


@pytest.mark.parametrize(
    "content",
    ["", "{}", '{"format": "guiyan-keys/1", "keys": {"../../etc/x.key": "00"}}', '{"format": "other", "keys": {}}'],
)
def test_a_file_that_holds_no_keys_is_refused(here: Installation, content: str) -> None:
    archive, keys = here.home / "b.tar", here.home / "k"
    archive.write_bytes(b"x")
    keys.write_text(content)
    refused = here.run("restore", str(archive), "--keys", str(keys))
    assert refused.returncode == 1
    assert "Error" in refused.stderr
    assert not (here.home / "keys").exists()


def test_the_doctor_finds_a_key_that_others_can_read(here: Installation) -> None:
    assert here.run("tenant", "create", "acme", "海岳云科技").returncode == 0
    assert here.run("doctor").returncode == 0
    key = here.home / "keys" / "roles.key"
    key.chmod(0o644)
    told = here.run("doctor")
    assert told.returncode == 1
    assert f"chmod 600 {key}" in told.stdout


def test_the_doctor_on_an_unreachable_database_says_how_to_mend_it(here: Installation) -> None:
    environment = {**here.environment, "DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/guiyan"}
    import subprocess
    import sys

    told = subprocess.run(
        [sys.executable, "-m", "guiyan", "doctor"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1
    assert "DATABASE_URL" in told.stdout


def test_the_demonstration_serves_on_loopback_only(here: Installation) -> None:
    refused = here.run("up", "--demo", "--host", "0.0.0.0")
    assert refused.returncode == 2
    assert "loopback" in refused.stderr
    assert not (here.home / "postgres").exists()


def test_a_first_start_without_answers_says_what_it_needs(here: Installation) -> None:
    refused = here.run("up", "--port", "18471")
    assert refused.returncode == 1
    assert "--init" in refused.stderr


@pytest.mark.parametrize("code", ["Bad", "public", "x"])
def test_an_impossible_tenant_code_is_named(here: Installation, code: str) -> None:
    refused = here.run("tenant", "create", code, "某公司")
    assert refused.returncode == 1
    assert "lower-case" in refused.stderr
