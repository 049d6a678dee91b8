"""Judging endings against a bare loop, interleaved in one run: `python bench/law_findings.py [people] [rounds]`.

A finding is one person and one ground: gate, probation, notice, union, order of steps, severance with cap and floor,
and what an unlawful ending would cost. The bare loop takes the same people and does only the arithmetic: months of
service, cap, floor, N, 2N and pay in lieu in Decimals, and the days of notice, probation and deadlines. Both sides must
come to the same sums. The people are mixed from a seed: every ground, four places, some protected, some facts unknown.
Processor time on one core, medians of the rounds, each ratio the median of the rounds' own ratios. Prints each figure
beside its limit; exits 1 when a limit is passed.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import NamedTuple

from guiyan.kernel.calendar import add_months
from guiyan.kernel.results import Confidence
from guiyan.law.citations import Cite
from guiyan.law.ending import LOCAL_AVERAGE, MINIMUM_WAGE, CapAndFloor, EndingCase, judge_ending
from guiyan.law.grounds import Ground, GroundFamily, Party
from guiyan.law.overage import Regime
from guiyan.law.parameters import Parameter, statutory_parameters
from guiyan.law.probation import ContractKind
from guiyan.law.protection_table import ProtectedStatus
from guiyan.law.severance import Due, RenewalOffer, SeveranceFacts, Tenure, severance_amount

PEOPLE, ROUNDS = 20_000, 7
FINDINGS_MIN, EXPLAINED_MIN = 20_000, 3_000
AMOUNTS, AMOUNTS_SECONDS_MAX = 100_000, 2.0
RATIO_MAX = 8.0
AS_OF = date(2026, 11, 24)
FIGURES = {
    "north": ("11761.00", "2540"),
    "east": ("12434.00", "2690"),
    "south": ("10800.50", "2520"),
    "west": ("8123.25", "2100"),
}
"""Monthly local average and minimum wage of four imagined places, in yuan."""
CENT = Decimal("0.01")
DAY = timedelta(days=1)


class Person(NamedTuple):
    """The case, the place, and what the bare loop needs of them."""

    case: EndingCase
    region: str
    average: Decimal
    minimum: Decimal
    due: bool
    exposed: bool


def parameters() -> list[Parameter]:
    """Return local averages and minimum wages of four places."""
    source, since = Cite("IR", 14), date(2026, 1, 1)
    return [
        Parameter(key, key, key, "yuan", since, None, place, Decimal(amount), (), source, AS_OF, Confidence.LOCAL)
        for place, amounts in FIGURES.items()
        for key, amount in zip((LOCAL_AVERAGE, MINIMUM_WAGE), amounts, strict=True)
    ]


PARAMS = statutory_parameters().with_values(parameters())


def person(dice: Random) -> Person:
    """Return one person and one ground, as they come in practice: mostly complete, mostly in time."""
    last_day = date(2026, 6, 1) + timedelta(days=dice.randrange(400))
    hired = last_day - timedelta(days=dice.choice((dice.randrange(30, 400), dice.randrange(400, 6500))))
    start = max(hired, last_day - timedelta(days=dice.randrange(30, 1090)))
    probation_end = add_months(start, dice.choice((1, 2, 3, 6))) - DAY
    notice = max(hired, last_day - timedelta(days=dice.choice((0, 3, 30, 30, 31, 40))))
    decision = notice - timedelta(days=dice.randrange(3))
    case = EndingCase(
        ground=dice.choice(list(Ground)),
        regime=Regime.LCL,
        hire_date=hired,
        last_day=last_day,
        statuses=frozenset(dice.sample(list(ProtectedStatus), dice.choices((0, 1, 2), (85, 13, 2))[0])),
        in_probation=last_day <= probation_end,
        probation_last_day=probation_end,
        contract_kind=dice.choices(list(ContractKind), (80, 15, 3, 2))[0],
        contract_start=start,
        contract_end=max(start, dice.choice((last_day, last_day + timedelta(days=200)))),
        child_birth=last_day - timedelta(days=dice.randrange(400)),
        union_term_end=last_day + timedelta(days=dice.randrange(700)),
        proposed_by=dice.choice(list(Party)),
        employer_offer=dice.choice(list(RenewalOffer)),
        employee_refuses=dice.random() < 0.8,
        fixed_terms=dice.choice((1, 1, 2)),
        avg12=None if dice.random() < 0.03 else Decimal(dice.randrange(240_000, 4_500_000)) / 100,
        last_month_wage=Decimal(dice.randrange(240_000, 4_500_000)) / 100,
        notice_arrived=notice,
        pay_in_lieu=dice.random() < 0.5,
        shorter_notice_agreed=dice.random() < 0.7,
        union_exists=dice.random() < 0.7,
        union_told_on=None if dice.random() < 0.05 else decision - timedelta(days=dice.randrange(-1, 8)),
        decision_day=decision,
        staff_told_on=last_day - timedelta(days=dice.choice((31, 35, 40, 20))),
        plan_reported_on=notice - timedelta(days=1),
        cap_and_floor=CapAndFloor.REQUIRED,
    )
    region = dice.choice(list(FIGURES))
    average, minimum = (Decimal(amount) for amount in FIGURES[region])
    money = judge_ending(case, as_of=AS_OF, region=region, params=PARAMS, explain=False).value
    assert money is not None
    exposed = case.ground.family in {
        GroundFamily.FAULT, GroundFamily.NO_FAULT, GroundFamily.LAYOFF, GroundFamily.EXPIRY, GroundFamily.NEVER_SIGNED,
    }  # fmt: skip
    return Person(case, region, average, minimum, money.money.due is Due.N, exposed)


def service(first: date, last: date) -> Decimal:
    """Return the months of severance, by plain arithmetic."""
    after = last + DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    if after.day < first.day and after.day < monthrange(after.year, after.month)[1]:
        months -= 1
    years, rest = divmod(months, 12)
    if rest >= 6:
        return Decimal(years + 1)
    if rest or add_months(first, months) != after:
        return years + Decimal("0.5")
    return Decimal(years)


def severance(first: date, last: date, wage: Decimal, average: Decimal, minimum: Decimal) -> tuple[Decimal, Decimal]:
    """Return months and base with cap and floor."""
    months, limit = service(first, last), average * 3
    if wage > limit:
        return min(months, Decimal(12)), limit
    return months, max(wage, minimum)


def bare(people: list[Person]) -> Decimal:
    """Return the sum of what the people are owed and would be owed, after counting every day that a finding counts."""
    total = Decimal(0)
    for case, _, average, minimum, due, exposed in people:
        last, arrived, hired = case.last_day, case.notice_arrived, case.hire_date
        assert last is not None
        assert arrived is not None
        assert hired is not None
        full = days_of(case, hired, last, arrived)
        paid = lieu = Decimal(0)
        if case.avg12 is not None and (due or exposed):
            months, base = severance(hired, last, case.avg12, average, minimum)
            base.quantize(CENT, ROUND_HALF_UP)
            if due:
                paid = (base * months).quantize(CENT, ROUND_HALF_UP)
            if exposed:
                total += (base * months * 2).quantize(CENT, ROUND_HALF_UP)
        if case.ground.family is GroundFamily.NO_FAULT and last < full and case.pay_in_lieu and case.last_month_wage:
            lieu = case.last_month_wage.quantize(CENT, ROUND_HALF_UP)
        total += paid + lieu
    return total


def days_of(case: EndingCase, hired: date, last: date, arrived: date) -> date:
    """Count the days of one ending, by ground, and return the first day after notice."""
    family = case.ground.family
    days = 30
    if family is GroundFamily.RESIGNATION and case.probation_last_day is not None:
        days = 3 if last <= min(case.probation_last_day, capped_probation(case)) else 30
    elif family is GroundFamily.LAYOFF and case.staff_told_on is not None:
        arrived = case.staff_told_on
    elif family is GroundFamily.EXPIRY and case.contract_end is not None and case.child_birth is not None:
        _ten_years = service(hired, last) >= 10
        _extended = (add_months(case.child_birth, 12), add_months(case.contract_end, 1))
    elif family is GroundFamily.NEVER_SIGNED:
        _limits = (add_months(hired, 1), add_months(hired, 12))
    elif case.ground is Ground.G39_1:
        capped_probation(case)
    last - timedelta(days=30), last + timedelta(days=7), last + timedelta(days=15), add_months(last, 24)
    return arrived + timedelta(days=days)


def capped_probation(case: EndingCase) -> date:
    """Return the last day of the longest lawful probation."""
    start, end = case.contract_start, case.contract_end
    assert start is not None
    assert end is not None
    after = end + DAY
    months = (after.year - start.year) * 12 + after.month - start.month
    longest = 6 if months >= 36 else 2 if months >= 12 else 1 if months >= 3 else 0
    return add_months(start, longest) - DAY


def product(people: list[Person], *, explain: bool) -> Decimal:
    """Return the same sum from whole findings."""
    total = Decimal(0)
    for case, region, *_ in people:
        ending = judge_ending(case, as_of=AS_OF, region=region, params=PARAMS, explain=explain).value
        assert ending is not None
        money = ending.money
        for amount in (money.severance, money.pay_in_lieu, money.unlawful):
            if amount is not None:
                total += amount
    return total


def amount_facts(one: Person) -> SeveranceFacts:
    """Return the same person's severance alone."""
    assert one.case.hire_date is not None
    assert one.case.last_day is not None
    tenure = Tenure(one.case.hire_date, one.case.last_day)
    return SeveranceFacts(tenure, one.case.avg12 or Decimal(9000), one.average, one.minimum, 1)


def amounts_bare(facts: list[SeveranceFacts]) -> Decimal:
    """Return the sum of the severance amounts by arithmetic alone."""
    total = Decimal(0)
    for one in facts:
        assert one.local_avg_month is not None
        assert one.min_wage is not None
        months, base = severance(
            one.tenure.hire_date, one.tenure.last_day, one.avg12, one.local_avg_month, one.min_wage
        )
        total += (base * months).quantize(CENT, ROUND_HALF_UP)
    return total


def amounts_product(facts: list[SeveranceFacts]) -> Decimal:
    """Return the same sum from the rule."""
    total = Decimal(0)
    for one in facts:
        total += severance_amount(one, as_of=AS_OF, region=None, params=PARAMS, explain=False).value.amount
    return total


def timed(run: Callable[[], Decimal]) -> tuple[Decimal, float]:
    """Return what the run came to and its processor seconds."""
    start = time.process_time()
    came_to = run()
    return came_to, time.process_time() - start


def compare(rounds: int, *sides: Callable[[], Decimal]) -> list[list[float]]:
    """Return the processor seconds of each side by round, run in turn; every side must come to the same sum."""
    taken: list[list[float]] = [[] for _ in sides]
    for turn in range(rounds + 1):
        sums = set()
        for side, times in zip(sides, taken, strict=True):
            came_to, seconds = timed(side)
            sums.add(came_to)
            if turn:
                times.append(seconds)
        if len(sums) != 1:
            sys.exit(f"the sides disagree: {sums}")
    return taken


def ratio(times: list[float], floor: list[float]) -> float:
    """Return the median of the rounds' own ratios."""
    return statistics.median(one / other for one, other in zip(times, floor, strict=True))


def main() -> int:
    """Measure, print, and say by the exit status whether the limits hold."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    dice = Random(7)
    people = [person(dice) for _ in range(count)]
    facts = [amount_facts(people[n % count]) for n in range(AMOUNTS)]
    gc.freeze()
    floor, mute, told = compare(
        rounds, lambda: bare(people), lambda: product(people, explain=False), lambda: product(people, explain=True)
    )
    least, amounts = compare(rounds, lambda: amounts_bare(facts), lambda: amounts_product(facts))
    rate, told_rate = (count / statistics.median(times) for times in (mute, told))
    seconds = statistics.median(amounts)
    mute_ratio, amounts_ratio = ratio(mute, floor), ratio(amounts, least)
    print(f"bare arithmetic of an ending: {count / statistics.median(floor):,.0f} a second")
    print(f"findings without explanation: {rate:,.0f} a second (limit {FINDINGS_MIN:,})")
    print(f"ratio findings / bare arithmetic: {mute_ratio:.1f} (limit {RATIO_MAX})")
    print(f"findings with explanation: {told_rate:,.0f} a second (limit {EXPLAINED_MIN:,})")
    print(f"ratio findings with explanation / bare arithmetic: {ratio(told, floor):.1f}")
    print(f"{AMOUNTS:,} severance amounts: {seconds:.2f} s (limit {AMOUNTS_SECONDS_MAX})")
    print(f"ratio amounts / bare arithmetic: {amounts_ratio:.1f} (limit {RATIO_MAX})")
    fast = rate >= FINDINGS_MIN and told_rate >= EXPLAINED_MIN and seconds <= AMOUNTS_SECONDS_MAX
    return int(not (fast and mute_ratio <= RATIO_MAX and amounts_ratio <= RATIO_MAX))


if __name__ == "__main__":
    sys.exit(main())
