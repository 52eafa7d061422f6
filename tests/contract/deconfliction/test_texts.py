"""Checks of people and of lines: found by coarse keys, however they are written, and told like any other check."""

from __future__ import annotations

from typing import Any

import pytest

from crossline.deconfliction.inbox import asked_about
from crossline.deconfliction.models import Check, Pointer
from crossline.deconfliction.rules import CheckKind
from crossline.deconfliction.texts import texts_asked
from crossline.errors import SelectorUnreadable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.mark.parametrize(
    ("scheme", "value", "met"),
    [
        ("person", "Jaydon Okonkwo|2004-07-19", True),
        ("person", "TAMM Jayden|19/07/2004", True),
        ("person", "Jayden Okonkwo-Tamm|2004-07-20", False),
        ("person", "Ada Wye|2004-07-19", False),
        ("line", "the LEO line|hastings", True),
        ("line", "Leo|metropolitan>kent", True),
        ("line", "Leo|Margate", False),
    ],
)
def test_a_person_and_a_line_are_met_however_they_are_written(
    kent: Any, builders: Any, scheme: str, value: str, met: bool
) -> None:
    answered = kent(scheme, value)
    assert [told.agency for told in answered.told] == (["kent"] if met else [])
    assert Check.objects.get().kind == CheckKind(scheme)
    with builders.seen_by(builders.enrolled("kent.other")) as viewpoint:
        assert [each.number for each in asked_about(viewpoint)] == ([answered.number] if met else [])


def test_pointers_of_people_hold_no_word_of_them(kent: Any) -> None:
    people = Pointer.objects.filter(scheme="person")
    assert people.count() > 3 and all(len(bytes(each.token)) == 16 for each in people)
    assert Pointer.objects.filter(scheme="line").count() >= 2


@pytest.mark.parametrize(
    ("scheme", "value", "sentence"),
    [
        ("person", "Jaden", r"'Jaden' says too little to mean one person: write the name and the date of birth, as in"),
        ("person", "Jaden Cole|2004", r"says too little to mean one person"),
        (
            "line",
            "Leo",
            r"'Leo' says too little to mean one line: write the brand and where it sells, as in Leo\|Hastings",
        ),
        (
            "postcode",
            "TN34 1AA",
            r"'postcode' is not a kind of value that can be checked: write one of phone, .*, line\.",
        ),
    ],
)
def test_what_means_nobody_in_particular_is_not_looked_up(scheme: str, value: str, sentence: str) -> None:
    with pytest.raises(SelectorUnreadable, match=sentence):
        texts_asked(scheme, value)
