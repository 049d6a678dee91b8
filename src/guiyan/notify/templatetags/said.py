"""``{% load said %}``: how a message says a day, a moment and several names, in the language it is being said in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils import dateformat
from django.utils.translation import gettext as _

from guiyan.notify.wording import is_english
from guiyan.platform.clock import LEGAL_ZONE

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """Say a day in full, as the phone does; nothing for None."""
    return "" if value is None else dateformat.format(value, _("Y 年 n 月 j 日"))


@register.filter
def moment(value: datetime | None) -> str:
    """Say a moment to the minute, by the Shanghai clock; nothing for None."""
    return "" if value is None else dateformat.format(value.astimezone(LEGAL_ZONE), _("Y 年 n 月 j 日 H:i"))


@register.filter
def listed(names: Iterable[str]) -> str:
    """Say several names in a row."""
    return (", " if is_english() else "、").join(names)
