"""What must hold of line grouping whatever the rows."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crossline.engines.lines import LineMention, LineVerdict, SuccessionLink, group_lines
from crossline.engines.lines.verdicts import standing_verdicts

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


@st.composite
def judged(draw):
    """Mentions, links, and what people said of some pairs of the mentions, in order: same, different, or taken back."""
    mentions, links = draw(MENTIONS), draw(LINKS)
    ids = [mention.id for mention in mentions]
    if not ids:
        return mentions, links, []
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids), st.sampled_from([True, False, None]))
    return mentions, links, draw(st.lists(pairs, max_size=8))


def with_verdicts(mentions, links, said):
    standing = standing_verdicts(said).items()
    return group_lines(mentions, links, verdicts=[LineVerdict(*sorted(pair), same) for pair, same in standing])


@given(judged(), st.randoms(use_true_random=False))
def test_what_people_said_outranks_every_key_and_different_outranks_the_same(said, chance):
    mentions, links, said_of = said
    verdicts = [LineVerdict(left, right, same) for left, right, same in said_of if same is not None]
    found = group_lines(mentions, links, verdicts=verdicts)
    line_of = {mention: group.id for group in found for mention in group.mention_ids}
    apart = {frozenset((each.left, each.right)) for each in verdicts if not each.same and each.left != each.right}
    assert not [pair for pair in apart if len({line_of[end] for end in pair}) == 1]
    same = [each for each in verdicts if each.same]
    if not apart:
        assert all(line_of[each.left] == line_of[each.right] for each in same)
    for each in same:  # what is not carried out would bring together what was said to be different
        together = {mention for mention, line in line_of.items() if line in (line_of[each.left], line_of[each.right])}
        assert line_of[each.left] == line_of[each.right] or any(pair <= together for pair in apart)
    chance.shuffle(verdicts)
    chance.shuffle(mentions)
    assert group_lines(mentions, links, verdicts=verdicts) == found


@given(judged(), st.data())
def test_taking_back_what_was_said_gives_exactly_what_was(said, data):
    """Whatever was said since of other pairs: without it the lines are as if it had never been said."""
    mentions, links, said_of = said
    before = group_lines(mentions, links)
    everything_back = [(left, right, None) for left, right, _ in said_of]
    assert with_verdicts(mentions, links, [*said_of, *everything_back]) == before
    if said_of:
        left, right, _ = data.draw(st.sampled_from(said_of))
        others = [each for each in said_of if {*each[:2]} != {left, right}]
        assert with_verdicts(mentions, links, [*said_of, (right, left, None)]) == with_verdicts(mentions, links, others)
