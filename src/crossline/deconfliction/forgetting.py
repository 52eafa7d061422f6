"""The part of the daily round that forgets: what no longer points or stands, events that are over, checks kept long enough."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils import timezone

from crossline.access.audit import Event, Process, Subject, log
from crossline.deconfliction.models import Check, CheckToken, PlannedEvent, Pointer
from crossline.deconfliction.rules import CHECKS_KEPT

FORGETTING: Final = Process("deconfliction")


def forget(today: date) -> None:
    """Delete what is past its day. A check goes with its tokens, its outcomes and what is left of its event."""
    Pointer.objects.filter(until__lt=today).delete()
    CheckToken.objects.filter(until__lt=today).delete()
    PlannedEvent.objects.filter(forgotten_at__lt=timezone.now()).delete()  # the check itself stays
    old = Check.objects.filter(until__lt=today - CHECKS_KEPT)
    if gone := old.count():
        old.delete()
        about = Subject("checks", "", {"rows": gone, "kept_days": CHECKS_KEPT.days})
        log(Event.CHECKS_DISPOSED, by=FORGETTING, about=about, purpose="retention")
