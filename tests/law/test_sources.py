"""Citations, figures and sentences: nothing is law without an authority, a date and two languages."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiyan.kernel.results import Confidence, Words
from guiyan.law.case_inputs import CaseInputs
from guiyan.law.case_topics import TOPICS, Law
from guiyan.law.citations import Cite, chinese_number, instruments
from guiyan.law.parameters import (
    RULES_CHECKED_ON,
    Parameter,
    ParameterMissing,
    read_key,
    statutory_parameters,
)
from guiyan.law.periods import DayPeriod, last_day_of_period
from guiyan.law.retirement import Birth, RetirementCategory, retirement_month
from guiyan.law.wages import OvertimeFacts, overtime_pay

HERE = Path(__file__).parent
PARAMS = statutory_parameters()


@pytest.mark.parametrize(
    ("cite", "zh", "en"),
    [
        (Cite("LCL", 47), "《劳动合同法》第四十七条", "Labour Contract Law, Art. 47"),
        (Cite("LCL", 42, item=4), "《劳动合同法》第四十二条第四项", "Labour Contract Law, Art. 42, item 4"),
        (Cite("CC", 137, 2), "《民法典》第一百三十七条第二款", "Civil Code, Art. 137, para. 2"),
        (Cite("INJ", 36, 2), "《工伤保险条例》第三十六条第二款", "Work Injury Insurance Regulations, Art. 36, para. 2"),
        (
            Cite("HRS25"),
            "《人力资源社会保障部关于职工全年月平均工作时间和工资折算问题的通知》（人社部发〔2025〕2号）",
            "Notice on Monthly Working Time and Conversion of Wages, 人社部发〔2025〕2号",
        ),
    ],
)
def test_a_citation_reads_as_lawyers_write_it(cite: Cite, zh: str, en: str) -> None:
    assert (str(cite), cite.english) == (zh, en)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (42, "四十二"),
        (100, "一百"),
        (107, "一百零七"),
        (110, "一百一十"),
        (203, "二百零三"),
        (1000, "一千"),
        (1007, "一千零七"),
        (1070, "一千零七十"),
        (1259, "一千二百五十九"),
    ],
)
def test_numbers_of_articles(number: int, text: str) -> None:
    assert chinese_number(number) == text


def test_a_citation_of_nothing_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="no such instrument"):
        Cite("XYZ", 1)
    with pytest.raises(ValueError, match="needs its article"):
        Cite("LCL", item=3)
    with pytest.raises(ValueError, match="number of an article"):
        chinese_number(0)


def test_the_index_says_what_was_in_force_when() -> None:
    index = instruments()
    assert not index["J2"].in_force_on(date(2025, 8, 31))
    assert index["J2"].in_force_on(date(2025, 9, 1))
    assert index["HRS08"].in_force_on(date(2024, 12, 31))
    assert not index["HRS08"].in_force_on(date(2025, 1, 1))


def test_no_figure_is_cited_to_an_instrument_that_was_not_in_force() -> None:
    for value in PARAMS.values:
        assert value.source.source.in_force_on(value.effective_from), value.key
        assert value.checked_on <= RULES_CHECKED_ON


def test_the_figure_in_force_on_the_day_is_used() -> None:
    before = PARAMS.at("wage.pay_days_month", as_of=date(2024, 12, 31), region=None)
    after = PARAMS.at("wage.pay_days_month", as_of=date(2025, 1, 1), region=None)
    assert (before.source, after.source) == (Cite("HRS08"), Cite("HRS25"))


def test_without_a_figure_in_force_the_rule_stops() -> None:
    facts = OvertimeFacts(Decimal(8700), Decimal(1), Decimal(0), Decimal(0))
    with pytest.raises(ParameterMissing, match=r"wage\.pay_days_month"):
        overtime_pay(facts, as_of=date(2007, 1, 1), region=None, params=PARAMS)


def test_an_authority_that_was_not_in_force_makes_the_answer_unverified() -> None:
    """The Civil Code took effect in 2021: of an earlier day it can only be cited by analogy, and a person must look."""
    facts = DayPeriod(date(2026, 3, 1), 30)
    today = last_day_of_period(facts, as_of=RULES_CHECKED_ON, region=None, params=PARAMS)
    earlier = last_day_of_period(facts, as_of=date(2020, 12, 31), region=None, params=PARAMS)
    assert (today.confidence, today.human_review) == (Confidence.STATUTE, False)
    assert (earlier.confidence, earlier.human_review) == (Confidence.UNVERIFIED, True)


def regional(region: str | None, amount: str, start: date) -> Parameter:
    row = {
        "key": "wage.min_month",
        "zh": "最低工资",
        "en": "Minimum wage",
        "unit": "yuan",
        "values": [
            {
                "from": start,
                "region": region,
                "value": amount,
                "source": {"instrument": "IR", "article": 14},
                "checked_on": RULES_CHECKED_ON,
                "confidence": "L",
            }
        ],
    }
    return read_key(row)[0]


def test_a_regional_figure_goes_before_a_national_one_and_stays_in_its_region() -> None:
    params = PARAMS.with_values(
        [
            regional(None, "1000", date(2020, 1, 1)),
            regional("北京", "2420", date(2023, 9, 1)),
            regional("北京", "2540", date(2025, 9, 1)),
        ]
    )
    day = date(2026, 1, 1)
    assert params.at("wage.min_month", as_of=day, region="北京").number == 2540
    assert params.at("wage.min_month", as_of=date(2024, 1, 1), region="北京").number == 2420
    assert params.at("wage.min_month", as_of=day, region="上海").number == 1000
    assert params.at("wage.min_month", as_of=day, region=None).number == 1000


@pytest.mark.parametrize(
    "change",
    [
        {"value": 21.75},
        {"value": "many"},
        {"value": True},
        {"from": "2025-01-01"},
        {"checked_on": None},
        {"source": {"instrument": "XYZ"}},
        {"confidence": "certain"},
        {"note": "?"},
        {"rows": [[1]]},
    ],
)
def test_a_figure_that_is_not_well_formed_is_refused(change: dict[str, Any]) -> None:
    value = {
        "from": date(2025, 1, 1),
        "value": "21.75",
        "source": {"instrument": "HRS25"},
        "checked_on": date(2026, 11, 22),
        "confidence": "V",
    }
    row = {"key": "k", "zh": "键", "en": "key", "unit": "days", "values": [value]}
    assert read_key(row)[0].confidence is Confidence.STATUTE
    with pytest.raises(ValueError, match=r".+"):
        read_key(row | {"values": [value | change]})


def test_the_retirement_table_agrees_month_by_month() -> None:
    with (HERE / "data" / "retirement_table.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 400
    for row in rows:
        birth = Birth(RetirementCategory(row["category"]), date.fromisoformat(row["birth_month"] + "-01"))
        found = retirement_month(birth, as_of=RULES_CHECKED_ON, region=None, params=PARAMS).value
        assert f"{found.month:%Y-%m}" == row["statutory_retirement_month"]
        assert f"{found.age_years}y{found.age_months}m" == row["statutory_age"]
        assert found.delay_months == int(row["delay_months"])


HALF_WIDTH = re.compile(r"[一-鿿）》][,;:?!()]|[,;:?!(][一-鿿《（]|[一-鿿]\.$")


def every_sentence() -> set[Words]:
    law = Law(RULES_CHECKED_ON, None, PARAMS)
    sentences: set[Words] = set()
    for line in (HERE / "cases" / "contract.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line, parse_float=Decimal)
        for inputs in (case["inputs"], {key: case["inputs"][key] for key in list(case["inputs"])[:1]}):
            try:
                reasoned = TOPICS[case["topic"]](CaseInputs(inputs), law).reasoned
            except ValueError:
                continue
            assert all(step.cites for step in reasoned.steps)
            sentences |= {step.says for step in reasoned.steps}
            sentences |= {missing.asks for missing in getattr(reasoned, "missing", ())}
            sentences |= set(getattr(reasoned, "conditions", ()))
    return sentences


def test_every_sentence_has_two_languages_and_full_width_punctuation() -> None:
    sentences = every_sentence()
    assert len(sentences) > 90
    for words in sentences:
        assert re.search(r"[一-鿿]", words.zh)
        assert not re.search(r"[一-鿿]", words.en), words.en
        assert not HALF_WIDTH.search(words.zh), words.zh
        assert words.zh[-1] in "。？"
        assert words.en[-1] in ".?"
