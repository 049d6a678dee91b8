"""Forms of facts: one field a fact, unknown as a choice of its own, and back into the inputs that the law takes.

A fact left empty is unknown and is left out of the inputs. A fact that is asked for only under a choice that was not
made is left out as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guiyan.kernel.results import Words
from guiyan.law.case_inputs import NUMBER_BELOW, YEAR_MAX, YEAR_MIN, CaseInputs, InputProblems
from guiyan.web.law.catalogue import Fact, Kind

UNKNOWN = ""
DAY = "day"
ROWS_MAX = 12
TRUTHS: Mapping[str, Any] = {"true": True, "false": False, "none": None}


def told(words: Words) -> str:
    """Return words in the language of the reader."""
    return words.en if (get_language() or "").startswith("en") else words.zh


class WhenField(forms.CharField):
    """A civil day, or with ``with_time`` a day that may carry a time, as ISO text."""

    def __init__(self, *, with_time: bool, **kwargs: Any) -> None:
        attrs = {"placeholder": "2026-03-10 15:00", "inputmode": "numeric"} if with_time else {"type": "date"}
        super().__init__(required=False, max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)
        if not with_time:
            self.widget.input_type = "date"

    def clean(self, value: Any) -> str | None:
        """Return the text, or None for nothing. Raises ValidationError for what is no day."""
        said = super().clean(value)
        if not said:
            return None
        reading = CaseInputs({"when": said})
        reading.optional_when("when")
        try:
            reading.check()
        except InputProblems:
            raise ValidationError(
                _("这不是一个日期。请写成 2026-03-10，年份在 %(least)s 到 %(most)s 之间。")
                % {"least": YEAR_MIN, "most": YEAR_MAX}
            ) from None
        return str(said)


class NumberField(forms.DecimalField):
    """A number from ``least`` up, whole or not; the error says which of the two it broke."""

    def __init__(self, *, least: int, most: int | None, whole: bool, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric" if whole else "decimal", "placeholder": _("不清楚")})
        super().__init__(required=False, widget=widget, localize=False, **kwargs)
        self.least, self.most, self.whole = least, most, whole

    def clean(self, value: Any) -> Decimal | None:
        """Return the number, or None for nothing."""
        try:
            number: Decimal | None = super().clean(str(value).replace(",", "").replace("，", "") if value else value)
        except ValidationError:
            raise ValidationError(_("请填数字，例如 12000 或 12000.50。")) from None
        if number is None:
            return None
        if number < self.least:
            raise ValidationError(_("不能为负数。") if self.least == 0 else _("不能小于 %(n)s。") % {"n": self.least})
        if number >= NUMBER_BELOW or (self.most is not None and number > self.most):
            raise ValidationError(_("数字太大了，请核对。"))
        if self.whole and number != number.to_integral_value():
            raise ValidationError(_("请填整数。"))
        return number


@dataclass(frozen=True)
class Row:
    """A fact as the form shows it: its field, the field of its day or list beside it, and when it is asked."""

    fact: Fact
    bound: forms.BoundField | None
    beside: forms.BoundField | None = None
    beside_when: str = ""
    when: str = ""
    cells: list[list[forms.BoundField]] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The name of the fact."""
        return told(self.fact.says)

    @property
    def is_free(self) -> bool:
        """Whether leaving it empty is how to say that it is unknown."""
        return self.fact.kind in {Kind.DAY, Kind.MOMENT, Kind.NUMBER, Kind.WHOLE}

    @property
    def columns(self) -> list[str]:
        """The names of the columns of rows."""
        return [told(words) for _code, words in self.fact.choices]


class FactsForm(forms.Form):
    """The facts of one question. ``order`` names pairs of days that may not be reversed."""

    use_required_attribute = False

    def __init__(
        self, facts: Iterable[Fact], data: Any = None, *, prefix: str, order: Iterable[tuple[str, str]] = (), **kw: Any
    ) -> None:
        super().__init__(data, prefix=prefix, **kw)
        self.facts = tuple(facts)
        self.order = tuple(order)
        for fact in self.facts:
            self.fields.update(_fields(fact))

    def rows(self) -> list[Row]:
        """Return every fact as the form shows it."""
        return [self._row(fact) for fact in self.facts]

    def _row(self, fact: Fact) -> Row:
        when = f"{self.prefix}-{fact.when}" if fact.when else ""
        if fact.kind is Kind.ROWS:
            cells = [[self[f"{fact.key}_{n}_{code}"] for code, _w in fact.choices] for n in range(1, ROWS_MAX + 1)]
            return Row(fact, None, when=when, cells=cells)
        beside = {Kind.DAY_STATE: f"{fact.key}_day", Kind.CHOICES: f"{fact.key}_list"}.get(fact.kind)
        chosen = {Kind.DAY_STATE: DAY, Kind.CHOICES: "some"}.get(fact.kind, "")
        return Row(
            fact,
            self[fact.key],
            self[beside] if beside else None,
            f"{self.add_prefix(fact.key)}={chosen}" if beside else "",
            when,
        )

    def clean(self) -> dict[str, Any]:
        """Name days that are reversed, and a state whose day or list is not said."""
        data = super().clean() or {}
        for first, second in self.order:
            earlier, later = data.get(first), data.get(second)
            if earlier and later and str(later) < str(earlier):
                name = next(told(fact.says) for fact in self.facts if fact.key == first)
                self.add_error(second, _("不能早于“%(name)s”（%(day)s）。") % {"name": name, "day": earlier})
        for fact in self.facts:
            beside = f"{fact.key}_day"
            undated = fact.kind is Kind.DAY_STATE and data.get(fact.key) == DAY and not data.get(beside)
            if undated and beside not in self.errors:
                self.add_error(beside, _("请填日期。"))
            if fact.kind is Kind.CHOICES and data.get(fact.key) == "some" and not data.get(f"{fact.key}_list"):
                self.add_error(f"{fact.key}_list", _("请选择至少一项。"))
        return data

    def inputs(self) -> dict[str, Any]:
        """Return the facts that were told, as the inputs of a case; call it once the form is valid."""
        found: dict[str, Any] = {}
        for fact in self.facts:
            if self._asked(fact):
                found.update(self._said(fact))
        return found

    def said(self) -> list[tuple[str, str]]:
        """Return the facts that were told, in words: for paper."""
        given = self.inputs()
        return [(told(fact.says), in_words(fact, given[fact.key])) for fact in self.facts if fact.key in given]

    def missing(self) -> list[Fact]:
        """Return the facts that the answer cannot do without and nobody told."""
        given = self.inputs()
        return [fact for fact in self.facts if fact.required and fact.key not in given]

    def _asked(self, fact: Fact) -> bool:
        key, _eq, codes = fact.when.partition("=")
        return not key or self.cleaned_data.get(key) in codes.split("|")

    def _said(self, fact: Fact) -> dict[str, Any]:
        if fact.kind is Kind.ROWS:
            rows = self._months(fact)
            return {fact.key: rows} if rows else {}
        value = self.cleaned_data.get(fact.key)
        return {} if value in (None, UNKNOWN) else {fact.key: self._meant(fact, value)}

    def _meant(self, fact: Fact, value: Any) -> Any:
        """What a choice stands for in the inputs of a case."""
        if fact.kind is Kind.CHOICES:
            return [] if value == "none" else self.cleaned_data[f"{fact.key}_list"]
        if fact.kind is Kind.DAY_STATE and value == DAY:
            return self.cleaned_data[f"{fact.key}_day"]
        truth = fact.kind in {Kind.YES_NO, Kind.DAY_STATE} or (fact.kind is Kind.CHOICE and value == "false")
        return TRUTHS[value] if truth or (fact.nothing and value == "none") else value

    def _months(self, fact: Fact) -> list[dict[str, Any]]:
        """The rows up to the last one of which anything was said; an empty cell of theirs is nought."""
        codes = [code for code, _w in fact.choices]
        rows = [[self.cleaned_data.get(f"{fact.key}_{n}_{code}") for code in codes] for n in range(1, ROWS_MAX + 1)]
        while rows and all(cell is None for cell in rows[-1]):
            rows.pop()
        return [{code: cell or Decimal(0) for code, cell in zip(codes, row, strict=True)} for row in rows]


def _fields(fact: Fact) -> dict[str, forms.Field]:
    name = told(fact.says)
    words = [(code, told(says)) for code, says in fact.choices]
    unknown = (UNKNOWN, _("不清楚"))
    if fact.kind in {Kind.DAY, Kind.MOMENT}:
        return {fact.key: WhenField(label=name, with_time=fact.kind is Kind.MOMENT)}
    if fact.kind in {Kind.NUMBER, Kind.WHOLE}:
        return {fact.key: _number(fact, name)}
    if fact.kind is Kind.ROWS:
        return {
            f"{fact.key}_{n}_{code}": _number(fact, _("第 %(n)s 个月，%(column)s") % {"n": n, "column": says})
            for n in range(1, ROWS_MAX + 1)
            for code, says in words
        }
    if fact.kind is Kind.CHOICES:
        states = [unknown, ("none", _("没有")), ("some", _("有，请勾选"))]
        boxes = forms.CheckboxSelectMultiple
        picked = forms.MultipleChoiceField(label=name, choices=words, required=False, widget=boxes)
        return {fact.key: _choice(name, states), f"{fact.key}_list": picked}
    states = {Kind.YES_NO: [("true", _("是")), ("false", _("否"))]}.get(fact.kind, words)
    chosen: dict[str, forms.Field] = {fact.key: _choice(name, states if fact.sure else [unknown, *states])}
    if fact.kind is Kind.DAY_STATE:
        label = _("%(name)s：日期") % {"name": name}
        chosen[f"{fact.key}_day"] = WhenField(label=label, with_time=fact.with_time)
    return chosen


def in_words(fact: Fact, value: Any) -> str:
    """Return a fact of a case as the form tells it."""
    names = {code: told(says) for code, says in fact.choices}
    if fact.kind is Kind.CHOICES:
        return _("、").join(names[code] for code in value) or _("没有")
    if fact.kind is Kind.ROWS:
        return _("；").join(_("、").join(str(cell) for cell in row.values()) for row in value)
    code = {True: "true", False: "false", None: "none"}.get(value) if isinstance(value, bool | None) else str(value)
    if fact.kind is Kind.YES_NO:
        return _("是") if value else _("否")
    return names.get(code or "", str(value))


def _number(fact: Fact, name: str) -> NumberField:
    return NumberField(label=name, least=fact.least, most=fact.most, whole=fact.kind is Kind.WHOLE)


def _choice(name: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=name, choices=choices, required=False)


def as_posted(facts: Iterable[Fact], inputs: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the fields that tell ``inputs``: the way back, for facts that are loaded and for cases that are shown."""
    posted: dict[str, Any] = {}
    for fact in facts:
        if fact.key in inputs:
            posted.update({f"{prefix}-{key}": value for key, value in _posted(fact, inputs[fact.key]).items()})
    return posted


def _posted(fact: Fact, value: Any) -> dict[str, Any]:
    key = fact.key
    if fact.kind is Kind.ROWS:
        return {f"{key}_{n}_{code}": str(cell) for n, row in enumerate(value, 1) for code, cell in row.items()}
    if fact.kind is Kind.CHOICES:
        return {key: "some" if value else "none", f"{key}_list": list(value)}
    codes = {code for code, _w in fact.choices}
    said = {True: "true", False: "false", None: "none"}.get(value) if isinstance(value, bool | None) else str(value)
    if fact.kind is Kind.DAY_STATE and said not in codes:
        return {key: DAY, f"{key}_day": said}
    return {key: said}
