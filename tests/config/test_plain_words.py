"""What an administrator gets wrong is said in one sentence: no traceback, the right status, and nothing half made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from guiyan.config.cli import plain, serving
from tests.config.conftest import Installation

ROOT_FILE = "/proc/nothing-can-be-made-here"
INIT = (
    "company: {company}\ncode: haiyue\nadmin_username: administrator1\nadmin_name: 王敏\nadmin_password: {password}\n"
)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("up --port 99999", 2, "--port"),
        ("serve --port 0", 2, "--port"),
        ("up --host 192.0.2.1 --port 18473", 1, "--host"),
        ("up --demo --init {file}", 2, "--init"),
        ("up --init {folder}", 2, "--init"),
        ("worker --concurrency 0", 2, "--concurrency"),
        ("up --tls-cert {file} --tls-key {file}", 1, "PKCS#8"),
        ("law cases {folder}/nothing.jsonl", 2, "nothing.jsonl"),
        ("scenario run no-such-story --out {folder}/x", 1, "no-such-story"),
        ("scenario run resignation-reversal --out " + ROOT_FILE, 1, ROOT_FILE),
        ("evidence export x --tenant a --out {folder}/none/x.zip", 1, "x.zip"),
        ("tenant create acme 某公司 --admin boss", 2, "--admin-name"),
    ],
)
def test_a_wrong_word_is_named_before_anything_is_made(here: Installation, words: str, status: int, said: str) -> None:
    file = here.home / "file"
    file.write_text("company: x")
    refused = here.run(*(word.format(file=file, folder=here.home) for word in words.split()))
    assert refused.returncode == status, refused.stderr
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (here.home / "postgres").exists()


@pytest.mark.parametrize("words", ["tenant list", "ledger verify", "serve --port 18474", "worker"])
def test_before_the_first_start_a_command_says_so(here: Installation, words: str) -> None:
    refused = here.run(*words.split())
    assert refused.returncode == 1
    assert "guiyan up" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("company", "password", "said"),
    [("''", "a-long-password-7", "company"), ("[1, 2]", "a-long-password-7", "company"), ("x", "administrator1", "")],
)
def test_a_first_start_that_is_refused_leaves_no_company(
    here: Installation, company: str, password: str, said: str
) -> None:
    path = here.home / "company.yaml"
    path.write_text(INIT.format(company=company, password=password))
    refused = here.run("up", "--init", str(path), "--port", "18475")
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    if (here.home / "postgres").exists():
        assert here.run("tenant", "list").stdout == ""


@pytest.mark.parametrize(
    "words",
    [("pg_x", "某公司"), ("other", ""), ("other", "x" * 201), ("other", "某", "--host", "bad host/"),
     ("other", "某", "--host", "a.test"), ("acme", "某公司")],
)  # fmt: skip
def test_a_tenant_that_cannot_be_is_refused_whole(here: Installation, words: tuple[str, ...]) -> None:
    assert here.run("tenant", "create", "acme", "海岳云科技", "--host", "a.test").returncode == 0
    refused = here.run("tenant", "create", *words)
    assert refused.returncode == 1
    assert "Error" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert here.run("tenant", "list").stdout.split() == ["acme", "海岳云科技"]


def test_a_tenant_gets_an_administrator_who_can_sign_in(here: Installation) -> None:
    words = ("tenant", "create", "acme", "海岳云科技", "--admin", "boss", "--admin-name", "王敏")
    assert here.run(*words, stdin="boss\n").returncode == 1, "a weak password"
    assert here.run("tenant", "list").stdout == ""
    assert here.run(*words, stdin="a-long-password-7\n").returncode == 0
    told = here.script(
        "from guiyan.config.cli import start\nstart.database_ready()\n"
        "from guiyan.platform import tenancy\nfrom guiyan.platform.models import User\n"
        "from guiyan.platform.tenancy import directory\n"
        "with tenancy.session(directory.by_code('acme')):\n"
        "    user = User.objects.get()\n"
        "    print(user.username, user.check_password('a-long-password-7'), user.grants.get().role)\n"
    )
    assert told.split() == ["boss", "True", "system_admin"]


FILL = (
    "from guiyan.config.cli import start\nstart.database_ready()\n"
    "from uuid import UUID\nfrom guiyan.platform import crypto, tenancy\n"
    "from guiyan.platform.tenancy import directory\n"
    "with tenancy.session(directory.by_code('acme')):\n"
    "    crypto.subject_key(UUID(int=7), 'contract')\n"
)


@pytest.mark.parametrize("name", ["master", "roles"])
@pytest.mark.parametrize("broken", ["missing", "garbage", "another"])
def test_a_lost_key_is_never_made_anew_and_can_be_put_back(here: Installation, name: str, broken: str) -> None:
    assert here.run("tenant", "create", "acme", "海岳云科技").returncode == 0
    here.script(FILL)
    out = here.home / "b.tar"
    assert here.run("backup", "--out", str(out)).returncode == 0
    key = here.home / "keys" / f"{name}.key"
    whole = key.read_text()
    key.unlink()
    if broken != "missing":
        key.write_text("not a key" if broken == "garbage" else "ab" * 32 + "\n")
        key.chmod(0o600)
    before = key.read_text() if key.exists() else None
    told = here.run("doctor")
    assert told.returncode == 1, told.stdout
    assert "Traceback" not in told.stderr
    refused = here.run("migrate")
    assert refused.returncode == 1
    assert f"{name}.key" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (key.read_text() if key.exists() else None) == before, "nothing was made in its place"
    if before is not None:
        assert here.run("restore-keys", f"{out}.keys").returncode == 1, "a file that is there is never replaced"
        key.unlink()
    assert here.run("restore-keys", f"{out}.keys").returncode == 0
    assert key.read_text() == whole
    assert here.run("doctor").returncode == 0


def test_the_server_keeps_room_for_connections_that_idle() -> None:
    words = serving.Web("127.0.0.1", 8000, None, None, 8).command()
    assert int(words[words.index("--backpressure") + 1]) >= 500, "64 idle browsers stopped it for everybody"


def test_an_unexpected_error_is_a_sentence_without_its_text() -> None:
    try:
        raise KeyError("王小明 13800000000")
    except KeyError as error:
        said = plain.sentence(error)
    assert "KeyError" in said
    assert "guiyan doctor" in said
    assert "王小明" not in said


def test_a_start_that_is_ended_early_leaves_nothing_running(here: Installation) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "guiyan", "migrate"],
        env=here.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert "migrating" in process.stderr.readline()
    process.terminate()
    process.stderr.close()
    assert process.wait(60) != 0
    assert not (here.home / "postgres" / "data" / "postmaster.pid").exists()


def test_an_earlier_pack_does_not_stay_beside_a_new_log(tmp_path: Path) -> None:
    from guiyan.simulator import scenarios

    (tmp_path / "pack.zip").write_bytes(b"old")
    scenarios.clear(tmp_path)
    assert not (tmp_path / "pack.zip").exists()
