"""The places for which figures are kept: provinces and the cities under them, by the code of GB/T 2260.

A figure is kept under the short name of its place (上海, 深圳). A city without a figure of its own has its province's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Region:
    """A place: six digits, its short name, and the province it lies in (None for a province)."""

    code: str
    name: str
    province: str | None


@cache
def regions() -> Mapping[str, Region]:
    """Every place by its short name, in the order of the codes. Raises ValueError when the file is not well formed."""
    text = resources.files("guiyan.law").joinpath("data/regions.txt").read_text("utf-8")
    rows = [line.split(" ") for line in text.splitlines() if line and not line.startswith("#")]
    provinces = {code[:2]: name for code, name in rows if code.endswith("0000")}
    found = {
        name: Region(code, name, None if code.endswith("0000") else provinces[code[:2]]) for code, name in sorted(rows)
    }
    if len(found) != len(rows):
        raise ValueError("a place is listed twice")
    return MappingProxyType(found)


def province_of(name: str | None) -> str | None:
    """The province of a city; None for a province, for no place, and for a name that is not listed."""
    region = regions().get(name) if name is not None else None
    return region.province if region is not None else None


def region_named(text: str) -> Region | None:
    """The place that people mean by 上海, 上海市, 310000 or 广东省深圳市; None when it is none of the list."""
    said = text.strip()
    known = regions()
    if said in known:
        return known[said]
    if said.isdecimal():
        return next((region for region in known.values() if region.code == said), None)
    for ending in ("省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区"):
        if said.endswith(ending) and said.removesuffix(ending) in known:
            return known[said.removesuffix(ending)]
    cities = [region for region in known.values() if region.province and said.startswith(region.province)]
    return next((region for region in cities if said.removesuffix("市").endswith(region.name)), None)
