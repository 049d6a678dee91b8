"""An answer of the law as the workbench shows it: verdict, questions, sums, days, steps, and the whole explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guiyan.kernel.results import Confidence, Finding, Missing, Reasoned, Verdict
from guiyan.law.ending import Ending, EndingCase, UnionDuty
from guiyan.law.explain import VERDICT_WORDS, Document, document
from guiyan.ui.values import TimelineItem
from guiyan.web.law import words
from guiyan.web.law.catalogue import Topic
from guiyan.web.law.fields import told

CONFIDENCE_TONES = {Confidence.STATUTE: "ok", Confidence.UNVERIFIED: "bad"}


@dataclass(frozen=True)
class Question:
    """A fact that is missing: the question, and the field that answers it (empty: none on this page)."""

    fact: str
    asks: str
    field_id: str = ""


@dataclass(frozen=True)
class Line:
    """A named value of the answer. ``strong``: the one that matters most; ``key`` is the same in every column."""

    key: str
    label: str
    value: str
    note: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Answer:
    """All that is shown of one answer. ``headline`` and ``tone`` say it at a glance; ``document`` explains it."""

    headline: str
    tone: str
    icon: str
    document: Document
    questions: tuple[Question, ...] = ()
    conditions: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    money: tuple[Line, ...] = ()
    days: tuple[TimelineItem, ...] = ()
    undated: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def english(self) -> bool:
        """Whether the reader reads English."""
        return (get_language() or "").startswith("en")

    @property
    def confidence(self) -> str:
        """How certain the authority is, in words."""
        said = self.document["confidence"]
        return said["en"] if self.english else said["zh"]

    @property
    def confidence_tone(self) -> str:
        """The tone of the certainty."""
        return CONFIDENCE_TONES.get(Confidence(self.document["confidence"]["code"]), "warn")


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer: what was given cannot be, or a figure is missing. ``key`` names the figure."""

    title: str
    problems: tuple[str, ...] = ()
    key: str = ""
    url: str = ""
    questions: tuple[Question, ...] = ()


def base(found: Reasoned, questions: tuple[Question, ...]) -> dict[str, Any]:
    """What every answer shows: headline, explanation, questions, conditions."""
    finding = found if isinstance(found, Finding) else None
    tone, icon = words.VERDICT_LOOKS[finding.verdict] if finding else ("brand", "calculator")
    return {
        "headline": told(VERDICT_WORDS[finding.verdict]) if finding else _("算好了"),
        "tone": tone,
        "icon": icon,
        "document": document(found),
        "questions": questions,
        "conditions": tuple(told(one) for one in finding.conditions) if finding else (),
    }


def questions_of(found: Reasoned, fields: Mapping[str, str]) -> tuple[Question, ...]:
    """The missing facts of an answer, each with the field that answers it."""
    missing: Iterable[Missing] = found.missing if isinstance(found, Finding) else ()
    return tuple(Question(one.fact, told(one.asks), fields.get(one.fact, "")) for one in missing)


def topic_answer(topic: Topic, result: Mapping[str, Any], found: Reasoned, fields: Mapping[str, str]) -> Answer:
    """The answer to a single question."""
    lines = tuple(
        Line(told_.key, told(told_.says), words.value_of(told_, result.get(told_.key)), strong=number == 0)
        for number, told_ in enumerate(topic.results)
        if told_.key in result
    )
    return Answer(**base(found, questions_of(found, fields)), lines=lines, extra={"result": dict(result)})


def ending_answer(case: EndingCase, found: Finding[Ending], fields: Mapping[str, str]) -> Answer:
    """The answer about one ending."""
    ending = found.value
    assert ending is not None
    dated, undated = _days(case, ending)
    return Answer(
        **base(found, questions_of(found, fields)),
        lines=_lines(ending, found.verdict),
        money=_money(ending),
        days=dated,
        undated=undated,
    )


def _lines(ending: Ending, verdict: Verdict) -> tuple[Line, ...]:
    notice = ending.notice
    union = {
        UnionDuty.UNION: _("事先通知工会"),
        UnionDuty.STAFF_OR_HIGHER_UNION: _("没有工会：告知职工代表或者上级工会"),
        UnionDuty.NONE: _("不需要"),
        None: _("尚不清楚"),
    }[ending.union]
    days = _("尚不清楚") if notice.days is None else _("%(n)s 天") % {"n": notice.days}
    return (
        Line("verdict", _("结论"), told(VERDICT_WORDS[verdict])),
        Line("gate", _("特殊保护"), words.decision(str(ending.gate)) if ending.gate else _("尚不清楚")),
        Line("notice", _("提前通知"), days),
        Line("earliest", _("最早可以结束"), words.day(notice.earliest)),
        Line("union", _("工会程序"), union),
    )


def _money(ending: Ending) -> tuple[Line, ...]:
    sums = ending.money
    if sums.due is None and sums.unlawful is None and sums.pay_in_lieu is None:
        return ()
    capped = _("按当地平均工资三倍封顶") if sums.capped else ""
    base = [
        Line("months", _("补偿月数"), "—" if sums.months is None else f"{sums.months.normalize():f}"),
        Line("base", _("计算基数"), words.money(sums.base), capped),
    ]
    return (
        *(base if sums.months is not None else ()),
        Line("severance", _("经济补偿（N）"), words.money(sums.severance)),
        Line("pay_in_lieu", _("代通知金（加一个月）"), words.money(sums.pay_in_lieu)),
        Line("total", _("依法应付合计"), words.money(sums.total), strong=True),
        Line("unlawful", _("如果违法：赔偿金（2N）"), words.money(sums.unlawful), _("代替补偿，或者继续履行合同")),
    )


def _days(case: EndingCase, ending: Ending) -> tuple[tuple[TimelineItem, ...], tuple[str, ...]]:
    """The days that are known, in order, and the steps whose day is not known yet."""
    known: list[tuple[date, int, str, str, str]] = []
    facts = (
        (case.hire_date, _("入职"), "user-plus", "neutral"),
        (case.probation_last_day, _("约定的试用期最后一日"), "hourglass", "neutral"),
        (case.contract_end, _("合同期满"), "contract", "neutral"),
        (case.notice_arrived, _("通知到达"), "mail-check", "brand"),
        (ending.notice.earliest, _("最早可以结束"), "calendar-event", "warn"),
        (case.last_day, _("计划的最后一日"), "flag", "brand"),
    )
    known += [(when, 0, title, icon, tone) for when, title, icon, tone in facts if when is not None]
    for number, step in enumerate(ending.steps, 1):
        if step.by is not None:
            known.append((step.by, number, _("最迟：%(step)s") % {"step": words.STEPS[step.kind]}, "alarm", "warn"))
    undated = tuple(str(words.STEPS[step.kind]) for step in ending.steps if step.by is None)
    items = tuple(
        TimelineItem(title, when.isoformat(), icon=icon, tone=tone)
        for when, _number, title, icon, tone in sorted(known, key=lambda each: (each[0], each[1]))
    )
    return items, undated


@dataclass(frozen=True)
class Compared:
    """One row of the comparison: its values by column, and whether they differ."""

    label: str
    values: tuple[str, ...]
    differs: bool


def compared(columns: Iterable[Answer | Trouble | None]) -> tuple[Compared, ...]:
    """The answers side by side, row by row."""
    tables = [
        {line.key: line for line in (*one.lines, *one.money)} if isinstance(one, Answer) else {} for one in columns
    ]
    labels = {key: line.label for table in tables for key, line in table.items()}
    rows = []
    for key, name in labels.items():
        values = tuple(table[key].value if key in table else "—" for table in tables)
        rows.append(Compared(name, values, len(set(values)) > 1))
    return tuple(rows)
