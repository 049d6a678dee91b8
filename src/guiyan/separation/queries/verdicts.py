"""What somebody is shown of a judgement. The gate reads every fact; a screen shows what its reader may know.

A manager reads one sentence, the same whether or not a protection exists: a different text, or a different delay, would
tell them that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guiyan.kernel.results import Finding, Reasoned, Words
from guiyan.people.queries import PersonRef
from guiyan.platform.permissions import Viewer, allowed
from guiyan.separation.gate import CaseFacts, ExitGate
from guiyan.separation.queries.rows import Sight
from guiyan.separation.queries.stopping import NOTHING, Stop, stop_of_gate

HR_JUDGES: Final = _("由人力资源判断")
"""All that is shown to who may know neither article nor fact."""


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One step of the reasoning and the articles it rests on."""

    text: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A judgement as one reader sees it. ``stops`` None: not for this reader to know."""

    stops: bool | None
    text: str | Promise
    rule: str = ""
    lines: tuple[VerdictLine, ...] = ()
    conditions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    protection: tuple[VerdictLine, ...] = ()
    human_review: bool = False


def verdict_for(viewer: Viewer, ref: PersonRef, sight: Sight, rows: CaseFacts, gate: ExitGate) -> VerdictView:
    """Return the judgement of an exit as ``viewer`` may see it. The same reads whoever looks."""
    stop = stop_of_gate(rows, gate)
    knows = sight in {Sight.SELF, Sight.FULL}
    may_know_protection = allowed(viewer, "people.view_protections", ref)
    if not knows:
        return VerdictView(None, HR_JUDGES)
    return _shown(gate, stop, with_protection=may_know_protection)


def verdict_of_stop(sight: Sight, stop: Stop) -> VerdictView:
    """Return why a case that is over, or has not begun, cannot be processed, as the reader may see it."""
    if sight not in {Sight.SELF, Sight.FULL}:
        return VerdictView(None, HR_JUDGES)
    lines = (VerdictLine(stop.text, stop.articles),) if stop.articles else ()
    return VerdictView(stop.rule != "", stop.text, stop.rule, lines)


def _shown(gate: ExitGate, stop: Stop, *, with_protection: bool) -> VerdictView:
    found = gate.reliance
    text: str | Promise = stop.text if stop is not NOTHING else _("辞职已到达且没有被撤回，可以在最后工作日办结。")
    return VerdictView(
        stops=gate.stops,
        text=text,
        rule=stop.rule,
        lines=lines_of(found),
        conditions=tuple(say(each) for each in found.conditions),
        missing=tuple(say(each.asks) for each in found.missing),
        protection=lines_of(gate.protection) if with_protection else (),
        human_review=found.human_review or (with_protection and gate.protection.human_review),
    )


def lines_of(found: Reasoned | Finding[Any]) -> tuple[VerdictLine, ...]:
    """Return the steps of a judgement in the reader's language."""
    english = _english()
    return tuple(
        VerdictLine(say(step.says), tuple(cite.english if english else str(cite) for cite in step.cites))
        for part in found.steps
        for step in part.leaves()
    )


def say(words: Words) -> str:
    """Return words in the reader's language."""
    return words.en if _english() else words.zh


def _english() -> bool:
    return (get_language() or "").startswith("en")
