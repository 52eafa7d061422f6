"""Which report is written of which event of a county line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from crossline.simulation.line_children import concern_from_partner, missing_child
from crossline.simulation.line_encounters import premises_visit, rail_stop, runner_arrest, vehicle_stop, violence
from crossline.simulation.line_events import LineEvent
from crossline.simulation.line_messages import advert, line_held, moniker_only, number_change, premises_intelligence
from crossline.simulation.reports import Draft

WRITERS: Final[Mapping[str, Callable[[Draft, LineEvent], None]]] = MappingProxyType(
    {
        "advert": advert,
        "line_held": line_held,
        "number_change": number_change,
        "premises_intelligence": premises_intelligence,
        "premises_visit": premises_visit,
        "runner_arrest": runner_arrest,
        "runner_missing": missing_child,
        "vehicle_stop": vehicle_stop,
        "rail_stop": rail_stop,
        "partner_concern": concern_from_partner,
        "violence": violence,
        "moniker_only": moniker_only,
    }
)
"""Who writes the report of each kind of event."""
