"""Lines as keys: a brand says something only with a place."""

from __future__ import annotations

from dataclasses import replace

from crossline.engines.deconfliction.tokens import (
    LineAsked,
    LineKeyKind,
    Verdict,
    judge_line,
    line_texts,
    selector_texts,
)

LEO = LineAsked("Leo", ("Hastings",), "metropolitan", ("sussex", "kent"), ("07700 900123", "snap: leo_x"))


def meet(one: LineAsked, other: LineAsked) -> set[LineKeyKind]:
    return {key.kind for key in set(line_texts(one)) & set(line_texts(other))}


def test_one_line_written_in_two_ways() -> None:
    other = LineAsked("The LEO line", ("hastings", "Rye"), "Metropolitan", ("sussex",), ("+447700900123",))
    assert meet(LEO, other) == set(LineKeyKind)
    assert judge_line(meet(LEO, other)) is Verdict.LIKELY


def test_a_brand_alone_says_nothing_and_a_route_a_little() -> None:
    assert line_texts(LineAsked("Leo")) == line_texts(LineAsked("", ("Hastings",))) == ()
    assert meet(LEO, LineAsked("Leo", ("Rye",), "west-midlands", ("sussex",))) == set()
    assert judge_line(meet(LEO, LineAsked("Leo", (), "metropolitan", ("kent",)))) is Verdict.MAY_BE
    assert judge_line(()) is None


def test_a_number_of_a_line_is_the_number_as_a_selector() -> None:
    numbers = {key.text for key in line_texts(LEO) if key.kind is LineKeyKind.NUMBER}
    assert numbers == {*selector_texts("phone", "07700900123"), *selector_texts("handle", "snapchat:leo_x")}
    assert line_texts(replace(LEO, brand="", numbers=("unknown",))) == ()
