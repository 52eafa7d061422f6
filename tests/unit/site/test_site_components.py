"""The macros: accessible marks, escaped words, and what is absent said so."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from markupsafe import Markup

NASTY = "<script>alert(1)</script>"


def imports(file: str, *names: str) -> str:
    return f'{{% from "components/{file}.html" import {", ".join(names)} %}}'


COLUMNS = [
    {"key": "name", "text": "Line", "href_key": "href"},
    {"key": "score", "text": "Score", "kind": "number", "sort": "descending"},
    {"key": "seen", "text": "Last seen", "kind": "date"},
    {"key": "status", "text": "Status", "kind": "status", "sort": False},
    {"key": "force", "text": "Force", "kind": "agency", "none": "None named"},
]
ROWS = [
    {
        "name": NASTY,
        "href": "/lines/1",
        "score": 1204,
        "seen": dt.date(2026, 3, 1),
        "status": "active",
        "force": "kent",
    },
    SimpleNamespace(name="Leo", href=None, score=None, seen=None, status="closed_type1", force=None),
]


def test_a_table_is_captioned_scoped_sortable_and_escaped(draw):
    table = draw(
        imports("table", "data_table") + "{{ data_table('Lines', columns, rows) }}", columns=COLUMNS, rows=ROWS
    )
    assert re.search(r"<caption[^>]*>Lines", table)
    assert table.count('scope="col"') == 5
    assert table.count("scope=row") == 2
    assert NASTY not in table
    assert '<a class="govuk-link" href="/lines/1">&lt;script&gt;' in table
    assert 'aria-sort="descending">Score' in table
    assert re.search(r'aria-sort="none">Last seen', table)
    assert not re.search(r"aria-sort[^>]*>Status", table)
    assert 'data-sort-value="2026-03-01"' in table
    assert 'data-sort-value="1204"' in table
    assert "1 Mar 2026" in table
    assert "Closed, type 1" in table
    assert "None named" in table
    assert table.count('<span class="crossline-absent">Not known</span>') == 2


def test_numbers_stand_to_the_right(draw):
    table = draw(
        imports("table", "data_table") + "{{ data_table('Lines', columns, rows) }}", columns=COLUMNS, rows=ROWS
    )
    assert re.search(
        r'<td class="govuk-table__cell govuk-table__cell--numeric" data-sort-value="1204">1,204</td>', table
    )
    assert re.search(r'<th scope="col" class="govuk-table__header govuk-table__header--numeric"', table)


def test_a_table_without_rows_says_so(draw):
    table = draw(
        imports("table", "data_table") + "{{ data_table('Lines', columns, [], empty='No line.') }}", columns=COLUMNS
    )
    assert 'colspan="5"><span class="crossline-table__empty">No line.</span>' in table
    assert "moj-sortable-table" not in table


@pytest.mark.parametrize(
    ("kind", "value", "reads"),
    [
        ("money", 1234, "£1,234"),
        ("percent", 0.5, "50.0%"),
        ("kilometres", 1500, "1.5 km"),
        ("datetime", dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC), "1 March 2026 at 9am"),
        ("month", dt.date(2026, 3, 1), "March 2026"),
        ("partial_date", "2008-04", "April 2008"),
        ("phone", "+447700900123#0042", "07700 900123 #0042"),
        ("text", Markup("<b>made here</b>"), "<b>made here</b>"),
    ],
)
def test_kinds_of_cell(draw, kind, value, reads):
    cell = draw(imports("table", "cell_value") + "{{ cell_value(value, kind, '?') }}", value=value, kind=kind)
    assert reads in cell


def test_filters_stand_beside_results_and_can_be_taken_away(draw):
    drawn = draw(
        imports("filter", "filter_layout")
        + """{% call(slot) filter_layout([("Status", [("Active", "?a=1")])], clear_href="?", hidden={"q": nasty}) %}
        {% if slot == "options" %}OPTIONS{% else %}RESULTS{% endif %}{% endcall %}""",
        nasty='"><script>',
    )
    assert drawn.index("OPTIONS") < drawn.index("RESULTS")
    assert 'href="?a=1"><span class="govuk-visually-hidden">Remove this filter:</span> Active' in drawn
    assert "<script>" not in drawn
    assert 'method="get"' in drawn


def test_the_victim_comes_first_whatever_else_is_said(draw):
    roles = [
        SimpleNamespace(
            category="suspect", text="Runs for Leo", from_date=dt.date(2026, 1, 1), to_date=None, basis="assessment"
        ),
        SimpleNamespace(category="victim", text="Exploited by Leo", from_date=None, to_date=None, basis="fact"),
    ]
    banner = draw(imports("people", "subject_banner") + "{{ subject_banner('Jaden COLE', roles=roles) }}", roles=roles)
    order = [banner.index(words) for words in ("Victim first", "Exploited by Leo", "Runs for Leo")]
    assert order == sorted(order)
    assert "From 1 January 2026" in banner
    assert "No dates given" in banner
    without = draw(imports("people", "subject_banner") + "{{ subject_banner('A', roles=roles) }}", roles=roles[:1])
    assert "Victim first" not in without


def test_a_figure_stands_with_definition_period_and_what_it_was_counted_from(draw):
    card = draw(
        imports("figure", "figure_card", "figure_row")
        + """{% call figure_row() %}{{ figure_card(1204, "Active lines", "/definitions", "2", "Year to March 2026",
        1204, "/lines?active", noun="line", status="provisional") }}{% endcall %}"""
    )
    for words in ("1,204", "Definition, version 2", "Year to March 2026", "Counted from 1,204 lines", "Provisional"):
        assert words in card
    withheld = draw(
        imports("figure", "figure_card") + "{{ figure_card(none, 'Children', '/d', '1', '2026', note='Fewer than 5') }}"
    )
    assert "Not published" in withheld
    assert "Fewer than 5" in withheld
    assert "Counted from" not in withheld


def test_reasons_say_which_way_they_count_in_words(draw):
    reasons = [
        {"text": "Same number", "weight": "+6.0", "href": "/r/1"},
        SimpleNamespace(text=NASTY, against=True),
        "Seen together",
    ]
    drawn = draw(imports("reasons", "reason_list") + "{{ reason_list(reasons) }}", reasons=reasons)
    assert drawn.count("For:") == 2
    assert drawn.count("Against:") == 1
    assert NASTY not in drawn
    assert "No reason was recorded." in draw(imports("reasons", "reason_list") + "{{ reason_list([]) }}")


def test_a_timeline_dates_each_event_and_leads_to_its_record(draw):
    items = [
        {
            "title": "Found",
            "at": dt.datetime(2026, 3, 2, 14, 10, tzinfo=dt.UTC),
            "text": NASTY,
            "href": "/r/1",
            "ref": "R/1",
        },
        {"title": "Missing", "at": dt.date(2026, 2, 27), "byline": "Sussex Police", "basis": "fact"},
    ]
    drawn = draw(imports("timeline", "timeline") + "{{ timeline(items) }}", items=items)
    assert 'datetime="2026-03-02T14:10:00+00:00">2 March 2026 at 2:10pm' in drawn
    assert 'datetime="2026-02-27">27 February 2026' in drawn
    assert '<a class="govuk-link" href="/r/1">R/1</a>' in drawn
    assert NASTY not in drawn


def test_summary_lists_say_what_is_absent(draw):
    rows = [("Name", "Leo"), ("Address", None), {"key": "Care status", "value": "Looked after", "href": "/edit"}]
    drawn = draw(imports("summary", "summary_list") + "{{ summary_list(rows, card='Known') }}", rows=rows)
    assert "Not known" in drawn
    assert 'href="/edit">Change<span class="govuk-visually-hidden"> care status</span>' in drawn


def test_pages_of_a_list_keep_the_filters(draw):
    page = Paginator(range(1204), 10).page(4)
    drawn = draw(
        imports("pagination", "pagination") + "{{ pagination(page, request, 'line') }}",
        "/lines?status=active",
        page=page,
    )
    assert 'href="?status=active&amp;page=5"' in drawn
    assert 'aria-label="Page 4" aria-current="page"' in drawn
    assert "<strong>31</strong> to <strong>40</strong> of <strong>1,204</strong> lines" in drawn
    none = draw(imports("pagination", "pagination") + "{{ pagination(page, request) }}", page=Paginator([], 10).page(1))
    assert "No results" in none
    assert "<nav" not in none


def test_a_drawing_always_has_its_table_and_a_way_past(draw):
    template = imports("drawing", "drawing_with_table") + (
        "{{ drawing_with_table(svg, 'Lines', columns, [{'a': 'cell words'}], id='d', beside=beside) }}"
    )
    for beside in (True, False):
        drawn = draw(template, svg=Markup("<svg></svg>"), columns=[{"key": "a", "text": "A"}], beside=beside)
        assert "<svg></svg>" in drawn
        assert "cell words" in drawn
        assert 'href="#d-table"' in drawn
        assert 'id="d-table"' in drawn


def test_tags_and_notes(draw):
    tags = imports("tags", "grade_tag", "tag", "basis_tag", "category_tag", "synthetic_badge")
    drawn = draw(tags + "{{ grade_tag(2, 'B', 'C', 'A2 S2') }}{{ basis_tag('fact') }}{{ category_tag('victim') }}")
    assert ">2B C</abbr>" in drawn
    assert "A2 S2" in drawn
    assert "Victim" in drawn
    notes = imports("notes", "empty_state", "who_can_see", "alert", "page_heading", "sub_navigation", "export_links")
    drawn = draw(
        notes
        + "{{ empty_state('None', 'Nothing', '/x', 'Clear') }}{{ who_can_see(['Kent Police'], 'Because') }}"
        + "{{ alert(nasty, 'error') }}{{ page_heading('Lines', actions=[('Add', '/add')]) }}"
        + "{{ sub_navigation([('One', '/1', true), ('Two', '/2', false)]) }}{{ export_links([('CSV', '?csv')]) }}",
        nasty=NASTY,
    )
    assert 'role="alert"' in drawn
    assert NASTY not in drawn
    assert 'aria-current="page" href="/1"' in drawn


class Concern(forms.Form):
    force = forms.ChoiceField(choices=[("kent", "Kent")], label="Force")
    signs = forms.MultipleChoiceField(choices=[("a", "Cash"), ("b", "Travel")], widget=forms.CheckboxSelectMultiple)
    seen = forms.ChoiceField(choices=[("w", "Week")], widget=forms.RadioSelect, label="When seen")
    why = forms.CharField(widget=forms.Textarea, label="Reason")
    told = forms.BooleanField(label="The officer was told")
    name = forms.CharField(label="Name", help_text="As written", error_messages={"required": "Say who this is about"})


FORM = imports("forms", "error_summary", "form_field") + (
    "{{ error_summary(form) }}{% for field in form %}{{ form_field(field) }}{% endfor %}"
)


def test_each_kind_of_field_is_drawn_and_each_error_leads_to_one(draw):
    drawn = draw(FORM, form=Concern({"signs": ["b"]}))
    for element in ("<select", 'type="checkbox"', 'type="radio"', "<textarea", 'type="text"'):
        assert element in drawn
    targets = re.findall(r'<a href="#([^"]+)"', drawn)
    assert len(targets) == 5
    for target in targets:
        assert f'id="{target}"' in drawn
    for words in (
        "Select force",
        "Select when seen",
        "Enter reason",
        "Confirm: the officer was told",
        "Say who this is about",
    ):
        assert words in drawn
    assert "This field is required" not in drawn


def test_what_was_entered_is_kept(draw):
    drawn = draw(
        FORM, form=Concern({"signs": ["b"], "why": NASTY, "seen": "w", "told": "on", "name": "", "force": "kent"})
    )
    assert re.search(r'value="b"[^>]*checked', drawn)
    assert re.search(r'value="w"[^>]*checked', drawn)
    assert re.search(r'value="kent"[^>]*selected', drawn)
    assert "&lt;script&gt;" in drawn
    assert NASTY not in drawn
