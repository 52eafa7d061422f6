"""Within what time a concern is taken on, begun and looked at again; working time stops for the night and the weekend."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crossline.safeguarding.answering.clocks import CLOCKS, after, due_of
from crossline.safeguarding.answering.moves import CaseState

FRIDAY = datetime(2026, 3, 6, 17, 30, tzinfo=UTC)  # winter: the same hour in London
FAR = frozenset({"child_found_out_of_area"})
OTHER = frozenset({"debts"})


@pytest.mark.parametrize(
    ("since", "hours", "due"),
    [
        (datetime(2026, 3, 4, 9, 0, tzinfo=UTC), 1, datetime(2026, 3, 4, 10, 0, tzinfo=UTC)),
        (FRIDAY, 1, datetime(2026, 3, 9, 8, 30, tzinfo=UTC)),
        (datetime(2026, 3, 7, 12, 0, tzinfo=UTC), 1, datetime(2026, 3, 9, 9, 0, tzinfo=UTC)),  # a Saturday
        (datetime(2026, 3, 4, 6, 0, tzinfo=UTC), 1, datetime(2026, 3, 4, 9, 0, tzinfo=UTC)),  # before it opens
        (datetime(2026, 3, 4, 17, 0, tzinfo=UTC), 1, datetime(2026, 3, 4, 18, 0, tzinfo=UTC)),
        (datetime(2026, 3, 4, 9, 0, tzinfo=UTC), 20, datetime(2026, 3, 6, 9, 0, tzinfo=UTC)),
        (datetime(2026, 7, 6, 8, 0, tzinfo=UTC), 1, datetime(2026, 7, 6, 9, 0, tzinfo=UTC)),  # 9am in London
    ],
)
def test_working_time(since: datetime, hours: int, due: datetime) -> None:
    assert after(since, timedelta(hours=hours)) == due


def test_a_child_found_far_from_home_is_taken_on_within_the_hour_whatever_the_day() -> None:
    due = due_of(CaseState.RAISED, FRIDAY, desk=True, reasons=FAR | OTHER, question=False)
    assert due is not None and (due.what, due.by) == ("take it on", FRIDAY + timedelta(hours=1))
    assert due.is_late(FRIDAY + timedelta(hours=1, seconds=1)) and not due.is_late(FRIDAY + timedelta(hours=1))
    other = due_of(CaseState.RAISED, FRIDAY, desk=True, reasons=OTHER, question=False)
    assert other is not None and other.by > due.by


def test_a_question_of_age_waits_longer_than_a_sign() -> None:
    asked = due_of(CaseState.RAISED, FRIDAY, desk=True, reasons=FAR, question=True)
    assert asked is not None and asked.what == "find out the age" and asked.by > FRIDAY + timedelta(days=3)


def test_what_fell_back_to_the_desk_is_to_be_taken_on_again_and_an_offer_to_be_answered() -> None:
    fallen = due_of(CaseState.IN_HAND, FRIDAY, desk=True, reasons=OTHER, question=False)
    offered = due_of(CaseState.OFFERED, FRIDAY, desk=True, reasons=OTHER, question=False)
    assert fallen is not None and fallen.what == "take it on"
    assert offered is not None and offered.what == "answer the offer"


def test_every_state_but_the_end_owes_something_on_somebody_s_authority() -> None:
    assert set(CLOCKS) == set(CaseState) - {CaseState.ENDED}
    assert all("domain.md" in rule.authority for rule in CLOCKS.values())
    assert due_of(CaseState.ENDED, FRIDAY, desk=False, reasons=FAR, question=False) is None
