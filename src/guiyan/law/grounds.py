"""The legal grounds on which an employment ends, and the few families that rules tell apart."""

from __future__ import annotations

from enum import StrEnum


class GroundFamily(StrEnum):
    """What kind of ending a ground is."""

    MUTUAL = "mutual"
    RESIGNATION = "resignation"
    FORCED_RESIGNATION = "forced_resignation"
    FAULT = "fault"
    NO_FAULT = "no_fault"
    LAYOFF = "layoff"
    EXPIRY = "expiry"
    OTHER_END = "other_end"
    PART_TIME = "part_time"
    NEVER_SIGNED = "never_signed"


_SPECIAL = {
    "44(1)": GroundFamily.EXPIRY,
    "task_completed": GroundFamily.EXPIRY,
    "reg5": GroundFamily.NEVER_SIGNED,
    "reg6": GroundFamily.NEVER_SIGNED,
}
_BY_ARTICLE = {
    "36": GroundFamily.MUTUAL,
    "37": GroundFamily.RESIGNATION,
    "38": GroundFamily.FORCED_RESIGNATION,
    "39": GroundFamily.FAULT,
    "40": GroundFamily.NO_FAULT,
    "41": GroundFamily.LAYOFF,
    "44": GroundFamily.OTHER_END,
    "71": GroundFamily.PART_TIME,
}


class Ground(StrEnum):
    """A ground by its article of the Labour Contract Law, the item in brackets; `reg5` and `reg6` are those of the
    Implementing Regulations, `task_completed` the end of a contract for one task (Regulations, Art. 22).

    An article without item ("39") stands for whichever of its items applies.
    """

    G36 = "36"
    G37 = "37"
    G38 = "38"
    G38_1 = "38(1)"
    G38_2 = "38(2)"
    G38_3 = "38(3)"
    G38_4 = "38(4)"
    G38_5 = "38(5)"
    G38_6 = "38(6)"
    G39 = "39"
    G39_1 = "39(1)"
    G39_2 = "39(2)"
    G39_3 = "39(3)"
    G39_4 = "39(4)"
    G39_5 = "39(5)"
    G39_6 = "39(6)"
    G40 = "40"
    G40_1 = "40(1)"
    G40_2 = "40(2)"
    G40_3 = "40(3)"
    G41 = "41"
    G41_1 = "41(1)"
    G41_2 = "41(2)"
    G41_3 = "41(3)"
    G41_4 = "41(4)"
    G44_1 = "44(1)"
    G44_2 = "44(2)"
    G44_3 = "44(3)"
    G44_4 = "44(4)"
    G44_5 = "44(5)"
    G44_6 = "44(6)"
    G71 = "71"
    TASK_COMPLETED = "task_completed"
    REG5 = "reg5"
    REG6 = "reg6"

    family: GroundFamily
    """The family the ground belongs to."""

    def __init__(self, article: str) -> None:
        self.family = _SPECIAL.get(article) or _BY_ARTICLE[article[:2]]


class Party(StrEnum):
    """Who proposed an ending."""

    EMPLOYER = "employer"
    EMPLOYEE = "employee"
