"""What every page shares."""

from __future__ import annotations

import jinja2
import pytest
from django import forms
from django.template import loader
from django.test import override_settings

from crossline.site.jinja import environment
from crossline.site.navigation import DESTINATIONS, address_with, navigation_items, page_address


def test_a_page_has_its_landmarks_marking_and_title(draw_page):
    page = draw_page("<p>Words</p>")
    assert "<title>Sample \N{EN DASH} Crossline</title>" in page
    assert page.count("OFFICIAL-SENSITIVE") == 2
    assert page.count("<main") == page.count("<header") == page.count("<footer") == page.count("<h1") == 1
    assert 'href="#main-content"' in page
    assert "Crown copyright and database right 2024" in page
    assert "ODbL" in page


def test_who_is_signed_in_is_shown_and_escaped_and_signs_out_by_post(draw_page):
    page = draw_page("")
    assert "Amina Shah &lt;analyst&gt;" in page
    assert "Kent Police" in page
    assert '<form action="/sign-out" method="post"' in page
    assert "csrfmiddlewaretoken" in page


def test_the_banner_says_that_the_data_are_invented_until_the_setting_is_off(draw_page):
    with override_settings(SYNTHETIC_DATA=True):
        assert "Every person, number and address here is invented." in draw_page("")
    with override_settings(SYNTHETIC_DATA=False):
        assert "is invented" not in draw_page("")


def test_nobody_signed_in_sees_no_navigation(draw_page, analyst):
    analyst.is_authenticated = False
    page = draw_page("")
    assert "Sign out" not in page
    assert 'id="navigation"' not in page
    assert 'role="search"' not in page


def test_navigation_marks_this_page_and_leaves_out_what_has_no_address(get):
    items = navigation_items(get("/lines"))
    assert [item.text for item in items if item.current] == ["Lines"]
    below = navigation_items(get("/lines/7"))
    assert [(item.text, item.current) for item in below if item.active] == [("Lines", False)]
    home = navigation_items(get("/"))
    assert [item.text for item in home if item.active] == ["National picture"]
    named = {destination.label for destination in DESTINATIONS}
    assert named - {item.text for item in items} == {
        *(
            "Home",
            "Referrals to you",
            "Invitations",
            "Deconfliction",
            "Overlaps",
            "Joint work",
            "Campaigns",
            "Orders",
            "Who is this?",
            "Matches",
            "Records",
            "Reviews",
            "Exports",
        ),
        "Approvals",
        *("Compartments", "Auditor’s desk", "Administration"),
    }
    assert page_address("overlaps") is None


def test_navigation_in_the_page(draw_page):
    page = draw_page("", address="/lines/7")
    assert 'href="/lines" aria-current="true"' in page
    assert 'action="/search"' in page


def test_an_address_keeps_its_filters_when_one_changes(get):
    request = get("/lines?status=active&status=disrupted&page=2")
    assert address_with(request, "page", 3) == "?status=active&status=disrupted&page=3"


def test_error_pages_need_neither_request_nor_viewer():
    for template, words in [("403.html", "do not have access"), ("404.html", "not found"), ("500.html", "problem")]:
        page = loader.get_template(template).render({}, None)
        assert words in page
        assert "Sign out" not in page


def test_the_sign_in_page_names_what_is_wrong_and_leads_to_the_field(get):
    class SignIn(forms.Form):
        username = forms.CharField(label="Username")
        password = forms.CharField(label="Password", widget=forms.PasswordInput)

    always = {"providers": [], "refusal": None}
    page = loader.get_template("access/sign_in.html").render(
        {"form": SignIn({"username": "a", "password": ""}), **always}, get("/")
    )
    assert "<title>Error: Sign in \N{EN DASH} Crossline</title>" in page
    assert 'href="#id_password">Enter password</a>' in page
    assert 'type="password"' in page
    empty = loader.get_template("access/sign_in.html").render({"form": SignIn(), "next": "/lines", **always}, get("/"))
    assert "There is a problem" not in empty
    assert 'name="next" value="/lines"' in empty


def test_a_missing_name_in_our_templates_is_an_error(draw):
    with pytest.raises(jinja2.UndefinedError):
        draw("{{ nobody_gave_this }}")


def test_design_system_macros_may_leave_options_out_and_escape_what_they_are_given(draw):
    button = '{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}'
    drawn = draw(button + "{{ govukButton({'text': words}) }}", words="<b>Save</b>")
    assert "&lt;b&gt;Save&lt;/b&gt;" in drawn


def test_the_environment_escapes_whatever_it_is_told():
    made = environment(loader=jinja2.DictLoader({"a": "{{ words }}"}), autoescape=False)
    assert made.get_template("a").render(words="<b>") == "&lt;b&gt;"
