"""Who sees to what lies outside our rows, and which step of the exit's process asks for it: one list, not two.

A step is done when everything it stands for was confirmed; nobody ticks it off a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from guiyan.kernel.results import Words
from guiyan.platform.permissions import Viewer, table
from guiyan.separation.enums import EffectKind

ANYWAY: Final = frozenset({"hr", "hr_lead"})
"""Who may confirm every effect."""
KEEPERS: Final[Mapping[str, str]] = {
    EffectKind.MAIL_ACCOUNT: "it",
    EffectKind.ACCESS_CARD: "facilities",
    EffectKind.SOCIAL_INSURANCE: "finance",
    EffectKind.PAYROLL: "finance",
}
"""Which role does it by hand when no system does."""
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "restore_access": (EffectKind.MAIL_ACCOUNT,),
    "restore_pay": (EffectKind.SOCIAL_INSURANCE, EffectKind.PAYROLL),
}
"""The effects that a step of the process stands for, by its form, which is also its node."""
WITHOUT_STEP: Final = tuple(kind for kind in EffectKind if not any(kind in kinds for kinds in STEPS.values()))
"""Effects of whose keepers the process asks nothing: they are told by a message."""


def may_confirm(viewer: Viewer, kind: str) -> bool:
    """Whether the viewer sees to effects of this kind."""
    return bool(viewer.roles & (ANYWAY | {KEEPERS[EffectKind(kind)]}))


def keeper_of(kind: str) -> Words:
    """Return the name of the role that does it by hand."""
    role = table().roles[KEEPERS[EffectKind(kind)]]
    return Words(role.zh, role.en)
