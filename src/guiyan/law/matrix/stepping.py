"""How the steps of a ground stand on a day: done in time, late, still to do, or no longer possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guiyan.kernel.results import Missing, Words
from guiyan.law.matrix.days import day_of, known_not_to_apply, known_to_apply, lacking_base
from guiyan.law.matrix.given import EvidenceGiven
from guiyan.law.matrix.model import DayRule, Effect, Event, Fact, Stage, StepDeadline
from guiyan.law.moments import Order, When
from guiyan.law.trail import Trail

UNION_NOTICE = "union_notice"
UNION_ABSENT_POLICY = "union.absent_policy"


class StepState(StrEnum):
    """How a step stands. LATE: done, but after a legal deadline. OVERDUE: not done, and the deadline is over."""

    DONE = "DONE"
    TO_DO = "TO_DO"
    LATE = "LATE"
    OVERDUE = "OVERDUE"
    NOT_NEEDED = "NOT_NEEDED"


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """How one step stands: its legal last day and its advised one (None: none, or not known yet), and what follows.

    `closes`: the ground is lost by it for good. `lacking` are facts that decide whether it was in time. `condition` is
    what is left to do or to make good.
    """

    kind: str
    stage: int
    does: Words
    state: StepState
    done: When | None
    due: date | None
    advised: date | None
    closes: bool
    lacking: tuple[Missing, ...]
    condition: Words | None


@dataclass(slots=True)
class _Judged:
    """What the legal deadlines of one step have come to so far."""

    late: bool = False
    closes: bool = False
    due: date | None = None
    lacking: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class _Looked:
    """One step as one looks at it: what is known, on which day, and when it was done."""

    stage: Stage
    done: When | None
    given: EvidenceGiven
    as_of: date
    trail: Trail


def judge_step(stage: Stage, needed: bool, given: EvidenceGiven, as_of: date, trail: Trail) -> StepAnswer:
    """How a step stands on `as_of`. `needed` is False where the group of elements that it serves is not relied on."""
    done = given.steps.get(stage.kind.kind)
    judged = _Judged()
    if done is None and (not needed or known_not_to_apply(stage.when, given) or _no_union_needed(stage, given, trail)):
        state = StepState.NOT_NEEDED
    else:
        looked = _Looked(stage, done, given, as_of, trail)
        for deadline in stage.deadlines:
            if deadline.effect is not None and not known_not_to_apply(deadline.when, given):
                _weigh(deadline, looked, judged)
        state = _state(done, judged)
    return StepAnswer(
        kind=stage.kind.kind,
        stage=stage.stage,
        does=stage.kind.does,
        state=state,
        done=done,
        due=judged.due,
        advised=_advised(stage, given, trail),
        closes=judged.closes,
        lacking=judged.lacking,
        condition=_condition(stage, state, judged),
    )


def _state(done: When | None, judged: _Judged) -> StepState:
    if judged.late:
        return StepState.LATE if done is not None else StepState.OVERDUE
    return StepState.DONE if done is not None else StepState.TO_DO


def _weigh(deadline: StepDeadline, looked: _Looked, judged: _Judged) -> None:
    last = day_of(deadline.rule, looked.given, looked.trail)
    if last is None:
        if deadline.effect is not Effect.DUTY and not _hangs_on_step_to_come(deadline.rule, looked.given):
            judged.lacking += (lacking_base(deadline.rule),)
        return
    judged.due = last if judged.due is None else min(judged.due, last)
    in_time = _in_time(deadline, last, looked)
    if in_time is None:
        judged.lacking += (_which_came_first(looked.stage),)
        return
    if in_time:
        return
    judged.late = True
    if deadline.effect is Effect.DUTY:
        return
    if not known_to_apply(deadline.when, looked.given) and deadline.when is not None:
        judged.lacking += (Missing(deadline.when.fact.value, deadline.when.fact.asks),)
    elif deadline.effect is Effect.CLOSES:
        judged.closes = True
    else:
        _defect(deadline, looked, judged)


def _hangs_on_step_to_come(rule: DayRule, given: EvidenceGiven) -> bool:
    """A step that must come before another which nobody has taken yet is not late."""
    return rule.step is not None and rule.step not in given.steps


def _in_time(deadline: StepDeadline, last: date, looked: _Looked) -> bool | None:
    """None: the order of two events on one day is not known."""
    done, base = looked.done, looked.given.steps.get(deadline.rule.step or "")
    if done is None:
        return looked.as_of <= last and not (deadline.strict and base is not None)
    if not deadline.strict or done.day != last or base is None:
        return done.day <= last
    if done.moment is None or base.moment is None:
        return None
    return done.order(base) is Order.BEFORE


def _which_came_first(stage: Stage) -> Missing:
    does = stage.kind.does
    asks = Words(f"同一天之内，是否先完成：{does.zh}？", f"On that one day, did this come first: {does.en}?")
    return Missing(f"{stage.kind.kind}.order", asks)


def _defect(deadline: StepDeadline, looked: _Looked, judged: _Judged) -> None:
    """A defect stands until it is cured. Where it can be cured until an event, that event ends the chance."""
    given, done = looked.given, looked.done
    union = given.facts.get(Fact.UNION_EXISTS) if looked.stage.kind.kind == UNION_NOTICE else True
    cure_until = deadline.cure_until
    if union is None:
        judged.lacking += (Missing(Fact.UNION_EXISTS.value, Fact.UNION_EXISTS.asks),)
    elif not union or cure_until is None:
        judged.lacking += (_missing_in_time(looked.stage),)
    if not union or cure_until is None:
        return
    over = given.events.get(cure_until)
    if over is not None and over <= looked.as_of:
        judged.closes = done is None or done.day >= over
    elif done is None:
        judged.lacking += (_missing_in_time(looked.stage),)
    elif cure_until is not Event.SUIT_DAY or given.facts.get(Fact.SUIT_FILED) is not False:
        judged.lacking += (Missing(cure_until.value, cure_until.asks),)


def _missing_in_time(stage: Stage) -> Missing:
    does = stage.kind.does
    asks = Words(
        f"怎样证明已按时完成，或者已经补救：{does.zh}？",
        f"How can it be shown that this was done in time, or made good: {does.en}?",
    )
    return Missing(f"{stage.kind.kind}.in_time", asks)


def _no_union_needed(stage: Stage, given: EvidenceGiven, trail: Trail) -> bool:
    """Where there is no union, the policy of the place says whether somebody is told in its stead."""
    if stage.kind.kind != UNION_NOTICE or given.facts.get(Fact.UNION_EXISTS) is not False:
        return False
    trail.ask_person()
    return trail.figure(UNION_ABSENT_POLICY) == 0


def _advised(stage: Stage, given: EvidenceGiven, trail: Trail) -> date | None:
    days = [day_of(one.rule, given, trail) for one in stage.deadlines if one.effect is None]
    return min((day for day in days if day is not None), default=None)


def _condition(stage: Stage, state: StepState, judged: _Judged) -> Words | None:
    does, missed = stage.kind.does, stage.missed
    if state is StepState.TO_DO:
        if judged.due is None:
            return Words(f"尚待完成：{does.zh}。", f"Still to do: {does.en}.")
        return Words(f"须在{judged.due}之前（含当日）完成：{does.zh}。", f"To be done by {judged.due}: {does.en}.")
    if state is StepState.OVERDUE:
        return Words(f"已过期限，须立即完成：{does.zh}。{missed.zh}", f"Overdue, do it now: {does.en}. {missed.en}")
    if state is StepState.LATE:
        return Words(f"完成得晚了：{does.zh}。{missed.zh}", f"Done late: {does.en}. {missed.en}")
    return None


def lacking_of(steps: Iterable[StepAnswer]) -> list[Missing]:
    """Every fact that the steps lack, in their order."""
    return [missing for step in steps for missing in step.lacking]
