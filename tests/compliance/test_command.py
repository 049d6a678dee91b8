"""``guiyan law impact``: what it prints, its exit status, and that it writes nothing and shows no name."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from guiyan.compliance.models import OwnParameter
from guiyan.config.cli.impact import _rows, compare
from tests.process_db.world import World

from .world import AVERAGE, MINIMUM, ending, in_force, store

FILE = """
- key: wage.local_avg_month
  region: 上海
  value: 13000
  from: 2026-11-01
  source: 2026年度平均工资的公告
  statistic: 全口径城镇单位就业人员平均工资
"""


@pytest.fixture
def stored(world: World, monday: datetime) -> None:
    for figure in (AVERAGE, MINIMUM):
        in_force(world.lead, world.legal, figure, monday)
    store(world.hr, world.person(world.zhou), ending(), monday)


def counts() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM compliance_ownparameter), (SELECT count(*) FROM compliance_impactrun), "
            "(SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM compliance_storedfinding)"
        )
        return list(cursor.fetchone())


@pytest.mark.usefixtures("stored")
def test_installed_rules_that_answer_the_same_exit_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare([], as_json=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["looked_at"], report["skipped"], report["changed"]) == (1, 0, [])


@pytest.mark.usefixtures("stored")
def test_figures_of_a_file_that_change_an_answer_exit_with_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(FILE, encoding="utf-8")
    before = counts()
    assert compare(_rows(path), as_json=True) == 4
    out = capsys.readouterr().out
    (change,) = json.loads(out)["changed"]
    assert (change["means"], change["topic"], change["region"]) == ("money", "40(2)", "上海")
    assert ["money.severance", "184605.00", "195000.00"] in change["changes"]
    assert compare(_rows(path), as_json=False) == 4
    out += capsys.readouterr().out
    assert "money: 1" in out and "周雨桐" not in out
    assert counts() == before
    assert not OwnParameter.objects.filter(figure="13000").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1",
        "- 1",
        "- [",
        "- {key: wage.min_month}",
        FILE.replace("13000", "13000.5"),
        FILE.replace("13000", "13"),
        FILE.replace("13000", "'1e4'"),
        FILE.replace("2026-11-01", "soon"),
        FILE.replace("上海", "火星"),
        FILE + "  more: 1\n",
    ],
)
def test_a_file_that_cannot_be_used_exits_with_2(
    tenant: object, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        _rows(path)
    assert left.value.code == 2
    assert "values.yaml" in capsys.readouterr().err


@pytest.mark.usefixtures("stored")
def test_other_places_and_later_days_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(FILE.replace("上海", "北京"), encoding="utf-8")
    assert compare(_rows(path), as_json=True) == 0
    path.write_text(FILE.replace("2026-11-01", "2026-12-01"), encoding="utf-8")
    assert compare(_rows(path), as_json=True) == 0
