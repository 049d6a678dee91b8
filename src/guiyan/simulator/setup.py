"""First contents of an installation: a real company with its first administrator, or the demonstration company."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password

from guiyan.platform import tenancy
from guiyan.platform.actions import create_account, grant_role
from guiyan.platform.permissions import SYSTEM
from guiyan.platform.queries import accounts
from guiyan.platform.tenancy import directory, provision
from guiyan.simulator import company as demo_company

DEMO_PASSWORD = demo_company.DEMO_PASSWORD
DEMO_NAME = "海岳云科技（上海）有限公司"
DEMO_SEED = 2026


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration, as the start page of the command line lists it."""

    username: str
    name: str
    roles: str


def company(
    *, company: str, code: str, admin_username: str, admin_name: str, admin_password: str, now: datetime
) -> None:
    """A tenant exists, and its first system administrator can sign in. Checks the password before anything is made."""
    validate_password(admin_password)
    made = provision.create_tenant(code, company, now=now)
    with tenancy.session(made):
        user_id = create_account(
            SYSTEM,
            username=admin_username,
            display_name=admin_name,
            password=admin_password,
            now=now,
            must_change_password=False,
        )
        grant_role(SYSTEM, user_id=user_id, role="system_admin", now=now)


def demonstration(code: str, *, now: datetime, say: Callable[[str], None]) -> None:
    """The demonstration company is there; made from a seed the first time, left as it is afterwards."""
    made = directory.by_code(code)
    if made is None:
        made = provision.create_tenant(code, DEMO_NAME, now=now, hosts=["localhost"], demonstration=True)
    with tenancy.session(made):
        if accounts(SYSTEM).paginator.count:
            return  # built before; an interrupted build left nothing, because it is one transaction
        say("建立演示公司（约 300 人）… making the demonstration company…")
        demo_company.build(now=now, seed=DEMO_SEED, say=say)


def demonstration_accounts(code: str) -> list[DemoAccount]:
    """Return the demonstration's accounts, one or more of every role."""
    return [DemoAccount(*row) for row in demo_company.ACCOUNTS]
