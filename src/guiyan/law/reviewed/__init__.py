"""Cases that lawyers write and review: facts, and the answer they expect of the law.

`rules/` holds one file per subject for single rules, `matrix/` one per ground of the evidence matrix. They ship with
the product, so that a page shows them and a change of a rule or figure is tried on them before it takes effect.
"""

from guiyan.law.reviewed.loading import reviewed_cases
from guiyan.law.reviewed.model import CaseKind, Difference, Expectation, FactRow, Outcome, ReviewedCase
from guiyan.law.reviewed.running import run

__all__ = [
    "CaseKind",
    "Difference",
    "Expectation",
    "FactRow",
    "Outcome",
    "ReviewedCase",
    "reviewed_cases",
    "run",
]
