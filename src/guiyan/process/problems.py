"""What is wrong with a diagram, an expression or an answer, said as values so that all of it can be shown at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong.

    `code` is stable and meant for programs, `where` is the id of the element (or the name of the answer) it is about
    and empty when it is about the whole; `zh` and `en` are whole sentences for people.
    """

    code: str
    where: str
    zh: str
    en: str


class RefusedError(Exception):
    """Something was refused; `problems` says every reason, in the order in which they were found, never empty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        said = (f"{p.code} [{p.where}] {p.en}" if p.where else f"{p.code} {p.en}" for p in self.problems)
        super().__init__("; ".join(said))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the problems, in order."""
        return tuple(p.code for p in self.problems)
