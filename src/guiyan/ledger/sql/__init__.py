"""SQL of the ledger's tables, rights and guards, with the names of schema and roles filled in."""

from __future__ import annotations

from importlib import resources

from psycopg import sql


def statements(name: str, **identifiers: str) -> str:
    """Return ``<name>.sql`` with each ``{placeholder}`` replaced by a quoted identifier."""
    text = resources.files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    quoted = {key: sql.Identifier(value).as_string(None) for key, value in identifiers.items()}
    for key, value in quoted.items():
        text = text.replace("{" + key + "}", value)
    return text
