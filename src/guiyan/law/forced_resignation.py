"""Leaving for the employer's fault (Labour Contract Law, Art. 38): the grounds, as an employee can choose them."""

from __future__ import annotations

from dataclasses import dataclass

from guiyan.kernel.results import Words
from guiyan.law.citations import Cite


@dataclass(frozen=True, slots=True)
class ForcedGround:
    """A ground of Art. 38. `immediate`: the employee may leave without telling the employer first (Art. 38(2))."""

    code: str
    says: Words
    cite: Cite
    immediate: bool


def _ground(item: int, zh: str, en: str) -> ForcedGround:
    return ForcedGround(f"38({item})", Words(zh, en), Cite("LCL", 38, 1, item), immediate=False)


ART_38_GROUNDS: tuple[ForcedGround, ...] = (
    _ground(1, "没有按照合同约定提供劳动保护或者劳动条件", "Labour protection or working conditions not as agreed"),
    _ground(2, "没有及时足额支付劳动报酬", "Wages not paid in full and on time"),
    _ground(3, "没有依法缴纳社会保险费", "Social insurance not paid as the law requires"),
    _ground(4, "规章制度违法并损害员工权益", "Company rules that break the law and harm employees' rights"),
    _ground(5, "以欺诈、胁迫等手段使合同无效", "A contract void for fraud, duress or exploitation of distress"),
    _ground(6, "法律、行政法规规定的其他情形", "Other cases named in laws and administrative regulations"),
    ForcedGround(
        "38-2",
        Words(
            "以暴力、威胁或者非法限制人身自由的手段强迫劳动，或者违章指挥、强令冒险作业危及人身安全",
            "Forced labour by violence, threat or unlawful restraint, or orders that endanger life and limb",
        ),
        Cite("LCL", 38, 2),
        immediate=True,
    ),
)
"""Reasons are fixed at the time of leaving: they are asked from the employee freely and never preset."""
