"""The step of the daily rhythm that profiles the numbers a set was acquired for, and writes down those that look like deal lines.

A finding is a lead to a number and says nothing of who holds the phone: it joins no line, opens none and scores nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from crossline.access.audit import Event
from crossline.engines.comms.areas.areas import METHOD as AREAS_METHOD
from crossline.engines.comms.areas.areas import UNKNOWN, areas_of_lines
from crossline.engines.comms.profiles.profiles import VERSION as PROFILE_METHOD
from crossline.engines.comms.profiles.profiles import profiles
from crossline.errors import FileUnreadable
from crossline.lines.in_words import shares_in_words
from crossline.lines.reading_sets import Progress, Reading, read_sets, ref_of
from crossline.records.intake.communications import CELLS
from crossline.records.intake.mentions import tagged
from crossline.records.intake.parsed import ParsedMention, ParsedRecord
from crossline.records.models import Mention, Record
from crossline.vocabulary.codes import Classification, FindingKind, Handling, MentionKind, RecordKind
from crossline.wording import format_phone, format_span, plural

VERSION: Final = f"{PROFILE_METHOD}, {AREAS_METHOD}"
LEAST_SHARE: Final = 0.05
"""Of records that show an area: smaller shares are not kept [D]; they are part of what is not known."""

Shares = Mapping[str, list[list[str | float]]]
"""exporting and importing: [force, share] each, the largest first."""


def find_deal_lines(*, communications: Path, full: bool = False, progress: Progress = lambda _: None) -> int:
    """Read the sets of deliveries not read yet (or all, with `full`). Gives how many findings were written."""
    reading = Reading("find deal lines", VERSION, FindingKind.DEAL_LINE, Event.DEAL_LINES_FOUND, _findings)
    return read_sets(reading, communications=communications, full=full, progress=progress)


def _findings(kept: Record, data: Path) -> list[ParsedRecord]:
    selectors = Mention.objects.filter(record=kept, kind=MentionKind.PHONE).values_list("selector", flat=True)
    acquired_for = {selector.partition(":")[2] for selector in selectors if selector}
    if not acquired_for:
        return []
    rows = [row for row in profiles([data], acquired_for).to_pylist() if row["looks_like_deal_line"]]
    try:
        places = _places(data, [row["number"] for row in rows])
    except FileUnreadable:  # the cells came as they were; a mistake in them hides no number
        places = {}
    return [_finding(kept, row, places.get(row["number"], {})) for row in rows]


def _places(data: Path, numbers: Collection[str]) -> dict[str, Shares]:
    """Of each number, the forces it is probably run from and sells in; nothing where the set's cells are not described."""
    cells = data.parent / CELLS
    if not numbers or not cells.exists():
        return {}
    found: dict[str, dict[str, list[list[str | float]]]] = defaultdict(lambda: defaultdict(list))
    for row in areas_of_lines([data], [cells], dict.fromkeys(numbers, ())):
        if row["level"] == "force" and row["area"] != UNKNOWN and row["share"] >= LEAST_SHARE:
            found[row["line"]][row["role"]].append([row["area"], round(row["share"], 2)])
    return {number: dict(shares) for number, shares in found.items()}


def _finding(kept: Record, row: Mapping[str, Any], places: Shares) -> ParsedRecord:
    number = str(row["number"])
    ref, content = ref_of(FindingKind.DEAL_LINE, kept, number)
    return ParsedRecord(
        source="findings",
        ref=ref,
        kind=RecordKind.FINDING,
        made_at=kept.received_at,
        occurred_from=row["first"],
        occurred_to=row["last"],
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        subject=f"{format_phone(number)} looks like a deal line in the records of its calls and texts",
        text=_text(row, places),
        mentions=(ParsedMention("number", MentionKind.PHONE, number, tagged("phone", number)),),
        detail={
            "from_record": str(kept.id),
            "method": VERSION,
            "points": row["points"],
            "days_active": row["days_active"],
            "broadcasts": row["broadcasts"],
            "people_reached_by_a_broadcast": round(row["recipients"] or 0),
            "reasons": list(row["reasons"]),
            **places,
        },
        content_hash=content,
    )


def _text(row: Mapping[str, Any], places: Shares) -> str:
    """What the finding says and what it does not, in sentences."""
    span = format_span(row["first"].date(), row["last"].date())
    said = [f"{span}: used on {plural(row['days_active'], 'day')}, {plural(row['broadcasts'], 'broadcast')} sent."]
    for role, words in (("exporting", "Probably run from"), ("importing", "Probably sells in")):
        shares = shares_in_words(places.get(role))
        said.append(f"{words}: {shares}." if shares else f"{words}: no cell shows it.")
    said.append(
        "It says nothing of who holds the phone, who is often a child or somebody exploited. A person decides what follows."
    )
    return " ".join(said)
