"""Acts on people. Each is one transaction, checks the role table, and leaves evidence.

Those with legal effect take a ``request_id`` (sent twice, it happens once) and ``now``. An action that calls one of
these inside its own transaction derives the inner id from its own: ``uuid5(request_id, "people.plan_end")``.
"""

from guiyan.people.actions.accounts import make_account_for
from guiyan.people.actions.basis import touch
from guiyan.people.actions.employment import (
    Engagement,
    Hired,
    Move,
    NewPerson,
    end_spell,
    hire,
    plan_end,
    rehire,
    restore_spell,
    transfer,
)
from guiyan.people.actions.loading import load_import
from guiyan.people.actions.organisation import close_unit, open_post, open_unit, set_unit_manager
from guiyan.people.actions.personal import (
    PLAIN_FIELDS,
    WageShown,
    confirm_address,
    correct_person,
    export_people,
    record_address,
    reveal_address,
    reveal_sensitive,
    reveal_wage,
)
from guiyan.people.actions.records import (
    ContractTerms,
    ProtectionFacts,
    WageTerms,
    end_protection,
    record_contract,
    record_protection,
    record_wage,
)
from guiyan.people.actions.reversing import ActedSince, reverse_import

__all__ = [
    "PLAIN_FIELDS",
    "ActedSince",
    "ContractTerms",
    "Engagement",
    "Hired",
    "Move",
    "NewPerson",
    "ProtectionFacts",
    "WageShown",
    "WageTerms",
    "close_unit",
    "confirm_address",
    "correct_person",
    "end_protection",
    "end_spell",
    "export_people",
    "hire",
    "load_import",
    "make_account_for",
    "open_post",
    "open_unit",
    "plan_end",
    "record_address",
    "record_contract",
    "record_protection",
    "record_wage",
    "rehire",
    "restore_spell",
    "reveal_address",
    "reveal_sensitive",
    "reveal_wage",
    "reverse_import",
    "set_unit_manager",
    "touch",
    "transfer",
]
