"""Whether keys and database belong together. Asked before anything is written: a new key in an old place loses data.

A key that is missing is made anew only where nothing needs the old one.
"""

from __future__ import annotations

import psycopg

from guiyan.platform import database, embedded, home

TENANTS_LOOKED_AT = 20
RESTORE_KEY = "Restore it from the .keys file of a backup; nothing was changed."


class Unsound(RuntimeError):
    """Keys and database do not belong together, or cannot be read; the message says what to do."""


def key_problem(name: str) -> str:
    """Say what is wrong with a key file that is there; empty when nothing is."""
    path = home.key_path(name)
    try:
        if path.exists():
            home.key(name)
    except ValueError:
        return f"{path} does not hold a key."
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."
    return ""


def roles_key_is_lost() -> bool:
    """Tell whether the embedded database is there and the key that opens it is not."""
    made = not database.url() and (embedded.shared().data / "PG_VERSION").exists()
    return made and not home.key_path(home.ROLES_KEY).exists()


def require_keys() -> None:
    """Raise ``Unsound`` when a key file is damaged, or the one that opens the database is lost."""
    for name in home.ALL_KEYS:
        problem = key_problem(name)
        if problem:
            raise Unsound(f"密钥文件已损坏。 {problem} {RESTORE_KEY}")
    if roles_key_is_lost():
        path = home.key_path(home.ROLES_KEY)
        raise Unsound(f"打开数据库的密钥不见了。 {path} is missing, and the database is there. {RESTORE_KEY}")


def database_is_there() -> bool:
    """Tell whether the product's database exists. Raises ``Unsound`` when the server cannot be asked."""
    try:
        with psycopg.connect(**database.admin("postgres"), connect_timeout=10) as conn:
            row = conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name()]).fetchone()
    except psycopg.Error as error:
        raise Unsound(f"数据库连不上。 The database cannot be reached: {said(error)}. {_cure(error)}") from error
    return row is not None


def said(error: BaseException) -> str:
    """Return the last line of what the server or driver said, without the rest."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300].rstrip(".") if lines else type(error).__name__


def _cure(error: psycopg.Error) -> str:
    if database.url():
        return "Check DATABASE_URL, and that the server runs."
    if "password" in str(error):
        return f"{home.key_path(home.ROLES_KEY)} is the key of another installation. {RESTORE_KEY}"
    return "Look at the log in the home's postgres folder."


def master_problems(*, limit: int | None = None) -> list[str]:
    """Say for which tenants the master key does not open what was encrypted. Needs Django, and an existing database.

    ``limit`` is how many tenants are looked at.
    """
    from guiyan.platform import crypto, tenancy  # noqa: PLC0415  needs Django
    from guiyan.platform.models import SubjectKey  # noqa: PLC0415  needs Django
    from guiyan.platform.tenancy import directory  # noqa: PLC0415  needs Django

    path = home.key_path(home.MASTER_KEY)
    found: list[str] = []
    for tenant in directory.every()[:limit]:
        with tenancy.session(tenant):
            row = SubjectKey.objects.filter(wrapped__isnull=False).first()
            if row is None:
                continue
            if not path.exists():
                return [f"主密钥不见了。 {path} is missing: the encrypted fields of {tenant} cannot be read."]
            try:
                crypto.subject_key(row.subject_id, row.retention)
            except crypto.Tampered:
                found.append(f"主密钥不对。 {path} is not the key under which the fields of {tenant} were encrypted.")
    return found
