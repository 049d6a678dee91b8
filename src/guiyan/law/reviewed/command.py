"""The command that runs every reviewed case on the installed law."""

from __future__ import annotations

import json
from typing import TextIO

from guiyan.law.parameters import statutory_parameters
from guiyan.law.reviewed.loading import reviewed_cases
from guiyan.law.reviewed.model import Outcome, ReviewedCase
from guiyan.law.reviewed.running import run


def run_reviewed(*, as_json: bool, out: TextIO) -> int:
    """Run all, write what differs and how many agree. Exit status: 0 when all agree, 1 when one differs, 2 when a file
    of cases is not well formed. As JSON: one line a case."""
    try:
        cases = reviewed_cases()
    except ValueError as wrong:
        out.write(f"{wrong}\n")
        return 2
    outcomes = [(case, run(case, statutory_parameters())) for case in cases]
    differing = sum(not outcome.matches for _, outcome in outcomes)
    for case, outcome in outcomes:
        if as_json:
            out.write(json.dumps(_line(case, outcome), ensure_ascii=False) + "\n")
        else:
            out.writelines(_mismatches(case, outcome))
    if not as_json:
        out.write(f"{len(cases) - differing} agree, {differing} differ\n")
    return 1 if differing else 0


def _mismatches(case: ReviewedCase, outcome: Outcome) -> list[str]:
    return [
        f"{case.id} {case.name.zh} ({case.name.en})\n"
        f"  {one.part}: {one.expected.zh} → {one.found.zh} ({one.expected.en} → {one.found.en})\n"
        for one in outcome.differences
    ]


def _line(case: ReviewedCase, outcome: Outcome) -> dict[str, object]:
    differences = [
        {"part": one.part, "expected": one.expected.en, "found": one.found.en} for one in outcome.differences
    ]
    return {"id": case.id, "name": case.name.en, "matches": outcome.matches, "differences": differences}
