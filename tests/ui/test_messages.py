"""What counts as a text that needs English, and that the design system has it for all of its own."""

from pathlib import Path

import polib

from guiyan.ui import lint, messages


def test_texts_of_a_template_are_found_as_gettext_would_name_them() -> None:
    source = (
        '{% translate "保存" %}\n'
        "{% blocktranslate count n=total %}{{ n }} 条{% plural %}{{ n }} 条{% endblocktranslate %}\n"
        "{% blocktranslate trimmed %}\n  已完成\n  100% \n{% endblocktranslate %}{% c_badge _('在职') %}"
    )
    assert messages.template_messages(source) == [
        messages.Message(1, "保存"),
        messages.Message(2, "%(n)s 条", "%(n)s 条"),
        messages.Message(3, "已完成 100%%"),
        messages.Message(6, "在职"),
    ]


def test_texts_of_python_are_found() -> None:
    source = 'a = _("保存")\nb = ngettext("{n} 条", "{n} 条", n)\nc = pgettext("按钮", "确认")\nd = other("不算")'
    found = [(message.msgid, message.plural) for message in messages.python_messages(source)]
    assert found == [("保存", ""), ("{n} 条", "{n} 条"), ("确认", "")]


def test_unfinished_english_counts_as_absent(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "甲"\nmsgstr "A"\n\nmsgid "乙"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgid "丙"\nmsgstr "C"\n',
        encoding="utf-8",
    )
    assert messages.english([path]) == {"甲"}


def test_placeholders_survive_translation() -> None:
    catalogue = lint.PACKAGE / "ui" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    for entry in polib.pofile(str(catalogue)):
        wanted = sorted(part.split(")s")[0] for part in entry.msgid.split("%(")[1:])
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert sorted(part.split(")s")[0] for part in text.split("%(")[1:]) == wanted, entry.msgid


def test_chinese_left_in_english_is_found(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "保存"\nmsgstr "Save。"\n',
        encoding="utf-8",
    )
    assert [problem.rule for problem in lint.check_catalogue("web/locale/en/LC_MESSAGES/django.po", path)] == [
        "english"
    ]


def test_a_refreshed_catalogue_keeps_translations_and_forgets_what_is_gone(tmp_path: Path) -> None:
    template = tmp_path / "templates" / "page.html"
    template.parent.mkdir()
    template.write_text('{% translate "保存" %}{% translate "旧的" %}', encoding="utf-8")
    assert messages.refresh(tmp_path) == 2
    path = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    path.write_text(
        path.read_text().replace('msgid "保存"\nmsgstr ""', 'msgid "保存"\nmsgstr "Save"'), encoding="utf-8"
    )
    template.write_text(
        '{% translate "保存" %}{% blocktranslate count n=n %}{{ n }} 条{% plural %}{{ n }} 条{% endblocktranslate %}',
        encoding="utf-8",
    )
    assert messages.refresh(tmp_path) == 1
    entries = {entry.msgid: entry for entry in polib.pofile(str(path))}
    assert entries["保存"].msgstr == "Save"
    assert entries["%(n)s 条"].msgid_plural == "%(n)s 条"
    assert "旧的" not in entries
