# ruff: noqa: E501 - one case a line reads best
"""Rosters made for tests: workbooks from plain rows, and a seeded generator of a large, damaged roster."""

import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from guiyan.people.importing import Plan, build_plan
from guiyan.people.importing.dates import add_months
from guiyan.people.importing.identity import check_digit

AS_OF = date(2026, 10, 31)
HEADS = ("工号", "姓名", "性别", "身份证号码", "部门", "岗位", "直接上级", "入职日期", "试用期", "合同类型", "合同起始", "合同终止", "联系电话", "邮箱", "基本工资", "绩效工资", "备注")  # fmt: skip


def identity(area: str = "310104", born: str = "19900307", order: str = "123") -> str:
    """A well-formed identity number; `order` ends odd for men."""
    return f"{area}{born}{order}{check_digit(area + born + order)}"


GOOD: dict[str, Any] = {
    "工号": "A001", "姓名": "张三", "性别": "男", "身份证号码": identity(), "部门": "研发部", "岗位": "工程师", "直接上级": None,
    "入职日期": date(2022, 3, 1), "试用期": 3.0, "合同类型": "固定期限", "合同起始": date(2022, 3, 1), "合同终止": date(2028, 2, 29),
    "联系电话": "13800138000", "邮箱": "a001@example.cn", "基本工资": 9000.0, "绩效工资": 1000.0, "备注": None,
}  # fmt: skip


def person(number: int = 1, **changes: Any) -> list[Any]:
    """One clean row in the order of HEADS, distinct by `number`, with changed cells by header."""
    order = f"{number * 2 + 1:03d}"
    row = {
        **GOOD,
        "工号": f"A{number:03d}",
        "姓名": "张" + "三四五六七八九十百千万亿"[number % 12] + ("" if number < 12 else "甲乙丙丁"[number // 12 % 4]),
        "身份证号码": identity(order=order),
        "联系电话": f"138{number:08d}",
        "邮箱": f"a{number:03d}@example.cn",
        **changes,
    }
    return [row[head] for head in HEADS]


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]] | Sequence[Sequence[Any]],
    *,
    hidden: Sequence[str] = (),
    merges: Mapping[str, Sequence[tuple[int, int, int, int]]] | None = None,
    date_1904: bool = False,
    tweak: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """An .xlsx of the rows. Dates become date cells, text stays text, floats stay numbers."""
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False, "date_1904": date_1904})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in (sheets if isinstance(sheets, Mapping) else {"花名册": sheets}).items():
        sheet = book.add_worksheet(name)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(y, x, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(y, x, cell)
                elif cell is not None:
                    sheet.write(y, x, cell)
        for top, left, bottom, right in (merges or {}).get(name, ()):
            value = rows[top][left] if left < len(rows[top]) else None
            sheet.merge_range(top, left, bottom, right, value or "")
        if name in hidden:
            sheet.hide()
        if tweak:
            tweak(book, sheet)
    book.close()
    return output.getvalue()


def plan_of(*rows: Sequence[Any], heads: Sequence[str] = HEADS, **options: Any) -> Plan:
    """The plan of one sheet with these person rows."""
    return build_plan(workbook([heads, *rows]), "花名册.xlsx", as_of=options.pop("as_of", AS_OF), **options)


def kinds(items: Sequence[Any]) -> list[str]:
    """The kinds of repairs, questions, refusals or findings, in order."""
    return [item.kind for item in items]


SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰志建国文"
AREAS = ("310104", "110105", "320106", "330106", "440305", "510107")
DEPARTMENTS = {
    "研发部": ("前端组", "后端组"),
    "销售部": ("华东组", "华南组"),
    "生产部": ("一车间", "二车间"),
    "财务部": ("核算组",),
}


@dataclass
class Synthetic:
    """A generated roster: the bytes, and for each kind of damage how many rows carry it."""

    data: bytes
    rows: int
    repaired: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)


def synthetic(rows: int, seed: int, *, damage: float = 0.2) -> Synthetic:
    """A roster of `rows` people of which about the share `damage` carries one kind of damage each.

    Every damaged row is either repaired (same value in another spelling) or asked about, and counted as such.
    """
    dice = random.Random(seed)
    made = Synthetic(b"", rows)
    table: list[list[Any]] = [["某某科技有限公司员工花名册"], list(HEADS)]
    for number in range(rows):
        row = _clean(dice, number)
        if dice.random() < damage:
            _damage(dice, row, made)
        table.append([row[head] for head in HEADS])
        if number % 500 == 499:
            table.append([])
    table.append(["合计", f"{rows}人"])
    made.data = workbook(table)
    return made


def _clean(dice: random.Random, number: int) -> dict[str, Any]:
    born = date(1975, 1, 1) + timedelta(days=(number * 37) % 8000)
    hired = date(2016, 1, 1) + timedelta(days=dice.randrange(3500))
    department = dice.choice(list(DEPARTMENTS))
    order = 1 + (number // 8000) * 100 + number % 97
    return {
        "工号": f"G{number:06d}",
        "姓名": dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN),
        "性别": "男" if order % 2 else "女",
        "身份证号码": identity(dice.choice(AREAS), f"{born:%Y%m%d}", f"{order:03d}"),
        "部门": department, "岗位": "专员", "直接上级": f"G{number // 8:06d}" if number >= 8 else None, "入职日期": hired, "试用期": 2.0,
        "合同类型": "固定期限", "合同起始": hired, "合同终止": add_months(hired, 36) - timedelta(days=1),
        "联系电话": f"139{number:08d}", "邮箱": f"g{number:06d}@example.cn", "基本工资": float(dice.randrange(5, 30) * 1000),
        "绩效工资": 1000.0, "备注": None,
    }  # fmt: skip


def _damage(dice: random.Random, row: dict[str, Any], made: Synthetic) -> None:
    hired: date = row["入职日期"]
    repairs: dict[str, tuple[str, Any]] = {
        "hire_date/date_format": ("入职日期", dice.choice([f"{hired:%Y.%m.%d}", f"{hired:%Y%m%d}", f"{hired.year}年{hired.month}月{hired.day}日"])),
        "hire_date/excel_serial": ("入职日期", float((hired - date(1899, 12, 30)).days)),
        "phone/number_as_text": ("联系电话", float(row["联系电话"])),
        "identity_number/spelling": ("身份证号码", f" {row['身份证号码']}\u3000"),
        "name/name_spelling": ("姓名", f"{row['姓名'][0]} {row['姓名'][1:]}"),
        "probation_months/number_from_text": ("试用期", dice.choice(["2个月", "两个月", "2月"])),
        "base_wage/thousands": ("基本工资", f"{row['基本工资']:,.0f}"),
    }  # fmt: skip
    asked: dict[str, tuple[str, Any]] = {
        "identity_number/identity_digits_lost": ("身份证号码", float(row["身份证号码"][:15] + "000")),
        "phone/phone_length": ("联系电话", row["联系电话"][:-1]),
        "hire_date/date_month_only": ("入职日期", f"{hired.year}年{hired.month}月"),
        "base_wage/undecided": ("基本工资", "面议"),
    }
    kind = dice.choice([*repairs, *asked])
    head, cell = repairs.get(kind) or asked[kind]
    row[head] = cell
    counted = made.repaired if kind in repairs else made.asked
    counted[kind] = counted.get(kind, 0) + 1
