"""Acts of compliance. Each is one transaction, checks the role table, and leaves evidence."""

from guiyan.compliance.actions.findings import Stored, accept_risk, rejudge, store_finding
from guiyan.compliance.actions.impact import advance, export_impact, run_impact
from guiyan.compliance.actions.notes import save_note
from guiyan.compliance.actions.parameters import (
    NewFigure,
    check_figure,
    check_parameter,
    propose_parameter,
    unsaved,
    withdraw_parameter,
)

__all__ = [
    "NewFigure",
    "Stored",
    "accept_risk",
    "advance",
    "check_figure",
    "check_parameter",
    "export_impact",
    "propose_parameter",
    "rejudge",
    "run_impact",
    "save_note",
    "store_finding",
    "unsaved",
    "withdraw_parameter",
]
