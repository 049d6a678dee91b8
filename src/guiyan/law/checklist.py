"""Rules that are lists of requirements: each is met, not met or unknown, and says so with its article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guiyan.kernel.results import Verdict, Words
from guiyan.law.citations import Cite
from guiyan.law.trail import Trail


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement: the field of the facts that answers it, its name as a clause, and its authorities."""

    fact: str
    name: Words
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The facts that are met, not met and unknown, in the order of the list."""

    met: tuple[str, ...]
    unmet: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """PROHIBITED when something is not met, ALLOWED when all is met; the trail knows what is missing."""
        return Verdict.PROHIBITED if self.unmet else Verdict.ALLOWED


def require(fact: str, zh: str, en: str, *cites: Cite) -> Requirement:
    """A requirement in one line."""
    return Requirement(fact, Words(zh, en), cites)


def check(requirements: Iterable[Requirement], facts: object, trail: Trail) -> Checked:
    """Put each requirement to the facts: a step where the answer is known, a question where it is not."""
    found: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for requirement in requirements:
        state: bool | None = getattr(facts, requirement.fact)
        found[state].append(requirement.fact)
        zh, en = requirement.name.zh, requirement.name.en
        if state is None:
            trail.lacks(requirement.fact, f"{zh}，是否如此？", f"Is this so: {en}?")
            continue
        trail.say(
            f"{zh}：{'符合' if state else '不符合'}。",
            f"{en}: {'met' if state else 'not met'}.",
            *requirement.cites,
            value=str(state).lower(),
        )
    return Checked(tuple(found[True]), tuple(found[False]), tuple(found[None]))
