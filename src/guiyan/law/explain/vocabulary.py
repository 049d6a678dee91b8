"""The words for verdicts, degrees of certainty and headings: the only place where they are written."""

from __future__ import annotations

from guiyan.kernel.results import Confidence, Verdict, Words

VERDICT_WORDS = {
    Verdict.ALLOWED: Words("可以", "Allowed"),
    Verdict.ALLOWED_WITH_CONDITIONS: Words("满足条件后可以", "Allowed on conditions"),
    Verdict.EXTENDED: Words("合同续延，暂不得终止", "The term runs on"),
    Verdict.PROHIBITED: Words("不可以", "Prohibited"),
    Verdict.INDETERMINATE: Words("事实不足，暂不能判断", "Cannot be judged yet: facts are missing"),
}
CONFIDENCE_WORDS = {
    Confidence.STATUTE: Words("条文已查阅", "The provisions were read"),
    Confidence.SECONDARY: Words("部分依据来自转引", "Some authority is known from a secondary source"),
    Confidence.LOCAL: Words("含地方规定或者地方口径", "A local rule or local guidance is involved"),
    Confidence.PRACTICE: Words("含实践做法，法律没有明文", "Practice is involved; no provision says it in terms"),
    Confidence.UNVERIFIED: Words("含未核实的内容，请咨询律师", "Something is not verified: ask counsel"),
}
RESULT = Words("计算结果", "Result")
LAW_OF = Words("适用{day}施行的法律", "By the law in force on {day}")
REASONS = Words("理由", "Reasons")
CONDITIONS = Words("条件", "Conditions")
MISSING = Words("还需要知道", "Still to be known")
FIGURES = Words("所用参数", "Figures used")
CERTAINTY = Words("依据的可靠程度", "How certain the authority is")
HUMAN_REVIEW = Words("须由指定的人复核", "A named person must review this")
