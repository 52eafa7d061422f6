"""A year sent month by month holds what the yearly deliveries hold, and nothing before it could be known."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crossline.simulation.monthly import month_ends, month_of
from crossline.simulation.nation import simulate
from crossline.simulation.parameters import WINDOW_FROM, WINDOW_TO, Deliveries, Scale
from crossline.vocabulary.selectors import normalise_phone


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    """The tiny nation of the yearly fixture, sent every month."""
    return written(tmp_path_factory.mktemp("monthly") / "nation")


def written(out: Path) -> Path:
    simulate(out=out, scale=Scale.TINY, seed=7, progress=lambda _: None, deliveries=Deliveries.MONTHLY)
    return out


def table(out: Path, name: str) -> list[tuple[date, dict[str, str]]]:
    """Each row of a table with the last day it can speak of, in the order in which deliveries were made."""
    found = []
    for folder in sorted((out / "deliveries").iterdir()):
        about = json.loads((folder / "delivery.json").read_text())
        assert about["ref"].lower() == folder.name
        last = date.fromisoformat(about["made_at"][:10]) - timedelta(days=1)
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open(newline="", encoding="utf-8") as file:
                found += [(last, row) for row in csv.DictReader(file)]
    return sorted(found, key=lambda each: each[0])


def files(out: Path, pattern: str) -> list[bytes]:
    return sorted(path.read_bytes() for path in out.glob(pattern))


def lines_of(out: Path, pattern: str) -> list[bytes]:
    return sorted(line for path in out.glob(pattern) for line in path.read_bytes().splitlines())


def digest(out: Path) -> str:
    every = hashlib.sha256()
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        every.update(str(path.relative_to(out)).encode() + b"\0" + path.read_bytes())
    return every.hexdigest()


def test_the_yearly_deliveries_are_byte_for_byte_those_of_before_there_was_a_choice(tiny):
    """Of the people side's files; the rows of call records hang on the versions of other libraries too."""
    every = hashlib.sha256()
    for path in sorted(path for path in (tiny.out / "deliveries").glob("*/*") if path.is_file()):
        every.update(f"{path.parent.name}/{path.name}".encode() + b"\0" + path.read_bytes())
    assert every.hexdigest() == "5f43f283f940cc6488e55a4ee7e5b4ff8082e81b7e55d09df9af587192e2989f"


def test_the_same_seed_writes_the_same_months(monthly, tmp_path):
    assert digest(written(tmp_path / "again")) == digest(monthly)
    assert {path.name for path in monthly.iterdir()} == {"deliveries", "truth"}


def test_all_months_together_hold_what_the_year_holds(tiny, monthly):
    assert files(monthly, "truth/*") == files(tiny.out, "truth/*")
    assert len(list(monthly.glob("deliveries/kent-*"))) == 12
    assert lines_of(monthly, "deliveries/*/reports.jsonl") == lines_of(tiny.out, "deliveries/*/reports.jsonl")
    for name in ("records.csv", "cells.csv"):
        assert files(monthly, f"deliveries/*/comms-*/{name}") == files(tiny.out, f"deliveries/*/comms-*/{name}")
    for name in ("finance", "returns", "homicides"):
        ours, yearly = [[row for _, row in table(out, name)] for out in (monthly, tiny.out)]
        assert sorted(map(str, ours)) == sorted(map(str, yearly))
    for name, ref in (("lines", "line_ref"), ("investigations", "ref")):
        last = {(row["agency"], row[ref]): row for _, row in table(monthly, name)}
        assert last == {(row["agency"], row[ref]): row for _, row in table(tiny.out, name)}
        assert len(table(monthly, name)) > len(last)


def test_a_revision_is_sent_only_when_something_has_changed(monthly):
    for name, ref in (("lines", "line_ref"), ("investigations", "ref")):
        revisions = defaultdict(list)
        for _, row in table(monthly, name):
            revisions[row[ref]].append(row)
        assert all(one != two for sent in revisions.values() for one, two in pairwise(sent))


def test_nothing_is_sent_before_it_could_be_known(tiny, monthly):
    started = {normalise_phone(row["number"]): row["from_date"] for row in tiny.truth("line_numbers")}
    closed = {row["line_id"]: row["closed"] for row in tiny.truth("lines")}
    line_of = {
        (row["agency"], row["ref"]): row["line_id"] for row in tiny.truth("line_mentions") if row["key"] == "line"
    }
    named = 0
    for last, row in table(monthly, "lines"):
        day = last.isoformat()
        assert max(row["first_seen"], row["last_seen"]) <= day
        for number in filter(None, map(normalise_phone, row["numbers"].split(";"))):
            assert started[number] <= day
            named += 1
        if row["status"].startswith("closed"):
            assert closed[line_of[row["agency"], row["line_ref"]]] <= day
    assert named
    for last, row in table(monthly, "investigations"):
        assert max(row["opened"], row["closed"]) <= last.isoformat()
        phones = [one.removeprefix("phone:") for one in row["selectors"].split(";") if one.startswith("phone:")]
        assert all(started.get(normalise_phone(phone), "") <= last.isoformat() for phone in phones)
    assert all(row["date"] <= last.isoformat() for last, row in table(monthly, "finance"))
    for path in monthly.glob("deliveries/*/reports.jsonl"):
        sent = json.loads((path.parent / "delivery.json").read_text())["made_at"]
        assert all(
            json.loads(line)["made_at"][:10] < sent[:10] for line in path.read_text(encoding="utf-8").splitlines()
        )
    for path in monthly.glob("deliveries/*/comms-*/authorisation.json"):
        sent, asked = (
            json.loads((path.parents[1] / "delivery.json").read_text())["made_at"],
            json.loads(path.read_text()),
        )
        assert asked["period_to"] < sent[:10]
        tried = (date.fromisoformat(asked["period_to"]) + timedelta(days=5)).isoformat()
        assert all(started.get(normalise_phone(number), "") <= tried for number in asked["numbers"])


def test_the_months_cover_the_window_and_what_is_older_goes_with_the_first():
    ends = month_ends()
    assert (len(ends), ends[-1]) == (12, WINDOW_TO)
    assert [month_of(end) for end in ends] == list(range(12))
    assert month_of(WINDOW_FROM - timedelta(days=400)) == 0
