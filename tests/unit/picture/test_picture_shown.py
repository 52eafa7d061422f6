"""What the national picture says: periods and parts in words, each figure leading to a page that there is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import resolve

from crossline.picture.definition_list import PROVENANCE, definition_rows, metric_rows
from crossline.picture.definitions import DEFINITIONS
from crossline.picture.figures import NATIONAL, CountedFrom, Figure
from crossline.picture.history import published_history
from crossline.picture.presenter import (
    CARDS,
    LISTED_HERE,
    LISTED_WHERE,
    SERIES,
    History,
    card_of,
    counted_where,
    period_in_words,
)
from crossline.vocabulary.metrics import METRICS

ACTIVE = Figure(
    id="lines_active",
    label="Lines active",
    definition="Lines whose newest return gives the status active.",
    version="1",
    period="2026-11-01",
    area=NATIONAL,
    value=Decimal(21),
    numerator=21,
    denominator=78,
    note="",
    counted_from=CountedFrom("lines", (("status", "active"),)),
)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026-11-01", "As at 1 November 2026"),
        ("2026-10", "October 2026"),
        ("2016/17", "Financial year 2016/17"),
        ("", "No record yet"),
    ],
)
def test_a_period_is_said_in_words(period: str, words: str) -> None:
    assert period_in_words(period) == words


def test_a_card_never_shows_a_number_without_its_definition_version_and_parts() -> None:
    card = card_of(ACTIVE)
    assert card["value"] == "21"
    assert card["parts"] == "21 of 78 lines in the register"
    assert card["definition_href"] == "/definitions#lines_active"
    assert (card["counted_from_text"], card["href"]) == ("these lines", "/lines?status=active")


def test_a_share_is_a_percentage_and_what_is_not_counted_is_no_number() -> None:
    share = replace(ACTIVE, id="drug_linked_homicide_share", value=Decimal("57.0"), period="2016/17")
    assert card_of(share)["value"] == "57.0%"
    assert card_of(share)["href"] == "/records?kind=homicide"
    assert card_of(replace(share, value=None))["value"] is None


@pytest.mark.parametrize("name", sorted({*CARDS, *LISTED_HERE, *LISTED_WHERE}))
def test_every_figure_leads_to_a_page_that_there_is(name: str) -> None:
    words, address = counted_where(replace(ACTIVE, id=name, period="2026-10"))
    assert words
    assert resolve(address.partition("?")[0]).func


def test_every_card_and_series_is_of_a_definition() -> None:
    assert set(CARDS) <= set(DEFINITIONS)
    assert set(SERIES) <= set(DEFINITIONS)


def test_the_page_of_definitions_lists_each_with_its_authority_and_versions() -> None:
    rows = definition_rows()
    assert [row["id"] for row in rows] == list(DEFINITIONS)
    for row in rows:
        facts = dict(row["facts"])  # type: ignore[call-overload]
        assert facts["Authority"]
        assert facts["Version"].startswith("Version ")
        assert len(row["versions"]) == len(DEFINITIONS[str(row["id"])])  # type: ignore[arg-type]
    assert len(metric_rows()) == len(METRICS)


def test_every_mark_of_authority_that_definitions_bear_is_explained() -> None:
    explained = {mark for mark, _ in PROVENANCE}
    for versions in DEFINITIONS.values():
        for definition in versions:
            assert any(mark in definition.authority for mark in explained), definition.id


def test_the_published_sizes_are_drawn_as_no_series_and_listed_each_with_its_source() -> None:
    history = History(published_history())
    drawing = str(history.drawing)
    assert drawing.count("crossline-svg__break") >= 3
    assert len(history.rows) == len(published_history())
    for row in history.rows:
        assert row["source"] and str(row["href"]).startswith("http")
        assert row["break"]
    ranges = [row["published"] for row in history.rows]
    assert "Between 800 and 1,100" in ranges
