"""Everything written keeps to the delivery contract: files, columns, codes, references."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime

import pytest

from crossline.simulation.deliveries import COLUMNS
from crossline.simulation.truth import COLUMNS as TRUTH_COLUMNS
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import (
    DELIVERED_ASSERTIONS,
    REPORT_KINDS,
    HandlingCondition,
    InformationGrade,
    LineStatus,
    MissingRisk,
    MoneyCounted,
    MoneyKind,
    MoneyStage,
    SelectorScheme,
    SourceSector,
    SubjectCategory,
    Tristate,
)
from crossline.vocabulary.metrics import METRICS
from crossline.vocabulary.selectors import normalise, parse_partial_date, read_selectors

REPORT_KEYS = [
    *("ref", "kind", "made_at", "occurred_from", "occurred_to", "source_grade", "information_grade", "handling"),
    *("conditions", "classification", "audience", "subject", "text", "mentions", "assertions"),
]
MENTION_KEYS = {
    "person": {"forename", "middle", "surname", "aliases", "dob", "age", "sex", "ids"},
    "phone": {"number", "imei", "imsi"},
    "address": {"text", "postcode", "uprn", "lat", "lon", "premises"},
    "vehicle": {"vrm", "make", "model", "colour"},
    "line": {"name"},
    "group": {"name", "ids"},
    "item": {"type", "subtype", "quantity", "unit", "value"},
}
KIND_OBJECTS = {
    "missing": {"from", "found_at_time", "found_place", "found_agency", "home_agency", "risk", "return_interview"},
    "custody": {"offence", "outcome", "under_18"},
    "concern": {"source_sector", "indicators"},
}


def test_each_delivery_names_its_agency_and_a_reference_of_its_own(region):
    about = [json.loads(path.read_text()) for path in region.out.glob("deliveries/*/delivery.json")]
    assert len(about) == region.summary.deliveries == len({(one["agency"], one["ref"]) for one in about})
    for one in about:
        assert set(one) == {"agency", "ref", "made_at"}
        assert one["agency"] in agencies()
        assert datetime.fromisoformat(one["made_at"]).utcoffset() is not None


def test_folders_are_named_after_the_agency_that_sends(region):
    for path in region.out.glob("deliveries/*/delivery.json"):
        assert path.parent.name.startswith(json.loads(path.read_text())["agency"] + "-2026-")


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_tables_have_the_columns_of_the_contract(region, name):
    paths = list(region.out.glob(f"deliveries/*/{name}.csv"))
    assert paths
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            assert tuple(next(csv.reader(file))) == COLUMNS[name]


@pytest.mark.parametrize("name", sorted(TRUTH_COLUMNS))
def test_truth_tables_have_their_columns_and_rows(region, name):
    with (region.out / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == TRUTH_COLUMNS[name]
        assert sum(1 for _ in file) == region.summary.truth_rows[name] > 0


def test_rows_are_sent_by_the_agency_they_name(region):
    for name in COLUMNS:
        assert all(row["sender"] == row["agency"] for row in region.rows(name))


def test_reports_have_the_fields_and_codes_of_the_contract(region):
    for _, report in region.reports:
        assert list(report)[: len(REPORT_KEYS)] == REPORT_KEYS
        assert report["kind"] in REPORT_KINDS
        assert report["source_grade"] in (1, 2, 3)
        assert report["information_grade"] in set(InformationGrade)
        assert report["handling"] in ("P", "C")
        assert report["classification"] in ("OFFICIAL", "OFFICIAL-SENSITIVE")
        assert report["subject"]
        assert report["text"]
        if report["conditions"]:
            assert report["handling"] == "C"
            assert all(code in set(HandlingCondition) for code in report["conditions"].split()[:2])
        if report["audience"] is not None:
            assert report["audience"]
            assert set(report["audience"]) <= set(agencies())


def test_times_have_offsets_and_lie_in_order_before_the_delivery(region):
    made = datetime.fromisoformat("2026-11-01T06:00:00+00:00")
    for _, report in region.reports:
        start, at = datetime.fromisoformat(report["occurred_from"]), datetime.fromisoformat(report["made_at"])
        assert start <= at < made
        if report["occurred_to"]:
            assert start < datetime.fromisoformat(report["occurred_to"]) <= at


def test_summer_and_winter_have_their_offsets(region):
    offsets = {report["made_at"][5:7]: report["made_at"][-6:] for _, report in region.reports}
    assert offsets["01"] == "+00:00"
    assert offsets["07"] == "+01:00"


def test_references_are_unique_within_an_agency(region):
    refs = [(agency, report["ref"]) for agency, report in region.reports]
    refs += [
        (row["agency"], row["ref"]) for name in ("investigations", "finance", "homicides") for row in region.rows(name)
    ]
    refs += [(row["agency"], row["line_ref"]) for row in region.rows("lines")]
    assert len(refs) == len(set(refs))


def test_mentions_and_assertions_keep_to_the_contract(region):
    for _, report in region.reports:
        keys = [mention["key"] for mention in report["mentions"]]
        assert len(keys) == len(set(keys))
        for mention in report["mentions"]:
            assert set(mention) == {"key", "kind"} | MENTION_KEYS[mention["kind"]]
        for assertion in report["assertions"]:
            assert {assertion["from"], assertion["to"]} <= set(keys)
            assert assertion["type"] in DELIVERED_ASSERTIONS
            assert assertion["basis"] in ("fact", "assessment")
            assert assertion["category"] is None or assertion["category"] in set(SubjectCategory)


def test_dates_of_birth_can_be_read_and_ages_are_ages(region):
    people = [m for _, report in region.reports for m in report["mentions"] if m["kind"] == "person"]
    assert all(parse_partial_date(person["dob"]) for person in people if person["dob"])
    assert all(person["age"] is None or 0 < person["age"] < 120 for person in people)
    assert all(person["forename"] or person["surname"] or person["aliases"] for person in people)


def test_kinds_carry_their_own_objects(region):
    for _, report in region.reports:
        extra = set(report) - set(REPORT_KEYS)
        if report["kind"] in KIND_OBJECTS:
            assert extra == {report["kind"]}, report["ref"]
            assert set(report[report["kind"]]) == KIND_OBJECTS[report["kind"]]
        else:
            assert extra == set()


def test_kind_objects_hold_codes_and_times(region):
    for _, report in region.reports:
        if missing := report.get("missing"):
            assert missing["risk"] in set(MissingRisk)
            assert {missing["found_agency"], missing["home_agency"]} <= set(agencies())
            assert datetime.fromisoformat(missing["from"]) < datetime.fromisoformat(missing["found_at_time"])
        if custody := report.get("custody"):
            assert isinstance(custody["under_18"], bool)
        if concern := report.get("concern"):
            assert concern["source_sector"] in set(SourceSector)
            assert concern["indicators"]


def test_the_text_holds_the_facts(region):
    for _, report in region.reports:
        text = report["text"].lower()
        for mention in report["mentions"]:
            for field in ("number", "vrm", "surname", "subtype"):
                if mention.get(field):
                    assert mention[field].lower() in text, (report["ref"], mention)


def test_line_returns_hold_codes_scores_and_dates(region):
    for row in region.rows("lines"):
        assert row["status"] in set(LineStatus)
        assert all(row[name] in ("", *"012345") for name in ("violence", "weapons", "drug_harm", "child_exploitation"))
        assert all(row[name] in set(Tristate) for name in row if name.startswith("crit_"))
        assert date.fromisoformat(row["first_seen"]) <= date.fromisoformat(row["last_seen"] or row["first_seen"])
        assert row["agency"] == row["exporting_agency"] or row["agency"] in row["importing_agencies"].split(";")


def test_investigations_hold_selectors_that_can_be_read(region):
    refs = {row["line_ref"] for row in region.rows("lines")}
    rows = region.rows("investigations")
    assert len(rows) == 15
    for row in rows:
        selectors = read_selectors(row["selectors"])
        assert selectors
        assert all(normalise(scheme, value) for scheme, value in selectors), row["selectors"]
        assert set(filter(None, row["line_refs"].split(";"))) <= refs
    assert {scheme for row in rows for scheme, _ in read_selectors(row["selectors"])} >= {
        SelectorScheme.PHONE,
        SelectorScheme.PERSON,
    }


def test_money_goes_from_stage_to_stage_without_growing(region):
    strands: dict[str, list[dict[str, str]]] = {}
    for row in region.rows("finance"):
        assert row["stage"] in set(MoneyStage)
        assert row["kind"] in set(MoneyKind)
        assert row["counted"] in set(MoneyCounted)
        strands.setdefault(row["ref"].rsplit("-", 1)[0], []).append(row)
    assert any(len(steps) > 1 for steps in strands.values())
    for steps in strands.values():
        assert [step["date"] for step in steps] == sorted(step["date"] for step in steps)
        amounts = [float(step["amount"]) for step in steps]
        assert amounts == sorted(amounts, reverse=True)
        assert len({step["kind"] for step in steps}) == 1


def test_returns_use_the_metrics_of_the_vocabulary(region):
    for row in region.rows("returns"):
        assert METRICS[row["metric"]].unit == row["unit"]
        assert row["status"] in ("provisional", "final")
        assert "ublished" in row["note"]
