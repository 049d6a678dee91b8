"""What ``doctor`` looks at: each finding says what was found and, when something is wrong, how to mend it."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from guiyan.config import soundness
from guiyan.platform import clock, database, embedded, home

RESTORE_KEYS = "guiyan restore-keys BACKUP.keys (take a wrong file away first)"
CLOCK_SECONDS_MAX = 5
FREE_BYTES_MIN = 2 * 1024**3
MARKS = {"fine": "✓", "note": "•", "wrong": "✗"}


@dataclass(frozen=True)
class Found:
    """One finding: ``level`` is fine, note or wrong; ``cure`` says what to do."""

    name: str
    level: str
    found: str
    cure: str = ""

    @property
    def mark(self) -> str:
        """A sign for the terminal."""
        return MARKS[self.level]

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON."""
        return asdict(self)


def examine() -> list[Found]:
    """Return every finding about this installation, problems and all."""
    found: list[Found] = []
    for look in (_python, _home, _keys, _disk, _root, _transport, _fonts, _assets):
        found += list(look())
    found += _database()
    return found


def _python() -> Iterator[Found]:
    yield Found("Python", "fine", ".".join(map(str, sys.version_info[:3])))


def _home() -> Iterator[Found]:
    folder = home.home()
    if not folder.exists():
        yield Found("状态目录 home", "note", f"{folder} is not there yet", "guiyan up makes it.")
    elif not os.access(folder, os.W_OK):
        yield Found(
            "状态目录 home", "wrong", f"{folder} cannot be written", "Give this user the folder, or set GUIYAN_HOME."
        )
    else:
        yield Found("状态目录 home", "fine", str(folder))


def _keys() -> Iterator[Found]:
    for name in home.ALL_KEYS:
        path = home.key_path(name)
        problem = soundness.key_problem(name)
        if problem:
            yield Found(f"密钥 key {name}", "wrong", problem, RESTORE_KEYS)
        elif path.exists():
            continue
        elif name == home.ROLES_KEY and soundness.roles_key_is_lost():
            yield Found(f"密钥 key {name}", "wrong", f"{path} is missing, and the database is there", RESTORE_KEYS)
        else:
            yield Found(f"密钥 key {name}", "note", f"{path} is not there yet", "It is made when it is first needed.")
    for path in sorted(home.keys_dir().rglob("*.key")) if home.keys_dir().exists() else []:
        mode = stat.S_IMODE(path.stat().st_mode)
        name = f"密钥 key {path.relative_to(home.keys_dir())}"
        if mode & 0o077:
            yield Found(name, "wrong", f"{path} has mode {mode:04o}", f"chmod 600 {path}")
        else:
            yield Found(name, "fine", f"{path} (0600; back it up apart from the database)")


def _disk() -> Iterator[Found]:
    folder = home.home()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = f"{free // 1024**2} MiB free"
    if free < FREE_BYTES_MIN:
        yield Found("磁盘 disk", "wrong", text, "Make room: at least 2 GiB must be free.")
    else:
        yield Found("磁盘 disk", "fine", text)


def _root() -> Iterator[Found]:
    if os.geteuid() == 0:
        yield Found("用户 user", "note", "running as root", "Run guiyan as a user of its own; PostgreSQL already is.")


def _transport() -> Iterator[Found]:
    if os.environ.get("GUIYAN_TLS") == "1" or os.environ.get("GUIYAN_BEHIND_PROXY") == "1":
        yield Found("加密传输 https", "fine", "on")
    else:
        yield Found(
            "加密传输 https",
            "note",
            "plain http: passkeys and in-browser verification work on this machine only",
            "Use --tls-cert and --tls-key, or a proxy with GUIYAN_BEHIND_PROXY=1.",
        )


def _fonts() -> Iterator[Found]:
    from guiyan.platform import fonts  # noqa: PLC0415  looked at only here

    missing = fonts.missing()
    if missing:
        yield Found("字体 fonts", "wrong", ", ".join(missing), "Install the requirements, or set GUIYAN_FONT_DIR.")
    else:
        yield Found("字体 fonts", "fine", str(fonts.folder()))


def _assets() -> Iterator[Found]:
    vendor = Path(__file__).parents[1] / "ui" / "static" / "vendor"
    if vendor.is_dir() and any(vendor.iterdir()):
        yield Found("前端文件 assets", "fine", "present")
    else:
        yield Found("前端文件 assets", "wrong", "front-end files are missing", "python -m guiyan.ui.assets")


def _database() -> list[Found]:
    name = "数据库 database"
    if soundness.roles_key_is_lost() or soundness.key_problem(home.ROLES_KEY):
        return [Found(name, "note", "not looked at: the key that opens it is not there", RESTORE_KEYS)]
    try:
        if not database.url():
            embedded.shared().start()
        with psycopg.connect(**database.admin("postgres"), connect_timeout=5) as conn:
            row = conn.execute(
                "SELECT current_setting('server_version'), usesuper, clock_timestamp() FROM pg_user"
                " WHERE usename = user"
            ).fetchone()
            apart = abs((clock.wall() - row[2]).total_seconds()) if row else 0.0
            assert row is not None
            exists = conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name()]).fetchone()
    except (psycopg.Error, embedded.EmbeddedError, database.DatabaseSettingError, OSError) as error:
        return [
            Found(
                name, "wrong", str(error).strip()[:300], "Check DATABASE_URL, or the log in the home's postgres folder."
            )
        ]
    found = [*_clock(apart), Found(name, "fine", f"PostgreSQL {row[0]}{'' if database.url() else ' (embedded)'}")]
    if not row[1]:
        found.append(
            Found(
                "数据库触发器 event triggers",
                "note",
                "the administrator is no superuser: event triggers are absent",
                "The roles are the first wall; give set-up a superuser once to have the second.",
            )
        )
    if not exists:
        return [*found, Found(name, "note", f"{database.name()} is not there yet", "guiyan up makes it.")]
    if row[1]:
        found += _guards()
    return found + _tenants()


def _clock(apart: float) -> Iterator[Found]:
    if apart > CLOCK_SECONDS_MAX:
        text = f"this machine and the database are {apart:.0f} seconds apart"
        yield Found("时钟 clock", "wrong", text, "Let both follow a time server (NTP): every entry carries the time.")


def _guards() -> list[Found]:
    from guiyan.config.cli import start  # noqa: PLC0415  needs Django only here

    start.django_ready()
    from guiyan.ledger import opening  # noqa: PLC0415  needs Django

    name = "数据库触发器 event triggers"
    with psycopg.connect(**database.admin()) as conn:
        if opening.guarded(conn):
            return [Found(name, "fine", "on")]
    return [Found(name, "wrong", "the triggers that guard the logs are absent or off", "guiyan migrate")]


def _tenants() -> list[Found]:
    from guiyan.config.cli import start  # noqa: PLC0415  needs Django only here

    start.django_ready()
    from django.db import DatabaseError, connection  # noqa: PLC0415  needs Django
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415  needs Django

    from guiyan.ledger import keys  # noqa: PLC0415  needs Django
    from guiyan.platform import permissions, tenancy  # noqa: PLC0415  needs Django
    from guiyan.platform.tenancy import directory  # noqa: PLC0415  needs Django

    found: list[Found] = []
    wanted = set(MigrationLoader(None).graph.nodes)
    try:
        tenants = directory.every()
        for tenant in tenants:
            with tenancy.session(tenant), connection.cursor() as cursor:
                cursor.execute("SELECT app, name FROM django_migrations")
                behind = wanted - set(cursor.fetchall())
            if behind:
                found.append(
                    Found(f"租户 tenant {tenant}", "wrong", f"{len(behind)} migrations behind", "guiyan migrate")
                )
            else:
                found.append(Found(f"租户 tenant {tenant}", "fine", tenant.name))
    except DatabaseError as error:
        return [Found("租户 tenants", "wrong", type(error).__name__, "guiyan migrate")]
    if not tenants:
        found.append(Found("租户 tenants", "note", "none yet", "guiyan up asks for the first."))
    codes = [tenant.schema_name for tenant in tenants]
    found += [Found("日志密钥 log keys", "wrong", text, RESTORE_KEYS) for text in keys.problems(codes)]
    if not any(item.level == "wrong" for item in found):
        found += [Found("主密钥 master key", "wrong", text, RESTORE_KEYS) for text in soundness.master_problems()]
    found += [Found("权限表 role table", "wrong", text, "Reinstall Guiyan.") for text in permissions.problems()]
    return found
