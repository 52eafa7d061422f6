"""Who is put forward for safeguarding, and who is not."""

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
from crossline.engines.indicators.places import force_of_address, force_of_place, force_of_stations

DAY = date(2026, 3, 2)


def reasons(records, mentions, assertions=(), person_of=None):
    found = raise_concerns(records, mentions, assertions, person_of or {})
    return [(finding.person, finding.reason, finding.standing) for finding in found]


def missing(record_id, day=DAY, *, found="norfolk", home="met", start=None):
    detail = {"missing": {"from": start or f"{day}T08:00:00+00:00", "found_agency": found, "home_agency": home}}
    return RecordFact(record_id, "missing", home or "met", day, detail)


def person(record_id, **known):
    return MentionFact(f"{record_id}/p1", record_id, "person", **known)


OUT = "child_found_out_of_area"


@pytest.mark.parametrize(
    ("known", "standing"),
    [
        ({"dob": "2010-05-01"}, Standing.RAISED),
        ({"dob": "2008"}, Standing.RAISED),  # may have turned 18 or not: young until known
        ({"dob": "2008-01-01"}, Standing.RAISED),  # 1 January is what systems write for a year
        ({"age": 17}, Standing.RAISED),
        ({}, Standing.AGE_NOT_KNOWN),
        ({"dob": "not known"}, Standing.AGE_NOT_KNOWN),
        ({"dob": "2007-12-31"}, None),
        ({"age": 18}, None),
    ],
)
def test_a_child_found_in_another_forces_area(known, standing):
    expected = [] if standing is None else [("m1/p1", OUT, standing)]
    assert reasons([missing("m1")], [person("m1", **known)]) == expected


def test_eighteen_today_is_an_adult_and_eighteen_tomorrow_is_not():
    assert reasons([missing("m1")], [person("m1", dob="2008-03-02")]) == []
    assert reasons([missing("m1")], [person("m1", dob="2008-03-03")]) == [("m1/p1", OUT, Standing.RAISED)]


def test_a_child_found_at_home_or_with_no_known_home_raises_nothing():
    assert reasons([missing("m1", found="met")], [person("m1", age=15)]) == []
    assert reasons([missing("m1", home="")], [person("m1", age=15)]) == []


def test_a_stop_elsewhere_counts_when_another_record_says_where_home_is():
    records = [missing("m1", found="met"), RecordFact("s1", "stop", "norfolk", DAY)]
    mentions = [person("m1", age=15), person("s1")]
    same = {"m1/p1": "e1", "s1/p1": "e1"}
    assert reasons(records, mentions, person_of=same) == [("e1", OUT, Standing.RAISED)]
    assert reasons(records, mentions) == []  # unmatched: nobody knows it is the same child


def test_the_railway_police_say_who_but_not_where():
    home = missing("m1", found="met")
    mentions, same = [person("m1", age=15), person("s1")], {"m1/p1": "e1", "s1/p1": "e1"}
    nowhere = RecordFact("s1", "stop", "btp", DAY)
    norwich = RecordFact("s1", "stop", "btp", DAY, area="norfolk")
    assert reasons([home, nowhere], mentions, person_of=same) == []
    assert reasons([home, norwich], mentions, person_of=same) == [("e1", OUT, Standing.RAISED)]


@pytest.mark.parametrize(
    ("place", "raised"),
    [("Norwich railway station", True), ("Norwich", True), ("Putney railway station", False), ("on a train", False)],
)
def test_where_the_railway_police_found_a_missing_child_is_where_the_place_is(place, raised):
    record = missing("m1", found="btp")
    detail = {"missing": record.detail["missing"] | {"found_place": place, "home_agency": "metropolitan"}}
    found = reasons([RecordFact("m1", "missing", "btp", DAY, detail)], [person("m1", age=15)])
    assert found == ([("m1/p1", OUT, Standing.RAISED)] if raised else [])


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("Brampton (Suffolk) railway station", "suffolk"),
        ("norwich", "norfolk"),
        ("Ashford", ""),  # one in Kent, one in Surrey
        ("a park", ""),
        ("", ""),
    ],
)
def test_a_place_is_in_a_forces_area_where_its_name_leaves_no_doubt(text, force):
    assert force_of_place(text) == force


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("12 Station Road, Putney ZR15 2HQ", "metropolitan"),
        ("Flat 2, 4 The Close, Newcastle upon Tyne", "northumbria"),
        ("5 High Street", ""),  # Street is a town too
        ("", ""),
    ],
)
def test_the_town_at_the_end_of_an_address(text, force):
    assert force_of_address(text) == force


def test_an_adults_date_of_birth_given_once_does_not_end_a_childs_protection():
    records = [missing("m1", found="met"), RecordFact("s1", "stop", "norfolk", DAY)]
    mentions = [person("m1", dob="2010-05-01"), person("s1", dob="2001-05-01")]
    assert reasons(records, mentions, person_of={"m1/p1": "e1", "s1/p1": "e1"}) == [("e1", OUT, Standing.RAISED)]


def test_age_is_taken_on_the_day_of_the_event():
    later = RecordFact("s1", "stop", "norfolk", DAY + timedelta(days=800))
    mentions, same = [person("m1", age=16), person("s1")], {"m1/p1": "e1", "s1/p1": "e1"}
    assert reasons([missing("m1", found="met"), later], mentions, person_of=same) == []


@pytest.mark.parametrize(("days", "raised"), [((0, 45, 90), True), ((0, 45, 91), False), ((0, 90), False)])
def test_three_missing_episodes_in_ninety_days(days, raised):
    records = [missing(f"m{n}", DAY + timedelta(days=n), found="met") for n in days]
    mentions = [person(record.id, age=25) for record in records]
    found = reasons(records, mentions, person_of={mention.id: "e1" for mention in mentions})
    assert found == ([("e1", "repeat_missing", Standing.RAISED)] if raised else [])


def test_one_episode_recorded_by_two_forces_counts_once():
    records = [missing(f"m{n}", DAY, found="met", start="2026-03-01T08:00:00+00:00") for n in range(3)]
    mentions = [person(record.id, age=15) for record in records]
    assert reasons(records, mentions, person_of={mention.id: "e1" for mention in mentions}) == []


@pytest.mark.parametrize(
    ("offence", "under_18", "known", "standing"),
    [
        ("Possession of crack cocaine with intent to supply", True, {}, Standing.RAISED),
        ("PWITS Class A", None, {"age": 16}, Standing.RAISED),
        ("Being concerned in the supply of heroin", None, {}, Standing.AGE_NOT_KNOWN),
        ("Being concerned in the supply of heroin", False, {"age": 16}, Standing.RAISED),
        ("Being concerned in the supply of heroin", False, {}, None),
        ("Being concerned in the supply of heroin", None, {"age": 30}, None),
        ("Shoplifting", True, {"age": 15}, None),
    ],
)
def test_a_child_in_custody_for_supply(offence, under_18, known, standing):
    detail = {"custody": {"offence": offence} | ({} if under_18 is None else {"under_18": under_18})}
    record = RecordFact("c1", "custody", "kent", DAY, detail)
    expected = [] if standing is None else [("c1/p1", "child_in_supply_custody", standing)]
    assert reasons([record], [person("c1", **known)]) == expected


@pytest.mark.parametrize("role", ["runs_for", "exploited_by"])
def test_a_child_in_a_runners_role_by_the_day_the_role_began(role):
    record, line = RecordFact("r1", "intelligence", "kent", DAY), MentionFact("r1/l1", "r1", "line")
    role_of = AssertionFact("x", "r1", "r1/p1", "r1/l1", role, "assessment")
    then = AssertionFact("x", "r1", "r1/p1", "r1/l1", role, "fact", from_date=date(2025, 6, 1))
    just_18 = person("r1", dob="2008-02-01")
    assert reasons([record], [just_18, line], [role_of]) == []
    assert reasons([record], [just_18, line], [then]) == [("r1/p1", "child_in_runner_role", Standing.RAISED)]


def home(category="", use="stores_at", user="r2/p1", use_category="suspect", day=DAY):
    records = [RecordFact("r1", "intelligence", "kent", DAY), RecordFact("r2", "intelligence", "kent", day)]
    mentions = [
        person("r1", age=45),
        MentionFact("r1/a1", "r1", "address", same_as="flat 2"),
        person("r2", age=30),
        MentionFact("r2/a1", "r2", "address", same_as="flat 2"),
    ]
    assertions = [
        AssertionFact("x", "r1", "r1/p1", "r1/a1", "lives_at", "fact", category),
        AssertionFact("y", "r2", user, "r2/a1", use, "assessment", use_category),
    ]
    return records, mentions, assertions


TENANT = ("r1/p1", "tenant_of_premises_in_use", Standing.RAISED)


@pytest.mark.parametrize("use", ["stores_at", "sold_at"])
@pytest.mark.parametrize("category", ["", "victim", "other"])
def test_a_tenant_of_premises_others_use(use, category):
    assert reasons(*home(category, use)) == [TENANT]


def test_a_tenant_called_a_suspect_or_using_the_place_alone_is_not_put_forward():
    assert reasons(*home("suspect")) == []
    records, mentions, assertions = home()
    assert reasons(records, mentions, assertions, {"r1/p1": "e1", "r2/p1": "e1"}) == []


def test_use_long_after_the_tenancy_was_recorded_is_not_this_tenants():
    assert reasons(*home(day=DAY + timedelta(days=91))) == []
    assert reasons(*home(day=DAY + timedelta(days=90))) == [TENANT]


def test_a_visit_that_found_cuckooing():
    records, mentions, assertions = home()
    visit = RecordFact("r2", "visit", "kent", DAY, {"visit": {"cuckooed": True}})
    assert reasons([records[0], visit], mentions, assertions[:1]) == [TENANT]


@pytest.mark.parametrize(
    ("kind", "category", "role", "raised"),
    [
        ("visit", "victim", "exploited_by", True),
        ("concern", "victim", "exploited_by", True),
        ("visit", "", "exploited_by", False),
        ("crime", "victim", "victim_of", False),
        ("missing", "victim", "exploited_by", False),  # the address is a home to go back to
    ],
)
def test_a_record_that_says_a_tenant_is_exploited_at_home(kind, category, role, raised):
    mentions = [person("r1", age=45), MentionFact("r1/a1", "r1", "address"), MentionFact("r1/l1", "r1", "line")]
    assertions = [
        AssertionFact("x", "r1", "r1/p1", "r1/a1", "lives_at", "fact", category),
        AssertionFact("y", "r1", "r1/p1", "r1/l1", role, "assessment", "victim"),
    ]
    assert reasons([RecordFact("r1", kind, "kent", DAY)], mentions, assertions) == ([TENANT] if raised else [])


def test_a_finding_says_why_by_which_rule_and_from_which_records():
    records = [missing("m1"), missing("m2", DAY + timedelta(days=9))]
    mentions = [person("m1", age=15), person("m2", age=15)]
    (finding,) = raise_concerns(records, mentions, [], {"m1/p1": "e1", "m2/p1": "e1"})
    rule = RULEBOOK.rules[ConcernReason.CHILD_FOUND_OUT_OF_AREA]
    assert (finding.rule_id, finding.rule_version, finding.raised_for) == (rule.id, rule.version, DAY)
    assert [(trigger.record_id, trigger.mention_id) for trigger in finding.triggers] == [
        ("m1", "m1/p1"),
        ("m2", "m2/p1"),
    ]
    assert "norfolk" in finding.triggers[0].sentence


def test_every_rule_names_its_source():
    assert set(RULEBOOK.rules) == set(ConcernReason)
    assert all("[S]" in rule.source or "[D]" in rule.source for rule in RULEBOOK.rules.values())


def test_a_hidden_record_raises_nothing():
    records, mentions, assertions = home()
    assert reasons(records[:1], mentions, assertions) == []


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("Stopped at King's Lynn station, having come from London.", "norfolk"),
        ("Met on the platform at Kings Lynn railway station.", "norfolk"),
        ("Stopped on a service from London to King's Lynn.", ""),  # between the two: nobody says where
        ("Stopped at the station.", ""),
        ("Stopped at King's Lynn station and seen before at Putney station.", ""),
        ("", ""),
    ],
)
def test_the_station_somebody_was_at_says_in_whose_area(text, force):
    assert force_of_stations(text) == force
