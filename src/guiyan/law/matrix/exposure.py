"""What is at stake: what is paid when the ground holds, and what the employee may win when it fails."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from guiyan.kernel.calendar import add_months
from guiyan.kernel.money import payable
from guiyan.kernel.results import Missing, Words
from guiyan.law.ending import LOCAL_AVERAGE, MINIMUM_WAGE
from guiyan.law.matrix.given import EvidenceGiven
from guiyan.law.matrix.model import Event, Fact, GroundMatrix, PayRule, Remedy
from guiyan.law.parameters import ParameterMissing, Parameters
from guiyan.law.severance import SeveranceFacts, severance_amount

DOUBLE = 2
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Sums are yuan. `lawful` is owed beside wages when the ground holds, `unlawful` is twice the severance, owed
    instead when it fails; None where the facts do not give them, and `unknown` says which are missing.

    `back_pay`: continuation of the contract brings the wages of the time between.
    """

    pay: PayRule
    lawful: Decimal | None
    remedies: tuple[Remedy, ...]
    unlawful: Decimal | None
    back_pay: bool
    unknown: tuple[Missing, ...]


_WAGES = Missing(
    "severance",
    Words("入职日、最后工作日和前十二个月平均工资是多少？", "What are the days of service and the average wage?"),
)
_AVERAGE = Missing(LOCAL_AVERAGE, Words("当地上年度职工月平均工资是多少？", "What is the local average monthly wage?"))
_LAST_MONTH = Missing("last_month_wage", Words("上个月的工资是多少？", "What was last month's wage?"))


def exposure_of(
    entry: GroundMatrix, given: EvidenceGiven, *, as_of: date, region: str | None, params: Parameters
) -> Exposure:
    """Labour Contract Law, Arts. 46, 47, 48, 87: what the ground costs when it holds and when it fails.

    Nothing is guessed: a sum whose facts or figures are missing is None, and they are named.
    """
    unknown: list[Missing] = []
    single, double = _severance(entry, given, unknown, as_of=as_of, region=region, params=params)
    return Exposure(
        pay=entry.pay,
        lawful=_lawful(entry.pay, single, given, unknown),
        remedies=entry.exposure,
        unlawful=double if Remedy.DOUBLE_SEVERANCE in entry.exposure else None,
        back_pay=Remedy.REINSTATEMENT in entry.exposure,
        unknown=tuple(dict.fromkeys(unknown)),
    )


def _severance(
    entry: GroundMatrix,
    given: EvidenceGiven,
    unknown: list[Missing],
    *,
    as_of: date,
    region: str | None,
    params: Parameters,
) -> tuple[Decimal | None, Decimal | None]:
    """N and 2N in yuan; None where they are not needed or cannot be computed."""
    if entry.pay in {PayRule.NONE, PayRule.BY_AGREEMENT} and Remedy.DOUBLE_SEVERANCE not in entry.exposure:
        return None, None
    facts = given.severance
    if facts is None:
        unknown.append(_WAGES)
        return None, None
    facts = _with_local_figures(facts, as_of=as_of, region=region, params=params)
    if facts.local_avg_month is None:
        unknown.append(_AVERAGE)
        return None, None
    single, double = (
        severance_amount(replace(facts, multiple=times), as_of=as_of, region=region, params=params).value.amount
        for times in (1, DOUBLE)
    )
    return single, double


def _with_local_figures(
    facts: SeveranceFacts, *, as_of: date, region: str | None, params: Parameters
) -> SeveranceFacts:
    """What nobody stated is taken from the parameters of the place and day, where they hold it."""
    return replace(
        facts,
        local_avg_month=_local(facts.local_avg_month, LOCAL_AVERAGE, as_of=as_of, region=region, params=params),
        min_wage=_local(facts.min_wage, MINIMUM_WAGE, as_of=as_of, region=region, params=params),
    )


def _local(stated: Decimal | None, key: str, *, as_of: date, region: str | None, params: Parameters) -> Decimal | None:
    if stated is None:
        with suppress(ParameterMissing):
            return params.at(key, as_of=as_of, region=region).number
    return stated


def _lawful(rule: PayRule, single: Decimal | None, given: EvidenceGiven, unknown: list[Missing]) -> Decimal | None:
    if rule is PayRule.NONE:
        return ZERO
    if rule in _TURNS_ON:
        return _if(_TURNS_ON[rule], single, given, unknown)
    if rule is PayRule.N_PLUS_1:
        return _with_month_in_lieu(single, given, unknown)
    if rule is PayRule.N_AFTER_FIRST_MONTH:
        return _after_first_month(single, given, unknown)
    return single if rule is PayRule.N else None


_TURNS_ON = {
    PayRule.N_IF_EMPLOYER_PROPOSED: Fact.EMPLOYER_PROPOSED,
    PayRule.N_IF_MADE_OUT: Fact.SEVERANCE_DUE,
    PayRule.N_UNLESS_RENEWAL_REFUSED: Fact.SEVERANCE_DUE,
}


def _if(fact: Fact, single: Decimal | None, given: EvidenceGiven, unknown: list[Missing]) -> Decimal | None:
    known = given.facts.get(fact)
    if known is None:
        unknown.append(Missing(fact.value, fact.asks))
        return None
    return single if known else ZERO


def _with_month_in_lieu(single: Decimal | None, given: EvidenceGiven, unknown: list[Missing]) -> Decimal | None:
    in_lieu = given.facts.get(Fact.PAID_IN_LIEU)
    if in_lieu is None:
        unknown.append(Missing(Fact.PAID_IN_LIEU.value, Fact.PAID_IN_LIEU.asks))
        return None
    if in_lieu and given.last_month_wage is None:
        unknown.append(_LAST_MONTH)
        return None
    month = payable(given.last_month_wage) if in_lieu and given.last_month_wage is not None else ZERO
    return None if single is None else single + month


def _after_first_month(single: Decimal | None, given: EvidenceGiven, unknown: list[Missing]) -> Decimal | None:
    days = [given.events.get(event) for event in (Event.HIRE_DAY, Event.ENDING_DAY)]
    for event, day in zip((Event.HIRE_DAY, Event.ENDING_DAY), days, strict=True):
        if day is None:
            unknown.append(Missing(event.value, event.asks))
    hired, ended = days
    if hired is None or ended is None:
        return None
    return ZERO if ended <= add_months(hired, 1) else single
