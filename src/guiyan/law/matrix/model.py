"""The shape of one ground of the matrix: elements, exhibits, steps, deadlines, pay and consequences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from guiyan.kernel.deadlines import PeriodUnit
from guiyan.kernel.results import Confidence, Words
from guiyan.law.citations import Cite
from guiyan.law.grounds import Ground


class MatrixGround(StrEnum):
    """The grounds that the matrix knows, each named by its article.

    `OA56-8` is the end of work past retirement age; it is no ground of the Labour Contract Law.
    """

    G39_1 = "39(1)"
    G39_2 = "39(2)"
    G39_3 = "39(3)"
    G39_4 = "39(4)"
    G39_5 = "39(5)"
    G39_6 = "39(6)"
    G40_1 = "40(1)"
    G40_2 = "40(2)"
    G40_3 = "40(3)"
    G41 = "41"
    G36 = "36"
    G37 = "37"
    G38 = "38"
    G44_1 = "44(1)"
    G44_2 = "44(2)/IR21"
    OA56_8 = "OA56-8"
    G44_3 = "44(3)"
    G44_45 = "44(4)/(5)"
    IR5_6 = "IR5/IR6"
    IR22 = "IR22"


class Level(StrEnum):
    """How much an element matters: REQUIRED must be proved, of ANY_OF one complete group must be; STRONG costs much
    weight when it is absent, SUPPORT adds some."""

    REQUIRED = "REQUIRED"
    ANY_OF = "ANY_OF"
    STRONG = "STRONG"
    SUPPORT = "SUPPORT"


class Grade(IntEnum):
    """How good an exhibit is, best first: original or neutral record, anchored raw data, export, one side's word."""

    G1 = 1
    G2 = 2
    G3 = 3
    G4 = 4


class Event(StrEnum):
    """The events on which deadlines hang, beside the steps themselves."""

    HIRE_DAY = "hire_day"
    PROBATION_LAST_DAY = "probation_last_day"
    CONDUCT_DAY = "conduct_day"
    DECISION_DAY = "decision_day"
    ENDING_DAY = "ending_day"
    CONTRACT_END = "contract_end"
    MEDICAL_PERIOD_END = "medical_period_end"
    RETIREMENT_DAY = "retirement_day"
    RESIGNATION_ARRIVAL = "resignation_arrival"
    FORCED_LETTER_ARRIVAL = "forced_letter_arrival"
    HANDOVER_DONE = "handover_done"
    SUIT_DAY = "suit_day"

    @property
    def asks(self) -> Words:
        """The question to put to a person who knows the day."""
        return _EVENT_QUESTIONS[self]


_EVENT_QUESTIONS = {
    Event.HIRE_DAY: Words("哪一天开始用工？", "On which day did the work begin?"),
    Event.PROBATION_LAST_DAY: Words("合法试用期的最后一日是哪一天？", "What is the last day of the lawful probation?"),
    Event.CONDUCT_DAY: Words("行为最早发生在哪一天？", "On which day did the conduct begin?"),
    Event.DECISION_DAY: Words("哪一天作出决定？", "On which day is the decision made?"),
    Event.ENDING_DAY: Words("劳动关系最后一日是哪一天？", "What is the last day of the employment?"),
    Event.CONTRACT_END: Words("合同哪一天期满？", "On which day does the contract expire?"),
    Event.MEDICAL_PERIOD_END: Words("医疗期哪一天届满？", "On which day does the medical period end?"),
    Event.RETIREMENT_DAY: Words("哪一天达到法定退休年龄？", "On which day is the retirement age reached?"),
    Event.RESIGNATION_ARRIVAL: Words("辞职哪一天到达单位？", "On which day did the resignation arrive?"),
    Event.FORCED_LETTER_ARRIVAL: Words("解除函哪一天到达单位？", "On which day did the letter arrive?"),
    Event.HANDOVER_DONE: Words("工作交接哪一天办结？", "On which day was the handover done?"),
    Event.SUIT_DAY: Words("员工起诉了吗？哪一天？", "Has the employee sued, and on which day?"),
}


class Fact(StrEnum):
    """The facts on which it depends whether an element, a step or a deadline applies."""

    UNION_EXISTS = "union_exists"
    RULE_CITED = "rule_cited"
    HAZARD_POST = "hazard_post"
    PROTECTED_STATUS = "protected_status"
    FLEXIBLE_RETIREMENT = "flexible_retirement"
    PAID_IN_LIEU = "paid_in_lieu"
    SEVERANCE_DUE = "severance_due"
    EMPLOYER_PROPOSED = "employer_proposed"
    HIRING_AGAIN = "hiring_again"
    STILL_WORKING = "still_working"
    SUIT_FILED = "suit_filed"

    @property
    def asks(self) -> Words:
        """The question to put to a person who knows."""
        return _FACT_QUESTIONS[self]


_FACT_QUESTIONS = {
    Fact.UNION_EXISTS: Words("单位建立工会了吗？", "Does the employer have a union?"),
    Fact.RULE_CITED: Words("考核引用了规章制度吗？", "Does the assessment cite a company rule?"),
    Fact.HAZARD_POST: Words("岗位接触职业病危害吗？", "Is the post exposed to occupational hazards?"),
    Fact.PROTECTED_STATUS: Words(
        "员工处于孕期、产期、哺乳期或者医疗期吗？",
        "Is the employee in pregnancy, maternity, nursing or a medical period?",
    ),
    Fact.FLEXIBLE_RETIREMENT: Words("涉及弹性提前或者延迟退休吗？", "Is this flexible earlier or later retirement?"),
    Fact.PAID_IN_LIEU: Words("以一个月工资代替提前通知吗？", "Is a month's wage paid in place of notice?"),
    Fact.SEVERANCE_DUE: Words("应付经济补偿吗？", "Is severance due?"),
    Fact.EMPLOYER_PROPOSED: Words("是单位提出的吗？", "Did the employer propose it?"),
    Fact.HIRING_AGAIN: Words("六个月内重新招用人员吗？", "Is anybody hired again within six months?"),
    Fact.STILL_WORKING: Words("期满后还在继续工作吗？", "Did work go on after the term?"),
    Fact.SUIT_FILED: Words("员工已经起诉了吗？", "Has the employee sued?"),
}


class Effect(StrEnum):
    """What a missed legal deadline does.

    CLOSES: the ground is lost. DEFECT: the ending is unlawful as it stands, and may be curable. DUTY: a debt or a fine
    of its own; the ground is not touched.
    """

    CLOSES = "closes"
    DEFECT = "defect"
    DUTY = "duty"


class ProbationUse(StrEnum):
    """Whether a ground is open in probation."""

    ONLY = "only"
    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class PayRule(StrEnum):
    """What the employer pays, beside wages, when the ground is made out."""

    NONE = "none"
    N = "n"
    N_PLUS_1 = "n_plus_1"
    """N, and a month's wage where thirty days' notice was not given."""
    N_IF_EMPLOYER_PROPOSED = "n_if_employer_proposed"
    N_IF_MADE_OUT = "n_if_made_out"
    N_UNLESS_RENEWAL_REFUSED = "n_unless_renewal_refused"
    N_AFTER_FIRST_MONTH = "n_after_first_month"
    BY_AGREEMENT = "by_agreement"


class NoticeRule(StrEnum):
    """The notice that the ground asks for."""

    NONE = "none"
    ARRIVAL_IN_PROBATION = "arrival_in_probation"
    THIRTY_DAYS_OR_MONTH_PAY = "thirty_days_or_month_pay"
    THIRTY_DAYS_TO_STAFF = "thirty_days_to_staff"
    BY_EMPLOYEE = "by_employee"
    LOCAL = "local"
    WRITTEN_END = "written_end"
    BY_AGREEMENT = "by_agreement"


class Remedy(StrEnum):
    """What the employee may win when the ground fails. REINSTATEMENT brings back pay for the time between."""

    DOUBLE_SEVERANCE = "double_severance"
    REINSTATEMENT = "reinstatement"
    SEVERANCE = "severance"
    DOUBLE_WAGE = "double_wage"
    CIVIL_LIABILITY = "civil_liability"


@dataclass(frozen=True, slots=True)
class ExhibitKind:
    """A kind of exhibit: its name, the best grade it can reach by nature, and whether it may prove any element."""

    kind: str
    name: Words
    best: Grade
    proves_any: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """Something applies only where the fact is known to be so, or is not known."""

    fact: Fact
    wanted: bool


@dataclass(frozen=True, slots=True)
class DayRule:
    """A day, so many units before or after the day of an event or a step (exactly one of the two is set).

    The number is `count`, or the figure of the parameter `figure` in force on the day of judgement.
    """

    event: Event | None
    step: str | None
    before: bool
    count: int | None
    figure: str | None
    unit: PeriodUnit


@dataclass(frozen=True, slots=True)
class StepDeadline:
    """The last day of a step. `effect` is None for mere advice.

    `strict`: the step must be shown to come before the base, not only on its day. `cure_until`: a late step still heals
    the defect when it is done before this event.
    """

    rule: DayRule
    effect: Effect | None
    strict: bool
    cure_until: Event | None
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Window:
    """The days within which an exhibit must have come into being; both ends belong to it."""

    after: DayRule | None
    by: DayRule | None


@dataclass(frozen=True, slots=True)
class Element:
    """One thing to prove: which kinds of exhibit prove it, which are only clues, and what follows when it fails."""

    id: str
    level: Level
    prove: Words
    exhibits: tuple[str, ...]
    clues: tuple[str, ...]
    window: Window | None
    when: Condition | None
    missing: Words
    cites: tuple[Cite, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step: what is done, what follows when it is missed, and the articles behind it."""

    kind: str
    does: Words
    missed: Words
    cites: tuple[Cite, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of one ground. Steps of the same `stage` go together. `serves`: it is needed for this element's group."""

    stage: int
    kind: StepKind
    deadlines: tuple[StepDeadline, ...]
    missed: Words
    when: Condition | None
    serves: str | None


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """Every id of `all_of`, and every id of at least one group of `any_of` where there are groups."""

    all_of: tuple[str, ...]
    any_of: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class GroundMatrix:
    """One ground of the matrix, as its file says.

    `grounds` are the grounds of `guiyan.law.grounds` that it covers. `collect_latest` and `collect_advised` are the
    days by which evidence must and should be there. `gate_asked`: the protection gate must be known.
    """

    key: MatrixGround
    grounds: tuple[Ground, ...]
    title: Words
    cites: tuple[Cite, ...]
    confidence: Confidence
    probation: ProbationUse
    notice: NoticeRule
    notice_words: Words
    union_first: bool
    pay: PayRule
    gate_asked: bool
    gate_words: Words
    collect_latest: DayRule
    collect_advised: DayRule | None
    exposure: tuple[Remedy, ...]
    if_insufficient: Words
    note: Words | None
    elements: tuple[Element, ...]
    sufficiency: Sufficiency
    stages: tuple[Stage, ...]

    def element(self, element_id: str) -> Element:
        """The element of this id. Raises KeyError when the ground has none."""
        for element in self.elements:
            if element.id == element_id:
                return element
        raise KeyError(element_id)
