"""Whole names beside each other: what is written differently for one name, what makes two of it, and what is said of it."""

from __future__ import annotations

import pytest

from crossline.engines.resolution.alphabets import VOWELLESS, latin
from crossline.engines.resolution.whole_name_parts import PartKind, take_apart
from crossline.engines.resolution.whole_names import LIKELY_ONE_NAME, Likeness, name_similarity


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Kwabena Osei", "OSEI, Kwabena"),
        ("William Thornbury", "Bill Thornbury"),
        ("Mohammed Chowdhury", "Muhammad Choudhury"),
        ("Katarzyna Łabędzka", "Katarzyna Labedzka"),
        ("Siobhán O'Rourke", "Siobhan O Rourke"),
        ("Ann Marie Fothergill", "Annmarie Fothergill"),
        ("J. Thornbury", "John Thornbury"),
        ("JP Thornbury", "Jean-Paul Thornbury"),
        ("Yusuf Hassan Warsame", "Yusuf Warsame"),
        ("Dr Amina Yusuf", "Amina Yusuf"),
        ("Abd al-Rahman Idris", "Abdulrahman Idris"),
        ("Усман Каримов", "Usman Karimov"),
        ("يوسف حسن", "Yusuf Hassan"),
        ("김민수", "Gim Minsu"),
        ("ਹਰਪ੍ਰੀਤ ਸਿੰਘ", "Harpreet Singh"),
        ("Thornbury", "Thronbury"),
        ("Larch Haulage Limited", "LARCH HAULAGE LTD"),
        ("Larch Haulage Limited Liability Company", "Larch Haulage LLC"),
    ],
)
def test_is_taken_for_one_name(left: str, right: str) -> None:
    assert name_similarity(left, right).score >= LIKELY_ONE_NAME


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Kwabena Osei", "Kofi Osei"),
        ("Yusuf Warsame", "Ibrahim Warsame"),
        ("John Thornbury", "John Fothergill"),
        ("A. Thornbury", "John Thornbury"),
        ("Salman bin Muhammad", "Muhammad bin Salman"),
        ("Amina Yusuf Warsame", "Hodan Yusuf Warsame"),
        ("Larch Haulage Ltd", "Larch Fencing Ltd"),
        ("Усман Каримов", "Timur Karimov"),
        ("Ben Thornbury", "Tom Thornbury"),
        ("Amina King", "Amina Kofi"),
        ("Prince Mensah", "Kofi Mensah"),
        ("Ajay Das", "Ajay Rao"),
        ("Minh Sa", "Minh Co"),
    ],
)
def test_is_taken_for_two(left: str, right: str) -> None:
    assert name_similarity(left, right).score < LIKELY_ONE_NAME


@pytest.mark.parametrize(
    ("text", "written"),
    [("Щукин", "shchukin"), ("Юлия", "yuliya"), ("Παπαδόπουλος", "papadopoulos"), ("Ժան", "zhan"), ("ჯორჯი", "jorji")],
)
def test_letters_are_written_as_records_do(text: str, written: str) -> None:
    assert latin(text) == written


def test_an_alphabet_without_vowels_is_marked_letter_by_letter() -> None:
    assert latin("حسن").split(VOWELLESS) == ["h", "s", "n", ""]
    assert take_apart("حسن").parts[0].vowelless


def test_a_mark_in_the_input_is_not_taken_for_ours() -> None:
    assert not take_apart(f"Ha{VOWELLESS}san").parts[0].vowelless


def test_kinds_of_parts() -> None:
    kinds = [part.kind for part in take_apart("Timur J. Ruslanovich al Karimov").parts]
    assert kinds == [PartKind.NAME, PartKind.INITIAL, PartKind.PATRONYMIC, PartKind.PARTICLE, PartKind.NAME]


def test_titles_and_legal_forms_are_no_parts_unless_there_is_nothing_else() -> None:
    assert [part.text for part in take_apart("Prof. Dr Amina Yusuf").parts] == ["amina", "yusuf"]
    assert [part.text for part in take_apart("Larch Haulage Ltd").parts] == ["larch", "haulage"]
    assert [part.text for part in take_apart("Mr").parts] == ["mr"]


def test_it_says_which_parts_stand_beside_each_other() -> None:
    found = name_similarity("Bill A Thornbury", "Thornbury, William Kofi")
    beside = {(part.left, part.right): part.likeness for part in found.parts}
    assert beside["thornbury", "thornbury"] is Likeness.SAME
    assert beside["bill", "william"] is Likeness.VARIANT
    assert beside["", "kofi"] is Likeness.ALONE
    assert "bill and william: a short form or another spelling of one name" in found.in_words()
    assert found.in_words().endswith("a, kofi: only in one of the names")


def test_the_sides_keep_their_sides_whichever_comes_first() -> None:
    for left, right in (("Bill Osei", "William Osei"), ("William Osei", "Bill Osei")):
        parts = {(part.left, part.right) for part in name_similarity(left, right).parts}
        assert (left.split()[0].lower(), right.split()[0].lower()) in parts


def test_nothing_is_like_nothing() -> None:
    assert name_similarity("", "").score == 0.0
    assert name_similarity("...", "Amina").parts == ()
