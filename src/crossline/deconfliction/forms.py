"""What is asked on the pages of checks: why, of every check; the thing itself or the planned event; and what became of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Final

from django import forms
from django.utils import timezone

from crossline.deconfliction import rules
from crossline.deconfliction.checking import LONGEST_CONTACT, LONGEST_OPERATION, LONGEST_PURPOSE, LONGEST_VALUE
from crossline.deconfliction.event_presenter import TOLD_LATER
from crossline.deconfliction.presenter import KINDS
from crossline.deconfliction.resolving import LONGEST_NOTE
from crossline.deconfliction.rules import AnswerLevel, Resolution
from crossline.engines.deconfliction.tokens import EventKind, PlannedEvent, read_point
from crossline.errors import SelectorUnreadable, UserError
from crossline.wording import format_date

LONGEST_PLACE: Final = 60


class ReasonForm(forms.Form):
    """What every check says: what for, for which operation, and whom the other side rings. The pages give the order."""

    purpose = forms.CharField(
        label="Purpose",
        max_length=LONGEST_PURPOSE,
        help_text="Such as: before a warrant. Whoever you meet reads it.",
    )
    operation = forms.CharField(
        label="Operation",
        max_length=LONGEST_OPERATION,
        help_text="Its name or reference. Your own agency alone reads it.",
    )
    contact = forms.CharField(
        label="Whom the other side rings",
        max_length=LONGEST_CONTACT,
        help_text="A desk and its number, answered day and night. Whoever you meet is told, whatever you are told.",
    )


class CheckForm(ReasonForm):
    """What is asked, and why."""

    scheme = forms.ChoiceField(
        label="What it is", choices=[(str(each), KINDS[each]) for each in (*rules.SCHEMES, *rules.ASKED_BY_KEYS)]
    )
    value = forms.CharField(
        label="As you would write it",
        max_length=LONGEST_VALUE,
        help_text="Of a person name and date of birth: Jaden Cole|2008-04-11. Of a line its brand, town and numbers: "
        "Leo|Hastings|07700 900123.",
    )
    stands = forms.TypedChoiceField(
        label="How long it stands",
        coerce=int,
        choices=list(rules.STANDS.items()),
        initial=91,
        help_text="Until then you are told when somebody else comes to work on it, and so are they.",
    )


class OutcomeForm(forms.Form):
    """What became of it."""

    other = forms.CharField(widget=forms.HiddenInput)
    stood = forms.UUIDField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(label="What became of it", choices=Resolution.choices(), widget=forms.RadioSelect)
    note = forms.CharField(
        label="Note", required=False, max_length=LONGEST_NOTE, widget=forms.Textarea, help_text="Names nobody."
    )


class EventForm(ReasonForm):
    """What is planned, where and when, and what others are told."""

    kind = forms.ChoiceField(label="What is planned", choices=EventKind.choices())
    place = forms.CharField(
        label="Where",
        max_length=LONGEST_PLACE,
        help_text="A grid reference such as TQ 812 094, or degrees such as 50.8554, 0.5730.",
    )
    day = forms.DateField(label="Day", help_text="For example 1/12/2026.")
    begins = forms.TimeField(label="From", help_text="For example 05:00.")
    ends = forms.TimeField(label="To", help_text="British time.")
    last_day = forms.DateField(label="Last day", required=False, help_text="Only where it ends on another day.")
    level = forms.ChoiceField(
        label="What whoever registers later is told",
        choices=[(str(level), words) for level, words in TOLD_LATER.items()],
        initial=str(AnswerLevel.CONTACT),
        widget=forms.RadioSelect,
        help_text="Whoever has registered something near it already is told of you in any case.",
    )

    def clean(self) -> dict[str, Any]:
        """Its place and hours read as one event; what is wrong stands at its field."""
        said = super().clean() or {}
        if {"kind", "place", "day", "begins", "ends"} <= said.keys():
            last = said.get("last_day") or said["day"]
            try:
                said["event"] = PlannedEvent(
                    EventKind(said["kind"]),
                    read_point(said["place"]),
                    british_moment(said["day"], said["begins"]),
                    british_moment(last, said["ends"], last=True),
                )
            except SelectorUnreadable as error:
                self.add_error("place", str(error))
            except UserError as error:
                self.add_error("ends", str(error))
        return said


def british_moment(day: date, hour: time, *, last: bool = False) -> datetime:
    """A British clock time, to the minute; in UTC, as within one zone Python counts the hours of the clock's face.

    An event has both of an hour that comes twice when the clocks go back: it begins in the first and ends in the second.
    """
    written = datetime.combine(day, hour.replace(second=0, microsecond=0), timezone.get_current_timezone())
    moment = written.replace(fold=1 if last else 0).astimezone(UTC)
    if timezone.localtime(moment).replace(tzinfo=None) != written.replace(tzinfo=None):
        raise UserError(
            f"The clocks go forward on {format_date(day)}, and there is no {hour:%H:%M}: write a time an hour later."
        )
    return moment
