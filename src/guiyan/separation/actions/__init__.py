"""Acts on cases. Each is one transaction, checks the role table, and leaves evidence.

Each takes a ``request_id`` (sent twice, it happens once) and ``now``. Two clicks at once on one case come one after the
other: its row is locked first.
"""

from guiyan.separation.actions.answering import (
    accept_offer,
    acknowledge,
    agree_earlier_day,
    decline_offer,
    settle_meaning,
)
from guiyan.separation.actions.chasing import note_silence
from guiyan.separation.actions.deciding import (
    decide_withdrawal,
    record_conduct,
    record_conduct_consent,
    record_oral_consent,
    refuse_withdrawal,
)
from guiyan.separation.actions.effects import confirm_effect, retry_effect, settle_effect
from guiyan.separation.actions.exiting import complete_exit
from guiyan.separation.actions.exporting import export_cases
from guiyan.separation.actions.intake import Intake, Stated, confirm_intake, deny_intake, record_resignation
from guiyan.separation.actions.looking import note_stranger
from guiyan.separation.actions.resigning import Opened, agree_to_electronic_form, submit_resignation
from guiyan.separation.actions.withdrawing import give_opinion, record_withdrawal, submit_withdrawal
from guiyan.separation.gate import AfterLastDay
from guiyan.separation.letters import Paper
from guiyan.separation.signing import Identity, Signing
from guiyan.separation.uploads import Scan
from guiyan.separation.wording import Letter

__all__ = [
    "AfterLastDay",
    "Identity",
    "Intake",
    "Letter",
    "Opened",
    "Paper",
    "Scan",
    "Signing",
    "Stated",
    "accept_offer",
    "acknowledge",
    "agree_earlier_day",
    "agree_to_electronic_form",
    "complete_exit",
    "confirm_effect",
    "confirm_intake",
    "decide_withdrawal",
    "decline_offer",
    "deny_intake",
    "export_cases",
    "give_opinion",
    "note_silence",
    "note_stranger",
    "record_conduct",
    "record_conduct_consent",
    "record_oral_consent",
    "record_resignation",
    "record_withdrawal",
    "refuse_withdrawal",
    "retry_effect",
    "settle_effect",
    "settle_meaning",
    "submit_resignation",
    "submit_withdrawal",
]
