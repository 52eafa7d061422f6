"""What the register says in words: why records are one, what a score is made of, scores and shares without false certainty."""

from __future__ import annotations

import pytest

from crossline.engines.lines import Join, JoinBasis
from crossline.engines.priority.facts import LineFacts
from crossline.engines.priority.score import ReasonKind, prioritise
from crossline.lines.in_words import join_text, reason_text, score_in_words, shares_in_words, sorted_reasons


@pytest.mark.parametrize(
    ("basis", "key", "words"),
    [
        (JoinBasis.NUMBER, "+447700900123#0042", "Both name the number 07700 900123 #0042."),
        (JoinBasis.BRAND_PLACE, "leo in clactononsea", "Both name the brand Leo, and Clacton-on-Sea."),
        (
            JoinBasis.BRAND_PLACE,
            "leo in routefrommetropolitantothamesvalley",
            "Both name the brand Leo, run from the area of Metropolitan into that of Thames Valley.",
        ),
        (
            JoinBasis.BRAND_PLACE,
            "leo in reportsofkent",
            "Both name the brand Leo, in reports of Kent that give neither a number nor a place.",
        ),
        (JoinBasis.BRAND_EXPORTER, "leo from essex", "Both name the brand Leo, run from the area of Essex."),
    ],
)
def test_why_two_records_are_one_line_is_said_without_codes(basis: JoinBasis, key: str, words: str) -> None:
    places = ("Clacton-on-Sea", "route from metropolitan to thames-valley", "reports of kent")
    assert join_text(Join("a", "b", basis, key, f"both name the number {key}"), places) == words


def test_the_parts_of_a_score_add_up_to_it_and_name_their_agency() -> None:
    facts = LineFacts("one", (), 3, 2, None, 5, None, None, None, None, False)
    priority = prioritise([facts])[0]
    parts = sorted_reasons(priority)
    assert {part.kind for part in parts} <= {ReasonKind.RISK, ReasonKind.UPLIFT}
    assert sum(part.points for part in parts) == pytest.approx(priority.score, abs=0.01)
    assert [part.points for part in parts] == sorted((part.points for part in parts), reverse=True)
    assert all(reason_text(part)[0].isupper() or reason_text(part)[0].isdigit() for part in parts)


def test_a_score_near_one_does_not_read_as_certain_and_none_is_none() -> None:
    assert [score_in_words(value) for value in (0.964, 1, None, "")] == ["0.96", "1.00", None, None]


def test_shares_of_forces_say_how_much_is_not_known() -> None:
    said = [["metropolitan", 0.62], ["kent", 0.11]]
    assert shares_in_words(said) == "Metropolitan 62%, Kent 11%; not known or elsewhere 27%"
    assert shares_in_words([]) is None and shares_in_words(None) is None
