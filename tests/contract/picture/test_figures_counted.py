"""Figures counted from the store: the right numbers, for each viewer from their own rows, with period and parts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crossline.access.roles import Role
from crossline.lines.activity import ACTIVITY_RULES
from crossline.picture import series as series_module
from crossline.picture.definitions import in_force
from crossline.picture.figures import PART_OF_IT, CountedFrom, figure, figures
from crossline.picture.flows import flows
from crossline.picture.series import monthly_series
from crossline.safeguarding.raising import raise_due
from crossline.simulation.campaign_returns import homicide_rows
from crossline.vocabulary.codes import LineStatus

pytestmark = pytest.mark.django_db

LINES = (  # ref, agency, name, number, exporter, importers, first seen, last seen, status
    ("K-1", "kent", "Leo", "07700 900001#0001", "metropolitan", "kent", "2026-01-05", "2026-03-09", "active"),
    ("K-2", "kent", "Max", "07700 900002#0002", "metropolitan", "kent;sussex", "2026-02-03", "2026-02-20", "disrupted"),
    ("K-3", "kent", "Ace", "07700 900003#0003", "kent", "kent", "2026-02-11", "2026-03-02", "identified"),
    ("E-1", "essex", "Rio", "07700 900004#0004", "merseyside", "essex", "2025-12-01", "2026-01-15", "closed_type1"),
    ("E-2", "essex", "Zed", "07700 900005#0005", "merseyside", "essex", "2025-12-03", "2026-01-15", "closed_type2"),
    ("E-3", "essex", "Kit", "07700 900006#0006", "", "essex", "2026-03-03", "2026-03-15", "active"),
)


def naming(builders: Any, ref: str, line: str, day: str, **said: Any) -> dict[str, Any]:
    """A report of a day that names a person with a line."""
    mentions = [
        {"key": "p1", "kind": "person", "forename": "Jaden", "surname": "Cole", "dob": "2010-04-11", "sex": "M"},
        {"key": "l1", "kind": "line", "name": line},
    ]
    runs = [{"from": "p1", "to": "l1", "type": "runs_for", "basis": "assessment", "category": "victim"}]
    times = {"occurred_from": f"{day}T20:00:00+00:00", "made_at": f"{day}T22:00:00+00:00"}
    return builders.report(ref, mentions=mentions, assertions=runs, **times) | said


@pytest.fixture
def nation(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Six lines of two forces, five reports of three, two investigations of which one is closed."""
    for agency in ("kent", "essex"):
        rows = [
            builders.line(
                ref,
                agency=agency,
                name=name,
                numbers=number,
                exporting_agency=exporter,
                importing_agencies=importers,
                towns="Hastings" if agency == "kent" else "Clacton",
                first_seen=first,
                last_seen=last,
                status=status,
            )
            for ref, owner, name, number, exporter, importers, first, last, status in LINES
            if owner == agency
        ]
        builders.sent(tmp_path / f"{agency}-lines", kept, agency=agency, ref=f"{agency}-lines", lines=rows)
    reports = {
        "kent": [
            naming(builders, "K/1", "Leo", "2026-01-20"),
            naming(builders, "K/2", "Leo", "2026-03-05"),
            naming(builders, "K/3", "Leo", "2026-02-05", information_grade="E"),
            naming(builders, "K/4", "Ace", "2026-01-31", handling="C"),
        ],
        "essex": [builders.report("E/1", made_at="2026-02-10T10:00:00+00:00", mentions=[], text="")],
        "norfolk": [builders.report("N/1", made_at="2026-03-20T10:00:00+00:00", mentions=[], text="")],
    }
    for agency, rows in reports.items():
        builders.sent(tmp_path / f"{agency}-reports", kept, agency=agency, ref=f"{agency}-reports", reports=rows)
    cases = [builders.investigation("OP-1"), builders.investigation("OP-2", closed="2026-02-01", status="closed")]
    builders.sent(tmp_path / "cases", kept, ref="cases", investigations=cases)


def values(viewpoint: Any) -> dict[str, tuple[Any, Any, Any]]:
    """id -> (value, numerator, denominator) of the stocks."""
    found = [each for each in figures(viewpoint) if each.area == "national" and len(each.period) == len("2026-03-20")]
    return {each.id: (each.value, each.numerator, each.denominator) for each in found}


def test_stocks_of_lines(builders: Any, nation: None) -> None:
    with builders.administrator() as viewpoint:
        found = values(viewpoint)
    assert found["lines_in_register"] == (6, 6, None)
    assert found["lines_active"] == (2, 2, 6)
    assert found["lines_identified"] == (1, 1, 6)
    assert found["lines_closed_type1"] == (1, 1, 2)
    assert found["lines_closed_type2"] == (1, 1, 2)
    assert found["lines_external"] == (2, 2, 3), "Kit has no exporter, and closed lines are not counted"
    assert found["deal_numbers"] == (6, 6, 6)
    assert found["investigations_open"] == (1, 1, 2)
    assert found["agencies_reporting"] == (3, 3, 46)


def test_figures_carry_version_period_note_and_what_they_lead_to(builders: Any, nation: None) -> None:
    with builders.administrator() as viewpoint:
        active = figure(viewpoint, "lines_active")
    assert active is not None
    assert (active.version, active.period, active.area) == ("2", "2026-03-20", "national")
    assert active.definition == in_force("lines_active").sentence
    assert active.counted_from == CountedFrom("lines", (("status", "active"),))
    assert active.note == in_force("lines_active").caveat


def test_people_are_counted_once_and_children_put_forward(builders: Any, nation: None) -> None:
    raise_due()
    with builders.administrator() as viewpoint:
        found = values(viewpoint)
    assert found["people_with_lines"][0] >= 1
    assert found["people_with_lines"][2] >= found["people_with_lines"][0]
    assert found["people_put_forward"][0] == found["children_put_forward"][0] >= 1


def test_each_month_has_the_lines_with_a_sign_in_it(builders: Any, nation: None) -> None:
    """Seen first or last by a return, or named by a report that is not thought false; not by a report of E alone."""
    with builders.administrator() as viewpoint:
        found = monthly_series(viewpoint)
    active = {point.month.month: point.value for point in found["lines_potentially_active"].points}
    assert active == {1: 4, 2: 2, 3: 3}  # Leo, Ace, Rio, Zed; Max, Ace; Leo, Ace, Kit
    assert {p.month.month: p.value for p in found["lines_new"].points} == {1: 2, 2: 1, 3: 1}
    assert {p.month.month: p.value for p in found["reports_made"].points} == {1: 2, 2: 2, 3: 2}
    assert {p.month.month: p.value for p in found["agencies_reporting"].points} == {1: 1, 2: 2, 3: 2}
    assert [point.provisional for point in found["reports_made"].points] == [False, False, True]
    assert found["lines_potentially_active"].points[0].definition == "lines_potentially_active v1"


def test_a_viewer_counts_only_what_they_may_see(builders: Any, nation: None) -> None:
    """Kent's report with conditions is hidden from Essex: it neither makes January's Ace nor counts as a report."""
    with builders.seen_by(builders.enrolled("essex.analyst", agency="essex")) as viewpoint:
        found = monthly_series(viewpoint)
        assert {p.month.month: p.value for p in found["lines_potentially_active"].points} == {1: 3, 2: 2, 3: 3}
        assert {p.month.month: p.value for p in found["reports_made"].points} == {1: 1, 2: 2, 3: 2}
        stocks = values(viewpoint)
        assert stocks["investigations_open"] == (0, 0, 0)
        assert all(each.note.endswith(PART_OF_IT) for each in figures(viewpoint))


def test_somebody_who_sees_nothing_gets_figures_of_nothing(builders: Any, nation: None) -> None:
    auditor = builders.enrolled("auditor", roles=(Role.AUDITOR,))
    with builders.seen_by(auditor) as viewpoint:
        assert monthly_series(viewpoint) == {}
        assert {value for value, *_ in values(viewpoint).values()} <= {0}
        assert flows(viewpoint).pairs == []


def test_an_area_has_the_series_of_its_lines_and_reports(builders: Any, nation: None) -> None:
    with builders.administrator() as viewpoint:
        found = monthly_series(viewpoint, area="kent")
        assert {p.month.month: p.value for p in found["reports_made"].points} == {1: 2, 2: 1, 3: 1}
        assert {p.month.month: p.value for p in found["lines_potentially_active"].points} == {1: 2, 2: 2, 3: 2}
        assert "agencies_reporting" not in found
        assert monthly_series(viewpoint, area="wiltshire") == {}


def test_a_new_version_of_a_definition_breaks_the_series(
    builders: Any, nation: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the month in which it comes into force its own rule counts, its points carry its name, and a break says so."""
    from dataclasses import replace

    first = in_force("lines_potentially_active")
    second = replace(first, version="2", valid_from=date(2026, 2, 1), sentence="Lines that a report names.")
    definitions = {"lines_potentially_active": (first, second)}
    rules = {"1": ACTIVITY_RULES["1"], "2": replace(ACTIVITY_RULES["1"], version="2", days_seen_in_returns=False)}
    from crossline.picture import definitions as definitions_module

    changed = dict(definitions_module.DEFINITIONS) | definitions
    monkeypatch.setattr(definitions_module, "DEFINITIONS", changed)
    monkeypatch.setattr(series_module, "DEFINITIONS", changed)
    monkeypatch.setattr(series_module, "ACTIVITY_RULES", rules)
    with builders.administrator() as viewpoint:
        found = monthly_series(viewpoint)["lines_potentially_active"]
    assert [(p.month.month, p.value, p.definition[-2:]) for p in found.points] == [
        (1, 4, "v1"),
        (2, 0, "v2"),
        (3, 1, "v2"),
    ]
    assert [(each.at, each.label) for each in found.breaks] == [
        (date(2026, 2, 1), "Version 2 of the definition: Lines that a report names.")
    ]


def test_flows_run_from_exporter_to_importer(builders: Any, nation: None) -> None:
    with builders.administrator() as viewpoint:
        found = flows(viewpoint)
        every = flows(viewpoint, statuses=frozenset(LineStatus))
    assert [(pair.exporting, pair.importing, pair.count) for pair in found.pairs] == [
        ("metropolitan", "kent", 2),
        ("kent", "kent", 1),
        ("metropolitan", "sussex", 1),
    ]
    assert [(pair.exporting, pair.importing) for pair in found.top(1)] == [("metropolitan", "kent")]
    kent = found.forces["kent"]
    assert (len(kent.exporting), len(kent.importing), len(kent.internal)) == (1, 3, 1)
    assert len(found.unplaced) == 1, "Kit's return names no exporter"
    assert ("merseyside", "essex", 2) in [(pair.exporting, pair.importing, pair.count) for pair in every.pairs]


def test_figures_of_forces_count_their_own_lines(builders: Any, nation: None) -> None:
    with builders.administrator() as viewpoint:
        found = {(each.id, each.area): each.value for each in figures(viewpoint) if each.area != "national"}
        assert figure(viewpoint, "lines_imported", area="wiltshire") is None
    assert found["lines_exported", "metropolitan"] == 2
    assert found["lines_imported", "kent"] == 3
    assert found["lines_imported", "sussex"] == 1


def test_the_published_homicide_shares_come_out_of_the_simulations_records(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    """50 % and 57 % of those known; another definition gives another share; the unknown are said."""
    senders = ("kent", "essex", "metropolitan")
    for agency, rows in homicide_rows(senders, (480, 600), seed=3).items():
        builders.sent(tmp_path / agency, kept, agency=agency, ref=f"{agency}-homicides", homicides=rows)
    with builders.administrator() as viewpoint:
        found = {(each.id, each.period): each for each in figures(viewpoint) if "homicide" in each.id}
    early, late = found["drug_linked_homicide_share", "2014/15"], found["drug_linked_homicide_share", "2016/17"]
    assert (early.value, early.numerator, early.denominator) == (50, 240, 480)
    assert (late.value, late.numerator, late.denominator) == (57, 342, 600)
    assert early.note.startswith("Not known of 38 of 518: 46.3 % if none of those were linked, 53.7 % if all were.")
    assert "does not mean caused by county lines" in early.note
    assert found["drug_linked_homicide_share_of_all", "2014/15"].value == Decimal("46.3")


def test_a_homicide_sent_again_counts_as_it_was_sent_last(builders: Any, tmp_path: Path, kept: Path) -> None:
    for number, suspect in enumerate(("yes", "no")):
        row = builders.homicide(victim_drug_user_or_dealer="no", suspect_drug_user_or_dealer=suspect)
        builders.sent(tmp_path / str(number), kept, ref=str(number), homicides=[row])
    with builders.administrator() as viewpoint:
        share = figure(viewpoint, "drug_linked_homicide_share")
    assert share is not None and (share.value, share.denominator) == (0, 1)
