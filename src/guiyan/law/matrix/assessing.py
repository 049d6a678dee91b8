"""Does the evidence carry the ground? Each element proved, weak or missing; what to collect next, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guiyan.kernel.results import Confidence, Finding, Missing, Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.matrix.days import day_of
from guiyan.law.matrix.exposure import Exposure, exposure_of
from guiyan.law.matrix.given import EvidenceGiven, check
from guiyan.law.matrix.loading import matrix
from guiyan.law.matrix.model import ExhibitKind, GroundMatrix, Level, MatrixGround
from guiyan.law.matrix.proving import ElementAnswer, Standing, prove
from guiyan.law.matrix.stepping import StepAnswer, StepState, judge_step, lacking_of
from guiyan.law.parameters import Parameters
from guiyan.law.protection import ProtectionRuling
from guiyan.law.trail import Trail

LCL_42 = Cite("LCL", 42)
LCL_44_2 = Cite("LCL", 44, item=2)
J1_44 = Cite("J1", 44)
LCL_87 = Cite("LCL", 87)
LCL_46 = Cite("LCL", 46)
GATE = Missing(
    "gate", Words("保护性规定核对过了吗？结论是什么？", "Was the protection gate asked, and what did it say?")
)


@dataclass(frozen=True, slots=True)
class Collect:
    """What to collect next for one element: kinds best first, the advised and the last day (None: not known yet)."""

    element: str
    kinds: tuple[ExhibitKind, ...]
    advised: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one ground stands in one case.

    `sufficient`: every element of `all_of` and one whole group of `any_of` are proved. `group` is the group relied on:
    a complete one, else the nearest to it. `collect` lists what is wanted, in the order of weight. `latest` is the last
    day by which evidence must be there.
    """

    ground: MatrixGround
    sufficient: bool
    group: tuple[str, ...]
    elements: tuple[ElementAnswer, ...]
    steps: tuple[StepAnswer, ...]
    collect: tuple[Collect, ...]
    gate: ProtectionRuling | None
    exposure: Exposure
    latest: date | None


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The parts of an assessment before the verdict."""

    value: Assessment
    missing: tuple[Missing, ...]
    conditions: tuple[Words, ...]


def assess(
    ground: MatrixGround, given: EvidenceGiven, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Assessment]:
    """Labour Contract Law, Arts. 36 to 48; SPC Interpretation (I), Art. 44: may the employer rely on this ground today?

    PROHIBITED: the protection gate bars it, or a legal deadline that closes it has passed. EXTENDED: the gate extends
    the term. INDETERMINATE: an element that must be proved is not (the missing facts name it), the gate is unknown, or
    a procedural defect is not shown to be cured. ALLOWED_WITH_CONDITIONS: everything is proved, and the conditions say
    what is still to do. ALLOWED: nothing is left. `as_of` is the day on which one looks and whose law applies.

    Raises EvidenceRejected naming everything that cannot be, ParameterMissing when a figure is not in force.
    """
    entry = matrix()[ground]
    check(given, entry, as_of)
    trail = Trail(as_of=as_of, region=region, params=params)
    if not any(cite.source.in_force_on(as_of) for cite in entry.cites):
        return _not_yet_law(entry, given, trail, as_of=as_of, region=region, params=params)
    weighed = _weigh(entry, given, trail, as_of=as_of, region=region, params=params)
    for missing in weighed.missing:
        trail.lacks(missing.fact, missing.asks.zh, missing.asks.en)
    barred = given.gate is not None and entry.gate_asked and given.gate.verdict is Verdict.PROHIBITED
    if barred or any(step.closes for step in weighed.value.steps):
        return trail.finding(Verdict.PROHIBITED, weighed.value, weighed.conditions, certain=True)
    if given.gate is not None and entry.gate_asked and given.gate.verdict is Verdict.EXTENDED:
        return trail.finding(Verdict.EXTENDED, weighed.value, weighed.conditions, certain=True)
    verdict = Verdict.ALLOWED_WITH_CONDITIONS if weighed.conditions else Verdict.ALLOWED
    return trail.finding(verdict, weighed.value, weighed.conditions)


def _not_yet_law(
    entry: GroundMatrix, given: EvidenceGiven, trail: Trail, *, as_of: date, region: str | None, params: Parameters
) -> Finding[Assessment]:
    """A ground whose rules were not in force on the day: which regime applied is for a person."""
    trail.say(
        "当日尚无这一规定，适用哪种规则须由专人判断。",
        "These rules were not in force on the day; a person decides which applied.",
        LCL_44_2,
    )
    trail.ask_person()
    trail.lacks("relation_regime", "当日适用哪种用工规则？", "Which rules applied to the relation on that day?")
    money = exposure_of(entry, given, as_of=as_of, region=region, params=params)
    value = Assessment(
        ground=entry.key,
        sufficient=False,
        group=(),
        elements=(),
        steps=(),
        collect=(),
        gate=None,
        exposure=money,
        latest=None,
    )
    return trail.finding(Verdict.INDETERMINATE, value)


def _weigh(
    entry: GroundMatrix, given: EvidenceGiven, trail: Trail, *, as_of: date, region: str | None, params: Parameters
) -> _Weighed:
    trail.doubt(entry.confidence)
    trail.say(f"理由：{entry.title.zh}。", f"Ground: {entry.title.en}.", *_in_force(entry.cites, as_of))
    missing: list[Missing] = []
    conditions: list[Words] = []
    with trail.part("保护性规定", "Protections"):
        _gate(entry, given, trail, missing, conditions)
    with trail.part("要件", "Elements"):
        elements = tuple(prove(element, given, trail) for element in entry.elements)
        for answer in elements:
            _say_element(entry, answer, as_of, trail)
    group = _group(entry, {answer.id: answer for answer in elements})
    with trail.part("步骤", "Steps"):
        steps = tuple(
            judge_step(stage, stage.serves is None or stage.serves in group, given, as_of, trail)
            for stage in entry.stages
        )
        _say_steps(entry, steps, as_of, trail)
    needed = _needed(entry, group, elements)
    missing += [one for answer in needed for one in (_unproved(entry, answer), *answer.lacking)]
    missing += lacking_of(steps)
    conditions += [_strong(entry, answer) for answer in elements if _leaves_doubt(answer)]
    conditions += [step.condition for step in steps if step.condition is not None]
    if any(_leaves_doubt(answer) for answer in elements) or any(step.state in _PAST for step in steps):
        trail.ask_person()
    latest = day_of(entry.collect_latest, given, trail)
    advised = day_of(entry.collect_advised, given, trail) if entry.collect_advised is not None else None
    money = exposure_of(entry, given, as_of=as_of, region=region, params=params)
    _say_exposure(entry, money, trail)
    value = Assessment(
        ground=entry.key,
        sufficient=not needed,
        group=group,
        elements=elements,
        steps=steps,
        collect=_collect(needed, elements, advised, latest),
        gate=given.gate.value if given.gate is not None and entry.gate_asked else None,
        exposure=money,
        latest=latest,
    )
    return _Weighed(value, tuple(missing), tuple(dict.fromkeys(conditions)))


_PAST = {StepState.LATE, StepState.OVERDUE}
_WEIGHTY = {Level.REQUIRED, Level.ANY_OF}


def _gate(
    entry: GroundMatrix, given: EvidenceGiven, trail: Trail, missing: list[Missing], conditions: list[Words]
) -> None:
    trail.say(entry.gate_words.zh, entry.gate_words.en, *_gate_cites(entry))
    if not entry.gate_asked:
        trail.doubt(Confidence.PRACTICE)
        trail.ask_person()
        conditions.append(entry.gate_words)
        return
    if given.gate is None:
        missing.append(GATE)
        return
    trail.join(given.gate, "保护性规定的结论", "What the protection gate said")
    conditions.extend(given.gate.conditions)
    missing.extend(given.gate.missing)


def _gate_cites(entry: GroundMatrix) -> tuple[Cite, *tuple[Cite, ...]]:
    return (entry.cites[0],) if not entry.gate_asked else (LCL_42,)


def _say_element(entry: GroundMatrix, answer: ElementAnswer, as_of: date, trail: Trail) -> None:
    element = entry.element(answer.id)
    why_zh, why_en = "".join(one.zh for one in answer.why), " ".join(one.en for one in answer.why)
    cites = _in_force(element.cites, as_of)
    trail.doubt(element.confidence)
    trail.say(f"{element.prove.zh}{why_zh}", f"{element.prove.en} {why_en}", *cites, value=answer.standing)


def _say_steps(entry: GroundMatrix, steps: tuple[StepAnswer, ...], as_of: date, trail: Trail) -> None:
    for stage, step in zip(entry.stages, steps, strict=True):
        told = step.condition or Words(f"{step.does.zh}。", f"{step.does.en}.")
        trail.say(told.zh, told.en, *_in_force(stage.kind.cites, as_of), value=step.state)


def _say_exposure(entry: GroundMatrix, money: Exposure, trail: Trail) -> None:
    cite = LCL_46 if not entry.exposure else LCL_87
    shown = None if money.unlawful is None else str(money.unlawful)
    trail.say(
        entry.if_insufficient.zh, entry.if_insufficient.en, cite if entry.gate_asked else entry.cites[0], value=shown
    )


def _in_force(cites: tuple[Cite, ...], as_of: date) -> tuple[Cite, *tuple[Cite, ...]]:
    """The authorities in force on the day; where none is, the first, which the trail marks as unverified."""
    found = tuple(cite for cite in cites if cite.source.in_force_on(as_of)) or cites[:1]
    return (found[0], *found[1:])


def _group(entry: GroundMatrix, answers: dict[str, ElementAnswer]) -> tuple[str, ...]:
    """The group relied on: the first with the fewest unproved elements; nothing where the ground has no groups."""
    return min(
        entry.sufficiency.any_of,
        key=lambda group: sum(not answers[one].standing.holds for one in group),
        default=(),
    )


def _needed(entry: GroundMatrix, group: tuple[str, ...], elements: tuple[ElementAnswer, ...]) -> list[ElementAnswer]:
    """The elements that must still be proved: those of `all_of` and of the group relied on."""
    relied = {*entry.sufficiency.all_of, *group}
    return [answer for answer in elements if answer.id in relied and not answer.standing.holds]


def _unproved(entry: GroundMatrix, answer: ElementAnswer) -> Missing:
    prove_words = entry.element(answer.id).prove
    return Missing(
        answer.id,
        Words(
            f"有什么证据能证明：{prove_words.zh.rstrip('。')}？",
            f"Which evidence proves this: {prove_words.en.rstrip('.')}?",
        ),
    )


def _leaves_doubt(answer: ElementAnswer) -> bool:
    return answer.level is Level.STRONG and not answer.standing.holds


def _strong(entry: GroundMatrix, answer: ElementAnswer) -> Words:
    prove, why = entry.element(answer.id).prove, answer.why[-1]
    return Words(f"没有证明“{prove.zh.rstrip('。')}”：{why.zh}", f"Not proved: “{prove.en.rstrip('.')}”. {why.en}")


def _collect(
    needed: list[ElementAnswer], elements: tuple[ElementAnswer, ...], advised: date | None, latest: date | None
) -> tuple[Collect, ...]:
    lesser = [
        answer
        for level in (Level.STRONG, Level.SUPPORT)
        for answer in elements
        if answer.level is level and not answer.standing.holds
    ]
    return tuple(Collect(answer.id, answer.wanted, advised, latest) for answer in [*needed, *lesser])


__all__ = ["Assessment", "Collect", "ElementAnswer", "Standing", "StepAnswer", "StepState", "assess"]
