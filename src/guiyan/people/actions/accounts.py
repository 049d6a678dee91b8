"""Accounts of people: what somebody signs in with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.people.actions.basis import lock_person, refuse, touch
from guiyan.platform.acting import action, earlier_result, keep_result
from guiyan.platform.actions import create_account
from guiyan.platform.models import User
from guiyan.platform.permissions import SYSTEM, Viewer


@action("people.make_account")
def make_account_for(
    viewer: Viewer,
    person_id: UUID,
    *,
    username: str,
    password: str,
    email: str = "",
    must_change_password: bool = True,
    request_id: UUID,
    now: datetime,
) -> UUID:
    """The person can sign in, and what they may do follows from the organisation. Returns the account.

    Raises ``Refused`` when they have one, when the name is taken, or the password is weak.
    """
    person = lock_person(viewer, "people.make_account", person_id, now)
    before = earlier_result(request_id, act="people.make_account", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["user"])
    if User.objects.filter(person_id=person_id).exists():
        raise refuse("account_there", _("此人已有账号。"), person_id)
    user_id = create_account(
        SYSTEM,  # the right to make an account for a person was checked above; it includes no other account
        username=username,
        display_name=person.name,
        password=password,
        email=email,
        person_id=person_id,
        must_change_password=must_change_password,
        now=now,
    )
    touch(viewer, person_id, "people.make_account", now=now)
    keep_result(request_id, {"user": str(user_id)})
    return user_id
