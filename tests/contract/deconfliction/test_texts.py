"""Checks of people and of lines: found by coarse keys, however they are written, and told like any other check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crossline.access.models import Person
from crossline.access.viewer import viewer_of
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.asking_of_lines import as_asked
from crossline.deconfliction.checking import LONGEST_VALUE, Answered, Asked, Why, ask_check
from crossline.deconfliction.inbox import asked_about
from crossline.deconfliction.models import Check, Pointer
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.rules import AnswerLevel, CheckKind
from crossline.deconfliction.texts import texts_asked
from crossline.engines.deconfliction.tokens import Verdict
from crossline.errors import SelectorUnreadable
from crossline.lines.register import register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
WHY = Why("before a warrant", "Operation Yew", "Yew desk, 07700 900100", 91)


@pytest.fixture
def kent(builders: Any, tmp_path: Path, kept: Path) -> Any:
    """Kent inquires into somebody and has returned a line; it lets itself be named. Gives one who asks for Essex."""
    person = "person:Jayden Okonkwo-Tamm|2004-07-19"
    work = [builders.investigation(selectors=person, line_refs="")]
    builders.sent(tmp_path / "kent", kept, investigations=work, lines=[builders.line("LEO", towns="Hastings")])
    make_pointers()
    analyst, asker = builders.enrolled("kent.analyst"), builders.enrolled("essex.analyst", agency="essex")
    with builders.seen_by(analyst) as viewpoint:
        set_answer(level=AnswerLevel.CONTACT, contact="Kent desk", category="", viewpoint=viewpoint)

    def asks(scheme: str, value: str) -> Answered:
        with builders.seen_by(asker) as viewpoint:
            return ask_check(asked=Asked.read(scheme, value), why=WHY, viewpoint=viewpoint)

    return asks


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


def test_a_line_is_asked_about_by_its_numbers_too_and_its_page_writes_the_question(kent: Any, builders: Any) -> None:
    assert kent("line", "Nemo|Carlisle").told == ()
    told = kent("line", "Nemo|Carlisle|07700 900123#0042").told
    assert [(each.agency, each.verdict) for each in told] == [("kent", Verdict.SAME)]
    told = kent("line", "Leo|Hastings").told
    assert [(each.agency, each.verdict) for each in told] == [("kent", Verdict.LIKELY)]
    with builders.seen_by(viewer_of(Person.objects.get(username="kent.analyst"))) as viewpoint:
        written = as_asked(register(viewpoint).lines[0])
    assert written.startswith("Leo|Hastings|+4477009") and len(written) <= LONGEST_VALUE
    assert [each.agency for each in kent("line", written).told] == ["kent"]


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
