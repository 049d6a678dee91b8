"""A second, plain reading of the computable topics, written from the provisions alone, against the command's answers.

Whole days are walked and amounts are kept exact; nothing of the package's own arithmetic is used.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pytest

from guiyan.law.case_topics import Law
from guiyan.law.cases import compute
from guiyan.law.parameters import RULES_CHECKED_ON, statutory_parameters

LAW = Law(RULES_CHECKED_ON, None, statutory_parameters())
DAY = timedelta(days=1)
CASES = 120
BANDS = ((36000, "0.03"), (144000, "0.10"), (300000, "0.20"), (420000, "0.25"), (660000, "0.30"), (960000, "0.35"))
TOP_RATE = "0.45"
EDGES = (1, 3, 5, 6, 7, 11, 12, 13, 18, 24, 36, 60, 72, 144, 150)


def yuan(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))


def after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_paid(hired: date, last: date) -> Decimal:
    """Art. 47(1): years first, then half a month or one for what is left."""
    end, years = last + DAY, 0
    while after(hired, 12 * (years + 1)) <= end:
        years += 1
    if after(hired, 12 * years) == end:
        return Decimal(years)
    return Decimal(years) + (1 if after(hired, 12 * years + 6) <= end else Decimal("0.5"))


def plain(months: Decimal) -> str:
    return str(int(months)) if months == int(months) else str(months)


def banded_tax(taxable: Decimal) -> Decimal:
    """The annual table band by band, without quick deductions."""
    tax, below = Decimal(0), Decimal(0)
    for limit, rate in BANDS:
        tax += (min(taxable, Decimal(limit)) - below) * Decimal(rate) if taxable > below else 0
        below = Decimal(limit)
    return tax + max(Decimal(0), taxable - below) * Decimal(TOP_RATE)


def severance(given: dict[str, Any]) -> tuple[Decimal, Decimal, bool]:
    months = months_paid(date.fromisoformat(given["hire_date"]), date.fromisoformat(given["last_day"]))
    average, cap = Decimal(given["avg12"]), 3 * Decimal(given["local_avg_month"])
    if average > cap:
        return min(months, Decimal(12)), cap, True
    return months, max(average, Decimal(given["min_wage"])), False


def amount(given: dict[str, Any]) -> dict[str, Any]:
    months, base, capped = severance(given)
    return {"n_months": plain(months), "base": yuan(base), "amount": yuan(base * months), "capped": capped}


def n_plus_1(given: dict[str, Any]) -> dict[str, Any]:
    months, base, _ = severance(given)
    in_lieu = Decimal(0) if given["notice_30d_given"] else Decimal(given["last_month_wage"])
    paid = Decimal(yuan(base * months))
    return {"severance": yuan(paid), "pay_in_lieu": yuan(in_lieu), "total": yuan(paid + in_lieu)}


def window(given: dict[str, Any]) -> dict[str, Any]:
    hired = date.fromisoformat(given["hire_date"])
    last = after(hired, 12) - DAY
    if given["signed_date"]:
        last = min(last, date.fromisoformat(given["signed_date"]) - DAY)
    if last < after(hired, 1):
        return {"from": None, "to": None, "extra_wage": "0.00"}
    whole = [months for months in range(1, 12) if after(hired, months + 1) == last + DAY]
    extra = yuan(whole[0] * Decimal(given["monthly_wage"])) if whole else None
    return {"from": str(after(hired, 1)), "to": str(last), "extra_wage": extra}


def longest_probation(given: dict[str, Any]) -> dict[str, Any]:
    start, end = date.fromisoformat(given["start"]), date.fromisoformat(given["end"]) + DAY
    return {"max_months": next((most for term, most in ((36, 6), (12, 2), (3, 1)) if after(start, term) <= end), 0)}


def lump_sum_tax(given: dict[str, Any]) -> dict[str, Any]:
    lump = Decimal(given["lump_sum"])
    taxable = max(Decimal(0), lump - 3 * Decimal(given["local_avg_annual"]))
    tax = Decimal(yuan(banded_tax(taxable)))
    return {"taxable": yuan(taxable), "tax": yuan(tax), "net": yuan(lump - tax)}


def withheld(given: dict[str, Any]) -> dict[str, Any]:
    income, paid, shown = Decimal(0), Decimal(0), []
    for month in given["months"]:
        income += Decimal(month["gross"]) - Decimal(month["si"]) - Decimal(month["special"]) - 5000
        due = max(Decimal(0), Decimal(yuan(banded_tax(max(Decimal(0), income)) - paid)))
        paid += due
        shown.append(yuan(due))
    return {"withheld": shown}


def leave_left(given: dict[str, Any]) -> dict[str, Any]:
    first, last = date.fromisoformat(given["first_day"]), date.fromisoformat(given["last_day"])
    days = (last - max(first, date(last.year, 1, 1))).days + 1
    left = Decimal(days) * Decimal(given["entitlement"]) / 365 - Decimal(given["taken"])
    unused = max(0, int(left.to_integral_value(ROUND_FLOOR)))
    pay = Decimal(given["avg12_excl_ot"]) * 2 * unused / Decimal("21.75")
    return {"calendar_days": days, "unused_days": unused, "extra_pay_200pct": yuan(pay)}


def a_day(pick: Random) -> date:
    day = date(2008, 1, 1) + timedelta(days=pick.randrange(6900))
    return day if pick.random() < 0.6 else day.replace(day=monthrange(day.year, day.month)[1])


def a_term(pick: Random) -> tuple[str, str]:
    """Two days: around an anniversary, or far apart at random."""
    first = a_day(pick)
    around = after(first, pick.choice(EDGES)) + timedelta(days=pick.randrange(-2, 2))
    last = around if pick.random() < 0.6 else first + timedelta(days=pick.randrange(6000))
    return str(first), str(max(first, last))


def money(pick: Random, most: int) -> str:
    return f"{pick.randrange(most * 100) / 100:.2f}"


def wages(pick: Random) -> dict[str, Any]:
    hired, last = a_term(pick)
    average = pick.choice([money(pick, 70000), "47103.24", "47103.25", "47103.23", "2420.00"])
    given = {"hire_date": hired, "last_day": last, "avg12": average, "local_avg_month": "15701.08", "min_wage": "2420"}
    return given | {"last_month_wage": money(pick, 90000), "notice_30d_given": pick.random() < 0.5}


def unsigned(pick: Random) -> dict[str, Any]:
    hired = a_day(pick)
    signed = None if pick.random() < 0.3 else str(after(hired, pick.randrange(14)) + timedelta(days=pick.randrange(2)))
    return {"hire_date": str(hired), "signed_date": signed, "monthly_wage": money(pick, 40000)}


def fixed_term(pick: Random) -> dict[str, Any]:
    start, end = a_term(pick)
    return {"kind": "fixed", "start": start, "end": end}


def lump_sum(pick: Random) -> dict[str, Any]:
    edge = Decimal(pick.choice([0, *(limit for limit, _ in BANDS), 2000000]))
    near = pick.choice([Decimal("-0.01"), Decimal(0), Decimal("0.01"), Decimal(money(pick, 900000))])
    return {"lump_sum": str(max(Decimal(0), 3 * Decimal(188413) + edge + near)), "local_avg_annual": 188413}


def pay_months(pick: Random) -> dict[str, Any]:
    most = pick.choice([8000, 30000, 300000])
    one = [
        {"gross": money(pick, most), "si": money(pick, 5000), "special": money(pick, 3000)}
        for _ in range(pick.randrange(1, 13))
    ]
    return {"months": one}


def leaving(pick: Random) -> dict[str, Any]:
    first, last = a_term(pick)
    taken = pick.choice(["0", "0.5", "1", "2.5", "8"])
    given = {"first_day": first, "last_day": last, "entitlement": pick.choice([0, 5, 10, 15]), "taken": taken}
    return given | {"avg12_excl_ot": money(pick, 50000)}


Read = Callable[[dict[str, Any]], dict[str, Any]]
TOPICS: dict[str, tuple[Callable[[Random], dict[str, Any]], Read]] = {
    "severance.amount": (wages, amount),
    "art40.n_plus_1": (wages, n_plus_1),
    "double_wage.window": (unsigned, window),
    "probation.max": (fixed_term, longest_probation),
    "tax.severance": (lump_sum, lump_sum_tax),
    "tax.cumulative": (pay_months, withheld),
    "annual_leave.exit": (leaving, leave_left),
}


@pytest.mark.parametrize("topic", TOPICS)
def test_both_readings_agree(topic: str) -> None:
    make, read = TOPICS[topic]
    pick = Random(topic)
    for _ in range(CASES):
        given = make(pick)
        expected = read(given)
        result = compute(topic, given, LAW)[0].result
        assert {key: result[key] for key in expected} == expected, given
