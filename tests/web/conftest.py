"""A small company behind the test client: an account for every role, each signed in on a client of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client

from guiyan.platform import clock
from guiyan.platform.ids import new_id
from guiyan.platform.models import RoleGrant, User
from tests.people.world import World, build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GRANTED = ("hr", "hr_lead", "legal", "it", "finance", "facilities", "auditor", "system_admin")
ROLES = ("employee", "manager", "hr_elsewhere", *GRANTED)
"""Who looks: the subject, their manager, HR for another department, and an account for each granted role."""


@dataclass
class Firm:
    """The company and its accounts."""

    world: World
    users: dict[str, User]

    def client(self, role: str) -> Client:
        """Return a client on which the account of a role is signed in."""
        client = Client()
        client.force_login(self.users[role], backend=BACKEND)
        return client


def account(name: str, person_id: UUID | None = None, *roles: str, unit_id: UUID | None = None) -> User:
    """Make an account with granted roles."""
    user = User.objects.create(username=name, display_name=name, person_id=person_id, created_at=clock.wall())
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, unit_id=unit_id, granted_at=clock.wall())
    return user


@pytest.fixture
def firm(tenant: Any, settings: Any) -> Firm:
    settings.DEMONSTRATION = True  # no second factor is asked for
    cache.clear()
    world = build(clock.wall())
    users = {
        "employee": account("employee", world.subject),
        "manager": account("manager", world.boss),
        "hr_elsewhere": account("hr_elsewhere", None, "hr", unit_id=world.right),
        **{role: account(role, None, role) for role in GRANTED},
    }
    return Firm(world, users)


@pytest.fixture
def request_id() -> str:
    return str(new_id())
