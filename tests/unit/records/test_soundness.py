"""What the store could not hold, taken out or told of before it gets there."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from crossline.errors import RowRefused
from crossline.records.intake.soundness import NOT_JSON, in_reach, in_reach_day, sound_json, without_nul
from crossline.records.intake.store import as_json


def test_nul_goes_and_all_else_stays() -> None:
    value = {"a\0": ["b\0", 1, None, True, 2.5, {"c": "\0\0"}], "d": "\\u0000"}
    assert without_nul(value) == {"a": ["b", 1, None, True, 2.5, {"c": ""}], "d": "\\u0000"}


@pytest.mark.parametrize(
    "text", ["plain", "nul \0 nul", "literal \\u0000", "both \0 and \\u0000", "\\", "\\\0", "\\\\u0000"]
)
def test_a_detail_as_json_is_json_again_whatever_stands_before_u0000(text: str) -> None:
    assert json.loads(as_json({"x": text})) == {"x": text.replace("\0", "")}


def test_a_line_without_nul_is_passed_on_byte_for_byte() -> None:
    line = b'{"b": 1,   "a": "\\u00e9"}'
    assert sound_json(line) == ({"b": 1, "a": "é"}, line)
    assert sound_json(b"\xef\xbb\xbf" + line)[1] == line


def test_a_line_with_nul_is_written_anew_without_it() -> None:
    value, line = sound_json(b'{"a": "x\\u0000y", "b": "\\\\u0000"}')
    assert value == json.loads(line) == {"a": "xy", "b": "\\u0000"}


@pytest.mark.parametrize(
    "line", [b"", b"{", b"NaN", b"[Infinity]", b'{"a": -Infinity}', b"1e999", b"\xff", b"[" * 10**5, b"9" * 10**4]
)
def test_what_is_no_json_is_refused(line: bytes) -> None:
    with pytest.raises(RowRefused, match="not valid JSON") as told:
        sound_json(line)
    assert str(told.value) == NOT_JSON


def test_times_come_out_in_utc() -> None:
    east = timezone(timedelta(hours=14))
    assert in_reach(datetime(2026, 3, 2, 1, tzinfo=east)) == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert in_reach(datetime(2026, 3, 2, 1, tzinfo=east)).utcoffset() == timedelta(0)


@pytest.mark.parametrize("year", [1900, 2199])
def test_the_years_at_either_end_are_in_reach_and_can_be_turned_to_any_offset(year: int) -> None:
    for hours in (-23, 23):
        moment = in_reach(datetime(year, 1, 1, tzinfo=timezone(timedelta(hours=hours))))
        assert moment.astimezone(timezone(timedelta(hours=-hours)))
    assert in_reach_day(date(year, 12, 31)) == date(year, 12, 31)


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_years_beyond_are_told_of(year: int) -> None:
    with pytest.raises(ValueError, match="lies outside 1900 to 2199; check the year"):
        in_reach(datetime(year, 6, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="lies outside"):
        in_reach_day(date(year, 6, 1))


def test_a_time_without_offset_is_told_of() -> None:
    with pytest.raises(ValueError, match="has no offset"):
        in_reach(datetime(2026, 6, 1))  # noqa: DTZ001  # the fault itself
