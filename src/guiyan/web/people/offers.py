"""What may be done about a person, as buttons on the profile: never one that the role table would refuse."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from guiyan.people import queries as people
from guiyan.people.enums import SpellStatus


@dataclass(frozen=True)
class Offer:
    """An act on offer."""

    key: str
    label: str
    icon: str
    url: str


def offers(shown: people.Profile, *, own: bool) -> list[Offer]:
    """Return the acts that this viewer may do to this person as they stand now."""
    latest = next((spell for spell in shown.spells if spell.latest), None)
    is_open = latest is not None and latest.status != SpellStatus.ENDED
    known = (
        ("transfer", "people.transfer", _("调动"), "transfer", is_open),
        ("contract", "people.record_contract", _("登记合同"), "contract", is_open),
        ("wage", "people.record_wage", _("调整工资"), "cash", is_open),
        ("protection", "people.record_protection", _("登记特殊保护"), "shield-lock", is_open),
        ("confirm-address", "people.confirm_address", _("确认送达地址"), "map-pin", is_open and own),
        ("address", "people.record_address", _("登记送达地址"), "map-pin", is_open and not own),
        ("correct", "people.correct", _("更正信息"), "user-edit", True),
        ("account", "people.make_account", _("开通账号"), "key", is_open),
        ("rehire", "people.rehire", _("再次入职"), "feather", not is_open),
    )
    return [
        Offer(key, label, icon, reverse("person_act", kwargs={"person_id": shown.person_id, "key": key}))
        for key, act, label, icon, fits in known
        if fits and act in shown.may
    ]
