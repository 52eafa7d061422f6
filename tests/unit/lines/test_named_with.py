"""A number that is merely named with a line says which line it is only where no other brand has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from crossline.engines.lines import LineMention
from crossline.lines.named_with import without_strange_numbers
from crossline.lines.rows import Beside, LineRow, for_grouping
from crossline.vocabulary.codes import RecordKind

N, M = "+447700900123", "+447700900456"


def row(place: int, brand: str, *numbers: str, said: str = "", is_return: bool = False) -> LineRow:
    """A record that gives these numbers with a line; `said`: how it says so, or nothing."""
    beside = tuple(
        Beside("phone", f"phone:{number}", number, said, None, None, UUID(int=100 * place + at), "", "fact", False)
        for at, number in enumerate(numbers)
    )
    return LineRow(
        mention=UUID(int=place),
        brand=brand,
        record=UUID(int=place),
        owner="kent",
        kind=RecordKind.LINE_RETURN if is_return else RecordKind.INTELLIGENCE,
        ref=f"R{place}",
        detail={},
        day=date(2026, 3, 1),
        revision=1,
        made_at=datetime(2026, 3, 1, tzinfo=UTC),
        beside=beside,
    )


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([row(1, "Leo", N)], [(N,)]),
        ([row(1, "Leo", N), row(2, "LEO", N)], [(N,), (N,)]),
        ([row(1, "Leo", N), row(2, "Max", N)], [(), ()]),  # which of the two has it nobody says
        ([row(1, "Leo", N, M), row(2, "Max", N, said="takes_orders_on", is_return=True)], [(M,), (N,)]),
        ([row(1, "Leo", N), row(2, "Leo line", N, said="takes_orders_on"), row(3, "Max", N)], [(N,), (N,), ()]),
        ([row(1, "Leo", N, said="takes_orders_on"), row(2, "Max", N, said="takes_orders_on")], [(N,), (N,)]),
    ],
)
def test_a_bare_naming_counts_where_no_other_brand_has_the_number(
    rows: Sequence[LineRow], kept: list[tuple[str, ...]]
) -> None:
    mentions: list[LineMention] = [for_grouping(each) for each in rows]
    found = without_strange_numbers(mentions, {str(each.mention): each for each in rows})
    assert [each.numbers for each in found] == kept
