"""What attribution rests on, as rows of plain values: pairs, periods, handsets and SIMs in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from crossline.engines.comms.attribution.carriers import Period
from crossline.engines.comms.attribution.model import BANDS, KINDS, Integers
from crossline.engines.comms.attribution.pairs import Pairs
from crossline.engines.comms.cells import Cell

Row = dict[str, Any]
_ISO = "%Y-%m-%dT%H:%M:%S+00:00"


def explained(pairs: Pairs, wanted: Collection[int], names: Mapping[int, str], cells: Sequence[Cell]) -> list[Row]:
    """The pairs of these candidates with everything their weights come from."""
    chosen: Integers = np.flatnonzero(np.isin(pairs.candidate, sorted(wanted)))
    return [
        {
            "candidate": names[int(pairs.candidate[at])],
            "line_time": _text(int(pairs.line_moment[at])),
            "line_cell": cells[int(pairs.line_cell[at])].cell,
            "time": _text(int(pairs.moment[at])),
            "cell": cells[int(pairs.cell[at])].cell,
            "metres": round(float(pairs.metres[at])),
            "reach": round(float(pairs.reach[at])),
            "same_network": bool(pairs.same_network[at]),
            "band": BANDS[int(pairs.band[at])],
            "kind_of_time": KINDS[int(pairs.kind[at])],
            "block": int(pairs.block[at]),
            "chance_together": round(float(pairs.chance_apart[at] * np.exp(pairs.weight[at])), 6),
            "chance_apart": round(float(pairs.chance_apart[at]), 6),
            "weight": round(float(pairs.weight[at]), 4),
        }
        for at in chosen.tolist()
    ]


def period_row(line: str, period: Period, names: Mapping[int, str]) -> Row:
    # A day of the engine begins at 23:00 of the day before; it is named for the day it mostly is.
    return {
        "line": line,
        "from_date": _day(period.first_day),
        "to_date": _day(period.last_day),
        "moved_with": "" if period.candidate is None else names[period.candidate],
        "log10_weight": round(period.weight / float(np.log(10)), 2),
        "blocks": period.blocks,
        "not_told_apart_from": [names[number] for number in period.beside],
    }


def shared_row(row: Row, names: Mapping[int, str]) -> Row:
    moments = {name: _text(row[name]) for name in ("line_first", "line_last", "first_moment", "last_moment")}
    kept = ("kind", "identity", "line_events", "events", "caveats")
    return {"number": names[row["candidate"]], **{name: row[name] for name in kept}, **moments}


def _text(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(_ISO)


def _day(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
