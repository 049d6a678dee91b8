"""What other contexts tell the ledger about their cases: who may see one, what its exhibits are, how people call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guiyan.platform.permissions import Viewer


@dataclass(frozen=True, slots=True)
class Party:
    """A party as the report names it: part played (员工, 用人单位), name, and what tells it from its namesakes."""

    part: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A document of the case.

    ``file`` is its name below ``docs/`` (ASCII letters, digits, dot, dash), ``data`` the very bytes that a step of the
    case recorded as an object; ``title``, ``source``, ``proves`` and, when known, ``pages`` stand in the exhibit list.
    """

    file: str
    data: bytes
    title: str
    source: str
    proves: str
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A committed value that this dispute needs opened: row number of the entry, field, and how the report calls it."""

    entry_id: int
    field: str
    label: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What a context knows of one of its cases: heading, number, parties, exhibits, and what has to be opened."""

    title: str
    number: str = ""
    parties: tuple[Party, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    disclosed: tuple[Disclosed, ...] = ()


@dataclass(frozen=True, slots=True)
class PackNews:
    """What the one who asked for a pack is told: which case, whether it is ready, and else why not."""

    case_id: UUID
    label: str
    user_id: UUID
    ready: bool
    expires_at: datetime | None
    problem: str = ""


AccountViewer = Callable[[UUID], Viewer]
PackTeller = Callable[[Viewer, PackNews, datetime], None]
CaseSource = Callable[[Viewer, UUID], CaseFile | None]
CaseAccess = Callable[[Viewer, UUID], bool]
CaseFinder = Callable[[str], UUID | None]

_sources: list[CaseSource] = []
_accesses: list[CaseAccess] = []
_finders: list[CaseFinder] = []
_viewers: list[AccountViewer] = []
_tellers: list[PackTeller] = []


def register_cases(*, source: CaseSource, access: CaseAccess, finder: CaseFinder | None = None) -> None:
    """Make a context's cases known, at start-up.

    ``source`` returns what it knows of a case, or None for one that is not its own; ``access`` says whether a viewer
    may see the trail of a case; ``finder`` turns a number that people use into the case's id.
    """
    _sources.append(source)
    _accesses.append(access)
    if finder is not None:
        _finders.append(finder)


def use_packs(*, viewer_of: AccountViewer, tell: PackTeller) -> None:
    """Say, at start-up, who looks when a job works for an account, and how an account hears of its pack.

    ``tell`` is called in the transaction in which the pack is ready or has failed.
    """
    _viewers[:], _tellers[:] = [viewer_of], [tell]


def viewer_of(user_id: UUID) -> Viewer:
    """Return who looks when a job works for an account, with the rights that it has now."""
    return _viewers[0](user_id)


def tell(viewer: Viewer, news: PackNews, now: datetime) -> None:
    """Tell the one who asked for a pack what became of it. Call inside an action."""
    for teller in _tellers:
        teller(viewer, news, now)


def case_file(viewer: Viewer, case: UUID) -> CaseFile | None:
    """Return what the case's own context knows of it, or None when no context claims it."""
    return next((found for source in _sources if (found := source(viewer, case)) is not None), None)


def may_see(viewer: Viewer, case: UUID) -> bool:
    """Return whether some context lets the viewer see the case."""
    return any(access(viewer, case) for access in _accesses)


def find_case(text: str) -> UUID | None:
    """Return the id of the case that ``text`` (an id, or a number that people use) names, or None."""
    try:
        return UUID(text)
    except ValueError:
        return next((found for finder in _finders if (found := finder(text)) is not None), None)
