"""Which way somebody goes is a table: whatever is said of consent, no child goes by duty to notify."""

from __future__ import annotations

from datetime import date

import pytest

from crossline.safeguarding.nrm.form import first_responder_agencies, is_first_responder, nrm_form, section_45
from crossline.safeguarding.nrm.models import IDENTIFYING
from crossline.safeguarding.nrm.routes import (
    ROUTES,
    Age,
    Consent,
    Route,
    age_of,
    far_enough_from_18,
    is_child,
    route_of,
)


def test_every_age_and_answer_has_its_route_and_no_child_goes_by_duty_to_notify() -> None:
    assert {age: set(answers) for age, answers in ROUTES.items()} == {age: set(Consent) for age in Age}
    for age in (Age.CHILD, Age.MAY_BE_CHILD):
        assert {route_of(age, consent) for consent in Consent} == {Route.NRM}


def test_an_adult_is_referred_with_consent_notified_about_without_and_asked_first() -> None:
    of_adult = {
        consent: route_of(Age.ADULT, consent) for consent in (Consent.GIVEN, Consent.REFUSED, Consent.NOT_ASKED)
    }
    assert of_adult == {
        Consent.GIVEN: Route.NRM,
        Consent.REFUSED: Route.DUTY_TO_NOTIFY,
        Consent.NOT_ASKED: Route.ASK,
    }


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ([], Age.MAY_BE_CHILD),
        ([None, None], Age.MAY_BE_CHILD),
        ([False, None], Age.ADULT),
        ([False, False, True], Age.CHILD),
        ([None, True], Age.CHILD),
    ],
)
def test_one_record_that_may_mean_a_child_is_enough_and_silence_is_no_adult(said: list[bool | None], age: Age) -> None:
    assert age_of(said) is age
    assert is_child(age) is (age is not Age.ADULT)


def test_a_panel_decides_on_children_more_than_a_hundred_days_from_18() -> None:
    on = date(2026, 3, 1)
    assert far_enough_from_18(date(2008, 6, 10), on, 100)
    assert not far_enough_from_18(date(2008, 6, 9), on, 100)
    assert far_enough_from_18(date(2012, 2, 29), on, 100)


def test_parts_are_asked_of_whom_they_are_for_and_means_never_of_a_child() -> None:
    form = nrm_form()
    of_child = {part.id for part in form.parts_for(Age.MAY_BE_CHILD, Route.NRM)}
    of_adult = {part.id for part in form.parts_for(Age.ADULT, Route.NRM)}
    notice = {part.id for part in form.parts_for(Age.ADULT, Route.DUTY_TO_NOTIFY, without=frozenset(IDENTIFYING))}
    assert "means" in of_adult - of_child
    assert {"local_authority", "parental_responsibility", "child_knows", "safeguarding_steps"} <= of_child - of_adult
    assert "consent_how" in of_adult and not notice & set(IDENTIFYING) and {"encounter", "act", "means"} <= notice
    assert set(IDENTIFYING) <= {part.id for part in form.parts}, "what is left out of a notice is a part of the form"


def test_forces_and_the_agency_for_crime_send_and_regional_units_and_the_centre_ask_one() -> None:
    assert all(is_first_responder(each) for each in ("kent", "btp", "nca"))
    assert not any(is_first_responder(each) for each in ("serocu", "nclcc", "partner-ashdown-academy", "nobody"))
    assert set(first_responder_agencies()) > {"kent", "essex", "nca"} and "nclcc" not in first_responder_agencies()


def test_what_stands_in_the_data_says_where_it_is_from() -> None:
    form, law = nrm_form(), section_45()
    entries = [
        *form.parts,
        *form.indicators,
        *form.corroboration,
        *form.questions,
        *form.deciding,
        *form.first_responders,
    ]
    assert [
        each for each in [*entries, *law.tests, *law.offences] if not each.label.startswith(("[S", "[K]", "[D]"))
    ] == []
    assert all(
        clock.authority.startswith("[S]") and clock.limit in ("by", "not_before") for clock in form.clocks.values()
    )
    assert not any("drug" in each.name.casefold() or "suppl" in each.name.casefold() for each in law.offences)
