"""SQL of the ledger's tables, rights and guards, with the names of schema and roles filled in."""

from __future__ import annotations

from importlib import resources

from psycopg import sql


def statements(name: str, **identifiers: str) -> str:
    """Return ``<name>.sql`` with each ``{placeholder}`` replaced by a quoted identifier.

    A placeholder in single quotes stands for the quoted identifier as text.
    """
    text = resources.files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    for key, value in identifiers.items():
        quoted = sql.Identifier(value).as_string(None)
        text = text.replace("'{" + key + "}'", sql.Literal(quoted).as_string(None)).replace("{" + key + "}", quoted)
    return text
