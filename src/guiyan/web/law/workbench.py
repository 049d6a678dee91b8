"""The page of an ending: facts on one side, the answer on the other, up to three columns side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guiyan.compliance.judging import ending_question
from guiyan.law.ending import FactsRejected, RegionMissing, judge_ending
from guiyan.law.parameters import ParameterMissing
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Crumb
from guiyan.web.edge import may_see, page
from guiyan.web.law import carrying, desk, endings, keeping, loading
from guiyan.web.law.desk import ACT, Setting
from guiyan.web.law.fields import FactsForm, told
from guiyan.web.law.keeping import Column
from guiyan.web.law.shown import Answer, Question, Trouble, compared, ending_answer

FIRST = "a"
BESIDE = ("b", "c")
"""The columns that may stand beside the first."""


@page
@require_http_methods(["GET", "HEAD", "POST"])
def ending(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Judge an ending from the facts that were told; every change of a field judges again."""
    may_see(viewer, ACT)
    data, loaded = loading.loaded(request, viewer, FIRST) if request.method == "POST" else (None, loading.NOBODY)
    if data is not None:
        carrying.to_ending(data)
    columns = _columns(data)
    for column in columns:
        column.evidence_url = carrying.evidence_url(column.inputs.get("ground"))
    base = columns[0]
    titles = dict(endings.PARTS)
    rows = {row.fact.key: row for row in base.form.rows()}
    context: dict[str, Any] = {
        "title": _("一次解除或者终止"),
        "parts": [{"title": title, "rows": [rows[name] for name in names]} for title, names in titles.items()],
        "compared": compared(column.answer for column in columns) if len(columns) > 1 else (),
        "may_add": len(columns) <= len(BESIDE),
        "loaded": loaded,
        "carried": carrying.carried(data, [column.form for column in columns]),
        "crumbs": [Crumb(_("法律工作台"), reverse("law")), Crumb(_("一次解除或者终止"))],
    }
    title = _("解除或者终止")
    return keeping.respond(request, viewer, keeping.Told("ending", title, columns, "web/law/ending.html", context))


def _columns(data: QueryDict | None) -> list[Column]:
    """The first column, and those beside it, which change a few of its facts."""
    first = Column(FIRST, FactsForm(endings.facts(), data, prefix=FIRST), desk.law_form(data), None, {}, _("方案一"))
    if data is None:
        return [first]
    where = desk.setting(first.law)
    if first.form.is_valid() and where is not None:
        first.inputs = first.form.inputs()
        first.answer = judge(first, where)
    titles = (_("方案二"), _("方案三"))
    beside = [_beside(data, prefix, title, first, where) for prefix, title in zip(BESIDE, titles, strict=True)]
    return [first, *beside[: _wanted(data)]]


def _wanted(data: QueryDict) -> int:
    """How many columns stand beside the first, after the button that was pressed."""
    told_ = data.get("beside", "0")
    now = int(told_) if told_ in {"0", "1", "2"} else 0
    change = {"add": 1, "drop": -1}.get(data.get("act", ""), 0)
    return max(0, min(len(BESIDE), now + change))


def _beside(data: QueryDict, prefix: str, title: str, first: Column, where: Setting | None) -> Column:
    """A column that takes what it leaves empty from the first."""
    form = FactsForm(endings.varied(), data, prefix=prefix)
    column = Column(prefix, form, desk.other_law_form(data, f"{prefix}-law"), None, {}, title)
    own = desk.setting(column.law, where)
    if form.is_valid() and own is not None and where is not None and first.form.is_valid():
        column.inputs = {**first.inputs, **form.inputs()}
        column.answer = judge(column, own)
    return column


def judge(column: Column, where: Setting) -> Answer | Trouble:
    """The answer of one column, or what stands in its way. Contradictions are said beside their fields."""
    fields = {**desk.ids(endings_fields(), FIRST), **desk.ids(column.form.fields, column.prefix)}
    if "ground" not in column.inputs:
        ask = Question("ground", _("用哪一个理由？"), fields["ground"])
        return Trouble(_("先选一个理由"), questions=(ask,))
    law = where.law()
    try:
        case = endings.case_of(column.inputs)
        found = judge_ending(case, as_of=law.as_of, region=law.region, params=law.params)
    except FactsRejected as rejected:
        return _rejected(column, rejected)
    except ParameterMissing as error:
        return desk.parameter_trouble(error, error.key)
    except RegionMissing as error:
        column.law.add_error("region", _("计算封顶和保底需要知道地区；或者在“工资”里选择不计上限和下限。"))
        return desk.parameter_trouble(error, error.key)
    column.question = ending_question(case, as_of=law.as_of, region=law.region)
    return ending_answer(case, found, fields)


def endings_fields() -> list[str]:
    """The names of the facts of an ending."""
    return [fact.key for fact in endings.facts()]


def _rejected(column: Column, rejected: FactsRejected) -> Trouble:
    names = {fact.key: told(fact.says) for fact in endings.facts()}
    said = []
    for problem in rejected.problems:
        text = told(problem.says)
        for key in sorted(names, key=len, reverse=True):
            text = text.replace(key, _("“%(name)s”") % {"name": names[key]})
        said.append(text)
        if problem.field in column.form.fields:
            column.form.add_error(problem.field, text)
    return Trouble(_("这些事实不能同时成立，请核对"), tuple(said))
