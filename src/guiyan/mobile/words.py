"""How days and moments are said on the phone: in words, in the reader's language, by the Shanghai day."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import dateformat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from guiyan.kernel.results import Words
from guiyan.platform import clock


def local(moment: datetime) -> datetime:
    """Return a moment on the clock of the legal zone."""
    return moment.astimezone(clock.LEGAL_ZONE)


def day(value: date) -> str:
    """Say a day in full."""
    return dateformat.format(value, _("Y 年 n 月 j 日"))


def day_of_week(value: date) -> str:
    """Say a day without its year, with the day of the week."""
    return dateformat.format(value, _("n 月 j 日，l"))


def moment(value: datetime) -> str:
    """Say a moment to the minute."""
    return dateformat.format(local(value), _("Y 年 n 月 j 日 H:i"))


def second(value: datetime) -> str:
    """Say a moment to the second, as a receipt does."""
    return local(value).strftime("%Y-%m-%d %H:%M:%S")


def short(value: datetime, now: datetime) -> str:
    """Say a moment as a list does: the hour today, the day before today."""
    there, here = local(value), local(now)
    if there.date() == here.date():
        return there.strftime("%H:%M")
    if there.year == here.year:
        return dateformat.format(there, _("n 月 j 日"))
    return there.strftime("%Y-%m-%d")


def left(value: date, today: date) -> str:
    """Say how far a day is from today."""
    days = (value - today).days
    if days == 0:
        return _("今天")
    if days == 1:
        return _("明天")
    if days < 0:
        return ngettext("已过 %(n)d 天", "已过 %(n)d 天", -days) % {"n": -days}
    return ngettext("还有 %(n)d 天", "还有 %(n)d 天", days) % {"n": days}


def say(words: Words) -> str:
    """Return a sentence of the law in the reader's language."""
    return words.en if is_english() else words.zh


def greeting(now: datetime) -> str:
    """Return the greeting of the hour."""
    hour = local(now).hour
    if hour < 5:
        return _("夜深了")
    if hour < 11:
        return _("早上好")
    if hour < 13:
        return _("中午好")
    return _("下午好") if hour < 18 else _("晚上好")


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def short_day(value: date) -> str:
    """Say a day without its year."""
    return dateformat.format(value, _("n 月 j 日"))
