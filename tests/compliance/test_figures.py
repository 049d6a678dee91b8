"""Figures that an employer enters: which there are, what they may be, and how rules of law use them."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from importlib import resources

import pytest

from guiyan.kernel.results import Confidence, Verdict
from guiyan.law import version
from guiyan.law.parameter_keys import FigureRejected, parameter_keys, read_key
from guiyan.law.parameters import OwnSource, Parameter, ParameterMissing, statutory_parameters
from guiyan.law.regions import province_of, region_named, regions
from guiyan.law.sickness import YearsHere, local_medical_period

DAY = date(2026, 11, 23)
SOURCE = OwnSource("关于调整最低工资标准的通知", "粤人社规〔2026〕1号", "省人社厅网站", "")


def figure(key: str, amount: str, region: str | None, start: date = date(2026, 1, 1), rows: str = "") -> Parameter:
    known = parameter_keys()[key]
    cells = tuple(Decimal(cell) for cell in rows.split(",")) if rows else ()
    return Parameter(
        key, known.name.zh, known.name.en, known.unit, start, None, region, Decimal(amount) if amount else None,
        (cells,) if cells else (), SOURCE, DAY, Confidence.LOCAL,
    )  # fmt: skip


def test_a_city_has_its_own_figure_before_its_provinces_before_the_countrys() -> None:
    params = statutory_parameters().with_values(
        [figure("wage.min_month", "2500", "广东", date(2026, 6, 1)), figure("wage.min_month", "2600", "深圳")]
    )

    def wage(place: str) -> Decimal:
        return params.at("wage.min_month", as_of=DAY, region=place).number

    assert (wage("深圳"), wage("广州"), wage("广东")) == (Decimal(2600), Decimal(2500), Decimal(2500))
    for place in ("上海", "深圳湾", None):
        with pytest.raises(ParameterMissing):
            params.at("wage.min_month", as_of=DAY, region=place)
    grace = params.with_values([figure("wage.final_grace_workdays", "3", "南昌")])
    assert [grace.at("wage.final_grace_workdays", as_of=DAY, region=place).number for place in ("南昌", "九江")] == [
        3,
        5,
    ]
    assert grace.at("wage.final_grace_workdays", as_of=DAY, region="北京").number == 0


def test_a_source_in_plain_words_is_printed_and_counts_as_local() -> None:
    assert str(SOURCE) == "关于调整最低工资标准的通知（粤人社规〔2026〕1号）；省人社厅网站（单位录入）"
    use = figure("wage.min_month", "2500", "广东").use
    assert (use.source, use.value, use.source_en) == (str(SOURCE), "2500", SOURCE.english)
    assert SOURCE.english.endswith("(entered by the employer)")
    params = statutory_parameters().with_values(
        [
            figure("medical_period.local_by_years_here", "", "苏州", rows="3,24"),
            figure("medical_period.local_first_step_years", "1", "苏州"),
        ]
    )
    facts = YearsHere(Decimal(4))
    answer = local_medical_period(facts, as_of=DAY, region="苏州", params=params)
    assert (answer.verdict, answer.value, answer.confidence) == (Verdict.ALLOWED, 7, Confidence.LOCAL)
    assert str(answer.cites[0]) == str(SOURCE)
    alone = statutory_parameters().with_values([figure("medical_period.local_by_years_here", "", "苏州", rows="3,24")])
    assert local_medical_period(facts, as_of=DAY, region="苏州", params=alone).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("wage.min_month", "", "no_figure"),
        ("wage.min_month", "二千六", "no_figure"),
        ("wage.min_month", "-2690", "no_figure"),
        ("wage.min_month", "2.69e3", "no_figure"),
        ("wage.min_month", "NaN", "no_figure"),
        ("wage.min_month", "２６９０", "no_figure"),
        ("wage.min_month", "26.90", "out_of_range"),
        ("wage.min_month", "2690,1", "count"),
        ("wage.local_avg_month", "146000", "out_of_range"),
        ("wage.final_grace_workdays", "2.5", "not_whole"),
        ("union.absent_policy", "2", "no_choice"),
        ("medical_period.local_by_years_here", "3", "count"),
        ("medical_period.local_by_years_here", "3，", "no_figure"),
    ],
)
def test_what_is_no_figure_is_refused_by_name(key: str, text: str, code: str) -> None:
    with pytest.raises(FigureRejected) as refused:
        parameter_keys()[key].read(text)
    assert refused.value.problem.code == code
    assert refused.value.problem.says.zh != refused.value.problem.says.en


def test_figures_are_read_exactly() -> None:
    assert parameter_keys()["wage.min_month"].read(" 2690.50 ") == (Decimal("2690.50"), ())
    read = parameter_keys()["medical_period.local_by_years_here"].read("3， 24")
    assert read == (None, ((Decimal(3), Decimal(24)),))


def test_every_key_agrees_with_the_shipped_figures() -> None:
    """A key that ships with values too has one name and one unit; every bound lets something in."""
    shipped = {value.key: value for value in statutory_parameters().values}
    for key, known in parameter_keys().items():
        if key in shipped:
            assert (known.name.zh, known.unit) == (shipped[key].zh, shipped[key].unit), key
        assert known.choices or (known.low is not None and known.high is not None), key
    assert {key for key, known in parameter_keys().items() if known.without} == {
        "wage.min_month", "wage.local_avg_month", "wage.local_avg_annual",
    }  # fmt: skip
    assert not {"wage.min_month", "wage.local_avg_month"} & set(shipped), "no local figure ships without a source"


def test_a_key_that_says_too_much_or_too_little_is_refused() -> None:
    good = {"key": "a", "name": {"zh": "甲", "en": "A"}, "unit": "yuan", "min": "1", "max": "2"}
    assert read_key(good).low == 1
    for bad in ({**good, "more": 1}, {**good, "max": "1"}, {**good, "choices": []}, {"key": "a", "unit": "yuan"}):
        with pytest.raises(ValueError, match=r"."):
            read_key(bad)


def test_places_are_found_as_people_write_them() -> None:
    names = ("上海", "上海市", "310000", "深圳", "深圳市", "广东省深圳市", "广西壮族自治区", "吉林", "吉林市")
    found = [region_named(name) for name in names]
    assert [region.code if region else None for region in found] == [
        "310000", "310000", "310000", "440300", "440300", "440300", "450000", "220000", "220200",
    ]  # fmt: skip
    assert region_named("火星") is None
    assert region_named("香港") is None
    assert (province_of("深圳"), province_of("上海"), province_of(None)) == ("广东", None, None)
    assert {region.province for region in regions().values()} - {None} <= set(regions())


def test_the_version_of_the_law_changes_with_any_rule_or_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert version.law_version() == version.law_version()
    names = {name for package in version.PACKAGES for name, _file in version._files(package, resources.files(package))}
    assert {
        "guiyan.law/severance.py",
        "guiyan.law/data/parameters.yaml",
        "guiyan.law/data/parameter_keys.yaml",
    } <= names
    assert {"guiyan.kernel/money.py", "guiyan.law/matrix/proving.py"} <= names
    real = version._files

    class Changed:
        def read_bytes(self) -> bytes:
            return b"another rule"

    def changed(name: str, folder: object) -> object:
        for each, file in real(name, folder):  # type: ignore[arg-type]
            yield each, Changed() if each == "guiyan.law/severance.py" else file

    before = version.law_version()
    monkeypatch.setattr(version, "_files", changed)
    other = version.law_version.__wrapped__()
    assert other != before
    assert len(other.split("+")[1]) == 16 == hashlib.sha256().digest_size // 2
