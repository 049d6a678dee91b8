"""What separation tells the contexts below it at start-up."""

from __future__ import annotations

from guiyan.compliance.hookspecs import register_open_cases
from guiyan.ledger import ports
from guiyan.process import hookspecs as process
from guiyan.separation import hookspecs, keeping
from guiyan.separation.actions import chasing
from guiyan.separation.actions.restoring import AccountRoles
from guiyan.separation.queries import asking, exhibits

OWN_FORMS = ("manager_ack", "hr_ack", "earlier_day", "manager_opinion", "hr_decision")
"""Steps that stand for an act of ours: they are done on the case's page, never ticked off in the inbox."""


def connect() -> None:
    """Register deadlines, the restorer of accounts, the cases of the evidence pack, and the forms that are ours."""
    chasing.connect()
    hookspecs.register_restorer(AccountRoles())
    ports.register_cases(source=exhibits.case_file, access=exhibits.may_see_trail, finder=exhibits.find)
    register_open_cases(asking.ResignationCases())
    for form in OWN_FORMS:
        process.claim_form(form, _case_page)
    for form in keeping.STEPS:
        process.claim_form(form, _outside)


def _case_page(place: process.TaskPlace) -> str:
    return f"/cases/{place.case_id}/"


def _outside(place: process.TaskPlace) -> str:
    """The list of what lies outside: a step that stands for some of it is done there."""
    return f"/cases/{place.case_id}/#outside"
