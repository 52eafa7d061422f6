"""What the engine makes of a mention: nothing is taken for a value that is none."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.names import name_reference, soundex, words
from crossline.engines.resolution.on_duckdb import keys
from crossline.engines.resolution.preparing import prepare


def prepared(*mentions: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [{"mention_id": str(number), **mention} for number, mention in enumerate(mentions)]
    found: list[dict[str, Any]] = prepare(pa.Table.from_pylist(rows, schema=MENTION_SCHEMA)).to_pylist()
    return found


@pytest.mark.parametrize("blank", ["", "  ", "unknown", "N/K", "not known", "-"])
def test_blank_is_no_value(blank: str) -> None:
    texts = {field.name: blank for field in MENTION_SCHEMA if field.type == pa.string() and field.name != "mention_id"}
    [row] = prepared({**texts, "aliases": [blank], "phones": [blank]})
    assert {name for name, value in row.items() if value is not None} == {"row_id", "mention_id"}
    assert keys(prepare(pa.Table.from_pylist([{"mention_id": "a", **texts}], schema=MENTION_SCHEMA))).num_rows == 0


def test_names_are_folded_and_titles_dropped() -> None:
    assert words("Mr Łukasz  O'Néill-Smith") == ("lukasz", "oneill", "smith")
    [row] = prepared({"forename": "Mary Jane", "surname": "O'Neil-Smith"})
    assert (row["fore"], row["mid"], row["sur"]) == ("mary", "jane", "oneilsmith")
    assert row["sur_parts"] == ["oneil", "oneilsmith", "smith"]


def test_an_initial_is_no_forename() -> None:
    [row] = prepared({"forename": "J.", "surname": "Cole"})
    assert (row["fore"], row["fore_initial"], row["fore_root"], row["rare_fore"]) == (None, "j", None, None)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2008-04-11", ("2008-04-11", 2008, 4, 11)),
        ("2008-04", (None, 2008, 4, None)),
        ("2008", (None, 2008, None, None)),
        ("2008-01-01", (None, 2008, None, None)),
        ("1900-01-01", (None, None, None, None)),
        ("about 2008", (None, None, None, None)),
    ],
)
def test_a_first_of_january_is_a_year(written: str, expected: tuple[Any, ...]) -> None:
    [row] = prepared({"dob": written})
    assert (row["dob"], row["dob_year"], row["dob_month"], row["dob_day"]) == expected


def test_a_nominal_means_something_only_with_its_force() -> None:
    first, second = prepared({"agency": "kent", "nominal": "K4411"}, {"nominal": "K4411"})
    assert first["nominal"] == "kent:K4411"
    assert second["nominal"] is None


def test_a_number_that_is_nobodys_is_no_number() -> None:
    [row] = prepared({"phones": ["00000000000", "07700 900123#0042", ""]})
    assert row["phones"] == ["+447700900123#0042"]


def test_variants_share_a_root() -> None:
    reference = name_reference()
    assert reference.forename_root("bill") == reference.forename_root("will") == "william"
    assert reference.forename_root("muhammad") == reference.forename_root("mohamed")
    assert reference.surname_root("choudhury") == reference.surname_root("chowdhury")
    assert reference.share_of_surname("smith") > 100 * reference.share_of_surname("zzyzx")


def test_soundex() -> None:
    assert [soundex(name) for name in ("robert", "rupert", "ashcraft", "tymczak", "lee")] == [
        "R163", "R163", "A261", "T522", "L000",
    ]  # fmt: skip


def test_a_mention_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        prepare(pa.Table.from_pylist([{"mention_id": "a"}, {"mention_id": "a"}], schema=MENTION_SCHEMA))
