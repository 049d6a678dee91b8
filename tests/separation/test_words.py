"""The words: complete in English, none of them says that a resignation needs approval, nothing waits for a handover."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib

from guiyan.law.letter import read_letter
from guiyan.separation import wording
from guiyan.separation.wording import Letter
from guiyan.ui.messages import template_messages

CONTEXT = Path(wording.__file__).parent
MESSAGES = sorted((CONTEXT / "templates" / "messages").rglob("*.txt"))
BANNED = re.compile(
    r"个人原因|自动离职|视为(?:离职|未提出|同意)|逾期将影响|最有力|铁证|不可篡改|审批通过|批准(?:后|之后)(?:方可)?离职|"
    r"辞职申请|离职申请|同意(?:您|员工)?(?:的)?(?:辞职|离职)"
)


def marked_strings() -> set[str]:
    """Return every string that is marked for translation, in the code and in the messages."""
    found = {text.msgid for path in MESSAGES for text in template_messages(path.read_text())}
    for path in CONTEXT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
                assert isinstance(node.args[0], ast.Constant), f"{path.name}: not a plain string"
                found.add(node.args[0].value)
    return found


def all_words() -> dict[str, str]:
    """Return every Chinese text of the context by where it stands."""
    found = {f"{path.parent.name}/{path.name}": path.read_text() for path in MESSAGES}
    for path in CONTEXT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found[f"{path.name}:{node.lineno}"] = node.value
    return found


def test_every_string_has_its_english_with_the_same_values() -> None:
    english = {each.msgid: each.msgstr for each in polib.pofile(str(CONTEXT / "locale/en/LC_MESSAGES/django.po"))}
    assert set(english) == marked_strings()
    for chinese, words in english.items():
        assert words.strip(), chinese
        assert set(re.findall(r"%\(\w+\)s", chinese)) == set(re.findall(r"%\(\w+\)s", words)), chinese


def test_no_text_asks_for_approval_presets_a_reason_or_threatens() -> None:
    assert BANNED.search("本人因个人原因提出离职申请，望批准后离职"), "the pattern finds what it should"
    hits = {where: BANNED.findall(text) for where, text in all_words().items() if BANNED.search(text)}
    assert hits == {}


def test_where_handover_is_named_it_is_no_condition() -> None:
    for where, text in all_words().items():
        for sentence in re.split(r"[。\n]", text):
            if "交接" in sentence and ("证明" in sentence or "工资" in sentence):
                assert re.search(r"不(?:都)?(?:以|等)", sentence), (where, sentence)


def test_what_a_letter_says_by_itself_is_read_as_a_notice() -> None:
    for letter in (Letter("37"), Letter("38", grounds=("38(2)",))):
        said = "\n".join(wording.says_of_basis(letter, "notice"))
        assert not read_letter(said).asks_permission


def test_titles_of_mails_name_nobody() -> None:
    titles = [path for path in MESSAGES if path.name == "title.txt"]
    assert len(titles) == len(MESSAGES) / 2 > 20
    for path in titles:
        assert "{{ name }}" not in path.read_text(), path


def test_no_english_text_asks_for_approval_or_threatens() -> None:
    banned = re.compile(r"\bapprov(?:ed|al|es?)\b|personal reasons|deemed to have|resignation request", re.I)
    assert banned.search("Your resignation request awaits approval"), "the pattern finds what it should"
    po = polib.pofile(str(CONTEXT / "locale/en/LC_MESSAGES/django.po"))
    assert [each.msgstr for each in po if banned.search(each.msgstr)] == []
