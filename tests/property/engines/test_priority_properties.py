"""What must hold of the line priority score whatever the facts."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crossline.engines.priority import Harm, HarmReturn, LineFacts, prioritise

GRADES = st.none() | st.integers(0, 5)
RETURNS = st.builds(
    HarmReturn, st.sampled_from(["kent", "met", "norfolk"]), st.dictionaries(st.sampled_from(list(Harm)), GRADES)
)
COUNTS = st.none() | st.integers(0, 3000)
FACTS = st.builds(
    LineFacts,
    line=st.uuids().map(str),
    harm_returns=st.lists(RETURNS, max_size=4).map(tuple),
    forces_touched=COUNTS,
    numbers_in_year=COUNTS,
    customers=COUNTS,
    days_since_seen=COUNTS,
    holder_attribution=GRADES,
    holder_located=st.none() | st.booleans(),
    number_live=st.none() | st.booleans(),
    investigation_open=st.none() | st.booleans(),
    child_at_imminent_risk=st.booleans(),
)
LINES = st.lists(FACTS, min_size=1, max_size=12, unique_by=lambda facts: facts.line)


@given(FACTS, st.sampled_from(list(Harm)), st.integers(0, 5), st.integers(0, 5))
def test_raising_a_harm_never_lowers_the_score(line, harm, one, other):
    low, high = sorted((one, other))
    below = replace(line, harm_returns=(*line.harm_returns, HarmReturn("essex", {harm: low})))
    above = replace(line, harm_returns=(*line.harm_returns, HarmReturn("essex", {harm: high})))
    (before,), (after,) = prioritise([below]), prioritise([above])
    assert after.score >= before.score
    assert after.risk >= before.risk
    assert after.vulnerability >= before.vulnerability
    assert after.score_low >= before.score_low
    assert after.score_high >= before.score_high


@given(LINES)
def test_the_score_lies_within_its_interval_and_the_scale(lines):
    for line in prioritise(lines):
        assert 0 <= line.score_low <= line.score <= line.score_high <= 100
        assert 0 <= line.opportunity <= 100
        assert 1 <= line.rank_low <= line.rank <= line.rank_high <= len(lines)


@given(LINES, st.randoms(use_true_random=False))
def test_order_of_lines_changes_nothing(lines, chance):
    before = prioritise(lines)
    chance.shuffle(lines)
    assert prioritise(lines) == before


@given(LINES, st.permutations(["kent", "met", "norfolk"]))
def test_it_does_not_matter_which_agency_saw_the_harm(lines, agencies):
    swap = dict(zip(["kent", "met", "norfolk"], agencies, strict=True))
    swapped = [
        replace(line, harm_returns=tuple(HarmReturn(swap[each.agency], each.levels) for each in line.harm_returns))
        for line in lines
    ]
    assert [(p.line, p.rank, p.score) for p in prioritise(swapped)] == [
        (p.line, p.rank, p.score) for p in prioritise(lines)
    ]


@given(FACTS)
def test_learning_something_never_widens_the_interval_beyond_what_it_was(line):
    (before,) = prioritise([line])
    for grade in range(6):
        known = HarmReturn("essex", dict.fromkeys((h for h in Harm if not _graded(line, h)), grade))
        (after,) = prioritise([replace(line, harm_returns=(*line.harm_returns, known))])
        assert before.score_low <= after.score_low <= after.score_high <= before.score_high


def _graded(line, harm):
    return any(each.levels.get(harm) is not None for each in line.harm_returns)
