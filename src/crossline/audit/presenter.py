"""Reads of the audit as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from crossline.access.roles import Role
from crossline.access.viewer import Explanation
from crossline.audit.corrections import Correction
from crossline.audit.decisions import Outcome
from crossline.audit.queries import Look
from crossline.audit.seeing import Seer
from crossline.records.rows import record_row
from crossline.wording import format_datetime, with_capital


def look_rows(looks: Iterable[Look], *, decided_here: bool = False) -> list[dict[str, object]]:
    """Each read in a row: when, who, what, why."""
    return [
        {
            "at": look.at,
            "when": format_datetime(look.at),
            "who": look.actor,
            "agency": look.actor_agency,
            "what": _what(look),
            "which": _which(look),
            "asked": ", ".join(f"{name}: {value}" for name, value in look.asked.items() if value),
            "explained": _explained(look, decided_here),
            "unexplained": look.explanation is Explanation.NONE,
            "decoy": decided_here and look.decoy,
            "records": look.records or None,
            "outcome": Outcome(look.outcome).meaning if look.outcome else None,
            "href": reverse("audit-read", args=[look.event]) if decided_here else None,
        }
        for look in looks
    ]


def _explained(look: Look, decided_here: bool) -> str:
    """What explains a read; that it was of a decoy, only to those who decide on it."""
    if decided_here and look.decoy:
        return "Found a decoy by its reference" if look.page == "search" else "Opened a decoy"
    return look.explanation.meaning if look.explanation else "Showed no record"


def _what(look: Look) -> str:
    """What was done, and of an export whether it named victims and under which approval."""
    named = ", with victims named" if look.victims_named else ""
    under = f", as approval {look.approval[:8]} allowed" if look.approval else ""
    return f"{with_capital(look.purpose)}{named}{under}"


def _which(look: Look) -> str:
    """Which one of its kind, such as `record 3f0c…`: ids only, as the audit holds no content."""
    name, _, key = look.which.partition("=")
    return f"{name} {key[:8]}" if key else look.page.replace("-", " ")


def seer_rows(seers: Iterable[Seer]) -> list[dict[str, object]]:
    """The owner's people who can see a record, in a row each."""
    return [
        {
            "name": seer.person.name,
            "username": seer.person.username,
            "roles": ", ".join(Role(role).value.replace("_", " ") for role in seer.person.roles),
            "through": "; ".join(seer.through),
        }
        for seer in seers
    ]


def correction_rows(corrections: Iterable[Correction]) -> list[dict[str, object]]:
    """Records as they stand now, with when the reader was shown what they were."""
    return [
        record_row(each.record) | {"read_at": each.read_at, "corrected_at": each.record.received_at}
        for each in corrections
    ]
