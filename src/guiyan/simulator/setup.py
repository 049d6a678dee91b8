"""First contents of an installation: a real company with its first administrator, or the demonstration company."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password

from guiyan.platform import tenancy
from guiyan.platform.actions import create_account, grant_role
from guiyan.platform.permissions import SYSTEM
from guiyan.platform.queries import accounts
from guiyan.platform.tenancy import directory, provision
from guiyan.platform.tenancy.models import Tenant
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


def anybody_can_sign_in() -> bool:
    """Tell whether a real tenant has an account: a first start that broke off before that is done again."""
    return any(_has_accounts(tenant) for tenant in directory.every() if not tenant.simulation)


def _has_accounts(tenant: Tenant) -> bool:
    with tenancy.session(tenant):
        return bool(accounts(SYSTEM).paginator.count)


def company(
    *, company: str, code: str, admin_username: str, admin_name: str, admin_password: str, now: datetime
) -> None:
    """A tenant exists, and its first system administrator can sign in. What is told is checked before anything is made.

    A tenant of this code without any account is what a broken start left, and is completed. Raises ``ProvisionError``
    and ``ValidationError``.
    """
    require_administrator(admin_username, admin_name, admin_password)
    made = directory.by_code(code)
    if made is None or made.simulation or _has_accounts(made):
        made = provision.create_tenant(code, company, now=now)
    administrate(made, username=admin_username, name=admin_name, password=admin_password, now=now)


def require_administrator(username: str, name: str, password: str) -> None:
    """Raise ``ValidationError`` for a user name, name or password that an administrator cannot have."""
    administrator = get_user_model()(username=username, display_name=name)
    administrator.clean_fields(exclude=["password", "person_id", "created_at"])
    validate_password(password, administrator)


def administrate(tenant: Tenant, *, username: str, name: str, password: str, now: datetime) -> None:
    """A tenant without accounts has its first system administrator, who sets a second factor at the first sign-in."""
    with tenancy.session(tenant):
        user_id = create_account(
            SYSTEM,
            username=username,
            display_name=name,
            password=password,
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
