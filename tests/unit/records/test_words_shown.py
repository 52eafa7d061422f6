"""What pages say of records: no codes, ids or ISO times, and the same words on every page."""

from __future__ import annotations

import pytest

from crossline.records.detail_words import LABELS, ORDER, detail_rows
from crossline.records.models import Mention
from crossline.records.naming import caption_of, name_of, tidy_brand, tidy_name
from crossline.records.phrases import PHRASES, phrase
from crossline.records.presenter import conditions_in_words, group_in_words
from crossline.records.selection import RecordSelection
from crossline.vocabulary.codes import AssertionType, MentionKind


def test_every_assertion_reads_from_both_ends() -> None:
    assert set(PHRASES) == set(AssertionType)
    assert all(words and words[0].isupper() for pair in PHRASES.values() for words in pair)
    assert phrase("runs_for", forwards=True) == "Runs for"
    assert phrase("runs_for", forwards=False) == "Has as a runner"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("LEONARD Elliot HOOD", "Leonard Elliot Hood"),
        ("JC", "JC"),
        ("AJ Brown", "AJ Brown"),
        ("MARY-ANN O'NEILL", "Mary-Ann O'Neill"),
        ("Jaden Cole", "Jaden Cole"),
    ],
)
def test_a_name_in_capitals_is_written_as_people_write_it(written: str, shown: str) -> None:
    assert tidy_name(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [("'LENNY'", "Lenny"), ("AJ", "AJ"), ("\u201cLeo\u201d", "Leo"), ("Nino line", "Nino line"), ("''", "''")],
)
def test_a_brand_loses_quotation_marks_and_capitals(written: str, shown: str) -> None:
    assert tidy_brand(written) == shown


def test_a_thing_is_shown_as_people_read_it() -> None:
    number = Mention(kind=MentionKind.PHONE, caption="+44 7700 900123 #0042", selector="phone:+447700900123#0042")
    assert caption_of(number) == "07700 900123 #0042"
    handset = Mention(kind=MentionKind.PHONE, caption="IMEI 00 123", selector="imei:00123")
    assert caption_of(handset) == "IMEI 00 123"
    cash = Mention(kind=MentionKind.ITEM, caption="gbp cash", detail={"unit": "gbp", "value": 430})
    assert caption_of(cash) == "Cash, £430"
    uncounted = Mention(kind=MentionKind.ITEM, caption="gbp cash", detail={"unit": "gbp"})
    assert caption_of(uncounted) == "Cash, not counted"


def test_only_where_identity_counts_are_names_tidied() -> None:
    person = Mention(kind=MentionKind.PERSON, caption="JADEN COLE")
    assert (caption_of(person), name_of(person)) == ("JADEN COLE", "Jaden Cole")
    line = Mention(kind=MentionKind.LINE, caption="'LEO'", selector="line:leo")
    assert (caption_of(line), name_of(line)) == ("'LEO'", "Leo")


def test_the_fields_of_a_kind_are_said_in_words_and_in_order() -> None:
    rows = detail_rows(
        {
            "folder": "03bc36e5",
            "missing": {
                "risk": "high",
                "found_agency": "btp",
                "from": "2025-11-12T13:06:00+00:00",
                "home_agency": "kent",
                "return_interview": None,
            },
        }
    )
    assert rows == [
        ("Missing since", "12 November 2025 at 1:06pm"),
        ("Found by", "British Transport Police"),
        ("Home force", "Kent Police"),
        ("Risk", "High"),
    ]


def test_lists_amounts_and_unknown_fields_are_said_too() -> None:
    rows = dict(
        detail_rows(
            {
                "drugs": ["crack", "heroin"],
                "importing_agencies": ["kent", "essex"],
                "amount": "1160.50",
                "harms": {"sexual_violence": 0, "violence": None},
                "custody": {"under_18": True, "offence": "possession_of x"},
                "refused": {"the time is outside the period": 7},
                "opened": "2025-12-12",
                "contact": "op_one@essex.example",
                "selectors": "phone:1",
            }
        )
    )
    assert rows["Drugs"] == "Crack, Heroin"
    assert rows["Sells in the area of"] == "Kent Police, Essex Police"
    assert rows["Amount"] == "£1,160.50"
    assert rows["Sexual violence, 0 to 5"] == "0"
    assert rows["Under 18"] == "Yes"
    assert rows["Rows refused because the time is outside the period"] == "7"
    assert rows["Opened"] == "12 December 2025"
    assert rows["Contact"] == "op_one@essex.example"
    assert "Violence, 0 to 5" not in rows
    assert "Selectors" not in rows


def test_no_field_is_ordered_that_has_no_way_to_be_named() -> None:
    assert len(set(ORDER)) == len(ORDER)
    assert all(label and label[0].isupper() for label in LABELS.values())


def test_handling_codes_are_explained_and_other_words_kept() -> None:
    assert (
        conditions_in_words("A2 S2 Until 1 May")
        == "A2 (covert use) S2 (consult the originator before sanitising) Until 1 May"
    )


def test_groups_are_named_never_coded() -> None:
    assert group_in_words("agency:kent") == "Kent Police"
    assert group_in_words("centre") == "The national coordination centre"
    assert group_in_words("role:auditor") == "Everyone with the role auditor"


def test_a_selection_of_records_takes_only_what_is_on_its_lists() -> None:
    chosen = RecordSelection.read({"kind": "missing", "agency": "kent", "month": "2026-03"})
    assert chosen.chosen() == [
        ("Kind", [("Missing person episode", "?agency=kent&month=2026-03")]),
        ("Sent by", [("Kent", "?kind=missing&month=2026-03")]),
        ("Made in", [("March 2026", "?kind=missing&agency=kent")]),
    ]
    assert RecordSelection.read({"kind": "x", "agency": "y", "month": "2026-13"}) == RecordSelection()
