"""The import bench: messy rosters in, a complete plan out. Pure: no database, no clock, no network.

The way of a file: `reading` (bytes to cells) → `layout` and `columns` (where the table is and what its columns hold) →
`sheets` (rows of persons) → `rows` (each cell through its parser: `dates`, `identity`, `contact`, `amounts`, `words`) →
`checks`, `standing` (what the cells of a row and the words around it say about each other) →
`departments`, `duplicates`, `managers` (what rows say about each other) → `findings`, `assemble` → one frozen `Plan`.
What is unsure becomes a `Question` at the `desk`; only a person answers it, by its id. `reports` writes spreadsheets.
"""

from .build import build_plan
from .desk import FILE_KEY
from .errors import AnswersUnusable, FileUnusable
from .fields import FIELDS, SENSITIVE
from .findings import ProbationMax
from .known import KnownPeople, known_after
from .limits import LIMITS, Limits
from .model import KnownPerson, KnownSpell, Plan

__all__ = [
    "FIELDS",
    "FILE_KEY",
    "LIMITS",
    "SENSITIVE",
    "AnswersUnusable",
    "FileUnusable",
    "KnownPeople",
    "KnownPerson",
    "KnownSpell",
    "Limits",
    "Plan",
    "ProbationMax",
    "build_plan",
    "known_after",
]
