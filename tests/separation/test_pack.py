"""The evidence pack of a whole story verifies where this system is not."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from guiyan.ledger import export, sequencer
from guiyan.ledger import verifier as shipped
from guiyan.ledger.models import Log
from tests.process_db.world import build

from .conftest import MONDAY
from .world import DAY, case_of, decide, opine, record, withdraw


def test_the_pack_of_the_story_verifies(committing: Any, tmp_path: Path) -> None:
    world = build(MONDAY)
    case = case_of(record(world, MONDAY, "email"))
    withdraw(world.zhou, case.id, MONDAY + DAY, "想留下。")
    opine(world, case.id, MONDAY + DAY)
    decide(world, case.id, MONDAY + DAY, consents=True)
    stop = sequencer.in_background(tick=0.02)
    try:
        pack = export.export_case(world.lead, case.id, now=MONDAY + 2 * DAY, wait_seconds=30)
    finally:
        stop()
    with zipfile.ZipFile(io.BytesIO(pack.data)) as members:
        docs = {name for name in members.namelist() if name.startswith("docs/")}
    assert docs >= {
        "docs/scan-1.pdf", "docs/receipt-1.pdf", "docs/withdrawal-1.pdf", "docs/withdrawal-receipt-1.pdf",
    }  # fmt: skip
    file = tmp_path / "pack.zip"
    file.write_bytes(pack.data)
    script = Path(shipped.__file__).parent / "verify.py"
    command = [sys.executable, "-I", script, file, "--log-key", Log.objects.get().vkey]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr
