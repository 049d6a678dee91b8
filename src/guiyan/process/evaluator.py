"""The only language in which a diagram may ask a question of the answers: a small, bounded expression.

    earlier_day and reason in ["family", "study"] and len(items) <= 3

Names, numbers, texts, True, False, None, lists, comparisons, `in`, `and`, `or`, `not`, + - * / % and the functions
len, abs, min and max. There are no attributes, no subscripts, no other calls, no assignments and no statements, so
an expression can neither reach the program nor change anything. Every dimension is bounded: length, nesting, steps,
size of numbers, texts and lists. What is beyond a bound is refused, never cut short.

The text is first split by a grammar of our own, so Python's parser only ever sees tokens from this list; the tree it
gives is then walked here. Nothing is compiled or executed.
"""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from guiyan.process.problems import Problem, RefusedError

Scalar = None | bool | int | Decimal | str
Value = Scalar | tuple[Scalar, ...]

LENGTH_MAX = 500  # characters of one expression
DEPTH_MAX = 20  # nesting of brackets and of the tree
STEPS_MAX = 500  # nodes visited in one evaluation
MAGNITUDE_MAX = 10**15  # absolute value of a number, given or worked out
TEXT_MAX = 2_000  # characters of a text
ITEMS_MAX = 500  # items of a list

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?!["']))
      | (?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![\w.]))
      | (?P<text>"[^"\\\r\n]*"|'[^'\\\r\n]*')
      | (?P<sign>==|!=|<=|>=|<|>|\+|-|\*(?!\*)|/(?!/)|%|\(|\)|\[|\]|,)""",
    re.VERBOSE,
)
_RESERVED = frozenset({"is", "if", "else", "lambda", "for", "async", "await", "yield", "from", "import", "del"})


class ExpressionError(RefusedError):
    """An expression is outside the grammar or a bound, or cannot be answered with the values it was given."""


@dataclass(frozen=True, slots=True)
class _Ticket:
    """The budget of one evaluation; `steps` is a list of one number because the ticket itself does not change."""

    values: Mapping[str, object]
    steps: list[int]


def check(expression: str) -> tuple[Problem, ...]:
    """Everything that is wrong with the expression as it is written; empty when it may stand in a diagram."""
    _, problems = _read(expression)
    return problems


def names(expression: str) -> frozenset[str]:
    """The names whose values the expression needs.

    Raises ExpressionError when the expression is not allowed.
    """
    tree = _parsed(expression)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called)


def evaluate(expression: str, values: Mapping[str, object]) -> Value:
    """The value of the expression, given the values of its names (None, bool, int, Decimal, str, or a list of those).

    Raises ExpressionError when the expression is not allowed, a name has no value, a value is of another kind or
    beyond a bound, or the values cannot be compared or computed with each other.
    """
    return _value(_parsed(expression), _Ticket(values, [0]), 0)


def decide(expression: str, values: Mapping[str, object]) -> bool:
    """The expression as a yes or no. Raises ExpressionError as `evaluate` does, and when the value is neither."""
    value = evaluate(expression, values)
    if isinstance(value, bool):
        return value
    raise _refusal(
        "not_a_decision", expression, "条件的结果必须是“是”或“否”。", "A condition must come out as true or false."
    )


def _refusal(code: str, where: str, zh: str, en: str) -> ExpressionError:
    return ExpressionError([Problem(code, where, zh, en)])


def _parsed(expression: str) -> ast.expr:
    tree, problems = _read(expression)
    if tree is None:
        raise ExpressionError(problems)
    return tree


@lru_cache(maxsize=512)
def _read(expression: str) -> tuple[ast.expr | None, tuple[Problem, ...]]:
    problems = _lexical_problems(expression)
    if problems:
        return None, problems
    try:
        tree = ast.parse(re.sub(r"[\r\n\t]", " ", expression).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        text = "The expression is not complete or not well formed."
        return None, (Problem("malformed", expression[:80], "表达式不完整或书写有误。", text),)
    problems = tuple(dict.fromkeys(_tree_problems(tree, 0)))
    return (None, problems) if problems else (tree, ())


def _lexical_problems(expression: str) -> tuple[Problem, ...]:
    if not expression.strip():
        return (Problem("empty", "", "表达式是空的。", "The expression is empty."),)
    if len(expression) > LENGTH_MAX:
        text = f"The expression is longer than {LENGTH_MAX} characters."
        return (Problem("too_long", expression[:40], f"表达式超过 {LENGTH_MAX} 个字符。", text),)
    found: list[Problem] = []
    depth = at = 0
    while at < len(expression):
        token = _TOKEN.match(expression, at)
        if token is None:
            piece = expression[at : at + 12]
            text = f"“{piece}” cannot be used in an expression."
            found.append(Problem("not_allowed", piece, f"表达式中不能使用“{piece}”。", text))
            break
        piece, at = token.group(), token.end()
        depth += (piece in "([") - (piece in ")]") if token.lastgroup == "sign" else 0
        if depth > DEPTH_MAX:
            found.append(_too_deep())
            break
        if token.lastgroup == "name" and (piece in _RESERVED or piece.startswith("__")):
            text = f"“{piece}” cannot be used in an expression."
            found.append(Problem("not_allowed", piece, f"表达式中不能使用“{piece}”。", text))
    return tuple(dict.fromkeys(found))


def _too_deep() -> Problem:
    text = f"The expression is nested deeper than {DEPTH_MAX}."
    return Problem("too_deep", "", f"表达式的嵌套超过 {DEPTH_MAX} 层。", text)


def _tree_problems(node: ast.AST, depth: int) -> list[Problem]:
    if depth > DEPTH_MAX:
        return [_too_deep()]
    if isinstance(node, ast.Call):
        inside: list[ast.AST] = list(node.args)
        found = _call_problems(node)
    else:
        inside = list(ast.iter_child_nodes(node))
        found = _node_problems(node)
    return found + [p for child in inside for p in _tree_problems(child, depth + 1)]


def _call_problems(node: ast.Call) -> list[Problem]:
    named = node.func.id if isinstance(node.func, ast.Name) else "…"
    if named in _FUNCTIONS and node.args and not node.keywords:
        return []
    text = f"The function “{named}” cannot be used so; there are: {', '.join(_FUNCTIONS)}."
    return [Problem("call_not_allowed", named, f"不能这样调用函数“{named}”；可用：{'、'.join(_FUNCTIONS)}。", text)]


def _node_problems(node: ast.AST) -> list[Problem]:
    if isinstance(node, ast.Constant):
        return _constant_problems(node)
    if isinstance(node, ast.Name) and node.id in _FUNCTIONS:
        text = f"“{node.id}” is a function and cannot stand alone."
        return [Problem("not_allowed", node.id, f"“{node.id}”是函数，不能单独使用。", text)]
    if isinstance(node, _ALLOWED):
        return []
    kind = type(node).__name__
    text = f"{kind} is not part of the expression language."
    return [Problem("not_allowed", kind, f"表达式语言不包含 {kind}。", text)]


def _constant_problems(node: ast.Constant) -> list[Problem]:
    value = node.value
    if isinstance(value, int | float) and abs(value) > MAGNITUDE_MAX:
        return [_too_large()]
    if value is None or isinstance(value, bool | int | float | str):
        return []
    return [Problem("not_allowed", repr(value)[:40], "不支持这种常量。", "This kind of constant is not supported.")]


def _too_large() -> Problem:
    text = f"A number is beyond {MAGNITUDE_MAX}."
    return Problem("number_too_large", "", f"数字的绝对值超过 {MAGNITUDE_MAX}。", text)


def _value(node: ast.AST, ticket: _Ticket, depth: int) -> Value:
    ticket.steps[0] += 1
    if ticket.steps[0] > STEPS_MAX:
        raise _refusal("too_many_steps", "", f"计算超过 {STEPS_MAX} 步。", f"It takes more than {STEPS_MAX} steps.")
    if depth > DEPTH_MAX:
        raise ExpressionError([_too_deep()])
    handler = _HANDLERS[type(node)]  # _tree_problems let nothing else through
    return handler(node, ticket, depth + 1)


def _constant(node: ast.Constant, _ticket: _Ticket, _depth: int) -> Value:
    return Decimal(repr(node.value)) if isinstance(node.value, float) else _checked(node.value, "")


def _name(node: ast.Name, ticket: _Ticket, _depth: int) -> Value:
    if node.id not in ticket.values:
        text = f"“{node.id}” has no value yet."
        raise _refusal("unknown_name", node.id, f"还不知道“{node.id}”的值。", text)
    return _checked(ticket.values[node.id], node.id)


def _checked(value: object, where: str) -> Value:
    """The value, if it is of a kind and size the language knows."""
    if isinstance(value, list | tuple):
        if len(value) > ITEMS_MAX:
            text = f"A list has more than {ITEMS_MAX} items."
            raise _refusal("list_too_long", where, f"列表超过 {ITEMS_MAX} 项。", text)
        items = tuple(_checked(item, where) for item in value)
        if any(isinstance(item, tuple) for item in items):
            raise _refusal("wrong_kind", where, "列表中不能再有列表。", "A list cannot hold lists.")
        return items  # type: ignore[return-value]  # lists within it were refused on the line above
    return _checked_scalar(value, where)


def _checked_scalar(value: object, where: str) -> Scalar:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if len(value) > TEXT_MAX:
            text = f"A text has more than {TEXT_MAX} characters."
            raise _refusal("text_too_long", where, f"文本超过 {TEXT_MAX} 个字符。", text)
        return value
    if isinstance(value, int | Decimal):
        if isinstance(value, Decimal) and not value.is_finite():
            raise _refusal("wrong_kind", where, "不是有限的数字。", "It is not a finite number.")
        if not (-MAGNITUDE_MAX <= value <= MAGNITUDE_MAX):
            raise ExpressionError([_too_large()])
        return value
    kind = type(value).__name__
    raise _refusal("wrong_kind", where, f"不支持 {kind} 类型的值。", f"A value of kind {kind} is not supported.")


def _list(node: ast.List | ast.Tuple, ticket: _Ticket, depth: int) -> Value:
    return _checked([_value(item, ticket, depth) for item in node.elts], "")


def _both(node: ast.BoolOp, ticket: _Ticket, depth: int) -> Value:
    stops_at = isinstance(node.op, ast.Or)
    for part in node.values:
        if _truth(_value(part, ticket, depth)) is stops_at:
            return stops_at
    return not stops_at


def _truth(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    text = "and, or and not take true or false only."
    raise _refusal("wrong_kind", "", "and、or、not 只能用于“是”或“否”。", text)


def _one(node: ast.UnaryOp, ticket: _Ticket, depth: int) -> Value:
    value = _value(node.operand, ticket, depth)
    if isinstance(node.op, ast.Not):
        return not _truth(value)
    number = _number(value)
    return -number if isinstance(node.op, ast.USub) else number


def _number(value: Value) -> int | Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise _refusal("wrong_kind", "", "这里需要数字。", "A number is needed here.")


def _arithmetic(node: ast.BinOp, ticket: _Ticket, depth: int) -> Value:
    left = Decimal(_number(_value(node.left, ticket, depth)))
    right = Decimal(_number(_value(node.right, ticket, depth)))
    if isinstance(node.op, ast.Div | ast.Mod) and right == 0:
        raise _refusal("division_by_zero", "", "除数不能为零。", "Division by zero.")
    try:
        return _checked_scalar(_ARITHMETIC[type(node.op)](left, right), "")
    except ArithmeticError as error:
        text = "The result is too long to be exact."
        raise _refusal("number_too_large", "", "结果的位数太多，无法精确计算。", text) from error


def _comparison(node: ast.Compare, ticket: _Ticket, depth: int) -> Value:
    left = _value(node.left, ticket, depth)
    for sign, other in zip(node.ops, node.comparators, strict=True):
        right = _value(other, ticket, depth)
        if not _compared(sign, left, right):
            return False
        left = right
    return True


def _compared(sign: ast.cmpop, left: Value, right: Value) -> bool:
    if isinstance(sign, ast.Eq | ast.NotEq):
        return _same(left, right) is isinstance(sign, ast.Eq)
    if isinstance(sign, ast.In | ast.NotIn):
        return _within(left, right) is isinstance(sign, ast.In)
    if isinstance(left, str) and isinstance(right, str):
        order = (left > right) - (left < right)
    else:
        first, second = _number(left), _number(right)
        order = (first > second) - (first < second)
    return _ORDER[type(sign)](order)


def _same(left: Value, right: Value) -> bool:
    """Equal in kind and value: true is not 1, and nothing equals None but None."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _within(item: Value, whole: Value) -> bool:
    if isinstance(whole, tuple):
        return any(_same(item, each) for each in whole)
    if isinstance(whole, str) and isinstance(item, str):
        return item in whole
    raise _refusal("wrong_kind", "", "in 的右边必须是列表，或两边都是文本。", "`in` needs a list, or two texts.")


def _call(node: ast.Call, ticket: _Ticket, depth: int) -> Value:
    function = _FUNCTIONS[node.func.id if isinstance(node.func, ast.Name) else ""]
    return _checked(function([_value(part, ticket, depth) for part in node.args]), "")


def _only(parts: Sequence[Value]) -> Value:
    if len(parts) == 1:
        return parts[0]
    raise _refusal("wrong_kind", "", "该函数只接受一个参数。", "The function takes one argument.")


def _len(parts: Sequence[Value]) -> Value:
    whole = _only(parts)
    if isinstance(whole, str | tuple):
        return len(whole)
    raise _refusal("wrong_kind", "len", "len 只能用于文本或列表。", "len takes a text or a list.")


def _spread(parts: Sequence[Value]) -> list[Decimal]:
    items = parts[0] if len(parts) == 1 and isinstance(parts[0], tuple) else parts
    numbers = [Decimal(_number(item)) for item in items]
    if numbers:
        return numbers
    raise _refusal("wrong_kind", "", "列表是空的。", "The list is empty.")


def _abs(parts: Sequence[Value]) -> Value:
    return abs(Decimal(_number(_only(parts))))


def _least(parts: Sequence[Value]) -> Value:
    return min(_spread(parts))


def _greatest(parts: Sequence[Value]) -> Value:
    return max(_spread(parts))


def _remainder(left: Decimal, right: Decimal) -> Decimal:
    """What is left over, with the sign of the divisor, as for whole numbers in Python."""
    rest = left % right
    return rest + right if rest and (rest < 0) != (right < 0) else rest


_FUNCTIONS: dict[str, Callable[[Sequence[Value]], Value]] = {
    "len": _len,
    "abs": _abs,
    "min": _least,
    "max": _greatest,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.Mod: _remainder,
}
_ORDER: dict[type[ast.cmpop], Callable[[int], bool]] = {
    ast.Lt: lambda order: order < 0,
    ast.LtE: lambda order: order <= 0,
    ast.Gt: lambda order: order > 0,
    ast.GtE: lambda order: order >= 0,
}
_HANDLERS: dict[type[ast.AST], Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _list,
    ast.Tuple: _list,
    ast.BoolOp: _both,
    ast.UnaryOp: _one,
    ast.BinOp: _arithmetic,
    ast.Compare: _comparison,
    ast.Call: _call,
}
_SIGNS: tuple[type[ast.AST], ...] = (ast.And, ast.Or, ast.Not, ast.USub, ast.UAdd, *_ARITHMETIC)
_COMPARISONS: tuple[type[ast.AST], ...] = (*_ORDER, ast.Eq, ast.NotEq, ast.In, ast.NotIn)
_ALLOWED: tuple[type[ast.AST], ...] = (*_HANDLERS, *_SIGNS, *_COMPARISONS, ast.Load)
