"""Failures in plain words: what a terminal shows is a sentence and what to do next, never a traceback."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

SHOW = "GUIYAN_TRACEBACK"
ENDED_BY_SIGNAL = 128  # a shell's way to say it
CURE = "请运行 guiyan doctor。 Run `guiyan doctor`."
DISK_FULL = "磁盘已满，没有完成。请腾出空间后重试。 The disk is full: make room and try again."
DATABASE = f"数据库连不上，没有完成。{CURE} The database cannot be reached, or does not answer."
BEHIND = {"42P01", "42703", "3F000"}  # a table, column or schema that is not there
BEHIND_TEXT = "数据库的结构比程序旧。请运行 guiyan migrate。 The database is behind the program: run `guiyan migrate`."


class Plain(click.Group):
    """A group whose commands say in one sentence why they could not do what was asked. Exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; end tidily when told to, so that a database that it started stops with it."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, _leave)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get(SHOW) == "1":
                raise
            raise click.ClickException(sentence(error)) from None


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(ENDED_BY_SIGNAL + number)


def sentence(error: BaseException) -> str:
    """Say what went wrong. The text of an error that is not expected may hold personal data, so it is not repeated."""
    kinds = {f"{kind.__module__.split('.')[0]}.{kind.__name__}" for one in _chain(error) for kind in type(one).__mro__}
    if any(_is_disk_full(one) for one in _chain(error)):
        return DISK_FULL
    if isinstance(error, OSError):
        return f"{error.filename or ''}：{error.strerror or type(error).__name__}".lstrip("：")
    if any(getattr(one, "sqlstate", None) in BEHIND for one in _chain(error)):
        return BEHIND_TEXT
    if kinds & {
        "psycopg.OperationalError",
        "django.OperationalError",
        "django.InterfaceError",
        "psycopg_pool.PoolTimeout",
    }:
        return DATABASE
    return (
        f"没有完成：意外的错误 {type(error).__name__}（{_place(error)}）。{CURE} "
        f"An unexpected error; with {SHOW}=1 the same command shows where it came from."
    )


def _is_disk_full(error: BaseException) -> bool:
    return getattr(error, "errno", None) == errno.ENOSPC or getattr(error, "sqlstate", None) == "53100"


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__ or one.__context__


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}guiyan{os.sep}" in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
