"""What must hold of the safeguarding rules whatever the rows."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crossline.engines.indicators import AssertionFact, MentionFact, RecordFact, Standing, raise_concerns

DAYS = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
AGENCIES = st.sampled_from(["kent", "met", "norfolk", "btp", ""])
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "found_agency": AGENCIES,
        "home_agency": AGENCIES,
        "from": st.none() | DAYS.map(str),
        "offence": st.sampled_from(["pwits", "theft"]),
        "under_18": st.none() | st.booleans(),
    },
)


@st.composite
def rows(draw):
    kinds = st.sampled_from(["missing", "stop", "custody", "seizure", "intelligence", "visit"])
    records = [
        RecordFact(f"r{n}", draw(kinds), draw(AGENCIES), draw(DAYS), draw(DETAILS))
        for n in range(draw(st.integers(0, 7)))
    ]
    mentions, assertions, same = [], [], {}
    for record in records:
        someone = MentionFact(
            f"{record.id}/p1",
            record.id,
            "person",
            dob=draw(st.sampled_from(["", "2009", "2010-04", "1990-02-03", "soon"])),
            age=draw(st.none() | st.integers(8, 70)),
        )
        somewhere = MentionFact(f"{record.id}/a1", record.id, "address", same_as=draw(st.sampled_from("xy")))
        mentions += [someone, somewhere]
        kind = draw(st.sampled_from(["lives_at", "stores_at", "sold_at", "runs_for", "exploited_by"]))
        category = draw(st.sampled_from(["", "victim", "suspect"]))
        assertions.append(AssertionFact(f"{record.id}/x", record.id, someone.id, somewhere.id, kind, "fact", category))
        same[someone.id] = draw(st.sampled_from(["e1", "e2", "e3"]))
    return records, mentions, assertions, same


@given(rows())
def test_every_finding_points_at_rows_that_were_given(given_rows):
    records, mentions, assertions, same = given_rows
    for finding in raise_concerns(records, mentions, assertions, same):
        assert finding.triggers
        for trigger in finding.triggers:
            assert trigger.record_id in {record.id for record in records}
            assert same[trigger.mention_id] == finding.person
        assert finding.raised_for == min(trigger.happened for trigger in finding.triggers)


@given(rows(), st.randoms(use_true_random=False))
def test_order_of_records_changes_nothing(given_rows, chance):
    records, mentions, assertions, same = given_rows
    before = raise_concerns(records, mentions, assertions, same)
    for each in (records, assertions):
        chance.shuffle(each)
    assert raise_concerns(records, mentions, assertions, same) == before


@given(rows())
def test_forgetting_every_age_never_silences_a_rule(given_rows):
    records, mentions, assertions, same = given_rows
    ageless = [replace(mention, dob="", age=None) for mention in mentions]
    flagless = [replace(r, detail={k: v for k, v in r.detail.items() if k != "under_18"}) for r in records]
    before = {(f.person, f.reason) for f in raise_concerns(flagless, mentions, assertions, same)}
    after = {(f.person, f.reason) for f in raise_concerns(flagless, ageless, assertions, same)}
    assert before <= after


@given(rows())
def test_an_unknown_age_is_asked_about_and_never_stated(given_rows):
    records, mentions, assertions, same = given_rows
    for finding in raise_concerns(records, mentions, assertions, same):
        assert ("find out" in finding.sentence) == (finding.standing is Standing.AGE_NOT_KNOWN)
