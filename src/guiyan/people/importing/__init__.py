"""The import bench: messy rosters in, a complete plan out. Pure: no database, no clock, no network."""

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
