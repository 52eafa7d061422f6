"""Signs that others notice: two of one record, about the child it is about; whom a child is seen with is none."""

from __future__ import annotations

from datetime import date

import pytest

from crossline.engines.indicators import AssertionFact, MentionFact, RecordFact, Standing, raise_concerns

DAY = date(2026, 3, 2)
CHILD = MentionFact("r/p1", "r", "person", dob="2011-02-03")


def noticed(*signs: str, who: MentionFact = CHILD, kind: str = "concern") -> dict[str, Standing]:
    record = RecordFact("r", kind, "kent", DAY, {"concern": {"source_sector": "education", "indicators": list(signs)}})
    return {found.reason: found.standing for found in raise_concerns([record], [who], [], {})}


def test_two_signs_are_a_concern_and_one_is_not() -> None:
    assert noticed("debts") == {}
    assert noticed("debts", "Debts to friends") == {}  # one sign in two words
    assert noticed("debts", "neglect", "low mood", "bullying") == {}  # others are no signs of exploitation
    assert noticed("debts", "unexplained injuries") == dict.fromkeys(("debts", "unexplained_injury"), Standing.RAISED)
    assert noticed("more than one phone", "repeatedly missing") == {"several_phones": Standing.RAISED}


def test_signs_that_stand_beside_others_raise_nothing_by_themselves() -> None:
    assert noticed("repeatedly missing", "falling school attendance") == {}
    assert noticed("attached to a bag", "withdrawn from friends", "isolated from friends") == {}


@pytest.mark.parametrize("company", ["older associates", "hostile callers", "older boyfriend", "gang association"])
def test_whom_a_child_is_seen_with_is_never_enough(company: str) -> None:
    assert noticed(company, "older associates", "hostile callers") == {}
    assert noticed("debts", company) == {}


def test_an_adult_meets_none_and_an_unknown_age_asks() -> None:
    adult, unknown = MentionFact("r/p1", "r", "person", dob="1980-01-02"), MentionFact("r/p1", "r", "person")
    assert noticed("debts", "unexplained injuries", who=adult) == {}
    assert noticed("train tickets to other towns", "late-night contact", who=unknown) == {
        "unexplained_tickets": Standing.AGE_NOT_KNOWN
    }


def test_only_a_concern_speaks_and_only_of_whom_it_is_about() -> None:
    assert noticed("debts", "unexplained injuries", kind="intelligence") == {}
    record = RecordFact("r", "concern", "kent", DAY, {"concern": {"indicators": ["debts", "unexplained injuries"]}})
    told_it = MentionFact("r/p2", "r", "person", dob="2012-02-03")
    found = raise_concerns([record], [CHILD, told_it], [], {})
    assert {each.person for each in found} == {"r/p1"}
    assert {each.triggers[0].sentence for each in found} == {
        "noticed: debts, unexplained injuries (2026-03-02)",
        "noticed: unexplained injuries, debts (2026-03-02)",
    }


@pytest.mark.parametrize("words", [None, "debts and injuries", 3, [1, None]])
def test_words_that_are_no_list_say_nothing(words: object) -> None:
    record = RecordFact("r", "concern", "kent", DAY, {"concern": {"indicators": words}})
    assert raise_concerns([record], [CHILD], [], {}) == []


def taken(*kinds: str) -> list[str]:
    record = RecordFact("r", "stop", "kent", DAY)
    items = [MentionFact(f"r/i{place}", "r", "item", what=kind) for place, kind in enumerate(kinds)]
    seized = [AssertionFact(f"r/a{each.id}", "r", each.id, CHILD.id, "seized_from", "fact") for each in items]
    return [each.reason for each in raise_concerns([record], [CHILD, *items], seized, {})]


def test_a_weapon_counts_beside_drugs_or_cash_alone() -> None:
    assert taken("weapon") == [] and taken("drug", "cash") == [] and taken("weapon", "property") == []
    assert taken("weapon", "drug") == taken("weapon", "cash") == ["child_with_weapon"]
