"""One writer puts entries in their place; killed, doubled or fed with damage, it never signs what is not so."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from guiyan.ledger import actions, checks, keys, outside, sequencer
from guiyan.ledger.entry import parse
from guiyan.ledger.models import Checkpoint, Entry, Log, Pending, Seq, Tile
from guiyan.ledger.note import open_checkpoint
from guiyan.ledger.sequencer import Sequencer, SequencerError
from guiyan.ledger.tree import leaf_hash, root_of
from guiyan.platform import clock, database

from .conftest import record, record_many, viewer_of

SEQUENCE_AND_HANG = """
import os, sys, time
from guiyan.ledger import sequencer, store
real = store.Store.add_checkpoint
def hang(self, *arguments):
    real(self, *arguments)
    print("signed, not committed", flush=True)
    time.sleep(60)
store.Store.add_checkpoint = hang
sequencer.run_once()
"""


def fill(count: int, start: int = 0) -> list[actions.EntryRef]:
    events = [actions.Event("fact.recorded", public={"n": n}) for n in range(start, start + count)]
    return record_many(viewer_of(), events, clock.now())


def signed_head(tenant: str) -> tuple[int, bytes]:
    row = Checkpoint.objects.order_by("-epoch", "-size")[0]
    key = keys.verifier_keys(tenant)[Log.objects.get(epoch=row.epoch).origin]
    head = open_checkpoint(bytes(row.note), key).head
    assert (head.size, head.root) == (row.size, bytes(row.root))
    return head.size, head.root


@pytest.fixture
def administrator() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**database.admin(), autocommit=True) as conn:
        conn.execute("SET event_triggers = off")
        conn.execute("SET session_replication_role = replica")
        yield conn


def unguarded(conn: psycopg.Connection[Any], tenant: str, table: str, statement: str, *params: Any) -> None:
    """Change a table for good with its triggers off, as an administrator would."""
    name = sql.Identifier(tenant, table)
    conn.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(name))
    conn.execute(sql.SQL(statement).format(t=name), params)  # type: ignore[arg-type]


def test_every_waiting_entry_gets_one_place_and_the_head_is_signed(fresh: Any) -> None:
    refs = fill(600)
    assert sequencer.run_once().sequenced[fresh.schema_name] == 600
    places = list(Seq.objects.order_by("seq").values_list("seq", "entry_id", "type"))
    assert places == [(n, ref.id, "fact.recorded") for n, ref in enumerate(refs)]
    assert not Pending.objects.exists()
    leaves = [leaf_hash(bytes(row.entry)) for row in Entry.objects.order_by("id")]
    assert signed_head(fresh.schema_name) == (600, root_of(leaves))
    assert outside.newest(fresh.schema_name, keys.verifier_keys(fresh.schema_name)).checkpoint.head.size == 600  # type: ignore[union-attr]


def test_an_entry_that_commits_late_is_not_passed_over(fresh: Any) -> None:
    """Row numbers are given before the commit: the later number may be there first."""
    with psycopg.connect(**database.params(fresh.role)) as slow:
        slow.execute("SELECT ledger_append('{}', sha256('\\x007b7d'), 'fact.recorded', NULL, NULL)")
        fill(1)
        assert sequencer.run_once().sequenced[fresh.schema_name] == 1
        slow.commit()
    assert sequencer.run_once().sequenced[fresh.schema_name] == 1
    assert [row.entry_id for row in Seq.objects.order_by("seq")] == [2, 1]


def test_batches_of_any_size_make_the_same_tree(fresh: Any) -> None:
    fill(530)
    with Sequencer(batch=97) as small:
        while small.tick().sequenced:
            pass
    leaves = [leaf_hash(bytes(row.entry)) for row in Entry.objects.order_by("id")]
    assert signed_head(fresh.schema_name) == (530, root_of(leaves))
    assert Checkpoint.objects.count() == 6
    assert set(Tile.objects.values_list("level", "idx", "width")) >= {(0, 0, 256), (0, 1, 256), (1, 0, 2)}
    assert checks.verify_log(fresh.schema_name).ok


def test_a_second_sequencer_waits_and_takes_over(fresh: Any) -> None:
    fill(3)
    with Sequencer() as first, Sequencer() as second:
        assert first.tick().sequenced == {fresh.schema_name: 3}
        fill(2)
        assert second.tick().standby
        assert Pending.objects.count() == 2
        first.close()
        tick = second.tick()
        while tick.standby:  # the server frees the lock when it has noticed that the connection is gone
            tick = second.tick()
        assert tick.sequenced == {fresh.schema_name: 2}
    assert signed_head(fresh.schema_name)[0] == 5


@pytest.mark.parametrize("times", [3])
def test_a_sequencer_killed_in_the_middle_leaves_nothing_half_done(fresh: Any, times: int) -> None:
    fill(40)
    sequencer.run_once()
    before = signed_head(fresh.schema_name)
    fill(300, 40)
    for _ in range(times):
        child = subprocess.Popen([sys.executable, "-c", SEQUENCE_AND_HANG], stdout=subprocess.PIPE, env=os.environ)
        assert child.stdout is not None
        assert child.stdout.readline().startswith(b"signed")
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert signed_head(fresh.schema_name) == before
        assert Pending.objects.count() == 300
    deadline = time.monotonic() + 20
    while sequencer.run_once().standby and time.monotonic() < deadline:
        time.sleep(0.05)  # the server notices the dead connection
    assert signed_head(fresh.schema_name)[0] == 340
    assert checks.verify_log(fresh.schema_name).ok


def test_run_forever_signs_until_it_is_stopped(fresh: Any) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=sequencer.run_forever, args=(stop, 0.02))
    thread.start()
    try:
        ref = fill(1)[0]
        deadline = time.monotonic() + 20
        while not Seq.objects.filter(entry_id=ref.id).exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert Seq.objects.filter(entry_id=ref.id).exists()
    finally:
        stop.set()
        thread.join()


def test_an_entry_altered_while_it_waited_is_not_signed(fresh: Any, administrator: psycopg.Connection[Any]) -> None:
    fill(2)
    unguarded(administrator, fresh.schema_name, "ledger_entry", "UPDATE {t} SET entry = entry || ' ' WHERE id = 2")
    refused = sequencer.run_once().refused[fresh.schema_name]
    assert "entry 2 (fact.recorded) was altered" in refused
    assert not Seq.objects.exists() and Pending.objects.count() == 2


def test_an_entry_deleted_while_it_waited_is_not_passed_over(
    fresh: Any, administrator: psycopg.Connection[Any]
) -> None:
    fill(2)
    unguarded(administrator, fresh.schema_name, "ledger_entry", "DELETE FROM {t} WHERE id = 1")
    assert "bytes are gone" in sequencer.run_once().refused[fresh.schema_name]


def test_a_log_whose_tiles_were_touched_is_not_extended(fresh: Any, administrator: psycopg.Connection[Any]) -> None:
    fill(300)
    sequencer.run_once()
    unguarded(
        administrator,
        fresh.schema_name,
        "ledger_tile",
        "UPDATE {t} SET data = set_byte(data, 0, get_byte(data, 0) # 1) WHERE level = 1",
    )
    fill(1)
    assert "not the tree" in sequencer.run_once().refused[fresh.schema_name]


def test_trouble_in_one_tenant_does_not_stop_the_others(
    fresh: Any, signed: Any, administrator: psycopg.Connection[Any]
) -> None:
    fill(1)
    keys.path(fresh.schema_name).rename(keys.path(fresh.schema_name).with_suffix(".away"))
    from guiyan.platform import tenancy
    from guiyan.platform.tenancy import directory

    other = directory.by_code("beta")
    assert other is not None
    with tenancy.session(other):
        fill(1)
    tick = sequencer.run_once()
    assert fresh.schema_name in tick.refused and tick.sequenced["beta"] == 1
    assert keys.problems([fresh.schema_name, "beta"]) == [
        f"{keys.path(fresh.schema_name)} is missing: nobody can sign for the log of {fresh.schema_name}"
    ]


def test_a_key_file_that_others_can_read_is_refused(fresh: Any) -> None:
    fill(1)
    file = keys.path(fresh.schema_name)
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    assert "can be read by others" in sequencer.run_once().refused[fresh.schema_name]


def test_an_entry_that_claims_an_older_time_is_signed_where_it_belongs_and_found(fresh: Any) -> None:
    fill(3)
    record(viewer_of(), "resign.submitted", now=clock.now() - timedelta(days=400))
    sequencer.run_once()
    found = {(each.code, each.index, each.type) for each in checks.verify_log(fresh.schema_name).findings}
    assert found == {("time", 3, "resign.submitted"), ("backdated", 3, "resign.submitted")}


def test_what_an_administrator_really_did_is_told_by_the_command(
    fresh: Any, administrator: psycopg.Connection[Any]
) -> None:
    fill(5)
    sequencer.run_once()
    unguarded(
        administrator,
        fresh.schema_name,
        "ledger_entry",
        "UPDATE {t} SET entry = convert_to(replace(convert_from(entry, 'UTF8'), '\"n\":3', '\"n\":9'), 'UTF8') "
        "WHERE id = 4",
    )
    told, out = io.StringIO(), io.StringIO()
    assert checks.verify_command([fresh.schema_name], as_json=False, out=told) == 1
    assert checks.verify_command(None, as_json=True, out=out) == 1
    reports = {each["tenant"]: each for each in json.loads(out.getvalue())}
    (finding,) = reports[fresh.schema_name]["findings"]
    assert (finding["code"], finding["tenant"], finding["index"], finding["type"]) == (
        "edited",
        fresh.schema_name,
        3,
        "fact.recorded",
    )
    assert finding["text"] in told.getvalue() and fresh.schema_name in told.getvalue()


def test_a_simulations_log_is_signed_under_a_name_that_says_so(fresh: Any) -> None:
    from guiyan.platform import tenancy
    from guiyan.platform.tenancy import directory

    simone = directory.by_code("simone")
    assert simone is not None
    with tenancy.session(simone):
        record(viewer_of(), now=clock.now() + timedelta(days=90))
        sequencer.run_once()
    report = checks.verify_log("simone")
    assert report.ok and report.as_json()["simulation"] and report.origins[0].startswith("sim/")


# --- a database that was set back -------------------------------------------------------------------------------------


def set_back(conn: psycopg.Connection[Any], tenant: str, size: int) -> None:
    """Make the database what it was when ``size`` entries were signed, as restoring an older copy does."""
    unguarded(conn, tenant, "ledger_checkpoint", "DELETE FROM {t} WHERE size > %s", size)
    unguarded(conn, tenant, "ledger_seq", "DELETE FROM {t} WHERE seq >= %s", size)
    unguarded(conn, tenant, "ledger_tile", "DELETE FROM {t} WHERE level > 0 OR (idx + 1) * 256 > %s", size)
    unguarded(conn, tenant, "ledger_entry", "DELETE FROM {t} WHERE id > %s", size)


def test_a_restored_older_copy_is_not_continued_until_a_new_epoch_begins(
    fresh: Any, administrator: psycopg.Connection[Any]
) -> None:
    tenant = fresh.schema_name
    fill(20)
    sequencer.run_once()
    fill(10, 20)
    sequencer.run_once()
    lost = signed_head(tenant)
    set_back(administrator, tenant, 20)
    ref = fill(1, 90)[0]
    refused = sequencer.run_once().refused[tenant]
    assert "30 entries were signed, the database holds 20" in refused and "new epoch" in refused
    assert {each.code for each in checks.verify_log(tenant).findings} == {"set_back"}

    origin = sequencer.begin_epoch(tenant, "restored")
    assert origin.endswith(f"/{tenant}/e2")
    assert sequencer.run_once().sequenced[tenant] == 1
    first, second = (parse(bytes(Entry.objects.get(pk=row.entry_id).entry)) for row in Seq.objects.filter(epoch=2))
    assert (str(first.type), first.log) == ("log.epoch", origin)
    assert (first.public["size"], first.public["root"], first.public["reason"]) == (30, lost[1].hex(), "restored")
    assert second.entry_id == str(ref.entry_id)
    assert parse(bytes(Entry.objects.get(pk=record(viewer_of(), now=clock.now()).id).entry)).log == origin
    sequencer.run_once()
    report = checks.verify_log(tenant)
    assert (report.ok, report.lost, len(report.origins)) == (True, 10, 2)


def test_a_fork_of_the_same_size_is_refused(fresh: Any, administrator: psycopg.Connection[Any]) -> None:
    tenant = fresh.schema_name
    fill(5)
    sequencer.run_once()
    kept = (outside.folder(tenant) / "e1").read_bytes()
    set_back(administrator, tenant, 0)
    (outside.folder(tenant) / "e1").unlink()
    fill(5, 50)
    sequencer.run_once()
    (outside.folder(tenant) / "e1").write_bytes(kept)
    fill(1, 60)
    assert "another one than was signed" in sequencer.run_once().refused[tenant]
    assert "forked" in {each.code for each in checks.verify_log(tenant).findings}


def test_an_epoch_does_not_begin_beside_a_running_sequencer_nor_on_nothing(fresh: Any) -> None:
    with Sequencer() as running:
        assert running.lead()
        with pytest.raises(SequencerError, match="stop the sequencer"):
            sequencer.begin_epoch(fresh.schema_name, "restored")
    with pytest.raises(SequencerError, match="nothing was signed"):
        sequencer.begin_epoch(fresh.schema_name, "restored")
