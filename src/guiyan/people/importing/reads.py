"""What a cell parser answers: a value, the repairs it took, or a question or refusal. Nothing is raised."""

from dataclasses import dataclass, field
from datetime import date

from .model import Choice, Value
from .text import canonical


@dataclass(frozen=True, slots=True)
class Fix:
    """One reason why a value differs from its cell. `certainty`: "exact" or "rule"."""

    kind: str
    certainty: str = "exact"
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question in the making. `optional` adds the choice to leave the field empty."""

    kind: str
    choices: tuple[Choice, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    takes_value: bool = True
    optional: bool = True


@dataclass(frozen=True, slots=True)
class Deny:
    """A refusal in the making."""

    kind: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """At most one of `ask` and `deny` is set, and then `value` is None. `extra` carries values for other fields that
    the same cell holds (a second phone, a remark in brackets).
    """

    value: Value = None
    fixes: tuple[Fix, ...] = ()
    ask: Ask | None = None
    deny: Deny | None = None
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def clean(self) -> bool:
        """True when the cell needs neither a question nor a refusal."""
        return self.ask is None and self.deny is None


@dataclass(frozen=True, slots=True)
class Context:
    """What parsers may know besides the cell: the day of the plan and the date system of the file."""

    as_of: date
    date1904: bool = False
    widths: tuple[tuple[str, int], ...] = field(default=())


NOTHING = Read()


def use(value: Value, label_zh: str = "", label_en: str = "") -> Choice:
    """The choice to read the cell as `value`."""
    text = canonical(value)
    return Choice(f"use:{text}", f"采用“{label_zh or text}”", f"Use {label_en or text}", "set", text)


def ask(kind: str, *choices: Choice, optional: bool = True, takes_value: bool = True, **facts: str) -> Read:
    """A Read that asks."""
    return Read(ask=Ask(kind, choices, tuple(facts.items()), takes_value, optional))


def deny(kind: str, **facts: str) -> Read:
    """A Read that refuses."""
    return Read(deny=Deny(kind, tuple(facts.items())))


def value(content: Value, *fixes: Fix, extra: tuple[tuple[str, str], ...] = ()) -> Read:
    """A Read that holds a value."""
    return Read(content, fixes, extra=extra)
