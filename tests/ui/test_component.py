"""A component refuses what it did not declare; what it declared it shows, escaped."""

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from guiyan.ui.component import REGISTRY, draw
from guiyan.ui.values import Column, LifeEvent, LifeSpell, NavGroup, NavItem, Step


def show(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('{% c_badge "在职" colour="red" %}', "unexpected keyword argument 'colour'"),
        ("{% c_badge %}", "did not receive value"),
        ('{% c_badge "在职" tone="purple" %}', "tone='purple' is none of"),
        ('{% c_button "同意" kind="loud" %}', "kind='loud' is none of"),
        ('{% c_card titel="流程" %}{% endc_card %}', "unexpected keyword argument 'titel'"),
        ('{% c_card %}{% c_slot "side" %}x{% endc_slot %}{% endc_card %}', "has no slot 'side'"),
        ('{% c_card %}{% if 1 %}{% c_slot "header" %}x{% endc_slot %}{% endif %}{% endc_card %}', "directly inside"),
        ("{% c_card %}{% c_slot header %}x{% endc_slot %}{% endc_card %}", "one quoted name"),
        ("{% c_card %}正文", "endc_card"),
        ("{% c_table caption='x' %}{% endc_table %}", "did not receive value"),
    ],
)
def test_undeclared_use_fails_when_the_template_is_compiled(source: str, complaint: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=complaint):
        Template("{% load ui %}" + source)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('{% c_badge "在职" tone=t %}', "tone='purple' is none of"),
        ('{% c_button "删除" disabled=True %}', "why it is grey"),
        ('{% c_button "更多" icon_only=True %}', "needs an icon"),
        ('{% c_masked "138****6021" label="手机" %}', "why it stays hidden"),
        ('{% c_slot "header" %}x{% endc_slot %}', "stands in no component"),
        ('{% icon "no-such-icon" %}', "no icon called"),
        ("{% c_steps steps=steps %}", "state='later' is none of"),
    ],
)
def test_undeclared_use_fails_when_the_template_is_rendered(source: str, complaint: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=complaint):
        show(source, t="purple", steps=[Step("送达", "later")])


def test_a_grey_button_says_why_and_can_do_nothing() -> None:
    html = show('{% c_button "办理离职" type="submit" name="go" hx_post="/go" disabled=True why="双方已同意撤回。" %}')
    assert "双方已同意撤回。" in html
    assert 'aria-disabled="true"' in html
    described = html.split('aria-describedby="')[1].split('"')[0]
    assert f'id="{described}"' in html
    for power in ('type="submit"', "hx-post", 'name="go"', "href="):
        assert power not in html


def test_a_grey_link_leads_nowhere() -> None:
    html = show('{% c_button "导出" href="/export" disabled=True why="没有可导出的行。" %}')
    assert "/export" not in html
    assert "<a" not in html


def test_two_grey_buttons_on_one_page_have_ids_of_their_own() -> None:
    html = show('{% c_button "删除" disabled=True why="不可删除。" %}' * 2)
    described = [part.split('"')[0] for part in html.split('aria-describedby="')[1:]]
    assert len(set(described)) == 2


def test_values_are_escaped_and_slots_are_not_escaped_twice() -> None:
    html = show(
        '{% c_card title=name %}<b>{{ name }}</b>{% c_slot "header" %}<i>{{ name }}</i>{% endc_slot %}{% endc_card %}',
        name="<script>",
    )
    assert "<script>" not in html
    assert "<b>&lt;script&gt;</b>" in html
    assert "<i>&lt;script&gt;</i>" in html


def test_a_component_sees_only_what_it_was_given() -> None:
    assert "秘密" not in show('{% c_card title="流程" %}正文{% endc_card %}', note="秘密", body="秘密")


def test_slots_of_nested_components_stay_apart() -> None:
    html = show(
        '{% c_card title="外" %}{% c_slot "header" %}外头{% endc_slot %}'
        '{% c_card title="内" %}{% c_slot "header" %}内头{% endc_slot %}{% endc_card %}{% endc_card %}'
    )
    assert html.index("外头") < html.index("内头")
    assert html.count("外头") == html.count("内头") == 1


def test_progress_stays_between_0_and_100_and_has_no_inline_style() -> None:
    html = show('{% c_progress 140 label="导入" %}{% c_progress low label="导入" %}', low=-3)
    assert 'data-w="100"' in html
    assert 'data-w="0"' in html
    assert "style=" not in html


def test_pagination_keeps_the_filters_and_marks_the_page() -> None:
    request = RequestFactory().get("/people/?q=林&page=3")
    page = Paginator(range(500), 50).page(3)
    html = Template("{% load ui %}{% c_pagination page %}").render(_with_request(request, page))
    assert 'aria-current="page">3<' in html
    assert "q=%E6%9E%97&amp;page=4" in html
    assert "共 500 条，第 101—150 条" in html


def _with_request(request: object, page: object) -> Context:
    from django.template import RequestContext

    return RequestContext(request, {"page": page})  # type: ignore[arg-type]


def test_a_table_says_what_it_is_and_how_it_is_sorted() -> None:
    columns = [Column("姓名", sort_url="?s=name", sorted="ascending"), Column("操作", hidden_label=True)]
    html = show(
        '{% c_table columns caption="员工名单" empty=True empty_text="清除筛选后再看。" %}{% endc_table %}',
        columns=columns,
    )
    assert "员工名单</caption>" in html
    assert 'aria-sort="ascending"' in html
    assert 'colspan="2"' in html
    assert "清除筛选后再看。" in html


def test_a_long_life_runs_downwards() -> None:
    events = [LifeEvent("续签", "2025-03-14")] * 9
    assert "c-life--tall" in show("{% c_life_line spells=s %}", s=[LifeSpell("任职", "", events)])
    assert "c-life--tall" not in show("{% c_life_line spells=s %}", s=[LifeSpell("任职", "", events[:3])])


def test_every_component_says_what_it_is_for() -> None:
    assert len(REGISTRY) > 30
    assert [tag for tag, built in REGISTRY.items() if not built.doc] == []


def test_python_draws_a_pure_component_as_its_tag_does() -> None:
    assert draw("c_badge", label="<在职>", tone="ok") == show('{% c_badge label tone="ok" %}', label="<在职>")
    with pytest.raises(TemplateSyntaxError, match="tone='purple' is none of"):
        draw("c_badge", label="在职", tone="purple")
    with pytest.raises(TypeError, match="not pure"):
        draw("c_button", label="同意")


def test_a_still_part_follows_its_values_and_the_language() -> None:
    source = '{% still "ui/_nav.html" nav=nav %}{% still "ui/_theme.html" %}'
    for label in ("员工档案", "<script>", "员工档案"):
        html = show(source, nav=(NavGroup("", (NavItem(label, "/people/", "users"),)),), label="秘密")
        assert f"<span>{label.replace('<', '&lt;').replace('>', '&gt;')}</span>" in html
        assert "切换深浅色" in html
    with translation.override("en"):
        assert "切换深浅色" not in show(source, nav=())
    assert "切换深浅色" in show(source, nav=())


def test_a_still_part_takes_values_that_cannot_be_kept_by() -> None:
    for label in ("甲", "乙"):
        assert f"<span>{label}</span>" in show(
            '{% still "ui/_nav.html" nav=nav %}', nav=[NavGroup("", [NavItem(label, "/", "users")])]
        )


@pytest.mark.parametrize("source", ["{% still %}", "{% still template %}", '{% still "ui/_nav.html" nav %}'])
def test_a_still_part_names_its_template_and_its_values(source: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="still"):
        Template("{% load ui %}" + source)
