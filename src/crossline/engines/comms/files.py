"""The engines straight on files, with no database: what the commands under `crossline comms` write."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from crossline.engines.comms.areas.areas import areas
from crossline.engines.comms.attribution.attribution import attribution
from crossline.engines.comms.authorisation import read_authorisation
from crossline.engines.comms.events import Progress, quiet
from crossline.engines.comms.lake.lake import add, compact
from crossline.engines.comms.networks.line_numbers import given_numbers
from crossline.engines.comms.networks.local_days import Period
from crossline.engines.comms.networks.networks import BANNER as NETWORK_BANNER
from crossline.engines.comms.networks.networks import networks
from crossline.engines.comms.networks.rows import COLUMNS as NETWORK_COLUMNS
from crossline.engines.comms.networks.rows import VALUATION_COLUMNS, Table, rows_of, valuation_rows
from crossline.engines.comms.networks.valuation import BANNER as VALUATION_BANNER
from crossline.engines.comms.networks.valuation import valuation
from crossline.engines.comms.profiles.profiles import SCHEMA as PROFILE_SCHEMA
from crossline.engines.comms.profiles.profiles import profiles
from crossline.engines.comms.succession.successions import successions
from crossline.errors import FileUnreadable

SUCCESSION_COLUMNS = ("old_number", "new_number", "date", "score", "shared_contacts")
PROFILE_COLUMNS = tuple(name for name in PROFILE_SCHEMA.names if name != "method")

ATTRIBUTION_COLUMNS = (
    "line",
    "candidate",
    "answer",
    "log10_against_stranger",
    "log10_against_companion",
    "lead_score",
    "searched",
    "pairs",
    "blocks",
    "blocks_together",
    "pairs_excluding",
    "places",
    "days",
    "blocks_night",
    "blocks_day",
    "blocks_away",
    "hours_seen",
    "hours_with_cell",
    "hours_both_seen",
    "calls_at_one_time",
    "calls_and_texts_between",
    "sentences",
    "method",
)

AREA_COLUMNS = ("line", "role", "level", "area", "name", "share", "voices", "method")


def attribution_file(
    paths: Sequence[Path],
    cells: Sequence[Path],
    line: str,
    candidates: Collection[str] | None,
    out: Path | None,
    *,
    first: date | None = None,
    last: date | None = None,
    as_json: bool = False,
    progress: Progress = quiet,
) -> int:
    """Write what was found on a line's phone: a row for each candidate tested, or as JSON with all it rests on."""
    found = attribution(paths, _cells_for(paths, cells), line, candidates, first=first, last=last, progress=progress)
    if not as_json:
        progress(found.banner)
        return _write(found.findings, ATTRIBUTION_COLUMNS, out)
    return _write_text(json.dumps(asdict(found), indent=1, ensure_ascii=False) + "\n", len(found.findings), out)


def areas_file(
    paths: Sequence[Path],
    cells: Sequence[Path],
    line: str,
    moving_with: Collection[str],
    out: Path | None,
    *,
    as_json: bool = False,
    progress: Progress = quiet,
) -> int:
    """Write where a line is run from and where it sells, as shares of areas with an unknown one; gives how many rows."""
    rows = areas(paths, _cells_for(paths, cells), line, moving_with, progress=progress)
    if as_json:
        return _write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", len(rows), out)
    return _write(rows, AREA_COLUMNS, out)


def numbers_in(path: Path) -> list[str]:
    """Numbers of a file, one a line; blank lines do not count."""
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read ({error}); give a UTF-8 text file with one number a line."
        raise FileUnreadable(msg) from error


def _cells_for(paths: Sequence[Path], cells: Sequence[Path]) -> list[Path]:
    """The files of cells that were named, else those beside the records."""
    found = list(cells) or list(dict.fromkeys(path for each in paths if (path := _beside(each)).exists()))
    if not found:
        msg = f"{paths[0]}: no cells.csv stands beside it; say with --cells where each cell is."
        raise FileUnreadable(msg)
    return found


def _beside(path: Path) -> Path:
    return path / "cells.csv" if path.is_dir() else path.with_name("cells.csv")


def successions_file(paths: Sequence[Path], out: Path | None, *, progress: Progress = quiet) -> int:
    """Write the number changes found in these records as CSV, to a file or to standard output; gives how many."""
    return _write(successions(paths, progress=progress).to_pylist(), SUCCESSION_COLUMNS, out)


def profiles_file(paths: Sequence[Path], out: Path | None, *, progress: Progress = quiet) -> int:
    """Write the profile of every number in these records as CSV, to a file or to standard output; gives how many."""
    return _write(profiles(paths, progress=progress).to_pylist(), PROFILE_COLUMNS, out)


def networks_file(
    paths: Sequence[Path],
    numbers: Path | None,
    out: Path | None,
    *,
    table: Table = Table.MEMBERS,
    period: Period = Period.MONTH,
    as_json: bool = False,
    progress: Progress = quiet,
) -> int:
    """Write one table of the networks among these records as CSV, or all of them as JSON; gives how many rows."""
    found = networks(paths, given_numbers(numbers) if numbers else None, period=period, progress=progress)
    progress(NETWORK_BANNER)
    if not as_json:
        return _write(rows_of(found, table), NETWORK_COLUMNS[table], out)
    tables = {each.value: rows_of(found, each) for each in Table}
    settings = asdict(found.settings)
    whole = {"banner": NETWORK_BANNER, "period": found.period.value, "settings": settings, **tables}
    return _write_text(json.dumps(whole, indent=1, ensure_ascii=False, default=str) + "\n", len(tables["members"]), out)


def valuation_file(
    paths: Sequence[Path], numbers: Path | None, out: Path | None, *, as_json: bool = False, progress: Progress = quiet
) -> int:
    """Write what each line's traffic counts for a valuation as CSV or JSON; gives how many lines."""
    rows = valuation_rows(valuation(paths, given_numbers(numbers) if numbers else None, progress=progress))
    progress(VALUATION_BANNER)
    if not as_json:
        return _write(rows, VALUATION_COLUMNS, out)
    whole = {"banner": VALUATION_BANNER, "lines": rows}
    return _write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", len(rows), out)


def keep_files(lake: Path, paths: Sequence[Path], *, together: bool = False, progress: Progress = quiet) -> int:
    """Take these into a lake and say what became of each; gives how many rows were set aside."""
    refused = 0
    for path in paths:
        beside = path.with_name("authorisation.json")
        added = add(lake, path, read_authorisation(beside) if path.is_file() and beside.exists() else None)
        said = "was held already, nothing changed" if added.known else "taken in"
        progress(f"{path}: {said} ({added.rows:,} rows, one for each end that is a subject).")
        if added.report is not None and added.report.refused_rows:
            first, aside = added.report.refused_rows[0], sum(added.report.refused.values())
            progress(f"{path}: {aside:,} rows set aside; the first is row {first.line}: {first.reason}.")
            refused += aside
    if together:
        months = compact(lake)
        progress(f"{lake}: {', '.join(months) or 'no month'} put together.")
    return refused


def _write(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], out: Path | None) -> int:
    text = StringIO()
    _rows_to(text, rows, columns)
    return _write_text(text.getvalue(), len(rows), out)


def _write_text(text: str, rows: int, out: Path | None) -> int:
    if out is None:
        sys.stdout.write(text)
        return rows
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        msg = f"{out}: cannot be written ({error.strerror}); name a file in a folder that exists and that you may write to."
        raise FileUnreadable(msg) from error
    return rows


def _rows_to(file: TextIO, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_shown(row[column]) for column in columns] for row in rows)


def _shown(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return "" if value is None else value
