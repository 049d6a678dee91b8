"""Checking a whole log against a C floor, interleaved in one run: `python bench/ledger_verify.py [entries] [rounds]`.

Both sides hash the same million entries of 400 bytes (leaves and nodes) and must find the same root. Prints the limit
and the result; exits 1 when the ratio of floor to product is under the limit.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from guiyan.ledger.tree import head_of_entries

ENTRY_BYTES = 400
WALL_RATIO_MIN = 0.25
CPU_RATIO_MIN = 0.33


class Round(NamedTuple):
    """Root found, wall seconds, processor seconds."""

    root: str
    wall: float
    cpu: float


def build_floor(folder: Path) -> Path:
    """Compile floor.c with whatever C compiler there is."""
    compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
    if compiler is None:
        sys.exit("a C compiler is needed for the floor")
    binary = folder / "floor"
    source = Path(__file__).with_name("floor.c")
    subprocess.run([compiler, "-O2", str(source), "-lcrypto", "-o", str(binary)], check=True)
    return binary


def floor_round(binary: Path, data: Path) -> Round:
    """One run of the C floor."""
    done = subprocess.run([str(binary), str(data), str(ENTRY_BYTES)], check=True, capture_output=True, text=True)
    root, wall, cpu = done.stdout.split()
    return Round(root, int(wall) / 1e9, int(cpu) / 1e9)


def product_round(entries: list[bytes]) -> Round:
    """One run of the product."""
    wall, cpu = time.perf_counter(), time.process_time()
    head = head_of_entries(entries)
    return Round(head.root.hex(), time.perf_counter() - wall, time.process_time() - cpu)


def judge(name: str, floors: list[float], products: list[float], limit: float) -> bool:
    """Print one line and say whether the median ratio keeps the limit."""
    floor, product = statistics.median(floors), statistics.median(products)
    print(f"{name}: floor {floor:.3f} s, product {product:.3f} s, ratio {floor / product:.2f}, limit {limit:.2f}")
    return floor / product >= limit


def main() -> int:
    """Run the rounds and judge the medians."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as name:
        binary, data = build_floor(Path(name)), Path(name) / "entries"
        blob = os.urandom(count * ENTRY_BYTES)
        data.write_bytes(blob)
        entries = [blob[start : start + ENTRY_BYTES] for start in range(0, len(blob), ENTRY_BYTES)]
        floors, products = [], []
        for _ in range(rounds):
            floors.append(floor_round(binary, data))
            products.append(product_round(entries))
    if len({each.root for each in floors + products}) != 1:
        sys.exit("floor and product disagree about the root")
    subject = f"ledger verify, {count:,} entries of {ENTRY_BYTES} bytes"
    wall = judge(f"{subject}, wall", [each.wall for each in floors], [each.wall for each in products], WALL_RATIO_MIN)
    cpu = judge(f"{subject}, processor", [each.cpu for each in floors], [each.cpu for each in products], CPU_RATIO_MIN)
    return 0 if wall and cpu else 1


if __name__ == "__main__":
    sys.exit(main())
