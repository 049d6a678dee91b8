"""Who may do what to the log: the application appends and reads, the sequencer adds, nobody who logs in changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from guiyan.ledger import opening
from guiyan.platform import database

from .conftest import Signed

Raw = psycopg.Connection[Any]
APPLICATION = [
    "UPDATE ledger_entry SET entry = 'x'",
    "UPDATE ledger_entry SET at = at - interval '1 day'",
    "DELETE FROM ledger_entry",
    "TRUNCATE ledger_entry",
    "INSERT INTO ledger_entry (entry, type, at) VALUES ('xx', 'fact.recorded', '2020-01-01')",
    "INSERT INTO ledger_entry (entry, type) VALUES ('xx', 'fact.recorded')",
    "DELETE FROM ledger_pending",
    "INSERT INTO ledger_pending (entry_id, leaf) VALUES (1, '')",
    "UPDATE ledger_seq SET seq = seq + 1",
    "DELETE FROM ledger_seq",
    "INSERT INTO ledger_checkpoint (epoch, size, root, note) VALUES (1, 1, '', '')",
    "DELETE FROM ledger_checkpoint",
    "UPDATE ledger_tile SET data = data",
    "DELETE FROM ledger_tile",
    "UPDATE ledger_log SET vkey = ''",
    "INSERT INTO ledger_log (epoch, origin, vkey) VALUES (9, 'x', '')",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "ALTER TABLE ledger_entry DISABLE TRIGGER no_ud",
    "ALTER TABLE ledger_entry OWNER TO CURRENT_USER",
    "ALTER TABLE ledger_entry RENAME TO gone",
    "DROP TABLE ledger_entry",
    "DROP TRIGGER no_ud ON ledger_entry",
    "CREATE TRIGGER mine BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_unchanging()",
    "CREATE RULE mine AS ON INSERT TO ledger_entry DO INSTEAD NOTHING",
    "DROP FUNCTION ledger_append(bytea, bytea, text, bytea, bigint)",
    "ALTER SEQUENCE ledger_entry_id_seq RESTART WITH 1",
    "SELECT nextval('ledger_entry_id_seq')",
    "SELECT setval('ledger_entry_id_seq', 1)",
    "LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE",
    "SET session_replication_role = replica",
    "SET event_triggers = off",
    "DELETE FROM ledger_receipt",
    "UPDATE ledger_receipt SET sid = ''",
]
SEQUENCER = [
    "UPDATE {s}.ledger_entry SET entry = 'x'",
    "INSERT INTO {s}.ledger_entry (entry, type) VALUES ('xx', 'fact.recorded')",
    "DELETE FROM {s}.ledger_entry",
    "UPDATE {s}.ledger_checkpoint SET note = ''",
    "DELETE FROM {s}.ledger_checkpoint",
    "INSERT INTO {s}.ledger_checkpoint AS c (epoch, size, root, note) SELECT epoch, size, root, note "
    "FROM {s}.ledger_checkpoint ON CONFLICT (epoch, size) DO UPDATE SET note = ''",
    "UPDATE {s}.ledger_seq SET leaf = leaf",
    "DELETE FROM {s}.ledger_seq",
    "UPDATE {s}.ledger_tile SET data = data",
    "DELETE FROM {s}.ledger_tile",
    "TRUNCATE {s}.ledger_tile",
    "TRUNCATE {s}.ledger_pending",
    "UPDATE {s}.ledger_pending SET leaf = ''",
    "UPDATE {s}.ledger_log SET vkey = ''",
    "SELECT * FROM {s}.ledger_committedvalue",
    "SELECT * FROM {s}.ledger_pseudonym",
    "SELECT * FROM {s}.platform_user",
    "SELECT * FROM public.tenancy_tenant",
    "ALTER TABLE {s}.ledger_checkpoint DISABLE TRIGGER ALL",
]
WRITES = [
    "UPDATE {s}.ledger_entry SET entry = entry",
    "DELETE FROM {s}.ledger_entry",
    "TRUNCATE {s}.ledger_entry",
    "UPDATE {s}.ledger_pending SET leaf = leaf",
    "TRUNCATE {s}.ledger_pending",
    "DELETE FROM {s}.ledger_seq",
    "TRUNCATE {s}.ledger_seq",
    "UPDATE {s}.ledger_tile SET data = data",
    "TRUNCATE {s}.ledger_tile",
    "DELETE FROM {s}.ledger_checkpoint",
    "UPDATE {s}.ledger_log SET vkey = vkey",
]
OWNER = [
    "ALTER TABLE {s}.ledger_entry DISABLE TRIGGER ALL",
    "ALTER TABLE {s}.ledger_entry DISABLE TRIGGER USER",
    "ALTER TABLE {s}.ledger_entry DISABLE TRIGGER no_ud",
    "ALTER TABLE {s}.ledger_entry ENABLE TRIGGER no_ud",
    "ALTER TABLE {s}.ledger_entry RENAME TO gone",
    "ALTER TABLE {s}.ledger_entry SET SCHEMA public",
    "ALTER SCHEMA {s} RENAME TO elsewhere",
    "ALTER FUNCTION {s}.ledger_append(bytea, bytea, text, bytea, bigint) RENAME TO gone",
    "ALTER TABLE {s}.ledger_entry ALTER COLUMN leaf DROP EXPRESSION",
    "ALTER TABLE {s}.ledger_entry ALTER COLUMN at SET DEFAULT '2020-01-01'",
    "ALTER TABLE {s}.ledger_seq DROP CONSTRAINT ledger_seq_pkey",
    "ALTER TABLE {s}.ledger_checkpoint OWNER TO CURRENT_USER",
    "ALTER TRIGGER no_ud ON {s}.ledger_entry RENAME TO was_ud",
    "DROP TRIGGER no_tr ON {s}.ledger_tile",
    "DROP TABLE {s}.ledger_pending",
    "DROP TABLE {s}.ledger_entry CASCADE",
    "DROP FUNCTION {s}.ledger_append(bytea, bytea, text, bytea, bigint)",
    "DROP SCHEMA {s} CASCADE",
    "CREATE RULE mine AS ON INSERT TO {s}.ledger_entry DO INSTEAD NOTHING",
    "CREATE POLICY mine ON {s}.ledger_entry USING (false)",
    "CREATE OR REPLACE TRIGGER no_ud BEFORE UPDATE ON {s}.ledger_entry FOR EACH ROW "
    "EXECUTE FUNCTION {s}.ledger_unchanging()",
    "CREATE OR REPLACE FUNCTION {s}.ledger_unchanging() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "ALTER FUNCTION {s}.ledger_append(bytea, bytea, text, bytea, bigint) SECURITY INVOKER",
    "GRANT INSERT ON {s}.ledger_entry TO {t}",
    "GRANT UPDATE (at) ON {s}.ledger_entry TO {t}",
    "GRANT ALL ON {s}.ledger_checkpoint TO PUBLIC",
    "GRANT UPDATE ON {s}.ledger_checkpoint TO {q}",
]


def _login(role: str) -> Iterator[Raw]:
    with psycopg.connect(**database.params(role)) as raw:
        yield raw
        raw.rollback()


@pytest.fixture
def application(signed: Signed) -> Iterator[Raw]:
    yield from _login(database.tenant_role(signed.tenant))


@pytest.fixture
def writer(signed: Signed) -> Iterator[Raw]:
    yield from _login(database.role(database.SEQUENCER))


@pytest.fixture
def migrator(signed: Signed) -> Iterator[Raw]:
    yield from _login(database.role(database.MIGRATOR))


LEAF = "sha256('\\x007b7d'::bytea)"  # of the entry {}


@pytest.mark.parametrize("statement", APPLICATION)
def test_the_application_only_appends_and_reads(application: Raw, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement)  # type: ignore[call-overload]


def test_the_application_does_append_and_read(application: Raw) -> None:
    row = application.execute(f"SELECT ledger_append('{{}}', {LEAF}, 'fact.recorded', NULL, NULL)").fetchone()
    stored = application.execute(
        "SELECT leaf = sha256('\\x00'::bytea || entry), abs(extract(epoch FROM at - clock_timestamp())) < 60 "
        "FROM ledger_entry WHERE id = %s",
        row,
    ).fetchone()
    assert stored == (True, True)


@pytest.mark.parametrize(
    "arguments",
    [
        f"'{{ }}', {LEAF}, 'fact.recorded', NULL, NULL",
        "'{}', NULL, 'fact.recorded', NULL, NULL",
        "'{', sha256('\\x007b'::bytea), 'fact.recorded', NULL, NULL",
        f"'{{}}', {LEAF}, 'fact.recorded', NULL, 1",
        f"'{{}}', {LEAF}, 'fact.recorded', '\\x00', 1",
        f"'{{}}', {LEAF}, 'fact.recorded', sha256(''), NULL",
        f"'{{}}', {LEAF}, 'fact.recorded', sha256(''), 0",
        f"'{{}}', {LEAF}, NULL, NULL, NULL",
    ],
)
def test_what_is_no_entry_or_not_what_the_caller_hashed_is_not_appended(application: Raw, arguments: str) -> None:
    with pytest.raises((errors.NoDataFound, errors.NotNullViolation)):
        application.execute(f"SELECT ledger_append({arguments})")


def test_a_step_of_a_case_is_appended_once(application: Raw) -> None:
    call = f"SELECT ledger_append('{{}}', {LEAF}, 'fact.recorded', sha256('case'), 1)"
    application.execute(call)
    with pytest.raises(errors.UniqueViolation):
        application.execute(call)


@pytest.mark.parametrize(
    "statement", ["SELECT 1 FROM {s}.ledger_entry", "SELECT {s}.ledger_append('{{}}', '', 'x', NULL, NULL)"]
)
def test_one_tenant_neither_reads_nor_writes_anothers_log(signed: Signed, statement: str) -> None:
    with psycopg.connect(**database.params(database.tenant_role("alpha"))) as raw:
        with pytest.raises(errors.InsufficientPrivilege):
            raw.execute(sql.SQL(statement).format(s=sql.Identifier(signed.tenant)))  # type: ignore[arg-type]
        raw.rollback()


@pytest.mark.parametrize("statement", SEQUENCER)
def test_the_sequencer_adds_and_changes_nothing(writer: Raw, signed: Signed, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        writer.execute(sql.SQL(statement).format(s=sql.Identifier(signed.tenant)))  # type: ignore[arg-type]


def test_nothing_planted_in_the_search_path_reaches_the_appending_functions(application: Raw, signed: Signed) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute("CREATE TEMP TABLE ledger_entry (entry bytea, type text, tag bytea, cseq bigint)")
    application.rollback()
    fixed = application.execute(
        "SELECT prosecdef, proconfig FROM pg_proc WHERE pronamespace = %s::regnamespace "
        "AND proname IN ('ledger_append', 'ledger_append_many')",
        [signed.tenant],
    ).fetchall()
    assert fixed == [(True, [f"search_path=pg_catalog, {signed.tenant}, pg_temp"])] * 2


@pytest.mark.parametrize("role_of_replica", [False, True])
@pytest.mark.parametrize("statement", WRITES)
def test_even_a_superuser_meets_the_triggers(signed: Signed, statement: str, role_of_replica: bool) -> None:
    with psycopg.connect(**database.admin()) as admin:
        if role_of_replica:
            admin.execute("SET session_replication_role = replica")
        if "pending" in statement:
            admin.execute(
                sql.SQL("INSERT INTO {}.ledger_pending (entry_id, leaf) VALUES (1, '')").format(
                    sql.Identifier(signed.tenant)
                )
            )
        with pytest.raises(errors.InsufficientPrivilege, match="append-only"):
            admin.execute(sql.SQL(statement).format(s=sql.Identifier(signed.tenant)))  # type: ignore[arg-type]
        admin.rollback()


@pytest.mark.parametrize("statement", OWNER)
@pytest.mark.parametrize("superuser", [False, True])
def test_not_even_the_owner_changes_a_sealed_log(
    migrator: Raw, signed: Signed, statement: str, superuser: bool
) -> None:
    names = {"s": signed.tenant, "t": database.tenant_role("alpha"), "q": database.role(database.SEQUENCER)}
    text = sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()})  # type: ignore[arg-type]
    if not superuser:
        with pytest.raises(errors.InsufficientPrivilege):
            migrator.execute(text)
        return
    with psycopg.connect(**database.admin()) as admin:
        with pytest.raises(errors.InsufficientPrivilege, match="sealed"):
            admin.execute(text)
        admin.rollback()


def test_an_unsealed_log_can_be_upgraded_and_is_sealed_again(committing: Any) -> None:
    change = sql.SQL("ALTER TABLE {}.ledger_entry ADD COLUMN note text").format(sql.Identifier(committing.schema_name))
    opening.unseal(committing.schema_name)
    with psycopg.connect(**database.params(database.role(database.MIGRATOR))) as owner:
        owner.execute(change)
        owner.rollback()
    assert opening.seal(committing.schema_name)
    with psycopg.connect(**database.params(database.role(database.MIGRATOR))) as owner:
        with pytest.raises(errors.InsufficientPrivilege, match="sealed"):
            owner.execute(change)
        owner.rollback()


def test_nobody_who_logs_in_owns_the_log(signed: Signed) -> None:
    with psycopg.connect(**database.admin()) as admin:
        owners = admin.execute(
            "SELECT DISTINCT r.rolname, r.rolcanlogin FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
            "WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND c.relname IN "
            "('ledger_log', 'ledger_entry', 'ledger_pending', 'ledger_seq', 'ledger_tile', 'ledger_checkpoint')",
            [signed.tenant],
        ).fetchall()
        members = admin.execute(
            "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles o ON o.oid = a.roleid "
            "JOIN pg_roles m ON m.oid = a.member WHERE o.rolname = %s AND NOT m.rolsuper",
            [database.role(database.LEDGER_OWNER)],
        ).fetchall()
    assert owners == [(database.role(database.LEDGER_OWNER), False)]
    assert members == [(database.role(database.MIGRATOR),)]
