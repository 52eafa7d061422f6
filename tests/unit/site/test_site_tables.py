"""Cells of tables beyond plain words, tables with much folded away, filters without a form, and lists of records."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

NASTY = "<script>alert(1)</script>"
GRADED = SimpleNamespace(source_grade="2", information_grade="B", handling="C", conditions="A2 <b>")
UNGRADED = SimpleNamespace(source_grade="", information_grade="", handling="P", conditions="")


def imports(file: str, *names: str) -> str:
    return f'{{% from "components/{file}.html" import {", ".join(names)} %}}'


@pytest.fixture
def cell(draw):
    """A cell's value of one kind, drawn."""
    return lambda value, kind: draw(
        imports("table", "cell_value") + "{{ cell_value(value, kind, 'none') }}", value=value, kind=kind
    )


def test_a_grade_is_a_tag_with_its_meaning_or_said_to_be_absent(cell):
    assert "2B C" in cell(GRADED, "grade")
    assert "A2 &lt;b&gt;" in cell(GRADED, "grade")
    assert 'crossline-absent">none' in cell(UNGRADED, "grade")


def test_many_records_are_folded_after_the_third(cell):
    drawn = cell([(f"K/{number}", f"/records/{number}", GRADED) for number in range(5)], "graded")
    shown, folded = drawn.split("<details")
    assert shown.count("<a ") == 3
    assert folded.count("<a ") == 2
    assert "<summary>2 more</summary>" in folded
    assert "<details" not in cell([("K/1", "/records/1", UNGRADED)], "graded")


def test_categories_links_spans_and_bases_are_words_and_never_markup(cell):
    assert "Victim" in cell(["victim", "suspect"], "categories")
    assert '<a class="govuk-link crossline-nowrap" href="/a">&lt;script&gt;' in cell([(NASTY, "/a")], "links")
    assert cell((dt.date(2026, 3, 1), None), "span") == "From 1 March 2026"
    assert cell((None, None), "span") == "none"
    assert "Fact" in cell(["fact"], "bases")


def test_a_cell_may_bear_tags_over_it_and_a_note_under_it(draw):
    columns = [{"key": "name", "text": "Name", "tags_key": "tags", "note_key": "note"}]
    table = draw(
        imports("table", "data_table") + "{{ data_table('People', columns, rows) }}",
        columns=columns,
        rows=[{"name": "Jaden", "tags": ["victim"], "note": NASTY}, {"name": "Ann"}],
    )
    assert table.index("Victim") < table.index("Jaden") < table.index("&lt;script&gt;")
    assert NASTY not in table
    assert table.count("crossline-table__cell-note") == 1


def test_a_long_table_folds_what_goes_beyond_its_first_rows(draw):
    template = imports("table", "long_table") + "{{ long_table('Facts', columns, rows, first=2, noun='fact') }}"
    columns = [{"key": "a", "text": "A"}]
    rows = [{"a": f"fact {number}"} for number in range(5)]
    table = draw(template, columns=columns, rows=rows)
    shown, folded = table.split("<details")
    assert "fact 1" in shown and "fact 2" not in shown
    assert "Show 3 more facts" in folded and "fact 4" in folded
    assert "<details" not in draw(template, columns=columns, rows=rows[:2])


def test_a_filter_keeps_what_was_chosen_and_escapes_it(draw):
    drawn = draw(
        imports("forms", "plain_input", "plain_select")
        + "{{ plain_input('brand', 'Name', value, hint='For example Leo') }}"
        + "{{ plain_select('status', 'Status', [('open', 'Open'), ('x', 'Other')], 'open') }}",
        value=NASTY,
    )
    assert 'for="filter-brand"' in drawn and 'id="filter-brand"' in drawn
    assert 'aria-describedby="filter-brand-hint"' in drawn
    assert NASTY not in drawn
    assert '<option value="open" selected>Open</option>' in drawn
    assert '<option value="">Any</option>' in drawn


def test_records_are_listed_with_sender_day_and_grade_and_the_grades_explained(draw):
    row = {
        "ref": "KENT/1",
        "href": "/records/1",
        "owner": "kent",
        "day": dt.date(2026, 3, 1),
        "grade": GRADED,
        "grade_code": "2B C",
        "kind": "Intelligence report",
        "subject": "",
    }
    drawn = draw(
        imports("records", "record_table", "grade_key") + "{{ record_table([row]) }}{{ grade_key() }}", row=row
    )
    for words in ("KENT/1", "Kent", "1 Mar 2026", "2B C", "No subject given"):
        assert words in drawn
    assert "3x5x2" in drawn
    assert "e suspected to be false" in drawn.lower()


def test_details_fold_what_few_need_and_may_be_open(draw):
    template = imports("notes", "details") + "{% call details('Why', open=shown) %}<p>Because</p>{% endcall %}"
    assert "<p>Because</p>" in draw(template, shown=False)
    assert " open>" not in draw(template, shown=False)
    assert " open>" in draw(template, shown=True)
