"""Which mentions of lines become one line, and which must stay apart."""

import sys
from dataclasses import replace
from datetime import date

from crossline.engines.lines import (
    GroupingRules,
    JoinBasis,
    LineMention,
    NumberBasis,
    SuccessionLink,
    group_lines,
    hub_numbers,
)

ONE, TWO, THREE = "+447700900001#0001", "+447700900002#0001", "+447700900003#0001"


def groups_of(*mentions, successions=(), **rules):
    found = group_lines(mentions, successions, rules=GroupingRules(**rules))
    return [set(group.mention_ids) for group in found]


def test_a_shared_number_joins_two_forces_returns():
    kent = LineMention("a", "Leo", ("Hastings",), (ONE,), "kent")
    met = LineMention("b", "Leo Line", ("Norwich",), (ONE, TWO), "met")
    (group,) = group_lines([kent, met])
    assert group.mention_ids == ("a", "b")
    assert group.owners == ("kent", "met")
    (join,) = group.joins
    assert (join.left, join.right, join.basis, join.key) == ("a", "b", JoinBasis.NUMBER, ONE)
    assert ONE in join.sentence


def test_one_brand_in_one_town_is_one_line_however_it_is_written():
    assert groups_of(
        LineMention("a", "The Leo Line", ("Hastings",)), LineMention("b", "LEO", ("hastings ",), (TWO,))
    ) == [{"a", "b"}]


def test_the_same_brand_in_different_places_with_other_numbers_and_exporters_stays_apart():
    assert groups_of(
        LineMention("a", "Leo", ("Hastings",), (ONE,), exporting_agency="met"),
        LineMention("b", "Leo", ("Truro",), (TWO,), exporting_agency="merseyside"),
    ) == [{"a"}, {"b"}]


def test_the_same_brand_in_the_same_town_from_two_exporters_stays_apart_and_the_unsure_joins_neither():
    assert groups_of(
        LineMention("a", "Leo", ("Hastings",), (ONE,), exporting_agency="met"),
        LineMention("b", "Leo", ("Hastings",), (TWO,), exporting_agency="merseyside"),
        LineMention("c", "Leo", ("Hastings",)),
    ) == [{"a"}, {"b"}, {"c"}]


def test_a_brand_alone_joins_nothing():
    assert groups_of(LineMention("a", "Leo"), LineMention("b", "Leo")) == [{"a"}, {"b"}]


def test_one_exporting_agency_joins_a_brand_until_the_name_is_common():
    mentions = [LineMention(str(n), "Jay", (f"Town {n}",), exporting_agency="met") for n in range(4)]
    assert groups_of(*mentions, exporter_places=4) == [{"0", "1", "2", "3"}]
    assert groups_of(*mentions, exporter_places=3) == [{"0"}, {"1"}, {"2"}, {"3"}]


def test_a_number_of_many_brands_glues_nothing_and_is_listed():
    mentions = [
        LineMention(str(n), brand, ("Hastings",), (ONE,)) for n, brand in enumerate(["Leo", "AJ", "Max", "Rico"])
    ]
    assert groups_of(*mentions) == [{"0"}, {"1"}, {"2"}, {"3"}]
    assert all(group.hubs == (ONE,) and group.numbers == () for group in group_lines(mentions))
    (hub,) = hub_numbers(mentions)
    assert (hub.number, len(hub.brands), hub.mention_ids) == (ONE, 4, ("0", "1", "2", "3"))
    assert groups_of(*mentions, hub_brands=4) == [{"0", "1", "2", "3"}]


def test_a_recycled_number_does_not_join_lines_years_apart():
    early = LineMention("a", "Leo", (), (ONE,), first=date(2021, 1, 1), last=date(2021, 6, 1))
    late = LineMention("b", "AJ", (), (ONE,), first=date(2024, 1, 1), last=date(2024, 6, 1))
    undated = LineMention("c", "", (), (ONE,))
    assert groups_of(early, late, undated) == [{"a"}, {"b"}, {"c"}]
    assert groups_of(early, undated) == [{"a", "c"}]


def test_a_confirmed_succession_joins_and_dates_the_numbers():
    old = LineMention("a", "Leo", (), (ONE,), first=date(2026, 1, 1), last=date(2026, 5, 1), basis=NumberBasis.RETURN)
    new = LineMention("b", "Unknown line", (), (TWO,), first=date(2026, 2, 1), last=date(2026, 5, 1))
    (group,) = group_lines([old, new], [SuccessionLink(ONE, TWO, date(2026, 3, 3), 0.93, confirmed=True)])
    assert [(use.number, use.from_date, use.to_date, use.basis) for use in group.numbers] == [
        (ONE, date(2026, 1, 1), date(2026, 3, 3), NumberBasis.RETURN),
        (TWO, date(2026, 3, 3), date(2026, 5, 1), NumberBasis.INTELLIGENCE),
    ]
    assert "0.93" in group.joins[0].sentence


def test_a_succession_reaches_through_a_number_nobody_mentions():
    said = [(ONE, TWO, date(2026, 2, 1)), (TWO, THREE, date(2026, 3, 1))]
    chain = [SuccessionLink(*each, confirmed=True) for each in said]
    (group,) = group_lines([LineMention("a", "Leo", (), (ONE,)), LineMention("b", "", (), (THREE,))], chain)
    assert group.mention_ids == ("a", "b")
    middle = next(use for use in group.numbers if use.number == TWO)
    assert (middle.from_date, middle.to_date, middle.basis) == (
        date(2026, 2, 1),
        date(2026, 3, 1),
        NumberBasis.CONFIRMED,
    )


def test_a_succession_that_nobody_confirmed_joins_no_lines_and_is_put_forward_on_each():
    old = LineMention("a", "Leo", (), (ONE,), first=date(2026, 1, 1), last=date(2026, 5, 1), basis=NumberBasis.RETURN)
    new = LineMention("b", "AJ", (), (TWO,), basis=NumberBasis.RETURN)
    left, right = group_lines([old, new], [SuccessionLink(ONE, TWO, date(2026, 3, 3), 0.93)])
    assert (left.mention_ids, right.mention_ids) == (("a",), ("b",))
    assert [(use.number, use.to_date) for use in left.numbers] == [(ONE, date(2026, 5, 1))], (
        "it closes and opens nothing"
    )
    (beside,) = left.put_forward
    assert (beside.number, beside.from_date, beside.basis, beside.score) == (
        TWO,
        date(2026, 3, 3),
        NumberBasis.PUT_FORWARD,
        0.93,
    )
    assert [use.number for use in right.put_forward] == [ONE]
    assert left.if_confirmed == right.if_confirmed == "a"


def test_a_number_put_forward_leads_on_to_the_next_and_not_beyond_another_lines_number():
    four = "+447700900004#0001"
    pairs = ((ONE, TWO), (TWO, THREE), (THREE, four))
    chain = [SuccessionLink(old, new, date(2026, month, 1), 0.9) for month, (old, new) in enumerate(pairs, start=1)]
    left, right = group_lines([LineMention("a", "Leo", (), (ONE,)), LineMention("b", "AJ", (), (THREE,))], chain)
    assert [use.number for use in left.put_forward] == [TWO, THREE]
    assert [use.number for use in right.put_forward] == [ONE, TWO, four]
    assert [use.number for use in left.all_numbers] == [ONE, TWO, THREE]


def test_a_weak_succession_puts_nothing_forward_and_joins_once_a_person_confirms_it():
    mentions = [LineMention("a", "Leo", (), (ONE,)), LineMention("b", "AJ", (), (TWO,))]
    weak = SuccessionLink(ONE, TWO, date(2026, 2, 1), 0.49)
    found = group_lines(mentions, [weak])
    assert [(group.mention_ids, group.put_forward) for group in found] == [(("a",), ()), (("b",), ())]
    assert groups_of(*mentions, successions=[replace(weak, confirmed=True)]) == [{"a", "b"}]


def test_a_hidden_bridge_joins_nothing():
    left, right = LineMention("a", "Leo", (), (ONE,)), LineMention("c", "AJ", (), (TWO,))
    bridge = LineMention("b", "", (), (ONE, TWO))
    assert groups_of(left, bridge, right) == [{"a", "b", "c"}]
    assert groups_of(left, right) == [{"a"}, {"c"}]


def calls_made(mentions: list[LineMention]) -> int:
    """How many calls grouping takes: a measure of its work that no busy machine changes."""
    made = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        assert len(group_lines(mentions)) > 1
    finally:
        sys.setprofile(None)
    return made


def test_twice_the_mentions_are_little_more_than_twice_the_work():
    """A nation has fifty thousand: work that grew with the square of them would never end."""
    mentions = [
        LineMention(f"m{n:05}", f"Brand {n % 1800}", (f"Town {n % 140}",), (f"+447700900{n % 200:03}#{n % 1600:04}",))
        for n in range(8_000)
    ]
    assert calls_made(mentions) < 3 * calls_made(mentions[:4_000])
