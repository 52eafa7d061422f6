"""The content security policy fits the pages: one inline script, no inline style, nothing from elsewhere."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from csp.utils import build_policy
from django.conf import settings
from django.template import loader

from crossline.site.csp import BODY_CLASS_SCRIPT, CONTENT_SECURITY_POLICY, script_hash

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?P<text>.*?)</script>", re.DOTALL)
LOADED_FROM = re.compile(r"<(?:script|link|img|iframe|use)[^>]*(?:src|href)=\"(?P<address>[^\"]+)\"")


def test_the_hash_is_that_of_the_installed_templates_inline_script():
    template = files("govuk_frontend_jinja").joinpath("templates/template.html").read_text()
    scripts = re.findall(r"<script \{%-.*?%\}>(.*?)</script>", template, re.DOTALL)
    assert scripts == [BODY_CLASS_SCRIPT]


def test_a_page_holds_no_inline_script_but_that_one(draw_page):
    found = [match["text"] for match in INLINE_SCRIPT.finditer(draw_page("<p>Words</p>"))]
    assert [script_hash(script) for script in found] == [script_hash(BODY_CLASS_SCRIPT)]
    assert script_hash(found[0]) in CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"]


def test_the_policy_allows_nothing_inline_and_nobody_else(settings_policy):
    assert "unsafe" not in settings_policy
    assert "*" not in settings_policy
    assert "http" not in settings_policy
    for directive in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert directive in settings_policy


@pytest.fixture
def settings_policy() -> str:
    assert settings.CONTENT_SECURITY_POLICY is CONTENT_SECURITY_POLICY
    return build_policy()


@pytest.mark.parametrize("template", ["403.html", "404.html", "500.html"])
def test_pages_load_everything_from_here_and_carry_no_inline_style(template):
    page = loader.get_template(template).render({}, None)
    addresses = [match["address"] for match in LOADED_FROM.finditer(page)]
    assert addresses
    assert all(address.startswith("/static/") for address in addresses)
    assert "style=" not in page
    assert not re.search(r"\son[a-z]+=", page)
