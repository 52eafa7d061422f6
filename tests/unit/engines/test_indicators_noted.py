"""Signs of one child over several records: two with one that raises, or three, within ninety days; and what is never enough."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crossline.engines.indicators import (
    RULEBOOK,
    AssertionFact,
    ConcernReason,
    MentionFact,
    RecordFact,
    Standing,
    raise_concerns,
)

DAY = date(2026, 3, 2)
BORN = "2011-02-03"
DAYS = RULEBOOK.rules[ConcernReason.SEVERAL_SIGNS].thresholds["days"]


def concern(name: str, *signs: str, day: date = DAY) -> RecordFact:
    return RecordFact(
        name, "concern", "kent", day, {"concern": {"source_sector": "education", "indicators": list(signs)}}
    )


def missing(name: str, text: str = "", day: date = DAY) -> RecordFact:
    detail = {"missing": {"from": f"{day}T08:00:00+00:00", "found_agency": "kent", "home_agency": "kent"}}
    return RecordFact(name, "missing", "kent", day, detail, text=text)


def stop(name: str, text: str = "", day: date = DAY) -> RecordFact:
    return RecordFact(name, "stop", "kent", day, text=text)


def several(
    *records: RecordFact, born: str = BORN, joined: bool = True, seized: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    """(record, standing) of what the rule finds of the person whom every record is about; `seized` from them in the first."""
    mentions = [MentionFact(f"{each.id}/p1", each.id, "person", dob=born) for each in records]
    first = records[0].id
    items = [MentionFact(f"{first}/i{at}", first, "item", what=what) for at, what in enumerate(seized)]
    taken = [AssertionFact(f"a{each.id}", first, each.id, f"{first}/p1", "seized_from", "fact") for each in items]
    person_of = {each.id: "child" for each in mentions} if joined else {}
    found = raise_concerns(records, [*mentions, *items], taken, person_of)
    return [
        (trigger.record_id, each.standing)
        for each in found
        if each.reason == ConcernReason.SEVERAL_SIGNS
        for trigger in each.triggers
    ]


def test_a_sign_that_raises_and_another_of_a_different_record_are_enough() -> None:
    later = DAY + timedelta(days=30)
    assert several(concern("c", "debts"), missing("m", day=later)) == [("m", Standing.RAISED)]
    assert several(concern("c", "debts"), concern("d", "more than one phone", day=later)) == [("d", Standing.RAISED)]
    assert several(stop("s"), missing("m", day=later), seized=("cash",)) == [("m", Standing.RAISED)]


@pytest.mark.parametrize("signs", [(), ("debts",), ("neglect", "low mood", "debts"), ("falling school attendance",)])
def test_one_sign_alone_is_never_enough(signs: tuple[str, ...]) -> None:
    assert several(concern("c", *signs), concern("d", *signs, day=DAY + timedelta(days=3))) == []
    assert several(missing("m"), missing("n", day=DAY + timedelta(days=3))) == []  # one sign, however often
    assert several(stop("s"), seized=("cash",)) == several(stop("s"), seized=("weapon", "drug")) == []


def test_signs_that_raise_nothing_themselves_are_enough_at_three() -> None:
    assert several(concern("c", "falling school attendance"), missing("m")) == []
    two = concern("c", "falling school attendance", "late-night contact")
    assert several(two, missing("m", day=DAY + timedelta(days=1))) == [("m", Standing.RAISED)]
    assert several(concern("c", "falling school attendance", "late-night contact", "attached to a bag")) == [
        ("c", Standing.RAISED)
    ]


def test_what_lies_further_apart_than_the_days_of_the_rule_is_not_put_together() -> None:
    def after(days: int) -> list[tuple[str, str]]:
        return several(concern("c", "debts"), missing("m", day=DAY + timedelta(days=days)))

    assert after(DAYS) == [("m", Standing.RAISED)]
    assert after(DAYS + 1) == []


def test_records_that_nobody_joined_are_not_put_together() -> None:
    assert several(concern("c", "debts"), missing("m"), joined=False) == []


def test_an_adult_meets_it_not_and_an_unknown_age_asks() -> None:
    assert several(concern("c", "debts"), missing("m"), born="1980-01-02") == []
    asked = several(concern("c", "debts"), missing("m", day=DAY + timedelta(days=1)), born="")
    assert asked == [("m", Standing.AGE_NOT_KNOWN)]


def test_what_one_record_completes_by_a_rule_of_its_own_is_not_said_twice() -> None:
    assert several(concern("c", "debts", "unexplained injuries")) == []
    assert several(stop("s"), seized=("cash", "weapon")) == []


@pytest.mark.parametrize("company", ["older associates", "hostile callers", "gang association"])
def test_whom_a_child_is_seen_with_is_no_sign(company: str) -> None:
    assert several(concern("c", company, "debts"), concern("d", "older boyfriend", "hostile callers")) == []


def test_a_narrative_counts_for_whom_the_record_is_about_and_for_nobody_beside_them() -> None:
    told = missing("m", "Came back with a new phone and would not explain the journey.")
    assert several(told) == [("m", Standing.RAISED)]
    beside = MentionFact("m/p2", "m", "person", dob=BORN)
    found = raise_concerns([told], [MentionFact("m/p1", "m", "person", dob="1980-01-02"), beside], [], {})
    assert [each for each in found if each.reason == ConcernReason.SEVERAL_SIGNS] == []


def test_what_is_thought_of_somebody_in_intelligence_is_no_sign() -> None:
    thought = RecordFact(
        "i", "intelligence", "kent", DAY, text="Has two phones, a new phone and expensive trainers, and owes money."
    )
    assert several(thought) == []


def test_the_sentence_says_each_sign_and_its_day() -> None:
    records = [concern("c", "debts"), missing("m", day=DAY + timedelta(days=1))]
    mentions = [MentionFact(f"{each.id}/p1", each.id, "person", dob=BORN) for each in records]
    found = raise_concerns(records, mentions, [], {"c/p1": "child", "m/p1": "child"})
    assert [each.triggers[0].sentence for each in found] == ["signs written: debts (2026-03-02), missing (2026-03-03)"]
