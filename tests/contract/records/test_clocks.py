"""Every record has a clock with the rule that set it; a changed rule is tried first, and a wrong one stops whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crossline.access.models import AuditEvent
from crossline.access.retention import CAP, HORIZON, RULES, Cap, ReviewRule
from crossline.errors import TooMuchAtOnce, UserError
from crossline.records.models import Record, RetentionClock
from crossline.records.retention.clocks import apply_rules, newest, plan, with_clock
from crossline.records.retention.models import Choice
from crossline.rhythm import refresh

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 3)
LOW = Cap(0.005, 1, "[D] for tests")


def wrong(days: int = 1) -> tuple[ReviewRule, ...]:
    """The mutant: somebody writes days for years."""
    return tuple(replace(rule, review_after=timedelta(days=days)) for rule in RULES)


def superseded(on: date, after: timedelta) -> tuple[ReviewRule, ...]:
    """The general rule in a second version from a day on."""
    general = RULES[1]
    new = replace(general, id="mopi-group-3-2", in_force_from=on, review_after=after)
    return (RULES[0], replace(general, in_force_until=on, replaced_by=new.id), new)


@pytest.fixture
def records(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Fourteen records of Kent, two of Essex."""
    reports = [builders.report(f"KENT/{number}") for number in range(12)]
    reports.append(builders.missing_report("KENT/missing", home="kent", found="kent"))
    builders.sent(tmp_path / "kent", kept, reports=reports, lines=[builders.line()])
    theirs = [builders.report("ESSEX/1"), builders.report("ESSEX/2", made_at="2019-03-02T10:00:00+00:00")]
    builders.sent(tmp_path / "essex", kept, agency="essex", reports=theirs)


def due(ref: str) -> tuple[date, str]:
    found: Any = with_clock(Record.objects.filter(ref=ref)).get()
    return found.due, found.due_rule


def test_every_record_keeps_which_version_set_its_clock(records: None) -> None:
    assert due("KENT/1") == (date(2026, 3, 2) + timedelta(days=6 * 365), "mopi-group-3-1")
    assert due("KENT/missing") == (date(2027, 3, 2), "children-and-victims-1")
    rules = {rule.id: rule for rule in RULES}
    for record in Record.objects.all():
        assert record.kind in rules[record.review_rule].kinds


def test_the_plan_of_the_rules_as_they_are_makes_nothing_newly_due(records: None) -> None:
    planned = plan(on=ON)
    assert (planned.records, planned.newly_due, planned.allowed) == (16, 0, True)
    essex = next(row for row in planned.rows if row.owner == "essex")
    assert (essex.kind, essex.records, essex.due, essex.would_be_due) == ("intelligence", 2, 1, 1)
    assert {(row.owner, row.kind) for row in planned.rows} == {
        ("essex", "intelligence"),
        *(("kent", kind) for kind in ("intelligence", "missing", "line_return")),
    }


def test_a_wrong_rule_stops_whole_and_writes_nothing(records: None, builders: Any) -> None:
    before = builders.snapshot()
    planned = plan(rules=wrong(), on=ON)
    assert (planned.newly_due, planned.most, planned.allowed) == (15, CAP.floor, False)
    assert builders.changed(before) == set(), "a plan changes nothing"

    with pytest.raises(
        TooMuchAtOnce, match="would make 15 of 16 records due at once, and at most 10 may be; no clock was set"
    ):
        apply_rules(rules=wrong(), on=ON)
    assert builders.changed(before) == {"access_auditevent"}
    stopped = AuditEvent.objects.get(event="disposal_stopped")
    assert (stopped.verb, stopped.detail["newly_due"], stopped.detail["most"]) == ("erasure", 15, 10)


def test_a_rule_that_is_wrong_by_a_little_is_charged_with_what_it_makes_due_soon(records: None) -> None:
    planned = plan(rules=wrong(days=HORIZON.days), on=ON)
    assert sum(row.would_be_due for row in planned.rows) == 1, "the one that is due anyway"
    assert planned.newly_due == 15


def test_with_the_number_of_the_plan_it_is_applied_and_with_any_other_not(records: None) -> None:
    for number in (14, 16):
        with pytest.raises(UserError, match="It is 15 now"):
            apply_rules(rules=wrong(), on=ON, expect=number)
    assert not RetentionClock.objects.exists()
    assert apply_rules(rules=wrong(), on=ON, expect=15) == 16
    applied = AuditEvent.objects.get(event="review_rules_applied")
    assert applied.detail["set"] == 16 and applied.detail["newly_due"] == 15


def test_a_new_version_sets_clocks_anew_from_its_day_on_and_once(records: None) -> None:
    rules = superseded(date(2027, 1, 1), timedelta(days=7 * 365))
    assert apply_rules(rules=rules, on=date(2026, 12, 31), cap=LOW) == 0
    assert apply_rules(rules=rules, on=date(2027, 1, 1), cap=LOW) == 15
    assert due("KENT/1") == (date(2026, 3, 2) + timedelta(days=7 * 365), "mopi-group-3-2")
    assert due("KENT/missing")[1] == "children-and-victims-1"
    assert Record.objects.get(ref="KENT/1").review_rule == "mopi-group-3-1", "the first clock stays readable"
    assert apply_rules(rules=rules, on=date(2027, 1, 2), cap=LOW) == 0


def test_a_day_that_a_reviewer_chose_is_never_moved_by_a_rule(records: None, desk: Any) -> None:
    record = Record.objects.get(ref="KENT/1")
    desk.decide(record.id, choice=Choice.KEEP, ground=None, next_review=date(2035, 1, 1))
    assert plan(rules=wrong(), on=ON).newly_due == 14
    apply_rules(rules=wrong(), on=ON, expect=14)
    assert due("KENT/1") == (date(2035, 1, 1), "mopi-group-3-1")


def test_a_record_that_was_sent_again_counts_once_by_its_newest(
    records: None, builders: Any, tmp_path: Path, kept: Path
) -> None:
    builders.sent(tmp_path / "again", kept, ref="KENT-2", lines=[builders.line(name="Lion")])
    assert plan(on=ON).records == 16
    assert newest(Record.objects.filter(ref="LEO-1")).get().revision == 2


def test_the_cap_is_a_share_of_all_and_a_floor() -> None:
    assert CAP.authority.startswith("[D]")
    assert CAP.most(1_000_000) == 5_000
    assert CAP.most(0) == CAP.most(2_000) == 10
    assert CAP.most(2_201) == 11


def test_the_daily_round_goes_on_where_a_cap_stops(
    records: None, desk: Any, builders: Any, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crossline import rhythm

    def stopped(**said: Any) -> int:
        raise TooMuchAtOnce("stopped by the cap")

    desk.decided(Record.objects.get(ref="KENT/1").id)
    monkeypatch.setattr(rhythm, "apply_rules", stopped)
    said: list[str] = []
    done = refresh(reach=builders.reach(kept), progress=said.append)
    assert said[0] == "stopped by the cap"
    assert done.reviewed_out == 1 and "1 reviewed records disposed of" in done.line()
    monkeypatch.setattr(rhythm, "dispose_due", stopped)
    assert refresh(reach=builders.reach(kept), progress=said.append).reviewed_out == 0
    assert said.count("stopped by the cap") == 3
