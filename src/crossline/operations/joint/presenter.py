"""What the pages of requests between agencies show, as plain rows: how each stands, what is owed, and what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Final

from django.urls import reverse
from markupsafe import Markup

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.operations.joint.clocks import Due
from crossline.operations.joint.moves import AboutKind, AskedFor, Priority, RequestState, Side, Use
from crossline.operations.joint.requests import Standing, record_about, records_named
from crossline.operations.models import RequestStep
from crossline.records.models import Mention
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import MentionKind
from crossline.wording import format_date, format_datetime

LATE: Final = Markup('<strong class="govuk-tag govuk-tag--red">Overdue</strong> {}')
"""Of what is owed and of what came too late alike: late stays late."""
_OWED: Final = MappingProxyType({"acknowledge": "Acknowledgement", "answer": "Answer"})
COLOURS: Final[Mapping[RequestState, str]] = MappingProxyType(
    {
        RequestState.ASKED: "yellow",
        RequestState.ACKNOWLEDGED: "blue",
        RequestState.ACCEPTED: "blue",
        RequestState.DECLINED: "red",
        RequestState.DEFERRED: "orange",
        RequestState.ANSWERED: "green",
        RequestState.CLOSED: "grey",
        RequestState.WITHDRAWN: "grey",
        RequestState.REGION: "purple",
        RequestState.ESCALATED: "purple",
    }
)


def name_of(agency: str) -> str:
    """An agency by its name."""
    return agencies()[agency].name if agency in agencies() else agency


def short_name_of(agency: str) -> str:
    """An agency by its short name."""
    return agencies()[agency].short_name if agency in agencies() else agency


def due_in_words(due: Due, now: datetime) -> str:
    """What is owed and by when: Answer due 3 March 2026 at 2:10pm."""
    return f"{_OWED[due.what]} {'was due' if due.is_late(now) else 'due'} {format_datetime(due.by)}"


def request_row(found: Standing, now: datetime) -> dict[str, object]:
    """A request in a list."""
    request, owed = found.request, found.owed
    soonest = owed[0] if owed else None
    due: str | None = due_in_words(soonest, now) if soonest else None
    return {
        "subject": request.subject,
        "href": reverse("joint-request", args=[request.id]),
        "from": short_name_of(request.from_agency_id),
        "to": short_name_of(request.to_agency_id),
        "kind": AskedFor(request.kind).label,
        "priority": Priority(request.priority).label,
        "asked_at": request.asked_at,
        "state": found.state.label,
        "late": found.is_late(now),
        "due": LATE.format(due) if due and found.is_late(now) else due,
        "due_by": soonest.by if soonest else None,
    }


def in_order(rows: Iterable[Standing], now: datetime) -> list[Standing]:
    """Late ones first, then what is due soonest, then the oldest."""
    return sorted(
        rows,
        key=lambda each: (
            not each.is_late(now),
            each.owed[0].by.timestamp() if each.owed else float("inf"),
            each.request.asked_at,
        ),
    )


@dataclass(frozen=True)
class RequestPage:
    """One request, as a viewer of either agency or of the centre sees it."""

    found: Standing
    viewpoint: Viewpoint
    now: datetime

    @property
    def title(self) -> str:
        return self.found.request.subject

    @property
    def caption(self) -> str:
        request = self.found.request
        return f"{name_of(request.from_agency_id)} asks {name_of(request.to_agency_id)}"

    @property
    def state(self) -> tuple[str, str]:
        """(words, colour) of its tag."""
        return self.found.state.label, COLOURS[self.found.state]

    @property
    def is_late(self) -> bool:
        return self.found.is_late(self.now)

    @property
    def readers(self) -> list[str]:
        """Who reads it, as groups."""
        request = self.found.request
        unit = [self.found.unit] if self.found.to_region else []
        ids = dict.fromkeys((request.from_agency_id, request.to_agency_id, *unit, CENTRE))
        return [f"Everybody with a policing role in {name_of(each)}" for each in ids]

    @cached_property
    def summary(self) -> list[object]:
        """What was asked, as it was written."""
        request = self.found.request
        return [
            *self._about(),
            ("Asked for", AskedFor(request.kind).label),
            ("Priority", Priority(request.priority).label),
            ("What is asked", request.wanted),
            ("Why", request.reason),
            ("Grounds", request.grounds),
            ("Needed by", format_date(request.needed_by) if request.needed_by else "No day was given"),
            ("Asked", f"{format_datetime(request.asked_at)}, by {request.asked_by}"),
            *((_OWED[due.what], self._owed(due)) for due in self.found.dues),
        ]

    def _owed(self, due: Due) -> str:
        said = f"Due {format_datetime(due.by)}"
        if due.by_them and due.done:
            how = next(RequestState(step.state).label for step in self.found.moves if step.at == due.done)
            said = f"{how} {format_datetime(due.done)}; was due {format_datetime(due.by)}"
        elif not self.found.owed:
            return f"{said}; not given, and no longer owed"
        return LATE.format(said) if due.is_late(self.now) else said

    def _about(self) -> list[object]:
        request = self.found.request
        if request.about_kind == AboutKind.SUBJECT:
            return []
        what = "Return" if request.about_kind == AboutKind.LINE else "Investigation"
        said = f"{what} {request.about_ref}, of {name_of(request.about_owner)}"
        record = record_about(self.viewpoint, request)
        key = "About"
        if record is None:
            gone = request.about_kind == AboutKind.LINE or request.about_owner == self.viewpoint.viewer.agency
            return [(key, f"{said}, which is no longer there" if gone else said)]
        if request.about_kind == AboutKind.INVESTIGATION:
            return [
                {"key": key, "value": said, "href": reverse("record", args=[record.id]), "href_text": "Open the record"}
            ]
        mentions = self.viewpoint.visible(Mention.objects.filter(record=record, kind=MentionKind.LINE))
        line = mentions.order_by("place").first()
        shown = {"key": key, "value": said}
        if line is not None:
            shown |= {"href": reverse("line", args=[line.id]), "href_text": "Open the line as you see it"}
        return [shown]

    @cached_property
    def steps(self) -> list[dict[str, object]]:
        """What was said and done, the newest first."""
        said = []
        for place, step in enumerate(self.found.steps):
            remark = place > 0 and step.state == self.found.steps[place - 1].state
            said.append(
                {
                    "title": "Remark" if remark else RequestState(step.state).label,
                    "byline": f"{step.by}, {name_of(step.by_agency)}",
                    "at": step.at,
                    "text": step.text,
                    "facts": self._facts(step),
                    "records": self._records(step),
                }
            )
        return list(reversed(said))

    def _facts(self, step: RequestStep) -> str:
        if step.until:
            return f"Until {format_date(step.until)}."
        return f"{Use(step.use).label}." if step.use else ""

    def _records(self, step: RequestStep) -> list[dict[str, object]]:
        """The records that an answer names: links for whoever sees them, and for their agency where to release them."""
        if not step.records:
            return []
        seen = {record.ref: record for record in records_named(self.viewpoint, step)}
        own = step.by_agency == self.viewpoint.viewer.agency
        return [
            {
                "ref": ref,
                "href": reverse("record", args=[seen[ref].id]) if ref in seen else None,
                "release": reverse("release", args=[seen[ref].id]) if own and ref in seen else None,
            }
            for ref in step.records
        ]

    @property
    def waits(self) -> str:
        """Whose move it is, in a sentence."""
        request = self.found.request
        match self.found.waits_for:
            case Side.ASKED:
                return f"The next move is {name_of(request.to_agency_id)}’s."
            case Side.ASKER:
                return f"The next move is {name_of(request.from_agency_id)}’s."
            case Side.REGION:
                until = self.found.region_until
                then = f"from {format_datetime(until)}, or once it has said something," if until else "now"
                return (
                    f"It lies with {name_of(self.found.unit)}; {name_of(request.to_agency_id)} may still act on it, and "
                    f"{name_of(request.from_agency_id)} may {then} escalate it to the centre."
                )
            case Side.CENTRE:
                return f"It lies with the centre; {name_of(request.to_agency_id)} may still act on it."
        return "Nothing is left to do."
