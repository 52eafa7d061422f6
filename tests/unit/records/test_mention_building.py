"""From the words of a report to mentions: what each kind's selector is, what is no evidence, and by which words it is found."""

from __future__ import annotations

from typing import Any

import pytest

from crossline.records.intake.mentions import mentions_in_text, mentions_of
from crossline.records.intake.parsed import ParsedMention
from crossline.records.intake.shapes import MentionShape
from crossline.records.search_tokens import tokens_for
from crossline.vocabulary.codes import MentionKind


def built(**said: Any) -> list[ParsedMention]:
    return mentions_of(MentionShape.model_validate({"key": "k"} | said))


@pytest.mark.parametrize(
    ("said", "selector"),
    [
        ({"kind": "phone", "number": "07700 900123#0042"}, "phone:+447700900123#0042"),
        ({"kind": "phone", "number": "withheld", "imei": "004400152020000"}, "imei:00440015202000"),
        ({"kind": "phone", "imsi": "001010123456789"}, "imsi:001010123456789"),
        ({"kind": "phone", "number": "unknown"}, None),
        ({"kind": "vehicle", "vrm": "ab12 cde"}, "vrm:AB12CDE"),
        ({"kind": "vehicle", "colour": "blue", "make": "Ford"}, None),
        ({"kind": "line", "name": "The LEO line"}, "line:leo"),
        ({"kind": "group", "name": "Harbour", "ids": {"ocg": "9"}}, "group:9"),
        ({"kind": "group", "name": "Harbour Boys"}, "group:harbour boys"),
        ({"kind": "place", "name": "St. Leonards"}, "place:st leonards"),
        ({"kind": "handle", "name": "Snap: @jc"}, "handle:snapchat:jc"),
        ({"kind": "account", "number": "12-34-56 01234567"}, "account:12345601234567"),
        ({"kind": "address", "postcode": "TN34 1AA"}, "address:TN34 1AA||"),
        ({"kind": "item", "type": "drug", "quantity": 3.2, "unit": "g"}, None),
        ({"kind": "person", "forename": "Jaden"}, None),
    ],
)
def test_the_selector_of_each_kind(said: dict[str, Any], selector: str | None) -> None:
    assert built(**said)[0].selector == selector


def test_a_handset_with_a_number_is_a_mention_of_its_own() -> None:
    phone, handset = built(kind="phone", number="07700 900123#0042", imei="004400152020000")
    assert (phone.key, handset.key, handset.kind) == ("k", "k.imei", MentionKind.PHONE)
    assert handset.selector == "imei:00440015202000"


@pytest.mark.parametrize("nothing", ["unknown", "N/K", "-", "not known", ""])
def test_a_word_for_nothing_is_no_name(nothing: str) -> None:
    (person,) = built(kind="person", forename=nothing, surname=nothing, aliases=[nothing])
    assert (person.forename, person.surname, person.aliases, person.caption) == ("", "", (), "unnamed person")


def test_what_a_text_names_is_found_once_and_only_where_it_can_hardly_be_anything_else() -> None:
    text = "07700 900123#0042 and +44 7700 900123#0042; AB12CDE, order 0770090012, card 1234567890123456, A1 2BC."
    assert [mention.selector for mention in mentions_in_text(text)] == ["phone:+447700900123#0042", "vrm:AB12CDE"]


def test_the_words_by_which_a_mention_is_found() -> None:
    (person,) = built(kind="person", forename="Zoë", surname="O'Brien-Smith", aliases=["JC"], ids={"nominal": "K4411"})
    assert tokens_for(person) == {"zoe", "obrien", "smith", "jc", "k4411"}
    (line,) = built(kind="line", name="The Leo line")
    assert "leo" in tokens_for(line)
    (phone,) = built(kind="phone", number="07700 900123#0042")
    assert tokens_for(phone) == set(), "a selector is looked up as itself"
    assert max(map(len, tokens_for(built(kind="person", surname="x" * 300)[0]))) == 100
