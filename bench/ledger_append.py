"""Appending evidence against a raw INSERT, interleaved in one run: `python bench/ledger_append.py [rounds] [seconds]`.

Both sides write entries of the same shape through the product's own driver, one durable transaction each that returns
the new row's number, over 16 connections (4 processes of 4 threads) to an embedded server of its own; while entries are
appended the sequencer works beside them, as it does in the product. Prints the limit and the result (median of the
pairs); exits 1 when appending is slower than the limit allows, or when the log does not verify afterwards.
"""

# ruff: noqa: PLC0415  the settings read GUIYAN_HOME when they are imported, so imports come after it is set

from __future__ import annotations

import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

PROCESSES, THREADS = 4, 4
RATIO_MIN = 0.70
ROUNDS_MIN = 5  # a pair is one run of each side; other work on the machine moves single pairs a lot
STATEMENTS = {
    "raw": "INSERT INTO raw_entry (entry, type) VALUES (%b, 'fact.recorded') RETURNING id",
    "append": "SELECT ledger_append(%b, %b, 'fact.recorded', NULL, NULL)",
}
RAW_TABLE = (
    "CREATE TABLE raw_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
    "at timestamptz NOT NULL DEFAULT clock_timestamp(), type text NOT NULL, entry bytea NOT NULL)"
)
SEQUENCE = "import threading; from guiyan.ledger import sequencer; sequencer.run_forever(threading.Event())"


def prepare(home: Path) -> None:
    """Make an installation in ``home`` with the tenant ``bench`` and a plain table beside its log."""
    home.chmod(0o755)
    os.environ |= {"GUIYAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "guiyan.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    import psycopg
    from psycopg import sql

    from guiyan.platform import database, embedded
    from guiyan.platform.tenancy import provision

    embedded.shared().start()
    provision.prepare_database()
    provision.migrate()
    provision.create_tenant("bench", "bench", now=datetime.now(UTC))
    with psycopg.connect(**database.admin(), autocommit=True) as admin:
        admin.execute("SET search_path = bench")
        admin.execute(RAW_TABLE)
        admin.execute(
            sql.SQL("GRANT INSERT, SELECT ON raw_entry TO {}").format(sql.Identifier(database.tenant_role("bench")))
        )


def work(kind: str, begin: float, seconds: float) -> None:
    """One client process: write from `begin` (wall clock) for so many seconds and print how many entries it wrote."""
    import psycopg

    from guiyan.ledger import keys
    from guiyan.ledger.entry import Actor, Entry, EntryType, encode, new_entry_id
    from guiyan.ledger.tree import leaf_hash
    from guiyan.platform import database

    log = keys.stored("bench")[-1].name
    statement, counts = STATEMENTS[kind], [0] * THREADS

    def write(number: int) -> None:
        now = datetime.now(UTC)
        head, tail = encode(
            Entry(
                log=log,
                entry_id=new_entry_id(now),
                type=EntryType.FACT_RECORDED,
                actor=Actor(secrets.token_urlsafe(18), "hr", secrets.token_hex(32)),
                at=now,
                public={"n": "here"},
                commitments={"mobile": secrets.token_hex(32), "name": secrets.token_hex(32)},
            )
        ).split(b'"here"')
        with psycopg.connect(**database.params(database.tenant_role("bench")), autocommit=True) as conn:
            time.sleep(max(0.0, begin - time.time()))
            done = 0
            while time.time() < begin + seconds:
                data = b"%b%d%b" % (head, done, tail)
                given = (data,) if kind == "raw" else (data, leaf_hash(data))
                conn.execute(statement, given, prepare=True).fetchone()
                done += 1
        counts[number] = done

    threads = [threading.Thread(target=write, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(counts))


def speed_of(kind: str, seconds: float) -> float:
    """Entries a second over all connections."""
    begin = time.time() + 1.5
    command = [sys.executable, __file__, "work", kind, str(begin), str(seconds)]
    clients = [subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) for _ in range(PROCESSES)]
    return sum(int(client.communicate()[0]) for client in clients) / seconds


def drain(seconds: float = 120.0) -> float:
    """Wait until the sequencer has signed everything and return how long that took."""
    import psycopg

    from guiyan.platform import database

    began = time.monotonic()
    with psycopg.connect(**database.params(database.tenant_role("bench")), autocommit=True) as conn:
        while conn.execute("SELECT EXISTS (SELECT 1 FROM ledger_pending)").fetchone() != (False,):
            if time.monotonic() - began > seconds:
                sys.exit("FAIL: the sequencer does not keep up")
            time.sleep(0.05)
    return time.monotonic() - began


def measure(rounds: int, seconds: float) -> list[float]:
    """Ratios of appending to raw INSERT, one per pair; which goes first alternates."""
    for kind in STATEMENTS:
        speed_of(kind, 1)
    ratios = []
    for number in range(rounds):
        speed, lag = {}, 0.0
        for name in ("raw", "append") if number % 2 else ("append", "raw"):
            speed[name] = speed_of(name, seconds)
            lag = max(lag, drain())
        ratios.append(speed["append"] / speed["raw"])
        print(f"pair {number + 1}: raw {speed['raw']:,.0f}/s, append {speed['append']:,.0f}/s, ", end="")
        print(f"ratio {ratios[-1]:.2f}, all signed {lag:.1f} s later")
    return ratios


def main() -> int:
    """Run the bench; 0 when appending is quick enough and the log verifies."""
    rounds = max(ROUNDS_MIN, int(sys.argv[1]) if len(sys.argv) > 1 else 9)
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 2.5
    home = Path(tempfile.mkdtemp(prefix="guiyan-bench-", dir="/tmp"))
    prepare(home)
    from guiyan.ledger import checks
    from guiyan.platform import embedded

    worker = subprocess.Popen([sys.executable, "-c", SEQUENCE], env=os.environ)
    try:
        ratios = measure(rounds, seconds)
        began = time.monotonic()
        report = checks.verify_log("bench")
        took = time.monotonic() - began
    finally:
        worker.kill()
        worker.wait()
        root = embedded.shared().root
        embedded.shared().stop()
        for place in (root, home):
            shutil.rmtree(place, ignore_errors=True)
    broken = sorted({each.code for each in report.findings})
    result = statistics.median(ratios)
    print(f"verified in {took:.1f} s: {report.entries:,} entries under {report.checkpoints} checkpoints")
    print(f"append / raw INSERT at {PROCESSES * THREADS} connections: limit >= {RATIO_MIN:.2f}, result {result:.2f}")
    if broken or result < RATIO_MIN:
        print(f"FAIL {' '.join(broken)}")
        return 1
    print("ok")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        work(sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
    else:
        sys.exit(main())
