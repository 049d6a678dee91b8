"""What an administrator of the database does to signed entries is found, by tenant, index and type."""

from __future__ import annotations

import io
import json
from string import Formatter
from typing import Any

import psycopg
import pytest
from django.utils import translation
from psycopg import sql

from guiyan.ledger import checks
from guiyan.ledger.findings import TEXTS
from guiyan.ledger.note import Checkpoint, SigningKey, sign_checkpoint
from guiyan.ledger.tree import leaf_hash, stored_from_leaves

from .conftest import ENTRIES, Signed

Admin = psycopg.Connection[Any]
TABLES = ("ledger_log", "ledger_entry", "ledger_pending", "ledger_seq", "ledger_tile", "ledger_checkpoint")


def run(admin: Admin, signed: Signed, statement: str, *params: Any) -> list[tuple[Any, ...]]:
    """Run a statement with every trigger of the log switched off. ``{s}`` is the schema."""
    schema = sql.Identifier(signed.tenant)
    for table in TABLES:
        admin.execute(sql.SQL("ALTER TABLE {}.{} DISABLE TRIGGER ALL").format(schema, sql.Identifier(table)))
    cursor = admin.execute(sql.SQL(statement).format(s=schema), params)  # type: ignore[arg-type]
    return cursor.fetchall() if cursor.description else []


def check(admin: Admin, signed: Signed) -> set[tuple[str, int | None, str]]:
    report = checks.check_log(admin, signed.tenant)
    assert report.tenant == signed.tenant
    return {(each.code, each.index, each.type) for each in report.findings}


def entry_at(admin: Admin, signed: Signed, index: int) -> int:
    query = sql.SQL("SELECT entry_id FROM {}.ledger_seq WHERE epoch = 1 AND seq = %s")
    row = admin.execute(query.format(sql.Identifier(signed.tenant)), [index]).fetchone()
    assert row is not None
    return int(row[0])


EDIT = (
    "UPDATE {s}.ledger_entry SET entry = convert_to(replace(convert_from(entry, 'UTF8'), '\"role\":\"hr\"', "
    "'\"role\":\"it\"'), 'UTF8') WHERE id = %s"
)


def test_an_untouched_log_agrees_with_its_signatures(signed: Signed) -> None:
    report = checks.verify_log(signed.tenant)
    assert (report.ok, report.entries, report.waiting, report.lost) == (True, ENTRIES, 0, 0)
    assert report.checkpoints == 3 and report.key_confirmed and report.outside


@pytest.mark.parametrize(("index", "kind"), [(0, "fact.recorded"), (255, "fact.recorded"), (280, "wage.recorded")])
def test_an_edited_entry_is_named(administrator: Admin, signed: Signed, index: int, kind: str) -> None:
    run(administrator, signed, EDIT, entry_at(administrator, signed, index))
    assert check(administrator, signed) == {("edited", index, kind)}


def test_an_edit_that_lies_about_its_own_type_is_named_by_the_type_it_had(administrator: Admin, signed: Signed) -> None:
    run(
        administrator,
        signed,
        "UPDATE {s}.ledger_entry SET type = 'fact.recorded', entry = convert_to(replace(convert_from(entry, 'UTF8'), "
        "'wage.recorded', 'fact.recorded'), 'UTF8') WHERE id = %s",
        entry_at(administrator, signed, 280),
    )
    assert ("edited", 280, "wage.recorded") in check(administrator, signed)


def test_a_deleted_entry_is_named(administrator: Admin, signed: Signed) -> None:
    run(administrator, signed, "DELETE FROM {s}.ledger_entry WHERE id = %s", entry_at(administrator, signed, 275))
    assert check(administrator, signed) == {("deleted", 275, "wage.recorded")}


def test_an_entry_deleted_with_its_place_is_found(administrator: Admin, signed: Signed) -> None:
    entry_id = entry_at(administrator, signed, 100)
    run(administrator, signed, "DELETE FROM {s}.ledger_entry WHERE id = %s", entry_id)
    run(administrator, signed, "DELETE FROM {s}.ledger_seq WHERE entry_id = %s", entry_id)
    assert ("deleted", 100, "") in check(administrator, signed)


def forge(admin: Admin, signed: Signed, index: int, **changes: str) -> int:
    """Store a new entry like the one at ``index`` with other words, and return its row number."""
    (raw,) = admin.execute(
        sql.SQL("SELECT entry FROM {}.ledger_entry WHERE id = %s").format(sql.Identifier(signed.tenant)),
        [entry_at(admin, signed, index)],
    ).fetchone() or (b"",)
    said = json.loads(raw) | changes
    data = json.dumps(said, separators=(",", ":")).encode()
    row = run(
        admin,
        signed,
        "INSERT INTO {s}.ledger_entry (entry, type, at) VALUES (%s, %s, %s) RETURNING id",
        data,
        said["type"],
        said["t"],
    )
    return int(row[0][0])


def test_an_entry_slipped_in_between_is_named(administrator: Admin, signed: Signed) -> None:
    made = forge(administrator, signed, 274, type="wage.recorded")
    run(administrator, signed, "UPDATE {s}.ledger_seq SET seq = seq + 1000 WHERE seq >= 275")
    run(
        administrator,
        signed,
        "INSERT INTO {s}.ledger_seq SELECT 1, 275, id, type, leaf FROM {s}.ledger_entry WHERE id = %s",
        made,
    )
    run(administrator, signed, "UPDATE {s}.ledger_seq SET seq = seq - 999 WHERE seq >= 1000")
    found = check(administrator, signed)
    assert any(code in {"inserted", "rewritten"} and index in {270, 275} for code, index, _ in found)
    assert ("uncovered", ENTRIES, "case.closed") in found


def test_an_entry_added_without_a_place_is_found(administrator: Admin, signed: Signed) -> None:
    forge(administrator, signed, 10, t="2026-01-01T00:00:00.000Z")
    assert check(administrator, signed) == {("unplaced", None, "fact.recorded")}


def test_an_entry_added_after_the_last_signature_is_found(administrator: Admin, signed: Signed) -> None:
    made = forge(administrator, signed, 10)
    run(
        administrator,
        signed,
        "INSERT INTO {s}.ledger_seq SELECT 1, %s, id, type, leaf FROM {s}.ledger_entry WHERE id = %s",
        ENTRIES,
        made,
    )
    assert check(administrator, signed) == {("uncovered", ENTRIES, "fact.recorded")}


def test_a_place_pointed_at_another_entry_is_named(administrator: Admin, signed: Signed) -> None:
    made = forge(administrator, signed, 10, type="comment.made")
    run(
        administrator,
        signed,
        "UPDATE {s}.ledger_seq SET entry_id = %s WHERE seq = 10",
        made,
    )
    assert ("repointed", 10, "fact.recorded") in check(administrator, signed)


def test_an_edit_with_every_inner_copy_rewritten_is_narrowed_to_its_batch(administrator: Admin, signed: Signed) -> None:
    """Entry, sequence and tiles agree again; only the signature, which cannot be made again, does not."""
    run(administrator, signed, EDIT, entry_at(administrator, signed, 272))
    run(
        administrator,
        signed,
        "UPDATE {s}.ledger_seq q SET leaf = e.leaf FROM {s}.ledger_entry e WHERE e.id = q.entry_id",
    )
    report = checks.check_log(administrator, signed.tenant)
    assert [(each.code, each.index, each.facts["last"], each.type) for each in report.findings if each.index] == [
        ("rewritten", 270, 293, "wage.recorded")
    ]


def test_a_rewritten_log_signed_with_another_key_is_refused(administrator: Admin, signed: Signed) -> None:
    run(administrator, signed, EDIT, entry_at(administrator, signed, 50))
    rows = run(
        administrator,
        signed,
        "SELECT e.entry FROM {s}.ledger_seq q JOIN {s}.ledger_entry e ON e.id = entry_id ORDER BY seq",
    )
    tree = stored_from_leaves([leaf_hash(row[0]) for row in rows])
    origin = run(administrator, signed, "SELECT origin FROM {s}.ledger_log")[0][0]
    forged = SigningKey.generate(origin)
    note = sign_checkpoint(Checkpoint(origin, tree.head()), forged)
    run(administrator, signed, "UPDATE {s}.ledger_log SET vkey = %s", forged.verifier.text)
    run(
        administrator,
        signed,
        "UPDATE {s}.ledger_checkpoint SET root = %s, note = %s WHERE size = %s",
        tree.head().root,
        note,
        ENTRIES,
    )
    found = {code for code, _, _ in check(administrator, signed)}
    assert {"key", "checkpoint", "edited"} <= found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {s}.ledger_tile SET data = set_byte(data, 5, get_byte(data, 5) # 1) WHERE level = %s",
        "DELETE FROM {s}.ledger_tile WHERE level = %s",
    ],
)
@pytest.mark.parametrize("level", [0, 1])
def test_a_flipped_or_missing_tile_is_found(administrator: Admin, signed: Signed, statement: str, level: int) -> None:
    run(administrator, signed, statement, level)
    codes = {code for code, _, _ in check(administrator, signed)}
    assert "tile" in codes and "edited" not in codes


def test_a_flipped_place_is_named_and_the_entry_is_not_blamed(administrator: Admin, signed: Signed) -> None:
    run(
        administrator,
        signed,
        "UPDATE {s}.ledger_seq SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1) WHERE seq = 20",
    )
    assert check(administrator, signed) == {("place", 20, "fact.recorded")}


def test_a_database_set_back_to_an_older_state_is_found(administrator: Admin, signed: Signed) -> None:
    run(administrator, signed, "DELETE FROM {s}.ledger_checkpoint WHERE size = %s", ENTRIES)
    run(administrator, signed, "DELETE FROM {s}.ledger_seq WHERE seq >= 294")
    run(
        administrator,
        signed,
        "DELETE FROM {s}.ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM {s}.ledger_seq WHERE entry_id = e.id)",
    )
    run(administrator, signed, "UPDATE {s}.ledger_casehead SET cseq = 0, leaf = ''")
    assert check(administrator, signed) == {("set_back", None, "")}


def test_an_entry_whose_waiting_row_was_deleted_is_found(administrator: Admin, signed: Signed) -> None:
    raw = run(administrator, signed, "SELECT entry FROM {s}.ledger_entry ORDER BY id LIMIT 1")[0][0]
    data = raw.replace(b'"n":0', b'"n":1')
    run(administrator, signed, "SELECT {s}.ledger_append(%s, %s, 'fact.recorded', NULL, NULL)", data, leaf_hash(data))
    assert check(administrator, signed) == set()
    run(administrator, signed, "DELETE FROM {s}.ledger_pending")
    assert check(administrator, signed) == {("unplaced", None, "fact.recorded")}


def test_a_waiting_entry_that_was_edited_is_found(administrator: Admin, signed: Signed) -> None:
    raw = run(administrator, signed, "SELECT entry FROM {s}.ledger_entry ORDER BY id LIMIT 1")[0][0]
    run(administrator, signed, "SELECT {s}.ledger_append(%s, %s, 'fact.recorded', NULL, NULL)", raw, leaf_hash(raw))
    run(
        administrator,
        signed,
        "UPDATE {s}.ledger_entry SET entry = entry || ' ' WHERE id = (SELECT entry_id FROM {s}.ledger_pending)",
    )
    assert check(administrator, signed) == {("waiting", None, "fact.recorded")}


def test_moving_the_time_of_storing_is_found(administrator: Admin, signed: Signed) -> None:
    run(
        administrator,
        signed,
        "UPDATE {s}.ledger_entry SET at = at - interval '400 days' WHERE id = %s",
        entry_at(administrator, signed, 30),
    )
    assert check(administrator, signed) == {("time", 30, "fact.recorded")}


def test_the_last_step_of_a_case_cannot_go_unnoticed(administrator: Admin, signed: Signed) -> None:
    last = signed.steps[-1]
    run(administrator, signed, "DELETE FROM {s}.ledger_entry WHERE id = %s", entry_at(administrator, signed, last))
    assert check(administrator, signed) == {("deleted", last, "case.closed"), ("last_step", None, "")}


def test_a_middle_step_taken_out_of_a_case_breaks_its_chain(administrator: Admin, signed: Signed) -> None:
    step = signed.steps[2]
    run(administrator, signed, "DELETE FROM {s}.ledger_entry WHERE id = %s", entry_at(administrator, signed, step))
    assert check(administrator, signed) == {("deleted", step, "comment.made"), ("chain", step + 1, "comment.made")}


def test_the_command_tells_people_and_programs(signed: Signed) -> None:
    out = io.StringIO()
    assert checks.verify_command([signed.tenant], as_json=False, out=out) == 0
    assert signed.tenant in out.getvalue() and "与签名一致" in out.getvalue()
    out = io.StringIO()
    assert checks.verify_command([signed.tenant], as_json=True, out=out) == 0
    (report,) = json.loads(out.getvalue())
    assert (report["ok"], report["entries"], report["findings"]) == (True, ENTRIES, [])
    assert checks.verify_command(["nobody"], as_json=False, out=io.StringIO()) == 2


def test_every_finding_is_said_in_both_languages_with_the_same_facts() -> None:
    for code, text in TEXTS.items():
        said = {}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said[language] = str(text)
        assert said["en"].isascii() and said["en"] != said["zh-hans"], code
        fields = [sorted(name for _, name, _, _ in Formatter().parse(words) if name) for words in said.values()]
        assert fields[0] == fields[1], code
