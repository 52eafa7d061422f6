"""The truth's own count of signs over several reports: what a report writes of a child of a line, and when it is enough."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crossline.simulation.concerns import Episode
from crossline.simulation.concerns_together import Noted, several

DAY = date(2026, 3, 2)


def noted(days: int, *kinds: str) -> Noted:
    return Noted(Episode("", DAY + timedelta(days=days), "kent", f"KENT/{days}", "p1"), frozenset(kinds))


@pytest.mark.parametrize(
    ("notes", "enough"),
    [
        ([noted(0, "missing"), noted(5, "missing")], []),
        ([noted(0, "missing"), noted(5, "debts")], [5]),
        ([noted(0, "debts"), noted(90, "missing")], [90]),
        ([noted(0, "debts"), noted(91, "missing")], []),
        ([noted(0, "school", "contact"), noted(3, "missing")], [3]),
        ([noted(0, "school"), noted(3, "missing")], []),
        ([noted(0, "weapon", "unexplained_money")], [0]),
    ],
)
def test_the_truth_counts_two_signs_of_which_one_raises_or_three(notes: list[Noted], enough: list[int]) -> None:
    assert [(each.where.day - DAY).days for each in several(notes)] == enough


def test_signs_of_children_of_lines_alone_count_in_the_truth(region) -> None:
    reports = {(agency, report["ref"]): report for agency, report in region.reports}
    roles = {row["person_id"]: row["role"] for row in region.truth("people_profile")}
    rows = [row for row in region.truth("concerns") if row["reason"] == "several_signs"]
    assert {roles[row["person_id"]] for row in rows} == {"runner"}
    kinds = {reports[row["agency"], row["ref"]]["kind"] for row in rows}
    assert (
        {"missing", "concern", "stop"}
        <= kinds
        <= {"missing", "concern", "stop", "seizure", "custody", "crime", "visit"}
    )
