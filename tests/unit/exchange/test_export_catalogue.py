"""What can be exported: the contract's columns to the letter, and one plain sentence for what cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crossline import cli
from crossline.errors import UsageError
from crossline.exchange.catalogue import COLUMNS, Format, What, formats_of, wanted

DOCUMENT = Path(__file__).parents[3] / "docs/formats.md"

CONTRACT = {
    "people": "entity, agency, ref, key",
    "phones": "entity, agency, ref, key",
    "addresses": "entity, agency, ref, key",
    "vehicles": "entity, agency, ref, key",
    "lines": "line, name, status, first_seen, last_seen, exporting_agency, importing_agencies, numbers, holders, score, "
    "score_low, score_high, rank",
    "line-numbers": "line, number, from_date, to_date, basis",
    "successions": "old_number, new_number, date, score, shared_contacts",
    "overlaps": "left_agency, left_ref, right_agency, right_ref, kind, scheme, value",
    "priorities": "line, rank, rank_low, rank_high, risk, vulnerability, opportunity",
    "concerns": "entity, agency, ref, key, reason, raised_at",
    "returns": "campaign, metric, value, unit, agencies_reporting, agencies_missing, status",
    "figures": "figure, definition, version, period, area, value, numerator, denominator, note",
}


@pytest.mark.parametrize(("what", "columns"), CONTRACT.items())
def test_the_columns_are_the_contracts(what: str, columns: str) -> None:
    assert COLUMNS[What(what)] == tuple(columns.split(", "))


def test_what_names_people_is_known_so_that_victims_are_withheld_from_it() -> None:
    """Columns of references alone name nobody; a network, and a table with a value or a number of somebody, does."""
    naming = {(what, format_) for what in What for format_ in formats_of(what) if wanted(what, format_).names_people}
    assert {what for what, format_ in naming if format_ == "csv"} == {
        What.OVERLAPS,
        What.SUCCESSIONS,
        What.LINE_NUMBERS,
    }
    assert {format_ for what, format_ in naming if what is What.PEOPLE} == {"graphml", "stix", "ftm", "i2"}
    assert not [what for what, format_ in naming if format_ == "geojson"]


def test_the_command_line_and_the_document_offer_the_same() -> None:
    assert set(cli.EXPORTS) <= set(What)
    assert set(CONTRACT) <= set(cli.EXPORTS)
    text = DOCUMENT.read_text(encoding="utf-8")
    for what, columns in COLUMNS.items():
        row = re.search(rf"^\|.*`{what}`.*\|$", text, re.MULTILINE)
        assert row is not None and ", ".join(columns) in row[0], what


def test_every_table_has_the_plain_formats_and_some_have_more() -> None:
    for what in What:
        assert formats_of(what)[:3] == (Format.CSV, Format.JSON, Format.XLSX)
    assert formats_of(What.LINES) == tuple(Format)
    assert formats_of(What.CONCERNS) == (Format.CSV, Format.JSON, Format.XLSX)
    assert wanted("lines", "stix").file_name("X-1") == "lines-X-1.stix.json"


@pytest.mark.parametrize(
    ("what", "format_", "sentence"),
    [
        ("gangs", "csv", r"'gangs' cannot be exported; choose one of people, phones, .*\.$"),
        ("people", "pdf", r"'pdf' is no export format; choose one of csv, json, .*\.$"),
        (
            "people",
            "geojson",
            r"people cannot be written as geojson, which is for lines, figures, flows; it can be .*\.$",
        ),
        ("returns", "stix", r"returns cannot be written as stix, .*; it can be written as csv, json, xlsx\.$"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(what: str, format_: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence) as refused:
        wanted(what, format_)
    assert str(refused.value).count("\n") == 0
