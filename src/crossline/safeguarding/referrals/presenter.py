"""What the pages of referrals show, as plain rows: lists of the sender's side and of a partner, and the ledger of disclosures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.records.naming import address_of, name_of
from crossline.safeguarding.referrals.draft import Draft
from crossline.safeguarding.referrals.fields import recipients
from crossline.safeguarding.referrals.law import bases, gateways, golden_rules
from crossline.safeguarding.referrals.models import Sheet
from crossline.safeguarding.referrals.standing import SheetStanding, Standing
from crossline.safeguarding.referrals.states import Due, Side, State, urgencies
from crossline.wording import format_datetime

LATE: Final[Mapping[str, str]] = {"late": "Late", "escalated": "Late enough for the centre’s coordinators"}
WHOSE: Final[Mapping[str, str]] = {"mine": "Mine", "agency": "My agency’s"}


@dataclass(frozen=True)
class Chosen:
    """Which referrals are listed."""

    whose: str = ""
    state: str = ""
    partner: str = ""
    late: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str], partners: Sequence[str]) -> Chosen:
        """From an address; a word that is on no list chooses nothing."""
        whose, state, partner, late = (given.get(name, "") for name in ("whose", "state", "partner", "late"))
        return cls(
            whose if whose in WHOSE else "",
            state if state in State.values else "",
            partner if partner in partners else "",
            late if late in LATE else "",
        )

    def holds(self, found: Standing, now: datetime) -> bool:
        """Whether a referral is listed."""
        viewer = found.viewpoint.viewer
        mine = viewer.username in {found.referral.opened_by, *(text.saved_by for text in found.texts)}
        own = found.referral.owner_id == viewer.agency
        due = found.due
        return (
            {"": True, "mine": mine and own, "agency": own}[self.whose]
            and self.state in ("", found.state.value)
            and self.partner in ("", found.referral.partner_id)
            and {
                "": True,
                "late": due is not None and due.is_late(now),
                "escalated": due is not None and due.is_escalated(now),
            }[self.late]
        )


def referral_row(found: Standing, changed: Sequence[str], now: datetime, *, victim: bool) -> dict[str, object]:
    """A referral in a row of the list."""
    return {
        "ref": found.ref,
        "href": reverse("referral", args=[found.referral.id]),
        "about": name_of(found.referral.about),
        "categories": ["victim"] if victim else [],
        "partner": found.referral.partner.name,
        "as": found.recipient.title,
        "state": found.state.label,
        "since": found.since,
        "due": found.due.by if found.due else None,
        "due_words": due_in_words(found.due, now),
        "changed": "; ".join(changed),
        "owner": found.referral.owner_id,
    }


def due_in_words(due: Due | None, now: datetime) -> str:
    """What is due and by when, and that it is late."""
    if due is None:
        return ""
    return f"{'Late: ' if due.is_late(now) else ''}{due.what}, by {format_datetime(due.by)}"


def list_order(found: Standing) -> tuple[bool, float, float, str]:
    """What is due comes first, the nearest before others; then the newest."""
    due = found.due
    return due is None, due.by.timestamp() if due else 0.0, -found.since.timestamp(), str(found.referral.id)


def considered(draft: Draft) -> list[tuple[str, str]]:
    """What was considered before anything was told, for the sender's side alone."""
    return [
        ("Gateway", gateways()[draft.gateway].name),
        ("Lawful basis", bases()[draft.basis].name),
        ("Consent", f"{draft.consent.meaning}. {draft.consent_reason}"),
        ("Urgency", urgencies()[draft.urgency].name),
        *((rule.question, draft.rules.get(rule.id, "")) for rule in golden_rules()),
        ("What a perpetrator could infer", draft.inference),
        *([("Who may open it", draft.reader)] if draft.reader else []),
    ]


def about_row(viewpoint: Viewpoint, found: Standing) -> tuple[str, str]:
    """(name, address) of whom or what a referral is about."""
    return name_of(found.referral.about), address_of(found.referral.about)


def step_rows(found: SheetStanding, side: Side) -> list[dict[str, object]]:
    """What happened, in the order of it. To a partner, people of the police are their agency."""
    rows: list[dict[str, object]] = [
        {
            "at": step.at,
            "what": State(step.state).label,
            "words": step.words,
            "by": _who(found.sheet, step.by, step.by_agency, side),
        }
        for step in found.steps
    ]
    if found.revocation is not None:
        end = found.revocation
        who = _who(found.sheet, end.by, end.by_agency, side)
        rows.append({"at": end.at, "what": State.REVOKED.label, "words": end.words, "by": who})
    return rows


def message_rows(found: SheetStanding, side: Side) -> list[dict[str, object]]:
    """What both sides wrote to each other, in the order of it."""
    return [
        {"at": each.at, "words": each.words, "by": _who(found.sheet, each.by, each.by_agency, side)}
        for each in found.messages
    ]


def inbox_row(found: SheetStanding, now: datetime) -> dict[str, object]:
    """A referral in a partner's list: what is asked, and by when."""
    asked = next((each.words for each in found.told), "")
    return {
        "ref": found.ref,
        "href": reverse("partner-referral", args=[found.sheet.id]),
        "from": found.sheet.owner.name,
        "asked": asked,
        "state": found.state.label,
        "sent_at": found.sheet.sent_at,
        "due": found.due.by if found.due else None,
        "due_words": due_in_words(found.due, now),
        "late": bool(found.due and found.due.is_late(now)),
    }


def ledger_row(found: SheetStanding) -> dict[str, object]:
    """One disclosure: what went to whom, when, on which gateway, and who opened it."""
    sheet = found.sheet
    opened = [f"{each.by}, {format_datetime(each.at)}" for each in found.openings]
    return {
        "ref": f"{found.ref}, sheet {sheet.number}",
        "href": reverse("referral", args=[sheet.referral_id]),
        "at": sheet.sent_at,
        "partner": sheet.partner.name,
        "as": recipients()[sheet.recipient].title,
        "gateway": gateways()[sheet.gateway].name,
        "fields": ", ".join(each.entry.title for each in found.told),
        "opened": "; ".join(opened),
        "revoked": found.revocation.at if found.revocation else None,
        "owner": sheet.owner_id,
    }


def _who(sheet: Sheet, by: str, agency: str, side: Side) -> str:
    if agency == sheet.partner_id:
        return f"{by}, {sheet.partner.name}"
    return sheet.owner.name if side is Side.PARTNER else f"{by}, {sheet.owner.name}"
