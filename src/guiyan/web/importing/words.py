"""How the import bench speaks: the words of codes that the planner leaves to the page."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guiyan.people.importing import FIELDS
from guiyan.people.importing.errors import REASONS
from guiyan.people.importing.fields import field_en, field_zh
from guiyan.people.importing.messages import SKIPS

SHEET_USES = {
    "people": (gettext_lazy("在职人员"), "ok"),
    "leavers": (gettext_lazy("离职人员"), "cyan"),
    "codes": (gettext_lazy("代码表"), "brand"),
    "hidden": (gettext_lazy("隐藏的表，不导入"), "warn"),
    "empty": (gettext_lazy("空表"), "neutral"),
    "not_roster": (gettext_lazy("不是花名册"), "neutral"),
    "not_a_sheet": (gettext_lazy("不是表格"), "neutral"),
}
COLUMN_PROBLEMS = {
    "unknown": (gettext_lazy("没有认出来"), "warn"),
    "duplicate": (gettext_lazy("与另一列重复"), "warn"),
    "ignored": (gettext_lazy("不需要"), "neutral"),
    "content_conflict": (gettext_lazy("内容与表头不符"), "bad"),
    "unit": (gettext_lazy("单位不明确"), "warn"),
}
HOWS = {
    "header": gettext_lazy("按表头"),
    "content": gettext_lazy("按内容"),
    "mapping": gettext_lazy("手工指定"),
}
CERTAINTIES = {
    "exact": (gettext_lazy("写法统一"), "neutral"),
    "rule": (gettext_lazy("按规则"), "brand"),
    "answer": (gettext_lazy("按回答"), "ok"),
}
SEVERITIES = {
    "notice": (gettext_lazy("提示"), "neutral"),
    "warning": (gettext_lazy("注意"), "warn"),
    "serious": (gettext_lazy("严重"), "bad"),
}
STOPS = {
    "changed_since": gettext_lazy("您核对之后，人员资料有了变化，出现了新的问题。请重新核对后再导入。"),
    "plan_outdated": gettext_lazy("您核对之后，人员资料有了变化。请重新分析后再导入。"),
}


def is_english() -> bool:
    """Return whether the page speaks English."""
    return (get_language() or "").startswith("en")


def pick(zh: str, en: str) -> str:
    """Return the text of the page's language."""
    return en if is_english() and en else zh


def field_name(name: str) -> str:
    """Say a field of a roster."""
    return field_en(name) if is_english() else field_zh(name)


def field_options() -> list[tuple[str, str]]:
    """Return the fields that a column may be, as options."""
    return [("", _("不导入这一列"))] + [
        (item.name, pick(item.zh, item.en)) for item in FIELDS.values() if not item.ignored
    ]


def skip_name(kind: str) -> str:
    """Say why a row holds nobody."""
    return pick(*SKIPS[kind]) if kind in SKIPS else kind


def unusable(reason: str, detail: str) -> str:
    """Say why a file cannot be used."""
    if reason in STOPS:
        return str(STOPS[reason])
    said = pick(*REASONS[reason]) if reason in REASONS else detail
    return f"{said} {detail}".strip() if reason in REASONS and detail else said
