"""Fields, labels, help and errors belong together for people who cannot see them side by side."""

import re

from django import forms
from django.template import Context, Template

SOURCE = "{% load ui %}{% c_form_errors form %}{% for field in form %}{% c_field field %}{% endfor %}"


class Resignation(forms.Form):
    reason = forms.CharField(label="离职原因", help_text="写事实。")
    days = forms.IntegerField(label="提前天数", required=False)
    article = forms.ChoiceField(
        label="依据", choices=[("37", "第三十七条"), ("38", "第三十八条")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="我已核对")
    token = forms.CharField(widget=forms.HiddenInput)


def render(form: forms.Form) -> str:
    return Template(SOURCE).render(Context({"form": form}))


def test_every_description_that_a_field_names_exists() -> None:
    form = Resignation({"days": "x"})
    assert not form.is_valid()
    html = render(form)
    named = {name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()}
    assert "id_reason_error" in named
    assert {name for name in named if f'id="{name}"' not in html} == set()


def test_errors_are_listed_on_top_with_a_link_to_each_field() -> None:
    form = Resignation({"days": "x", "reason": "", "article": "37", "agreed": "on", "token": "t"})
    form.add_error(None, "情况已经变化。")
    html = render(form)
    assert 'role="alert"' in html
    assert "情况已经变化。" in html
    assert "有 2 处需要修改" in html
    assert 'href="#id_reason"' in html


def test_a_form_without_errors_shows_no_alert() -> None:
    assert 'role="alert"' not in render(Resignation())


def test_optional_fields_say_so_and_groups_have_a_legend() -> None:
    html = render(Resignation())
    assert html.count("选填") == 1
    assert "<legend>依据</legend>" in html
    assert '<input type="hidden" name="token"' in html


def test_a_hostile_label_and_error_are_escaped() -> None:
    form = Resignation({"days": "<img src=x>"})
    form.fields["reason"].label = "<b>原因"
    assert "<b>原因" not in render(form)
    assert "<img" not in render(form)
