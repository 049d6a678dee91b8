"""A result as a JSON document of stable shape: amounts as text, days in ISO form, words in both languages.

The shape is described in docs/law/explanation.md. It has nothing that `json.dumps` refuses and no float.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypedDict

from guiyan.kernel.results import (
    Authority,
    Computed,
    Confidence,
    Finding,
    ParameterUse,
    Reasoned,
    Step,
    Verdict,
    Words,
)
from guiyan.law.citations import Cite
from guiyan.law.explain.vocabulary import CONFIDENCE_WORDS, VERDICT_WORDS

FORMAT = "guiyan.explanation/1"


class SaidDoc(TypedDict):
    """One sentence in both languages."""

    zh: str
    en: str


class CodedDoc(SaidDoc):
    """A word of a closed list: its code and its words."""

    code: str


class CiteDoc(SaidDoc):
    """An authority as it is printed, and its place where it is one of the index of instruments."""

    instrument: str | None
    article: int | None
    paragraph: int | None
    item: int | None


class FigureDoc(TypedDict):
    """A dated figure that was used; `effective_from` is ISO, `region` None for the whole country."""

    key: str
    name: SaidDoc
    value: str
    unit: str
    effective_from: str
    region: str | None
    source: SaidDoc


class StepDoc(TypedDict):
    """A step: sentence, value as text, inputs by name, figures, authorities, and the steps under it."""

    says: SaidDoc
    value: str | None
    inputs: dict[str, str]
    parameters: list[FigureDoc]
    cites: list[CiteDoc]
    steps: list[StepDoc]


class MissingDoc(TypedDict):
    """A fact that is missing and the question for it."""

    fact: str
    asks: SaidDoc


class Document(TypedDict):
    """The whole answer. `verdict` is None for a calculation; `value` is the rule's own answer as plain JSON."""

    format: str
    as_of: str
    region: str | None
    verdict: CodedDoc | None
    value: Any
    conditions: list[SaidDoc]
    missing: list[MissingDoc]
    steps: list[StepDoc]
    parameters: list[FigureDoc]
    confidence: CodedDoc
    human_review: bool


def document(result: Reasoned) -> Document:
    """The result as a document. Raises TypeError for a value that has no exact form in JSON, a float above all."""
    finding = result if isinstance(result, Finding) else None
    value = result.value if isinstance(result, Finding | Computed) else None
    return {
        "format": FORMAT,
        "as_of": result.as_of.isoformat(),
        "region": result.region,
        "verdict": _verdict(finding.verdict) if finding is not None else None,
        "value": plain(value),
        "conditions": [_said(words) for words in finding.conditions] if finding is not None else [],
        "missing": [{"fact": one.fact, "asks": _said(one.asks)} for one in finding.missing] if finding else [],
        "steps": [_step(step) for step in result.steps],
        "parameters": [_figure(use) for use in result.parameters],
        "confidence": _confidence(result.confidence),
        "human_review": result.human_review,
    }


def plain(value: object) -> Any:
    """A value as JSON holds it: records by field, sets sorted, Decimals as text without exponent, days in ISO form.

    Raises TypeError for anything else, floats among them.
    """
    if isinstance(value, Enum | Decimal | date):
        return _as_text(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        told = [plain(one) for one in value]
        return told if isinstance(value, list | tuple) else sorted(told)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"a value of type {type(value).__name__} has no exact form in an explanation")


def _as_text(value: Enum | Decimal | date) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return format(value, "f") if isinstance(value, Decimal) else value.isoformat()


def _verdict(verdict: Verdict) -> CodedDoc:
    words = VERDICT_WORDS[verdict]
    return {"code": verdict.value, "zh": words.zh, "en": words.en}


def _confidence(confidence: Confidence) -> CodedDoc:
    words = CONFIDENCE_WORDS[confidence]
    return {"code": confidence.value, "zh": words.zh, "en": words.en}


def _said(words: Words) -> SaidDoc:
    return {"zh": words.zh, "en": words.en}


def _step(step: Step) -> StepDoc:
    return {
        "says": _said(step.says),
        "value": step.value,
        "inputs": dict(step.inputs),
        "parameters": [_figure(use) for use in step.parameters],
        "cites": _cites(step.cites),
        "steps": [_step(child) for child in step.children],
    }


def _cites(authorities: Iterable[Authority]) -> list[CiteDoc]:
    return [_cite(authority) for authority in authorities]


def _cite(authority: Authority) -> CiteDoc:
    place = authority if isinstance(authority, Cite) else None
    return {
        "zh": str(authority),
        "en": authority.english,
        "instrument": place.instrument if place else None,
        "article": place.article if place else None,
        "paragraph": place.paragraph if place else None,
        "item": place.item if place else None,
    }


def _figure(use: ParameterUse) -> FigureDoc:
    return {
        "key": use.key,
        "name": {"zh": use.name.zh or use.key, "en": use.name.en or use.key},
        "value": use.value,
        "unit": use.unit,
        "effective_from": use.effective_from.isoformat(),
        "region": use.region,
        "source": {"zh": use.source, "en": use.source_en or use.source},
    }
