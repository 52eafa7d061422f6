"""The review rules as data: one version in force for each kind on any day, each with its authority and what replaced it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crossline.access.retention import CAP, QUESTIONS, RULES, ReviewRule, clock_for, review_date, rule_for
from crossline.vocabulary.codes import RecordKind

ON = date(2027, 1, 1)
MADE = date(2026, 3, 2)


def two_versions() -> tuple[ReviewRule, ...]:
    """The general rule with a second version from a day on."""
    first = replace(RULES[1], in_force_until=ON, replaced_by="mopi-group-3-2")
    second = replace(RULES[1], id="mopi-group-3-2", in_force_from=ON, review_after=timedelta(days=10))
    return (RULES[0], first, second)


@pytest.mark.parametrize("kind", RecordKind)
@pytest.mark.parametrize("day", [date.min, date(2026, 3, 2), date.max])
def test_exactly_one_version_is_in_force_for_a_kind_on_any_day(kind: RecordKind, day: date) -> None:
    assert len([rule for rule in RULES if kind in rule.kinds and rule.in_force(day)]) == 1


def test_ids_are_one_and_a_version_that_ended_says_what_replaced_it() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    for rule in RULES:
        assert (rule.in_force_until is None) is (rule.replaced_by is None)
        assert rule.replaced_by is None or rule.replaced_by in ids


def test_the_version_of_the_day_counts_whenever_the_record_was_made() -> None:
    kind, rules = RecordKind.INTELLIGENCE, two_versions()
    before, after = ON - timedelta(days=1), ON
    assert clock_for(kind, MADE, on=before, rules=rules).rule == "mopi-group-3-1"
    assert clock_for(kind, MADE, on=after, rules=rules).rule == "mopi-group-3-2"
    assert clock_for(kind, MADE, on=after, rules=rules).due == MADE + timedelta(days=10)
    assert rule_for(RecordKind.MISSING, after, rules=rules) is RULES[0]


def test_a_day_without_a_rule_is_a_mistake_in_the_table() -> None:
    rules = (replace(RULES[1], in_force_from=ON),)
    with pytest.raises(AssertionError, match="no review rule for intelligence"):
        rule_for(RecordKind.INTELLIGENCE, MADE, rules=rules)


def test_what_was_not_seen_in_a_source_is_unverified() -> None:
    assert not any(rule.verified for rule in RULES)
    assert replace(RULES[0], authority="[S] seen").verified
    assert all(each.authority.startswith(("[K] ", "[D] ")) for each in (*QUESTIONS, CAP))


def test_by_default_the_rules_of_the_day_a_record_was_made_count() -> None:
    assert review_date(RecordKind.MISSING, MADE) == date(2027, 3, 2)
    assert review_date(RecordKind.MISSING, MADE, on=ON) == date(2027, 3, 2)
