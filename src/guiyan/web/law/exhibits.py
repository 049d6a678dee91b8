"""The exhibits and steps of a ground as a form: a grade ticks an exhibit, a day says that a step was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from guiyan.law.explain.document import plain
from guiyan.law.labels import label
from guiyan.law.matrix.given import Exhibit
from guiyan.law.matrix.loading import exhibit_kinds
from guiyan.law.matrix.model import DayRule, Element, Event, Fact, Grade, GroundMatrix, Stage
from guiyan.law.moments import When
from guiyan.web.law.fields import WhenField, told

SOURCE_MAX = 60
PREFIX = "e"


@dataclass(frozen=True)
class ExhibitRow:
    """One kind of exhibit: its grade, and what is asked of it once it has one."""

    name: str
    grade: forms.BoundField
    beside: tuple[forms.BoundField, ...]
    when: str
    is_clue: bool


@dataclass(frozen=True)
class ElementRows:
    """The kinds of exhibit of one element."""

    prove: str
    level: str
    rows: tuple[ExhibitRow, ...]


class ExhibitsForm(forms.Form):
    """What there is for each element, and which steps were done when."""

    use_required_attribute = False

    def __init__(self, entry: GroundMatrix, data: Any = None) -> None:
        super().__init__(data, prefix=PREFIX)
        self.entry = entry
        for name, kind, _clue in self._places():
            known = exhibit_kinds()[kind]
            said = told(known.name)
            grades = [(str(int(one)), told(label(one))) for one in Grade if one >= known.best]
            self.fields[name] = forms.ChoiceField(label=said, choices=[("", _("没有")), *grades], required=False)
            self.fields[f"{name}_dated"] = WhenField(label=_("%(name)s：形成日期") % {"name": said}, with_time=False)
            self.fields[f"{name}_lawful"] = forms.ChoiceField(
                label=_("%(name)s：是否合法取得") % {"name": said},
                choices=[("", _("是否合法不清楚")), ("true", _("合法取得")), ("false", _("不合法"))],
                required=False,
            )
            self.fields[f"{name}_source"] = forms.CharField(
                label=_("%(name)s：来源") % {"name": said},
                required=False,
                max_length=SOURCE_MAX,
                widget=forms.TextInput(attrs={"placeholder": _("来源（系统或者人）")}),
            )
        for number, stage in enumerate(entry.stages):
            self.fields[f"step{number}"] = WhenField(label=told(stage.kind.does), with_time=False)
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"err-id_{PREFIX}-{name}"

    def _places(self) -> Iterator[tuple[str, str, bool]]:
        """The field, the kind, and whether it is a mere clue, for every exhibit of every element."""
        for number, element in enumerate(self.entry.elements):
            yield from ((f"x{number}_{kind}", kind, clue) for kind, clue in _kinds(element))

    def elements(self) -> list[ElementRows]:
        """The exhibits by element, for the page."""
        return [
            ElementRows(
                told(element.prove),
                told(label(element.level)),
                tuple(self._row(f"x{number}_{kind}", kind, clue) for kind, clue in _kinds(element)),
            )
            for number, element in enumerate(self.entry.elements)
        ]

    def _row(self, name: str, kind: str, clue: bool) -> ExhibitRow:
        beside = tuple(self[f"{name}_{part}"] for part in ("dated", "lawful", "source"))
        return ExhibitRow(told(exhibit_kinds()[kind].name), self[name], beside, f"{PREFIX}-{name}=1|2|3|4", clue)

    def steps(self) -> list[forms.BoundField]:
        """The steps, in order."""
        return [self[f"step{number}"] for number in range(len(self.entry.stages))]

    def exhibits(self) -> tuple[Exhibit, ...]:
        """The exhibits that were ticked."""
        found = []
        for number, element in enumerate(self.entry.elements):
            for kind, _clue in _kinds(element):
                name = f"x{number}_{kind}"
                grade, dated = self.cleaned_data.get(name), self.cleaned_data.get(f"{name}_dated")
                if grade:
                    lawful = {"true": True, "false": False}.get(self.cleaned_data.get(f"{name}_lawful", ""))
                    source = self.cleaned_data.get(f"{name}_source") or None
                    day = date.fromisoformat(dated) if dated else None
                    found.append(Exhibit(element.id, kind, Grade(int(grade)), source, day, lawful))
        return tuple(found)

    def done(self) -> dict[str, When]:
        """The steps that were done, and when."""
        days = {stage.kind.kind: self.cleaned_data.get(f"step{n}") for n, stage in enumerate(self.entry.stages)}
        return {kind: When.on(date.fromisoformat(day)) for kind, day in days.items() if day}

    def kept(self) -> dict[str, Any]:
        """The exhibits and steps as JSON holds them."""
        return {"exhibits": plain(self.exhibits()), "steps": plain({k: when.day for k, when in self.done().items()})}


def _kinds(element: Element) -> list[tuple[str, bool]]:
    return [*((kind, False) for kind in element.exhibits), *((kind, True) for kind in element.clues)]


def events_of(entry: GroundMatrix) -> list[Event]:
    """The events on which a day of this ground hangs, in the order of the vocabulary."""
    found = {rule.event for rule in _rules(entry)}
    found |= {deadline.cure_until for stage in entry.stages for deadline in stage.deadlines}
    return [event for event in Event if event in found]


def facts_of(entry: GroundMatrix) -> list[Fact]:
    """The facts on which it depends whether something of this ground applies, in the order of the vocabulary."""
    conditions = [element.when for element in entry.elements] + [stage.when for stage in entry.stages]
    conditions += [deadline.when for stage in entry.stages for deadline in stage.deadlines]
    found = {condition.fact for condition in conditions if condition is not None}
    return [fact for fact in Fact if fact in found]


def _rules(entry: GroundMatrix) -> Iterator[DayRule]:
    yield entry.collect_latest
    if entry.collect_advised is not None:
        yield entry.collect_advised
    for element in entry.elements:
        if element.window is not None:
            yield from (rule for rule in (element.window.after, element.window.by) if rule is not None)
    yield from _of_stages(entry.stages)


def _of_stages(stages: tuple[Stage, ...]) -> Iterator[DayRule]:
    for stage in stages:
        yield from (deadline.rule for deadline in stage.deadlines)
