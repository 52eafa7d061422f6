"""How published signs are read in words: general vocabulary, different words for one sign, and what is denied."""

from __future__ import annotations

import pytest

from crossline.engines.indicators.wording import BESIDE, RAISING, SPOKEN, kinds_listed, kinds_told, words_of_signs


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("He returned with expensive trainers and a bundle of cash.", {"unexplained_money"}),
        ("She had two mobile phones on her.", {"several_phones"}),
        ("Carrying multiple SIM cards and a hotel key.", {"several_phones", "unexplained_tickets"}),
        ("Travelling without a valid ticket and could not explain the journey.", {"journey"}),
        ("Found on the train with a one-way ticket.", {"journey"}),
        ("Bruises to both arms; injuries he would not explain.", {"unexplained_injury"}),
        ("He is said to owe money over a drugs debt.", {"debts"}),
        ("Refused to let go of his bag.", {"bag"}),
        ("The bag was never put down.", {"bag"}),
        ("Found safe and well at a friend's house.", set()),
        ("Paid cash for a ticket and had his phone with him.", set()),
        ("", set()),
    ],
)
def test_a_narrative_tells_of_the_signs_it_names(text: str, kinds: set[str]) -> None:
    assert kinds_told(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "No new phone or unexplained money was seen.",
        "He denied being in debt.",
        "Did not have two phones.",
        "She had never had a second phone.",
        "Nil of note, no hotel card.",
        "A one way street; a single mother with a new baby and a phone.",
    ],
)
def test_what_is_denied_or_means_something_else_is_no_sign(text: str) -> None:
    assert kinds_told(text) == set()


def test_what_is_denied_before_a_comma_is_not_denied_after_it() -> None:
    assert kinds_told("No luggage, two mobile phones.") == {"several_phones"}
    assert kinds_told("Had no injuries but a new phone.") == {"unexplained_money"}


@pytest.mark.parametrize(
    ("entry", "kinds"),
    [
        ("Unexplained bruising", {"unexplained_injury"}),
        ("Multiple SIMs", {"several_phones"}),
        ("Absent from school", {"school"}),
        ("no known debts", set()),
        ("older boyfriend", set()),
        ("associates with gang members", set()),
        ("missing meals", set()),
    ],
)
def test_an_entry_of_a_list_names_its_sign(entry: str, kinds: set[str]) -> None:
    assert kinds_listed(entry) == kinds


def test_every_sign_has_words_and_a_name_to_be_called_by() -> None:
    assert set(words_of_signs()) == set(BESIDE) | {reason.value for reason in RAISING}
    assert set(words_of_signs()) <= set(SPOKEN)
    assert all(terms for terms in words_of_signs().values())
