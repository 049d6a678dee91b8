"""The expression language answers what it should, refuses all else by name, and can do nothing but answer."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.process import evaluator
from guiyan.process.evaluator import ExpressionError, check, decide, evaluate, names

FACTS = {
    "days": 3,
    "wage": Decimal("8000.50"),
    "agreed": True,
    "refused": False,
    "reason": "family",
    "nothing": None,
    "items": ["laptop", "badge"],
    "day": "2026-12-05",
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("agreed and not refused", True),
        ("refused or days > 2", True),
        ("1 < days <= 3", True),
        ("days == 3 and wage > 8000", True),
        ("wage * 2", Decimal("16001.00")),
        ("-7 % 3", 2),
        ("0.1 + 0.2 == 0.3", True),
        ('reason in ["family", "study"]', True),
        ('"搬家" in "因家人搬家"', True),
        ('reason not in ("study",)', True),
        ("len(items) == 2 and len(reason) == 6", True),
        ("max(days, 5) - min(1, 2)", 4),
        ("max([1, 2, 3])", 3),
        ("abs(-days)", 3),
        ('day <= "2026-12-31"', True),
        ("nothing == None", True),
        ("nothing == 0", False),
        ("agreed == 1", False),
        ('days == "3"', False),
        ("agreed in [1]", False),
        ("refused and unknown_name", False),
    ],
)
def test_it_answers(expression: str, expected: object) -> None:
    assert check(expression) == ()
    assert evaluate(expression, FACTS) == expected


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("", "empty"),
        ("  \n ", "empty"),
        ("a.b", "not_allowed"),
        ("items[0]", "not_allowed"),
        ("().__class__", "not_allowed"),
        ('__import__("os")', "not_allowed"),
        ("print(1)", "call_not_allowed"),
        ("len(items)(1)", "call_not_allowed"),
        ("len()", "call_not_allowed"),
        ("len(x=1)", "not_allowed"),
        ("len(*items)", "not_allowed"),
        ("len", "not_allowed"),
        ("a = 1", "not_allowed"),
        ("(a := 1)", "not_allowed"),
        ("a; b", "not_allowed"),
        ("lambda: 1", "not_allowed"),
        ("a if b else c", "not_allowed"),
        ("[x for x in items]", "not_allowed"),
        ("{1: 2}", "not_allowed"),
        ("{1}", "not_allowed"),
        ('f"{a}"', "not_allowed"),
        ('b"a"', "not_allowed"),
        ('"a\\n"', "not_allowed"),
        ("a ** 2", "not_allowed"),
        ("a // 2", "not_allowed"),
        ("a << 9", "not_allowed"),
        ("a is None", "not_allowed"),
        ("await a", "not_allowed"),
        ("a # b", "not_allowed"),
        ("1e9", "not_allowed"),
        ("1_000", "not_allowed"),
        ("1j", "not_allowed"),
        ("007", "not_allowed"),
        ("工资 > 1", "not_allowed"),
        ("ｌen(a)", "not_allowed"),
        ("a b", "malformed"),
        ("(a", "malformed"),
        ("a and", "malformed"),
        ("not", "malformed"),
        ("9" * 17, "number_too_large"),
        ("a + " * 200 + "a", "too_long"),
        ("(" * 21 + "a" + ")" * 21, "too_deep"),
        ("-" * 30 + "a", "too_deep"),
    ],
)
def test_it_refuses_by_name_what_is_not_in_the_language(expression: str, code: str) -> None:
    assert code in [p.code for p in check(expression)]
    with pytest.raises(ExpressionError) as refused:
        evaluate(expression, {"a": 1, "items": [1]})
    assert code in refused.value.codes


@pytest.mark.parametrize(
    ("expression", "values", "code"),
    [
        ("missing", {}, "unknown_name"),
        ("a + 1", {"a": "text"}, "wrong_kind"),
        ("a + 1", {"a": True}, "wrong_kind"),
        ("a and b", {"a": 1, "b": True}, "wrong_kind"),
        ('a < "x"', {"a": 1}, "wrong_kind"),
        ("a < 1", {"a": None}, "wrong_kind"),
        ("a in 5", {"a": 1}, "wrong_kind"),
        ("len(a)", {"a": 5}, "wrong_kind"),
        ("len(a, a)", {"a": "x"}, "wrong_kind"),
        ("max(a)", {"a": []}, "wrong_kind"),
        ("a", {"a": 1.5}, "wrong_kind"),
        ("a", {"a": object()}, "wrong_kind"),
        ("a", {"a": {"b": 1}}, "wrong_kind"),
        ("a", {"a": [[1]]}, "wrong_kind"),
        ("a", {"a": Decimal("NaN")}, "wrong_kind"),
        ("a", {"a": 10**16}, "number_too_large"),
        ("a * a", {"a": 10**9}, "number_too_large"),
        ("a % b", {"a": 10**15, "b": Decimal("1E-20")}, "number_too_large"),
        ("1 / a", {"a": 0}, "division_by_zero"),
        ("1 % a", {"a": 0}, "division_by_zero"),
        ("a", {"a": "x" * 2001}, "text_too_long"),
        ("a", {"a": list(range(501))}, "list_too_long"),
    ],
)
def test_it_refuses_values_it_cannot_answer_for(expression: str, values: dict[str, object], code: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        evaluate(expression, values)
    assert code in refused.value.codes


def test_every_reason_is_told_at_once() -> None:
    assert [p.where for p in check("is lambda yield")] == ["is", "lambda", "yield"]
    assert [p.where for p in check("print(a) or open(b)")] == ["print", "open"]


def test_a_decision_is_yes_or_no_and_never_something_like_it() -> None:
    assert decide("days > 2", FACTS) is True
    for expression in ("days", "reason", "nothing", "items"):
        with pytest.raises(ExpressionError, match="not_a_decision"):
            decide(expression, FACTS)


def test_the_names_it_needs_are_known_beforehand() -> None:
    assert names("len(items) > days and not agreed") == {"items", "days", "agreed"}


_seen: list[str] = []
_watching = [False]


def _audit(event: str, _arguments: object) -> None:
    if _watching[0] and event in {"exec", "import", "open", "os.system", "subprocess.Popen", "socket.connect"}:
        _seen.append(event)


sys.addaudithook(_audit)


@contextmanager
def nothing_executed() -> Iterator[None]:
    """Fails when the interpreter executes code, imports, opens a file or starts a program meanwhile."""
    _seen.clear()
    _watching[0] = True
    try:
        yield
    finally:
        _watching[0] = False
    assert _seen == []


def test_the_watch_over_execution_would_notice() -> None:
    with pytest.raises(AssertionError), nothing_executed():
        eval("1 + 1")


_PIECES = [
    "a", "b", "items", "len", "max", "1", "0", "2.5", '"x"', "'y'", "True", "None", "and", "or", "not", "in", "(", ")",
    "[", "]", ",", "+", "-", "*", "/", "%", "==", "<", ">=", "!=", ".", ":", "=", "lambda", "if", "else", "for", "is",
    "__import__", "eval", "exec", "open", "**", "\\", "\n", "#", "{", "}", "@", ";", ":=", "f", "0x1", "…", "员工",
]  # fmt: skip
_VALUES = st.dictionaries(
    st.sampled_from(["a", "b", "items"]),
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=3)),
)


@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(_PIECES), max_size=40).map(" ".join)), _VALUES)
def test_whatever_is_written_it_answers_or_refuses_and_executes_nothing(
    expression: str, values: dict[str, object]
) -> None:
    before = repr(values)
    with nothing_executed(), suppress(ExpressionError):
        evaluate(expression, values)
    assert repr(values) == before


_NUMBERS = st.recursive(
    st.one_of(st.integers(0, 99).map(str), st.sampled_from(["a", "b"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "%"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda x: f"-{x}" if not x.startswith("-") else x),
        st.tuples(inner, inner).map(lambda t: f"max({t[0]}, {t[1]})"),
        inner.map(lambda x: f"abs({x})"),
    ),
    max_leaves=8,
)
_DECISIONS = st.recursive(
    st.tuples(_NUMBERS, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), _NUMBERS).map(" ".join),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda x: f"not ({x})"),
    ),
    max_leaves=4,
)


@given(_DECISIONS, st.integers(-50, 50), st.integers(-50, 50))
def test_it_means_what_the_same_words_mean_in_python(expression: str, a: int, b: int) -> None:
    values = {"a": a, "b": b}
    try:
        expected = eval(expression, {"__builtins__": {"max": max, "abs": abs}}, values)
    except ZeroDivisionError:
        expected = None
    found: object
    try:
        found = decide(expression, values)
    except ExpressionError as refused:
        found = set(refused.codes)
    beyond = {"division_by_zero", "too_long", "too_deep", "number_too_large"}
    assert found is expected or (isinstance(found, set) and found <= beyond)


def test_steps_are_bounded_by_the_length_of_the_expression() -> None:
    longest = "+".join(["1"] * 20)
    assert evaluate(longest, {}) == 20
    assert evaluator.LENGTH_MAX <= evaluator.STEPS_MAX
