"""Every rule of the template lint can fail, and the pages of the design system pass all of them."""

import pytest

from guiyan.ui import lint

KNOWN = lint.Known(
    statics=frozenset({"ui/js/shell.js"}),
    icons=frozenset({"check"}),
    english=frozenset({"保存", "共 %(n)s 条"}),
    unsafe=frozenset({"web/templates/allowed.html"}),
)


def rules(source: str, path: str = "web/templates/page.html") -> list[str]:
    return [problem.rule for problem in lint.check_template(path, source, KNOWN)]


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ('<p style="color:red">x</p>', "inline-style"),
        ("<p {% if a %}class=x{% endif %} style='a'>x</p>", "inline-style"),
        ("<style>p{}</style>", "inline-style"),
        ('<a href="/" onclick="go()">x</a>', "inline-handler"),
        ('<a href="javascript:go()">x</a>', "inline-handler"),
        ('<div hx-on:click="go()"></div>', "inline-handler"),
        ("<script>go()</script>", "inline-script"),
        ('<script type="module">go()</script>', "inline-script"),
        ('<script src="https://cdn.example/x.js"></script>', "foreign-origin"),
        ('<img src="//cdn.example/x.png" alt="">', "foreign-origin"),
        ("{{ text|safe }}", "unsafe"),
        ("{% autoescape off %}{{ text }}{% endautoescape %}", "unsafe"),
        ("<button>x</button>", "button-type"),
        ("<button {% if a > 1 %}data-x{% endif %}>x</button>", "button-type"),
        ('<img src="/a.png">', "img-alt"),
        ("{% c_table columns caption=c %}<tr><td>x</td></tr>{% endc_table %}", "cell-label"),
        ("{% static 'ui/js/gone.js' %}", "static"),
        ('{% icon "gone" %}', "icon"),
        ('{% c_badge word icon="gone" %}', "icon"),
        ('{% translate "姓名:" %}', "punctuation"),
        ("{% translate '你好,世界' %}", "punctuation"),
        ("{% translate '工号(必填' %}", "punctuation"),
        ("{% translate '已保存.' %}", "punctuation"),
        ("<p>保存</p>", "untranslated"),
        ('<p title="保存">x</p>', "untranslated"),
        ('{% c_badge "保存" %}', "untranslated"),
        ('{% translate "没有译文" %}', "english"),
        ("{% blocktranslate %}还有 {{ n }} 条{% endblocktranslate %}", "english"),
    ],
)
def test_each_rule_can_fail(source: str, rule: str) -> None:
    assert rule in rules(source)


@pytest.mark.parametrize(
    "source",
    [
        '<button type="button" @click="toggle" x-data="shell">x</button>',
        "<script defer src=\"{% static 'ui/js/shell.js' %}\"></script>",
        '<script type="application/json" id="data">{"a": 1}</script>',
        '<img src="data:image/png;base64,x" alt="">',
        '{% translate "保存" %}',
        "{% blocktranslate with n=total %}共 {{ n }} 条{% endblocktranslate %}",
        '{% c_table columns caption=c %}<tr><td data-label="{{ a }}">x</td></tr>{% endc_table %}',
        "{# 注释里可以写中文: 不检查 #}",
        "{% comment %}<p style='x'>{% endcomment %}",
        '{% icon "check" %} 18:00 (ok)',
        "<td>a cell of no component table</td>",
        "<p>中文</p>{# lint: untranslated - a language is named in itself #}",
    ],
)
def test_what_is_right_passes(source: str) -> None:
    assert rules(source) == []


def test_an_exception_holds_for_its_own_rule_only() -> None:
    assert rules('<p style="x">中文</p>{# lint: untranslated - a name #}') == ["inline-style"]


def test_an_allowed_template_may_mark_text_safe_but_nothing_else() -> None:
    assert rules("{{ html|safe }}<button>x</button>", "web/templates/allowed.html") == ["button-type"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('TEXT = "姓名:"', ["punctuation"]),
        ('TEXT = f"工号({number})"', ["punctuation"]),
        ('TEXT = _("没有译文。")', ["english"]),
        ('TEXT = _("保存")', []),
        ('"""Module (归雁) docstring: 说明."""', []),
        ('PATTERN = r"(\\d+)年(\\d+)月"', []),
        ('PATTERN = "^(?:部门|组织)$"', []),
        ('TEXT = "姓名："', []),
        ('ALIAS = "基本工资(元)"  # lint: punctuation - as it stands in customers\' files', []),
    ],
)
def test_words_in_python(source: str, expected: list[str]) -> None:
    assert [problem.rule for problem in lint.check_python("x.py", source, KNOWN)] == expected


def test_a_problem_names_its_line() -> None:
    (problem,) = lint.check_template("web/templates/page.html", "<p>\n\n<button>x</button></p>", KNOWN)
    assert str(problem).startswith("web/templates/page.html:3: button-type")


def test_the_design_system_itself_is_in_order() -> None:
    assert [str(problem) for problem in lint.check_package() if problem.path.startswith("ui/")] == []


@pytest.mark.parametrize("path", ["process/templates/messages/late/body.txt", "process/templates/process/page.html"])
def test_what_is_sent_is_translated_like_what_is_shown(path: str) -> None:
    assert rules("请登录办理。", path) == ["untranslated"]
    assert rules('{% translate "请登录办理。" %}', path) == ["english"]
