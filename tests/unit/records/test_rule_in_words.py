"""What a page says of the rule by which a record is due."""

from __future__ import annotations

from crossline.access.retention import RULES
from crossline.records.retention.presenter import rule_in_words


def test_a_rule_is_told_with_its_authority_and_that_it_is_unverified() -> None:
    for rule in RULES:
        said = rule_in_words(rule.id)
        assert rule.authority in said
        assert ("unverified" in said) is not rule.verified


def test_a_rule_that_is_no_longer_in_the_table_is_told_by_its_name() -> None:
    assert rule_in_words("children-and-victims-0") == "children-and-victims-0"
