"""What is typed of somebody who is asked after: read as deliveries are, or refused in a sentence that says what to do."""

from __future__ import annotations

import pytest

from crossline.entities.asking import Asked
from crossline.entities.who_form import WhoForm
from crossline.entities.who_presenter import asked_words


def errors_of(**sent: str) -> list[str]:
    return [str(each) for found in WhoForm(sent).errors.values() for each in found]


def test_everything_is_read_as_a_delivery_would_be() -> None:
    form = WhoForm(
        {
            "forename": "Jaden",
            "surname": "Cole",
            "born": "11 Apr 2008",
            "sex": "M",
            "aliases": "JC,  Biscuit ;",
            "phones": "07700 900123, +44 7700 900456",
            "vehicle": "ab12 cde",
            "postcode": "zz121aa",
            "beside": "Toby Winterbourne",
        }
    )
    assert form.is_valid()
    assert form.asked == Asked(
        forename="Jaden",
        surname="Cole",
        born="2008-04-11",
        sex="M",
        aliases=("JC", "Biscuit"),
        phones=("+447700900123", "+447700900456"),
        vehicle="AB12CDE",
        postcode="ZZ12 1AA",
        beside=("Toby Winterbourne",),
    )
    assert form.asked.said["phones"] == "+447700900123, +447700900456" and "pnc" not in form.asked.said
    assert ("Sex", "Male") in asked_words(form) and ("Date of birth", "11 Apr 2008") in asked_words(form)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"born": "last spring"}, "“last spring” cannot be read as a date of birth"),
        ({"phones": "07700 900123, 999"}, "Telephone number “999” cannot be read"),
        ({"vehicle": "?"}, "“?” is no registration mark"),
        ({"postcode": "Kent"}, "“Kent” is no postcode"),
        ({"beside": "Toby"}, "“Toby” is one name"),
        ({"aliases": ",".join("abcdefghijk")}, "Other names: 11 are too many"),
        ({"forename": "x" * 101}, "at most 100 characters"),
        ({"sex": "X"}, "Select a valid choice"),
        ({}, "Nothing was given"),
        ({"forename": "  "}, "Nothing was given"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(sent: dict[str, str], said: str) -> None:
    [error] = errors_of(**sent)
    assert said in error and error.endswith(".")


@pytest.mark.parametrize(
    ("born", "read"), [("2008", "2008"), ("April 2008", "2008-04"), ("11/4/2008", "2008-04-11"), ("", "")]
)
def test_a_date_may_be_known_in_part(born: str, read: str) -> None:
    form = WhoForm({"surname": "Cole", "born": born})
    assert form.is_valid() and form.asked.born == read
