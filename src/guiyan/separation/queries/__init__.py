"""Reads of cases. Each takes the viewer first; those without one are read by gates, processes and jobs, and say so."""

from guiyan.separation.queries.expecting import NextStep
from guiyan.separation.queries.lists import (
    PAGE_SIZE,
    SORTS,
    CaseFilter,
    CaseRow,
    EffectOrder,
    cases,
    effect_order,
    my_cases,
)
from guiyan.separation.queries.permitting import Reason
from guiyan.separation.queries.previews import (
    ElectronicForm,
    Preview,
    SignatureView,
    electronic_form,
    preview_resignation,
    preview_withdrawal,
    signatures,
)
from guiyan.separation.queries.rows import FileRef, Sight, file_of_case
from guiyan.separation.queries.verdicts import HR_JUDGES, VerdictLine, VerdictView, verdict_for
from guiyan.separation.queries.view import (
    CaseView,
    ClockView,
    Declined,
    EffectView,
    IntakeView,
    LetterView,
    Told,
    TrailEvent,
    WithdrawalView,
    case_for,
)

__all__ = [
    "HR_JUDGES",
    "PAGE_SIZE",
    "SORTS",
    "CaseFilter",
    "CaseRow",
    "CaseView",
    "ClockView",
    "Declined",
    "EffectOrder",
    "EffectView",
    "ElectronicForm",
    "FileRef",
    "IntakeView",
    "LetterView",
    "NextStep",
    "Preview",
    "Reason",
    "Sight",
    "SignatureView",
    "Told",
    "TrailEvent",
    "VerdictLine",
    "VerdictView",
    "WithdrawalView",
    "case_for",
    "cases",
    "effect_order",
    "electronic_form",
    "file_of_case",
    "my_cases",
    "preview_resignation",
    "preview_withdrawal",
    "signatures",
    "verdict_for",
]
