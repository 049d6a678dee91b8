"""Exact JSON for the values of an import plan."""

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from .model import Cell

T = TypeVar("T")


def dump(value: object) -> str:
    """JSON text of a plan value; keys keep their order, text stays readable."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def load(shape: type[T], text: str) -> T:
    """A value of `shape` from its JSON text. Raises ValueError when the text does not have that shape."""
    try:
        data = json.loads(text)
        return cast(T, _reader(cast(Any, shape))(data))
    except (KeyError, TypeError, AttributeError, ArithmeticError) as problem:
        raise ValueError(f"not a {shape.__name__}: {problem}") from problem


def _plain(value: object) -> object:  # noqa: PLR0911 - one way out per shape
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _moment(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "datetime" in value:
        return datetime.fromisoformat(value["datetime"])
    if "time" in value:
        return time.fromisoformat(value["time"])
    return date.fromisoformat(value["date"])


def _same(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"expected {kind.__name__}")
        return value

    return read


def _sequence(item: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: tuple(item(part) for part in value)


def _optional(item: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else item(value)


def _pair(items: tuple[Callable[[Any], Any], ...]) -> Callable[[Any], Any]:
    return lambda value: tuple(item(part) for item, part in zip(items, value, strict=True))


def _record(shape: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(shape)
    readers = {item.name: _reader(hints[item.name]) for item in fields(shape)}
    return lambda value: shape(**{name: reader(value[name]) for name, reader in readers.items()})


@lru_cache(maxsize=256)
def _reader(shape: Any) -> Callable[[Any], Any]:  # noqa: PLR0911 - one way out per shape
    origin, parts = get_origin(shape), get_args(shape)
    if shape == Cell or shape is date:
        return _moment
    if shape is Decimal:
        return Decimal
    if origin is tuple:
        if len(parts) == 2 and parts[1] is Ellipsis:
            return _sequence(_reader(parts[0]))
        return _pair(tuple(_reader(part) for part in parts))
    if origin in (Union, types.UnionType):
        return _optional(_reader(next(part for part in parts if part is not type(None))))
    if is_dataclass(shape):
        return _record(shape)
    return _same(shape)
