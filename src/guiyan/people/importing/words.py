# ruff: noqa: E501 - word lists stay one list a line
"""Names, numbers of employees, and words from small vocabularies."""

import re

from .model import Cell
from .reads import NOTHING, Context, Fix, Read, ask, use, value
from .text import (
    BRACKETED,
    DITTO,
    HAN,
    PLACEHOLDERS,
    UNDECIDED,
    has_lost_characters,
    join_han,
    label,
    narrow,
    show,
    tidy,
)

_DOTS = re.compile(rf"\s*[·•‧∙⋅・･․。﹒｡˙ꞏ᛫]\s*|(?<=[{HAN}])\s*\.\s*(?=[{HAN}])")
_HAN_NAME = re.compile(rf"[{HAN}]{{1,12}}(?:·[{HAN}]{{1,12}}){{0,5}}")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.\-]*(?: [A-Za-zÀ-ɏ'’.\-]+){0,6}")
_BOTH = re.compile(rf"([{HAN}]{{2,6}})\s*([A-Za-z][A-Za-z .'\-]{{1,30}})")
_TAGGED = re.compile(rf"([{HAN}·]{{2,}})\s*([A-Za-z]|\d{{1,2}}|[①-⑩])")
_STATUS_WORDS = re.compile(
    r"^[男女]$|借调|实习|兼职|返聘|外派|外聘|试用|待岗|产假|停薪|退休|派遣|外包|病假|长病|休假|哺乳|新|新员工|新入职|代|兼|组长|主管|经理|负责人|离职|已离职|待离职|劳务"
)
_FIGURE = re.compile(r"\d{1,15}\.0+")
_JOINED_MAX = 4
_NUMBER_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9\-_./]{0,31}")

_SEX = {
    "男": "男", "女": "女", "男性": "男", "女性": "女", "男士": "男", "女士": "女", "先生": "男", "小姐": "女", "m": "男", "f": "女",
    "male": "男", "female": "女", "man": "男", "woman": "女", "男。": "男", "女。": "女",
}  # fmt: skip
CONTRACT_KINDS = {
    "fixed_term": ("固定期限", "固定", "有固定期限", "有固定期", "固定期", "固定期限合同", "固定期限劳动合同", "定期", "有期限", "fixed", "fixedterm", "fixed-term"),
    "open_ended": ("无固定期限", "无固定", "无固定期", "无固定期限合同", "无固定期限劳动合同", "长期", "无期限", "openended", "open-ended", "permanent"),
    "task": ("以完成一定工作任务为期限", "完成一定工作任务", "以完成一定任务为期限", "任务", "任务型", "项目制", "以完成一定工作任务为期限的劳动合同", "task"),
    "labour_service": ("劳务", "劳务合同", "劳务协议", "劳务关系", "顾问协议", "service"),
    "internship": ("实习", "实习协议", "实习生", "见习", "三方协议", "intern", "internship"),
    "part_time": ("非全日制", "非全日制用工", "小时工", "兼职", "钟点工", "parttime", "part-time"),
    "dispatch": ("劳务派遣", "派遣", "派遣制", "派遣工", "dispatch"),
    "retired_rehire": ("返聘", "退休返聘", "返聘协议", "返聘合同"),
}  # fmt: skip
CONTRACT_ZH = {kind: words[0] for kind, words in CONTRACT_KINDS.items()}
LABOUR_CONTRACT = "labour_contract"
_LABOUR_CONTRACT_WORDS = frozenset(
    {"劳动合同", "劳动合同制", "正式", "正式工", "全日制", "合同制", "合同工", "正式员工", "fulltime", "full-time"}
)
_KIND_OF = {label(word): kind for kind, words in CONTRACT_KINDS.items() for word in words}
_YEARS = re.compile(r"(?:\d{1,2}|[一二两三四五六七八九十]{1,2})年期?(?:固定期限|劳动合同|合同)?")
_EDUCATION = {
    "大学本科": "本科", "本科学历": "本科", "学士": "本科", "大本": "本科", "bachelor": "本科", "大学专科": "大专", "专科": "大专", "高职": "大专", "大专学历": "大专",
    "硕士研究生": "硕士", "硕士学历": "硕士", "master": "硕士", "mba": "硕士", "博士研究生": "博士", "博士学历": "博士", "phd": "博士", "doctor": "博士", "中等专科": "中专",
    "中专学历": "中专", "高中学历": "高中", "初中学历": "初中", "小学学历": "小学",
}  # fmt: skip
_ON_LEAVE = (
    "产假", "休产假", "产假中", "孕期", "哺乳期", "哺乳假", "病假", "长病假", "病休", "医疗期", "工伤", "工伤假", "停薪留职", "待岗", "内退", "借调", "外派", "休假", "长假",
)  # fmt: skip
PROTECTED_WORDS = re.compile(r"产假|孕|哺乳|病|医疗期|工伤")
_HINTED = {"实习": "internship", "实习生": "internship", "实习中": "internship", "见习": "internship", "劳务": "labour_service", "劳务工": "labour_service",
    "劳务派遣": "dispatch", "派遣": "dispatch", "派遣工": "dispatch", "派遣员工": "dispatch", "退休返聘": "retired_rehire", "返聘": "retired_rehire", "返聘人员": "retired_rehire",
    "兼职": "part_time", "非全日制": "part_time", "小时工": "part_time", "钟点工": "part_time", "临时工": "outsourced", "外包": "outsourced", "外聘": "outsourced",
    "外协": "outsourced", "顾问": "labour_service", "intern": "internship", "contractor": "outsourced",
}  # fmt: skip
_HINTS = (
    ("retired_rehire", re.compile(r"返聘")), ("dispatch", re.compile(r"派遣")), ("internship", re.compile(r"实习|见习")),
    ("part_time", re.compile(r"兼职|非全日制|小时工|钟点工")), ("outsourced", re.compile(r"外包|外聘|外协|临时工")), ("labour_service", re.compile(r"劳务")),
)  # fmt: skip
_REGULAR = frozenset(
    {
        "正式",
        "正式工",
        "正式员工",
        "在编",
        "全职",
        "全日制",
        "合同制",
        "合同工",
        "劳动合同",
        "劳动合同制",
        "试用",
        "试用期",
        "试用员工",
        "职员",
        "员工",
        "全日制用工",
        "fulltime",
        "full-time",
        "regular",
        "permanent",
    }
)
REGULAR = "regular"
_STATUS = {
    "在职": "active", "在岗": "active", "正式": "active", "转正": "active", "已转正": "active", "试用": "active", "试用期": "active", "active": "active",
    "是": "active", "否": "ended", "离职": "ended", "已离职": "ended", "辞职": "ended", "辞退": "ended",
    "退休": "ended", "解除": "ended", "left": "ended", "terminated": "ended", "inactive": "ended", "resigned": "ended", "待离职": "leaving", "离职中": "leaving", "拟离职": "leaving",
    "待入职": "joining", "待报到": "joining", "未报到": "joining", "未入职": "joining", "拟入职": "joining",
}  # fmt: skip


def parse_name(cell: Cell, context: Context) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    """A legal name. Spaces between Han characters go, one kind of middle dot remains; what stands in brackets becomes a
    remark (借调) or an alias in `extra`."""
    del context
    if cell is None:
        return NOTHING
    if not isinstance(cell, str):
        return ask("name_unreadable", optional=False)
    text = tidy(cell).strip("'\"`‘’“”")
    if not text:
        return NOTHING
    if label(text) in PLACEHOLDERS or label(text) in UNDECIDED:
        return ask("name_unreadable", optional=False)
    narrowed = narrow(text)
    extra, fixes = _brackets(narrowed)
    bare = _DOTS.sub("·", BRACKETED.sub("", narrowed).strip())
    name = join_han(bare) if re.search(rf"[{HAN}]", bare) else bare
    if has_lost_characters(name) or "*" in name:
        return ask("name_characters_lost", optional=False)
    if len(name) > _JOINED_MAX and name != bare and "·" not in name:
        # The two parts of a long name are as often parted by a dot that was lost.
        return ask("name_gap", use(re.sub(r"\s+", "·", bare)), use(name), optional=False)
    if _HAN_NAME.fullmatch(name) or _LATIN.fullmatch(name):
        if len(name) == 1:
            return ask("name_short", use(name), optional=False)
        spelled = name != cell and (not fixes or tidy(BRACKETED.sub("", narrowed)) != name)
        return value(name, *fixes, *((Fix("name_spelling"),) if spelled else ()), extra=extra)
    return _mixed_name(name, fixes, extra)


def _brackets(text: str) -> tuple[tuple[tuple[str, str], ...], tuple[Fix, ...]]:
    """What stands in brackets, as a remark or an alias, and the reason to show for each."""
    notes = [note for inside in BRACKETED.findall(text) if (note := inside.strip())]
    extra = tuple(("remark" if _STATUS_WORDS.search(note) else "alias", note) for note in notes)
    hints = (kind for note in notes for kind in [kind_in(note)] if kind)
    extra = (*extra, *(("kind_hint", kind) for kind in hints))
    if any("离职" in note and "待离职" not in note for note in notes):
        extra = (*extra, ("status", "ended"))
    return extra, tuple(Fix("name_bracket", "rule", (("note", note),)) for note in notes)


def _mixed_name(name: str, fixes: tuple[Fix, ...], extra: tuple[tuple[str, str], ...]) -> Read:
    both = _BOTH.fullmatch(name)
    if both and len(both[2].strip()) > 1:
        alias = both[2].strip()
        fix = Fix("name_bracket", "rule", (("note", alias),))
        return value(both[1], *fixes, fix, extra=(*extra, ("alias", alias)))
    tagged = _TAGGED.fullmatch(name)
    if tagged:
        return ask("name_tag", use(tagged[1]), optional=False)
    return ask("name_unreadable", optional=False)


def _figure(cell: float, context: Context) -> Read:
    """An employee number that a spreadsheet keeps as a figure: its leading zeros may be gone."""
    if not cell.is_integer() or cell < 0 or cell >= 1e15:
        return ask("number_unreadable")
    text, width = str(int(cell)), dict(context.widths).get("employee_number", 0)
    if len(text) < width:
        return ask("number_zeros_lost", use(text.zfill(width)), use(text))
    return value(text)


def parse_number(cell: Cell, context: Context) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    """An employee number in capitals. `Context.widths` tells the width of this column's numbers that begin with
    zeros.
    """
    if cell is None:
        return NOTHING
    if isinstance(cell, float):
        return _figure(cell, context)
    if not isinstance(cell, str):
        return ask("number_unreadable")
    text = narrow(cell).strip("'\"`‘’“”").replace(" ", "").upper()
    if not text:
        return NOTHING
    if _FIGURE.fullmatch(text):
        # A figure that was written out as text on its way through another program.
        read = _figure(float(text), context)
        return read if read.ask else value(read.value, Fix("number_as_text"))
    if text.lower() in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if text.lower() in UNDECIDED:
        return ask("undecided")
    if not _NUMBER_SHAPE.fullmatch(text):
        return ask("number_unreadable")
    return value(text, *((Fix("spelling"),) if text != cell else ()))


def parse_sex(cell: Cell, context: Context) -> Read:
    """男 or 女. Codes such as 1 and 0 are asked: systems differ in what they mean."""
    del context
    if cell is None:
        return NOTHING
    text = label(show(cell))
    if not text:
        return NOTHING
    if text in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if text in _SEX:
        return value(_SEX[text], *((Fix("word"),) if cell != _SEX[text] else ()))
    return ask("sex_unreadable", use("男", "男", "male"), use("女", "女", "female"))


def parse_contract_kind(cell: Cell, context: Context) -> Read:
    """A kind of contract by its code (see CONTRACT_KINDS); "labour_contract" when the words do not say which kind."""
    del context
    if cell is None:
        return NOTHING
    text = label(show(cell))
    if not text or text in PLACEHOLDERS:
        return value(None, Fix("placeholder")) if text else NOTHING
    if text in _KIND_OF:
        kind = _KIND_OF[text]
        return value(kind, *((Fix("word"),) if show(cell) != CONTRACT_ZH[kind] else ()))
    if text in _LABOUR_CONTRACT_WORDS:
        return value(LABOUR_CONTRACT)
    if _YEARS.fullmatch(text):
        return value("fixed_term", Fix("word", "rule"))
    return ask("word_unknown", *(use(kind, words[0]) for kind, words in CONTRACT_KINDS.items()))


def kind_in(text: str) -> str:
    """The kind of work that words beside a name, a group title or a sheet's name speak of, "outsourced" for somebody
    else's people, or empty text."""
    return next((kind for kind, pattern in _HINTS if pattern.search(text)), "")


def parse_employment_type(cell: Cell, context: Context) -> Read:
    """What a person is to the company: a kind of contract, "regular", or "outsourced" for somebody else's people."""
    text = label(show(cell))
    if text in _REGULAR:
        return value(REGULAR)
    if text in _HINTED:
        return value(_HINTED[text])
    return parse_contract_kind(cell, context)


def parse_status(cell: Cell, context: Context) -> Read:
    """ "active", "ended", "leaving" or "joining". Words for a time away are kept as a remark, words for another kind of
    work as a hint."""
    del context
    if cell is None:
        return NOTHING
    text = label(show(cell))
    if not text or text in PLACEHOLDERS:
        return NOTHING
    if text in _STATUS:
        return value(_STATUS[text])
    if text in _ON_LEAVE:
        word = tidy(show(cell))
        return value("active", Fix("on_leave", "rule", (("word", word),)), extra=(("remark", word), ("away", word)))
    if text in _HINTED:
        return value("active", extra=(("kind_hint", _HINTED[text]),))
    return ask("word_unknown", use("active", "在职", "employed"), use("ended", "已离职", "left"))


def parse_education(cell: Cell, context: Context) -> Read:
    """A level of education in its usual word; other words are kept as they are."""
    read = parse_text(cell, context)
    if isinstance(read.value, str) and label(read.value) in _EDUCATION:
        return value(_EDUCATION[label(read.value)], Fix("word"))
    return read


def parse_text(cell: Cell, context: Context) -> Read:
    """Free text: trimmed, invisible characters removed, width kept."""
    del context
    if cell is None:
        return NOTHING
    written = show(cell)
    text = tidy(written)
    if not text:
        return NOTHING
    if narrow(text).lower() in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if text.lower() in DITTO:
        return ask("ditto")
    return value(text, *((Fix("spelling"),) if text != written else ()))


def parse_label(cell: Cell, context: Context) -> Read:
    """A short label (post, department, place): as free text, and without spaces between Han characters."""
    read = parse_text(cell, context)
    if isinstance(read.value, str):
        if narrow(read.value).lower() in UNDECIDED:
            return ask("undecided")
        text = join_han(narrow(read.value) if not re.search(rf"[{HAN}]", read.value) else read.value)
        return value(text, *((Fix("spelling"),) if text != show(cell) else ()))
    return read
