"""When the ground gives way in the middle of a request: a clear page, the right status, nothing half-written."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from guiyan.platform import actions, database
from guiyan.platform.actions import create_account, grant_role
from guiyan.platform.models import User
from guiyan.platform.permissions import SYSTEM
from guiyan.platform.tenancy import directory
from tests.web.conftest import Firm

LOOKED_AT = (
    ("hr", "/"),
    ("hr", "/people/"),
    ("hr", "/calendar/"),
    ("hr", "/organisation/"),
    ("hr", "/rights/"),
)
NEW = {"username": "newcomer", "display_name": "新人", "email": "", "password": "a-long-password-8"}


@pytest.fixture
def admin(committing: Any, now: Any, settings: Any) -> Client:
    """The signed-in administrator of a tenant whose transactions commit; errors become pages, as in production."""
    settings.DEMONSTRATION = True  # no second factor is asked for
    user_id = create_account(
        SYSTEM,
        username="admin",
        display_name="管理员",
        password="a-long-password-7",
        now=now,
        must_change_password=False,
    )
    grant_role(SYSTEM, user_id=user_id, role="system_admin", now=now)
    directory.forget()
    client = Client(raise_request_exception=False, headers={"host": f"{committing.schema_name}.localhost"})
    client.force_login(User.objects.get(pk=user_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _cut_the_line() -> None:
    """End this thread's database connection from outside, as a restarted server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with psycopg.connect(**database.admin(), autocommit=True) as outside:
        outside.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_a_database_that_goes_away_in_mid_request_loses_nothing(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = actions.evidence.append

    def cut(*args: Any, **kwargs: Any) -> None:
        _cut_the_line()
        whole(*args, **kwargs)

    monkeypatch.setattr(actions.evidence, "append", cut)
    answer = admin.post("/admin/accounts/new/", NEW)
    assert answer.status_code == 503
    assert "数据库暂时连不上" in answer.content.decode()
    assert "newcomer" not in answer.content.decode()
    monkeypatch.undo()
    assert not User.objects.filter(username="newcomer").exists(), "nothing half-written"
    assert admin.post("/admin/accounts/new/", NEW).status_code == 302, "and the next try succeeds"
    assert User.objects.filter(username="newcomer").count() == 1


def test_a_full_disk_is_named_and_nothing_is_half_written(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any, **_kwargs: Any) -> None:
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")

    monkeypatch.setattr(actions.evidence, "append", full)
    answer = admin.post("/admin/accounts/new/", NEW)
    assert answer.status_code == 507
    assert "存储空间已满" in answer.content.decode()
    assert not User.objects.filter(username="newcomer").exists()


def test_an_error_shows_a_number_and_no_detail(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(actions.evidence, "append", broken)
    answer = admin.post("/admin/accounts/new/", NEW)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "a secret detail" not in page
    assert answer.headers["X-Request-Id"] in page
    assert not User.objects.filter(username="newcomer").exists()


def test_a_page_of_the_sign_in_answers_while_the_directory_knows_no_such_host(committing: Any) -> None:
    answer = Client(headers={"host": "nobody.example"}).get("/accounts/login/")
    assert answer.status_code == 404
    assert "没有对应的公司" in answer.content.decode()


def test_a_program_gets_problem_json(admin: Client) -> None:
    answer = admin.get("/people/00000000-0000-0000-0000-000000000000/", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_a_form_from_an_old_page_is_refused_kindly(committing: Any) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": f"{committing.schema_name}.localhost"})
    answer = strict.post("/accounts/login/", {"login": "admin", "password": "x"})
    assert answer.status_code == 403
    assert "表单已过期" in answer.content.decode()


def test_looking_by_head_is_looking_and_the_health_page_takes_nothing(firm: Firm) -> None:
    for role, path in LOOKED_AT:
        answer = firm.client(role).head(path)
        assert (answer.status_code, answer.content) == (200, b""), path
    strict = Client(enforce_csrf_checks=True)
    assert strict.head("/healthz").status_code == 200
    for method in ("post", "put", "delete", "patch"):
        assert getattr(strict, method)("/healthz").status_code == 405
