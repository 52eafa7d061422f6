"""Which checks of the agency's own may have asked about a person: found by the keys that a check of them looks up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crossline.access.viewer import Viewpoint
from crossline.deconfliction.models import Check
from crossline.deconfliction.rules import CheckKind
from crossline.deconfliction.texts import texts_of_check, texts_of_mention
from crossline.records.models import Mention


@dataclass(frozen=True)
class CheckTold:
    """One check that may be about the person: it shares a key of a name and a birth date, which others can have too."""

    at: datetime
    asked_by: str
    number: str
    value: str
    purpose: str


def checks_about(viewpoint: Viewpoint, mentions: Sequence[Mention]) -> list[CheckTold]:
    """The oldest first. What other agencies asked is theirs to answer for."""
    own = {text for each in mentions for _, text in texts_of_mention(each, each.record)}
    asked = Check.objects.filter(kind=CheckKind.PERSON, agency=viewpoint.viewer.agency).order_by("asked_at", "id")
    return [
        CheckTold(each.asked_at, each.asked_by, each.number, each.value, each.purpose)
        for each in viewpoint.visible(asked)
        if not own.isdisjoint(texts_of_check(each.scheme, each.value))
    ]
