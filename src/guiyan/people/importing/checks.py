"""What the cells of one row say about each other. Only what was read is compared."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from .dates import add_months, parse_period
from .desk import KEEP, Draft, choice, settle
from .identity import CITIZEN, birth_of, sex_of
from .limits import WORKING_AGE_YEARS_MIN
from .model import Choice
from .reads import Ask, Deny, Fix, Read, use
from .rows import PARSERS, conflict, parse_contract_code, settle_value, store
from .standing import check_department, check_kind, check_status, check_struck
from .text import canonical
from .words import CONTRACT_ZH, LABOUR_CONTRACT


def check_row(draft: Draft) -> None:
    """Compare the cells of a row with each other and with what surrounds it."""
    if draft.too_wide:
        return
    for check in CHECKS:
        check(draft)
        if draft.skip:
            return
    number = draft.values.get("employee_number")
    asked = draft.doubtful
    if not draft.values.get("identity_number") and not number and not asked & {"identity_number", "employee_number"}:
        draft.refuse("row", Deny("no_key"))


def _identity(draft: Draft) -> None:
    kind, _, number = str(draft.values.get("identity_number") or "").partition(":")
    if kind not in (CITIZEN, "hmt_residence") or len(number) != 18:
        draft.values.setdefault("birth_date", None)
        return
    birth = birth_of(number)
    written_birth = draft.values.get("birth_date")
    if written_birth is not None and birth is not None and written_birth != birth:
        conflict(
            draft,
            "birth_date",
            Ask("birth_conflict", (use(birth),), (("identity", birth.isoformat()),), optional=False),
            lambda value: value == birth,
        )
    draft.values["birth_date"] = birth
    sex, asked = draft.values.get("sex"), any(item.field == "sex" for item in draft.questions)
    if asked:
        return
    if sex is None:
        draft.values["sex"] = sex_of(number)
        if "sex" in draft.columns:
            draft.repair("sex", (Fix("sex_from_identity", "rule"),), sex_of(number))
    elif sex != sex_of(number):
        choices = (use(sex_of(number)), replace(KEEP, label_zh="性别照原样，号码也照原样，记录发现"))
        facts = (("written", str(sex)), ("identity", sex_of(number)))
        question = Ask("sex_conflict", choices, facts, optional=False)
        settled = conflict(draft, "sex", question, lambda value: value == sex_of(number))
        if settled and draft.values["sex"] != sex_of(number):
            draft.find("sex_kept", "warning")


def _period(draft: Draft) -> None:
    text = draft.values.pop("contract_period", None)
    if text is None:
        return
    found = parse_period(text, draft.bench.context)
    if isinstance(found, tuple) and all(part.clean for part in found) and found[0].value is not None:
        _take_period(draft, found[0], found[1])
        return
    choices: tuple[Choice, ...] = ()
    start = draft.values.get("contract_start") or draft.values.get("hire_date")
    if isinstance(found, int) and isinstance(start, date):
        end = add_months(start, found) - timedelta(days=1)
        if draft.values.get("contract_end"):
            return
        span = f"{start.isoformat()}至{end.isoformat()}"
        choices = (Choice(f"use:{span}", f"采用“{span}”", f"Use {start} to {end}", "set", span),)

    def parse(answer: str) -> Read:
        parts = parse_period(answer, draft.bench.context)
        if isinstance(parts, tuple) and all(part.clean for part in parts) and parts[0].value is not None:
            return Read(answer)
        return Read(ask=Ask("period_unreadable"))

    def apply(effect: str, answer: Read) -> str:
        parts = parse_period(answer.value if isinstance(answer.value, str) else None, draft.bench.context)
        if effect == "set" and isinstance(parts, tuple):
            _take_period(draft, parts[0], parts[1])
        return ""

    settle(draft, "contract_period", Ask("period_unreadable", choices), parse, apply)


def _take_period(draft: Draft, start: Read, end: Read) -> None:
    draft.values.setdefault("contract_start", None)
    draft.values["contract_start"] = draft.values["contract_start"] or start.value
    if not draft.values.get("contract_end"):
        store(draft, "contract_end", end)
    after = (
        f"{canonical(draft.values['contract_start'])} / {canonical(draft.values.get('contract_end')) or '无终止日期'}"
    )
    draft.repair("contract_period", (Fix("period_split"),), after)


def _hire_and_leave(draft: Draft) -> None:
    hire, leave = draft.values.get("hire_date"), draft.values.get("leave_date")
    if hire is None:
        return
    if leave is not None and leave > draft.bench.context.as_of and draft.values.get("status") != "leaving":
        planned = choice("planned", "keep")
        conflict(
            draft,
            "leave_date",
            Ask("leave_in_future", (planned,), optional=False),
            lambda day: hire <= day <= draft.bench.context.as_of,
        )
        leave = draft.values.get("leave_date")
    if leave is not None and hire > leave:
        facts = (("leave", leave.isoformat()),)
        conflict(
            draft,
            "hire_date",
            Ask("hire_after_leave", (), facts, optional=False),
            lambda day: day <= leave,
        )
    elif hire > draft.bench.context.as_of + timedelta(days=90):
        conflict(
            draft,
            "hire_date",
            Ask("hire_in_future", (KEEP,), optional=False),
            lambda day: day <= draft.bench.context.as_of + timedelta(days=90),
        )
    hire, birth = draft.values.get("hire_date"), draft.values.get("birth_date")
    if hire is None or birth is None:
        return
    age = years_between(birth, hire)
    if age < WORKING_AGE_YEARS_MIN:
        facts = (("age", str(age)),)

        def grown(day: Any) -> bool:
            return years_between(birth, day) >= WORKING_AGE_YEARS_MIN

        settled = conflict(draft, "hire_date", Ask("age_at_hire", (KEEP,), facts, optional=False), grown)
        if settled and not grown(draft.values["hire_date"]):
            draft.find("under_age", "serious", "《劳动法》第十五条、《禁止使用童工规定》第二条")


def _contract(draft: Draft) -> None:
    kind, start, end = (draft.values.get(name) for name in ("contract_kind", "contract_start", "contract_end"))
    if draft.doubtful & {
        "contract_kind",
        "contract_end",
        "contract_start",
        "contract_period",
    }:
        return
    if kind == LABOUR_CONTRACT:
        if end is not None or draft.open_end:
            kind = draft.values["contract_kind"] = "fixed_term" if end is not None else "open_ended"
            draft.repair(
                "contract_kind",
                (Fix("kind_from_end" if end is not None else "kind_from_open_end", "rule"),),
                CONTRACT_ZH[kind],
            )
        else:
            choices = tuple(
                use(code, words)
                for code, words in CONTRACT_ZH.items()
                if code in ("fixed_term", "open_ended", "task", "part_time")
            )
            draft.values["contract_kind"] = None
            settle_value(draft, "contract_kind", Ask("contract_kind_open", choices), parse_contract_code)
            return
    if start is not None and end is not None and end < start:
        _ask_order(draft, start, end)
    elif kind == "fixed_term" and end is None and ("contract_end" in draft.columns or draft.open_end):
        _ask_missing_end(draft, start)
    elif kind == "open_ended" and end is not None:
        open_ended = Choice("open_ended", "确为无固定期限，去掉终止日期", "Open-ended; drop the end date", "empty")
        fixed = Choice("fixed_term", "是固定期限，保留终止日期", "Fixed term; keep the end date", "use")

        def apply(effect: str, found: Read) -> str:
            del found
            if effect == "empty":
                draft.values["contract_end"] = None
            else:
                draft.values["contract_kind"] = "fixed_term"
            return ""

        settle(
            draft,
            "contract_end",
            Ask("contract_end_on_open", (open_ended, fixed), optional=False, takes_value=False),
            None,
            apply,
        )


def _ask_order(draft: Draft, start: date, end: date) -> None:
    """Either day may be the wrong one: a typed day is the right end; the hire date is offered as the right start."""
    hire = draft.values.get("hire_date")
    choices: tuple[Choice, ...] = ()
    if hire is not None and hire <= end:
        choices = (
            Choice("start_is_hire", f"起始应为入职日期 {hire}", f"The start should be the hire date {hire}", "use"),
        )

    def apply(effect: str, found: Read) -> str:
        if effect == "use":
            draft.values["contract_start"] = hire
        elif effect == "empty":
            draft.values["contract_end"] = None
        elif not isinstance(found.value, date) or found.value < start:
            return "still_wrong"
        else:
            draft.values["contract_end"] = found.value
        return ""

    asked = Ask("contract_end_before_start", choices, (("start", start.isoformat()),))
    settle(draft, "contract_end", asked, lambda text: PARSERS["contract_end"](text, draft.bench.context), apply)


def _ask_missing_end(draft: Draft, start: date | None) -> None:
    open_ended = Choice("open_ended", "是无固定期限合同", "It is an open-ended contract", "use")

    def apply(effect: str, found: Read) -> str:
        if effect == "use":
            draft.values["contract_kind"] = "open_ended"
        elif effect == "set":
            if found.value is None or (start is not None and isinstance(found.value, date) and found.value < start):
                return "still_wrong"
            draft.values["contract_end"] = found.value
        return ""

    settle(
        draft,
        "contract_end",
        Ask("contract_end_missing", (open_ended,)),
        lambda text: PARSERS["contract_end"](text, draft.bench.context),
        apply,
    )


def _probation_end(draft: Draft) -> None:
    hire, regular = draft.values.get("hire_date"), draft.values.get("regular_date")
    if hire is not None and regular is not None and regular < hire:
        conflict(draft, "regular_date", Ask("regular_before_hire"), lambda day: day is None or day >= hire)


CHECKS = (
    _identity,
    _period,
    check_kind,
    check_status,
    _hire_and_leave,
    _contract,
    _probation_end,
    check_department,
    check_struck,
)


def years_between(first: date, second: date) -> int:
    """Completed years from `first` to `second`; a birthday counts as completed on its day."""
    return second.year - first.year - ((second.month, second.day) < (first.month, first.day))
