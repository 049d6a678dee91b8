"""A result of a rule as somebody reads it: a JSON document that keeps, and sentences in Chinese and English.

`document(result)` makes the one from the result, `lines(document, language)` the other from the document, so that an
answer that was stored reads the same years later.
"""

from guiyan.law.explain.document import Document, document
from guiyan.law.explain.lines import Language, Line, LineKind, lines
from guiyan.law.explain.vocabulary import CONFIDENCE_WORDS, VERDICT_WORDS

__all__ = ["CONFIDENCE_WORDS", "VERDICT_WORDS", "Document", "Language", "Line", "LineKind", "document", "lines"]
