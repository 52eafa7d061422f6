"""The truth refers to what was delivered, says what is so, and the nation has the proportions it was made to."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, datetime

import pytest

from crossline.simulation.parameters import WINDOW_FROM, WINDOW_TO
from crossline.vocabulary.selectors import fold_brand, normalise, normalise_phone, read_selectors


@pytest.fixture(scope="module")
def mentions(region) -> dict[tuple[str, str, str], dict]:
    """Every delivered mention by agency, reference and key."""
    return {
        (agency, report["ref"], mention["key"]): mention
        for agency, report in region.reports
        for mention in report["mentions"]
    }


@pytest.fixture(scope="module")
def selectors(region) -> dict[tuple[str, str], list]:
    """Selectors of each investigation, as read."""
    return {(row["agency"], row["ref"]): read_selectors(row["selectors"]) for row in region.rows("investigations")}


def test_every_person_mentioned_has_a_truth_and_no_other(region, mentions, selectors):
    truth = {(row["agency"], row["ref"], row["key"]) for row in region.truth("people")}
    delivered = {key for key, mention in mentions.items() if mention["kind"] == "person"}
    delivered |= {
        (agency, ref, f"s{number}")
        for (agency, ref), found in selectors.items()
        for number, (scheme, _) in enumerate(found, start=1)
        if scheme == "person"
    }
    assert truth == delivered
    assert len(region.truth("people")) == len(truth)


def test_every_person_has_one_profile(region):
    profiles = [row["person_id"] for row in region.truth("people_profile")]
    assert len(profiles) == len(set(profiles))
    assert set(profiles) == {row["person_id"] for row in region.truth("people")}


def test_every_line_mention_has_a_truth_by_the_same_brand(region, mentions, selectors):
    brands = {row["line_id"]: fold_brand(row["brand"]) for row in region.truth("lines")}
    returned = {(row["agency"], row["line_ref"]): row["name"] for row in region.rows("lines")}
    same = total = 0
    for row in region.truth("line_mentions"):
        where = (row["agency"], row["ref"])
        if row["key"] == "line":
            name = returned[where]
        elif where in selectors:
            name = selectors[where][int(row["key"][1:]) - 1][1]
        else:
            name = mentions[(*where, row["key"])]["name"]
        total += 1
        same += fold_brand(name) == brands[row["line_id"]]
    assert total > 500
    assert same / total > 0.94  # some are misheard


def test_brand_names_recur_for_different_lines(region):
    counts = Counter(row["brand"] for row in region.truth("lines"))
    assert max(counts.values()) > 1
    assert 1 < len(counts) < 60


def test_numbers_run_one_after_another_and_changes_name_both_sides(region):
    periods: dict[str, list[dict[str, str]]] = {}
    for row in region.truth("line_numbers"):
        periods.setdefault(row["line_id"], []).append(row)
    numbers = {row["number"]: row for row in region.truth("line_numbers")}
    assert len(numbers) == len(region.truth("line_numbers")) == region.summary.numbers
    inside = {(old["number"], new["number"]) for found in periods.values() for old, new in itertools.pairwise(found)}
    changes = {(row["old_number"], row["new_number"]) for row in region.truth("successions")}
    assert inside <= changes
    for old, new in inside:
        gap = date.fromisoformat(numbers[new]["from_date"]) - date.fromisoformat(numbers[old]["to_date"])
        assert -3 <= gap.days <= 5
    for row in region.truth("successions"):
        assert row["date"] == numbers[row["new_number"]]["from_date"]


def test_some_changes_can_be_seen_in_authorised_data_and_some_cannot(region):
    assert {row["observed"] for row in region.truth("successions")} == {"yes", "no"}


def test_numbers_returned_for_a_line_are_that_lines(region):
    truth = {row["number"]: row["line_id"] for row in region.truth("line_numbers")}
    lines = {
        (row["agency"], row["ref"]): row["line_id"] for row in region.truth("line_mentions") if row["key"] == "line"
    }
    whole = partial = 0
    for row in region.rows("lines"):
        for written in row["numbers"].split(";"):
            if "?" in written:
                partial += 1
                continue
            whole += 1
            assert truth[normalise_phone(written)] == lines[row["agency"], row["line_ref"]]
    assert partial > 0
    assert whole / (whole + partial) > 0.9


def test_planted_overlaps_are_of_all_three_sorts_and_can_be_found_in_the_selectors(region, selectors):
    rows = [row for row in region.truth("overlaps") if row["kind"] == "investigation"]
    assert Counter(row["via"] for row in rows).keys() == {"selector", "person", "succession"}
    assert len(rows) == region.summary.overlaps >= 7
    for row in rows:
        left = {normalise(*one) for one in selectors[row["left_agency"], row["left_ref"]]}
        right = {normalise(*one) for one in selectors[row["right_agency"], row["right_ref"]]}
        assert row["left_agency"] != row["right_agency"]
        if row["via"] == "selector":
            assert row["value"] in left & right
        else:
            assert row["value"] in left | right
            assert row["value"] not in left & right


def test_overlaps_by_person_are_spelt_differently(region):
    rows = [row for row in region.truth("overlaps") if row["kind"] == "investigation" and row["via"] == "person"]
    assert rows
    people = {(row["agency"], row["ref"]): set() for row in region.truth("people")}
    for row in region.truth("people"):
        people[row["agency"], row["ref"]].add(row["person_id"])
    for row in rows:
        assert people[row["left_agency"], row["left_ref"]] & people[row["right_agency"], row["right_ref"]]


def test_report_overlaps_join_reports_of_two_agencies_about_one_thing(region, mentions):
    people = {}
    for row in region.truth("people"):
        people.setdefault((row["agency"], row["ref"]), set()).add(row["person_id"])
    refs = {(agency, report["ref"]) for agency, report in region.reports}
    for row in region.truth("overlaps"):
        if row["kind"] == "report":
            left, right = (row["left_agency"], row["left_ref"]), (row["right_agency"], row["right_ref"])
            assert left[0] != right[0]
            assert {left, right} <= refs
            if row["via"] == "person":
                assert row["value"] in people[left] & people[right]


def test_concerns_are_borne_out_by_the_records(region, mentions):
    reports = {(agency, report["ref"]): report for agency, report in region.reports}
    grown = {row["person_id"]: date.fromisoformat(row["is_child_at"]) for row in region.truth("people_profile")}
    reasons = Counter()
    for row in region.truth("concerns"):
        report = reports[row["agency"], row["ref"]]
        assert mentions[row["agency"], row["ref"], row["key"]]["kind"] == "person"
        day = datetime.fromisoformat(report["occurred_from"]).date()
        reasons[row["reason"]] += 1
        if row["reason"] != "tenant_of_premises_in_use":
            assert day <= grown[row["person_id"]].replace(day=28)
        if row["reason"] == "child_found_out_of_area":
            missing = report.get("missing", {"found_agency": row["agency"], "home_agency": None})
            assert missing["found_agency"] != missing["home_agency"]
            assert report["kind"] in ("missing", "stop", "custody", "seizure")
        if row["reason"] == "child_in_supply_custody":
            assert report["custody"]["under_18"] is True
            assert "supply" in report["custody"]["offence"]
        if row["reason"] in ("unexplained_injury", "debts", "several_phones", "unexplained_tickets"):
            assert report["kind"] == "concern" and row["exploited"] == "yes"
        if row["reason"] == "child_with_weapon":
            kinds = {each["key"]: each.get("type") for each in report["mentions"]}
            taken = {
                kinds[a["from"]] for a in report["assertions"] if (a["type"], a["to"]) == ("seized_from", row["key"])
            }
            assert "weapon" in taken and taken & {"drug", "cash"}
        if row["reason"] == "several_signs":
            assert report["kind"] in ("missing", "concern", "stop", "seizure", "custody") and row["exploited"] == "yes"
        if row["reason"] == "child_harmed_by_line":
            assert any(a["type"] == "victim_of" and a["from"] == row["key"] for a in report["assertions"])
        if row["reason"] == "victim_with_line_adult":
            said = [a for a in report["assertions"] if a["from"] == row["key"] and a["category"] == "victim"]
            assert "associates_with" in {a["type"] for a in said}
        if row["reason"] == "child_in_runner_role":
            assert any(
                a["type"] in ("runs_for", "exploited_by") and a["from"] == row["key"] for a in report["assertions"]
            )
    assert set(reasons) == {
        *("child_found_out_of_area", "repeat_missing", "child_in_supply_custody"),
        *("child_in_runner_role", "tenant_of_premises_in_use"),
        *("unexplained_injury", "unexplained_money", "debts", "several_phones", "unexplained_tickets"),
        *("child_with_weapon", "child_harmed_by_line", "several_signs", "victim_with_line_adult"),
    }
    assert min(reasons.values()) >= 5


def test_repeated_episodes_are_three_in_ninety_days_counted_over_all_agencies(region, mentions):
    person_of = {(row["agency"], row["ref"], row["key"]): row["person_id"] for row in region.truth("people")}
    starts: dict[str, set[str]] = {}
    for agency, report in region.reports:
        if report["kind"] == "missing" and report["mentions"]:
            starts.setdefault(person_of[agency, report["ref"], "p1"], set()).add(report["missing"]["from"])
    reports = {(agency, report["ref"]): report for agency, report in region.reports}
    said = [row for row in region.truth("concerns") if row["reason"] == "repeat_missing"]
    for row in said:
        day = datetime.fromisoformat(reports[row["agency"], row["ref"]]["occurred_from"]).date()
        ages = [(day - datetime.fromisoformat(start).date()).days for start in starts[row["person_id"]]]
        assert sum(0 <= age <= 90 for age in ages) >= 3
    often = {person for person, found in starts.items() if len(found) >= 3}
    assert {row["person_id"] for row in said} <= often


def test_some_children_found_far_off_are_not_exploited(region):
    assert {row["exploited"] for row in region.truth("concerns")} == {"yes", "no"}


def test_most_policing_is_about_other_things(region):
    about_lines = {(row["agency"], row["ref"]) for row in region.truth("line_mentions")}
    reports = {(agency, report["ref"]) for agency, report in region.reports}
    assert len(reports) == 5_000 == region.summary.reports
    assert 0.10 < len(about_lines & reports) / len(reports) < 0.30
    assert region.summary.line_reports / region.summary.reports < 0.30


def test_about_eight_in_a_hundred_nominal_records_are_duplicates(region, mentions):
    ids: dict[tuple[str, str], set[str]] = {}
    for row in region.truth("people"):
        mention = mentions.get((row["agency"], row["ref"], row["key"]))
        if mention and "nominal" in mention["ids"]:
            ids.setdefault((row["agency"], row["person_id"]), set()).add(mention["ids"]["nominal"])
    records = sum(len(found) for found in ids.values())
    assert max(len(found) for found in ids.values()) == 2
    assert 0.05 < (records - len(ids)) / records < 0.11
    owners = Counter((agency, one) for (agency, _), found in ids.items() for one in found)
    assert max(owners.values()) == 1


def test_about_a_third_of_those_behind_lines_are_children_and_most_are_male(region):
    behind = [p for p in region.truth("people_profile") if p["role"] in ("holder", "deputy", "runner", "associate")]
    children = sum(person["is_child_at"] > WINDOW_FROM.isoformat() for person in behind)
    assert 0.25 < children / len(behind) < 0.45
    assert 0.82 < sum(person["sex"] == "M" for person in behind) / len(behind) < 0.96


def test_the_nation_holds_all_its_communities(region):
    origins = Counter(row["name_origin"] for row in region.truth("people_profile"))
    assert len(origins) > 25
    assert 0.5 < origins["british"] / sum(origins.values()) < 0.8


def test_people_are_written_in_more_ways_than_one(region, mentions):
    forms: dict[str, set[tuple]] = {}
    for row in region.truth("people"):
        mention = mentions.get((row["agency"], row["ref"], row["key"]))
        if mention:
            forms.setdefault(row["person_id"], set()).add((mention["forename"], mention["surname"], mention["dob"]))
    met_often = [found for found in forms.values() if len(found) > 1]
    assert len(met_often) > 300


def test_a_few_reports_have_numbers_or_plates_in_their_text_alone(region):
    bare = [report for _, report in region.reports if not report["mentions"]]
    assert 20 < len(bare) < 150
    assert any("#" in report["text"] for report in bare)
    assert all(report["assertions"] == [] for report in bare)


def test_lines_were_at_work_in_the_window(region):
    for row in region.truth("lines"):
        assert row["opened"] <= WINDOW_TO.isoformat()
        assert not row["closed"] or WINDOW_FROM.isoformat() < row["closed"] <= WINDOW_TO.isoformat()
