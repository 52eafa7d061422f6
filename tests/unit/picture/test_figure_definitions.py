"""Definitions of figures: complete, versioned, and never without an authority."""

from __future__ import annotations

import re
from datetime import date

import pytest

from crossline.lines.activity import ACTIVITY_RULES
from crossline.picture.definitions import CENTRE_OPENED, DEFINITIONS, in_force


def test_every_definition_is_a_sentence_with_an_authority() -> None:
    for name, versions in DEFINITIONS.items():
        for each in versions:
            assert each.id == name
            assert each.sentence.endswith(".") and each.label and each.numerator and each.unit
            assert re.match(r"\[(S|K|D)\]", each.authority), name
            assert not each.caveat or each.caveat.endswith(".")


def test_versions_have_different_numbers_and_days() -> None:
    for versions in DEFINITIONS.values():
        assert len({each.version for each in versions}) == len(versions)
        assert len({each.valid_from for each in versions}) == len(versions)
        assert len({each.key for each in versions}) == len(versions)


@pytest.mark.parametrize("day", [None, CENTRE_OPENED, date(2017, 1, 1), date(2026, 1, 1)])
def test_some_version_counts_on_every_day(day: date | None) -> None:
    assert in_force("lines_potentially_active", day).version == "1"


def test_the_activity_rule_has_a_rule_for_every_version_of_its_definition() -> None:
    assert set(ACTIVITY_RULES) == {each.version for each in DEFINITIONS["lines_potentially_active"]}


def test_programme_closures_are_as_the_home_office_defines_them() -> None:
    assert "arrested and charged" in in_force("lines_closed_type1").sentence
    assert "no line holder need be charged" in in_force("lines_closed_type2").sentence
    assert in_force("lines_closed_type1").authority.startswith("[S] Home Office")
