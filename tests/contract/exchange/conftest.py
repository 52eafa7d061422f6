"""What the exchange tests share: a small store of two forces, with people, numbers, lines and investigations."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crossline.access.viewer import Viewpoint
from crossline.entities.matching import match_people
from crossline.exchange.exports import export, prepare
from crossline.safeguarding.raising import raise_due

FORMULA = "=cmd|'/c calc'!A1"


@pytest.fixture
def two_forces(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Kent and Essex: one person under both, one number under both, a line each, investigations, a return, a hidden report."""
    kent = [
        builders.full_report("KENT/2026/000001"),
        builders.full_report("KENT/2026/000002", handling="C"),
        builders.report(FORMULA, mentions=[builders.person(forename="=Mal", surname="@Ory", dob="1999-01-02")]),
    ]
    essex = [
        builders.report(
            "ESSEX/2026/000001", mentions=[builders.person(ids={"nominal": "E1", "pnc": "26/1234A"}), phone("t9")]
        )
    ]
    builders.sent(
        tmp_path / "kent",
        kept,
        reports=kent,
        lines=[builders.line(), builders.line("MAX-1", name="Max", numbers="07700 900777#0001", status="closed_type1")],
        investigations=[builders.investigation()],
        returns=[builders.figure("ARR_T", value="7"), builders.figure("CASH", value="1250.50", status="provisional")],
    )
    builders.sent(
        tmp_path / "essex",
        kept,
        agency="essex",
        ref="ESSEX-2026-001",
        reports=essex,
        investigations=[
            builders.investigation("OP-9", agency="essex", selectors="phone:07700 900123#0042", line_refs="")
        ],
    )
    match_people()
    raise_due()


def phone(key: str) -> dict[str, Any]:
    """The number that Kent's reports name, as Essex writes it."""
    return {"key": key, "kind": "phone", "number": "+44 7700 900123#0042"}


@pytest.fixture
def read() -> Callable[..., list[dict[str, str]]]:
    """`read(viewpoint, "people")` gives the rows of a CSV export."""

    def take(viewpoint: Viewpoint, what: str, format_: str = "csv") -> list[dict[str, str]]:
        with prepare(what, format_, viewpoint).file as file:
            return list(csv.DictReader(io.StringIO(file.read().decode())))

    return take


@pytest.fixture
def read_json() -> Callable[..., Any]:
    """`read_json(viewpoint, "lines", "geojson")` gives what a JSON export holds."""

    def take(viewpoint: Viewpoint, what: str, format_: str = "json") -> Any:
        with prepare(what, format_, viewpoint).file as file:
            return json.loads(file.read())

    return take


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """`written(viewpoint, "lines", "xlsx")` exports to a file and gives its path."""

    def take(viewpoint: Viewpoint, what: str, format_: str) -> Path:
        out = tmp_path / f"out.{format_}"
        export(what, format_, viewpoint, out)
        return out

    return take
