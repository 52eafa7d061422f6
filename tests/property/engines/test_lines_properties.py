"""What must hold of line grouping whatever the rows."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crossline.engines.lines import LineMention, SuccessionLink, group_lines

NUMBERS = st.sampled_from([f"+44770090000{n}#0001" for n in range(8)])
DAYS = st.none() | st.integers(0, 2000).map(lambda days: date(2020, 1, 1) + timedelta(days=days))
MENTIONS = st.lists(
    st.builds(
        LineMention,
        id=st.uuids().map(str),
        brand=st.sampled_from(["", "Leo", "AJ", "Max", "Rico", "Jay"]),
        places=st.lists(st.sampled_from(["Hastings", "Truro", "Norwich"]), max_size=2).map(tuple),
        numbers=st.lists(NUMBERS, max_size=3).map(tuple),
        exporting_agency=st.sampled_from(["", "met", "merseyside"]),
        first=DAYS,
        last=DAYS,
    ),
    max_size=25,
    unique_by=lambda mention: mention.id,
)
LINKS = st.lists(
    st.builds(SuccessionLink, NUMBERS, NUMBERS, st.just(date(2022, 1, 1)), st.floats(0, 1), st.booleans()), max_size=5
)


@given(MENTIONS, LINKS, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(mentions, links, chance):
    before = group_lines(mentions, links)
    chance.shuffle(mentions)
    chance.shuffle(links)
    assert group_lines(mentions, links) == before


@given(MENTIONS, LINKS)
def test_every_mention_is_in_exactly_one_line(mentions, links):
    seen = [mention_id for group in group_lines(mentions, links) for mention_id in group.mention_ids]
    assert sorted(seen) == sorted(mention.id for mention in mentions)


@given(MENTIONS, LINKS)
def test_the_joins_of_a_line_hold_it_together_and_are_no_more_than_needed(mentions, links):
    for group in group_lines(mentions, links):
        reached = {group.mention_ids[0]}
        for _ in group.joins:
            for join in group.joins:
                if {join.left, join.right} & reached:
                    reached |= {join.left, join.right}
        assert set(group.mention_ids) <= reached
        nodes = {end for join in group.joins for end in (join.left, join.right)} | {group.mention_ids[0]}
        assert len(group.joins) == len(nodes) - 1


@given(MENTIONS, LINKS)
def test_what_is_put_forward_changes_no_line_and_what_it_would_join_is_what_confirming_it_joins(mentions, links):
    def kept(group):
        return replace(group, put_forward=(), if_confirmed="")

    found = group_lines(mentions, links)
    standing = group_lines(mentions, [link for link in links if link.confirmed])
    assert [kept(group) for group in found] == [kept(group) for group in standing]
    counted = [replace(link, confirmed=True) for link in links if link.confirmed or link.score >= 0.5]
    supposed = defaultdict(set)
    for group in found:
        supposed[group.if_confirmed] |= set(group.mention_ids)
    assert supposed == {group.id: set(group.mention_ids) for group in group_lines(mentions, counted)}


@given(MENTIONS)
def test_numbers_never_end_before_they_begin(mentions):
    ordered = [
        LineMention(m.id, m.brand, m.places, m.numbers, first=min(m.first, m.last), last=max(m.first, m.last))
        for m in mentions
        if m.first and m.last
    ]
    for group in group_lines(ordered):
        for use in group.numbers:
            assert use.from_date <= use.to_date
