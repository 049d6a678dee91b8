# ruff: noqa: E501 - word lists stay one list a line
"""Names, numbers of employees, and words from small vocabularies."""

import re

from .model import Cell
from .reads import NOTHING, Context, Fix, Read, ask, use, value
from .text import BRACKETED, HAN, PLACEHOLDERS, UNDECIDED, has_lost_characters, join_han, label, narrow, show, tidy

_DOTS = re.compile(rf"\s*[·•‧∙⋅・･․。﹒]\s*|(?<=[{HAN}])\s*\.\s*(?=[{HAN}])")
_HAN_NAME = re.compile(rf"[{HAN}]{{1,12}}(?:·[{HAN}]{{1,12}}){{0,5}}")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.\-]*(?: [A-Za-zÀ-ɏ'’.\-]+){0,6}")
_BOTH = re.compile(rf"([{HAN}]{{2,6}})\s*([A-Za-z][A-Za-z .'\-]{{1,30}})")
_TAGGED = re.compile(rf"([{HAN}·]{{2,}})\s*([A-Za-z]|\d{{1,2}}|[①-⑩])")
_STATUS_WORDS = re.compile(
    r"借调|实习|兼职|返聘|外派|外聘|试用|待岗|产假|停薪|退休|派遣|外包|病假|长病|休假|哺乳|新|新员工|新入职|代|兼|组长|主管|经理|负责人|离职|已离职|待离职|劳务"
)
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
_STATUS = {
    "在职": "active", "在岗": "active", "正式": "active", "转正": "active", "已转正": "active", "试用": "active", "试用期": "active", "active": "active",
    "待岗": "active", "停薪留职": "active", "产假": "active", "病假": "active", "实习": "active", "离职": "ended", "已离职": "ended", "辞职": "ended", "辞退": "ended",
    "退休": "ended", "解除": "ended", "left": "ended", "terminated": "ended", "inactive": "ended", "resigned": "ended", "待离职": "leaving", "离职中": "leaving",
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


def parse_number(cell: Cell, context: Context) -> Read:  # noqa: PLR0911 - each spelling has its own way out
    """An employee number in capitals. `Context.widths` tells the width of this column's numbers that begin with
    zeros.
    """
    if cell is None:
        return NOTHING
    fixes: tuple[Fix, ...] = ()
    if isinstance(cell, float):
        if not cell.is_integer() or cell < 0 or cell >= 1e15:
            return ask("number_unreadable")
        text, fixes = str(int(cell)), ()
        width = dict(context.widths).get("employee_number", 0)
        if len(text) < width:
            return ask("number_zeros_lost", use(text.zfill(width)), use(text))
    elif isinstance(cell, str):
        text = narrow(cell).strip("'\"`‘’“”").replace(" ", "").upper()
    else:
        return ask("number_unreadable")
    if not text:
        return NOTHING
    if text.lower() in PLACEHOLDERS:
        return value(None, Fix("placeholder"))
    if text.lower() in UNDECIDED:
        return ask("undecided")
    if not _NUMBER_SHAPE.fullmatch(text):
        return ask("number_unreadable")
    spelled = isinstance(cell, str) and text != cell
    return value(text, *fixes, *((Fix("spelling"),) if spelled else ()))


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


def parse_status(cell: Cell, context: Context) -> Read:
    """ "active", "ended" or "leaving"."""
    del context
    if cell is None:
        return NOTHING
    text = label(show(cell))
    if not text or text in PLACEHOLDERS:
        return NOTHING
    if text in _STATUS:
        return value(_STATUS[text])
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
    return value(text, *((Fix("spelling"),) if text != written else ()))


def parse_label(cell: Cell, context: Context) -> Read:
    """A short label (post, department, place): as free text, and without spaces between Han characters."""
    read = parse_text(cell, context)
    if isinstance(read.value, str):
        text = join_han(narrow(read.value) if not re.search(rf"[{HAN}]", read.value) else read.value)
        return value(text, *((Fix("spelling"),) if text != show(cell) else ()))
    return read
