"""What is asked of the rooms of safeguarding: by police of what they see, and by partners of what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Q

from crossline.rights.recalls.models import Recall
from crossline.safeguarding.meetings.models import Invitation, Meeting, SafetyPlan
from crossline.safeguarding.outreach.models import Outreach
from crossline.safeguarding.referrals.models import Referral, Sheet
from crossline.safeguarding.reporting.models import PartnerReport
from crossline.safeguarding.screening.models import Screening

from .asked import ABSENT, Request, ids, mentions


def reports(audiences: frozenset[int]) -> Iterator[Request]:
    rows = PartnerReport.objects.filter(audience__in=audiences).order_by("sent_at", "id")
    for each in ids(rows.values_list("id", flat=True)[:3]):
        yield Request(f"/reports/{each}")
        yield Request(f"/reports/{each}", "POST")


def recalled(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Recall.objects.filter(audience__in=audiences).order_by("number", "what", "record_id")
    yield from (Request(f"/recalls/{each}") for each in ids(rows.values_list("id", flat=True)[:3]))


def outreaches(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Outreach.objects.filter(audience__in=audiences).order_by("planned_at", "id")
    yield from (Request(f"/outreach/{each}") for each in ids(rows.values_list("id", flat=True)[:3]))


def screenings(after: str) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        rows = Screening.objects.filter(audience__in=audiences, about__audience__in=audiences).order_by(
            "owner", "at", "id"
        )
        yield from (Request(f"/screenings/{each}{after}") for each in ids(rows.values_list("id", flat=True)[:3]))

    return made


def referring(audiences: frozenset[int]) -> Iterator[Request]:
    """Choosing whom to tell, and the text for one organisation."""
    for each in mentions(("person", "address"), audiences):
        yield Request(f"/referrals/new/{each}")
    for each in mentions(("person",), audiences)[:3]:
        yield Request(f"/referrals/new/{each}?to=partner-quillhaven-academy+education")


def referrals(after: str) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        seen = Referral.objects.filter(audience__in=audiences, about__audience__in=audiences)
        rows = seen.order_by("opened_by", "opened_at", "id")
        yield from (Request(f"/referrals/{each}{after}") for each in ids(rows.values_list("id", flat=True)[:3]))

    return made


def sheets(audiences: frozenset[int]) -> Iterator[Request]:
    """Sheets that are seen beside their mention, and the one that the academy's lead reads."""
    seen = Q(audience__in=audiences, referral__about__audience__in=audiences) | Q(reader="quillhaven.partner")
    rows = Sheet.objects.filter(seen).order_by("referral__opened_by", "sent_at", "id")
    yield from (Request(f"/partner/referrals/{each}") for each in ids(rows.values_list("id", flat=True)[:3]))


def meetings(after: str) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        rows = Meeting.objects.filter(audience__in=audiences, about__audience__in=audiences).order_by(
            "called_by", "called_at", "id"
        )
        yield from (Request(f"/meetings/{each}{after}") for each in ids(rows.values_list("id", flat=True)[:3]))

    return made


def invitations(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Invitation.objects.filter(audience__in=audiences, meeting__about__audience__in=audiences).order_by(
        "invited_by", "invited_at", "id"
    )
    yield from (Request(f"/invitations/{each}") for each in ids(rows.values_list("id", flat=True)[:3]))


def shares(audiences: frozenset[int]) -> Iterator[Request]:
    rows = Invitation.objects.filter(audience__in=audiences, meeting__about__audience__in=audiences).order_by(
        "invited_by", "invited_at", "id"
    )
    for each in rows[:3]:
        yield Request(f"/meetings/{each.meeting_id}/share/{each.id}")
    yield Request(f"/meetings/{ABSENT}/share/{ABSENT}")


def new_about(before: str) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        yield from (Request(f"{before}/{each}") for each in mentions(("person",), audiences))

    return made


def plans(after: str) -> Callable[[frozenset[int]], Iterator[Request]]:
    def made(audiences: frozenset[int]) -> Iterator[Request]:
        rows = SafetyPlan.objects.filter(audience__in=audiences, about__audience__in=audiences).order_by(
            "opened_by", "opened_at", "id"
        )
        yield from (Request(f"/plans/{each}{after}") for each in ids(rows.values_list("id", flat=True)[:3]))

    return made
