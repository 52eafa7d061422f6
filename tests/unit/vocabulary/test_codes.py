"""The closed lists hold exactly the words of the delivery contract, and ours besides."""

import json

import pytest

from crossline.vocabulary import codes
from crossline.vocabulary.codes import (
    DELIVERED_ASSERTIONS,
    REPORT_KINDS,
    AssertionType,
    Classification,
    Code,
    Confidence,
    InformationGrade,
    LineStatus,
    RecordKind,
    SourceGrade,
)
from crossline.vocabulary.grading import CONFIDENCE_MATRIX, confidence, is_above_ceiling, read_marking

CONTRACT = {
    codes.InformationGrade: "A B C D E",
    codes.SourceGrade: "1 2 3",
    codes.Handling: "P C",
    codes.Classification: "OFFICIAL OFFICIAL-SENSITIVE",
    codes.Basis: "fact assessment",
    codes.SubjectCategory: "suspect convicted victim witness other",
    codes.SelectorScheme: "phone imei imsi vrm postcode address person line handle account",
    codes.LineStatus: "identified active disrupted closed_type1 closed_type2",
    codes.Tristate: "yes no unknown",
    codes.SourceSector: "health education social_care housing transport charity police",
    codes.ReturnStatus: "provisional final",
    codes.MoneyStage: "seized detained forfeited frozen restrained ordered received",
    codes.MoneyKind: "cash account listed_asset vehicle other",
    codes.MoneyCounted: "yes estimated",
    codes.CommunicationType: "voice sms mms data",
}


@pytest.mark.parametrize("listed", CONTRACT, ids=lambda listed: listed.__name__)
def test_lists_are_those_of_the_contract(listed: type[Code]) -> None:
    assert [str(word) for word in listed] == CONTRACT[listed].split()


def test_delivered_kinds_and_assertions_are_those_of_the_contract() -> None:
    kinds = {"intelligence", "custody", "stop", "missing", "seizure", "crime", "concern", "visit"}
    assert kinds == REPORT_KINDS
    assertions = (
        "uses lives_at drives owns associates_with controls runs_for stores_at found_at travels_to exploited_by "
        "victim_of seized_from sold_at"
    )
    assert set(assertions.split()) == DELIVERED_ASSERTIONS
    assert set(AssertionType) - DELIVERED_ASSERTIONS == {"succeeded_by", "takes_orders_on", "sells_in", "exports_from"}


def test_every_word_has_a_meaning_and_behaves_as_its_word() -> None:
    for listed in Code.__subclasses__():
        assert listed.choices() == [(word.value, word.meaning) for word in listed]
        for word in listed:
            assert word.meaning
            assert str(word) == word.value == f"{word}"
            assert listed(word.value) is word
            assert json.loads(json.dumps(word)) == word.value


def test_reading_forgives_case_spaces_and_numbers() -> None:
    assert SourceGrade.read(2) is SourceGrade.UNTESTED
    assert SourceGrade.read("2") is SourceGrade.UNTESTED
    assert SourceGrade.UNTESTED.number == 2
    assert LineStatus.read(" Closed Type1 ") is LineStatus.CLOSED_TYPE1
    assert RecordKind.read("Intelligence") is RecordKind.INTELLIGENCE
    assert SourceGrade.read(4) is None
    assert SourceGrade.read(True) is None
    assert SourceGrade.read(None) is None
    assert LineStatus.CLOSED_TYPE2.is_closed
    assert not LineStatus.DISRUPTED.is_closed


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("OFFICIAL", Classification.OFFICIAL),
        (" official ", Classification.OFFICIAL),
        ("UK OFFICIAL", Classification.OFFICIAL),
        ("OFFICIAL-SENSITIVE", Classification.OFFICIAL_SENSITIVE),
        ("Official Sensitive", Classification.OFFICIAL_SENSITIVE),
        ("OFFICIAL\u2013SENSITIVE", Classification.OFFICIAL_SENSITIVE),
        ("OFFICIAL//SENSITIVE [PERSONAL DATA]", Classification.OFFICIAL_SENSITIVE),
        ("O-S", Classification.OFFICIAL_SENSITIVE),
        ("SECRET", None),
        ("RESTRICTED", None),
        ("", None),
        ("whatever", None),
    ],
)
def test_markings(written: str, expected: Classification | None) -> None:
    assert read_marking(written) is expected


@pytest.mark.parametrize(
    "written",
    [
        "SECRET",
        "secret",
        "TOP SECRET",
        "Top-Secret",
        "TOPSECRET",
        "S E C R E T",
        "s.e.c.r.e.t",
        "UK SECRET",
        "SECRET - UK EYES ONLY",
        "OFFICIAL SECRET",
        "\uff33\uff25\uff23\uff32\uff25\uff34",
        "SECR3T",
        "S\u0415CRET",
        "TS",
        "T.S.",
        "TOP SECRET STRAP 2",
        "CONFIDENTIAL",
    ],
)
def test_higher_markings_are_known_in_any_spelling(written: str) -> None:
    assert is_above_ceiling(written)
    assert read_marking(written) is None


@pytest.mark.parametrize("written", ["OFFICIAL", "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE PERSONAL", "", "unmarked"])
def test_others_are_not_taken_for_higher(written: str) -> None:
    assert not is_above_ceiling(written)


def test_confidence_has_a_value_for_every_grade() -> None:
    assert set(CONFIDENCE_MATRIX) == {(s, i) for s in SourceGrade for i in InformationGrade}
    assert confidence(SourceGrade.RELIABLE, InformationGrade.A) is Confidence.HIGH
    assert confidence(SourceGrade.UNTESTED, InformationGrade.C) is Confidence.MEDIUM
    assert confidence(SourceGrade.NOT_RELIABLE, InformationGrade.D) is Confidence.LOW
    assert confidence(SourceGrade.RELIABLE, InformationGrade.E) is Confidence.NOT_ACTIONABLE
    only_low = dict.fromkeys(CONFIDENCE_MATRIX, Confidence.LOW)
    assert confidence(SourceGrade.RELIABLE, InformationGrade.A, matrix=only_low) is Confidence.LOW
