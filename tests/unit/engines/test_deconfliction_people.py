"""People as keys of equal texts: who meets whom, by which kinds, and what it is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crossline.engines.deconfliction.tokens import (
    WORTH,
    KeyKind,
    PersonAsked,
    Verdict,
    judge,
    person_lookups,
    person_texts,
)

JADEN = PersonAsked(forename="Jaden", surname="Cole", born=date(2008, 4, 11), sex="M")


def meet(asked: PersonAsked, pointed: PersonAsked) -> set[KeyKind]:
    return {key.kind for key in set(person_lookups(asked)) & set(person_texts(pointed))}


@pytest.mark.parametrize(
    ("other", "kinds"),
    [
        (replace(JADEN, forename="COLE", surname="jadén"), {"name_day", "sound_day", "transposed", "initial_day"}),
        (replace(JADEN, forename="Jaiden"), {"sound_day", "initial_day"}),
        (replace(JADEN, forename="J"), {"initial_day"}),
        (replace(JADEN, forename="J", sex=""), {"initial_day"}),
        (replace(JADEN, forename="J", sex="F"), set()),
        (replace(JADEN, surname="Cole-Adeyemi"), {"name_day", "sound_day", "transposed", "initial_day"}),
        (replace(JADEN, born=date(2008, 11, 4)), {"transposed"}),
        (replace(JADEN, born=date(2008, 4, 12)), set()),  # one digit wrong: measured, and not worth its strangers
        (replace(JADEN, born=date(2008, 1, 1)), {"name_year"}),  # the year is all that a first of January says
        (replace(JADEN, born=None, year_of_birth=2008), {"name_year"}),
        (replace(JADEN, born=None), set()),
        (replace(JADEN, forename="", aliases=("Ghost",)), set()),
        (replace(JADEN, forename="Marlon"), set()),
    ],
)
def test_who_meets_jaden_cole(other: PersonAsked, kinds: set[str]) -> None:
    assert meet(JADEN, other) == meet(other, JADEN) == kinds


@pytest.mark.parametrize(("one", "other"), [("Bill", "William"), ("Alexandra", "Alex"), ("Mohammed", "Muhammad")])
def test_a_short_form_meets_what_it_is_short_for(one: str, other: str) -> None:
    assert KeyKind.NAME_DAY in meet(replace(JADEN, forename=one), replace(JADEN, forename=other))


def test_a_street_name_beside_the_names_stands_in_for_a_date_and_initials_do_not() -> None:
    known_as = replace(JADEN, born=None, aliases=("Lil Ghost", "unknown"))
    assert meet(known_as, replace(JADEN, aliases=("LILGHOST",))) == {KeyKind.STREET_NAME}
    assert meet(replace(known_as, aliases=("JC",)), replace(JADEN, aliases=("J.C.",))) == set()


@pytest.mark.parametrize("name", ["", "unknown", "Mr", "?"])
def test_nobody_has_no_keys(name: str) -> None:
    assert person_texts(replace(JADEN, forename=name, surname="N/K")) == ()


def test_what_agreeing_kinds_are_worth() -> None:
    assert judge(()) is None
    assert judge([KeyKind.INITIAL_DAY]) is judge([KeyKind.NAME_YEAR]) is Verdict.MAY_BE
    assert judge([KeyKind.INITIAL_DAY, KeyKind.SOUND_DAY]) is Verdict.LIKELY
    # As the table's own rule has it: likely is rare among strangers.
    assert all((each.strangers < 0.01) == (each.verdict is Verdict.LIKELY) for each in WORTH.values())


def test_a_list_of_names_in_one_field_makes_no_flood_of_keys() -> None:
    crowded = replace(JADEN, forename="Ana Maria Luisa Teresa Rosa", surname="Garcia Lopez Perez Ruiz Diaz", sex="")
    assert len(person_texts(crowded)) < 200
