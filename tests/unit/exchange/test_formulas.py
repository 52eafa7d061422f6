"""Text that a spreadsheet would run is made inert; telephone numbers and plain numbers stay as they are."""

from __future__ import annotations

import pytest

from crossline.exchange.formulas import guarded, is_formula


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|'/c calc'!A1",
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!D2",
        "@SUM(1+1)*cmd",
        "\t=1+1",
        "\r=1",
        "\n=1",
        "\uff1d1+1",
        "+447700900123+cmd",
        "+447700900123;=1+1",
        "-",
    ],
)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert is_formula(text)
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "+447700900123",
        "+447700900123#0042",
        "+447700900123#0042;+447700900456#0007",
        "+441632960123;ext=12",
        "-12.5",
        "+3",
        "",
        "KENT/2026/000123",
        "The = line",
        "O'Neil",
    ],
)
def test_what_can_do_nothing_is_not_touched(text: str) -> None:
    assert guarded(text) == text
