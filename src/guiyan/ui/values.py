"""What views hand to the components: frozen values without behaviour. Times arrive as words, already localised."""

from collections.abc import Sequence
from dataclasses import dataclass

TONES = ("neutral", "brand", "ok", "warn", "bad", "violet", "cyan")
STEP_STATES = ("done", "now", "todo", "stopped")


@dataclass(frozen=True)
class NavItem:
    """A line of the side navigation; ``count`` None shows no number, ``urgent`` colours it."""

    label: str
    url: str
    icon: str
    count: int | None = None
    active: bool = False
    urgent: bool = False


@dataclass(frozen=True)
class NavGroup:
    """Lines of the side navigation under one small heading; the first group may have none."""

    title: str
    items: Sequence[NavItem]


@dataclass(frozen=True)
class Account:
    """Who is signed in, as the top bar shows it."""

    name: str
    role: str = ""


@dataclass(frozen=True)
class Crumb:
    """A step of the path to this page; the last one has no url."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Tab:
    """A tab is a link to a page of its own, so that it works without a script and can be sent to a colleague."""

    label: str
    url: str
    count: int | None = None
    active: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table. ``sort_url`` makes its head a link; ``sorted`` is "", "ascending" or "descending"."""

    label: str
    sort_url: str = ""
    sorted: str = ""
    numeric: bool = False
    hidden_label: bool = False


@dataclass(frozen=True)
class Step:
    """A step of a case; ``state`` is one of STEP_STATES, ``when`` and ``who`` are free words."""

    title: str
    state: str
    when: str = ""
    who: str = ""


@dataclass(frozen=True)
class TimelineItem:
    """An event of a trail. ``marks`` are short technical words such as a digest."""

    title: str
    time: str
    text: str = ""
    who: str = ""
    icon: str = "point"
    tone: str = "neutral"
    marks: Sequence[str] = ()
    url: str = ""
    link_label: str = ""


@dataclass(frozen=True)
class TimelineDay:
    """Events of one day, newest first."""

    day: str
    items: Sequence[TimelineItem]


@dataclass(frozen=True)
class LifeEvent:
    """A point of a person's life line."""

    title: str
    day: str
    text: str = ""
    icon: str = "point"
    tone: str = "neutral"


@dataclass(frozen=True)
class LifeSpell:
    """One employment spell with its events. ``current`` has no end; ``gap_before`` is the time away before."""

    title: str
    period: str
    events: Sequence[LifeEvent]
    current: bool = False
    gap_before: str = ""


@dataclass(frozen=True)
class Check:
    """A line of a checklist; ``done`` None means nobody knows yet."""

    text: str
    done: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Rung:
    """A rung of the delivery ladder: a channel, what happened, and the honest grade of the proof."""

    channel: str
    detail: str
    grade: str
    icon: str
    tone: str = "neutral"
