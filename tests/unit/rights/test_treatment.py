"""Every record has a proposal with its authority; a proposal never gives what another agency answers for."""

from __future__ import annotations

import itertools

import pytest

from crossline.records.models import Record
from crossline.rights.treatment import DETAILS_GIVEN, PROPOSALS, TEXT_WITHHELD, Treatment, proposed
from crossline.vocabulary.codes import Handling, RecordKind

CASES = list(itertools.product(RecordKind, Handling))


def record(kind: RecordKind, handling: Handling) -> Record:
    return Record(owner_id="kent", kind=kind, handling=handling)


@pytest.mark.parametrize(("kind", "handling"), CASES)
def test_another_agencys_record_is_never_proposed_to_be_given(kind: RecordKind, handling: Handling) -> None:
    assert proposed(record(kind, handling), agency="essex").treatment is Treatment.OWNER


def test_of_ones_own_these_are_proposed_to_be_given() -> None:
    given = {case for case in CASES if proposed(record(*case), agency="kent").treatment.gives}
    withheld = {RecordKind.COMMUNICATIONS, RecordKind.FINDING, RecordKind.INVESTIGATION, RecordKind.CONCERN}
    assert given == {(kind, Handling.P) for kind in set(RecordKind) - withheld}


def test_free_text_is_never_proposed_to_be_given() -> None:
    assert all(each.treatment is not Treatment.GIVE_TEXT for each in PROPOSALS)
    assert set(TEXT_WITHHELD) == set(RecordKind)
    assert not any(why.gives for why in TEXT_WITHHELD.values())


def test_every_proposal_says_on_what_authority_and_every_restriction_on_what_provision() -> None:
    assert all(each.authority.startswith(("[S]", "[K]", "[D]")) for each in PROPOSALS)
    provisions = {str(each): each.provision for each in Treatment if each.provision}
    assert {code[-1] for code in provisions} == set("abcde")
    assert provisions["s45_4_b"] == "DPA 2018 s.45(4)(b) [K]"


def test_details_are_given_of_kinds_that_have_them() -> None:
    assert {str(kind): set(fields) for kind, fields in DETAILS_GIVEN.items()} == {
        "custody": {"custody"},
        "missing": {"missing"},
    }
