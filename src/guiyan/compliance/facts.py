"""Facts from JSON: frozen dataclasses by the types of their fields, so that a stored question can be asked again.

The other way is `law.explain.document.plain`. A fact that a rule began to ask for later is unknown (None) in what was
stored before, so that the rule says that it is missing. Pure: no rows.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum, IntEnum
from typing import Any, TypeVar

Shape = TypeVar("Shape")


class FactsUnreadable(ValueError):
    """Stored facts are not of the shape that the rule takes now; the message names the field."""


def read(shape: type[Shape], data: Any) -> Shape:
    """Return the facts that ``plain`` wrote down. Raises ``FactsUnreadable``; what the facts themselves refuse too."""
    return typing.cast(Shape, _read(shape, data, shape.__name__))


def _read(shape: Any, data: Any, place: str) -> Any:
    origin = typing.get_origin(shape)
    if origin in {types.UnionType, typing.Union}:
        return _read_either(typing.get_args(shape), data, place)
    if origin is not None:
        return _read_many(origin, typing.get_args(shape), data, place)
    if is_dataclass(shape):
        return _read_record(typing.cast("type[Any]", shape), data, place)
    return _read_one(shape, data, place)


def _read_either(shapes: tuple[Any, ...], data: Any, place: str) -> Any:
    if data is None and type(None) in shapes:
        return None
    wanted = [shape for shape in shapes if shape is not type(None)]
    for shape in wanted:
        try:
            return _read(shape, data, place)
        except FactsUnreadable:
            if shape is wanted[-1]:
                raise
    raise FactsUnreadable(place)


def _read_many(origin: Any, inner: tuple[Any, ...], data: Any, place: str) -> Any:
    if issubclass(origin, Mapping):
        if not isinstance(data, dict):
            raise FactsUnreadable(place)
        key, value = inner
        return {_read(key, name, place): _read(value, each, f"{place}.{name}") for name, each in data.items()}
    if not isinstance(data, list):
        raise FactsUnreadable(place)
    if origin is tuple and inner[-1] is not Ellipsis:
        if len(inner) != len(data):
            raise FactsUnreadable(place)
        return tuple(_read(shape, each, place) for shape, each in zip(inner, data, strict=True))
    return origin(_read(inner[0], each, f"{place}[{index}]") for index, each in enumerate(data))


def _read_record(shape: type[Any], data: Any, place: str) -> Any:
    known = {field.name for field in fields(shape) if field.init}
    if not isinstance(data, dict) or set(data) - known:
        raise FactsUnreadable(place)
    hints = typing.get_type_hints(shape)
    return shape(**{name: _read(hints[name], data.get(name), f"{place}.{name}") for name in known})


def _read_one(shape: Any, data: Any, place: str) -> Any:
    try:
        if isinstance(shape, type) and issubclass(shape, Enum):
            return shape(int(data)) if issubclass(shape, IntEnum) else shape(data)
        if shape is Decimal and isinstance(data, str):
            return Decimal(data)
        if shape is datetime and isinstance(data, str):
            return datetime.fromisoformat(data)
        if shape is date and isinstance(data, str):
            return date.fromisoformat(data)
    except (ValueError, InvalidOperation) as error:
        raise FactsUnreadable(place) from error
    if shape in {str, int, bool} and type(data) is shape:
        return data
    raise FactsUnreadable(place)
