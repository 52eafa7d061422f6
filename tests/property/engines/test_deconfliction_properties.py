"""What must hold of any name and line: the writing changes nothing, both sides find each other or neither does."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from crossline.engines.deconfliction.tokens import (
    LineAsked,
    PersonAsked,
    line_texts,
    person_lookups,
    person_texts,
    selector_texts,
)

WORDS = st.sampled_from(
    ["Zoë", "Bill", "William", "Łukasz", "O'Neill", "Smith", "Jones", "Mohammed", "Ali", "Kate", "J", "Nguyễn", "St"]
)
FIELDS = st.lists(WORDS, max_size=3).map(" ".join)
DAYS = st.dates(date(1950, 1, 1), date(2015, 12, 31))
PEOPLE = st.builds(
    PersonAsked,
    forename=FIELDS,
    surname=FIELDS,
    born=st.none() | DAYS,
    year_of_birth=st.none() | st.integers(1950, 2015),
    sex=st.sampled_from(["", "M", "F", "male"]),
    aliases=st.lists(st.sampled_from(["Ghost", "Big B", "JD", "unknown"]), max_size=2).map(tuple),
)


def written_otherwise(text: str, way: int) -> str:
    """The same, as another keyboard has it."""
    if way & 1:
        text = text.upper()
    if way & 2:
        text = f"  {text.replace(' ', '   ')} "
    if way & 4:
        text = unicodedata.normalize("NFD", text)
    if way & 8:
        text = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return "-".join(text.split()) if way & 16 else text


@given(PEOPLE, st.integers(0, 31), st.booleans())
def test_how_a_name_is_written_and_which_comes_first_changes_no_key(
    person: PersonAsked, way: int, turned: bool
) -> None:
    names = [written_otherwise(each, way) for each in (person.forename, person.surname)]
    if turned:
        names.reverse()
    other = replace(
        person,
        forename=names[0],
        surname=names[1],
        aliases=tuple(written_otherwise(each, way) for each in person.aliases),
    )
    assert person_texts(other) == person_texts(person)
    assert person_lookups(other) == person_lookups(person)


@given(PEOPLE, PEOPLE)
def test_one_finds_the_other_exactly_if_the_other_finds_them(one: PersonAsked, other: PersonAsked) -> None:
    there, back = (
        {key.kind for key in set(person_lookups(asked)) & set(person_texts(pointed))}
        for asked, pointed in ((one, other), (other, one))
    )
    assert there == back


@given(PEOPLE)
def test_whoever_has_keys_finds_themselves_unless_only_their_year_would(person: PersonAsked) -> None:
    held = set(person_texts(person))
    assert {key for key in held if "day known" not in key.text} <= set(person_lookups(person))
    assert all(key.text.startswith(f"person:{key.kind}:") for key in held)


@given(st.sampled_from(["Leo", "Café", "Big-T"]), FIELDS, st.integers(0, 15))
def test_how_a_line_is_written_changes_no_key(brand: str, town: str, way: int) -> None:
    line = LineAsked(brand, (town,), "metropolitan", ("kent", "essex"), ("07700900123",))
    other = LineAsked(
        written_otherwise(brand, way),
        (written_otherwise(town, way),),
        written_otherwise("metropolitan", way),
        (written_otherwise("essex", way), "kent"),
        (written_otherwise("07700 900123", way),),
    )
    assert line_texts(other) == line_texts(line)


@given(st.sampled_from(["phone", "vrm", "address", "handle", "account", "imei", "imsi"]), st.text(max_size=40))
def test_any_text_is_a_selector_or_is_not_and_its_own_form_comes_back(scheme: str, value: str) -> None:
    for text in selector_texts(scheme, value):
        assert selector_texts(scheme, text.removeprefix(f"{scheme}:")) == (text,)
