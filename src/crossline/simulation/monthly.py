"""Deliveries month by month: what the yearly delivery of each agency holds, sent in the first days of the next month.

Reports go by the day they were made, money by its date, a set of communications data by the end of its period, figures by the
first day of their campaign (those older than the window with the first month). Returns of lines and investigations are sent
when they are new and again when they have changed (line_knowledge.py). Nothing else differs, so the truth is the same.
"""

from __future__ import annotations

import csv
import json
import shutil
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

from crossline.simulation.clock import sent_after
from crossline.simulation.communications_parameters import TEST_DAYS
from crossline.simulation.deliveries import open_delivery, write_table
from crossline.simulation.investigations import Inquiry
from crossline.simulation.line_knowledge import inquiry_on, return_on
from crossline.simulation.line_returns import LineReturn
from crossline.simulation.networks import Network
from crossline.simulation.parameters import WINDOW_FROM, WINDOW_TO

Row = Mapping[str, object]
_DAY: Final = {"finance": "date", "returns": "campaign"}
"""The column by which the rows of a table go; those of homicides have no day and go with the first month."""


def month_ends() -> tuple[date, ...]:
    """The last day of each month of the window."""
    found, day = [], WINDOW_FROM
    while day <= WINDOW_TO:
        end = day.replace(day=monthrange(day.year, day.month)[1])
        found.append(end)
        day = end + timedelta(days=1)
    return tuple(found)


def month_of(day: date) -> int:
    """The month of the window that a day lies in, from 0; what is older goes with the first."""
    return max(0, (day.year - WINDOW_FROM.year) * 12 + day.month - WINDOW_FROM.month)


def into_months(
    yearly: Path,
    out_deliveries: Path,
    *,
    networks: Sequence[Network],
    returns: Sequence[LineReturn],
    inquiries: Sequence[Inquiry],
    seed: int,
) -> int:
    """Take the yearly deliveries apart into `out_deliveries`; the folder of the yearly ones goes. Gives the deliveries made."""
    months = _Months(out_deliveries)
    started = {period.number: period.start for network in networks for period in network.line.periods}
    for folder in sorted(yearly.iterdir()):
        agency = json.loads((folder / "delivery.json").read_text(encoding="utf-8"))["agency"]
        months.reports(agency, folder / "reports.jsonl")
        for name in ("finance", "returns", "homicides"):
            months.table(agency, name, _rows(folder / f"{name}.csv"))
        for held in sorted(folder.glob("comms-*")):
            months.communications(agency, held, started)
    lines = {network.line.line_id: network.line for network in networks}
    for one in returns:
        months.revisions(one.agency, "lines", partial(return_on, one, lines[one.line_id], seed))
    own = {(one.agency, one.line_id): one for one in returns}
    for inquiry in inquiries:
        about = inquiry.investigation
        theirs = [own[about.agency, line] for line in about.line_ids if (about.agency, line) in own]
        months.revisions(about.agency, "investigations", partial(inquiry_on, inquiry, theirs, seed))
    shutil.rmtree(yearly)
    return months.written()


class _Months:
    """The deliveries being written: tables are gathered, everything else goes straight to its folder."""

    def __init__(self, out_deliveries: Path) -> None:
        self._out, self._ends = out_deliveries, month_ends()
        self._folders: dict[tuple[str, int], Path] = {}
        self._tables: dict[tuple[str, int, str], list[Row]] = {}

    def reports(self, agency: str, path: Path) -> None:
        """Each report with the month it was made in."""
        files: dict[int, TextIO] = {}
        for line in path.open(encoding="utf-8", newline="\n") if path.exists() else ():
            month = month_of(date.fromisoformat(json.loads(line)["made_at"][:10]))
            if month not in files:
                files[month] = (self._folder(agency, month) / "reports.jsonl").open("w", encoding="utf-8", newline="\n")
            files[month].write(line)
        for file in files.values():
            file.close()

    def table(self, agency: str, name: str, rows: Iterable[Row]) -> None:
        """Each row with the month of its day."""
        for row in rows:
            day = date.fromisoformat(str(row[_DAY[name]])) if name in _DAY else WINDOW_FROM
            self._tables.setdefault((agency, month_of(day), name), []).append(row)

    def revisions(self, agency: str, name: str, row_on: Callable[[date], Row | None]) -> None:
        """One return or investigation: its row at the end of each month in which it is new or has changed."""
        sent: Row | None = None
        for month, end in enumerate(self._ends):
            row = row_on(end)
            if row is not None and row != sent:
                self._tables.setdefault((agency, month, name), []).append(row)
                sent = row

    def communications(self, agency: str, folder: Path, started: Mapping[str, date]) -> None:
        """A set with the month its period ended in; its authorisation leaves out numbers that nobody had taken up by then.

        Rows that should not have come, of days after the period, are in it all the same: the refusing of them is what they try.
        """
        path = folder / "authorisation.json"
        authorisation: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        last = date.fromisoformat(authorisation["period_to"])
        tried = last + timedelta(days=TEST_DAYS.value)  # a number may be tried out some days before its start
        authorisation["numbers"] = [one for one in authorisation["numbers"] if started.get(one, last) <= tried]
        path.write_text(json.dumps(authorisation, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        folder.rename(self._folder(agency, month_of(last)) / folder.name)

    def written(self) -> int:
        """Write the tables. Gives the number of deliveries."""
        for (agency, month, name), rows in self._tables.items():
            write_table(self._folder(agency, month), name, rows)
        return len(self._folders)

    def _folder(self, agency: str, month: int) -> Path:
        key = agency, month
        if key not in self._folders:
            made_at = sent_after(self._ends[month])
            self._folders[key] = open_delivery(self._out, agency, f"{month + 1:03d}", made_at)
        return self._folders[key]


def _rows(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
