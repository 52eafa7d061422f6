"""What other rooms of safeguarding show on the page of one person's concerns: a tuple that whoever adds a room extends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.safeguarding.meetings.plan_presenter import plans_of
from crossline.safeguarding.meetings.presenter import meetings_of
from crossline.safeguarding.missing.standing import episodes_of
from crossline.safeguarding.nrm.presenter import nrm_of, section45_of
from crossline.safeguarding.premises.presenter import premises_of
from crossline.safeguarding.referrals.standing import referrals_of
from crossline.safeguarding.screening.standing import screenings_of
from crossline.wording import format_short_date


@dataclass(frozen=True)
class SectionRow:
    """One line of a section: what it is, where it leads, and how it stands."""

    text: str
    href: str
    state: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page. `rows` gives what a viewpoint sees of these mentions of one person; nothing where there is none.

    `begin` gives the address at which somebody begins one about a mention, or nothing where the viewer may not.
    """

    title: str
    rows: Callable[[Viewpoint, Sequence[UUID]], Sequence[SectionRow]]
    begin: Callable[[Viewpoint, UUID], str] | None = None
    begin_text: str = ""


Facts = Iterable[Mapping[str, Any]]
"""Rows as a room's own list has them."""


def _missing(viewpoint: Viewpoint, mentions: Sequence[UUID]) -> list[SectionRow]:
    found: Facts = episodes_of(viewpoint, mentions)
    return [
        SectionRow(
            f"Missing since {format_short_date(row['since'])}" + (f", found at {row['place']}" if row["place"] else ""),
            row["href"],
            "; ".join(row["clocks"]),
        )
        for row in found
    ]


def _screenings(viewpoint: Viewpoint, mentions: Sequence[UUID]) -> list[SectionRow]:
    found: Facts = screenings_of(viewpoint, mentions)
    return [
        SectionRow(
            f"{row['stage']}, {format_short_date(row['at'])}",
            row["href"],
            ". ".join(filter(None, (row["band"], row["direction"]))),
        )
        for row in found
    ]


def _referrals(viewpoint: Viewpoint, mentions: Sequence[UUID]) -> list[SectionRow]:
    return [
        SectionRow(
            f"{found.ref} to {found.referral.partner.name}",
            reverse("referral", args=[found.referral.id]),
            found.state.label,
        )
        for found in referrals_of(viewpoint, mentions)
    ]


def _national(viewpoint: Viewpoint, mentions: Sequence[UUID]) -> list[SectionRow]:
    found: Facts = nrm_of(viewpoint, mentions)
    return [SectionRow(f"{row['ref']}: {row['route']}", row["href"], row["state"]) for row in found]


def _section45(viewpoint: Viewpoint, mentions: Sequence[UUID]) -> list[SectionRow]:
    found: Facts = section45_of(viewpoint, mentions)
    return [
        SectionRow(
            f"{row['offence']}, {format_short_date(row['day'])}", row["href"], row["decision"] or row["due_words"] or ""
        )
        for row in found
    ]


def _premises(viewpoint: Viewpoint, mentions: Sequence[UUID]) -> list[SectionRow]:
    found: Facts = premises_of(viewpoint, mentions)
    return [SectionRow(row["address"], row["href"], row["state"]) for row in found]


def _meetings(viewpoint: Viewpoint, mentions: Sequence[UUID]) -> list[SectionRow]:
    found: Facts = meetings_of(viewpoint, mentions)
    return [
        SectionRow(
            f"{row['ref']}, {format_short_date(row['starts_at'])}",
            row["href"],
            ". ".join(filter(None, (row["state"], row["actions"]))),
        )
        for row in found
    ]


def _plans(viewpoint: Viewpoint, mentions: Sequence[UUID]) -> list[SectionRow]:
    found: Facts = plans_of(viewpoint, mentions)
    return [
        SectionRow(
            row["ref"] + (f", reviewed by {format_short_date(row['review_on'])}" if row["review_on"] else ""),
            row["href"],
            ". ".join(filter(None, (row["state"], row["late"], brought and f"Bringing home: {brought.lower()}"))),
        )
        for row in found
        for brought in [row["journey"]]
    ]


def _leads(page: str) -> Callable[[Viewpoint, UUID], str]:
    """Where a safeguarding lead begins one about somebody; nobody else is led there."""

    def begin(viewpoint: Viewpoint, mention: UUID) -> str:
        return reverse(page, args=[mention]) if Role.SAFEGUARDING in viewpoint.viewer.roles else ""

    return begin


SECTIONS: Final[tuple[Section, ...]] = (
    Section("Missing episodes", _missing),
    Section("Screenings", _screenings, _leads("screening-new"), "Screen this person"),
    Section("Referrals to partners", _referrals, _leads("referral-new"), "Refer this person to a partner"),
    Section("Strategy meetings", _meetings, _leads("meeting-new"), "Call a meeting"),
    Section("Safety plans", _plans, _leads("plan-new"), "Open a safety plan"),
    Section("National Referral Mechanism", _national, _leads("nrm-new"), "Draft a referral or a notice"),
    Section("Section 45", _section45),
    Section("Premises where they live", _premises),
)
"""In the order of the page. Each room of safeguarding adds its own."""
