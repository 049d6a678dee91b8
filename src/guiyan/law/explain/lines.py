"""A document as nested sentences in one language: what a screen lists and a page prints.

The lines of both languages have the same shape: line by line the same depth, kind, value and number of authorities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from guiyan.kernel.results import Words
from guiyan.law.explain import vocabulary
from guiyan.law.explain.document import CiteDoc, Document, FigureDoc, SaidDoc, StepDoc


class Language(StrEnum):
    """The languages in which an answer is told."""

    ZH = "zh"
    EN = "en"


class LineKind(StrEnum):
    """What a line is."""

    VERDICT = "verdict"
    LAW = "law"
    HEADING = "heading"
    STEP = "step"
    CONDITION = "condition"
    MISSING = "missing"
    FIGURE = "figure"
    CONFIDENCE = "confidence"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `depth` is 0 for verdict and headings, then one more a level.

    `value` is what the step or figure came to, as text (amounts in yuan with a point, days in ISO form) or a code.
    `cites` are authorities as printed in the language; a number of an instrument may be Chinese in an English line.
    `place` is the region of a figure or of the answer (a name, not translated) and `since` the day from which a figure
    holds, in ISO form.
    """

    depth: int
    kind: LineKind
    text: str
    value: str | None = None
    cites: tuple[str, ...] = ()
    place: str | None = None
    since: str | None = None


def lines(document: Document, language: Language) -> tuple[Line, ...]:
    """The document told in one language, in reading order."""
    return tuple(_Teller(language).tell(document))


class _Teller:
    def __init__(self, language: Language) -> None:
        self._english = language is Language.EN

    def tell(self, document: Document) -> Iterator[Line]:
        verdict = document["verdict"]
        if verdict is not None:
            yield Line(0, LineKind.VERDICT, self._pick(verdict), verdict["code"])
        else:
            yield Line(0, LineKind.VERDICT, self._words(vocabulary.RESULT), _scalar(document["value"]))
        law = self._words(vocabulary.LAW_OF).format(day=document["as_of"])
        yield Line(1, LineKind.LAW, law, document["as_of"], place=document["region"])
        yield from self._section(vocabulary.CONDITIONS, LineKind.CONDITION, document["conditions"])
        if document["missing"]:
            yield self._heading(vocabulary.MISSING)
            for missing in document["missing"]:
                yield Line(1, LineKind.MISSING, self._pick(missing["asks"]), missing["fact"])
        if document["steps"]:
            yield self._heading(vocabulary.REASONS)
            for step in document["steps"]:
                yield from self._step(step, 1)
        if document["parameters"]:
            yield self._heading(vocabulary.FIGURES)
            for figure in document["parameters"]:
                yield self._figure(figure, 1)
        yield self._heading(vocabulary.CERTAINTY)
        yield Line(1, LineKind.CONFIDENCE, self._pick(document["confidence"]), document["confidence"]["code"])
        if document["human_review"]:
            yield Line(1, LineKind.REVIEW, self._words(vocabulary.HUMAN_REVIEW))

    def _step(self, step: StepDoc, depth: int) -> Iterator[Line]:
        yield Line(depth, LineKind.STEP, self._pick(step["says"]), step["value"], self._cites(step["cites"]))
        for figure in step["parameters"]:
            yield self._figure(figure, depth + 1)
        for child in step["steps"]:
            yield from self._step(child, depth + 1)

    def _figure(self, figure: FigureDoc, depth: int) -> Line:
        name, source = self._pick(figure["name"]), self._pick(figure["source"])
        return Line(
            depth, LineKind.FIGURE, name, figure["value"], (source,), figure["region"], figure["effective_from"]
        )

    def _section(self, heading: Words, kind: LineKind, said: list[SaidDoc]) -> Iterator[Line]:
        if said:
            yield self._heading(heading)
            for one in said:
                yield Line(1, kind, self._pick(one))

    def _heading(self, words: Words) -> Line:
        return Line(0, LineKind.HEADING, self._words(words))

    def _cites(self, cites: list[CiteDoc]) -> tuple[str, ...]:
        return tuple(self._pick(cite) for cite in cites)

    def _pick(self, said: SaidDoc) -> str:
        return said["en"] if self._english else said["zh"]

    def _words(self, words: Words) -> str:
        return words.en if self._english else words.zh


def _scalar(value: object) -> str | None:
    return None if value is None or isinstance(value, dict | list) else str(value)
