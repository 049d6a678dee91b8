"""Appending evidence against a raw INSERT, interleaved in one run: `python bench/ledger_append.py [rounds] [seconds]`.

Both sides write the same bytes, one durable transaction each, over 16 connections to an embedded server of its own;
while entries are appended the sequencer works beside them, as it does in the product. Prints the limit and the result
(median of the pairs); exits 1 when appending is slower than the limit allows, or when the log does not verify.
"""

# ruff: noqa: PLC0415  the settings read GUIYAN_HOME when they are imported, so imports come after it is set

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

CONNECTIONS = 16
RATIO_MIN = 0.70
ROUNDS_MIN = 5
ENTRY = (
    '{"v":1,"log":"%s","id":"01931d5e-0000-7000-8000-%s","type":"fact.recorded",'
    '"actor":{"sid":"k3J9x0QpLr7TnVb2YwEa1Zsd","role":"hr","auth":"' + "ab" * 32 + '"},"obj":[],"pub":{"n":%s},"com":'
    '{"mobile":"' + "cd" * 32 + '"},"t":"%s","clk":{"src":"system","off_ms":0}}'
)
NUMBER = "\\set n random(1, 1000000000)\n"
VALUE = "convert_to(format('{entry}', '{log}', lpad((:n)::text, 12, '0'), (:n)::text, '{now}'), 'UTF8')"
SCRIPTS = {
    "raw": f"{NUMBER}INSERT INTO raw_entry (entry, type) VALUES ({VALUE}, 'fact.recorded');\n",
    "append": f"{NUMBER}SELECT id FROM ledger_append({VALUE}, 'fact.recorded', NULL, NULL);\n",
}
RAW_TABLE = (
    "CREATE TABLE raw_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
    "at timestamptz NOT NULL DEFAULT clock_timestamp(), type varchar(64) NOT NULL, entry bytea NOT NULL)"
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
        admin.execute(sql.SQL("GRANT INSERT ON raw_entry TO {}").format(sql.Identifier(database.tenant_role("bench"))))


def pgbench(home: Path, script: str, seconds: int) -> float:
    """Transactions per second of one script, as the tenant's own role."""
    from guiyan.ledger import keys
    from guiyan.platform import database, embedded

    told = database.params(database.tenant_role("bench"))
    file = home / f"{script}.sql"
    log = keys.stored("bench")[-1].name
    moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    words = SCRIPTS[script].replace("{entry}", ENTRY).replace("{log}", log).replace("{now}", moment)
    file.write_text(words, encoding="utf-8")
    command = [str(embedded.shared().binaries() / "bin" / "pgbench"), "-n", "-M", "prepared"]
    command += ["-c", str(CONNECTIONS), "-j", str(min(2, CONNECTIONS)), "-T", str(seconds), "-f", str(file)]
    command += ["-h", told["host"], "-p", told["port"], "-U", told["user"], told["dbname"]]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "PGPASSWORD": told["password"]}
    )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1])


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


def measure(home: Path, rounds: int, seconds: int) -> list[float]:
    """Ratios of appending to raw INSERT, one per pair; which goes first alternates."""
    pgbench(home, "raw", 1)
    pgbench(home, "append", 1)
    ratios = []
    for number in range(rounds):
        speed, lag = {}, 0.0
        for name in ("raw", "append") if number % 2 else ("append", "raw"):
            speed[name] = pgbench(home, name, seconds)
            lag = max(lag, drain())
        ratios.append(speed["append"] / speed["raw"])
        print(f"pair {number + 1}: raw {speed['raw']:,.0f}/s, append {speed['append']:,.0f}/s, ", end="")
        print(f"ratio {ratios[-1]:.2f}, all signed {lag:.1f} s later")
    return ratios


def main() -> int:
    rounds = max(ROUNDS_MIN, int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS_MIN)
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    home = Path(tempfile.mkdtemp(prefix="guiyan-bench-", dir="/tmp"))
    prepare(home)
    from guiyan.ledger import checks
    from guiyan.platform import embedded

    worker = subprocess.Popen([sys.executable, "-c", SEQUENCE], env=os.environ)
    try:
        ratios = measure(home, rounds, seconds)
        report = checks.verify_log("bench")
    finally:
        worker.kill()
        worker.wait()
        root = embedded.shared().root
        embedded.shared().stop()
        for place in (root, home):
            shutil.rmtree(place, ignore_errors=True)
    broken = sorted({each.code for each in report.findings})
    result = statistics.median(ratios)
    print(f"signed and verified: {report.entries:,} entries under {report.checkpoints} checkpoints")
    print(f"append / raw INSERT at {CONNECTIONS} connections: limit >= {RATIO_MIN:.2f}, result {result:.2f}")
    if broken or result < RATIO_MIN:
        print(f"FAIL {' '.join(broken)}")
        return 1
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
