"""Who the person of a row is to the company: employed, leaving, somebody else's, and in which department. Words that
point somewhere without saying so outright become questions.
"""

import re
from typing import Any

from .desk import KEEP, Draft, settle
from .model import Choice
from .reads import Ask, Fix, Read, use
from .rows import PARSERS, conflict, parse_contract_code, settle_value
from .words import CONTRACT_ZH, LABOUR_CONTRACT, PROTECTED_WORDS, REGULAR, parse_label

_OUTSOURCED = "outsourced"
_LABOUR_KINDS = frozenset({"fixed_term", "open_ended", "task", "part_time", "dispatch"})
_OTHER_KINDS = frozenset({"labour_service", "internship", "dispatch", "retired_rehire", "part_time"})
_CONTRACT_COLUMNS = frozenset({"contract_start", "contract_end", "contract_period"})
_RENAMED = re.compile(r"(.{2,}?)\s*[(（](?:原|现|曾用名?|曾|已?更名|改名|改)[为名：:]*\s*(.{2,}?)[)）]")
_SAID_LEFT = re.compile(r"已[^，。；,;]{0,12}(?:离职|辞职|辞退|自离|离开|解除合同|解除劳动)")
_LCL_42 = "《劳动合同法》第四十二条"


def check_kind(draft: Draft) -> None:
    """A column for the form of work, and words beside a name, a status, a group title or the sheet's name."""
    stated = str(draft.values.pop("employment_type", None) or "")
    if draft.doubtful & {"employment_type", "contract_kind"}:
        return
    kind = draft.values.get("contract_kind")
    claim = stated if stated not in ("", REGULAR) else draft.kind_hint or _hint_of_post(draft)
    if not claim or claim == kind or (claim == _OUTSOURCED and kind == "dispatch"):
        _regular(draft, stated, kind)
    elif claim == _OUTSOURCED:
        _ask_kind(draft, Ask("outsourced", (use("dispatch", "劳务派遣", "dispatch"), KEEP), optional=False), "外包")
    elif stated == claim and (kind is None or (kind == LABOUR_CONTRACT and claim in _LABOUR_KINDS)):
        draft.values["contract_kind"] = claim
        if draft.written("employment_type") != CONTRACT_ZH[claim]:
            draft.repair("employment_type", (Fix("word"),), CONTRACT_ZH[claim])
    else:
        _ask_hinted(draft, claim, kind)


def _hint_of_post(draft: Draft) -> str:
    return "internship" if str(draft.values.get("post") or "").endswith(("实习生", "见习生")) else ""


def _regular(draft: Draft, stated: str, kind: Any) -> None:
    if stated != REGULAR:
        return
    if kind in _OTHER_KINDS:
        _ask_hinted(draft, str(kind), None)
    elif kind is None and "contract_kind" not in draft.columns and _CONTRACT_COLUMNS & set(draft.columns):
        draft.values["contract_kind"] = LABOUR_CONTRACT


def _ask_hinted(draft: Draft, claim: str, kind: Any) -> None:
    other = (use(kind, CONTRACT_ZH[kind], str(kind)),) if kind in CONTRACT_ZH else ()
    facts = (("claim", CONTRACT_ZH[claim]),)
    _ask_kind(
        draft,
        Ask("kind_hinted", (use(claim, CONTRACT_ZH[claim], claim), *other, KEEP), facts, optional=False),
        CONTRACT_ZH[claim],
    )


def _ask_kind(draft: Draft, asked: Ask, before: str) -> None:
    def apply(effect: str, found: Read) -> str:
        if effect == "set":
            draft.values["contract_kind"] = found.value
        elif effect == "keep":
            draft.find("kind_kept", "warning", claim=before)
        return ""

    settle(
        draft,
        "contract_kind",
        asked,
        lambda text: parse_contract_code(text, draft.bench.context),
        apply,
        before=before,
    )


def check_status(draft: Draft) -> None:
    """The word for the status against the dates."""
    status, leave = draft.values.get("status"), draft.values.get("leave_date")
    away = draft.values.pop("away", None)
    if away:
        protected = bool(PROTECTED_WORDS.search(away))
        draft.find("protection_hint" if protected else "away", "warning", _LCL_42 if protected else "", word=away)
    if "leave_date" in draft.doubtful:
        return
    said = leave is None and status is None and _SAID_LEFT.search(f"{draft.values.get('remark') or ''} {draft.beside}")
    if said and draft.role != "leavers":
        still = Choice("still_employed", "仍在职，照常载入", "Still employed; load as usual", "empty")
        settle_value(draft, "leave_date", Ask("remark_says_left", (still,), optional=False), PARSERS["leave_date"])
    elif leave is None and (status == "ended" or (draft.role == "leavers" and status != "active")):
        settle_value(draft, "leave_date", Ask("leave_missing", optional=False), PARSERS["leave_date"])
    elif leave is None and status == "leaving":
        undated = Choice("undated", "还没有定下日期，按在职载入", "No day is set yet; load as employed", "empty")
        settle_value(draft, "leave_date", Ask("leaving_undated", (undated,), optional=False), PARSERS["leave_date"])
    elif leave is not None and status in ("active", "leaving") and leave <= draft.bench.context.as_of:
        _ask_left(draft, str(status))
    elif status == "joining":
        _joining(draft)


def _ask_left(draft: Draft, status: str) -> None:
    choices = (
        Choice("employed", "在职，去掉离职日期", "Employed; drop the leave date", "empty"),
        Choice("left", "已离职", "Has left", "keep"),
    )
    kind = "status_conflict" if status == "active" else "leaving_past"
    conflict(draft, "leave_date", Ask(kind, choices, optional=False, takes_value=False), bool)


def _joining(draft: Draft) -> None:
    hire, today = draft.values.get("hire_date"), draft.bench.context.as_of
    if hire is not None and hire <= today:
        joined = Choice("joined", "已经入职", "Has started", "keep")
        conflict(draft, "hire_date", Ask("joining_past", (joined,), optional=False), lambda day: day > today)


def check_department(draft: Draft) -> None:
    """A department that the row leaves to a row above or to a group title, or that carries two names."""
    written = draft.values.get("department_1")
    if "department_1" in draft.doubtful:
        return
    if written is None and draft.above:
        above = Choice("above", f"与上面的行相同：{draft.above}", f"The same as above: {draft.above}", "keep")
        _ask_department(draft, Ask("department_blank", (above,)), "", draft.above)
    elif written is None and draft.section and "department_1" not in draft.columns:
        choices, facts = (use(draft.section),), (("section", draft.section),)
        _ask_department(draft, Ask("department_section", choices, facts), draft.section, "")
    elif isinstance(written, str) and (found := _RENAMED.fullmatch(written)):
        asked = Ask("department_renamed", (use(found[1]), use(found[2]), KEEP), optional=False)
        _ask_department(draft, asked, written, written)


def _ask_department(draft: Draft, asked: Ask, before: str, kept: str) -> None:
    def apply(effect: str, found: Read) -> str:
        draft.values["department_1"] = found.value if effect == "set" else kept if effect == "keep" else None
        return ""

    settle(draft, "department_1", asked, lambda text: parse_label(text, draft.bench.context), apply, before=before)


def check_struck(draft: Draft) -> None:
    """A name that is crossed out often means somebody who has left; only a person knows."""
    values = draft.values
    if not draft.struck or values.get("leave_date") or values.get("status") or "leave_date" in draft.doubtful:
        return
    still = Choice("still_employed", "仍在职，照常载入", "Still employed; load as usual", "empty")
    settle_value(draft, "leave_date", Ask("struck_out", (still,), optional=False), PARSERS["leave_date"])
