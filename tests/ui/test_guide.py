"""The style guide shows every component, and its pages keep the content security policy."""

import re
from typing import Any

import pytest
from django.http import Http404
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory, override_settings

from guiyan.ui import samples, views
from guiyan.ui.component import REGISTRY

PLAIN: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
INLINE = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(?:\ssrc=|application/json))")


def test_every_component_is_on_show() -> None:
    shown = {f"c_{name}" for _key, _title, names in views.SECTIONS for name in names}
    assert set(REGISTRY) - shown == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_sample_renders_without_inline_style_or_script(theme: str) -> None:
    for _key, _title, names in views.SECTIONS:
        for name in names:
            html = render_to_string(f"ui/guide/{name}.html", samples.content(theme), RequestFactory().get("/ui/"))
            assert html.strip()
            assert not INLINE.search(html), name


@override_settings(TEMPLATES=PLAIN)
def test_whole_pages_render_without_inline_style_or_script() -> None:
    request = RequestFactory().get("/ui/")
    for answer in (views.style_guide(request), views.desktop(request)):
        assert answer.status_code == 200
        assert not INLINE.search(answer.content.decode())
    for page in views.PHONE_PAGES:
        assert not INLINE.search(views.phone(request, page).content.decode())


@override_settings(TEMPLATES=PLAIN)
def test_an_unknown_phone_page_is_not_found() -> None:
    with pytest.raises(Http404):
        views.phone(RequestFactory().get("/ui/phone/x/"), "x")


def test_the_guide_shows_a_prop_that_is_required_and_one_with_choices() -> None:
    badge = REGISTRY["c_badge"]
    by_name = {prop.name: prop for prop in badge.props}
    assert by_name["label"].required
    assert "ok" in by_name["tone"].choices


@pytest.mark.parametrize("code", [403, 404, 413, 500, 503])
def test_the_error_page_needs_neither_request_nor_database(code: int) -> None:
    html = render_to_string(
        "ui/error.html",
        {"status": code, "title": "没有找到", "text": "说明。", "advice": "请重试。", "request_id": "a1<b"},
    )
    assert str(code) in html
    assert "a1&lt;b" in html
    assert "请重试。" in html


@pytest.mark.parametrize(
    "name",
    [
        *("account/login.html", "account/logout.html", "account/password_change.html", "account/password_reset.html"),
        *("account/reauthenticate.html", "mfa/index.html", "mfa/authenticate.html", "mfa/totp/activate_form.html"),
        *("mfa/totp/deactivate_form.html", "mfa/recovery_codes/index.html", "mfa/webauthn/add_form.html"),
        *("mfa/webauthn/authenticator_list.html", "allauth/layouts/base.html", "allauth/elements/field.html"),
    ],
)
def test_sign_in_pages_are_the_products_own(name: str) -> None:
    origin = get_template(name).origin  # type: ignore[attr-defined]
    assert "guiyan/ui/templates" in str(origin.name)
