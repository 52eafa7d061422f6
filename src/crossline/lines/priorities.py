"""Lines in order of priority as a viewer sees them: facts from visible returns and records, the score from the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from crossline.access.viewer import Viewpoint
from crossline.engines.priority.facts import Harm, HarmReturn, LineFacts
from crossline.engines.priority.score import LinePriority, prioritise
from crossline.lines.register import Register, RegisterLine, register
from crossline.records.generation import Kept
from crossline.vocabulary.agencies import CENTRE

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Priorities:
    """Every open line with its score, and what the reckoning took for today: the newest day any visible line was seen."""

    of_line: Mapping[str, LinePriority]
    as_of: date | None


def _priorities(viewpoint: Viewpoint) -> Priorities:
    lines = register(viewpoint)
    open_lines = [line for line in lines.lines if not line.status.is_closed]
    as_of = max((line.last_seen for line in lines.lines if line.last_seen), default=None)
    ranked = prioritise([facts(line, lines, as_of) for line in open_lines])
    return Priorities({priority.line: priority for priority in ranked}, as_of)


priorities: Kept[Priorities] = Kept(_priorities)
"""The priorities of a viewpoint. A score orders a list for people to read; nothing acts on it by itself."""


def facts(line: RegisterLine, lines: Register, as_of: date | None) -> LineFacts:
    """What the visible rows say of a line, as the engine takes it. None is not known, never nought."""
    forces = {
        agency
        for agency in (*line.exporting_agencies, *line.importing_agencies, *line.group.owners)
        if agency != CENTRE
    }
    recent = [use for use in line.group.numbers if as_of is None or use.to_date is None or use.to_date >= as_of - YEAR]
    return LineFacts(
        line=line.id,
        harm_returns=tuple(
            HarmReturn(row.owner, {harm: row.detail.get("harms", {}).get(str(harm)) for harm in Harm})
            for row in line.returns
        ),
        forces_touched=len(forces) or None,
        numbers_in_year=len(recent) or None,
        customers=None,
        days_since_seen=(as_of - line.last_seen).days if as_of and line.last_seen else None,
        holder_attribution=None,
        holder_located=None,  # that a record names a holder does not say where they are
        number_live=any(use.to_date is None for use in line.group.numbers) or None,
        investigation_open=None,
        child_at_imminent_risk=False,
    )
