"""The demonstration company: everybody the stories need, the same from the same seed, and nobody who exists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.test import override_settings

from guiyan.ledger.models import Entry
from guiyan.people import actions, queries
from guiyan.people.importing.identity import check_digit
from guiyan.people.models import EmploymentSpell, Person, Protection
from guiyan.people.queries import PeopleFilter
from guiyan.platform.models import User
from guiyan.platform.permissions import SYSTEM, Held, Viewer, table
from guiyan.simulator import company

LEAD = Viewer(None, None, "lead", (Held("hr_lead"),), auth="password")
FAST = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])


def _faces() -> list[tuple[Any, ...]]:
    """Return what one sees of everybody, without ids."""
    rows = queries.list_people(LEAD, sort="number", size=200, on=None).rows
    return [
        (row.name, row.number, row.unit, row.post, row.manager, row.hired_on, row.ended_on, row.mobile) for row in rows
    ]


@pytest.fixture
def made(tenant: Any, now: datetime) -> Iterator[company.Made]:
    with FAST:
        yield company.build(now=now, seed=2026)


def test_the_demonstration_company_is_whole(made: company.Made, now: datetime) -> None:
    day = now.date()
    on_board = queries.list_people(LEAD, PeopleFilter(status="on_board"), on=day).total
    assert 280 <= on_board <= 320
    assert queries.list_people(LEAD, PeopleFilter(status="ended"), on=day).total >= 30
    assert queries.list_people(LEAD, PeopleFilter(in_probation=True), on=day).total >= 5
    assert queries.list_people(LEAD, PeopleFilter(status="leaving"), on=day).total == 2
    assert EmploymentSpell.objects.filter(latest=False).count() == company.RETURNED
    assert set(Protection.objects.values_list("kind", flat=True)) >= {
        "pregnancy",
        "nursing",
        "medical_period",
        "injury",
    }
    tree = queries.unit_tree(LEAD, on=day)
    assert all(node.head is not None for node in tree), "every unit has a head"
    heads = {node.head.person_id for node in tree if node.head}
    everybody = queries.list_people(LEAD, PeopleFilter(status="on_board"), size=200, on=day).rows
    top = made.people["苏明远"]
    assert all(row.manager for row in everybody if row.person_id != top)
    assert len(heads) >= len(tree) - 2
    _the_stories(made, now)
    _the_accounts(now)
    _nobody_exists(now)
    entries = [bytes(each).decode() for each in Entry.objects.values_list("entry", flat=True)]
    assert len(entries) > 1500
    assert all(f'"t":"{now:%Y-%m-%dT%H:%M}' in each for each in entries), "no entry claims an age it does not have"


def _the_stories(made: company.Made, now: datetime) -> None:
    """The people of the stories stand to each other as the stories say."""
    day = now.date()
    one = made.people["周雨桐"]
    manager = queries.direct_manager_of(one, day)
    assert manager is not None and manager.name == "陈立衡"
    assert [each.name for each in queries.hr_of(one, day)] == ["林晓"]
    engineer = queries.list_people(LEAD, PeopleFilter(unit_id=made.units["RD-PLAT"], status="on_board"), on=day).rows[0]
    assert [each.name for each in queries.hr_of(engineer.person_id, day)] == ["许可"]
    shown = queries.profile(LEAD, one, on=day)
    assert (shown.unit, shown.spells[0].status, len(shown.spells)) == ("客户成功部", "active", 1)
    assert queries.profile(LEAD, made.people["宋嘉"], on=day).unit == "客户成功部"
    assert not Protection.objects.filter(person_id=one).exists(), "the story declares it, not the company"
    assert {each.kind for each in queries.delivery_targets(one, now)} == {"postal", "email", "mobile"}


def _the_accounts(now: datetime) -> None:
    """There is an account of every role, and each signs in with the demonstration's password."""
    viewers = {
        name: queries.viewer_for(User.objects.get(username=name), on=now.date()) for name, *_rest in company.ACCOUNTS
    }
    held = set().union(*(viewer.roles for viewer in viewers.values()))
    assert held == set(table().roles) - {"system"}
    assert all(check_password(company.DEMO_PASSWORD, user.password) for user in User.objects.all())
    assert viewers["zhouyutong"].roles == {"employee"}
    assert viewers["chenliheng"].roles == {"employee", "manager"}
    assert viewers["linxiao"].roles == {"employee", "hr"}
    words = {name: roles for name, _shown, roles in company.ACCOUNTS}
    assert words["xuke"] == "员工、人力资源（研发中心）、人力资源（产品部）"


def _nobody_exists(now: datetime) -> None:
    """Identity numbers are well formed and issued to nobody; telephones lie in a block that no carrier has."""
    for person in Person.objects.order_by("name_key")[:10]:
        number = actions.reveal_sensitive(SYSTEM, person.id, "id_document", reason="测试", now=now)
        mobile = actions.reveal_sensitive(SYSTEM, person.id, "mobile", reason="测试", now=now)
        assert number[:6] == company.AREA and number[17] == check_digit(number[:17])
        assert mobile.startswith(company.TELEPHONES)


def _small(now: datetime, seed: int) -> list[tuple[Any, ...]]:
    """Make a small company of the same shape, look at everybody, and undo it."""
    few = tuple((code, name, above, min(share, 3), family) for code, name, above, share, family in company.UNITS)
    with FAST, pytest.MonkeyPatch.context() as patch:
        patch.setattr(company, "UNITS", few)
        patch.setattr(company, "STAFF", sum(unit[3] for unit in few))
        patch.setattr(company, "LEAVERS", 8)
        patch.setattr(company, "MOVERS", 5)
        with transaction.atomic():
            company.build(now=now, seed=seed)
            faces = _faces()
            transaction.set_rollback(True)
    return faces


def test_the_same_seed_makes_the_same_company_and_another_another(tenant: Any, now: datetime) -> None:
    first = _small(now, 7)
    assert len(first) > 60
    assert _small(now, 7) == first
    assert _small(now, 8) != first


def test_an_interrupted_company_leaves_nothing(tenant: Any, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_args: Any) -> None:
        assert Person.objects.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(company._Maker, "staff", stop)
    with FAST, pytest.raises(KeyboardInterrupt):
        company.build(now=now, seed=7)
    assert not Person.objects.exists()
    assert not User.objects.exists()
