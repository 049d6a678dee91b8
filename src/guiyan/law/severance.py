"""Severance (Labour Contract Law, Arts. 46, 47, 87): whether it is due, for how many months, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from guiyan.kernel.money import payable
from guiyan.kernel.results import Computed, Confidence, Finding, Verdict
from guiyan.kernel.service import service_length
from guiyan.law.citations import Cite
from guiyan.law.grounds import Ground, GroundFamily, Party
from guiyan.law.parameters import Parameters
from guiyan.law.trail import Trail

LCL_46 = Cite("LCL", 46)
LCL_46_2 = Cite("LCL", 46, item=2)
LCL_46_5 = Cite("LCL", 46, item=5)
LCL_47_1 = Cite("LCL", 47, 1)
LCL_47_2 = Cite("LCL", 47, 2)
LCL_87 = Cite("LCL", 87)
LCL_97 = Cite("LCL", 97)
IR_20 = Cite("IR", 20)
IR_22 = Cite("IR", 22)
IR_27 = Cite("IR", 27)
LCL_40 = Cite("LCL", 40)
LCL_IN_FORCE = date(2008, 1, 1)
HALF = Decimal("0.5")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tenure:
    """First and last day of employment, both counted."""

    hire_date: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.hire_date:
            raise ValueError(f"employment cannot end on {self.last_day} before it began on {self.hire_date}")


@dataclass(frozen=True, slots=True)
class SeveranceFacts:
    """Tenure and monthly amounts in yuan: the average wage of the last 12 months, the local average of the year before
    and the local minimum wage (None: no cap or floor is asked for), and the multiple (1 for N, 2 for 2N)."""

    tenure: Tenure
    avg12: Decimal
    local_avg_month: Decimal | None
    min_wage: Decimal | None
    multiple: int

    def __post_init__(self) -> None:
        if self.multiple not in {1, 2}:
            raise ValueError(f"severance is paid once or twice, not {self.multiple} times")
        if self.avg12 < 0 or (self.min_wage is not None and self.min_wage < 0):
            raise ValueError("a wage cannot be negative")
        if self.local_avg_month is not None and self.local_avg_month <= 0:
            raise ValueError("the local average wage (local_avg_month) must be more than zero")


@dataclass(frozen=True, slots=True)
class Severance:
    """Months paid (12 at most when capped), the monthly base and the amount in yuan, and whether the cap applied."""

    n_months: Decimal
    base: Decimal
    amount: Decimal
    capped: bool


class SeveranceBase(NamedTuple):
    """Months (12 at most when capped), the monthly base in yuan, exact and as it is shown, and whether it is capped."""

    months: Decimal
    month: Decimal
    shown: Decimal
    capped: bool


@dataclass(frozen=True, slots=True)
class Art40Facts:
    """Severance, the wage of the last month in yuan, and whether 30 days' written notice was given."""

    severance: SeveranceFacts
    last_month_wage: Decimal
    notice_30d_given: bool


@dataclass(frozen=True, slots=True)
class Art40Pay:
    """Severance, pay in lieu of notice and their sum, in yuan."""

    severance: Decimal
    pay_in_lieu: Decimal
    total: Decimal


class RenewalOffer(StrEnum):
    """What the employer offered when the term expired."""

    NONE = "none"
    WORSE = "worse"
    SAME_OR_BETTER = "same_or_better"


class Due(StrEnum):
    """Whether severance is due."""

    N = "N"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EndingFacts:
    """The ground and, where it matters, who proposed the ending, what was offered and whether it was refused."""

    ground: Ground
    proposed_by: Party | None
    employer_offer: RenewalOffer | None
    employee_refuses: bool | None


def severance_months(facts: Tenure, *, as_of: date, region: str | None, params: Parameters) -> Computed[Decimal]:
    """Labour Contract Law, Art. 47(1): a month per year; six months and more count as a year, less as half a month."""
    trail = Trail(as_of=as_of, region=region, params=params)
    return trail.computed(months_of(facts.hire_date, facts.last_day, trail))


def months_of(hire_date: date, last_day: date, trail: Trail) -> Decimal:
    """The months as a part of a larger answer, with their steps in the given trail."""
    length = service_length(hire_date, last_day)
    if length.months >= 6:
        months = Decimal(length.years + 1)
    elif length.months or length.days:
        months = length.years + HALF
    else:
        months = Decimal(length.years)
    trail.say(
        "工作{years}年{months}个月{days}天：补偿{n_months}个月。",
        "{years} years, {months} months and {days} days of service: {n_months} months.",
        LCL_47_1,
        value=months,
        years=length.years,
        months=length.months,
        days=length.days,
        n_months=months,
    )
    if hire_date < LCL_IN_FORCE:
        trail.say(
            "2008年以前的工作年限按当时的规定另行核对。",
            "Service before 2008 follows the rules of its time and is checked by a person.",
            LCL_97,
        )
        trail.doubt(Confidence.PRACTICE)
        trail.ask_person()
    return months


def severance_amount(
    facts: SeveranceFacts, *, as_of: date, region: str | None, params: Parameters, explain: bool = True
) -> Computed[Severance]:
    """Labour Contract Law, Arts. 47 and 87; Implementing Regulations, Art. 27: severance in yuan.

    Above three times the local average the base is three times it and the years are 12 at most; exactly three times is
    not above. Below the minimum wage the base is the minimum wage. `explain=False` leaves out the steps, nothing else.
    """
    trail = Trail(as_of=as_of, region=region, params=params, explain=explain)
    return trail.computed(_amount(facts, trail))


def _amount(facts: SeveranceFacts, trail: Trail) -> Severance:
    tenure = facts.tenure
    months = months_of(tenure.hire_date, tenure.last_day, trail)
    base = base_of(months, facts.avg12, facts.local_avg_month, facts.min_wage, trail)
    amount = multiplied(base, facts.multiple, trail)
    return Severance(base.months, base.shown, amount, base.capped)


def base_of(
    months: Decimal, avg12: Decimal, local_avg_month: Decimal | None, min_wage: Decimal | None, trail: Trail
) -> SeveranceBase:
    """Months of service and monthly wage in yuan with cap and floor applied, as a part of a larger answer."""
    base, capped = avg12, False
    if local_avg_month is None:
        trail.say("没有给出当地平均工资，未作封顶检查。", "No local average was given: no cap was applied.", LCL_47_2)
    else:
        limit = local_avg_month * trail.figure("severance.cap_wage_multiple")
        capped = base > limit
        if capped:
            base, months = limit, min(months, trail.figure("severance.cap_years"))
        trail.say(
            "月工资高于当地月平均工资三倍{limit}元。" if capped else "月工资不高于当地月平均工资三倍{limit}元。",
            "The wage is above three times the local average, {limit}."
            if capped
            else "The wage is not above three times the local average, {limit}.",
            LCL_47_2,
            value=base,
            avg12=avg12,
            local_avg_month=local_avg_month,
            limit=limit,
        )
    if min_wage is None:
        trail.say("没有给出最低工资，未作下限检查。", "No minimum wage was given: no floor was applied.", IR_27)
    elif base < min_wage:
        base = min_wage
        trail.say(
            "平均工资低于最低工资，按最低工资计算。",
            "Below the minimum wage, which stands for it.",
            IR_27,
            value=base,
            min_wage=min_wage,
        )
    return SeveranceBase(months, base, payable(base), capped)


def multiplied(base: SeveranceBase, multiple: int, trail: Trail) -> Decimal:
    """N (multiple 1) or 2N (multiple 2) in yuan, with its step in the given trail."""
    amount = payable(base.month * base.months * multiple)
    double = multiple == 2
    trail.say(
        "{base}元×{months}个月×2＝{amount}元。" if double else "{base}元×{months}个月＝{amount}元。",
        "{base} × {months} months × 2 = {amount}." if double else "{base} × {months} months = {amount}.",
        LCL_87 if double else LCL_47_1,
        value=amount,
        base=base.shown,
        months=base.months,
        amount=amount,
    )
    return amount


def art40_pay(facts: Art40Facts, *, as_of: date, region: str | None, params: Parameters) -> Computed[Art40Pay]:
    """Labour Contract Law, Arts. 40, 46(3); Implementing Regulations, Art. 20: severance and pay in lieu of notice.

    The wage in lieu is last month's and has no cap; notice given in full leaves none.
    """
    trail = Trail(as_of=as_of, region=region, params=params)
    severance = _amount(facts.severance, trail).amount
    in_lieu = in_lieu_of(facts.last_month_wage, facts.notice_30d_given, trail)
    return trail.computed(Art40Pay(severance, in_lieu, severance + in_lieu))


def in_lieu_of(last_month_wage: Decimal, notice_given: bool, trail: Trail) -> Decimal:
    """Pay in lieu of 30 days' notice in yuan, with its step in the given trail."""
    in_lieu = ZERO if notice_given else payable(last_month_wage)
    trail.say(
        "已提前三十日书面通知，不付代通知金。" if notice_given else "未提前三十日通知，另付上月工资{in_lieu}元。",
        "Notice was given: nothing in lieu." if notice_given else "No notice: last month's wage, {in_lieu}.",
        LCL_40,
        IR_20,
        value=in_lieu,
        in_lieu=in_lieu,
    )
    return in_lieu


def severance_entitlement(
    facts: EndingFacts, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Due | None]:
    """Labour Contract Law, Art. 46: is severance due? The value says N or none, the verdict whether it is known."""
    trail = Trail(as_of=as_of, region=region, params=params)
    return trail.finding(Verdict.ALLOWED, due_of(facts, trail))


class Entitling(Protocol):
    """The facts on which it turns whether severance is due; see `EndingFacts`."""

    @property
    def ground(self) -> Ground: ...
    @property
    def proposed_by(self) -> Party | None: ...
    @property
    def employer_offer(self) -> RenewalOffer | None: ...
    @property
    def employee_refuses(self) -> bool | None: ...


def due_of(facts: Entitling, trail: Trail) -> Due | None:
    """N or none as a part of a larger answer; None when the trail names what is missing."""
    family = facts.ground.family
    if family is GroundFamily.MUTUAL:
        return _mutual(facts, trail)
    if family is GroundFamily.EXPIRY:
        return _expiry(facts, trail)
    return _by_ground(facts.ground, trail)


def _mutual(facts: Entitling, trail: Trail) -> Due | None:
    if facts.proposed_by is None:
        trail.lacks("proposed_by", "协商解除由谁提出？", "Who proposed the agreement?")
        return None
    by_employer = facts.proposed_by is Party.EMPLOYER
    due = Due.N if by_employer else Due.NONE
    trail.say(
        "由单位提出的协商解除。" if by_employer else "由员工提出的协商解除。",
        "The employer proposed the agreement." if by_employer else "The employee proposed the agreement.",
        LCL_46_2,
        value=due,
    )
    return due


def _expiry(facts: Entitling, trail: Trail) -> Due | None:
    if facts.ground is Ground.TASK_COMPLETED:
        trail.say("以完成一定工作任务为期限的合同终止，应付。", "The task is done: severance is due.", IR_22, value="N")
        return Due.N
    if facts.employer_offer is None:
        trail.lacks("employer_offer", "期满时单位提出续订了吗？条件如何？", "What renewal did the employer offer?")
        return None
    if facts.employer_offer is RenewalOffer.SAME_OR_BETTER:
        return _same_or_better(facts, trail)
    trail.say("单位不续订或者降低条件，应付。", "No renewal, or on worse terms: due.", LCL_46_5, value=Due.N)
    return Due.N


def _same_or_better(facts: Entitling, trail: Trail) -> Due | None:
    """Art. 46(5) exempts only the renewal that the employee refused: an ending without a refusal carries N."""
    if facts.employee_refuses is None:
        trail.lacks("employee_refuses", "员工是否不同意续订？", "Does the employee refuse to renew?")
        return None
    due = Due.NONE if facts.employee_refuses else Due.N
    trail.say(
        "单位维持或者提高条件续订而员工不同意，不付。"
        if facts.employee_refuses
        else "员工没有拒绝续订，合同仍然终止的，不属于例外，应付。",
        "Renewal on the same or better terms was refused: none."
        if facts.employee_refuses
        else "The employee did not refuse; should the term end all the same, the exception is not met: due.",
        LCL_46_5,
        value=due,
    )
    return due


_OWN_PROVISION = {Ground.REG5: Cite("IR", 5), Ground.REG6: Cite("IR", 6), Ground.G71: Cite("LCL", 71)}
"""Grounds whose severance follows from a provision of their own."""


def _by_ground(ground: Ground, trail: Trail) -> Due:
    listed = ground.family in _DUE_FAMILIES or ground in _DUE_GROUNDS
    due = Due.N if listed else Due.NONE
    own = _OWN_PROVISION.get(ground)
    if own is not None:
        trail.say("依其专门规定。", "By its own provision.", own, value=due)
    elif listed:
        trail.say("第四十六条列入这种情形。", "Art. 46 lists this case.", LCL_46, value=due)
    else:
        trail.say("第四十六条没有列入这种情形。", "Art. 46 does not list this case.", LCL_46, value=due)
    if ground is Ground.G44_6:
        trail.doubt(Confidence.UNVERIFIED)
        trail.ask_person()
    return due


_DUE_GROUNDS = (Ground.G44_4, Ground.G44_5, Ground.REG6)
_DUE_FAMILIES = (GroundFamily.FORCED_RESIGNATION, GroundFamily.NO_FAULT, GroundFamily.LAYOFF)
