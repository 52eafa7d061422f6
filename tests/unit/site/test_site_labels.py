"""Tags exist for every word that is tagged, and a word without one is an error."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from crossline.errors import UsageError
from crossline.site import labels
from crossline.vocabulary.codes import (
    Basis,
    Classification,
    Confidence,
    Handling,
    LineStatus,
    ReturnStatus,
    SubjectCategory,
)

TAG_COLOURS = {"blue", "grey", "green", "teal", "purple", "magenta", "red", "orange", "yellow"}


@pytest.mark.parametrize("codes", [LineStatus, ReturnStatus, Basis, Handling, Classification, Confidence])
def test_every_word_of_these_lists_has_a_tag(codes):
    for word in codes:
        look = labels.status_label(word)
        assert look.text
        assert look.colour in TAG_COLOURS


def test_an_unknown_word_is_an_error_not_a_blank():
    with pytest.raises(UsageError, match="mothballed"):
        labels.status_label("mothballed")
    with pytest.raises(UsageError, match="bystander"):
        labels.category_label("bystander")


def test_every_category_of_data_subject_has_its_own_colour():
    looks = [labels.category_label(category) for category in SubjectCategory]
    assert len({look.colour for look in looks}) == len(looks)


def test_agencies_by_name():
    assert labels.agency_name("kent") == "Kent Police"
    assert labels.agency_short_name("kent") == "Kent"
    assert labels.agency_name("kent-social-care") == "kent-social-care"
    assert labels.agency_name(None) == "Not known"
    assert labels.agency_short_name("") == "Not known"


def test_grades_in_words():
    assert labels.grade_meaning(2, "B", "C").startswith("Source: untested. Information: known indirectly")
    assert "Handling: not graded." in labels.grade_meaning(1, "A", None)


def test_identity_is_that_of_who_is_signed_in():
    request = RequestFactory().get("/")
    assert labels.identity_of(request) is None
    request.user = SimpleNamespace(is_authenticated=False)
    assert labels.identity_of(request) is None
    request.user = SimpleNamespace(is_authenticated=True, name="A. Shah", agency_id="kent", roles=["line_lead"])
    assert labels.identity_of(request) == labels.Identity("A. Shah", "Kent Police", ("line lead",))
