"""Writing deliveries: folders, files and columns to the contract (docs/formats.md §1)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from crossline.simulation.clock import delivered_at

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "lines": (
            *("agency", "line_ref", "name", "numbers", "exporting_agency", "importing_agencies", "towns"),
            *("first_seen", "last_seen", "status", "drugs", "violence", "weapons", "child_exploitation"),
            *("adult_exploitation", "sexual_violence", "drug_harm", "crit_hub_county", "crit_phone_line"),
            *("crit_exploitation", "crit_travel", "crit_violence"),
        ),
        "investigations": (
            *("agency", "ref", "name", "opened", "closed", "status", "contact", "selectors", "line_refs"),
        ),
        "returns": ("campaign", "agency", "metric", "value", "unit", "status", "note"),
        "finance": ("agency", "ref", "line_ref", "date", "stage", "kind", "amount", "jard_ref", "counted"),
        "homicides": ("agency", "ref", "year", "victim_drug_user_or_dealer", "suspect_drug_user_or_dealer"),
    }
)
INTELLIGENCE: Final = "001"
"""The delivery with an agency's reports, lines, investigations, money and communications data."""
STATISTICS: Final = "002"
"""The delivery with an agency's figures for the intensification weeks and its homicide records."""


def delivery_folder(out_deliveries: Path, agency: str, number: str = INTELLIGENCE) -> Path:
    """The folder of one delivery of an agency, such as `kent-2026-001`."""
    return out_deliveries / f"{agency}-2026-{number}"


def open_delivery(out_deliveries: Path, agency: str, number: str = INTELLIGENCE, made_at: str = "") -> Path:
    """Make the folder with its delivery.json; made the morning after the window unless said otherwise."""
    folder = delivery_folder(out_deliveries, agency, number)
    folder.mkdir(parents=True, exist_ok=True)
    about = {"agency": agency, "ref": f"{agency.upper()}-2026-{number}", "made_at": made_at or delivered_at()}
    (folder / "delivery.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return folder


def write_table(folder: Path, name: str, rows: Iterable[Mapping[str, object]]) -> int:
    """One of the tables of the contract; no file for no rows. Gives the number of rows."""
    listed = list(rows)
    if not listed:
        return 0
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS[name], lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    return len(listed)


def write_reports(folder: Path, reports: Iterable[Mapping[str, Any]]) -> int:
    """reports.jsonl, one record a line, as they come. Gives their number."""
    count = 0
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with (folder / "reports.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for report in reports:
            file.write(encode(report) + "\n")
            count += 1
    return count
